"""Cut a learner's text where marks begin and end, so that marks may overlap and every letter is shown once.

For the feedback page. Knows only text and numbers; refuses to write HTML, so that escaping has one place.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple


class Span(NamedTuple):
    """A marked stretch of the text: from `start` up to `end`, counted in characters, and whose mark it is."""

    start: int
    end: int
    kind: str


class Piece(NamedTuple):
    """A stretch of text under the same marks; `ending` are the kinds of the marks that end with it."""

    text: str
    kinds: tuple[str, ...] = ()
    ending: tuple[str, ...] = ()


def pieces(text: str, spans: Iterable[Span]) -> tuple[Piece, ...]:
    """Return the text cut at every border of a span; together they are the text. Bad spans are left out."""
    good = [span for span in spans if 0 <= span.start < span.end <= len(text)]
    cuts = sorted({0, len(text), *(span.start for span in good), *(span.end for span in good)})
    return tuple(_piece(text, start, end, good) for start, end in pairwise(cuts))


def _piece(text: str, start: int, end: int, spans: list[Span]) -> Piece:
    over = [span for span in spans if span.start <= start and end <= span.end]
    last = [span for span in over if span.end == end]
    return Piece(text[start:end], _kinds(over), _kinds(last))


def _kinds(spans: list[Span]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(span.kind for span in spans))
