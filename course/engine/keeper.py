"""Keep a learner's answer the moment it is given, and give it back when the notebook opens again.

For the players, which only call `Keeper`, and for whoever works without widgets, who calls `answer`. Two
copies are kept until one is sure: the file beside the notebook at once, and the notebook itself as soon as
our extension says so. Refuses to know what a question asks.
"""

import os
import sys
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from course.engine.answers_file import answers_path, remove_answer, write_answer
from course.engine.counted import Answers, answers_of
from course.engine.notebook_file import MAX_NOTEBOOK, read_bytes, read_json, read_notebook
from course.engine.questions import questions_in
from course.engine.values import Refused, Value, check_value, fingerprint
from course.engine.words import word

GRADING: Final = "NBGRADER_EXECUTION"
"""nbgrader sets this while it runs a notebook: nothing is written then; its cells give the answers."""


def find_notebook(start: Path | None = None) -> Path:
    """Return the notebook that we run in. Raise Refused, with the cure, where that cannot be told.

    Jupyter names it in JPY_SESSION_NAME, VS Code in a variable; else it is the only notebook in the folder.
    """
    folder = (start or Path.cwd()).resolve()
    named = (os.environ.get("JPY_SESSION_NAME", ""), _main().get("__vsc_ipynb_file__", ""))
    for name in named:
        if isinstance(name, str) and name.endswith(".ipynb") and (folder / name).is_file():
            return folder / name
    here = sorted(file for file in folder.glob("*.ipynb") if file.is_file())
    if len(here) == 1:
        return here[0]
    told = word("saved.many-notebooks", count=len(here)) if here else word("saved.no-notebook")
    raise Refused(f"{folder.name}: {told}")


def _main() -> dict[str, object]:
    return vars(sys.modules["__main__"]) if "__main__" in sys.modules else {}


@dataclass(frozen=True)
class Kept:
    """What became of an answer: whether it is safe, and a sentence where there is something to say."""

    safe: bool
    told: str = ""


class Keeper:
    """One question's answer in one notebook.

    `restored`: what counts now, None if nothing was answered. `told`: sentences for the learner about it.
    """

    def __init__(self, name: str, notebook: Path | str | None = None) -> None:
        self.name = name
        self.notebook: Path | None = None
        self.restored: Value | None = None
        self.told: tuple[str, ...] = ()
        self._own: set[str] = set()
        if GRADING in os.environ:
            self.restored = _from_the_run(name)
            return
        try:
            self.notebook = Path(notebook).resolve() if notebook else find_notebook()
            self._remember(answers_of(self.notebook, [name]))
        except Refused as fault:
            self.told = (str(fault),)

    def _remember(self, answers: Answers) -> None:
        self.restored = answers.values[self.name]
        self.told = (*answers.notes, *answers.refused.values())
        if self.restored is not None:
            self._own.add(fingerprint(self.restored))

    def put(self, value: Value) -> Kept:
        """Keep a value in the answers file at once. Never raises: what went wrong is told, with the cure."""
        if GRADING in os.environ:
            return Kept(safe=False)
        try:
            check_value(value, self.name)
            if self.notebook is None:
                return Kept(safe=False, told=" ".join(self.told))
            told = self._other_window()
            aside = write_answer(answers_path(self.notebook), self.name, value, self._in_the_cell())
        except Refused as fault:
            return Kept(safe=False, told=str(fault))
        except OSError as fault:
            return Kept(safe=False, told=_no_room(self.name, fault))
        self._own.add(fingerprint(value))
        return Kept(safe=True, told=" ".join(filter(None, (told, aside))))

    def stored_in_notebook(self, value: Value) -> None:
        """Hear that the notebook was saved with a value. The file's copy goes if the notebook holds it."""
        if GRADING in os.environ or self.notebook is None:
            return
        try:
            self._own.add(fingerprint(check_value(value, self.name)))
            in_cell = self._in_the_cell()
            if in_cell is not None and fingerprint(in_cell) in self._own:
                remove_answer(answers_path(self.notebook), self.name, in_cell)
        except (Refused, OSError):
            return  # the copy stays, which costs nothing

    def _in_the_cell(self) -> Value | None:
        assert self.notebook is not None
        try:
            return read_notebook(self.notebook, [self.name]).values[self.name]
        except Refused:
            return None

    def _other_window(self) -> str:
        """Return a sentence if the answer on disk is none that this window has shown or given."""
        assert self.notebook is not None
        try:
            now = answers_of(self.notebook, [self.name]).values[self.name]
        except Refused:
            return ""
        if now is None or fingerprint(now) in self._own:
            return ""
        self._own.add(fingerprint(now))
        return f"{self.name}: {word('saved.other-window')}"


def _from_the_run(name: str) -> Value | None:
    try:
        return check_value(_main().get(name), name)
    except Refused:
        return None


def _no_room(name: str, fault: OSError) -> str:
    reason = os.strerror(fault.errno) if fault.errno else type(fault).__name__
    return f"{name}: {word('saved.no-room', reason=reason)}"


def answer(name: str, value: Value, *, notebook: Path | str | None = None) -> None:
    """Answer a question without a widget: `answer("plan_1", "First I would …")`. Says what it did, and
    where.

    The notebook is the one that we run in, or the one named by `notebook`.
    """
    try:
        path = Path(notebook).resolve() if notebook else find_notebook()
        known = questions_in(read_json(read_bytes(path, MAX_NOTEBOOK), path.name), path.name)
        if name not in known:
            raise Refused(_unknown(name, list(known), path.name))
        keeper = Keeper(name, path)
        kept = keeper.put(value)
    except Refused as fault:
        kept = Kept(safe=False, told=str(fault))
    if kept.safe:
        print(f"Kept: {name}, in {answers_path(path).name}. It goes along when you hand in.")
    if kept.told:
        print(kept.told)


def _unknown(name: str, known: list[str], where: str) -> str:
    near = get_close_matches(name, known, n=1)
    cure = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(known) or 'none'}."
    return f"{where}: there is no question {name[:40]!a}; {cure}"
