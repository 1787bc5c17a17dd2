"""Write the page that a learner gets back: the score, a reason for each item, evidence in their own words.

For `heatproof feedback`. One file a learner, complete in itself, put where nbgrader's release_feedback
finds it. It shows what the results log holds, and over it what a person graded by hand. It runs nothing and
loads nothing: a strict Content-Security-Policy stands in the page, and all text is escaped by the template.
"""

import base64
import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from autograders.autograded import copy_beside, replace_file
from autograders.call_keys import CallQuestion
from autograders.gradebook import open_gradebook
from autograders.gradebook_reading import Score
from autograders.keys_reading import Key, LabelsQuestion, Question
from autograders.people_log import Standing, reason_for, standing_marks
from autograders.released import read_key_of
from autograders.results import Mark, Record, latest
from autograders.roster import ID, Learner, roster
from autograders.spans import Piece, Span, pieces
from autograders.steps import flag_title, step_meaning, step_title, steps_of
from course.engine.content import Scenario, scenario
from course.engine.words import all_words

LETTERS = {"hear": "H", "empathise": "E", "apologise": "A", "act": "T", "flag": "!"}
SIGNS = {"right": "✓", "near": "◐", "wrong": "✗", "missing": "–", "flag": "!", "next": "→", "person": "?"}


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

    def letter(self, kind: str) -> str:
        """Return the letter that stands behind a marked passage."""
        return next((step.letter for step in self.steps if step.name == kind), LETTERS["flag"])

    def colours(self, *kinds: str) -> str:
        """Return the classes of passages of some kinds, with spaces between."""
        own = {step.name: step.kind for step in self.steps}
        return " ".join(dict.fromkeys(own.get(kind, kind) for kind in kinds))


@dataclass(frozen=True)
class Page:
    """All that one page shows."""

    title: str
    learner: Learner
    record: Record
    points: Points
    parts: tuple[Part, ...] = ()


def write_feedback(
    folder: Path,
    assignment: str,
    *,
    learners: Collection[str] | None = None,
    progress: Callable[[str], None] | None = None,
) -> tuple[Path, ...]:
    """Write the pages of all learners with a result, or of those named; return their paths."""
    folder = folder.resolve()
    people = roster(folder)
    key = read_key_of(folder, assignment)
    records = latest(folder, assignment)
    ids = {question.scenario for question in key.questions.values() if question.scenario}
    scenarios = {each: scenario(each, start=folder) for each in ids}
    with open_gradebook(folder) as grades:
        scores, comments = grades.scores(assignment), grades.comments(assignment)
    decided = standing_marks(folder, assignment)
    words = all_words(start=folder)
    written = []
    for learner, record in records.items():
        if learners is not None and learner not in learners:
            continue
        who = people.get(learner, Learner(learner))
        if not is_safe(learner):
            continue
        own = scores.get(learner, []), comments.get(learner, {})
        page = make_page(key, record, who, *own, scenarios, start=folder, decided=decided)
        target = folder / "feedback" / learner / assignment
        target.mkdir(parents=True, exist_ok=True)
        copy_beside(folder / "submitted" / learner / assignment, target)
        replace_file(target / f"{assignment}.html", render(page, words).encode("utf-8"))
        written.append(target / f"{assignment}.html")
        if progress:
            progress(learner)
    return tuple(written)


def is_safe(learner: str) -> bool:
    """True when a learner's id is one plain folder name."""
    return ID.fullmatch(learner) is not None


def make_page(
    key: Key,
    record: Record,
    learner: Learner,
    scores: list[Score],
    comments: Mapping[str, str],
    scenarios: Mapping[str, Scenario],
    *,
    start: Path | None = None,
    decided: Standing | None = None,
) -> Page:
    """Gather what a page shows from a record, and from the gradebook what a person changed.

    `decided`: what people wrote down with a reason.
    """
    now = {score.cell: score for score in scores}
    why = {score.cell: reason_for(learner.id, score, decided or {}) for score in scores}
    points = {
        name: _with_reason(_points(mark, now.get(name)), mark, why.get(name, ""))
        for name, mark in record.cells.items()
    }
    parts = tuple(
        _part(name, question, record, points, comments.get(name, ""), scenarios, start)
        for name, question in key.questions.items()
        if record.status != "refused"
    )
    return Page(key.title, learner, record, _total(list(points.values())), parts)


def _points(mark: Mark, score: Score | None) -> Points:
    if score is not None and (score.by_hand or score.points is not None):
        return Points(score.points, score.out_of, score.waiting, score.by_hand)
    return Points(mark.points, mark.out_of, mark.needs_person)


def _with_reason(points: Points, mark: Mark, reason: str) -> Points:
    return replace(points, reason=reason, overruled=bool(reason) and points.got != mark.points)


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
    words = all_words(start=start)
    if isinstance(question, CallQuestion):
        for part in question.parts:
            if (cell := f"{name}_{part}") in points:
                yield Step(part, points[cell], record.cells[cell].detail, words[f"call.part.{part}"])
        return
    if isinstance(question, LabelsQuestion):
        cell = f"{name}_check"
        if cell in points:
            yield Step("labels", points[cell], record.cells[cell].detail)
        return
    taken: set[str] = set(LETTERS.values())
    for each, component in steps_of(question, start=start).items():
        title = step_title(words, each, component.name)
        letter = LETTERS.get(each) or next((a for a in title.upper() if a.isalpha() and a not in taken), "+")
        taken.add(letter)
        if (cell := f"{name}_{each}") in points:
            meaning = step_meaning(words, each, component.meaning)
            yield Step(each, points[cell], record.cells[cell].detail, title, meaning, letter)


def _spans(steps: tuple[Step, ...], flags: tuple[Mapping[str, Any], ...]) -> list[Span]:
    found = [Span(e["start"], e["end"], step.name) for step in steps for e in step.detail.get("evidence", ())]
    return found + [Span(e["start"], e["end"], "flag") for flag in flags for e in flag.get("evidence", ())]


def _each_once(flags: Any) -> list[Mapping[str, Any]]:
    return list({flag["name"]: flag for flag in flags}.values())


def render(page: Page, words: Mapping[str, str]) -> str:
    """Return the page as HTML, in these words."""

    def word(id_: str, **values: object) -> str:
        return words[id_].format(**values)

    def flag_name(flag: Mapping[str, Any]) -> str:
        return flag_title(words, flag["name"], flag.get("title", ""))

    template = _environment().get_template("feedback.html.j2")
    return template.render(page=page, word=word, flag_name=flag_name, csp=_policy(), style=_style())


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("autograders", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"signs": SIGNS}
    return environment


@cache
def _style() -> Markup:
    return Markup((Path(__file__).parent / "templates" / "feedback.css").read_text(encoding="utf-8"))


@cache
def _policy() -> str:
    """Return the page's policy: nothing is loaded or run, and only our style, known by its hash, applies."""
    style = base64.b64encode(hashlib.sha256(_style().encode("utf-8")).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'"
