"""Tell who an envelope is from: the roster, and what a platform's list adds to it. Never a guess.

For the intake. A platform's number counts only by the list (it may look like somebody's id by chance), a name
only where exactly one learner has it, and what contradicts itself goes to a person.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from autograders.intake.names import Envelope
from autograders.intake.refusals import Refused
from autograders.roster import Learner, is_id
from autograders.submission import shown_name

Ids = frozenset[str]


@dataclass(frozen=True)
class Told:
    """What a platform's list says of one learner."""

    learner: str
    number: str = ""
    name: str = ""
    email: str = ""
    received: str = ""
    line: int = 0


@dataclass(frozen=True)
class People:
    """The class as it may be called on an envelope."""

    learners: Mapping[str, Learner]
    numbers: Mapping[str, Ids] = field(default_factory=dict)
    addresses: Mapping[str, Ids] = field(default_factory=dict)
    names: Mapping[str, Ids] = field(default_factory=dict)

    def learner_of(self, envelope: Envelope) -> str:
        """Return the learner's id; raise Refused where it is not exactly one."""
        if not self.learners and envelope.kind in ("exchange", "folder", "file"):
            return _as_it_stands(envelope)
        called = [envelope.who, *envelope.others]
        if envelope.kind == "exchange":  # an account there is the id to the letter
            found = frozenset(called) & self.learners.keys()
        else:
            found = frozenset[str]().union(*map(self.called_by_id, called), *map(self.called_by_name, called))
        numbered = self.numbers.get(envelope.number, frozenset()) if envelope.number else frozenset()
        return self._one(envelope, found, numbered)

    def _one(self, envelope: Envelope, found: Ids, numbered: Ids) -> str:
        who, number = shown_name(envelope.who), envelope.number
        if numbered and found and not numbered & found:
            what = f"number {number} is {_list(numbered)} by the list, and the name “{who}” is {_list(found)}"
            raise Refused("contradiction", what)
        if numbered:
            return _only(numbered)
        if len(found) > 1 and number in found:
            return number
        if not found:
            raise Refused("unknown", f"“{who}”" + (f" (number {number})" if number else ""))
        one = _only(found)
        if number and (told := self.numbers_of(one)):
            what = f"“{who}” has number {number} here, and by the list {one} is {', '.join(told)}"
            raise Refused("contradiction", what)
        return one

    def numbers_of(self, learner: str) -> tuple[str, ...]:
        """Return the numbers that a list gives a learner."""
        return tuple(sorted(number for number, ids in self.numbers.items() if learner in ids))

    def called_by_id(self, text: str) -> Ids:
        """Return whom an id or an e-mail address names; letters' case counts only at need."""
        if text in self.learners:
            return frozenset({text})
        return self.addresses.get(text.casefold(), frozenset())

    def called_by_name(self, text: str) -> Ids:
        """Return who has this name, first name first or last."""
        return self.names.get(squashed(text), frozenset())


def people_of(learners: Mapping[str, Learner], told: Iterable[Told] = ()) -> People:
    """Return the class as it may be called, by the roster and by what platforms told."""
    numbers: dict[str, Ids] = {}
    addresses: dict[str, Ids] = {}
    names: dict[str, Ids] = {}
    for each in learners.values():
        _add(addresses, each.id.casefold(), each.id)
        _add(addresses, each.email.casefold(), each.id)
        for name in (each.last_name + each.first_name, each.first_name + each.last_name):
            _add(names, squashed(name), each.id)
    for row in told:
        _add(numbers, row.number, row.learner)
        _add(addresses, row.email.casefold(), row.learner)
        for name in _both_ways(row.name):
            _add(names, squashed(name), row.learner)
    return People(learners, numbers, addresses, names)


def squashed(name: str) -> str:
    """Return a name as platforms run it together: letters and digits only, all small."""
    plain = unicodedata.normalize("NFC", name).casefold()
    kept = "".join(letter for letter in plain if unicodedata.category(letter)[0] in "LMN")
    return unicodedata.normalize("NFC", kept)


def _both_ways(name: str) -> tuple[str, ...]:
    last, comma, first = name.partition(",")
    return (name, first + last) if comma else (name,)


def _add(table: dict[str, Ids], key: str, learner: str) -> None:
    if key:
        table[key] = table.get(key, frozenset()) | {learner}


def _only(found: Ids) -> str:
    if len(found) > 1:
        raise Refused("ambiguous", _list(found, " or "))
    return next(iter(found))


def _list(found: Ids, between: str = ", ") -> str:
    return between.join(sorted(found))


def _as_it_stands(envelope: Envelope) -> str:
    """Return the name as an id, for a class without a roster; a name with more than one reading is none."""
    if envelope.others or not is_id(envelope.who):
        raise Refused("unknown", f"“{shown_name(envelope.who)}”")
    return envelope.who
