"""The wheel for learners: it installs, it plays, it holds no key."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograders.learner_wheel import write_learner_wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_learner_wheel(tmp_path_factory.mktemp("wheel"))


def test_the_learners_wheel_carries_what_a_learner_needs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
    for needed in (
        "course/01-heat-in-fifteen-minutes.ipynb",
        "course/scenarios/cold-soup.yaml",
        "course/words/en.yaml",
        "autograders/checks.py",
        "autograders/rubrics/heat-plan.yaml",
    ):
        assert needed in names
    assert any("share/jupyter/labextensions/heatproof/package.json" in name for name in names)


CHECK_THE_FORM = """
import sys
sys.path.insert(0, sys.argv[1])
import autograders, course
from autograders import check_labels
assert autograders.__file__.startswith(sys.argv[1]), autograders.__file__
print(course.scenario("cold-soup").title)
try:
    check_labels("reading-replies", "replies_1", None)
except AssertionError as told:
    print(told)
"""


def test_the_learners_wheel_installs_plays_and_checks_the_form_only(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "installed"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-index", "--target", str(home), str(wheel)], check=True)
    told = subprocess.run(
        [sys.executable, "-c", CHECK_THE_FORM, str(home)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.splitlines() == ["The cold soup", "replies_1 has no answer yet."]


def test_the_same_files_make_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    assert write_learner_wheel(tmp_path).read_bytes() == wheel.read_bytes()
