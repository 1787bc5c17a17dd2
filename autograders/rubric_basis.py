"""A rubric that is based on another one: what it says is added to the other, or stands in its place.

For `rubric`. An instructor's file then holds ten lines and not three thousand, and follows the shipped rubric
when that is mended. Knows only maps, lists and where things stand; refuses to know what a rubric means.

- Lists of phrases and examples (`patterns`, `unless`, `accepts`, `rejects`, a family, `kin` …) are added.
- `levels` and `caps` stand in the place of the other file's: a decision table is read as a whole.
- Everything else is the newer file's word, key by key.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # slow to load, and needed for a strict reading only
    from course.engine.yaml_reading import Document, Steps

BASIS = "based_on"
TABLES = ("levels", "caps")
"""Lists that are replaced."""


def merged(basis: Any, own: Any, name: str = "") -> Any:
    """Return both as one value; where they differ in kind, `own`."""
    if isinstance(basis, Mapping) and isinstance(own, Mapping):
        joined = {key: merged(basis[key], own[key], key) if key in own else basis[key] for key in basis}
        return joined | {key: value for key, value in own.items() if key not in basis}
    if isinstance(basis, tuple) and isinstance(own, tuple) and name not in TABLES:
        return (*basis, *own)
    return own


def values_with_their_basis(
    path: Path, read: Callable[[Path], Any], find: Callable[[str, Path], Path]
) -> Any:
    """Return a file's values, its basis' among them; LookupError where the basis has one itself.

    `read` a file; `find` the file of a name that another file mentions.
    """
    own = read(path)
    if not isinstance(own, Mapping) or own.get(BASIS) is None:
        return own
    basis = read(find(own[BASIS], path))
    if not isinstance(basis, Mapping) or BASIS in basis:
        raise LookupError(own[BASIS])
    return merged(basis, own)


def document_with_its_basis(own: "Document", basis: Any) -> "Document":
    """Return a document of both, in which every place that is in the file `own` keeps its line."""
    if basis is None:
        return own
    lines = {_moved(place, own.data, basis): line for place, line in own.lines.items()}
    return replace(own, data=merged(basis, own.data), lines=lines)


def _moved(place: "Steps", own: Any, basis: Any) -> "Steps":
    """Return where a place of the own file stands in both: in a list that is added, behind the basis'."""
    moved: list[str | int] = []
    name = ""
    for step in place:
        added = isinstance(step, int) and isinstance(basis, tuple) and name not in TABLES
        moved.append(step + len(basis) if added and isinstance(step, int) else step)
        name = step if isinstance(step, str) else name
        basis = basis.get(step) if isinstance(basis, Mapping) and not added else None
    return tuple(moved)
