"""Prove a rubric by its own sentences: what a behaviour accepts is found, what it rejects is left alone.

For `read_rubric`, and so for `heatproof check`. Refuses to know files.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from autograders.judging.behaviours import find
from autograders.judging.bind import case
from autograders.judging.frames import frames
from autograders.judging.text import read
from autograders.rubric import Rubric
from course.engine.content import Complaint

_ANY = Complaint("The thing came late.", "simple", "phone", "The agent can refund it.")


@dataclass(frozen=True)
class Unproved:
    """A sentence that the patterns misread, and where it stands: ("flags", "hostile", "accepts", 0)."""

    place: tuple[str | int, ...]
    what: str
    cure: str


def unproved(rubric: Rubric) -> Iterator[Unproved]:
    """Yield every example that its own behaviour or flag misreads."""
    this = case(_ANY, rubric)
    for group, items in (("behaviours", rubric.behaviours), ("flags", rubric.flags)):
        for name, item in items.items():
            for kind, sentences in (("accepts", item.accepts), ("rejects", item.rejects)):
                for number, sentence in enumerate(sentences):
                    text = read(sentence)
                    found = bool(find(text, frames(text), this, rubric).of(name))
                    if found is not (kind == "accepts"):
                        yield _fault((group, name, kind, number), name, sentence)


def _fault(place: tuple[str | int, ...], name: str, sentence: str) -> Unproved:
    if "accepts" in place:
        return Unproved(place, f"{name} does not find {sentence!r}", "add a pattern for it, or move it")
    return Unproved(place, f"{name} finds {sentence!r}", "add it to 'unless', or narrow a pattern")
