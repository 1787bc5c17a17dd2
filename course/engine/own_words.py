"""Take what a learner says in their own words for one of the moves that a customer reacts to.

For the player. A judge reads the words, as it reads a plan; this table turns its verdict into a move.
Refuses to know how a judge reads and how a customer reacts.
"""

from collections.abc import Callable
from typing import Any

from course.engine.content import Complaint, Move

Judge = Callable[[str, Complaint], Any]

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


def as_step(text: str, complaint: Complaint, judge: Judge) -> dict[str, Any] | None:
    """Return own words as a step of a walk, {"text", "move", "detail"}; None where they could not be read."""
    verdict = judge(text, complaint)
    flags = {flag.name for flag in verdict.flags}
    harm = next((move for name, move in MOVES_OF_FLAGS.items() if name in flags), None)
    if harm:
        return {"text": text, "move": harm, "detail": 0}
    level, move = max(
        ((verdict.components[step].level, move) for step, move in MOVES_OF_STEPS), key=lambda one: one[0]
    )
    return {"text": text, "move": move, "detail": int(level > 1)} if level else None
