"""Gather the late work of a class for the report: who, how much was lost, and by which rules.

Reads records and the marks that stand; refuses to decide anything.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from autograders.late_marks import is_plain, late_of, penalty, told
from autograders.record import Record
from autograders.roster import Learner
from autograders.standing import Standing
from course.engine.words import all_words


@dataclass(frozen=True)
class LateWork:
    """One hand-in that a rule for late work had a part in; `rules` holds (words, where it stands, reason)."""

    learner: Learner
    assignment: str
    received: str
    lost: float
    person: bool
    rules: tuple[tuple[str, str, str], ...]


def late_work(
    records: Iterable[Record], marks: Standing, people: Mapping[str, Learner]
) -> Iterator[LateWork]:
    """Yield the hand-ins that were late, or would have been without a rule; those lost in part first."""
    found = [each for record in records if (each := _late_work(record, marks, people))]
    yield from sorted(found, key=lambda each: (not each.person, -each.lost, each.assignment, each.learner.id))


def _late_work(record: Record, marks: Standing, people: Mapping[str, Learner]) -> LateWork | None:
    late = late_of(record)
    if late is None or is_plain(late):
        return None
    scores = marks.get(record.assignment, {}).get(record.learner, {}).values()
    rules = tuple(
        (said, step.rule, why) for (said, why), step in zip(told(late, all_words()), late.trace, strict=True)
    )
    return LateWork(
        people.get(record.learner, Learner(record.learner)),
        record.assignment,
        record.received[:16] + " UTC" if record.received else "",
        penalty(record, tuple(scores)),
        late.person,
        rules,
    )
