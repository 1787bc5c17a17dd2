"""Keep beside a results log what a run must know when nothing is new, so that not all of it is parsed again.

For the results log. The file `results/.<assignment>.known` is made from the log and can be thrown away. It
is believed of a line only while that line, read again each time, still has the hash that stands here and
names the one before; so an edit of the log is noticed as without it. Refuses to know what is new.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from autograders.chained import START, hash_of

FORMAT = 1
"""Another number where anything below means something else: then the file is made anew."""


class Known(NamedTuple):
    """What is known of the record that counts for a learner, without reading it again.

    It tells if anything is new, and what a report says; it has no answers and no evidence, so that it can
    stand for a record that stays, and cannot be written in its place.
    """

    assignment: str
    learner: str
    status: Any
    received: str | None
    notebook_sha256: str | None
    answers_sha256: str | None
    marked_with: str
    unread: bool
    each: dict[str, float | None]
    """The points of each cell."""
    out_of: float
    notes: Sequence[str]
    reason: str
    our_fault: bool
    late: dict[str, Any]
    hash: str
    work: str

    @property
    def points(self) -> float | None:
        """The sum of the points given so far; None when nothing was marked."""
        given = [points for points in self.each.values() if points is not None]
        return sum(given) if given else None


class Place(NamedTuple):
    """One line of the log: its learner, its bytes with the line break, its hash."""

    learner: str
    length: int
    hash: str


def index_path(log: Path) -> Path:
    """Return where the index of a log stands."""
    return log.with_name(f".{log.stem}.known")


def read_index(log: Path, file: BinaryIO) -> tuple[list[Place], dict[str, Known]]:
    """Return the lines that are known and what is known of each learner; nothing where the file is no good.

    `file`: the log, which is read as far as it is known.
    """
    try:
        check, _, data = index_path(log).read_bytes().partition(b"\n")
        if hashlib.sha256(data).hexdigest().encode("ascii") != check:
            return [], {}
        format, lines, known = json.loads(data)
        if format != FORMAT:
            return [], {}
        places = [Place(*line) for line in lines]
        found = list(map(Known._make, known))
    except (OSError, ValueError, TypeError):
        return [], {}
    befores = (START, *(place.hash for place in places))
    if all(_stands(file, place, before) for place, before in zip(places, befores, strict=False)):
        return places, {each.learner: each for each in found}
    return [], {}


def _stands(file: BinaryIO, place: Place, before: str) -> bool:
    """True when the next line of a log is still the one that was known, behind the same other one."""
    line = file.read(place.length)
    chained = f'"before":"{before}"'.encode("ascii") in line
    return chained and line.endswith(b"\n") and hash_of(line[:-1]) == place.hash


def write_index(log: Path, places: Iterable[Place], known: Iterable[Known]) -> None:
    """Write the index of a log; where that cannot be done, the next run reads the whole log."""
    path = index_path(log)
    data = json.dumps([FORMAT, list(places), list(known)], separators=(",", ":"))
    part = path.with_name(f"{path.name}.part")
    try:
        check = hashlib.sha256(data.encode("ascii")).hexdigest()
        part.write_text(f"{check}\n{data}", encoding="ascii")
        os.replace(part, path)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
