"""Find what a plan does: every behaviour and anti-pattern of the rubric, with the words that show it.

For `levels` and `gates`. Knows the rubric's patterns, the frames and the complaint's words; refuses to know
levels.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from autograders.judging.bind import Case, runs
from autograders.judging.frames import Frame, Frames
from autograders.judging.patterns import Program
from autograders.judging.spelling import bag
from autograders.judging.text import Text
from autograders.rubric import Rubric

HEARING = ("lets_finish", "takes_notes", "restates", "asks", "attends")
FEELING = ("feeling", "perspective")
_LABELS = bag("hear listen empathise empathy apologise apology act action")
_MANY = 50
"""Hits of one behaviour that are looked at: more make a text slow, and no plan better."""
_HEADINGS = bag("hear empathise empathy apologise apology act action take the and")


class Hit(NamedTuple):
    """A behaviour in the words first..last (half-open)."""

    first: int
    last: int
    name: str
    sentence: int = 0

    def overlaps(self, other: "Hit") -> bool:
        """Say whether two hits share a word."""
        return self.first < other.last and other.first < self.last


@dataclass
class Findings:
    """What counts (`found`), and what was found but set aside (`aside`: denied, another's words, a past
    case); of each apology the words that take it on, if any, and
    whether it says what for (`apologies`)."""

    text: Text
    found: dict[str, list[Hit]] = field(default_factory=dict)
    aside: dict[str, list[Hit]] = field(default_factory=dict)
    apologies: list[tuple[Hit, Hit | None, bool]] = field(default_factory=list)

    def of(self, *names: str) -> list[Hit]:
        """Return the hits of some behaviours in order of place."""
        found = self.found
        hits = [hit for name in names if name in found for hit in found[name]]
        return hits if len(hits) < 2 else sorted(hits)

    def within(self, first: int, last: int, *names: str) -> list[Hit]:
        """Return the hits of some behaviours that begin in a range of words."""
        return [hit for hit in self.of(*names) if first <= hit.first < last]

    def add(self, hit: Hit) -> None:
        """Keep a hit."""
        self.found.setdefault(hit.name, []).append(hit)

    def drop(self, hit: Hit) -> None:
        """Set a hit aside."""
        self.found[hit.name].remove(hit)
        self.aside.setdefault(hit.name, []).append(hit)
        if not self.found[hit.name]:
            del self.found[hit.name]


def find(text: Text, seen: Frames, case: Case, rubric: Rubric) -> Findings:
    """Return what the patterns find, with what is denied or somebody else's set aside."""
    findings = Findings(text)
    quoted_complaint = _complaint_words(text, case)
    empty = _empty_headings(text)
    encoded = rubric.known.vocabulary.encoded(text.words)
    for name, (program, exceptions) in rubric.programs.items():
        hits = list(islice(_matches(text, encoded, program, name), _MANY))
        if not hits:
            continue
        barred = list(_matches(text, encoded, exceptions, name)) if exceptions else []
        for hit in hits:
            if (
                any(hit.overlaps(other) for other in barred)
                or _is_heading(text, hit)
                or hit.sentence in empty
            ):
                continue
            counts = _counts(hit, seen) and not (
                name in rubric.flags and _share(range(hit.first, hit.last), quoted_complaint) >= 0.75
            )
            (findings.found if counts else findings.aside).setdefault(name, []).append(hit)
    return findings


def _is_heading(text: Text, hit: Hit) -> bool:
    """Say whether a hit is no more than a heading: "Apologise: …"."""
    return (
        hit.last - hit.first == 1
        and text.words[hit.first] in _LABELS
        and hit.last < len(text.words)
        and text.words[hit.last] == ":"
        and hit.first == text.sentences[hit.sentence][0]
    )


def _empty_headings(text: Text) -> frozenset[int]:
    """Return the sentences that are no more than the names of the steps, where three or more are."""
    found = [
        number
        for number, (first, last) in enumerate(text.sentences)
        if all(word in _HEADINGS or word in ".?:" or word.isdigit() for word in text.words[first:last])
    ]
    return frozenset(found if len(found) >= 3 else ())


def _matches(text: Text, encoded: bytes, program: Program, name: str) -> Iterable[Hit]:
    for match in program.finditer(encoded):
        first, last = match.start() // 2, match.end() // 2
        while first < last and text.words[first] in ".?:":
            first += 1
        while last > first + 1 and text.words[last - 1] in ".:":
            last -= 1
        if first < last:
            yield Hit(first, last, name, text.sentence[first])


def _counts(hit: Hit, seen: Frames) -> bool:
    return seen.frame[hit.first] is Frame.PLAN and seen.denied[hit.first] == 0


def _complaint_words(text: Text, case: Case) -> frozenset[int]:
    """Return the words of the plan that stand in a run of three or more taken from the complaint."""
    found = (i for i, run in enumerate(runs(text.words)) if run in case.runs)
    return frozenset(at for i in found for at in (i, i + 1, i + 2))


def _share(indices: Sequence[int], chosen: frozenset[int]) -> float:
    return sum(index in chosen for index in indices) / len(indices)
