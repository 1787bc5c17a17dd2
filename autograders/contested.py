"""Find the readings of own words that learners contested, for the report: what was said, read and meant.

An instructor sees by them where the reading of own words goes wrong, or where somebody makes it easy for
themselves. Works on answers alone; refuses to judge who is right.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autograders.record import Record
from autograders.roster import Learner
from course.engine.content import MOVES
from course.engine.dialogue import UNSURE


@dataclass(frozen=True)
class Contested:
    """One reply in own words: how it was read, and what the learner says that it was meant to do."""

    learner: Learner
    assignment: str
    question: str
    text: str
    read_as: str
    meant: str


def contested_readings(records: list[Record], people: Mapping[str, Learner]) -> Iterator[Contested]:
    """Yield every contested reading in the answers, which may hold anything that a learner wrote."""
    for record in records:
        learner = people.get(record.learner, Learner(record.learner))
        for question, answer in record.answers.items():
            for step in answer if isinstance(answer, list) else ():
                if isinstance(step, dict) and step.get("contested") == 1:
                    text, read_as, meant = (step.get(key) for key in ("text", "read_as", "move"))
                    if isinstance(text, str) and read_as in (*MOVES, UNSURE) and meant in MOVES:
                        yield Contested(learner, record.assignment, question, text, str(read_as), str(meant))
