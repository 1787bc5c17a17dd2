"""Make an instructor's own course folder: lessons, customers, assignments, and keys and rubrics to change.

For `heatproof new` and the demonstration class. Works from an installed wheel, which carries the masters in
`autograders/starter`, and from a clone, which has them at its root. Refuses to write into a folder in use.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path

from autograders.roster import FILE as ROSTER
from autograders.roster import Learner, write_roster
from course.engine.places import MARK, PACKAGE

AUTOGRADERS = Path(__file__).resolve().parent
STARTER = AUTOGRADERS / "starter"
FROM_COURSE = ("scenarios", "exercises", "words", "schemas")
FROM_AUTOGRADERS = ("keys", "rubrics", "schemas")
NOT_COPIED = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "*.answers.json", ".*")


class NotMade(Exception):
    """The course folder was not made; the message is one sentence with the cure."""


def new_course(into: Path, *, learners: Iterable[Learner] = ()) -> Path:
    """Fill a new or empty folder with a whole course and return it; raise NotMade where that cannot be."""
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise NotMade(f"{into} is there already and not an empty folder; name a new folder")
    masters = starter()
    try:
        into.mkdir(parents=True, exist_ok=True)
        _copy_content(into, masters)
    except OSError as fault:
        raise NotMade(
            f"{into} cannot be written ({fault.strerror}); name a folder you may write in"
        ) from fault
    write_roster(into / ROSTER, learners)
    return into


def starter() -> Path:
    """Return the folder with source/, assignments/ and nbgrader_config.py: the wheel's, else the clone's."""
    places = (STARTER, PACKAGE.parent)
    found = next(
        (place for place in places if (place / MARK).is_file() and (place / "source").is_dir()), None
    )
    if found is None:
        raise NotMade("this copy of heatproof carries no assignments; install it again from its wheel")
    return found


def _copy_content(into: Path, masters: Path) -> None:
    for folder in ("source", "assignments"):
        shutil.copytree(masters / folder, into / folder, ignore=NOT_COPIED)
    shutil.copy(masters / MARK, into / MARK)
    for package, folders in ((PACKAGE, FROM_COURSE), (AUTOGRADERS, FROM_AUTOGRADERS)):
        for folder in filter(lambda name: (package / name).is_dir(), folders):
            shutil.copytree(package / folder, into / package.name / folder, ignore=NOT_COPIED)
    for lesson in sorted(PACKAGE.glob("*.md")) + sorted(PACKAGE.glob("*.ipynb")):
        shutil.copy(lesson, into / "course" / lesson.name)
    shutil.copy(STARTER / "README.md", into / "README.md")
    shutil.copy(STARTER / "gitignore", into / ".gitignore")
