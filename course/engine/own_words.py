"""Take what a learner says in their own words for one of the moves that a customer reacts to.

For the player. A judge reads the words, as it reads a plan; this turns its verdict into a move, or says that
it cannot tell. `own_words.yaml` holds the cues that a judge of plans does not look for. Refuses to know how a
judge reads and how a customer reacts.
"""

from collections.abc import Callable, Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from course.engine.content import Complaint, Move
from course.engine.dialogue import UNSURE
from course.engine.model_reading import Written, read_model

Judge = Callable[[str, Complaint], Any]
FILE = Path(__file__).with_name("own_words.yaml")

MOVES_OF_FLAGS: dict[str, Move] = {
    "hostile": "hostile",
    "interrupts": "interrupt",
    "argues": "argue",
    "blames_customer": "blame_customer",
    "minimises": "minimise",
    "blames_others": "blame_others",
    "passes_the_buck": "pass_the_buck",
    "policy_shield": "policy",
    "non_apology": "non_apology",
    "overpromises": "overpromise",
}
"""The harm that weighs most comes first: one sentence can do several."""

MOVES_OF_STEPS: tuple[tuple[str, Move], ...] = (
    ("act", "act"),
    ("apologise", "apologise"),
    ("empathise", "empathise"),
    ("hear", "hear"),
)
"""Of steps that are equally well done, what the customer holds on to is the last that was said."""

Cue = Literal["boundary", "hand_over", "news", "filler"]


class Cues(Written):
    """What `own_words.yaml` says; its comments explain it."""

    sure_from: float = Field(ge=0, le=1)
    cues: Mapping[Cue, tuple[str, ...]]


@cache
def cues() -> Cues:
    """Return what `own_words.yaml` says."""
    return read_model(FILE, Cues)


def as_step(
    text: str, complaint: Complaint, judge: Judge, *, offered: Collection[Move] = ()
) -> dict[str, Any]:
    """Return own words as a step of a walk, {"text", "move", "detail"}; UNSURE is the move nobody can tell.

    Where words do two things equally well, the one that the scene offers counts. A judge of plans that reads
    single replies in a way of its own offers that as `reply`.
    """
    reply = getattr(judge, "reply", judge)
    move, detail = _reading(text, reply(text, complaint), offered)
    return {"text": text, "move": move or UNSURE, "detail": int(detail)}


def contested(step: Mapping[str, Any], move: Move) -> dict[str, Any]:
    """Return a step as the learner says that it was meant; how it had been read stays in it."""
    read_as = step.get("read_as", step["move"])
    return {"text": step["text"], "move": move, "detail": step["detail"], "read_as": read_as, "contested": 1}


def _reading(text: str, verdict: Any, offered: Collection[Move]) -> tuple[Move | None, bool]:
    flags = {flag.name for flag in verdict.flags}
    harm = next((move for name, move in MOVES_OF_FLAGS.items() if name in flags), None)
    if harm:
        return harm, False
    said, parts = _plain(text), verdict.components
    if cue := _cue(said, "boundary", "hand_over"):
        return cue, False
    remedy = "remedy" in _shown(parts["act"])
    if not remedy and (cue := _cue(said, "news")):
        return cue, parts["act"].level > 0
    most = max(parts[name].level for name, _ in MOVES_OF_STEPS)
    if not most:
        return _cue(said, "filler"), False
    found = [(name, move) for name, move in MOVES_OF_STEPS if parts[name].level == most]
    name, move = next((pair for pair in found if pair[1] in offered), found[0])
    if parts[name].confidence < cues().sure_from:
        return None, False
    return _nearer(move, parts[name], said, remedy=remedy), most > 1


def _nearer(move: Move, part: Any, said: str, *, remedy: bool) -> Move:
    """Tell a plain question from listening, and a choice or a promise of news from a remedy."""
    if move == "hear" and _shown(part) == {"asks"}:
        return "ask"
    if move == "act" and remedy and " or " in said and "?" in said:
        return "act_choice"
    return "news" if move == "act" and not remedy else move


def _shown(part: Any) -> set[str]:
    return {evidence.behaviour for evidence in part.evidence}


def _cue(said: str, *moves: Cue) -> Move | None:
    return next((move for move in moves if any(cue in said for cue in cues().cues[move])), None)


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("’", "'").split())
