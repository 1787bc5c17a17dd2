"""Read a plan as words: one plain form for the rules, every word with its place in the learner's own text.

For the rest of the judge. Folds case, accents, look-alike letters, contractions and chat spelling; drops
what is
invisible; marks sentences, quotations and negators. Linear in the length of the text. Refuses to know what
the
words mean.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from autograders.judging.spelling import LOOK_ALIKES, bag, expand
from autograders.judging.stems import stem

_WORD = re.compile(r"[a-z0-9\x1a]++(?:['.,:/&@-][a-z0-9\x1a]++)*+|\n|[^ ]")
"""Possessive throughout (`++`, `*+`): this one never steps back, and is read without RE2's wrapper."""
_ABBREVIATIONS = bag("mr mrs ms dr st art incl approx max min nr e.g i.e etc vs tel ext")
_ENDS = {".": ".", "!": ".", ";": ".", "\n": ".", "?": "?", ":": ":"}
_FEW = 4
_NOT_MANY = 9
_PAUSES = frozenset(",()[]{}/-|=+*&")


@dataclass(frozen=True, eq=False)
class Text:
    """A text as words. `spans[i]` is the place of `words[i]` in the text as written; punctuation that ends
    something is a word too (`.`, `?`, `:`). `sentence[i]`, `quote[i]` (-1: outside) and `pause[i]` (a comma
    stands before it) are as long as `words`."""

    written: str
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    sentence: tuple[int, ...]
    quote: tuple[int, ...]
    pause: tuple[bool, ...]
    lines: tuple[int, ...]
    foreign_letters: int

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """The sentences as half-open ranges of words."""
        found: list[tuple[int, int]] = []
        start = 0
        for index in range(1, len(self.words) + 1):
            if index == len(self.words) or self.sentence[index] != self.sentence[index - 1]:
                found.append((start, index))
                start = index
        return tuple(found)

    @cached_property
    def capital(self) -> tuple[bool, ...]:
        """For each word whether it is written with a capital."""
        return tuple(self.written[start].isupper() for start, _ in self.spans)

    def quoted(self, first: int, last: int) -> tuple[int, int, str]:
        """Return (start, end, text) of the words first..last (half-open) as the learner wrote them."""
        start, end = self.spans[first][0], self.spans[last - 1][1]
        return start, end, self.written[start:end]

    def between(self, start: int, end: int) -> tuple[str, ...]:
        """Return the words that begin between two places of the text as written."""
        return self.words[bisect_left(self.spans, (start,)) : bisect_left(self.spans, (end,))]

    def clause(self, first: int, last: int) -> tuple[int, int]:
        """Widen the words first..last (half-open) to the clause that they stand in: to a comma, the end of a
        sentence or of a quotation. A clause of a word or two takes the next one too, else a short one before
        it."""
        while first and self._joined(first):
            first -= 1
        length = len(self.words)
        while last < length and (self._joined(last) or (last - first < _FEW and self.beside(last))):
            last += 1
        if first and last - first < _FEW and self.beside(first):
            before = first - 1
            while before and self._joined(before):
                before -= 1
            first = before if first - before <= _NOT_MANY else first
        return first, last - (last - first > 1 and self.words[last - 1] in ".:")

    def beside(self, index: int) -> bool:
        """Say whether a word stands in the same sentence and the same quotation as the word before it."""
        before = index - 1
        return self.sentence[index] == self.sentence[before] and self.quote[index] == self.quote[before]

    def _joined(self, index: int) -> bool:
        """Say whether a word stands in the same clause as the word before it."""
        return self.beside(index) and not self.pause[index] and self.words[index - 1] != ":"

    @cached_property
    def bases(self) -> frozenset[str]:
        """The stems of the words without punctuation."""
        return frozenset(map(stem, self.plain))

    @cached_property
    def plain(self) -> tuple[str, ...]:
        """The words without punctuation."""
        return tuple(word for word in self.words if word not in ".?:")


def read(written: str) -> Text:
    """Read a text. Any string will do."""
    folded, places, foreign = _fold(written)
    raw = [(found[0], found.start(), found.end()) for found in _WORD.finditer(folded)]
    quotes = _quotations(raw, folded)
    made: list[tuple[str, tuple[int, int], int, int, bool, int]] = []
    number, line, paused, begun, last = 0, 0, False, False, "."
    for (item, start, end), quote in zip(raw, quotes, strict=True):
        place = places[start], places[end - 1] + 1
        if item in _ENDS:
            if begun and not (item == "." and last in _ABBREVIATIONS):
                if not (item in ".:" and last in ".?:"):
                    last = _ENDS[item]
                    made.append((last, place, number, quote, paused, line))
                if item != ":":
                    number, begun = number + 1, False
            line += item == "\n"
            paused = False
        elif item[0].isalnum() or item[0] == "\x1a":
            for word in expand(item, last):
                made.append((word, place, number, quote, paused, line))
                paused, begun = False, True
            last = made[-1][0] if made else "."
        elif item in _PAUSES:
            paused = True
            if item == "/" and begun and folded[start - 1 : start] == " ":
                last = "."
                made.append((last, place, number, quote, paused, line))
                number, begun = number + 1, False
    words, spans, sentence, quoted, pause, lines = zip(*made, strict=True) if made else ((),) * 6
    return Text(written, words, spans, sentence, quoted, pause, lines, foreign)


def _fold(written: str) -> tuple[str, Sequence[int], int]:
    """Return plain lower-case ASCII, the place of each letter in the text as written, and how many letters
    had no plain form."""
    if written.isascii():
        return written.lower().replace("\r", "\n").replace("\t", " "), range(len(written)), 0
    out: list[str] = []
    places: list[int] = []
    foreign = 0
    for place, character in enumerate(written):
        plain = _plain(character)
        foreign += "\x1a" in plain
        out.append(plain)
        places.extend([place] * len(plain))
    return "".join(out), places, foreign


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    if character in LOOK_ALIKES:
        return LOOK_ALIKES[character]
    if character in "\u2028\u2029\x85\r":
        return "\n"
    decomposed = unicodedata.normalize("NFKD", character).lower()
    kept = []
    for part in decomposed:
        category = unicodedata.category(part)
        if category.startswith("M") or category == "Cf":
            continue
        if part == "\n" or (part.isascii() and part.isprintable()):
            kept.append(part)
        elif part in LOOK_ALIKES:
            kept.append(LOOK_ALIKES[part])
        elif category.startswith("L"):
            kept.append("\x1a")
        elif category == "So":
            kept.append("!")
        else:
            kept.append(" ")
    return "".join(kept)


def _quotations(raw: list[tuple[str, int, int]], folded: str) -> list[int]:
    """Return for each raw item the number of the quotation that it stands in, or -1."""
    inside = [-1] * len(raw)
    for mark in ('"', "'"):
        opened: int | None = None
        for index, (item, start, end) in enumerate(raw):
            if item != mark:
                continue
            before = folded[start - 1 : start]
            after = folded[end : end + 1]
            opens = (not before or before in ' \n([{-"/:') and bool(after) and after not in " \n"
            if opened is None and (opens or mark == '"'):
                opened = index
            elif opened is not None:
                for between in range(opened, index + 1):
                    inside[between] = opened
                opened = None
    return inside
