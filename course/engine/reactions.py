"""How a customer's state moves: one pure function from a state and a move to the next state.

For `dialogue`, and for whoever wants to try a rule. Knows the rules of `moves.yaml`; refuses to know scenes,
words and who is asking.

What was done adds up and is remembered beyond the ends of the scale: a customer at ten who is insulted again
shows no more anger, but takes longer to calm. Sums do not mind their order; where order does matter, it comes
from the rules: an apology before hearing, a remedy before trust, a promise that comes back.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from course.engine.content import Complexity, Move
from course.engine.moves import Effect, Later, MoveRule, rules

Note = Literal["too_early", "again", "no_trust", "came_back", "taken_back"]
"""Why a move did less than it says: unheard, a repetition, no trust; or what became of an earlier promise."""


@dataclass(frozen=True)
class State:
    """A customer's state: anger, trust and patience, shown from 0 to 10; what was heard, done and owed."""

    raw_anger: int
    raw_trust: int
    raw_patience: int
    listening: int = 0
    done: tuple[Move, ...] = ()
    owed: tuple[tuple[int, Effect], ...] = ()

    @property
    def anger(self) -> int:
        """Anger from 0 to 10."""
        return _shown(self.raw_anger)

    @property
    def trust(self) -> int:
        """Trust from 0 to 10."""
        return _shown(self.raw_trust)

    @property
    def patience(self) -> int:
        """Patience from 0 to 10."""
        return _shown(self.raw_patience)

    @property
    def heard(self) -> bool:
        """Whether the customer has been heard."""
        return self.listening >= rules().listening.heard_from


def react(
    state: State, move: Move, *, detail: bool = False, complexity: Complexity
) -> tuple[State, tuple[Note, ...]]:
    """Return the state after one move of the agent, and notes on why it worked as it did."""
    rule = rules().moves[move]
    state, notes = _collect_debts(state)
    if rule.takes_back and state.owed:
        state, notes = _take_back(state, rule.takes_back), (*notes, "taken_back")
    effect, note, worked = _effect(state, move, rule, detail=detail, complexity=complexity)
    points = _points(state, rule.listens_detail if detail else rule.listens)
    state = _add(
        state,
        [effect, rules().turn.costs, *[rules().listening.a_point] * points],
        listening=state.listening + points,
        done=_counted(state.done, move, rule) if worked else state.done,
        owed=(*state.owed, (rule.later.turns, _without_turns(rule.later))) if rule.later else state.owed,
    )
    return state, (*notes, *((note,) if note else ()))


def settle(state: State) -> tuple[State, tuple[Note, ...]]:
    """Return the state at the end of a talk: what was promised and cannot be kept comes back now."""
    if not state.owed:
        return state, ()
    return _add(state, [effect for _, effect in state.owed], owed=()), ("came_back",)


def _collect_debts(state: State) -> tuple[State, tuple[Note, ...]]:
    if not state.owed:
        return state, ()
    waiting = tuple((turns - 1, effect) for turns, effect in state.owed if turns > 1)
    due = [effect for turns, effect in state.owed if turns <= 1]
    return _add(state, due, owed=waiting), ("came_back",) if due else ()


def _take_back(state: State, by: Effect) -> State:
    """Soften what is owed: less anger and less loss of trust and patience, down to nothing."""
    owed = tuple(
        (
            turns,
            Effect(
                anger=max(0, effect.anger + by.anger),
                trust=min(0, effect.trust + by.trust),
                patience=min(0, effect.patience + by.patience),
            ),
        )
        for turns, effect in state.owed
    )
    return replace(state, owed=owed)


def _effect(
    state: State, move: Move, rule: MoveRule, *, detail: bool, complexity: Complexity
) -> tuple[Effect, Note | None, bool]:
    """Return what a move does here, a note on it, and whether it counts as done."""
    times = state.done.count(move)
    if times and rule.again:
        effect = rule.again[min(times, len(rule.again)) - 1]
        return effect, None if effect == rule.now else "again", True
    if state.trust < rule.needs_trust:
        return rule.distrusted, "no_trust", False
    if rule.unheard and not state.heard:
        return rule.unheard, "too_early", True
    if rule.simple and complexity == "simple":
        return rule.simple, None, True
    return (rule.detail if detail and rule.detail else rule.now), None, True


def _points(state: State, points: int) -> int:
    """Return how many points of listening are still gained."""
    return min(state.listening + points, rules().listening.most) - state.listening


def _counted(done: tuple[Move, ...], move: Move, rule: MoveRule) -> tuple[Move, ...]:
    """Add a move to those done, in no order, as often as a further time makes a difference."""
    return tuple(sorted((*done, move))) if done.count(move) < max(1, len(rule.again)) else done


def _add(state: State, effects: Iterable[Effect], **changes: Any) -> State:
    effects = tuple(effects)
    return replace(
        state,
        raw_anger=state.raw_anger + sum(effect.anger for effect in effects),
        raw_trust=state.raw_trust + sum(effect.trust for effect in effects),
        raw_patience=state.raw_patience + sum(effect.patience for effect in effects),
        **changes,
    )


def _without_turns(later: Later) -> Effect:
    return Effect(anger=later.anger, trust=later.trust, patience=later.patience)


def _shown(raw: int) -> int:
    return max(0, min(10, raw))
