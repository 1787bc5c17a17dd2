"""Meet an angry customer: choose what to say, see what it does to them, and look back at the end.

    play("play_1", "cold-soup")                                       practice
    play("call_1", {"kind": "call", "scenario": "cold-soup"})         a graded call: no state, no look back

For lessons and assignments. The customer is a `Dialogue`; this shows it and keeps the walk through it, a list
of option ids and own words, as the answer. Refuses to know how a customer reacts.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import traitlets

from course.engine.answering import Answering, script, style
from course.engine.content import MOVES, Scenario, scenario
from course.engine.dialogue import CannotSay, Dialogue, walk
from course.engine.own_words import Judge, as_step, contested
from course.engine.plots import talk_plot
from course.engine.talk_shown import as_lines, bare_lines, curves, readings, shown, without_hints


class Player(Answering):
    """A talk with one customer; the answer is the walk through it."""

    _esm = script("afterwards", "player")
    _css = style("afterwards", "player")
    sections: ClassVar[tuple[str, ...]] = (
        "player", "state", "channel", "ending", "move", "meant", "check", "breather", "note",
    )  # fmt: skip

    talk = traitlets.Dict().tag(sync=True)
    """What is shown now: `turns, path, options, state, read, ending, debrief`."""

    plot = traitlets.Dict().tag(sync=True)
    """The curves over the turns, once the talk has ended. They come after it: a first plot takes its time."""

    def __init__(
        self, name: str, customer: Scenario, *, judge: Judge | None = None, graded: bool = False
    ) -> None:
        self._scenario, self._judge, self._graded = customer, judge, graded
        self._dialogue = Dialogue.begin(customer)
        self._before: dict[str, tuple[int, ...]] = {}
        told = {
            "id": customer.id,
            "name": customer.customer.name,
            "title": customer.title,
            "channel": customer.channel,
            "facts": " ".join(customer.facts.split()),
            "own": judge is not None,
            "readings": readings(),
            "graded": graded,
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
            self._before = curves(self._dialogue)
        self._dialogue = new
        self.talk = (without_hints(shown(new)) if self._graded else shown(new)) | {"path": self.value or []}
        if self._graded:
            return
        now = curves(new)
        self.plot = talk_plot(now, self._before if self._before != now else {}) if new.ending else {}

    def hear(self, message: dict[str, Any]) -> None:
        """Take own words, and how they were meant, besides what every answer hears."""
        match message:
            case {"kind": "own", "text": str(text)} if self._judge and text.strip():
                self.send({"kind": "said", **self._read(text.strip(), self._judge)})
            case {"kind": "meant", "move": str(move)} if move in MOVES and not self._graded:
                self.send({"kind": "said", "value": self._as_meant(move)})
            case _:
                super().hear(message)

    def _read(self, text: str, judge: Judge) -> dict[str, Any]:
        """Return the walk that own words lead to; none, with the reason, where the reading went wrong."""
        offered = {option.move for option in self._dialogue.options}
        try:
            step = as_step(text, self._scenario.as_complaint(), judge, offered=offered)
        except Exception:  # whatever a judge does wrong, the talk goes on
            return {"value": None, "say": "check.our-fault"}
        return {"value": [*self._dialogue.path, step]}

    def _as_meant(self, move: Any) -> list[Any] | None:
        """Return the walk with its last own words taken as they were meant."""
        path = self._dialogue.path
        if not path or not isinstance(path[-1], Mapping):
            return None
        return [*path[:-1], contested(path[-1], move)]

    def as_text(self) -> str:
        """Return the talk so far, the customer's anger after each line, and what can be said next."""
        return "\n".join(bare_lines(self._dialogue) if self._graded else as_lines(self._dialogue))


def _is_step(step: Any) -> bool:
    own = isinstance(step, dict) and isinstance(step.get("text"), str) and isinstance(step.get("move"), str)
    return own or isinstance(step, str)


def play(name: str, customer: str | Mapping[str, Any], *, judge: Judge | None = None) -> Player:
    """Return a player for the question `name`, with the customer of that scenario.

    {"kind": "call", "scenario": …} is a call that will be marked: nothing tells how it goes but the customer.
    """
    if isinstance(customer, str):
        return Player(name, scenario(customer), judge=judge)
    return Player(name, scenario(customer["scenario"]), judge=judge, graded=customer.get("kind") == "call")
