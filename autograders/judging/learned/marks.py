"""Turn the sentences of a text into rows of hashed marks: words, pairs of words, pieces of words, the case.
A long sentence is read as a whole and in stretches.

For `training` and `model`. Marks are hashed with crc32, so they are the same on every machine. Words of this
complaint are also read as one sign, so that what is learned of one trade serves another. Refuses to know
labels.
"""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from autograders.judging.bind import Case
from autograders.judging.frames import Frames
from autograders.judging.spelling import bag
from autograders.judging.stems import stem
from autograders.judging.text import Text

BITS = 15
WIDTH = 1 << BITS
CASE_WEIGHT = 0.3
OURS, NAME = "§", "¤"
"""A word of this complaint; a name, whosoever."""
LONG, SHORT = 25, 6
"""A sentence of more words is read in stretches, too; the fewest words of one."""
_CAPITALS = bag(
    "i monday tuesday wednesday thursday friday saturday sunday january february march april may june "
    "july august september october november december"
)


@dataclass(frozen=True)
class Rows:
    """Sparse rows: marks[starts[i]:starts[i+1]] with their values belong to row i; every row has a mark."""

    marks: NDArray[np.intp]
    values: NDArray[np.float32]
    starts: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.starts) - 1


def hashed(kind: str, mark: str) -> int:
    """Return the column of a mark."""
    return zlib.crc32((kind + mark).encode()) & (WIDTH - 1)


@lru_cache(maxsize=20_000)
def _pieces(word: str) -> tuple[int, ...]:
    framed = f" {word} "
    return tuple({hashed("c", framed[i : i + n]) for n in (3, 4, 5) for i in range(len(framed) - n + 1)})


@lru_cache(maxsize=50_000)
def _word(word: str, denied: bool) -> int:
    return hashed("w", "!" + word if denied else word)


@lru_cache(maxsize=50_000)
def _pair(kind: str, first: str, second: str) -> int:
    return hashed(kind, f"{first} {second}")


@lru_cache(maxsize=50_000)
def _triple(first: str, second: str, third: str) -> int:
    return hashed("t", f"{first} {second} {third}")


def rows(text: Text, seen: Frames, case: Case, *, whole: bool = False) -> Rows:
    """Return one row a sentence, or one row for the text as a whole."""
    chosen = [(0, len(text.words))] if whole else ranges(text)
    said = _said(text, seen, case)
    marks: list[int] = []
    lengths: list[int] = []
    weights: list[float] = []
    for first, last in chosen:
        words, pieces = said.within(first, last)
        about = [hashed("e", mark) for mark in _about(text, case, said, first, last)]
        marks += (*words, *pieces, *about)
        lengths += (len(words), len(pieces), len(about))
        weights += (len(words) ** -0.5, max(1, len(pieces)) ** -0.5, CASE_WEIGHT)
    return Rows(
        np.fromiter(marks, dtype=np.intp, count=len(marks)),
        np.repeat(np.array(weights, dtype=np.float32), lengths),
        np.cumsum([0, *lengths])[::3],
    )


@lru_cache(maxsize=4)
def ranges(text: Text) -> Sequence[tuple[int, int]]:
    """Return what has a row, as half-open ranges of words: each sentence, and the stretches of a long one."""
    spoken = [(a, b) for a, b in text.sentences if b - a > 1 or text.words[a] not in ".?:"]
    found = [part for sentence in spoken for part in (sentence, *_stretches(text, *sentence))]
    return found or [(0, len(text.words))]


def _stretches(text: Text, first: int, last: int) -> Sequence[tuple[int, int]]:
    """Cut a long sentence where its writer paused, or began or ended a quotation."""
    if last - first <= LONG:
        return ()
    pauses = [at for at in range(first + 1, last) if text.pause[at] or text.quote[at] != text.quote[at - 1]]
    found, start, latest = [], first, first
    for at in (*pauses, last):
        if at - start > LONG and latest - start >= SHORT and last - latest >= SHORT:
            found.append((start, latest))
            start = latest
        latest = at
    return (*found, (start, last)) if found else ()


def joined(many: Iterable[Rows]) -> Rows:
    """Return the rows of many texts as one."""
    several = list(many)
    lengths = np.concatenate([np.diff(one.starts) for one in several])
    return Rows(
        np.concatenate([one.marks for one in several]),
        np.concatenate([one.values for one in several]),
        np.concatenate([[0], np.cumsum(lengths)]),
    )


@dataclass(frozen=True)
class _Said:
    """The words of a text with each run of names as one. `place[i]` is where word i of the text stands among
    them; all the rest is as long as they are: `signs`, in which this complaint's words are one; the marks of
    each word, of it with the word before, with the sign before (-1: neither is this complaint's) and with the
    two before, and of its pieces."""

    place: list[int]
    words: list[str]
    signs: list[str]
    alone: list[int]
    pairs: list[int]
    sign_pairs: list[int]
    threes: list[int]
    pieces: list[tuple[int, ...]]

    def part(self, first: int, last: int) -> tuple[int, int]:
        """Return where some words of the text stand: from and to (half-open)."""
        return (self.place[first], self.place[last - 1] + 1) if first < last else (0, 0)

    def within(self, first: int, last: int) -> tuple[set[int], set[int]]:
        """Return the marks of a range of the text: its words, alone and together, and pieces of words."""
        start, end = self.part(first, last)
        marks = {*self.alone[start:end], *self.pairs[start + 1 : end], *self.sign_pairs[start + 1 : end]}
        marks.update(self.threes[start + 2 : end])
        marks.discard(-1)
        words = ["^", *self.words[start:end], "$"]
        marks |= {_pair("b", *words[:2]), _pair("b", *words[-2:])}
        signs, length = ["^", "^", *self.signs[start:end], "$"], end - start
        for at in {0, min(1, length), length}:
            two, one, sign = signs[at : at + 3]
            marks.add(_triple(two, one, sign))
            if at in (0, length) and OURS in (one, sign):
                marks.add(_pair("d", one, sign))
        return marks, set().union(*self.pieces[start:end])


def _said(text: Text, seen: Frames, case: Case) -> _Said:
    """Read a text for its marks, once for all its ranges."""
    place: list[int] = []
    words: list[str] = []
    alone: list[int] = []
    for index, (word, capital, negators) in enumerate(
        zip(text.words, text.capital, seen.denied, strict=True)
    ):
        named = capital and is_name(text, index)
        if not (named and words and words[-1] == NAME):
            words.append(NAME if named else word)
            alone.append(_word(words[-1], negators % 2 == 1))
        place.append(len(words) - 1)
    signs = [OURS if stem(word) in case.special else word for word in words]
    before = ["^", *signs]
    return _Said(
        place,
        words,
        signs,
        alone,
        list(map(_pair, repeat("b"), ["^", *words], words)),
        [
            _pair("d", one, sign) if OURS in (one, sign) else -1
            for one, sign in zip(before, signs, strict=False)
        ],
        list(map(_triple, ["^", *before], before, signs)),
        list(map(_pieces, words)),
    )


def is_name(text: Text, index: int) -> bool:
    """Say whether a word is written as a name: with a capital, and not at the start of what is said."""
    start, end = text.spans[index]
    written = text.written[start:end]
    if (
        not written[:1].isupper()
        or (len(written) > 1 and written.isupper())
        or text.words[index] in _CAPITALS
    ):
        return False
    before = index - 1
    return index > 0 and text.beside(index) and text.words[before] not in ".?:"


def names_in(text: Text) -> list[str]:
    """Return the words of a text that are written as names."""
    return [
        word
        for index, (word, capital) in enumerate(zip(text.words, text.capital, strict=True))
        if capital and is_name(text, index)
    ]


def _about(text: Text, case: Case, said: _Said, first: int, last: int) -> Iterable[str]:
    start, end = said.part(first, last)
    yield f"ties {min(said.signs[start:end].count(OURS), 4)}"
    yield "simple" if case.simple else "complex"
    if any(quote >= 0 for quote in text.quote[first:last]):
        yield "speech"
    if last > first and text.words[last - 1] == "?":
        yield "question"
