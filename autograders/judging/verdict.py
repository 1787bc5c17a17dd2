"""What the judge says of one plan: frozen values that notebooks, gradebooks and people read.

Refuses to know how it was found.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

COMPONENTS = ("hear", "empathise", "apologise", "act")


class ComplaintLike(Protocol):
    """What the judge needs of a complaint (`course.engine.content.Complaint` has it)."""

    @property
    def text(self) -> str: ...
    @property
    def complexity(self) -> str: ...
    @property
    def channel(self) -> str: ...
    @property
    def facts(self) -> str: ...


@dataclass(frozen=True)
class Evidence:
    """A passage of the learner's own plan, by its offsets, and what it shows."""

    behaviour: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class ComponentVerdict:
    """One component of the rubric: the level 0 to `most`, what earned it and the next step.

    `title` is the rubric's own name for it; where the words file has one, people see that.
    """

    level: int
    evidence: tuple[Evidence, ...]
    because: str
    next_step: str
    confidence: float
    needs_person: bool
    most: int = 2
    title: str = ""


@dataclass(frozen=True)
class Flag:
    """An anti-pattern that the plan commits, the words that commit it and a better way."""

    name: str
    evidence: tuple[Evidence, ...]
    because: str
    better: str
    title: str = ""


@dataclass(frozen=True)
class Verdict:
    """The whole reading of a plan."""

    components: Mapping[str, ComponentVerdict]
    flags: tuple[Flag, ...]

    @property
    def total(self) -> int:
        """The sum of the levels: 0-8 for the four steps of HEAT."""
        return sum(part.level for part in self.components.values())

    @property
    def needs_person(self) -> tuple[str, ...]:
        """The components that a person should read."""
        return tuple(name for name, part in self.components.items() if part.needs_person)

    @property
    def confidence(self) -> float:
        """The lowest confidence of the components, 0-1."""
        return min(part.confidence for part in self.components.values())

    def as_json(self) -> dict[str, Any]:
        """Return the verdict as plain values, in the shape that `heatproof judge` writes."""
        found = [piece for part in self.components.values() for piece in part.evidence]
        found += [piece for flag in self.flags for piece in flag.evidence]
        return {
            **{name: part.level for name, part in self.components.items()},
            "flags": [flag.name for flag in self.flags],
            "confidence": round(self.confidence, 3),
            "needs_person": list(self.needs_person),
            "evidence": [
                {"behaviour": piece.behaviour, "start": piece.start, "end": piece.end, "text": piece.text}
                for piece in found
            ],
        }
