"""A lesson as a web page: which of its cells are shown, and where a visitor's answers lie.

For `serving`, which hands this to Voilà. A visitor is a browser, known by a cookie; each has a folder of
its own under `visitors/` in the course folder: nobody meets another one's answers, and the players keep
theirs there as they do beside any notebook. Refuses to know Voilà.
"""

import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, Final, Protocol

import nbformat

from course.engine.words import word

COOKIE: Final = "heatproof-visitor"
FOLDER: Final = "visitors"
DAYS: Final = 365
AWAY: Final = frozenset({"heatproof-answer", "heatproof-check"})
_VISITOR = re.compile(r"[0-9a-f]{32}")


class Request(Protocol):
    """What we ask of a request: its cookies."""

    def get_cookie(self, name: str) -> str | None: ...

    def set_cookie(self, name: str, value: str, **options: Any) -> None: ...


def lessons(course: Path) -> Mapping[str, str]:
    """Return the title of each lesson of a course folder, by its file's name, in their order."""
    return {path.name: title for path, title in _titled(sorted((course / "course").glob("[0-9]*.ipynb")))}


def _titled(files: list[Path]) -> Iterator[tuple[Path, str]]:
    for file in files:
        told = nbformat.read(file, as_version=4).metadata
        if told.get("heatproof", {}).get("kind") == "lesson":
            yield file, str(told.get("title", file.stem))


def visitor(request: Request) -> str:
    """Return who asks; a new browser gets a cookie that nobody can guess."""
    known = request.get_cookie(COOKIE) or ""
    who = known if _VISITOR.fullmatch(known) else secrets.token_hex(16)
    request.set_cookie(COOKIE, who, expires_days=DAYS, httponly=True, samesite="Lax", path="/")
    return who


def place_of(who: str, course: Path, lesson: str) -> Path:
    """Return a visitor's own copy of a lesson; the answers lie beside it and are not touched."""
    folder = course / FOLDER / who
    folder.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copyfile(course / "course" / lesson, folder / lesson))


def page_of(notebook: Any, copy: Path) -> Any:
    """Return a notebook as it is run for a page: players and texts, in the visitor's own folder."""
    page = deepcopy(notebook)
    here = f"import os\nos.chdir({str(copy.parent)!r})\nos.environ['JPY_SESSION_NAME'] = {copy.name!r}"
    told = [nbformat.v4.new_code_cell(here), nbformat.v4.new_markdown_cell(f"> {word('page.web.kept')}")]
    shown = [cell for cell in page.cells if not AWAY & set(cell.metadata.get("tags", ()))]
    page.cells = [told[0], *shown[:1], told[1], *shown[1:]]
    return page
