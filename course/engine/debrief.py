"""Look back at a talk: what each turn did, why, and what would have done better there.

For the player. Works on a `Dialogue` alone; refuses to know widgets.
"""

from dataclasses import dataclass
from typing import Literal

from course.engine.content import Option
from course.engine.dialogue import Dialogue, walk
from course.engine.moves import rules

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
    anger: int
    change: int
    effect: Literal["helped", "little", "harmed"]
    notes: tuple[str, ...]
    better: str
    better_why: str


def looking_back(talk: Dialogue) -> tuple[Back, ...]:
    """Return one `Back` for each turn of the agent."""
    return tuple(_back(talk, number) for number in range(len(talk.path)))


def _back(talk: Dialogue, number: int) -> Back:
    before, after = walk(talk.scenario, talk.path[:number]), walk(talk.scenario, talk.path[: number + 1])
    said = after.turns[-2]
    assert said.move is not None
    helps = rules().moves[said.move].side == "helps"
    better = better_option(before, after, helps=helps)
    return Back(
        turn=number + 1,
        said=said.text,
        move=said.move,
        why=said.why,
        anger=after.anger[-1],
        change=after.anger[-1] - before.anger[-1],
        effect="harmed" if not helps else "little" if LITTLE & set(said.notes) else "helped",
        notes=said.notes,
        better=better.say if better else "",
        better_why=better.because if better else "",
    )


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
