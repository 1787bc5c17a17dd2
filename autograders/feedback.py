"""Write the page that a learner gets back: the score, a reason for each item, evidence in their own words.

For `heatproof feedback`. One file a learner, complete in itself, put where nbgrader's release_feedback
finds it. It shows what the results log holds, and over it what a person graded by hand. It runs nothing and
loads nothing: a strict Content-Security-Policy stands in the page, and all text is escaped by the template.
"""

import base64
import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from autograders.autograded import copy_beside, replace_file
from autograders.call_keys import CallQuestion
from autograders.gradebook_quick import marks_and_comments
from autograders.gradebook_reading import Score
from autograders.keyless import keys_in_feedback, without_keys
from autograders.keys_reading import Key, LabelsQuestion, PlanQuestion, Question
from autograders.late_marks import is_plain, late_of, told
from autograders.lateness import Late
from autograders.people_log import Standing, reason_for, standing_marks
from autograders.released import read_key_of
from autograders.results import Mark, Record, latest
from autograders.roster import ID, Learner, roster
from autograders.spans import Piece, Span, pieces
from autograders.steps import flag_title, step_meaning, step_title, steps_of
from autograders.two_cores import answers
from course.engine.content import Scenario, scenario
from course.engine.words import all_words

TEMPLATE = "feedback.html.j2"
MANY = 40
"""Pages from which on a second core helps."""
AT_ONCE = 200
"""Pages between two tellings of how far it is."""
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


def write_feedback(
    folder: Path,
    assignment: str,
    *,
    learners: Collection[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
    keys: bool | None = None,
) -> tuple[Path, ...]:
    """Write the pages of all learners with a result, or of those named; return their paths.

    `keys`: whether they show what the key holds; None: as the course folder's settings say. `progress` is
    called with (done, of).
    """
    folder = folder.resolve()
    people = roster(folder)
    key = read_key_of(folder, assignment)
    records = latest(folder, assignment)
    ids = {question.scenario for question in key.questions.values() if question.scenario}
    scenarios = {each: scenario(each, start=folder) for each in ids}
    scores, comments = marks_and_comments(folder, assignment)
    decided = standing_marks(folder, assignment)
    words = all_words(start=folder)
    shows_keys = keys_in_feedback(folder) if keys is None else keys
    _environment().get_template(TEMPLATE)  # once, for both cores

    def write(learner: str) -> bool:
        who, own = people.get(learner, Learner(learner)), (scores.get(learner, []), comments.get(learner, {}))
        page = make_page(
            key, records[learner], who, *own, scenarios, start=folder, keys=shows_keys, decided=decided
        )
        target = page_path(folder, learner, assignment)
        target.parent.mkdir(parents=True, exist_ok=True)
        copy_beside(folder / "submitted" / learner / assignment, target.parent)
        replace_file(target, render(page, words).encode("utf-8"))
        return True

    wanted = [each for each in records if is_safe(each) and (learners is None or each in learners)]
    for first in range(0, len(wanted), AT_ONCE):
        answers(write, some := wanted[first : first + AT_ONCE], many=MANY)
        if progress:
            progress(first + len(some), len(wanted))
    return tuple(page_path(folder, learner, assignment) for learner in wanted)


def page_path(folder: Path, learner: str, assignment: str) -> Path:
    """Return where nbgrader looks for a learner's page."""
    return folder / "feedback" / learner / assignment / f"{assignment}.html"


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


class Safe(dict[str, Markup]):
    """Words as HTML, each made when it is first asked for."""

    def __init__(self, words: Mapping[str, str]) -> None:
        super().__init__()
        self._words = words

    def __missing__(self, id_: str) -> Markup:
        self[id_] = escape(self._words[id_])
        return self[id_]


def render(page: Page, words: Mapping[str, str]) -> str:
    """Return the page as HTML, in these words.

    What stands on a page many times is made here and not by the template: so a page takes half the time.
    """
    safe = Safe(words)

    def word(id_: str, **values: object) -> str:
        return words[id_].format(**values)

    def said(points: Points) -> Markup:
        if points.got is None:
            return safe["page.no-points"]
        return escape(word("feedback.points", points=f"{points.got:g}", out_of=f"{points.out_of:g}"))

    def shown(points: Points, *, small: bool = False) -> Markup:
        return Markup(f'<span class="points{" small" if small else ""}">{said(points)}</span>\n')

    def flag_name(flag: Mapping[str, Any]) -> str:
        return flag_title(words, flag["name"], flag.get("title", ""))

    late = told(page.late, words) if page.late else ()
    made = {"word": word, "said": said, "points": shown, "flag_name": flag_name}
    values = {"page": page, "late": late, "csp": _policy(), "style": _style(), "words": safe}
    template = _environment().get_template(TEMPLATE)
    return template.render(values, **made, marked=marked, reply=reply)


def marked(part: Part) -> Markup:
    """Return a plan as HTML: the learner's own spaces and lines, each passage marked with its letters."""

    @cache
    def begun(kinds: tuple[str, ...]) -> str:
        return f'<mark class="{escape(part.colours(*kinds))}">'

    @cache
    def letter(kind: str) -> str:
        return f'<sup class="{escape(part.colours(kind))}">{escape(part.letter(kind))}</sup>'

    said = [
        f"{begun(piece.kinds)}{escape(piece.text)}</mark>{''.join(map(letter, piece.ending))}"
        if piece.kinds
        else escape(piece.text)
        for piece in part.plan
    ]
    return Markup("".join(said))


@lru_cache(maxsize=1_000)
def reply(sign: str, quote: str, said: str) -> Markup:
    """Return a sorted reply as HTML; half a class sorts it alike, so each is made once."""
    made: Markup = _environment().get_template("reply.html.j2").module.reply(sign, quote, said)  # type: ignore[attr-defined]
    return made


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
