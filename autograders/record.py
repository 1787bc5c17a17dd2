"""What the marking door decides of one submission, and the one line of the log that says it.

For marking and for all that shows marks. The same record is the same bytes on every machine. Refuses to know
where lines are kept (`results`), and how a mark is made.
"""

import json
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any, Literal

from autograders.chained import START, hash_of
from autograders.known import Known

Status = Literal["graded", "needs_person", "refused"]
OWN = frozenset(("before", "late", "status"))
"""What of a record may change while its marks stay."""
_json = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False).encode


@dataclass(frozen=True)
class Mark:
    """One graded cell: points (None: no mark yet, which is not zero), evidence, and if a person must look."""

    points: float | None
    out_of: float
    needs_person: bool = False
    html: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Record:
    """What became of one submission: graded, refused, or for a person to look at."""

    assignment: str
    learner: str
    status: Status
    received: str | None = None
    notebook_sha256: str | None = None
    answers_sha256: str | None = None
    marked_with: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    """Questions whose answer could not be read, each with the reason; not the same as unanswered."""
    cells: dict[str, Mark] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    reason: str = ""
    our_fault: bool = False
    before: str = START
    late: dict[str, Any] = field(default_factory=dict)
    """What lateness costs and the rules that made it (`late_marks`); nothing where no rule bears on it."""

    @property
    def points(self) -> float | None:
        """The sum of the points given so far; None when nothing was marked."""
        given = [mark.points for mark in self.cells.values() if mark.points is not None]
        return sum(given) if given else None

    @property
    def out_of(self) -> float:
        return sum(mark.out_of for mark in self.cells.values())

    @property
    def for_a_person(self) -> tuple[str, ...]:
        """The graded cells that wait for a person."""
        return tuple(name for name, mark in self.cells.items() if mark.needs_person)

    def says_the_same(self, other: "Record") -> bool:
        """True when both decide the same, wherever they stand in the log."""
        return replace(self, before=START) == replace(other, before=START)

    @cached_property
    def work(self) -> str:
        """The hash of what was marked, whatever its lateness costs and wherever it stands in the log."""
        return hash_of(self._line(before=START, late={}, status="graded"))

    def line(self) -> bytes:
        """Return the record as one line of the log, with no line break: the same bytes everywhere."""
        return self._line(before=self.before, late=self.late, status=self.status)

    def after(self, before: str) -> "Record":
        """Return the record as it stands in the log behind the line of that hash."""
        chained = replace(self, before=before)
        vars(chained)["_same"] = self._same  # it is long to work out
        return chained

    def _line(self, **own: Any) -> bytes:
        if not own["late"]:
            del own["late"]
        parts = self._same | {name: _json(value) for name, value in own.items()}
        return ("{" + ",".join(f'"{name}":{parts[name]}' for name in sorted(parts)) + "}").encode("ascii")

    @cached_property
    def _same(self) -> dict[str, str]:
        """The parts that stay the same wherever it stands in the log, as JSON."""
        values = {part.name: getattr(self, part.name) for part in fields(self) if part.name not in OWN}
        values["cells"] = {name: vars(mark) for name, mark in self.cells.items()}
        return {name: _json(value) for name, value in values.items()}

    @cached_property
    def hash(self) -> str:
        return hash_of(self.line())


def known_of(record: Record) -> Known:
    """Return what is to be known of a record."""
    return Known(
        assignment=record.assignment,
        learner=record.learner,
        status=record.status,
        received=record.received,
        notebook_sha256=record.notebook_sha256,
        answers_sha256=record.answers_sha256,
        marked_with=record.marked_with,
        unread=bool(record.unread),
        each={name: mark.points for name, mark in record.cells.items()},
        out_of=record.out_of,
        notes=list(record.notes),
        reason=record.reason,
        our_fault=record.our_fault,
        late=record.late,
        hash=record.hash,
        work=record.work,
    )


def read_record(line: bytes) -> Record:
    """Return the record that a line of the log holds."""
    raw = json.loads(line)
    cells = {name: Mark(**mark) for name, mark in raw.pop("cells").items()}
    return Record(**raw | {"cells": cells, "notes": tuple(raw["notes"])})
