"""Hand in a notebook: look at its form, make a receipt, pack one file, and send it if it can be sent.

For the button in the notebook and for `heatproof demo`, which hands in a whole class by the same code.
Nothing that is unanswered stops anybody: it is told. The time comes in as an argument. Refuses to know how
anything is sent, and marks.
"""

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Protocol

from course.engine.answers_file import MAX_FILE, answers_path, write_whole
from course.engine.counted import Answers, answers_from
from course.engine.literal import cell_source, read_cell
from course.engine.notebook_file import MAX_NOTEBOOK, cell_text, cells_of, grade_id, read_bytes, read_json
from course.engine.packing import packed
from course.engine.questions import Question, questions_in
from course.engine.values import Refused, Value, fingerprint
from course.engine.words import word

FORMAT: Final = 1


@dataclass(frozen=True)
class Sent:
    """What became of sending: whether it arrived, and a sentence about it."""

    done: bool
    told: str


class Through(Protocol):
    """Whatever can send a folder to the instructor, as `autograders.exchange` can; it says how it went."""

    def submit(
        self, folder: Path, assignment: str, *, learner: str | None, when: datetime, course: Path
    ) -> Sent:
        """Send a folder named like the assignment. `course`: where to look for a course's settings."""


@dataclass(frozen=True)
class Form:
    """What a notebook answers and what it does not yet, before it is handed in.

    `complete`: names of the questions. `open`: name → a sentence. `notes`: what else learner
    and grader should know.
    """

    complete: tuple[str, ...]
    open: Mapping[str, str]
    notes: tuple[str, ...] = ()

    @property
    def told(self) -> tuple[str, ...]:
        """Sentences for the learner, the count first."""
        count = len(self.complete) + len(self.open)
        first = (
            word("handin.ready") if not self.open else word("handin.all", done=len(self.complete), all=count)
        )
        return (first, *self.open.values(), *self.notes)


@dataclass(frozen=True)
class Receipt:
    """What was handed in and when. Its hash is that of all answers, so that nobody can dispute them later."""

    assignment: str
    answers_sha256: str
    handed_in: str
    complete: tuple[str, ...]
    open: Mapping[str, str]
    notes: tuple[str, ...]
    format: int = FORMAT

    def as_json(self) -> bytes:
        """Return the receipt as a file."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8") + b"\n"


@dataclass(frozen=True)
class HandedIn:
    """What became of handing in; `receipt` is None when nothing could be taken. `told` is for the learner."""

    receipt: Receipt | None
    zip: Path | None
    sent: bool
    told: tuple[str, ...]


@dataclass(frozen=True)
class _Opened:
    """A notebook and the file beside it, read once, so that all that follows speaks of the same moment."""

    notebook: bytes
    beside: bytes | None
    questions: Mapping[str, Question]
    answers: Answers


def _open(notebook: Path) -> _Opened:
    data = read_bytes(notebook, MAX_NOTEBOOK)
    questions = questions_in(read_json(data, notebook.name), notebook.name)
    beside, told = _beside(notebook)
    answers = answers_from(data, beside, list(questions))
    return _Opened(data, beside, questions, replace(answers, notes=(*told, *answers.notes)))


def _beside(notebook: Path) -> tuple[bytes | None, tuple[str, ...]]:
    path = answers_path(notebook)
    try:
        return (read_bytes(path, MAX_FILE) if path.exists() else None), ()
    except Refused as fault:
        return None, (str(fault),)


def check_form(notebook: Path) -> Form:
    """Return what a notebook answers and what it does not. Raise Refused if it cannot be read."""
    return _form(_open(notebook))


def _form(opened: _Opened) -> Form:
    lacks = {
        name: opened.answers.refused.get(name) or question.lacks(opened.answers.values[name])
        for name, question in opened.questions.items()
    }
    complete = tuple(name for name, what in lacks.items() if not what)
    return Form(complete, {name: what for name, what in lacks.items() if what}, opened.answers.notes)


def hand_in_notebook(
    notebook: Path,
    assignment: str,
    *,
    when: datetime,
    through: Through | None = None,
    learner: str | None = None,
) -> HandedIn:
    """Hand in a notebook: pack it beside itself and send it `through` whatever there is. Never raises.

    `when` must know its time zone. `learner` is given only where one program hands in for many.
    """
    try:
        opened = _open(notebook)
    except Refused as fault:
        return HandedIn(None, None, sent=False, told=(word("handin.nothing", reason=str(fault)),))
    form = _form(opened)
    receipt = Receipt(
        assignment,
        fingerprint(dict(opened.answers.values)),
        when.astimezone(UTC).isoformat(timespec="seconds"),
        form.complete,
        form.open,
        form.notes,
    )
    files = files_of(opened, assignment, receipt)
    # Settings are Python: look for them above the notebook's folder, never beside what was handed in.
    course = notebook.resolve().parent.parent
    sent = _send(files, assignment, through, learner, when, course)
    archive, packing = _pack(notebook, files, "handin.copy" if sent.done else "handin.zip")
    renamed = word("handin.renamed", file=notebook.name, assignment=assignment)
    told = [*form.told, *([] if notebook.stem == assignment else [renamed]), sent.told, packing]
    return HandedIn(receipt, archive, sent.done, tuple(told))


def files_of(opened: _Opened, assignment: str, receipt: Receipt) -> dict[str, bytes]:
    """Return the files that are handed in, by name; every answer stands in its cell of the notebook."""
    files = {f"{assignment}.ipynb": _filled(opened)}
    if opened.beside is not None:
        files[f"{assignment}.answers.json"] = opened.beside
    return files | {"receipt.json": receipt.as_json()}


def _filled(opened: _Opened) -> bytes:
    """Return the notebook's bytes, with each answer that only the file holds written into its cell.

    A platform that takes a single .ipynb loses the file beside it; so what is handed in never needs it.
    """
    read = read_json(opened.notebook, "notebook")
    changed = [_fill(cell, opened.answers.values) for cell in cells_of(read, "notebook")]
    if not any(changed):
        return opened.notebook
    try:
        return json.dumps(read, ensure_ascii=False, indent=1, allow_nan=False).encode("utf-8") + b"\n"
    except ValueError:  # something odd outside the answers; the file beside it still holds them
        return opened.notebook


def _fill(cell: Any, values: Mapping[str, Value | None]) -> bool:
    name, text = grade_id(cell), cell_text(cell)
    value = values.get(name) if name else None
    if name is None or text is None or value is None or _holds(text, name, value):
        return False
    try:
        cell["source"] = cell_source(name, value).splitlines(keepends=True)
    except Refused:
        return False
    return True


def _holds(text: str, name: str, value: Value) -> bool:
    try:
        return fingerprint(read_cell(text, name)) == fingerprint(value)
    except Refused:
        return False


def _pack(notebook: Path, files: Mapping[str, bytes], saying: str) -> tuple[Path | None, str]:
    archive = notebook.with_name(f"{notebook.stem}-hand-in.zip")
    try:
        write_whole(archive, packed(files))
    except OSError as fault:
        return None, word("handin.no-zip", reason=os.strerror(fault.errno or 0))
    return archive, word(saying, file=archive.name)


def _send(
    files: Mapping[str, bytes],
    assignment: str,
    through: Through | None,
    learner: str | None,
    when: datetime,
    course: Path,
) -> Sent:
    """Send the files from a folder of their own, so that nothing else of the learner's goes along."""
    if through is None:
        return Sent(done=False, told=word("handin.no-exchange"))
    try:
        with tempfile.TemporaryDirectory(prefix="hand-in-") as place:
            folder = Path(place) / assignment
            folder.mkdir()
            for name, data in files.items():
                (folder / name).write_bytes(data)
            return through.submit(folder, assignment, learner=learner, when=when, course=course)
    except Exception as fault:  # our fault, not the learner's: the answers are packed all the same
        return Sent(done=False, told=word("handin.trouble", reason=f"{type(fault).__name__}: {fault}"))
