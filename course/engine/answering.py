"""What every player shares: it has a name, it shows words, it keeps an answer and takes it up again.

For the sorter, the pen and the player. JavaScript draws, and stores into the notebook; here it is decided
what the answer is and what is shown. Refuses to know what a good answer is.
"""

import os
from html import escape
from importlib.resources import files
from typing import Any, ClassVar

import anywidget
import traitlets

from course.engine.answers import Entry, Keeper, Refused, answers_path, read_answers_file, read_cell, settle
from course.engine.words import all_words

JS = files("course.engine") / "js"


def script(*names: str) -> str:
    """Return the JavaScript of a widget, with what all share before it."""
    return "\n".join(_read(f"{name}.js") for name in ("common", *names))


def style(*names: str) -> str:
    """Return the style sheet of a widget, with what all share before it."""
    return "\n".join(_read(f"{name}.css") for name in ("common", *names))


def _read(name: str) -> str:
    return (JS / name).read_text(encoding="utf-8")


def words_of(*sections: str) -> dict[str, str]:
    """Return the words whose ids begin with one of the sections, for JavaScript to fill in."""
    return {name: text for name, text in all_words().items() if name.split(".")[0] in sections}


class Drawn(anywidget.AnyWidget):
    """A widget with words and a text twin: `print` shows what it shows."""

    sections: ClassVar[tuple[str, ...]] = ()

    words = traitlets.Dict().tag(sync=True)
    told = traitlets.Dict().tag(sync=True)
    """What does not change while it is shown: texts, choices, limits."""

    def __init__(self, **given: Any) -> None:
        super().__init__(words=words_of("saved", "common", *self.sections), **given)
        self.on_msg(lambda _, message, __: self.hear(message))

    def hear(self, message: dict[str, Any]) -> None:
        """Take a message of the JavaScript half."""

    def as_text(self) -> str:
        """Return what the widget shows, as text."""
        raise NotImplementedError

    def __str__(self) -> str:
        return self.as_text()

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Show the widget; to a grader, for whom no widget lives, show its text."""
        if os.environ.get("NBGRADER_EXECUTION"):
            text = self.as_text()
            return {
                "text/plain": text,
                "text/html": f"<pre style='white-space:pre-wrap'>{escape(text)}</pre>",
            }, {}
        shown = super()._repr_mimebundle_(**kwargs)
        if isinstance(shown, tuple):
            shown[0]["text/plain"] = self.as_text()
        return shown


class Answering(Drawn):
    """A widget that holds the answer to one question, by name.

    The learner's changes arrive as messages, are checked, filed and drawn. What the notebook's answer cell
    holds arrives as a message, too, when the widget is shown: it may be newer than what lies on disk.
    """

    name = traitlets.Unicode().tag(sync=True)
    value = traitlets.Any(None, allow_none=True).tag(sync=True)
    """The answer as Python knows it."""

    def __init__(self, name: str, **given: Any) -> None:
        self._keeper = Keeper(name)
        super().__init__(name=name, **given)
        self.take(self._keeper.restored)

    def accepts(self, value: Any) -> bool:
        """Say whether a value has the form of an answer to this question."""
        raise NotImplementedError

    def draw(self) -> None:
        """Set what the learner sees from `value`."""

    def take(self, value: Any) -> None:
        """Make a value the answer, or none if it has not the form of one, and draw it."""
        self.value = value if value is not None and self.accepts(value) else None
        self.draw()

    def hear(self, message: dict[str, Any]) -> None:
        """Take a learner's change, the notebook's word that it is stored, or what its cell holds."""
        match message:
            case {"kind": "answer", "value": value} if self.accepts(value):
                kept = self._keeper.put(value)
                self.send({"kind": "filed", "safe": kept.safe, "say": kept.told})
                self.take(value)
            case {"kind": "stored", "value": value}:
                self._keeper.stored_in_notebook(value)
            case {"kind": "cell", "source": source, "again": again}:
                self._take_up(source, again=again)

    def _take_up(self, source: str | None, *, again: bool) -> None:
        cell, counts, note = self._settled(source) if source is not None else (self.value, self.value, "")
        self.take(counts)
        if not note and self.value is not None and not again:
            note = "saved.restored"
        store = self.value is not None and self.value != cell
        self.send({"kind": "restored", "again": again, "store": store, "say": note})

    def _settled(self, source: str) -> tuple[Any, Any, str]:
        """Return what the cell holds, which answer counts, and what to say about it."""
        try:
            cell = read_cell(source, self.name)
        except Refused as fault:
            return None, None, str(fault)
        return cell, *settle(cell, self._entry(), self.name)

    def _entry(self) -> Entry | None:
        path = self._keeper.notebook and answers_path(self._keeper.notebook)
        try:
            return read_answers_file(path).entries.get(self.name) if path and path.is_file() else None
        except Refused:
            return None
