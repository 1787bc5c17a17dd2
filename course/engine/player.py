"""Meet an angry customer: choose what to say, see what it does to them, and look back at the end.

    play("play_1", "cold-soup")

For lessons. The customer is a `Dialogue`; this shows it and keeps the walk through it, a list of option ids,
as the answer. Refuses to know how a customer reacts.
"""

from typing import Any, ClassVar

import traitlets

from course.engine.answering import Answering, script, style
from course.engine.content import Scenario, scenario
from course.engine.debrief import looking_back
from course.engine.dialogue import CannotSay, Dialogue, Turn, walk
from course.engine.own_words import Judge, as_step
from course.engine.plots import anger_plot
from course.engine.reactions import State
from course.engine.words import word

ANGER = ((2, "low"), (5, "middle"), (8, "high"), (10, "top"))
"""Up to which anger a customer is called calm, upset, angry, furious."""


class Player(Answering):
    """A talk with one customer; the answer is the walk through it."""

    _esm = script("player")
    _css = style("player")
    sections: ClassVar[tuple[str, ...]] = ("player", "state", "channel", "ending", "move", "check")

    talk = traitlets.Dict().tag(sync=True)
    """What is shown now: `turns, path, options, state, ending, debrief`."""

    plot = traitlets.Dict().tag(sync=True)
    """Anger over the turns, once the talk has ended. It comes after the talk: a first plot takes its time."""

    def __init__(self, name: str, customer: Scenario, *, judge: Judge | None = None) -> None:
        self._scenario, self._judge = customer, judge
        self._dialogue = Dialogue.begin(customer)
        self._before: tuple[int, ...] = ()
        told = {
            "name": customer.customer.name,
            "title": customer.title,
            "channel": customer.channel,
            "facts": " ".join(customer.facts.split()),
            "own": judge is not None,
        }
        super().__init__(name, told=told)

    def accepts(self, value: Any) -> bool:
        """Say whether a value is a walk that this customer allows."""
        if not isinstance(value, list) or not all(_is_step(step) for step in value):
            return False
        try:
            walk(self._scenario, value)
        except (CannotSay, KeyError):
            return False
        return True

    def draw(self) -> None:
        """Show the talk as it stands after the walk."""
        new = walk(self._scenario, self.value or [])
        if len(new.path) < len(self._dialogue.path):
            self._before = self._dialogue.anger
        self._dialogue = new
        self.talk = shown(new) | {"path": self.value or []}
        earlier = self._before if self._before != new.anger else ()
        self.plot = anger_plot(new.anger, earlier) if new.ending else {}

    def hear(self, message: dict[str, Any]) -> None:
        """Take own words besides what every answer hears: they are read, said and kept."""
        match message:
            case {"kind": "own", "text": str(text)} if self._judge and text.strip():
                self.send({"kind": "said", **self._read(text.strip(), self._judge)})
            case _:
                super().hear(message)

    def _read(self, text: str, judge: Judge) -> dict[str, Any]:
        """Return the walk that own words lead to, and what to say about them."""
        try:
            step = as_step(text, self._scenario.as_complaint(), judge)
        except Exception:  # whatever a judge does wrong, the talk goes on
            return {"value": None, "say": "check.our-fault"}
        if step is None:
            return {"value": None, "say": "player.not-understood"}
        return {"value": [*self._dialogue.path, step], "say": "player.read-as", "move": step["move"]}

    def as_text(self) -> str:
        """Return the talk so far, the customer's anger after each line, and what can be said next."""
        lines = [word("player.title", name=self._scenario.customer.name), ""]
        lines += [self._line(turn) for turn in self._dialogue.turns]
        lines += ["", reading(self._scenario.customer.name, self._dialogue.state)]
        if self._dialogue.ending:
            lines += [word("player.ended", ending=word(f"ending.{self._dialogue.ending}"))]
            for back in looking_back(self._dialogue):
                lines += [f"{word('player.turn', turn=back.turn)}: {word('move.' + back.move)}. {back.why}"]
        else:
            lines += [word("player.choose"), *(f"  {o.id}: {o.say}" for o in self._dialogue.options)]
        return "\n".join(lines)

    def _line(self, turn: Turn) -> str:
        who = self._scenario.customer.name if turn.who == "customer" else word("player.you")
        return f"{who} ({word('state.anger')} {turn.state.anger}): {turn.text}"


def _is_step(step: Any) -> bool:
    own = isinstance(step, dict) and isinstance(step.get("text"), str) and isinstance(step.get("move"), str)
    return own or isinstance(step, str)


def shown(talk: Dialogue) -> dict[str, Any]:
    """Return a talk as plain data to draw."""
    return {
        "turns": [{"who": turn.who, "text": turn.text} for turn in talk.turns],
        "options": [{"id": option.id, "say": option.say} for option in talk.options],
        "state": _state(talk),
        "ending": {"id": talk.ending, "after": talk.scene.after or ""} if talk.ending else None,
        "debrief": [vars(back) for back in looking_back(talk)] if talk.ending else [],
    }


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


def anger_level(anger: int) -> str:
    """Return the name of a level of anger."""
    return next(name for top, name in ANGER if anger <= top)


def reading(name: str, state: State) -> str:
    """Return the thermometer's reading in words."""
    level = word(f"state.anger.{anger_level(state.anger)}")
    return word("state.reading", name=name, anger=state.anger, word=level)


def play(name: str, customer: str, *, judge: Judge | None = None) -> Player:
    """Return a player for the question `name`, with the customer of that scenario."""
    return Player(name, scenario(customer), judge=judge)
