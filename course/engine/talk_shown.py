"""A talk as plain data to draw: its lines, the customer's state in words, what was read, the look back.

For the player, which sends it to the page and prints it. Knows the words for a state; refuses to know
widgets.
"""

from collections.abc import Mapping
from typing import Any

from course.engine.content import MOVES
from course.engine.debrief import looking_back
from course.engine.dialogue import MEASURES, UNSURE, Dialogue
from course.engine.moves import rules
from course.engine.reactions import State
from course.engine.words import word

ANGER = ((2, "low"), (5, "middle"), (8, "high"), (10, "top"))
"""Up to which anger a customer is called calm, upset, angry, furious."""


def shown(talk: Dialogue) -> dict[str, Any]:
    """Return a talk as plain data to draw."""
    return {
        "turns": [{"who": turn.who, "text": turn.text} for turn in talk.turns],
        "options": [{"id": option.id, "say": option.say} for option in talk.options],
        "state": _state(talk),
        "read": read_as(talk),
        "ending": {"id": talk.ending, "after": talk.scene.after or ""} if talk.ending else None,
        "debrief": [vars(back) for back in looking_back(talk)] if talk.ending else [],
    }


def without_hints(data: dict[str, Any]) -> dict[str, Any]:
    """Return what `shown` returns without all that tells how it goes: for a call that will be marked."""
    ending = {"id": data["ending"]["id"], "after": ""} if data["ending"] else None
    return data | {"state": None, "read": None, "debrief": [], "ending": ending}


def read_as(talk: Dialogue) -> dict[str, Any] | None:
    """Return how the last words were read, if they were the learner's own, and whether that was contested."""
    last = talk.path[-1] if talk.path else None
    if not isinstance(last, Mapping):
        return None
    move = talk.turns[-2].move or UNSURE
    return {"move": move, "unread": last["move"] == UNSURE, "contested": bool(last.get("contested"))}


def readings() -> dict[str, list[str]]:
    """Return what a learner can say that own words were meant to do: moves that help, and moves that harm."""
    sides: dict[str, list[str]] = {"helps": [], "harms": []}
    for move in MOVES:
        sides[rules().moves[move].side].append(move)
    return sides


def curves(talk: Dialogue) -> dict[str, tuple[int, ...]]:
    """Return anger, trust and patience at the start and after each line of the agent."""
    return {measure: talk.over_turns(measure) for measure in MEASURES}


def anger_level(anger: int) -> str:
    """Return the name of a level of anger."""
    return next(name for top, name in ANGER if anger <= top)


def reading(name: str, state: State) -> str:
    """Return the thermometer's reading in words."""
    level = word(f"state.anger.{anger_level(state.anger)}")
    return word("state.reading", name=name, anger=state.anger, word=level)


def _state(talk: Dialogue) -> dict[str, Any]:
    change = talk.anger[-1] - talk.anger[-2] if len(talk.anger) > 1 else None
    return {
        "anger": talk.state.anger,
        "trust": talk.state.trust,
        "patience": talk.state.patience,
        "heard": talk.state.heard,
        "level": anger_level(talk.state.anger),
        "change": None if change is None else "rose" if change > 0 else "fell" if change < 0 else "same",
        "reading": reading(talk.scenario.customer.name, talk.state),
    }


def as_lines(talk: Dialogue) -> list[str]:
    """Return the talk, the state and what can be said next, or the look back, as lines of text."""
    name = talk.scenario.customer.name
    lines = [word("player.title", name=name), ""]
    for turn in talk.turns:
        who = name if turn.who == "customer" else word("player.you")
        lines += [f"{who} ({word('state.anger')} {turn.state.anger}): {turn.text}"]
    lines += ["", reading(name, talk.state)]
    if not talk.ending:
        return [*lines, word("player.choose"), *(f"  {option.id}: {option.say}" for option in talk.options)]
    lines += [word("player.ended", ending=word(f"ending.{talk.ending}"))]
    for back in looking_back(talk):
        done = word("player.asked-back") if back.move == UNSURE else word("move." + back.move)
        lines += [f"{word('player.turn', turn=back.turn)}: {done}. {back.why}"]
    return lines


def bare_lines(talk: Dialogue) -> list[str]:
    """Return the talk and what can be said next as lines of text, without state and look back."""
    name = talk.scenario.customer.name
    said = [f"{name if turn.who == 'customer' else word('player.you')}: {turn.text}" for turn in talk.turns]
    offered = [f"  {option.id}: {option.say}" for option in talk.options]
    after = [word("player.call.over")] if talk.ending else [word("player.choose"), *offered]
    return [word("player.title", name=name), word("player.call.help"), "", *said, "", *after]
