"""Take a learner's walk through a call again, step by step, as far as the customer allows it.

For the marking of calls. Nothing of the walk is trusted: an option counts where it is offered, and own words
are read by the judge anew; the reading that the notebook stored is only compared. The walk may be anything:
where it goes wrong it stops, and a sentence says why. Refuses to give points.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograders.labels import shown_value
from course.engine.content import MOVES, Scenario
from course.engine.dialogue import UNSURE, CannotSay, Dialogue, walk
from course.engine.own_words import Judge, as_step
from course.engine.words import word

MOST_LETTERS = 600
"""What the player takes as one reply in own words."""


@dataclass(frozen=True)
class ReadAgain:
    """Own words whose stored reading is not the marker's: both readings, and if it was contested."""

    turn: int
    move: str
    stored: str
    contested: bool
    text: str


@dataclass(frozen=True)
class Replay:
    """The talk as far as it could be taken, why it stops there if it was longer, and what was read anew."""

    talk: Dialogue
    stopped: str = ""
    read_again: tuple[ReadAgain, ...] = ()


def replay(scenario: Scenario, value: Any, judge: Judge, *, most: int) -> Replay:
    """Return the legal part of a walk, which may be any value. Raises what the judge raises: our fault."""
    talk = Dialogue.begin(scenario)
    if type(value) is not list:
        return Replay(talk, word("score.call.no-walk", value=shown_value(value)))
    again: list[ReadAgain] = []
    for turn, step in enumerate(value, start=1):
        if stopped := _stops(talk, step, turn, most):
            return Replay(talk, stopped, tuple(again))
        if isinstance(step, str):
            talk = talk.say(step)
            continue
        anew = as_step(
            step["text"].strip(),
            scenario.as_complaint(),
            judge,
            offered={option.move for option in talk.options},
        )
        again += _compared(turn, step, anew)
        talk = walk_on(talk, anew)
    return Replay(talk, "", tuple(again))


def walk_on(talk: Dialogue, step: Mapping[str, Any]) -> Dialogue:
    """Return the talk after one step in own words, as they have been read now."""
    if step["move"] == UNSURE:
        return talk.say_unsure(step["text"], step=step)
    return talk.say_own(step["text"], step["move"], detail=step["detail"] == 1, step=step)


def best_walk(scenario: Scenario) -> Dialogue | None:
    """Return the scenario's best walk as a talk; None where it cannot be walked."""
    try:
        return walk(scenario, scenario.walks.best.path)
    except CannotSay:
        return None


def _stops(talk: Dialogue, step: Any, turn: int, most: int) -> str:
    """Return why a step cannot be taken, in a sentence; nothing if it can."""
    if talk.ending:
        return word("score.call.after-end", turn=turn)
    if turn > most:
        return word("score.call.too-long", most=most)
    if type(step) is str:
        if any(option.id == step for option in talk.options):
            return ""
        return word("score.call.not-offered", turn=turn, step=shown_value(step))
    text = step.get("text") if type(step) is dict else None
    if type(text) is not str or not text.strip():
        return word("score.call.no-step", turn=turn, step=shown_value(step))
    if len(text) > MOST_LETTERS:
        return word("score.call.too-many-letters", turn=turn, most=MOST_LETTERS)
    return ""


def _compared(turn: int, step: Mapping[str, Any], anew: Mapping[str, Any]) -> list[ReadAgain]:
    stored = step.get("move")
    known = stored if type(stored) is str and stored in (*MOVES, UNSURE) else shown_value(stored)
    contested = step.get("contested") == 1
    return (
        []
        if known == anew["move"] and not contested
        else [ReadAgain(turn, str(anew["move"]), known, contested, step["text"])]
    )
