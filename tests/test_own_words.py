"""How well own words are read: what an author wrote is given to the judge as if a learner had typed it.

The author's move is the truth. Many of these replies are traps that were written to look kind, so nobody
reads them all rightly; what must not happen is that kind words are taken for harm.
"""

from dataclasses import dataclass

import pytest

from autograders import judge
from course.engine.content import Move, scenarios
from course.engine.dialogue import ALIKE, UNSURE
from course.engine.moves import rules
from course.engine.own_words import as_step, contested, cues

LEAST_RIGHT = 0.45
MOST_KIND_READ_AS_HARM = 0.08
MOST_UNSURE = 0.35


@dataclass(frozen=True)
class Reading:
    """A reply's move, as its author names it and as it was read."""

    text: str
    written: Move
    read: str

    @property
    def right(self) -> bool:
        return self.written == self.read or any({self.written, self.read} <= alike for alike in ALIKE)


@pytest.fixture(scope="module")
def readings() -> list[Reading]:
    found = []
    for scenario in scenarios():
        complaint = scenario.as_complaint()
        for scene in scenario.scenes.values():
            offered = {option.move for option in scene.options}
            for option in scene.options:
                read = as_step(option.say, complaint, judge, offered=offered)["move"]
                found.append(Reading(option.say, option.move, read))
    return found


def harms(move: str) -> bool:
    return any(move == name and rule.side == "harms" for name, rule in rules().moves.items())


def share(part: list[Reading], whole: list[Reading]) -> float:
    return len(part) / len(whole)


def test_most_replies_are_read_as_they_were_written_or_asked_about(readings: list[Reading]) -> None:
    assert share([one for one in readings if one.right], readings) >= LEAST_RIGHT
    assert share([one for one in readings if one.read == UNSURE], readings) <= MOST_UNSURE


def test_kind_words_are_hardly_ever_taken_for_harm(readings: list[Reading]) -> None:
    kind = [one for one in readings if not harms(one.written)]
    hurt = [one for one in kind if harms(one.read)]
    assert share(hurt, kind) <= MOST_KIND_READ_AS_HARM, [(one.text, one.read) for one in hurt]


def test_the_cues_are_written_as_they_are_looked_for() -> None:
    for move, phrases in cues().cues.items():
        assert list(dict.fromkeys(phrases)) == list(phrases), move
        assert all(phrase == " ".join(phrase.lower().split()) for phrase in phrases), move


def test_a_reading_contested_twice_keeps_how_it_was_read_first() -> None:
    step = {"text": "Hm.", "move": UNSURE, "detail": 0}
    twice = contested(contested(step, "hear"), "ask")
    assert twice == {"text": "Hm.", "move": "ask", "detail": 0, "read_as": UNSURE, "contested": 1}
