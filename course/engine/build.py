"""Build a notebook (.ipynb) from the Markdown text that a person wrote: the same bytes each time.

For `heatproof build`. Knows which cells a block turns into, so that nobody types nbgrader's marks by hand;
refuses to know keys: what a question shows, its model answer and its checks come in as a `Task`.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import nbformat

from course.engine.cells import (
    STUB,
    Check,
    Task,
    answer_cell,
    check_cell,
    plain_cell,
    player_cell,
    player_source,
    question_cells,
    written,
)
from course.engine.faults import Fault, Faults, did_you_mean
from course.engine.markdown_cells import Front, NotebookText, Piece, read_notebook_text
from course.engine.model_reading import Written, fit
from course.engine.places import content_names
from course.engine.words import word
from course.engine.yaml_reading import document_of

_KINDS = {"play": "scenarios", "sort": "exercises", "write": "scenarios"}


class BlockBody(Written):
    """What may stand between the fences of a lesson's block."""

    name: str | None = None


def build(path: Path, *, tasks: Mapping[str, Task] | None = None) -> bytes:
    """Return the notebook of a Markdown text; raise `Faults` with everything that is wrong in it.

    An assignment is a master for nbgrader: its answer cells hold the model answers of `tasks` as solutions.
    """
    text = read_notebook_text(path)
    return _Builder(text, path, dict(tasks or {})).bytes()


class _Builder:
    """One notebook in the making: counts names and cells, collects faults."""

    def __init__(self, text: NotebookText, path: Path, tasks: dict[str, Task]) -> None:
        self.text, self.path, self.tasks = text, path, tasks
        self.faults: list[Fault] = []
        self.counts: dict[str, int] = {}
        self.names: dict[str, int] = {}

    def bytes(self) -> bytes:
        assignment = self.text.front.heatproof == "assignment"
        cells = list(self._assignment() if assignment else self._lesson())
        if self.faults:
            raise Faults(self.faults)
        return written(cells, self.text.name, self.text.front)

    def _lesson(self) -> Iterator[nbformat.NotebookNode]:
        for piece in self._with_front():
            if piece.word in _KINDS:
                yield from self._practice(piece)
            elif piece.word in ("question", "hand-in"):
                what = f"a lesson has no {piece.word!r}"
                self._fault(piece, what, "use play, sort or write, or make it an assignment")
            else:
                yield plain_cell(piece)

    def _assignment(self) -> Iterator[nbformat.NotebookNode]:
        checks: list[Check] = []
        ends: list[nbformat.NotebookNode] = []
        for piece in self._with_front():
            if piece.word == "question":
                task = self._task(piece)
                if task:
                    checks += task.checks
                    yield from question_cells(task)
            elif piece.word == "hand-in":
                ends.append(
                    player_cell("hand_in", player_source("hand_in", self.text.name, lent=("exchange",)))
                )
                self._named("hand_in", piece)
            elif piece.word in _KINDS:
                self._fault(
                    piece, f"an assignment has no {piece.word!r}", "write ```question and put it into the key"
                )
            else:
                if ends:
                    self._fault(
                        piece, "something stands after the hand-in", "let the hand-in be the last block"
                    )
                yield plain_cell(piece)
        self._complete(ends)
        yield from map(check_cell, checks)
        yield from ends

    def _with_front(self) -> Iterator[Piece]:
        """Yield the pieces, and after the first text what the front matter promises."""
        promise = _promise(self.text.front)
        for number, piece in enumerate(self.text.pieces):
            if number == 0 and promise and piece.word:
                yield promise
            yield piece
            if number == 0 and promise and not piece.word:
                yield promise

    def _practice(self, piece: Piece) -> Iterator[nbformat.NotebookNode]:
        self.counts[piece.word] = self.counts.get(piece.word, 0) + 1
        name = self._body(piece).name or f"{piece.word}_{self.counts[piece.word]}"
        known = content_names(_KINDS[piece.word], self.path.resolve().parent)
        if piece.argument not in known:
            what = f"no {_KINDS[piece.word].removesuffix('s')} {piece.argument!r}"
            self._fault(piece, what, did_you_mean(piece.argument, known))
        if not name.isidentifier():
            self._fault(piece, f"{name!r} cannot name an answer", "use small letters, digits and _")
        if self._named(name, piece):
            lent = () if piece.word == "sort" else ("judge",)
            yield answer_cell(name, f"{name} = None\n{STUB}")
            yield player_cell(f"{name}_player", player_source(piece.word, name, piece.argument, lent=lent))

    def _body(self, piece: Piece) -> BlockBody:
        if not piece.body.strip():
            return BlockBody()
        try:
            document = document_of("\n" * piece.line + piece.body, self.text.file)
        except Faults as wrong:
            self.faults += wrong.faults
            return BlockBody()
        body, faults = fit(document, BlockBody)
        self.faults += [*document.faults, *faults]
        return body or BlockBody()

    def _task(self, piece: Piece) -> Task | None:
        if not self._named(piece.argument, piece):
            return None
        if piece.argument not in self.tasks:
            what = f"the key has no question {piece.argument!r}"
            self._fault(piece, what, did_you_mean(piece.argument, self.tasks))
        return self.tasks.get(piece.argument)

    def _named(self, name: str, piece: Piece) -> bool:
        first = self.names.setdefault(name, piece.line)
        if first != piece.line:
            self._fault(piece, f"{name!r} stands twice (first in line {first})", "give it another name")
        return first == piece.line

    def _complete(self, ends: list[nbformat.NotebookNode]) -> None:
        for name in self.tasks.keys() - self.names.keys():
            what = f"the key's question {name!r} is not asked"
            self.faults.append(
                Fault(self.text.file, 0, what, f"add ```question {name}, or take it out of the key")
            )
        if not ends:
            self.faults.append(Fault(self.text.file, 0, "nobody can hand this in", "end it with ```hand-in"))

    def _fault(self, piece: Piece, what: str, cure: str) -> None:
        self.faults.append(Fault(self.text.file, piece.line, what, cure))


def _promise(front: Front) -> Piece | None:
    """Return the text that tells how long it takes and what one can do afterwards."""
    lines = [f"*{word('notebook.minutes', minutes=front.minutes)}*"] if front.minutes else []
    if front.able_to:
        lines += ["", word("notebook.able-to"), "", *(f"- {able}" for able in front.able_to)]
    return Piece("", "", "\n".join(lines).strip(), 0) if lines else None
