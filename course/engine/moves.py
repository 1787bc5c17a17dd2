"""The rules by which a customer takes what an agent does, read from `moves.yaml`.

For `reactions`. Knows the rules' form, and that every move has one; refuses to apply them.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from course.engine.content import MOVES, Move
from course.engine.faults import Fault
from course.engine.model_reading import Written, read_model
from course.engine.yaml_reading import Document

FILE = Path(__file__).with_name("moves.yaml")


class Effect(Written):
    """What is added to a state."""

    anger: int = 0
    trust: int = 0
    patience: int = 0


class Later(Effect):
    """An effect that comes back after some turns, or when the talk ends."""

    turns: int = Field(ge=1, le=5)


class MoveRule(Written):
    """How one move works; the comments of `moves.yaml` explain each key."""

    side: Literal["helps", "harms"]
    source: str
    now: Effect
    detail: Effect | None = None
    unheard: Effect | None = None
    again: tuple[Effect, ...] = ()
    listens: int = Field(default=0, ge=0)
    listens_detail: int = Field(default=0, ge=0)
    needs_trust: int = Field(default=0, ge=0, le=10)
    distrusted: Effect = Effect()
    simple: Effect | None = None
    later: Later | None = None
    takes_back: Effect | None = None


class Turn(Written):
    """What every turn costs."""

    costs: Effect
    source: str


class Listening(Written):
    """What a point of listening does, from how many points somebody is heard, and when listening is full."""

    a_point: Effect
    heard_from: int
    most: int
    source: str


class Rules(Written):
    """All rules together."""

    turn: Turn
    listening: Listening
    moves: Mapping[Move, MoveRule]


@cache
def rules() -> Rules:
    """Return the rules of `moves.yaml`."""
    return read_model(FILE, Rules, _every_move_has_a_rule)


def points_of(source: str) -> str:
    """Return the numbers of a source alone: "SEEDS A2, C3 (why); EVIDENCE 8" is "A2, C3 [8]"."""
    outside, depth = "", 0
    for letter in source:
        depth += letter == "("
        outside += letter if not depth else ""
        depth -= letter == ")"
    words = outside.replace(";", ",").replace(",", " ").split()
    seeds = [word for word in words if word[0].isupper() and word[1:2].isdigit()]
    rows = sorted({word for word in words if word.isdigit()}, key=int)
    return " ".join((", ".join(seeds), f"[{', '.join(rows)}]" if rows else "")).strip()


def _every_move_has_a_rule(document: Document) -> Iterator[Fault]:
    written = {place[-1] for place, _ in document.find("moves.*")}
    for move in MOVES:
        if move not in written:
            yield document.fault(("moves",), f"the move {move!r} has no rule", f"add '{move}: …'")
