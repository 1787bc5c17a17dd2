"""A course folder of one's own, from a clone and from a wheel that was built here."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograders.new import NotMade, new_course
from autograders.roster import Learner, roster
from tests.conftest import clean_environment

WANTED = (
    "README.md", ".gitignore", "roster.csv", "nbgrader_config.py",
    "course/01-heat-in-fifteen-minutes.md", "course/01-heat-in-fifteen-minutes.ipynb",
    "course/scenarios/cold-soup.yaml", "course/exercises/heat-sorting.yaml", "course/words/en.yaml",
    "course/schemas/scenario.json", "autograders/keys/heat-plan-a.yaml", "autograders/rubrics/heat-plan.yaml",
    "source/heat-plan-a/heat-plan-a.md", "source/heat-plan-a/heat-plan-a.ipynb",
    "assignments/heat-plan-a/heat-plan-a.ipynb",
)  # fmt: skip


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this clone and unpacked: what an instructor without a clone has."""
    into = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(into / "dist")]
    subprocess.run(build, cwd=root, check=True, capture_output=True)
    (found,) = (into / "dist").glob("*.whl")
    zipfile.ZipFile(found).extractall(into / "site")
    return into / "site"


def run(where: Path, wheel: Path, *arguments: str, status: int = 0) -> str:
    """Run a module of the wheel, away from the clone; return what it printed."""
    environment = clean_environment(wheel.parent / "home") | {"PYTHONPATH": str(wheel)}
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=where,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_a_clone_makes_a_whole_course_folder(tmp_path):
    folder = new_course(tmp_path / "deep" / "mine", learners=[Learner("a.b", "Ann", "Bo", "a@example.org")])
    missing = [name for name in WANTED if not (folder / name).is_file()]
    assert not missing
    assert roster(folder)["a.b"].name == "Ann Bo"
    engine = [path for path in folder.rglob("*.py") if path.name != "nbgrader_config.py"]
    assert not engine, "an instructor gets content, no code"


def test_an_empty_folder_is_filled(tmp_path):
    assert new_course(tmp_path) == tmp_path


def test_a_folder_in_use_is_refused_and_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(NotMade, match="not an empty folder; name a new folder"):
        new_course(tmp_path)
    with pytest.raises(NotMade, match="not an empty folder"):
        new_course(tmp_path / "thesis.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(NotMade, match="cannot be written"):
        new_course(tmp_path / "file" / "course")


def test_the_wheel_makes_the_same_course_folder_as_the_clone(tmp_path, wheel):
    said = run(tmp_path, wheel, "autograders.cli", "new", "mine")
    assert "mine is yours" in said
    ours = new_course(tmp_path / "ours")
    for folder in (ours, tmp_path / "mine"):
        assert (folder / "nbgrader_config.py").is_file()
    files = {p.relative_to(ours): p.read_bytes() for p in ours.rglob("*") if p.is_file()}
    theirs = {
        p.relative_to(tmp_path / "mine"): p.read_bytes()
        for p in (tmp_path / "mine").rglob("*")
        if p.is_file()
    }
    assert sorted(theirs) == sorted(files)
    assert theirs == files


def test_a_refusal_is_one_sentence_and_exit_status_1(tmp_path, wheel):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "x").touch()
    said = run(tmp_path, wheel, "autograders.cli", "new", "mine", status=1)
    assert said == "mine is there already and not an empty folder; name a new folder\n"


@pytest.mark.nbgrader
def test_check_generate_and_autograde_work_in_a_new_folder(tmp_path, wheel):
    run(tmp_path, wheel, "autograders.cli", "new", "mine")
    mine = tmp_path / "mine"
    assert "all is well" in run(mine, wheel, "autograders.cli", "check")
    release = mine / "assignments" / "heat-plan-a" / "heat-plan-a.ipynb"
    shipped = release.read_bytes()
    run(mine, wheel, "nbgrader", "generate_assignment", "heat-plan-a", "--force")
    assert release.read_bytes() == shipped
    handed_in = mine / "submitted" / "ann" / "heat-plan-a"
    handed_in.mkdir(parents=True)
    (handed_in / "heat-plan-a.ipynb").write_bytes(
        (mine / "source/heat-plan-a/heat-plan-a.ipynb").read_bytes()
    )
    said = run(mine, wheel, "autograders.cli", "autograde", "heat-plan-a")
    assert said.endswith("heat-plan-a: 1 graded, 0 for a person, 0 refused, 0 failed.\n")
    told = run(mine, wheel, "autograders.cli", "feedback", "heat-plan-a").splitlines()
    assert told[-1].startswith("1 page in ")
    run(mine, wheel, "autograders.cli", "export")
    assert "ann" in (mine / "exports" / "scores.csv").read_text()
    assert os.path.getsize(mine / "gradebook.db") > 0
