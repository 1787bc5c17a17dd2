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
Refuses to know the rubric.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import re2

from autograders.judging.vocabulary import NEGATOR, WORD, TooManyWords, Vocabulary

_GAPS = {"..": f"(?:{WORD}){{0,3}}", "...": f"(?:{WORD}){{0,7}}", "****": f"(?:{WORD}|{NEGATOR}|: )*"}
_ATOMS = {
    "^": r"(?:^|[.?:] )",
    ".": r"\. ",
    "?": r"\? ",
    ":": ": ",
    "$": r"(?:[.?:] |$)",
    "not": NEGATOR,
    "*": WORD,
}


_TOKEN = re.compile(r"[(\[]|[)\]]\??|[^\s()\[\]]+")
"""A bracket, or words with | between them; inside brackets | parts the branches."""
_WORD = re.compile(r"[a-zA-Z0-9']+")
_ASKED = re.compile(r"~?[a-zA-Z0-9']+~?")


class PatternFault(ValueError):
    """A pattern that cannot be read: what is wrong and the cure."""


class Families(dict[str, str]):
    """Families as regular expressions; made in the order of the file, so a family may use earlier ones.

    `phrases`: all that is read with them, their own phrases included; so many words has the vocabulary.
    PatternFault where they are too many.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        super().__init__()
        self.read: dict[str, str] = {}
        """The expressions of words that were read before."""
        try:
            self.vocabulary = Vocabulary(_ASKED.findall(" ".join(phrases)))
        except TooManyWords as fault:
            raise PatternFault(f"the patterns have {fault}; use fewer words with ~") from fault

    def add(self, name: str, phrases: Iterable[str]) -> None:
        """Read one more family; raise PatternFault."""
        self[name] = _either(expression(phrase, self) for phrase in phrases)


class Program:
    """One RE2 program over encoded text, made when a text is first held against it."""

    def __init__(self, expression: str) -> None:
        self.expression = expression

    @cached_property
    def _made(self) -> Any:
        options = re2.Options()
        options.max_mem = 64 << 20
        options.encoding = re2.Options.Encoding.LATIN1
        options.log_errors = False
        return re2.compile(self.expression.encode("latin-1"), options)

    def finditer(self, encoded: bytes) -> Any:
        """Return the matches from left to right; none overlaps another."""
        return self._made.finditer(encoded)


def families(written: Mapping[str, Sequence[str]], others: Iterable[str] = ()) -> Families:
    """Read the families; raise PatternFault where one names an unknown family.

    `others`: the phrases that will be read with them.
    """
    made = Families([*(phrase for phrases in written.values() for phrase in phrases), *others])
    for name, phrases in written.items():
        made.add(name, phrases)
    return made


def compiled(phrases: Sequence[str], known: Families) -> Program:
    """Read phrases as one program; raise PatternFault."""
    return Program(_either(expression(phrase, known) for phrase in phrases))


def expression(phrase: str, known: Families) -> str:
    """Return the regular expression of one phrase."""
    reader = _Reader(phrase, known)
    result = reader.sequence("")
    if reader.at < len(reader.tokens):
        raise PatternFault(f"pattern {phrase!r}: {reader.tokens[reader.at][0]!r} closes nothing; delete it")
    if not result:
        raise PatternFault("an empty pattern would find everything; write it, or delete it")
    return result


def _either(items: Any) -> str:
    return "(?:" + "|".join(dict.fromkeys(items)) + ")"


class _Reader:
    """Reads one phrase from left to right."""

    def __init__(self, phrase: str, known: Families) -> None:
        self.phrase, self.known, self.at = phrase, known, 0
        self.tokens = _TOKEN.findall(phrase)

    def sequence(self, closing: str) -> str:
        branches: list[list[str]] = [[]]
        while self.at < len(self.tokens) and self.tokens[self.at][0] not in ")]":
            token = self.tokens[self.at]
            self.at += 1
            if token == "(":
                branches[-1].append(self._group(")"))
            elif token == "[":
                branches[-1].append(self._group("]") + "?")
            else:
                apart = token.split("|") if closing or token[0] == "|" else [token]
                for number, written in enumerate(apart):
                    if number:
                        branches.append([])
                    if written:
                        branches[-1].append(self._word(written))
        made = ["".join(branch) for branch in branches]
        return _either(made) if len(made) > 1 else made[0]

    def _group(self, closing: str) -> str:
        if self.tokens[self.at + 1 : self.at + 2] == [closing]:  # words alone, as in (late|cold|broken)
            inside = self._word(self.tokens[self.at])
            self.at += 1
        else:
            inside = self.sequence(closing)
        if self.at >= len(self.tokens) or self.tokens[self.at][0] != closing:
            raise PatternFault(f"pattern {self.phrase!r}: a bracket is not closed; add {closing!r}")
        self.at += 1
        return f"(?:{inside})?" if self.tokens[self.at - 1].endswith("?") else f"(?:{inside})"

    def _word(self, written: str) -> str:
        if "<" not in written:
            return self._words(written)
        return _either(self._atom(atom) for atom in written.split("|"))

    def _atom(self, atom: str) -> str:
        if not atom.startswith("<"):
            return self._words(atom)
        name = atom.strip("<>")
        if name not in self.known:
            raise PatternFault(f"pattern {self.phrase!r}: no family {name!r} above it; define it first")
        return self.known[name]

    def _words(self, written: str) -> str:
        """Return the expression of a word or of words with | between them; each is read only once."""
        read = self.known.read
        if written not in read:
            several = written.split("|")
            read[written] = _either(map(self._words, several)) if several[1:] else self._plain(written)
        return read[written]

    def _plain(self, atom: str) -> str:
        if atom in _GAPS:
            return _GAPS[atom]
        if atom in _ATOMS:
            return _ATOMS[atom]
        words = self.known.vocabulary
        if atom == "#":
            return words.numbers()
        plain = atom.strip("~")
        if not _WORD.fullmatch(plain):
            raise PatternFault(f"pattern {self.phrase!r}: {atom!r} is not a word; write words, not signs")
        if atom == plain:
            return words.word(plain)
        if atom == f"{plain}~":
            return words.begins(plain)
        if atom == f"~{plain}":
            return words.ends(plain)
        raise PatternFault(f"pattern {self.phrase!r}: {atom!r} is open at both ends; keep one ~")
