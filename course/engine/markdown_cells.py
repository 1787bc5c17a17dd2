"""Read a notebook that a person wrote as Markdown: front matter, texts, and the blocks that become cells.

For the builder of notebooks. Knows Markdown and fences; refuses to know what a block turns into.

    ---
    title: Reading replies
    heatproof: assignment
    ---
    # Who is helping here?
    +++
    ```question replies_1
    ```
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token
from pydantic import Field

from course.engine.faults import Fault, Faults, shown
from course.engine.model_reading import Written, fit
from course.engine.yaml_reading import document_of

BLOCKS = ("play", "sort", "write", "question", "hand-in", "python")
"""The words that a fence may open with to become a cell; every other fence stays part of its text."""

BREAK = "+++"
_MARKDOWN = MarkdownIt("commonmark")
_PRIVATE = re.compile(r"### (BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)", re.IGNORECASE)


class Front(Written):
    """What a notebook says of itself in its first lines."""

    title: Annotated[str, Field(min_length=1)]
    heatproof: Literal["lesson", "assignment"]
    minutes: Annotated[int, Field(ge=1, le=600)] | None = None
    able_to: tuple[Annotated[str, Field(min_length=1)], ...] = ()


@dataclass(frozen=True)
class Piece:
    """A text (word "") or a block: its word, what follows it, its body, and its first line in the file."""

    word: str
    argument: str
    body: str
    line: int


@dataclass(frozen=True)
class NotebookText:
    """A whole notebook as it was written. `file` is the name that faults are told under."""

    file: str
    name: str
    front: Front
    pieces: tuple[Piece, ...]


def read_notebook_text(path: Path) -> NotebookText:
    """Read a Markdown notebook; raise `Faults` with everything that is wrong in its form."""
    file = shown(path)
    lines = _lines(path, file)
    front, after, faults = _front(lines, file)
    pieces = tuple(_pieces(lines, after))
    faults += [fault for piece in pieces for fault in _faults(piece, file)]
    faults += _unclosed(lines, after, file)
    if faults or front is None:
        raise Faults(faults)
    return NotebookText(file, path.stem, front, pieces)


def _lines(path: Path, file: str) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").split("\n")
    except FileNotFoundError:
        raise Faults([Fault(file, 0, "there is no such file", "check its name and folder")]) from None
    except UnicodeDecodeError:
        cure = "save the file with the encoding UTF-8"
        raise Faults([Fault(file, 0, "is not written in UTF-8", cure)]) from None


def _front(lines: list[str], file: str) -> tuple[Front | None, int, list[Fault]]:
    """Return the front matter, the number of lines that it takes, and what is wrong with it."""
    fences = [number for number, line in enumerate(lines) if line.rstrip() == "---"][:2]
    if len(fences) < 2 or fences[0] != 0:
        what = "the notebook does not begin with its title between two lines '---'"
        return None, 0, [Fault(file, 1, what, "begin it with ---, title: …, heatproof: lesson, ---")]
    try:
        document = document_of("\n".join(["", *lines[1 : fences[1]]]) + "\n", file)
    except Faults as wrong:
        return None, fences[1] + 1, list(wrong.faults)
    front, faults = fit(document, Front)
    return front, fences[1] + 1, [*document.faults, *faults]


def _pieces(lines: list[str], after: int) -> Iterator[Piece]:
    """Yield the texts and blocks in their order; `after` is the number of lines of front matter."""
    fences = list(_fences(lines, after))
    covered = {number for start, end, _ in fences for number in range(start, end)}
    blocks = {start: (end, token) for start, end, token in fences if _word(token) in BLOCKS}
    start = number = after
    while number < len(lines):
        if number in blocks:
            yield from _text(lines, start, number)
            end, token = blocks[number]
            yield Piece(_word(token), _argument(token), token.content, number + 1)
            start = number = end
        elif lines[number].rstrip() == BREAK and number not in covered:
            yield from _text(lines, start, number)
            start = number = number + 1
        else:
            number += 1
    yield from _text(lines, start, len(lines))


def _fences(lines: list[str], after: int) -> Iterator[tuple[int, int, Token]]:
    """Yield (first line, line after the last, token) of the fences that stand at the top level."""
    for token in _MARKDOWN.parse("\n" * after + "\n".join(lines[after:])):
        if token.type == "fence" and token.level == 0 and token.map:
            yield token.map[0], token.map[1], token


def _text(lines: list[str], start: int, end: int) -> Iterator[Piece]:
    while start < end and not lines[start].strip():
        start += 1
    text = "\n".join(line.rstrip() if not line.endswith("  ") else line for line in lines[start:end]).rstrip()
    if text:
        yield Piece("", "", text, start + 1)


def _word(token: Token) -> str:
    return next(iter(token.info.split()), "")


def _argument(token: Token) -> str:
    return token.info.strip()[len(_word(token)) :].strip()


def _faults(piece: Piece, file: str) -> Iterator[Fault]:
    private = _PRIVATE.search(piece.body)
    if private:
        line = piece.line + piece.body[: private.start()].count("\n") + bool(piece.word)
        what = f"{private[0]!r} is nbgrader's own mark"
        yield Fault(file, line, what, "the builder writes these; answers belong into the key")
    if piece.word == "question" and not piece.argument:
        yield Fault(file, piece.line, "a question without a name", "write ```question replies_1")
    if piece.word in ("hand-in", "python") and piece.argument:
        what = f"{piece.argument!r} after {piece.word!r} means nothing here"
        yield Fault(file, piece.line, what, f"write ```{piece.word} alone")


def _unclosed(lines: list[str], after: int, file: str) -> list[Fault]:
    faults = []
    for start, end, token in _fences(lines, after):
        last = lines[end - 1].strip() if end <= len(lines) else ""
        if end - start < 2 or not last.startswith(token.markup) or last.strip(token.markup[0]):
            what = f"the block that opens with {lines[start].strip()!r} is never closed"
            faults.append(Fault(file, start + 1, what, f"end it with {token.markup}"))
        near = get_close_matches(_word(token).lower(), BLOCKS, n=1, cutoff=0.75)
        if near and _word(token) not in BLOCKS:
            what = f"no block is called {_word(token)!r}"
            faults.append(Fault(file, start + 1, what, f"did you mean {near[0]!r}?"))
    return faults
