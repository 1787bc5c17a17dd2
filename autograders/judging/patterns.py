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
from collections.abc import Mapping, Sequence
from typing import Any

import re2

from autograders.judging.spelling import NEGATORS

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


_ALONE, _INSIDE = re.compile(r"[^ ()\[\]]+"), re.compile(r"[^ ()\[\]|]+")
"""A word, or words with | between them; inside a group | parts its branches."""


class PatternFault(ValueError):
    """A pattern that cannot be read: what is wrong and the cure."""


class Families(dict[str, str]):
    """Families as regular expressions; made in the order of the file, so a family may use earlier ones."""


def families(written: Mapping[str, Sequence[str]], known: Families | None = None) -> Families:
    """Compile the families; raise PatternFault where one names an unknown family."""
    made = Families(known or {})
    for name, phrases in written.items():
        made[name] = _either(expression(phrase, made) for phrase in phrases)
    return made


def compiled(phrases: Sequence[str], known: Families) -> Any:
    """Compile phrases into one RE2 program over encoded text."""
    options = re2.Options()
    options.max_mem = 64 << 20
    options.encoding = re2.Options.Encoding.LATIN1
    options.log_errors = False
    return re2.compile(_either(expression(phrase, known) for phrase in phrases).encode(), options)


def expression(phrase: str, known: Families) -> str:
    """Return the regular expression of one phrase."""
    reader = _Reader(phrase, known)
    result = reader.sequence("")
    if reader.at < len(phrase):
        raise PatternFault(f"pattern {phrase!r}: {phrase[reader.at]!r} closes nothing; delete it")
    if not result:
        raise PatternFault("an empty pattern would find everything; write it, or delete it")
    return result


def _either(items: Any) -> str:
    return "(?:" + "|".join(dict.fromkeys(items)) + ")"


class _Reader:
    """Reads one phrase from left to right."""

    def __init__(self, phrase: str, known: Families) -> None:
        self.phrase, self.known, self.at = phrase, known, 0

    def sequence(self, closing: str) -> str:
        branches: list[list[str]] = [[]]
        words = _INSIDE if closing else _ALONE
        while self.at < len(self.phrase) and self.phrase[self.at] not in ")]":
            character = self.phrase[self.at]
            if character.isspace():
                self.at += 1
            elif character == "(":
                branches[-1].append(self._group(")"))
            elif character == "[":
                branches[-1].append(self._group("]") + "?")
            elif character == "|":
                self.at += 1
                branches.append([])
            else:
                branches[-1].append(self._word(words))
        return _either("".join(branch) for branch in branches) if len(branches) > 1 else "".join(branches[0])

    def _group(self, closing: str) -> str:
        self.at += 1
        inside = self.sequence(closing)
        if self.at >= len(self.phrase) or self.phrase[self.at] != closing:
            raise PatternFault(f"pattern {self.phrase!r}: a bracket is not closed; add {closing!r}")
        self.at += 1
        if self.phrase.startswith("?", self.at):
            self.at += 1
            return f"(?:{inside})?"
        return f"(?:{inside})"

    def _word(self, words: re.Pattern[str]) -> str:
        found = words.match(self.phrase, self.at)
        assert found, "what is no space and no bracket begins a word"
        self.at = found.end()
        written = found.group()
        if "<" not in written:
            return _words(written, self.phrase)
        return _either(self._atom(atom) for atom in written.split("|"))

    def _atom(self, atom: str) -> str:
        if not atom.startswith("<"):
            return _words(atom, self.phrase)
        name = atom.strip("<>")
        if name not in self.known:
            raise PatternFault(f"pattern {self.phrase!r}: no family {name!r} above it; define it first")
        return self.known[name]


_READ: dict[str, str] = {}


def _words(written: str, phrase: str) -> str:
    """Return the expression of a word or of words with | between them; each is read only once."""
    if written not in _READ:
        _READ[written] = _either(_plain(word, phrase) for word in written.split("|"))
    return _READ[written]


def _plain(atom: str, phrase: str) -> str:
    if atom in _GAPS:
        return _GAPS[atom]
    if atom in _ATOMS:
        return _ATOMS[atom]
    plain = atom.strip("~")
    if not plain or not all(c.isalnum() or c == "'" for c in plain) or not plain.isascii():
        raise PatternFault(f"pattern {phrase!r}: {atom!r} is not a word; write words, not signs")
    head, tail = "[^ ]*" if atom.startswith("~") else "", "[^ ]*" if atom.endswith("~") else ""
    return ("!" if plain in NEGATORS else "_") + f"{head}{plain}{tail} "
