"""Read roster.csv: who is in the class. For the marking room, the demonstration class and the report.

Forgives what spreadsheets do to a CSV file (a byte order mark, semicolons, blank lines); refuses to guess.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

from course.engine.faults import Fault, Faults, shown

COLUMNS = ("id", "first_name", "last_name", "email")
FILE = "roster.csv"
ID = re.compile(r"[^\W_][\w.@-]{0,127}", re.UNICODE)
"""What a learner's id may be: a folder's name that nbgrader's exchange and gradebook can carry (`is_id`)."""
MOST_BYTES = 160
"""Bytes of an id: files are named after it, and a name holds 255."""


@dataclass(frozen=True)
class Learner:
    """One learner of the class; only the id is needed."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""

    @property
    def name(self) -> str:
        """First and last name, or the id where there is none."""
        return f"{self.first_name} {self.last_name}".strip() or self.id


def is_id(text: str) -> bool:
    """True where a text can be a learner's id."""
    return ID.fullmatch(text) is not None and len(text.encode("utf-8")) <= MOST_BYTES


def roster(folder: Path) -> dict[str, Learner]:
    """Return the learners of a course folder by id, in the file's order; empty where there is no roster.csv.

    Raises Faults with every fault of the file.
    """
    path = folder / FILE
    return read_roster(path) if path.exists() else {}


def read_roster(path: Path) -> dict[str, Learner]:
    """Read one roster file; raise Faults with every fault of it."""
    name = shown(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as fault:
        raise Faults([Fault(name, 0, f"cannot be read ({fault.strerror})", "put a file there")]) from None
    except UnicodeDecodeError as fault:
        what = f"byte {fault.start} is not UTF-8"
        raise Faults([Fault(name, 0, what, "save it as 'CSV UTF-8'")]) from None
    separator = ";" if ";" in text.partition("\n")[0] else ","
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    learners: dict[str, Learner] = {}
    try:
        faults = list(_fill(learners, rows, name))
    except csv.Error as fault:
        what = f"this is not CSV ({fault})"
        faults = [Fault(name, rows.line_num, what, "see that each quote that opens is closed")]
    if faults:
        raise Faults(faults)
    return learners


def _fill(learners: dict[str, Learner], rows: Iterator[list[str]], name: str) -> Iterator[Fault]:
    head = [cell.strip().lower() for cell in next(rows, [])]
    if "id" not in head:
        yield Fault(name, 1, "the first line names no column 'id'", f"start with: {','.join(COLUMNS)}")
        return
    for number, row in enumerate(rows, 2):
        if not any(cell.strip() for cell in row):
            continue
        cells = dict(zip(head, (cell.strip() for cell in row), strict=False))
        learner = Learner(*(cells.get(column, "") for column in COLUMNS))
        if not learner.id:
            yield Fault(name, number, "a learner without an id", "give each learner one")
        elif not is_id(learner.id):
            cure = "use letters, digits, '.', '-', '_' or '@', begin with a letter or digit, and be short"
            yield Fault(name, number, f"the id {learner.id!r} cannot be a folder's name", cure)
        elif learner.id in learners:
            yield Fault(name, number, f"the id {learner.id!r} is there twice", "take one of the lines out")
        else:
            learners[learner.id] = learner


def write_roster(path: Path, learners: Iterable[Learner]) -> None:
    """Write a roster file: one line a learner, UTF-8."""
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(COLUMNS)
        lines.writerows(astuple(learner) for learner in learners)
