"""A button to hand in with: what is answered, what is not, one question if something is missing, a receipt.

    hand_in("heat-plan-a", through=exchange)

For assignments. Handing in itself is `hand_in.py`; this asks, and shows what became of it. Refuses to know
how anything is packed or sent.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import traitlets

from course.engine.answering import Drawn, script, style
from course.engine.answers import Refused, find_notebook
from course.engine.hand_in import HandedIn, Through, check_form, hand_in_notebook
from course.engine.words import word


class HandInButton(Drawn):
    """The form of the notebook as it lies on disk, and the receipt once it is handed in."""

    _esm = script("hand_in")
    _css = style("hand_in")
    sections: ClassVar[tuple[str, ...]] = ("handin",)

    form = traitlets.Dict().tag(sync=True)
    """`complete` (names), `open` ({name: sentence}), `notes`, `fault`; empty before anybody looked."""

    receipt = traitlets.Dict().tag(sync=True)
    """`time, hash, zip, told, sent` of the last hand-in; empty before it."""

    def __init__(self, assignment: str, *, through: Through | None = None) -> None:
        self._assignment, self._through = assignment, through
        super().__init__(told={"assignment": assignment})
        self.look()

    def hear(self, message: dict[str, Any]) -> None:
        """Look at the form, or hand in; the notebook has been saved before either."""
        match message:
            case {"kind": "look"}:
                self.look()
                self.send({"kind": "looked"})
            case {"kind": "hand-in"}:
                self.look()
                self.hand_in()
                self.send({"kind": "handed-in"})

    def look(self) -> None:
        """Read what the notebook and the file beside it hold."""
        try:
            form = check_form(find_notebook())
        except Refused as fault:
            self.form = {"complete": [], "open": {}, "notes": [], "fault": str(fault)}
            return
        self.form = {"complete": list(form.complete), "open": dict(form.open), "notes": list(form.notes)}

    def hand_in(self) -> None:
        """Hand in what lies on disk now, and show the receipt."""
        try:
            notebook: Path = find_notebook()
        except Refused as fault:
            self.receipt = {"told": [word("handin.failed", reason=str(fault))], "sent": False}
            return
        done = hand_in_notebook(notebook, self._assignment, when=datetime.now(UTC), through=self._through)
        self.receipt = shown(done)

    def as_text(self) -> str:
        """Return what is answered and what is not, and the receipt."""
        lines = [word("handin.title")]
        lines += [self.form["fault"]] if self.form.get("fault") else []
        lines += [word("handin.answered", question=name) for name in self.form["complete"]]
        lines += [*self.form["open"].values(), *self.form["notes"], *self.receipt.get("told", ())]
        if self.receipt.get("hash"):
            lines += [word("handin.receipt.time", time=self.receipt["time"])]
            lines += [word("handin.receipt.hash", hash=self.receipt["hash"])]
        return "\n".join(lines)


def shown(done: HandedIn) -> dict[str, Any]:
    """Return what became of a hand-in as plain data to draw."""
    if done.receipt is None:
        return {"told": list(done.told), "sent": False}
    return {
        "told": list(done.told),
        "sent": done.sent,
        "zip": done.zip.name if done.zip else "",
        "time": done.receipt.handed_in.replace("T", " ").replace("+00:00", " UTC"),
        "hash": done.receipt.answers_sha256,
    }


def hand_in(assignment: str, *, through: Through | None = None) -> HandInButton:
    """Return a button that hands in this notebook as that assignment."""
    return HandInButton(assignment, through=through)
