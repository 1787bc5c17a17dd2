"""Say which patterns a text can match at all, by its words, so that the others need not be tried.

For `behaviours`, which asks it of every plan: most patterns need words that a plan has not. It may let a
pattern through in vain; what it holds back has no match (tests/test_sieve.py). Refuses to know what patterns
mean.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, reduce
from operator import or_

from autograders.judging.patterns import Phrase, Words, commonness

Sought = tuple[str, int]
"""A pattern's name, and the needs of one of its phrases as bits."""


class Sieve:
    """The phrases of named patterns by the words that they need.

    Every need is one bit. A phrase is looked at where the rarest of its needs has a word in the text, and let
    through where all of them have one within a sentence.
    """

    def __init__(self, patterns: Mapping[str, Sequence[Phrase]]) -> None:
        numbers: dict[Words, int] = {}
        self._always: set[str] = set()
        self._sought: dict[int, list[Sought]] = {}
        for name, phrases in patterns.items():
            for phrase in phrases:
                bits = [numbers.setdefault(need, len(numbers)) for need in phrase.needs]
                if not bits:
                    self._always.add(name)
                    continue
                rarest = numbers[min(phrase.needs, key=commonness)]
                self._sought.setdefault(rarest, []).append((name, _as_bits(bits)))
        self._met: dict[str, list[int]] = {}
        for need, number in numbers.items():
            for word in need:
                self._met.setdefault(word, []).append(number)
        self._longest = max(map(len, self._met), default=0)
        self._of = lru_cache(maxsize=10_000)(self._read)

    def lets_through(self, words: Sequence[str]) -> set[str]:
        """Return the names of the patterns that may have a match in the words of a text."""
        passed = set(self._always)
        for sentence in _sentences(words):
            known = [self._of(word) for word in sentence]
            had = reduce(or_, (bits for bits, _ in known))
            for _, several in known:
                passed.update(name for name, needs in several if needs & had == needs)
        return passed

    def _read(self, word: str) -> tuple[int, tuple[Sought, ...]]:
        """Return the needs that a word meets, and the phrases that are looked at where it stands."""
        lengths = range(1, min(len(word), self._longest) + 1)
        written = [word, *(f"{word[:length]}~" for length in lengths), *(f"~{word[-length:]}" for length in lengths)]
        met = {number for one in written for number in self._met.get(one, ())}
        return _as_bits(met), tuple(phrase for number in met for phrase in self._sought.get(number, ()))


def _as_bits(numbers: Iterable[int]) -> int:
    return reduce(or_, (1 << number for number in numbers), 0)


def _sentences(words: Sequence[str]) -> Iterable[set[str]]:
    """Yield the different words between the ends of sentences; a pattern may reach over a colon."""
    start = 0
    for end in [*(place for place, word in enumerate(words) if word in ".?"), len(words)]:
        if end > start:
            yield set(words[start:end])
        start = end + 1
