"""Say what an answer may be: exact types, small, plain text, finite numbers.

For everything that keeps or reads answers: the strict readers, the players, both marking doors.
Refuses to know notebooks, files and questions.
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from math import isfinite
from typing import Final, TypeAlias

Value: TypeAlias = str | int | float | list["Value"] | dict[str, "Value"]
"""What an answer is made of. No True, False or None: JSON and Python write them differently."""

MAX_TEXT: Final = 4_000
"""Characters of one text."""
MAX_DEPTH: Final = 8
"""Lists and dictionaries inside each other."""
MAX_NODES: Final = 2_000
"""Texts, numbers, lists, dictionaries and keys of one answer."""
NUMBERS_BELOW: Final = 2**63
MAX_MARKS: Final = 8
"""Combining marks in a row."""

TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Controls that turn the writing direction: they can make a text look like another one."""
ZERO_WIDTH: Final = frozenset("\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
"""Letters without width. Honest in Persian, Telugu and emoji, so they are noted and never refused."""


class Refused(ValueError):
    """An answer or a file that cannot be taken. Its text is a sentence for the learner: where, what, cure."""


def check_value(value: object, where: str) -> Value:
    """Return the value as it is. Raise Refused, in a sentence about `where`, if no answer can hold it."""
    for seen, (each, depth) in enumerate(_walk(value), start=1):
        if depth > MAX_DEPTH:
            raise Refused(
                f"{where}: lists inside lists go more than {MAX_DEPTH} deep. Give the answer again."
            )
        if seen > MAX_NODES:
            raise Refused(
                f"{where}: the answer has more than {MAX_NODES:,} parts. Give the answer again, shorter."
            )
        _check_one(each, where)
    return value  # type: ignore[return-value]


def _walk(value: object) -> Iterator[tuple[object, int]]:
    """Yield every part with its depth, without recursion: a list may be deeper than Python's stack."""
    waiting = [(value, 0)]
    while waiting:
        each, depth = waiting.pop()
        inside = (
            list(each) + list(each.values()) if type(each) is dict else each if type(each) is list else None
        )
        yield each, depth if inside is None else depth + 1
        if inside is not None:
            waiting.extend((part, depth + 1) for part in reversed(inside))


def _check_one(part: object, where: str) -> None:
    if type(part) is str:
        check_text(part, where)
    elif type(part) is int or type(part) is float:
        if not isfinite(part) or abs(part) >= NUMBERS_BELOW:
            raise Refused(f"{where}: a number is too large. Use numbers below 2 to the power of 63.")
    elif type(part) is dict:
        if any(type(key) is not str for key in part):
            raise Refused(f"{where}: the name of an entry must be a text in quotes. Give the answer again.")
    elif type(part) is not list:
        raise Refused(
            f"{where}: an answer is made of texts, numbers, lists and dictionaries, "
            f"and this holds {type(part).__name__!r}. Give the answer again."
        )


def check_text(text: str, where: str) -> None:
    """Raise Refused if a text is too long or hides what it says. It is checked before any normalising."""
    if len(text) > MAX_TEXT:
        raise Refused(
            f"{where}: the text has {len(text):,} characters, and {MAX_TEXT:,} fit. Please shorten it."
        )
    if text.isascii() and "\0" not in text:
        return
    for at, letter in enumerate(text):
        if letter == "\0" or "\ud800" <= letter <= "\udfff":
            what = f"character {at + 1} (U+{ord(letter):04X}) is broken: it stands for no letter"
            raise Refused(f"{where}: {what}. Delete it or type the text again.")
        if letter in TURNING:
            what = f"character {at + 1} (U+{ord(letter):04X}) is invisible and turns the writing direction"
            raise Refused(f"{where}: {what}. Delete it, or paste the text as plain text.")
    in_a_row = max((len(list(run)) for marks, run in groupby(map(_is_mark, text)) if marks), default=0)
    if in_a_row > MAX_MARKS:
        what = f"one letter carries {in_a_row} accents, and {MAX_MARKS} is the most"
        raise Refused(f"{where}: {what}. Delete the extra ones.")


def _is_mark(letter: str) -> bool:
    return not letter.isascii() and unicodedata.category(letter).startswith("M")


def notes_on(value: Value, where: str) -> tuple[str, ...]:
    """Tell what a grader may want to see and is no fault: letters without width, look-alike letters."""
    texts = [each for each, _ in _walk(value) if type(each) is str and not each.isascii()]
    unseen = sorted({letter for text in texts for letter in text if letter in ZERO_WIDTH})
    mixed = list(dict.fromkeys(word for text in texts for word in text.split() if _mixes_alphabets(word)))
    notes = []
    if unseen:
        signs = ", ".join(f"U+{ord(letter):04X}" for letter in unseen)
        notes.append(f"{where}: the text holds letters that cannot be seen ({signs}). That is allowed.")
    if mixed:
        notes.append(
            f"{where}: look-alike letters of two alphabets in one word ({mixed[0][:40]!a}). That is allowed."
        )
    return tuple(notes)


def _mixes_alphabets(word: str) -> bool:
    if word.isascii():
        return False
    alphabets = {unicodedata.name(letter, "").split(" ")[0] for letter in word if letter.isalpha()}
    return len(alphabets & {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"}) > 1


def canonical(value: object) -> bytes:
    """Return the one JSON form of a value: keys sorted, no spaces, UTF-8. Equal values give equal bytes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def fingerprint(value: object) -> str:
    """Return the SHA-256, in hexadecimal, of a value's canonical JSON."""
    return hashlib.sha256(canonical(value)).hexdigest()
