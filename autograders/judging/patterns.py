"""The little language in which a rubric says how people put a thing, and its reading by RE2 (linear time).

    let <them> talk|speak        words; | between words: either
    listen~  ~ed                 any ending; any beginning
    (cut in|talk over)           either phrase
    [please] tell                may be missing
    let .. finish                up to three other words; ... up to seven; **** to the end of the sentence
    ^ so   right ?               ^ start of a sentence; . ? : its end
    <feeling>                    a family of phrases, from the rubric's `families`
    #                            a number
    not                          any negator: not, never, no, nobody, without, …

A gap never crosses the end of a sentence, and `..` and `...` never cross a negator: "will refund" is not
found in "will not refund".
Of each phrase it also says which words a match must have, so that few phrases are tried on a text (`sieve`).
Refuses to know the rubric.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import re2

from autograders.judging.spelling import NEGATORS

Words = frozenset[str]
"""Words as a pattern writes them, `~` for any ending or beginning."""


class Phrase(NamedTuple):
    """A phrase as a regular expression, and the words of which each match has one; None where a match may
    have any."""

    expression: str
    need: Words | None = None


_GAPS = {"..": r"(?:_[^ ]* ){0,3}", "...": r"(?:_[^ ]* ){0,7}", "****": r"(?:[_!:][^ ]* )*"}
_ATOMS = {
    "^": r"(?:^|[.?:] )",
    ".": r"\. ",
    "?": r"\? ",
    ":": ": ",
    "$": r"(?:[.?:] |$)",
    "#": r"_[0-9][^ ]* ",
    "not": "![^ ]* ",
    "*": "_[^ ]* ",
}
_NEEDED = {":": frozenset(":"), "#": frozenset(f"{digit}~" for digit in range(10)), "not": NEGATORS}
_WORD = re.compile("[a-zA-Z0-9']+")
_TOKEN = re.compile(r"[(\[]|[)\]]\??|[^\s()\[\]]+")
"""A bracket, or words with | between them; inside brackets | parts the branches."""


class PatternFault(ValueError):
    """A pattern that cannot be read: what is wrong and the cure."""


class Families(dict[str, Phrase]):
    """Families as phrases; made in the order of the file, so a family may use earlier ones."""


class Program:
    """Phrases as one RE2 program over encoded text, made when a text is first held against it."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self.phrases = phrases

    @cached_property
    def _made(self) -> Any:
        options = re2.Options()
        options.max_mem = 64 << 20
        options.encoding = re2.Options.Encoding.LATIN1
        options.log_errors = False
        return re2.compile(_either(self.phrases).expression.encode(), options)

    def search(self, encoded: bytes) -> Any:
        """Return the first match, or None."""
        return self._made.search(encoded)

    def finditer(self, encoded: bytes) -> Iterable[Any]:
        """Return the matches from left to right; none overlaps another."""
        found: Iterable[Any] = self._made.finditer(encoded)
        return found


def families(written: Mapping[str, Sequence[str]], known: Families | None = None) -> Families:
    """Read the families; raise PatternFault where one names an unknown family."""
    made = Families(known or {})
    for name, phrases in written.items():
        made[name] = _either([expression(phrase, made) for phrase in phrases])
    return made


def compiled(phrases: Sequence[str], known: Families) -> Program:
    """Read phrases as one program; raise PatternFault."""
    return Program([expression(phrase, known) for phrase in phrases])


def expression(phrase: str, known: Families) -> Phrase:
    """Read one phrase; raise PatternFault."""
    reader = _Reader(phrase, known)
    result = reader.sequence("")
    if reader.at < len(reader.tokens):
        raise PatternFault(f"pattern {phrase!r}: {reader.tokens[reader.at][0]!r} closes nothing; delete it")
    if not result.expression:
        raise PatternFault("an empty pattern would find everything; write it, or delete it")
    return result


@lru_cache(maxsize=10_000)
def _commonness(words: Words) -> float:
    """Return about how often a text has one of some words: short words are common."""
    return sum(2.0 ** -len(word) for word in words)


def _either(branches: Sequence[Phrase]) -> Phrase:
    """Return a phrase that is any of some: a match has a word that one of them needs."""
    written = "(?:" + "|".join(dict.fromkeys([branch.expression for branch in branches])) + ")"
    needs = [branch.need for branch in branches if branch.need]
    return Phrase(written, frozenset().union(*needs) if len(needs) == len(branches) else None)


def _together(parts: Sequence[Phrase]) -> Phrase:
    """Return a phrase of parts that follow each other: a match has a word of the rarest that a part needs."""
    if len(parts) == 1:
        return parts[0]
    needs = [part.need for part in parts if part.need]
    return Phrase("".join([part.expression for part in parts]), min(needs, key=_commonness, default=None))


class _Reader:
    """Reads one phrase from left to right."""

    def __init__(self, phrase: str, known: Families) -> None:
        self.phrase, self.known, self.at = phrase, known, 0
        self.tokens = _TOKEN.findall(phrase)

    def sequence(self, closing: str) -> Phrase:
        branches: list[list[Phrase]] = [[]]
        while self.at < len(self.tokens) and self.tokens[self.at][0] not in ")]":
            token = self.tokens[self.at]
            self.at += 1
            if token == "(":
                branches[-1].append(self._group(")"))
            elif token == "[":
                branches[-1].append(Phrase(self._group("]").expression + "?"))
            else:
                apart = token.split("|") if closing or token[0] == "|" else [token]
                for number, written in enumerate(apart):
                    if number:
                        branches.append([])
                    if written:
                        branches[-1].append(self._word(written))
        if len(branches) == 1:
            return _together(branches[0])
        return _either([_together(branch) for branch in branches])

    def _group(self, closing: str) -> Phrase:
        if self.tokens[self.at + 1 : self.at + 2] == [closing]:  # words alone, as in (late|cold|broken)
            inside = self._word(self.tokens[self.at])
            self.at += 1
        else:
            inside = self.sequence(closing)
        if self.at >= len(self.tokens) or self.tokens[self.at][0] != closing:
            raise PatternFault(f"pattern {self.phrase!r}: a bracket is not closed; add {closing!r}")
        self.at += 1
        if self.tokens[self.at - 1].endswith("?"):
            return Phrase(f"(?:{inside.expression})?")
        return Phrase(f"(?:{inside.expression})", inside.need)

    def _word(self, written: str) -> Phrase:
        if "<" not in written:
            return _words(written, self.phrase)
        return _either([self._atom(atom) for atom in written.split("|")])

    def _atom(self, atom: str) -> Phrase:
        if not atom.startswith("<"):
            return _words(atom, self.phrase)
        name = atom.strip("<>")
        if name not in self.known:
            raise PatternFault(f"pattern {self.phrase!r}: no family {name!r} above it; define it first")
        return self.known[name]


_READ: dict[str, Phrase] = {}


def _words(written: str, phrase: str) -> Phrase:
    """Return words with | between them as a phrase; each is read only once."""
    if written not in _READ:
        several = written.split("|")
        _READ[written] = (
            _either([_words(word, phrase) for word in several]) if several[1:] else _plain(written, phrase)
        )
    return _READ[written]


def _plain(atom: str, phrase: str) -> Phrase:
    if atom in _GAPS:
        return Phrase(_GAPS[atom])
    if atom in _ATOMS:
        return Phrase(_ATOMS[atom], _NEEDED.get(atom))
    plain = atom.strip("~")
    if not _WORD.fullmatch(plain):
        raise PatternFault(f"pattern {phrase!r}: {atom!r} is not a word; write words, not signs")
    head, tail = "[^ ]*" if atom.startswith("~") else "", "[^ ]*" if atom.endswith("~") else ""
    written = ("!" if plain in NEGATORS else "_") + f"{head}{plain}{tail} "
    return Phrase(written, None if head and tail else frozenset([atom]))
