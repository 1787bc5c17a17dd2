"""Gather what a learner's feedback page shows: from the record, and over it what a person graded by hand.

For `feedback`, and `feedback_html` which writes it down. Refuses to know HTML and files.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from autograders.call_keys import CallQuestion
from autograders.gradebook_reading import Score
from autograders.keyless import without_keys
from autograders.keys_reading import Key, LabelsQuestion, PlanQuestion, Question
from autograders.late_marks import is_plain, late_of
from autograders.lateness import Late
from autograders.people_log import Standing, reason_for
from autograders.record import Mark, Record
from autograders.roster import Learner
from autograders.spans import Piece, Span, pieces
from autograders.steps import step_meaning, step_title, steps_of
from course.engine.content import Scenario
from course.engine.words import all_words

LETTERS = {"hear": "H", "empathise": "E", "apologise": "A", "act": "T", "flag": "!"}


@dataclass(frozen=True)
class Points:
    """The points of one cell or of a whole page, as they stand now."""

    got: float | None
    out_of: float
    waiting: bool = False
    by_hand: bool = False
    reason: str = ""
    """Why a person gave them, where it was written down."""
    overruled: bool = False
    """True when the judge had given others: then its reasons are not shown."""

    @property
    def of_a_person(self) -> bool:
        """True when a person gave them, or will."""
        return self.by_hand or self.waiting

    @property
    def share(self) -> int:
        """Whole tenths, 0 to 10, for the bar."""
        return round(10 * (self.got or 0.0) / self.out_of) if self.out_of else 0


@dataclass(frozen=True)
class Step:
    """One component of a plan, or the labels of one complaint: its points and what is said of it."""

    name: str
    points: Points
    detail: Mapping[str, Any]
    title: str = ""
    meaning: str = ""
    letter: str = ""

    @property
    def kind(self) -> str:
        """The class that gives it a colour; what a rubric adds to HEAT shares one."""
        return self.name if self.name in LETTERS else "more"

    @property
    def because(self) -> str:
        """The judge's reason; none where a person gave other points."""
        return "" if self.points.overruled else self.detail.get("because", "")

    @property
    def next_step(self) -> str:
        """What is missing for the next level, where there is one."""
        done = self.points.overruled or self.points.share == 10
        return "" if done else self.detail.get("next_step", "")


@dataclass(frozen=True)
class Part:
    """One question on the page. `own`: its labels are the question's own."""

    name: str
    kind: str
    scenario: Scenario | None
    points: Points
    steps: tuple[Step, ...]
    plan: tuple[Piece, ...] = ()
    flags: tuple[Mapping[str, Any], ...] = ()
    unread: str = ""
    comment: str = ""
    asks: str = ""
    own: bool = False
    talk: tuple[Mapping[str, Any], ...] = ()
    """The lines of a call, what the learner said with its reason."""

    @property
    def heading(self) -> str:
        """The id of the words that say what was asked."""
        labels = "page.items" if self.own else "page.replies"
        return {"plan": "page.plan", "call": "page.call"}.get(self.kind, labels)

    @cached_property
    def _of_name(self) -> Mapping[str, Step]:
        return {step.name: step for step in self.steps}

    def letter(self, kind: str) -> str:
        """Return the letter that stands behind a marked passage."""
        return self._of_name[kind].letter if kind in self._of_name else LETTERS["flag"]

    def colours(self, *kinds: str) -> str:
        """Return the classes of passages of some kinds, with spaces between."""
        own = self._of_name
        return " ".join(dict.fromkeys(own[kind].kind if kind in own else kind for kind in kinds))


@dataclass(frozen=True)
class Page:
    """All that one page shows."""

    title: str
    learner: Learner
    record: Record
    points: Points
    parts: tuple[Part, ...] = ()
    late: Late | None = None
    """What lateness cost, where there is anything to tell."""
    lost: float = 0.0


def make_page(
    key: Key,
    record: Record,
    learner: Learner,
    scores: list[Score],
    comments: Mapping[str, str],
    scenarios: Mapping[str, Scenario],
    *,
    start: Path | None = None,
    keys: bool = True,
    decided: Standing | None = None,
) -> Page:
    """Gather what a page shows from a record, and from the gradebook what a person changed.

    `decided`: what people wrote down with a reason.
    """
    said = record if keys else without_keys(record, key)
    now = {score.cell: score for score in scores}
    why = {score.cell: reason_for(learner.id, score, decided or {}) for score in scores}
    points = {
        name: _with_reason(_points(mark, now.get(name)), mark, why.get(name, ""))
        for name, mark in record.cells.items()
    }
    parts = tuple(
        _part(name, question, said, points, comments.get(name, ""), scenarios, start)
        for name, question in key.questions.items()
        if record.status != "refused"
    )
    total, late = _total(list(points.values())), late_of(record)
    lost = late.lost(total.got or 0.0) if late else sum(score.late_penalty for score in scores)
    left = replace(total, got=None if total.got is None else max(0.0, round(total.got - lost, 6)))
    shown = late if late is not None and not is_plain(late) else None
    return Page(key.title, learner, record, left, parts, shown, lost)


def _points(mark: Mark, score: Score | None) -> Points:
    if score is not None and (score.by_hand or score.points is not None):
        return Points(score.points, score.out_of, score.waiting, score.by_hand)
    return Points(mark.points, mark.out_of, mark.needs_person)


def _with_reason(points: Points, mark: Mark, reason: str) -> Points:
    return replace(points, reason=reason, overruled=points.got != mark.points) if reason else points


def _total(all_points: list[Points]) -> Points:
    given = [points.got for points in all_points if points.got is not None]
    out_of = sum(points.out_of for points in all_points)
    waiting = any(points.waiting for points in all_points)
    return Points(sum(given) if given else None, out_of, waiting)


def _part(
    name: str,
    question: Question,
    record: Record,
    points: Mapping[str, Points],
    comment: str,
    scenarios: Mapping[str, Scenario],
    start: Path | None,
) -> Part:
    plan = question.kind == "plan"
    steps = tuple(_steps(name, question, record, points, start))
    flags = tuple(_each_once(flag for step in steps for flag in step.detail.get("flags", ())))
    text = record.answers.get(name)
    return Part(
        name=name,
        kind=question.kind,
        scenario=scenarios[question.scenario] if question.scenario else None,
        points=_total([step.points for step in steps]),
        steps=steps,
        plan=pieces(text, _spans(steps, flags)) if plan and isinstance(text, str) else (),
        flags=flags,
        unread=record.unread.get(name, ""),
        comment=comment,
        talk=tuple(line for step in steps for line in step.detail.get("talk", ())),
        asks=" ".join((question.asks or "").split()) if isinstance(question, LabelsQuestion) else "",
        own=isinstance(question, LabelsQuestion) and bool(question.labels),
    )


def _steps(
    name: str, question: Question, record: Record, points: Mapping[str, Points], start: Path | None
) -> Iterator[Step]:
    if isinstance(question, CallQuestion):
        words = all_words(start=start)
        for part in question.parts:
            if (cell := f"{name}_{part}") in points:
                yield Step(part, points[cell], record.cells[cell].detail, words[f"call.part.{part}"])
        return
    if isinstance(question, LabelsQuestion):
        cell = f"{name}_check"
        if cell in points:
            yield Step("labels", points[cell], record.cells[cell].detail)
        return
    for each, title, meaning, letter in _plan_steps(question, start):
        if (cell := f"{name}_{each}") in points:
            yield Step(each, points[cell], record.cells[cell].detail, title, meaning, letter)


@lru_cache(maxsize=64)
def _plan_steps(question: PlanQuestion, start: Path | None) -> tuple[tuple[str, str, str, str], ...]:
    """Return the components of a plan, each with its title, meaning and letter."""
    words = all_words(start=start)
    taken: set[str] = set(LETTERS.values())
    steps = []
    for each, component in steps_of(question, start=start).items():
        title = step_title(words, each, component.name)
        letter = LETTERS.get(each) or next((a for a in title.upper() if a.isalpha() and a not in taken), "+")
        taken.add(letter)
        steps.append((each, title, step_meaning(words, each, component.meaning), letter))
    return tuple(steps)


def _spans(steps: tuple[Step, ...], flags: tuple[Mapping[str, Any], ...]) -> list[Span]:
    found = [Span(e["start"], e["end"], step.name) for step in steps for e in step.detail.get("evidence", ())]
    return found + [Span(e["start"], e["end"], "flag") for flag in flags for e in flag.get("evidence", ())]


def _each_once(flags: Any) -> list[Mapping[str, Any]]:
    return list({flag["name"]: flag for flag in flags}.values())
