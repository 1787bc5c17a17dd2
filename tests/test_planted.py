"""What a learner lays beside the notebook never stands beside the kernel that marks."""

from pathlib import Path

import pytest

from autograders.planted import clear_planted

STAYS = [
    "heat-plan-a.ipynb",
    "heat-plan-a.answers.json",
    "timestamp.txt",
    "submission_secret.txt",
    "receipt.json",
    "data/prices.csv",
]
GOES = [
    "nbgrader_config.py",
    "autograders.py",
    "autograders/__init__.py",
    "autograders/keys/heat-plan-a.yaml",
    "course/heat-plan-a.ipynb",
    "data/mine.py",
    "usercustomize.py",
]


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    """A folder of marking with everything in it, and the instructor's source with one data file."""
    for name in [*STAYS, *GOES]:
        path = tmp_path / "marking" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    (tmp_path / "source" / "data").mkdir(parents=True)
    (tmp_path / "source" / "data" / "prices.csv").write_text("1", encoding="utf-8")
    return tmp_path / "marking"


def test_only_the_hand_in_and_the_instructors_files_stay(handed_in: Path) -> None:
    gone = clear_planted(handed_in, handed_in.parent / "source")
    assert gone == tuple(sorted(GOES))
    assert sorted(
        path.relative_to(handed_in).as_posix() for path in handed_in.rglob("*") if path.is_file()
    ) == sorted(STAYS)
    assert not (handed_in / "autograders").exists()


def test_a_link_goes_and_what_it_points_to_stays(handed_in: Path) -> None:
    outside = handed_in.parent / "outside"
    outside.mkdir()
    (outside / "precious.py").write_text("1", encoding="utf-8")
    (handed_in / "autograders2").symlink_to(outside)
    (handed_in / "link.ipynb").symlink_to(outside / "precious.py")
    assert {"autograders2", "link.ipynb"} <= set(clear_planted(handed_in, handed_in.parent / "source"))
    assert (outside / "precious.py").is_file()
