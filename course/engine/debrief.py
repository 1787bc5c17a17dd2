"""Look back at a talk: what each turn did, why, and what would have done better there.

For the player. Works on a `Dialogue` alone; refuses to know widgets.
"""

from dataclasses import dataclass
from typing import Literal

from course.engine.content import Option
from course.engine.dialogue import UNSURE, Dialogue, Turn, walk
from course.engine.moves import points_of, rules

ENOUGH = 2
"""Points of anger and trust by which another option must win before it is called better."""

LITTLE = frozenset({"too_early", "again", "no_trust"})
"""Notes that say why something kind did little."""


@dataclass(frozen=True)
class Back:
    """One turn of the agent, seen from the end."""

    turn: int
    said: str
    move: str
    why: str
    rule: str
    """The points that the move's rule comes from, such as "A2-A4, C3 [8, 9]"."""
    anger: int
    trust: int
    patience: int
    change: int
    effect: Literal["helped", "little", "harmed"]
    contested: bool
    notes: tuple[str, ...]
    better: str
    better_why: str


def looking_back(talk: Dialogue) -> tuple[Back, ...]:
    """Return one `Back` for each turn of the agent."""
    return tuple(_back(talk, number) for number in range(len(talk.path)))


def _back(talk: Dialogue, number: int) -> Back:
    before, after = walk(talk.scenario, talk.path[:number]), walk(talk.scenario, talk.path[: number + 1])
    said, step = after.turns[-2], talk.path[number]
    helps = said.move is not None and rules().moves[said.move].side == "helps"
    better = better_option(before, after, helps=helps)
    return Back(
        turn=number + 1,
        said=said.text,
        move=said.move or UNSURE,
        why=said.why,
        rule=points_of(rules().moves[said.move].source) if said.move else "",
        anger=said.state.anger,
        trust=said.state.trust,
        patience=said.state.patience,
        change=after.anger[-1] - before.anger[-1],
        effect="little" if _did_little(said) else "helped" if helps else "harmed",
        contested=not isinstance(step, str) and bool(step.get("contested")),
        notes=said.notes,
        better=better.say if better else "",
        better_why=better.because if better else "",
    )


def _did_little(said: Turn) -> bool:
    return said.move is None or (bool(LITTLE & set(said.notes)) and rules().moves[said.move].side == "helps")


def better_option(before: Dialogue, after: Dialogue, *, helps: bool) -> Option | None:
    """Return the helping option that leaves the customer best, if what was said did harm or clearly less."""
    helping = [option for option in before.options if rules().moves[option.move].side == "helps"]
    best = max(helping, key=lambda option: _mood(before.say(option.id)), default=None)
    if best is None or (before.say(best.id).at == after.at and helps):
        return None
    gain = _mood(before.say(best.id)) - _mood(after)
    return best if not helps or gain >= ENOUGH else None


def _mood(talk: Dialogue) -> int:
    return talk.state.trust - talk.state.anger + 2 * talk.state.heard
