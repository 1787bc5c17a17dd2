"""Give each record what its lateness costs, as plain data for the log, and read it back in words.

For the marking room, the feedback page, the export and the report. A changed deadlines.yaml changes this part
of a record and nothing else. Refuses to know where points are kept.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from autograders.deadlines import deadlines, rules_for
from autograders.deadlines_form import Deadlines
from autograders.gradebook_reading import Score
from autograders.known import Known
from autograders.lateness import Late, Step, decide
from autograders.record import Record
from autograders.wall_time import NO_TIME

TIME = "%Y-%m-%d %H:%M:%S.%f UTC"
"""How a record tells the time of receipt."""
ASK = (
    "submitted/{learner}/{assignment}: nobody knows when it came in, so nothing is taken off and a person is "
    "asked; write the time into its timestamp.txt, or a waiver into deadlines.yaml, then mark again."
)


@dataclass(frozen=True)
class LateRules:
    """The deadlines of one assignment; `granted` holds extensions that stand in nbgrader's gradebook.

    `found`: what was worked out with them, by learner.
    """

    written: Deadlines | None
    assignment: str
    granted: Mapping[str, timedelta]
    found: dict[str, Late] = field(default_factory=dict)

    @property
    def due(self) -> datetime | None:
        """When it is due for everybody, in UTC; None where the file does not say."""
        rules = rules_for(self.written, self.assignment, "") if self.written else None
        return rules.due.plus(NO_TIME) if rules else None

    def applied(self, record: Record) -> Record:
        """Return the record with what its lateness costs now; the same where no rule bears on it."""
        late = self.late(record)
        if late is None and not record.late:
            return record
        waits = record.our_fault or record.unread or record.for_a_person or (late is not None and late.person)
        if late is not None:
            self.found[record.learner] = late
        status = record.status if record.status == "refused" else "needs_person" if waits else "graded"
        return replace(record, status=status, late=as_data(late) if late else {})

    def late(self, record: Record | Known) -> Late | None:
        """Return what a record's lateness costs; None where no rule bears on it."""
        if self.written is None or record.status == "refused":
            return None
        granted = self.granted.get(record.learner)
        rules = rules_for(self.written, self.assignment, record.learner, granted=granted)
        return decide(moment(record.received), rules) if rules else None


def late_rules(folder: Path, assignment: str, granted: Mapping[str, timedelta]) -> LateRules:
    """Read the deadlines of an assignment; raise `Faults` with every fault of the file."""
    return LateRules(deadlines(folder), assignment, granted)


def moment(received: str | None) -> datetime | None:
    """Return the time of receipt of a record; None where nobody knows it."""
    return datetime.strptime(received, TIME).replace(tzinfo=UTC) if received else None


def as_data(late: Late) -> dict[str, Any]:
    """Return a result as the log holds it: the same values before and after a reading."""
    return asdict(late) | {"trace": [asdict(step) for step in late.trace]}


def late_of(record: Record | Known) -> Late | None:
    """Return what a record's lateness costs; None where no rule bore on it."""
    if not record.late:
        return None
    trace = tuple(Step(**step) for step in record.late["trace"])
    return Late(**record.late | {"trace": trace})


def told(late: Late, words: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the sentence of each rule that had a part, with a person's reason or nothing."""
    return tuple((words[step.word].format(**step.values), step.why) for step in late.trace)


def is_plain(late: Late) -> bool:
    """True when it came in by the due time that is everybody's, so that there is nothing to tell."""
    return [step.word for step in late.trace] == ["late.due", "late.on-time"]


def penalty(record: Record | None, scores: Collection[Score]) -> float:
    """Return the points that are lost now: by the record's rules, else what the gradebook says."""
    late = late_of(record) if record is not None else None
    if late is not None:
        return late.lost(sum(score.points or 0.0 for score in scores))
    return sum(score.late_penalty for score in scores)


def rules_named(record: Record) -> str:
    """Return where the rules stand that made a record's penalty, in one line."""
    late = late_of(record)
    return "; ".join(step.rule for step in late.trace) if late else ""


def asks(record: Record | Known) -> str:
    """Return the sentence for the grader where nobody knows when a hand-in came in; else nothing."""
    late = late_of(record)
    return ASK.format(learner=record.learner, assignment=record.assignment) if late and late.person else ""
