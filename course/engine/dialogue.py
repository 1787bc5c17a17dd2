"""A talk with one customer, as a value: what was said, how the customer is, and what can be said next.

For the player, the plots, the checks and the tests: `walk("cold-soup", ["say-it-back"]).anger`. Knows
scenes, guards and turns; refuses to know widgets and chance. Nothing here changes: `say` returns the next
dialogue, so a talk can be replayed, taken back and branched.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from course.engine.content import MOVES, Ending, Move, Option, Scenario, Scene, scenario
from course.engine.faults import did_you_mean
from course.engine.moves import rules
from course.engine.reactions import Note, State, react, settle

Step = str | Mapping[str, Any]
"""One step of a path: an option's id, or own words as {"text", "move", "detail"}; the move may be UNSURE.

If the learner contested how the words were read, `move` is what they meant, and "read_as" and "contested": 1
stand beside it.
"""

UNSURE = "unsure"
"""Own words that nobody could read: the customer asks back."""

Measure = Literal["anger", "trust", "patience"]
MEASURES: tuple[Measure, ...] = get_args(Measure)

ALIKE: tuple[frozenset[Move], ...] = (frozenset({"hear", "ask"}), frozenset({"act", "act_choice"}))
"""Moves that are one thing when somebody talks freely: listening and asking, help and a choice of help."""


class CannotSay(ValueError):
    """Something is said that the scene does not offer; the message holds the cure."""


@dataclass(frozen=True)
class Turn:
    """One line of the talk and the state after it; move, why and notes belong to the agent's lines."""

    who: Literal["agent", "customer"]
    text: str
    state: State
    move: Move | None = None
    why: str = ""
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Dialogue:
    """A talk so far."""

    scenario: Scenario
    at: str
    state: State
    turns: tuple[Turn, ...]
    path: tuple[Step, ...] = ()
    asked_back: frozenset[str] = frozenset()
    """The scenes in which the customer has asked back."""

    @classmethod
    def begin(cls, scenario: Scenario) -> "Dialogue":
        """Return the talk at the moment when the customer has said the first line."""
        customer = scenario.customer
        state = State(customer.anger, customer.trust, customer.patience)
        says = scenario.scenes[scenario.start].says
        return cls(scenario, scenario.start, state, (Turn("customer", says, state),))

    @property
    def scene(self) -> Scene:
        """The scene in which the talk stands."""
        return self.scenario.scenes[self.at]

    @property
    def options(self) -> tuple[Option, ...]:
        """What can be said now: the scene's options whose guard holds; none at an end."""
        return tuple(o for o in self.scene.options if o.when is None or o.when.holds(self.state))

    @property
    def ending(self) -> Ending | None:
        """How the talk ended; None while it goes on."""
        return self.scene.ending

    @property
    def anger(self) -> tuple[int, ...]:
        """The anger at the start and after each line of the agent."""
        return self.over_turns("anger")

    def over_turns(self, measure: Measure) -> tuple[int, ...]:
        """Return one measure of the state at the start and after each line of the agent."""
        agents = [turn for turn in self.turns if turn.who == "agent"]
        return tuple(getattr(turn.state, measure) for turn in (self.turns[0], *agents))

    def say(self, option_id: str) -> "Dialogue":
        """Return the talk after one of the options; raise CannotSay where it is not offered."""
        option = self._offered(option_id)
        return self._go(
            option_id, option.say, option.move, detail=option.detail, to=option.to, why=option.because
        )

    def say_own(self, text: str, move: Move, *, detail: bool = False, step: Step | None = None) -> "Dialogue":
        """Return the talk after the learner's own words, which somebody has read as a move.

        Where the scene offers that move the story goes on as after that option. Where it does not, the
        customer answers in a line of their own (`reactions`), and the scene stays.
        """
        self._must_go_on()
        like = self._most_like(move)
        said = step or {"text": text, "move": move, "detail": int(detail)}
        to, says = (like.to, None) if like else (self.at, self._answer_to(move))
        return self._go(said, text, move, detail=detail, to=to, why="", says=says)

    def say_unsure(self, text: str, *, step: Step | None = None) -> "Dialogue":
        """Return the talk after own words that nobody could read: asked back once a scene, then filler."""
        self._must_go_on()
        step = step or {"text": text, "move": UNSURE, "detail": 0}
        if self.at in self.asked_back:
            return self.say_own(text, "filler", step=step)
        said = Turn("agent", text, self.state)
        asks = Turn("customer", self.scenario.reactions["unsure"], self.state)
        turns, path = (*self.turns, said, asks), (*self.path, step)
        return replace(self, turns=turns, path=path, asked_back=self.asked_back | {self.at})

    def back(self, *, steps: int = 1) -> "Dialogue":
        """Return the talk as it was some steps ago, to try something else: "what if I had…?"."""
        return walk(self.scenario, self.path[: max(0, len(self.path) - steps)])

    def _offered(self, option_id: str) -> Option:
        self._must_go_on()
        for option in self.options:
            if option.id == option_id:
                return option
        if any(option.id == option_id for option in self.scene.options):
            state = f"anger {self.state.anger}, trust {self.state.trust}, patience {self.state.patience}"
            raise CannotSay(f"{option_id!r} is not offered in this state ({state}); look at its 'when'")
        cure = did_you_mean(option_id, [option.id for option in self.options])
        raise CannotSay(f"no option {option_id!r} in the scene {self.at!r}; {cure}")

    def _must_go_on(self) -> None:
        if self.ending:
            name = self.scenario.customer.name
            raise CannotSay(f"the talk with {name} is over ({self.ending}); begin a new one")

    def _most_like(self, move: Move) -> Option | None:
        same = [option for option in self.options if option.move == move]
        kin = next((moves for moves in ALIKE if move in moves), frozenset())
        alike = [option for option in self.options if option.move in kin]
        return next(iter([*same, *alike]), None)

    def _answer_to(self, move: Move) -> str:
        said = self.scenario.reactions
        return said.get(move) or said[rules().moves[move].side]

    def _go(
        self, step: Step, text: str, move: Move, *, detail: bool, to: str, why: str, says: str | None = None
    ) -> "Dialogue":
        state, notes = react(self.state, move, detail=detail, complexity=self.scenario.complexity)
        if state.patience == 0 and self.scenario.walks_out and not self.scenario.scenes[to].ending:
            to, says = self.scenario.walks_out, None
        if self.scenario.scenes[to].ending:
            state, more = settle(state)
            notes = tuple(dict.fromkeys((*notes, *more)))
        said = Turn("agent", text, state, move, why, notes)
        answer = Turn("customer", says or self.scenario.scenes[to].says, state)
        return replace(self, at=to, state=state, turns=(*self.turns, said, answer), path=(*self.path, step))


def walk(talk: Scenario | str, path: Iterable[Step]) -> Dialogue:
    """Return the talk after a whole path; raise CannotSay at the first step that is not offered."""
    dialogue = Dialogue.begin(scenario(talk) if isinstance(talk, str) else talk)
    for step in path:
        dialogue = dialogue.say(step) if isinstance(step, str) else _say_own(dialogue, step)
    return dialogue


def _say_own(dialogue: Dialogue, step: Mapping[str, Any]) -> Dialogue:
    """Take a step of own words, which may come from a file that somebody changed."""
    text, move = step.get("text"), step.get("move")
    if isinstance(text, str) and move == UNSURE:
        return dialogue.say_unsure(text, step=step)
    if not isinstance(text, str) or move not in MOVES:
        raise CannotSay("a step in own words needs a 'text' and a known 'move'; begin the talk again")
    return dialogue.say_own(text, move, detail=step.get("detail") == 1, step=step)
