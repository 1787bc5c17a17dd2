"""Say which patterns a text can match at all, by its words, so that the others need not be tried.

For `behaviours`, which asks it of every plan. It may let a pattern through in vain; what it holds back has no
match (tests/test_sieve.py). Refuses to know what patterns mean.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, reduce
from operator import or_

from autograders.judging.patterns import Phrase


class Sieve:
    """Named patterns by the words that their phrases need; in a set of names every pattern is one bit."""

    def __init__(self, patterns: Mapping[str, Sequence[Phrase]]) -> None:
        self._bits = {name: 1 << place for place, name in enumerate(patterns)}
        self._always = 0
        self._asked: dict[str, int] = {}
        for name, phrases in patterns.items():
            for phrase in phrases:
                if phrase.need is None:
                    self._always |= self._bits[name]
            for word in frozenset().union(*(phrase.need for phrase in phrases if phrase.need)):
                self._asked[word] = self._asked.get(word, 0) | self._bits[name]
        self._longest = max(map(len, self._asked), default=0)
        self._of = lru_cache(maxsize=10_000)(self._asking)

    def lets_through(self, words: Iterable[str]) -> set[str]:
        """Return the names of the patterns that may have a match in the words of a text."""
        passed = reduce(or_, map(self._of, words), self._always)
        return {name for name, bit in self._bits.items() if passed & bit}

    def _asking(self, word: str) -> int:
        """Return the patterns that need a word: as it stands, by its beginning or by its ending."""
        lengths = range(1, min(len(word), self._longest) + 1)
        written = [word, *(word[:n] + "~" for n in lengths), *("~" + word[-n:] for n in lengths)]
        return reduce(or_, (self._asked.get(one, 0) for one in written))
