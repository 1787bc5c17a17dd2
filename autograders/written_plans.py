"""The plans of an assignment as a person reads them: complaint, plan, what the judge found, what stands now.

For the queue, second readings, overrides and what people decided. The judge's part comes from the results
log, what stands from nbgrader's gradebook. Refuses to decide anything and to know how it is shown.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograders.gradebook_reading import Score
from autograders.keys_reading import HOUSE_RUBRIC, Key, PlanQuestion
from autograders.people_log import plan_hash
from autograders.record import Mark, Record
from autograders.released import read_key_of
from autograders.results import latest
from autograders.steps import step_title, steps_of
from course.engine.complaint import Complaint
from course.engine.content import scenario
from course.engine.words import all_words

if TYPE_CHECKING:
    from autograders.rubric import Component


@dataclass(frozen=True)
class Part:
    """One component of a plan: the judge's level and why, and the level that stands now.

    None for a level: there is none yet, or the points that a person gave lie between two levels. `sure` is
    the judge's confidence 0-1, None where it gave no level.
    """

    name: str
    title: str
    cell: str
    most: int
    out_of: float
    judged: int | None
    sure: float | None
    because: str
    evidence: tuple[Mapping[str, Any], ...]
    level: int | None
    waits: bool
    by_hand: bool


@dataclass(frozen=True)
class WrittenPlan:
    """One plan of one learner. `unread` says why there is none, where an answer could not be read."""

    learner: str
    question: str
    scenario: str
    complaint: Complaint
    rubric: str
    text: str
    parts: tuple[Part, ...]
    flags: tuple[Mapping[str, Any], ...]
    unread: str
    marks: Mapping[str, Mark]
    """What the judge gave, by component."""

    @cached_property
    def evidence(self) -> str:
        """The SHA-256 of the plan with all that the judge said of it."""
        return _evidence(self.text, self.marks)

    @cached_property
    def stands(self) -> str:
        """The SHA-256 of what stands now, and of what of it a person gave."""
        now = [[part.name, part.level, part.by_hand, part.waits] for part in self.parts]
        return hashlib.sha256(json.dumps(now).encode("ascii")).hexdigest()

    @property
    def hash(self) -> str:
        return plan_hash(self.text)

    @property
    def waits(self) -> bool:
        return any(part.waits for part in self.parts)

    @property
    def sure(self) -> float:
        """How sure the judge is of the least sure part that waits; -1 where it gave no level."""
        return min((-1.0 if part.sure is None else part.sure for part in self.parts if part.waits), default=1)


Plans = Mapping[tuple[str, str], WrittenPlan]
"""Plans by learner and question."""


def written_plans(folder: Path, assignment: str, scores: Mapping[str, list[Score]]) -> Plans:
    """Return every plan that was marked, in the order of learners and of the key.

    `scores` are those of the gradebook. CannotMark where the key is missing or the log was edited.
    """
    asked = list(_asked(folder, read_key_of(folder, assignment)))
    records = (record for record in latest(folder, assignment).values() if record.status != "refused")
    found = (each for record in records for each in _plans(asked, record, scores))
    return {(each.learner, each.question): each for each in found}


@dataclass(frozen=True)
class _Asked:
    """One plan that an assignment asks for: what is the same for all learners, read once."""

    name: str
    scenario: str
    rubric: str
    complaint: Complaint
    steps: Mapping[str, "Component"]
    titles: Mapping[str, str]


def _asked(folder: Path, key: Key) -> Iterator[_Asked]:
    words = all_words(start=folder)
    for name, question in key.questions.items():
        if isinstance(question, PlanQuestion):
            steps = steps_of(question, start=folder)
            yield _Asked(
                name=name,
                scenario=question.scenario,
                rubric=question.rubric or HOUSE_RUBRIC,
                complaint=scenario(question.scenario, start=folder).as_complaint(),
                steps=steps,
                titles={each: step_title(words, each, step.name) for each, step in steps.items()},
            )


def _plans(
    asked: Sequence[_Asked], record: Record, scores: Mapping[str, list[Score]]
) -> Iterator[WrittenPlan]:
    now = {score.cell: score for score in scores.get(record.learner, [])}
    for plan in asked:
        name = plan.name
        cells = {each: f"{name}_{each}" for each in plan.steps}
        marks = {each: record.cells[cell] for each, cell in cells.items() if cell in record.cells}
        text = record.answers.get(name)
        written = text if isinstance(text, str) else ""
        yield WrittenPlan(
            learner=record.learner,
            question=name,
            scenario=plan.scenario,
            complaint=plan.complaint,
            rubric=plan.rubric,
            text=written,
            parts=tuple(
                _part(cells[each], each, plan.steps[each], plan.titles[each], mark, now)
                for each, mark in marks.items()
            ),
            flags=tuple({f["name"]: f for m in marks.values() for f in m.detail.get("flags", ())}.values()),
            unread=record.unread.get(name, ""),
            marks=marks,
        )


def _part(cell: str, name: str, step: "Component", title: str, mark: Mark, now: Mapping[str, Score]) -> Part:
    score, most = now.get(cell), step.top
    stands = mark.points if score is None else score.earned
    return Part(
        name=name,
        title=title,
        cell=cell,
        most=most,
        out_of=mark.out_of,
        judged=level_of(mark.points, mark.out_of, most),
        sure=mark.detail.get("confidence"),
        because=str(mark.detail.get("because", "")),
        evidence=tuple(mark.detail.get("evidence", ())),
        level=level_of(stands, mark.out_of, most),
        waits=mark.needs_person if score is None else score.waiting,
        by_hand=score is not None and score.by_hand,
    )


def level_of(points: float | None, out_of: float, most: int) -> int | None:
    """Return the level that points stand for; None where they stand for none."""
    if points is None or not out_of:
        return None
    level = points * most / out_of
    return round(level) if abs(level - round(level)) < 1e-6 and 0 <= round(level) <= most else None


def _evidence(plan: str, marks: Mapping[str, Mark]) -> str:
    shown = {name: [mark.points, mark.detail] for name, mark in marks.items()}
    text = json.dumps([plan, shown], sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()
