"""Pack what the judge of one assignment needs, and lay it out on another machine; refuse another judge.

For the cluster. The kit holds what an instructor wrote (key, rubrics, words, scenarios, lessons, the released
notebook) and the hashes and versions of what judges, which it does not hold: that must be installed there,
and be the same. Refuses to know a learner or what a submission says.
"""

import hashlib
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from autograders.released import PACKAGE, read_released
from autograders.results import CannotMark
from course.engine.places import MARK

WRITTEN = (
    "assignments/{assignment}/{assignment}.ipynb",
    "autograders/keys/{assignment}.yaml",
    "autograders/rubrics/*.yaml",
    "course/scenarios/*.yaml",
    "course/words/*.yaml",
    "course/[0-9]*.md",
)
"""The files of a course folder that a judge reads."""
JUDGES = {
    "autograders": ("*.py", "judging/**/*.py", "judging/**/*.json", "judging/**/*.npz", "rubrics/*.yaml"),
    "course": ("*.py", "*.md", "engine/*.py", "engine/*.yaml", "scenarios/*.yaml", "words/*.yaml"),
}
"""The installed files that judge, or that a judge reads."""
BESIDE = ("numpy", "google-re2", "pyyaml", "pydantic")
"""The packages that count and match for the judge."""


@dataclass(frozen=True)
class Kit:
    """What a judge elsewhere needs. `files`: path in the course folder and bytes; `lessons`: True where the
    folder has lessons of its own; `judge`: what judges here, by part, its hash or version; `marked_with`: as
    in the records."""

    assignment: str
    files: dict[str, bytes]
    lessons: bool
    judge: dict[str, str]
    marked_with: str

    @property
    def name(self) -> str:
        """The hash of all of it."""
        total = hashlib.sha256(repr((self.assignment, self.lessons, sorted(self.judge.items()))).encode())
        total.update(self.marked_with.encode())
        for path, data in sorted(self.files.items()):
            total.update(path.encode() + b"\0" + hashlib.sha256(data).digest())
        return total.hexdigest()


def pack(folder: Path, assignment: str) -> Kit:
    """Return the kit of a released assignment. CannotMark where release or key is missing."""
    marked_with = read_released(folder, assignment).marked_with
    paths = (path for each in WRITTEN for path in sorted(folder.glob(each.format(assignment=assignment))))
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths if path.is_file()}
    return Kit(assignment, files, (folder / "course").is_dir(), dict(judge()), marked_with)


def unpack(kit: Kit, place: Path) -> None:
    """Lay the kit out as a course folder that only this user can read.

    CannotMark, where, what and cure, when the judge here is not that of the kit.
    """
    if differ := sorted(_differences(kit)):
        raise CannotMark(f"{', '.join(differ)}; install the same heatproof in the same environment there")
    place.mkdir(mode=0o700, parents=True)
    (place / MARK).touch()
    if kit.lessons:
        (place / "course").mkdir()
    for path, data in kit.files.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(data)
    if read_released(place, kit.assignment).marked_with != kit.marked_with:
        raise CannotMark("key, rubric and judge make another hash there; install the same heatproof there")


def _differences(kit: Kit) -> Iterator[str]:
    here = judge()
    for part in sorted({*kit.judge, *here}):
        ours, theirs = here.get(part, "none"), kit.judge.get(part, "none")
        if ours != theirs:
            yield f"{part} is {ours[:16]} there and {theirs[:16]} here"


@cache
def judge() -> dict[str, str]:
    """Return what judges in this environment: by package its hash or version, and Python's."""
    ours = {name: _hash(PACKAGE.parent / name, patterns) for name, patterns in JUDGES.items()}
    beside = {name: _version(name) for name in BESIDE}
    python = ".".join(platform.python_version_tuple()[:2])
    return {**ours, **beside, "python": python}


def _hash(folder: Path, patterns: tuple[str, ...]) -> str:
    total = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in folder.glob(pattern)}):
        name = path.relative_to(folder).as_posix()
        total.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"
