"""The plans that wait for a person, one after the other, in a grader's notebook.

    queue("heat-plan-a", desk=desk, marker="Ruth")

For graders. The desk is lent by whoever calls, as a judge is to the pen: it knows the plans and writes down
what is decided. Refuses to know whose plan it is, and how a level is written.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

import traitlets

from course.engine.answering import Drawn, script, style
from course.engine.queue_text import as_lines, standing
from course.engine.words import word

Item = Mapping[str, Any]


class Desk(Protocol):
    """What gives plans and takes decisions (`autograders.desk` does)."""

    def waiting(self, assignment: str) -> tuple[list[dict[str, Any]], str]:
        """Return the plans as plain data, the least sure first, and a sentence where that went wrong."""

    def give(
        self, assignment: str, item: Item, levels: Mapping[str, int], reason: str, *, marker: str
    ) -> tuple[str, dict[str, Any] | None]:
        """Write down levels; return an empty text, or why not, and the plan as it is now if that differs."""


class Queue(Drawn):
    """One plan at a time, with the levels to choose and a reason to write."""

    _esm = script("queue")
    _css = style("pen", "queue")
    sections: ClassVar[tuple[str, ...]] = ("queue", "sorter", "player", "channel", "page")

    item = traitlets.Dict().tag(sync=True)
    """The plan that is shown; empty where none waits."""

    place = traitlets.Dict().tag(sync=True)
    """Where we are: `number` and `of` the plans that wait, `decided` here, `told` where none can be shown."""

    def __init__(self, assignment: str, *, desk: Desk, marker: str) -> None:
        self._assignment, self._desk, self._marker = assignment, desk, marker
        self._items, told = desk.waiting(assignment)
        self._at = 0
        self._written: dict[str, str] = {}
        super().__init__(told={"assignment": assignment, "marker": marker})
        self._show(told)

    def hear(self, message: dict[str, Any]) -> None:
        """Go on, go back, or write down what was chosen for the plan that is shown."""
        match message:
            case {"kind": "go", "by": 1 | -1 as by} if self._items:
                self._at = (self._at + by) % len(self._items)
                self._show()
            case {"kind": "decide", "id": str(id_), "levels": dict(levels), "reason": str(reason)}:
                self.send({"kind": "decided", **self.decide(id_, levels, reason)})

    def decide(self, id_: str, levels: Mapping[str, Any], reason: str) -> dict[str, Any]:
        """Write down levels of the plan with this id and go on; return `ok`, what to `say`, its `draft`.

        A plan that was written down here is not written twice: its second press hears what the first did.
        """
        if id_ in self._written:
            return {"ok": True, "say": word("queue.written"), "draft": self._written[id_]}
        if not self._items or self.item["id"] != id_:
            return {"ok": False, "say": word("queue.gone")}
        item = self._items[self._at]
        given = {name: level for name, level in levels.items() if type(level) is int}
        if any(step["waits"] and step["name"] not in given for step in item["steps"]):
            return {"ok": False, "say": word("queue.choose")}
        if not given:
            return {"ok": False, "say": word("queue.same")}
        if not reason.strip():
            return {"ok": False, "say": word("queue.why")}
        fault, now = self._desk.give(self._assignment, item, given, reason, marker=self._marker)
        if fault:
            if now is not None:
                self._items[self._at] = now
                self._show()
            return {"ok": False, "say": fault}
        del self._items[self._at]
        self._written[id_] = item["draft"]
        self._at = self._at % len(self._items) if self._items else 0
        self._show()
        return {"ok": True, "say": word("queue.written"), "draft": item["draft"]}

    def _show(self, told: str = "") -> None:
        self.item = self._shown(self._items[self._at]) if self._items else {}
        number = self._at + 1 if self._items else 0
        decided = len(self._written)
        self.place = {"number": number, "of": len(self._items), "decided": decided, "told": told}

    @staticmethod
    def _shown(item: Item) -> dict[str, Any]:
        steps = [{**step, "standing": standing(step)} for step in item["steps"]]
        return {**item, "steps": steps}

    def as_text(self) -> str:
        """Return the plan that is shown, as the command line prints it."""
        if not self.item:
            return self.place["told"] or word("queue.none")
        head = word("queue.place", number=self.place["number"], of=self.place["of"])
        return "\n".join([f"{word('queue.title')}. {head}", "", *as_lines(self.item)])


def queue(assignment: str, *, desk: Desk, marker: str) -> Queue:
    """Return the queue of an assignment; `marker` is whose decisions these are."""
    return Queue(assignment, desk=desk, marker=marker)
