"""Each word as two bytes, so that RE2 has a third of the letters to read and far fewer states to make.

A rubric's own words have a code each. Any other word shares one with all that begin and end alike, as far as
the rubric asks for beginnings (`listen~`) and endings (`~ed`). Codes are in the order of the alphabet: what
begins alike stands together, as one range. Refuses to know what a pattern is.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby

from autograders.judging.spelling import NEGATORS

FIRST = [chr(code) for code in range(0x80, 0x100)]
SECOND = [chr(code) for code in range(1, 0x80) if chr(code) not in "\n .?:!()[]{}|\\^$*+-"]
"""The two halves of a code. They differ, so that no code begins in the middle of another; none means anything
in a regular expression, `.?:` and space close what ends a sentence, and ! begins a negator."""
MOST = len(FIRST) * len(SECOND)
WORD = f"[{FIRST[0]}-{FIRST[-1]}]."
NEGATOR = "!."
DIGITS = "0123456789"
LAST = "\U0010ffff"
KNOWN = 20_000
"""Words of learners whose codes are kept."""


class TooManyWords(ValueError):
    """There are more words, beginnings and endings than codes."""


class Vocabulary:
    """The codes of all words. `asked`: the words, beginnings `listen~` and endings `~ed` of a rubric."""

    def __init__(self, asked: Iterable[str]) -> None:
        asked = sorted(set(asked))
        own = [word for word in asked if "~" not in word and word not in NEGATORS]
        begins = {word[:-1] for word in asked if word.endswith("~")} | {"", *DIGITS}
        self._ends = sorted((word[1:] for word in asked if word.startswith("~")), key=len, reverse=True)
        self._most = max(map(len, begins))
        self._begins = frozenset(begins)
        places: list[tuple[str, str | None]] = [(word, None) for word in own]
        places += [(begin, end) for begin in begins for end in (*self._ends, "")]
        places.sort(key=lambda place: place[0])
        if len(places) > MOST:
            raise TooManyWords(
                f"{len(places):,} words, beginnings and endings, of which {MOST:,} can be told"
            )
        self._texts = [text for text, _ in places]
        self._codes = {place: _code(number) for number, place in enumerate(places)}
        self._negators = {word: f"!{second}" for word, second in zip(sorted(NEGATORS), SECOND, strict=False)}
        self._bytes = lru_cache(KNOWN)(self._bytes_of)

    def encoded(self, words: Sequence[str]) -> bytes:
        """Return words as two bytes each; `.`, `?` and `:` close a sentence or a clause."""
        return b"".join(map(self._bytes, words))

    def _bytes_of(self, word: str) -> bytes:
        return (word + " " if word in ".?:" else self._code_of(word)).encode("latin-1")

    def _code_of(self, word: str) -> str:
        if word in NEGATORS:
            return self._negators[word]
        own = self._codes.get((word, None))
        if own is not None:
            return own
        lengths = range(min(len(word), self._most), -1, -1)
        begin = next(word[:length] for length in lengths if word[:length] in self._begins)
        return self._codes[begin, next((end for end in self._ends if word.endswith(end)), "")]

    def word(self, word: str) -> str:
        """Return the expression of one of the words that were asked for."""
        return self._negators[word] if word in NEGATORS else self._codes[word, None]

    def begins(self, begin: str) -> str:
        """Return the expression of all words that begin so; of negators where it is one."""
        if begin in NEGATORS:
            return "!" + _one_of(code[1] for word, code in self._negators.items() if word.startswith(begin))
        return _any(range(bisect_left(self._texts, begin), bisect_left(self._texts, begin + LAST)))

    def ends(self, end: str) -> str:
        """Return the expression of all words that end so."""
        return _any(
            number
            for number, (text, kind) in enumerate(self._codes)
            if (text if kind is None else kind).endswith(end)
        )

    def numbers(self) -> str:
        """Return the expression of all words that begin with a digit."""
        return _any(range(bisect_left(self._texts, DIGITS[0]), bisect_left(self._texts, DIGITS[-1] + LAST)))


def _code(number: int) -> str:
    first, second = divmod(number, len(SECOND))
    return FIRST[first] + SECOND[second]


def _any(numbers: Iterable[int]) -> str:
    """Return the expression of the codes of these places, which come in order."""
    halves = groupby((divmod(number, len(SECOND)) for number in numbers), key=lambda half: half[0])
    branches = [FIRST[first] + _one_of(SECOND[second] for _, second in group) for first, group in halves]
    return f"(?:{'|'.join(branches)})"


def _one_of(seconds: Iterable[str]) -> str:
    return f"[{''.join(seconds)}]"
