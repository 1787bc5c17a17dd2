"""The class of thirty, marked twice: alone, and with every hostile submission among them."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograders.marking import Summary, mark
from autograders.record import Record
from autograders.results import latest
from tests.promises import the_seven
from tests.promises.handing_in import TASK
from tests.promises.hostile import HOSTILE
from tests.promises.the_class import class_of
from tests.small_class import make_course


@dataclass(frozen=True)
class Marked:
    """A course folder after a run, what the run told, each record, and submitted/ before the run."""

    course: Path
    summary: Summary
    records: dict[str, Record]
    handed_in: dict[bytes, tuple[int, ...]]


def on_disk(course: Path) -> dict[bytes, tuple[int, ...]]:
    """Return kind, size and time of change of everything in submitted/, by path."""
    found = sorted(bytes(path) for path in (course / "submitted").rglob("*"))
    stats = {path: Path(path.decode("utf-8", "surrogateescape")).lstat() for path in found}
    return {path: (stat.st_mode, stat.st_size, stat.st_mtime_ns) for path, stat in stats.items()}


def _marked(course: Path) -> Marked:
    before = on_disk(course)
    summary = mark(course, TASK)
    return Marked(course, summary, latest(course, TASK), before)


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Marked:
    """The thirty alone."""
    return _marked(class_of(tmp_path_factory.mktemp("alone") / "course"))


@pytest.fixture(scope="session")
def disturbed(tmp_path_factory: pytest.TempPathFactory) -> Marked:
    """The thirty with every hostile submission among them."""
    return _marked(class_of(tmp_path_factory.mktemp("among") / "course", HOSTILE.values()))


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with the seven, of whom none is marked; its gradebook knows the assignment."""
    course = make_course(tmp_path_factory.mktemp("fresh") / "course", assignments=(the_seven.TASK,))
    mark(course, the_seven.TASK)
    return the_seven.class_in(course)


@pytest.fixture(scope="module")
def marked(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same after an undisturbed run."""
    course = shutil.copytree(fresh, tmp_path_factory.mktemp("marked") / "course")
    mark(course, the_seven.TASK, workers=1, batch=2)
    return course
