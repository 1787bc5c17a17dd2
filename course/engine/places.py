"""Find the files that people write: in the course folder first, then in the installed package.

For every reader of content. Knows folders and file names; refuses to know what the files say.
"""

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

PACKAGE = Path(__file__).resolve().parent.parent
"""The installed `course` package, which carries the course as it was released."""

MARK = "nbgrader_config.py"
"""The file that makes a folder a course folder."""

_kept: dict[tuple[object, ...], object] | None = None
"""What was found before; None where each question is asked of the disk anew."""

P = ParamSpec("P")
T = TypeVar("T")


def stay() -> None:
    """Take it from now on that this process stays in its folder, and that no file of a course comes or goes.

    For the process that judges a class: it asks for the same files hundreds of times a submission.
    """
    global _kept
    _kept = {}


def looked_up(find: Callable[P, T]) -> Callable[P, T]:
    """Decorate what looks for a file of a course: each time on the disk, after `stay` once."""

    @wraps(find)
    def found(*asked: P.args, **by_name: P.kwargs) -> T:
        if _kept is None:
            return find(*asked, **by_name)
        question = (find, asked, *by_name.items())
        if question not in _kept:
            _kept[question] = find(*asked, **by_name)
        return cast(T, _kept[question])

    return found


@looked_up
def course_folder(start: Path | None = None) -> Path | None:
    """Return the nearest folder, from `start` (default: here) upwards, that holds nbgrader_config.py.

    None where there is none: so it is for a learner, who has no keys.
    """
    found = course_folder_name(start)
    return Path(found) if found else None


@looked_up
def course_folder_name(start: Path | None = None) -> str:
    """Return the same as plain text, empty where there is none: quick, for what is asked with each word."""
    here = str(start.resolve()) if start else os.getcwd()
    while not os.path.isfile(os.path.join(here, MARK)):
        above = os.path.dirname(here)
        if above == here:
            return ""
        here = above
    return here


@looked_up
def own_file_name(kind: str, name: str, start: Path | None = None) -> str:
    """Return the course folder's own YAML file of that kind and name as plain text, empty where there is
    none: quick, too."""
    folder = course_folder_name(start)
    own = f"{folder}/course/{kind}/{name}.yaml" if folder else ""
    return own if os.path.isfile(own) else ""


def content_folders(kind: str, start: Path | None = None) -> tuple[Path, ...]:
    """Return the folders that may hold content of a kind ("scenarios", "words" …), own before shipped."""
    own = course_folder(start)
    places = ([own / "course" / kind] if own else []) + [PACKAGE / kind]
    return tuple(dict.fromkeys(place.resolve() for place in places if place.is_dir()))


@looked_up
def content_file(kind: str, name: str, start: Path | None = None) -> Path | None:
    """Return the YAML file of that kind and name, the course folder's own before the shipped one, or None."""
    files = (folder / f"{name}.yaml" for folder in content_folders(kind, start))
    return next((file for file in files if file.is_file()), None)


def content_names(kind: str, start: Path | None = None) -> tuple[str, ...]:
    """Return the names of all files of a kind, sorted, each once."""
    return tuple(
        sorted({file.stem for folder in content_folders(kind, start) for file in folder.glob("*.yaml")})
    )
