"""Read the training bank: invented complaints, plans with their readings, and labelled sentences.

For whoever trains or measures the judge. Reads strictly: an unknown key, a label that the rubric does not
have, a level that its caps forbid or a wrong reference is a fault, and all faults are told at once. Refuses
to know what the judge says.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from autograders.judging.learned.labels import BEHAVIOURS
from autograders.rated import RatedPlan, complaint_of
from autograders.rated import Rating as Rated
from autograders.rubric import FLAGS
from course.engine.content import Complaint

NOTHING = frozenset({"off_topic", "copied", "stuffed"})
ZERO = {
    "interrupts": "hear", "argues": "hear", "minimises": "empathise", "non_apology": "apologise",
    "blames_customer": "apologise", "blames_others": "apologise",
}  # fmt: skip

Voice = Literal["terse", "rambling", "bullets", "spoken", "esl", "chat", "formal", "plain"]
Component = Literal["hear", "empathise", "apologise", "act"]
FlagName = Literal[FLAGS]  # type: ignore[valid-type]
BehaviourName = Literal[BEHAVIOURS]  # type: ignore[valid-type]
Level = Annotated[int, Field(ge=0, le=2)]
Words = Annotated[str, Field(min_length=1)]


class Line(BaseModel):
    """A line of the bank: nothing missing, nothing unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    id: Words


class BankComplaint(Line):
    """An invented complaint."""

    author: Words
    complexity: Literal["simple", "complex"]
    channel: Literal["phone", "counter", "chat", "email"]
    sector: Words
    complaint: Words
    facts: Words


class Rating(BaseModel):
    """One reading of a plan; the rubric's caps hold in it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    hear: Level
    empathise: Level
    apologise: Level
    act: Level
    flags: list[FlagName]

    @model_validator(mode="after")
    def _caps_hold(self) -> Self:
        levels = {name: getattr(self, name) for name in ("hear", "empathise", "apologise", "act")}
        if len(set(self.flags)) < len(self.flags):
            raise ValueError("a flag stands twice")
        for flag in self.flags:
            if flag in NOTHING and any(levels.values()):
                raise ValueError(f"{flag}, yet not all levels are 0")
            if flag in ZERO and levels[ZERO[flag]]:
                raise ValueError(f"{flag}, yet {ZERO[flag]} is {levels[ZERO[flag]]}")
            if flag in ("passes_the_buck", "overpromises") and levels["act"] > 1:
                raise ValueError(f"{flag}, yet act is {levels['act']}")
        return self


class BankPlan(Line):
    """A plan with one or two readings; `pair` joins plans of one content in several voices."""

    scenario: str
    author: Words
    voice: Voice
    kind: Literal["ordinary", "hard"]
    pair: str | None
    ratings: Annotated[list[Rating], Field(min_length=1, max_length=2)]
    unsure: list[Component]
    plan: Words

    def as_rated(self) -> RatedPlan:
        """Return the plan as the rest of the project reads rated plans."""
        readings = tuple(
            Rated(r.model_dump(exclude={"flags"}), frozenset(map(str, r.flags))) for r in self.ratings
        )
        return RatedPlan(self.id, self.scenario, self.plan, readings, frozenset(self.unsure))


class SentenceReading(BaseModel):
    """What a sentence shows, what it commits, and what it names only to deny."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    shows: list[BehaviourName]
    flags: list[FlagName]
    negates: list[BehaviourName | FlagName]


class BankSentence(Line):
    """A sentence with one or two readings, the second blind."""

    scenario: str | None
    author: Words
    voice: Voice
    readings: Annotated[list[SentenceReading], Field(min_length=1, max_length=2)]
    text: Words

    @property
    def labels(self) -> tuple[frozenset[str], ...]:
        """What it shows and commits, by each reading."""
        return tuple(frozenset(map(str, (*one.shows, *one.flags))) for one in self.readings)


class Misread(ValueError):
    """The bank does not hold what it must; one line a fault."""


@dataclass(frozen=True)
class TrainingBank:
    """The whole bank, in its own order."""

    complaints: Mapping[str, BankComplaint]
    plans: Sequence[BankPlan]
    sentences: Sequence[BankSentence]

    def complaint(self, id: str | None) -> Complaint:
        """Return a complaint as the judge reads it; an empty one for a sentence of no complaint."""
        if id is None:
            return Complaint("", "simple", "phone", "")
        return complaint_of(self.complaints[id].model_dump())


LineKind = TypeVar("LineKind", bound=Line)


def read_bank(folder: Path) -> TrainingBank:
    """Read complaints.jsonl, plans.jsonl and sentences.jsonl of a folder; raise Misread with every fault."""
    faults: list[str] = []
    complaints = list(_lines(folder / "complaints.jsonl", BankComplaint, faults.append))
    plans = list(_lines(folder / "plans.jsonl", BankPlan, faults.append))
    sentences = list(_lines(folder / "sentences.jsonl", BankSentence, faults.append))
    known = {complaint.id: complaint for complaint in complaints}
    told: tuple[BankPlan | BankSentence, ...] = (*plans, *sentences)
    for line in told:
        if line.scenario is not None and line.scenario not in known:
            faults.append(f"{line.id}: no complaint {line.scenario!r}; name one of complaints.jsonl")
    if faults:
        raise Misread("\n".join(faults))
    return TrainingBank(known, plans, sentences)


@cache
def training_bank() -> TrainingBank:
    """Return the bank that the project carries."""
    return read_bank(Path(str(files("autograders") / "training")))


def _lines(path: Path, kind: type[LineKind], tell: Callable[[str], None]) -> Iterator[LineKind]:
    seen: set[str] = set()
    for number, written in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not written:
            continue
        place = f"{path.name}:{number}"
        try:
            line = kind.model_validate(_value(written))
        except (ValidationError, ValueError) as fault:
            for said in _said(fault):
                tell(f"{place}: {said}")
            continue
        if line.id in seen:
            tell(f"{place}: the id {line.id} stands twice; ids are unique")
        seen.add(line.id)
        yield line


def _value(written: str) -> Any:
    def once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise ValueError(f"the key {key!r} stands twice")
            found[key] = value
        return found

    return json.loads(written, object_pairs_hook=once)


def _said(fault: ValueError) -> Iterator[str]:
    if not isinstance(fault, ValidationError):
        yield str(fault)
        return
    for error in fault.errors():
        yield f"{'.'.join(map(str, error['loc']))}: {error['msg']}"
