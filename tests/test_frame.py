"""The house itself: its import law, its lists of packages in step, its files that name nothing of ours."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

TOP_LEVEL = ("course", "assignments", "autograders", "source", "environment.yml", "tests")

FORBIDDEN = {
    "course": ("autograders", "nbgrader"),
    "autograders": (
        "ipywidgets",
        "anywidget",
        "course.engine.player",
        "course.engine.sorter",
        "course.engine.pen",
    ),
}


def imports_of(file: Path) -> set[str]:
    """Return every module that a file imports, by its full dotted name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def broken_law(file: Path, forbidden: tuple[str, ...]) -> list[str]:
    """Return the forbidden imports of a file."""
    return sorted(
        name
        for name in imports_of(file)
        if any(name == bad or name.startswith(f"{bad}.") for bad in forbidden)
    )


@pytest.mark.parametrize("package", FORBIDDEN)
def test_imports_point_one_way_only(root: Path, package: str) -> None:
    files = sorted((root / package).rglob("*.py"))
    assert len(files) > 2
    broken = {str(file.relative_to(root)): broken_law(file, FORBIDDEN[package]) for file in files}
    assert not {file: names for file, names in broken.items() if names}


def test_the_import_law_would_see_a_breach(tmp_path: Path) -> None:
    breach = tmp_path / "breach.py"
    breach.write_text("def late():\n    from autograders.checks import check_plan\n", encoding="utf-8")
    assert broken_law(breach, FORBIDDEN["course"]) == ["autograders.checks", "autograders.checks.check_plan"]


def test_marking_loads_no_widget(root: Path) -> None:
    program = (
        "import sys, autograders.cli, autograders.marking, autograders.checks, autograders.judging;"
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'ipywidgets', 'anywidget', 'matplotlib'}))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize("name", TOP_LEVEL)
def test_the_house_has_its_rooms(root: Path, name: str) -> None:
    assert (root / name).exists()


def requirements(lines: list[str]) -> dict[str, str]:
    """Return package name → version range, the range written one way."""
    parsed = [Requirement(line) for line in lines]
    return {each.name.lower(): str(each.specifier) for each in parsed}


def test_environment_yml_is_in_step_with_pyproject(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = requirements(project["project"]["dependencies"])
    wanted |= {
        name: spec
        for name, spec in requirements(project["dependency-groups"]["dev"]).items()
        if name == "pytest"
    }
    wanted["python"] = project["project"]["requires-python"]
    conda = yaml.safe_load((root / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    listed = requirements([line for line in conda if isinstance(line, str) and line != "pip"])
    assert listed == wanted


def test_the_lock_file_pins_every_dependency_with_a_hash(root: Path) -> None:
    lock = (root / "requirements.lock").read_text(encoding="utf-8")
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    pinned = {
        match[1].lower().replace("_", "-"): match[2]
        for match in re.finditer(r"^([\w.-]+)==(\S+)", lock, re.MULTILINE)
    }
    extras = [line for lines in project["project"]["optional-dependencies"].values() for line in lines]
    for line in project["project"]["dependencies"] + project["dependency-groups"]["dev"] + extras:
        wanted = Requirement(line)
        assert wanted.name.lower() in pinned, f"{wanted.name} is not in requirements.lock; run: make lock"
        assert wanted.specifier.contains(pinned[wanted.name.lower()])
    assert lock.count("--hash=sha256:") > len(pinned)
    assert not re.search(r"https?://|--index-url|--find-links", lock)


def tracked_files(root: Path) -> list[Path]:
    """Return the files that git tracks; outside a checkout this test has nothing to read."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [root / name for name in listed.stdout.split("\0") if name]


MACHINE_PATHS = re.compile(rb"/work/(?:main|shared)|\.\./shared|/root/|/home/[a-z]+/")


def test_no_file_holds_a_path_of_the_machine_it_was_written_on(root: Path) -> None:
    files = [file for file in tracked_files(root) if file.is_file() and file != Path(__file__)]
    assert len(files) > 20
    assert [str(file.relative_to(root)) for file in files if MACHINE_PATHS.search(file.read_bytes())] == []


def test_the_installed_copy_is_the_checked_out_one(root: Path, tmp_path: Path) -> None:
    """Kernels and servers in these tests load the installed wheel: an old one would test old code."""
    program = "import course, pathlib; print(pathlib.Path(course.__file__).parent.parent)"
    told = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True)
    assert told.returncode == 0, "heatproof is not installed in this environment; run: make test"
    installed = Path(told.stdout.strip())
    kinds = (".py", ".yaml", ".js", ".css", ".j2", ".jsonl")
    ours = [
        file
        for package in ("course", "autograders")
        for file in sorted((root / package).rglob("*"))
        if file.suffix in kinds and "labextension" not in file.parts
    ]
    old = [
        str(file.relative_to(root))
        for file in ours
        if not (copy := installed / file.relative_to(root)).is_file()
        or copy.read_bytes() != file.read_bytes()
    ]
    assert old == [], "the installed heatproof is older than the checkout; run: make test"
