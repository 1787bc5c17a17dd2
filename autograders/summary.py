"""What a marking run tells: a line a submission, counts, and the exit status.

For the marking room, the command line and whoever shows progress. Refuses to mark.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from autograders.known import Known
    from autograders.record import Record

Status = Literal["graded", "needs_person", "refused", "failed"]
EXIT_STATUS: dict[Status, int] = {"graded": 0, "needs_person": 4, "refused": 8, "failed": 16}
"""What each outcome adds, once, to the exit status of a run; 1 and 2 are for runs that did not come about."""


def counted(number: int, one: str) -> str:
    """Return a number with its noun: "1 page", "3 pages"."""
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


@dataclass(frozen=True)
class Line:
    """One submission in the report of a run. `sentence` is empty when there is nothing to say."""

    learner: str
    status: Status
    points: float | None
    out_of: float
    sentence: str = ""
    again: bool = False
    """True when the submission had been marked before and nothing has changed."""
    unread: bool = False
    """True when an answer could not be read and waits for a person."""
    earlier: bool = False
    """True when the mark stands that was given by an earlier key, rubric or judge."""


def line_of(record: "Record | Known", *, again: bool, waiting: bool, earlier: bool = False) -> Line:
    """Return the line that a record makes; what the judge could not do is "failed".

    `waiting`: True when something of it waits for a person in the gradebook, by the judge's word or a
    grader's. `earlier`: True when key, rubric or judge have changed since.
    """
    from autograders.late_marks import asks

    status: Status = record.status
    if record.our_fault:
        status = "failed"
    elif status != "refused":
        status = "needs_person" if waiting else "graded"
    sentence = " ".join(filter(None, (record.reason, *record.notes, asks(record))))
    unread = bool(record.unread) and status == "needs_person"
    return Line(record.learner, status, record.points, record.out_of, sentence, again, unread, earlier)


@dataclass(frozen=True)
class Progress:
    """How far a run has come, after one more submission."""

    done: int
    of: int
    line: Line


@dataclass(frozen=True)
class Summary:
    """What a run did. `head` is the hash of the log's last line."""

    assignment: str
    lines: tuple[Line, ...]
    head: str
    notes: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What became of all hand-ins, in one sentence."""
        if not self.lines:
            return (
                f"{self.assignment}: nobody has handed in yet, so there is nothing to mark; "
                f"to take hand-ins from the exchange, run: heatproof collect {self.assignment}"
            )
        again = f"; {self.marked_before} as before" if self.marked_before else ""
        return (
            f"{self.assignment}: {self.graded} graded, {self.needs_person} for a person, "
            f"{self.refused} refused, {self.failed} failed{again}."
        )

    @property
    def by_an_earlier_key(self) -> int:
        """How many marks stand that an earlier key, rubric or judge gave."""
        return sum(line.earlier for line in self.lines)

    @property
    def to_regrade(self) -> str:
        """What to do about marks by an earlier key, in one sentence; empty where there are none."""
        if not self.by_an_earlier_key:
            return ""
        return (
            f"{self.assignment}: the key, a rubric or the judge changed after "
            f"{counted(self.by_an_earlier_key, 'hand-in')} had been marked, and those marks stand; "
            f"to see who would change, and by how much: heatproof regrade {self.assignment}"
        )

    def count(self, status: str) -> int:
        """Return how many submissions ended so."""
        return sum(line.status == status for line in self.lines)

    @property
    def graded(self) -> int:
        return self.count("graded")

    @property
    def needs_person(self) -> int:
        return self.count("needs_person")

    @property
    def refused(self) -> int:
        return self.count("refused")

    @property
    def failed(self) -> int:
        return self.count("failed")

    @property
    def marked_before(self) -> int:
        return sum(line.again for line in self.lines)

    @property
    def problems(self) -> tuple[str, ...]:
        """One sentence for each submission that was refused or that we failed."""
        return tuple(line.sentence for line in self.lines if line.status in ("refused", "failed"))

    @property
    def told(self) -> tuple[str, ...]:
        """One sentence for each submission of which there is something to say: problems, and what is new."""
        problems = ("refused", "failed")
        return tuple(
            line.sentence
            for line in self.lines
            if line.sentence and (line.status in problems or line.unread or not line.again)
        )

    @property
    def exit_status(self) -> int:
        """0 when all are graded; else the sum of 4 (a person must look), 8 (refused), 16 (failed)."""
        return sum(EXIT_STATUS[status] for status in {line.status for line in self.lines})
