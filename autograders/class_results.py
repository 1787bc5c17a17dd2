"""Gather what was decided about a whole class, for the table and the report.

Reads the results log, the gradebook's marks over it (a person's count), the keys and the roster of a course
folder; pure from there on. Refuses to mark, to ask a clock, or to read a submission.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median

from autograders.contested import Contested, contested_readings
from autograders.gradebook_reading import Score
from autograders.keys_reading import COMPONENTS, Key, KeyReply, LabelsQuestion, PlanQuestion, key
from autograders.late_marks import asks, penalty
from autograders.late_work import LateWork, late_work
from autograders.record import Mark, Record
from autograders.results import assignments_marked, head, latest
from autograders.roster import Learner, roster
from autograders.standing import Standing, standing
from autograders.steps import step_title, steps_of
from course.engine.words import all_words


@dataclass(frozen=True)
class Part:
    """What one learner has for one assignment; `points` is None where nothing was marked, which is not 0."""

    assignment: str
    status: str
    points: float | None
    out_of: float
    waiting: int
    reason: str


@dataclass(frozen=True)
class Row:
    """One learner with all parts handed in."""

    learner: Learner
    parts: tuple[Part, ...]

    @property
    def points(self) -> float:
        return sum(part.points for part in self.parts if part.points is not None)

    @property
    def out_of(self) -> float:
        return sum(part.out_of for part in self.parts if part.points is not None)

    @property
    def share(self) -> float | None:
        """Points as a share 0-1 of what was marked; None where nothing was."""
        return self.points / self.out_of if self.out_of else None

    @property
    def waiting(self) -> int:
        """How many cells wait for a person."""
        return sum(part.waiting for part in self.parts)


@dataclass(frozen=True)
class Item:
    """One reply to classify, and how the class fared with it."""

    assignment: str
    question: str
    reply: KeyReply
    asked: int
    right: int
    skipped: int
    instead: tuple[str, int] | None
    labels: Mapping[str, str] = field(default_factory=dict)
    """What its labels are called where they are the question's own."""

    @property
    def share(self) -> float:
        """The share 0-1 of right answers."""
        return self.right / self.asked

    @property
    def reason(self) -> str:
        """Why the label most often chosen instead is wrong; else why the right one is right."""
        own = self.reply.wrong.get(self.instead[0]) if self.instead else None
        return str(own or self.reply.why)


@dataclass(frozen=True)
class Waiting:
    """One cell that waits for a person, with the judge's reason for asking."""

    learner: Learner
    assignment: str
    cell: str
    points: float | None
    out_of: float
    because: str
    text: str


@dataclass(frozen=True)
class ClassResults:
    """A class at a glance.

    `levels` counts, for each component, plans without points, with some and with all; `steps` says what each
    is called; `flags` counts plans, most first, and `flag_titles` names those that a rubric adds.
    """

    assignments: tuple[str, ...]
    rows: tuple[Row, ...]
    items: tuple[Item, ...]
    levels: Mapping[str, tuple[int, int, int]]
    flags: tuple[tuple[str, int], ...]
    plans: int
    waiting: tuple[Waiting, ...]
    received: tuple[str, str] | None
    heads: Mapping[str, str]
    steps: Mapping[str, str] = field(default_factory=dict)
    flag_titles: Mapping[str, str] = field(default_factory=dict)
    contested: tuple[Contested, ...] = ()
    late: tuple[LateWork, ...] = ()

    @property
    def refused(self) -> tuple[tuple[Row, Part], ...]:
        """Submissions that were not marked, each with its reason."""
        return tuple((row, part) for row in self.rows for part in row.parts if part.status == "refused")

    @property
    def hand_ins(self) -> int:
        """How many hand-ins became something, refused ones too."""
        return sum(len(row.parts) for row in self.rows)

    @property
    def cells_waiting(self) -> int:
        """How many cells wait for a person."""
        return sum(row.waiting for row in self.rows)

    @property
    def shares(self) -> tuple[float, ...]:
        """Each learner's share 0-1 of the points, of those who have any marked work."""
        return tuple(row.share for row in self.rows if row.share is not None)

    @property
    def median_share(self) -> float | None:
        """The share 0-1 in the middle of the class; None where nothing is marked."""
        return median(self.shares) if self.shares else None


def class_results(folder: Path) -> ClassResults:
    """Gather the results of every assignment that was marked in a course folder."""
    logged = assignments_marked(folder)
    marks = standing(folder, logged)
    assignments = tuple(sorted({*logged, *marks}))
    records = [as_it_stands(record, marks) for name in logged for record in latest(folder, name).values()]
    keys = {name: found for name in assignments if (found := key(name, start=folder))}
    people = roster(folder)
    steps = _steps(keys.values(), folder)
    plans = list(_plan_marks(records, steps))
    return ClassResults(
        assignments=assignments,
        rows=tuple(_rows(records, marks, people)),
        items=tuple(sorted(_items(records, keys), key=lambda i: (i.share, i.assignment, i.question))),
        levels={name: _levels(name, plans) for name in steps},
        flags=_flags(plans),
        plans=len({(record.learner, record.assignment, plan) for record, plan, _, _ in plans}),
        waiting=tuple(_waiting(records, people, steps)),
        received=_span(record.received for record in records),
        heads={name: head(folder, name) for name in logged},
        steps=steps,
        flag_titles=_flag_titles(plans),
        contested=tuple(contested_readings(records, people)),
        late=tuple(late_work(records, marks, people)),
    )


def as_it_stands(record: Record, marks: Standing) -> Record:
    """Return a record with the marks that now stand in the gradebook in the place of the judge's."""
    now = marks.get(record.assignment, {}).get(record.learner, {})
    if record.status == "refused" or not now:
        return record
    cells = {
        name: replace(mark, points=now[name].points, needs_person=now[name].waiting) if name in now else mark
        for name, mark in record.cells.items()
    }
    return replace(record, cells=cells)


def _rows(records: list[Record], marks: Standing, people: Mapping[str, Learner]) -> Iterator[Row]:
    logged = {(record.learner, record.assignment): record for record in records}
    marked = {(learner, name): own for name, learners in marks.items() for learner, own in learners.items()}
    parts: dict[str, list[Part]] = {id: [] for id in (*people, *sorted({who for who, _ in logged | marked}))}
    for learner, name in sorted(logged | marked, key=lambda each: each[1]):
        own, record = marked.get((learner, name), {}), logged.get((learner, name))
        parts[learner].append(_part(name, record, tuple(own.values())))
    yield from (Row(people.get(id, Learner(id)), tuple(own)) for id, own in parts.items())


def _part(assignment: str, record: Record | None, scores: tuple[Score, ...]) -> Part:
    """Return what a learner has for an assignment: the gradebook's marks; the log's where it has none."""
    if record is not None and (record.status == "refused" or not scores):
        waits = len(record.for_a_person)
        return Part(assignment, record.status, record.points, record.out_of, waits, record.reason)
    given = [score.points for score in scores if score.points is not None]
    waits = sum(score.waiting for score in scores)
    return Part(
        assignment,
        "needs_person" if waits else "graded",
        sum(given) - penalty(record, scores) if given else None,
        sum(score.out_of for score in scores),
        waits,
        record.reason if record else "",
    )


def _items(records: list[Record], keys: Mapping[str, Key]) -> Iterator[Item]:
    for name, own in keys.items():
        answers = [r.answers for r in records if r.assignment == name and r.status != "refused"]
        for question, what in own.questions.items():
            if answers and isinstance(what, LabelsQuestion):
                given = [given if isinstance(given := a.get(question), dict) else {} for a in answers]
                yield from (_item(name, question, what, reply, given) for reply in what.replies)


def _item(
    assignment: str, question: str, asked: LabelsQuestion, reply: KeyReply, given: list[dict[str, object]]
) -> Item:
    chosen = Counter(label for answer in given if isinstance(label := answer.get(reply.id), str))
    wrong = sorted(((n, label) for label, n in chosen.items() if label != reply.label), reverse=True)
    instead = (wrong[0][1], wrong[0][0]) if wrong else None
    skipped = len(given) - chosen.total()
    return Item(assignment, question, reply, len(given), chosen[reply.label], skipped, instead, asked.labels)


def _steps(keys: Iterable[Key], folder: Path) -> dict[str, str]:
    """Return the components that the plans of these keys have, each with what it is called."""
    words = all_words(start=folder)
    plans = [what for own in keys for what in own.questions.values() if isinstance(what, PlanQuestion)]
    found = {
        name: step_title(words, name, step.name)
        for plan in plans
        for name, step in steps_of(plan, start=folder).items()
    }
    return found or {name: step_title(words, name, "") for name in COMPONENTS}


def _plan_marks(records: list[Record], steps: Collection[str]) -> Iterator[tuple[Record, str, str, Mark]]:
    """Yield (record, plan, component, mark) of every marked cell of a plan."""
    for record in records:
        for name, mark in record.cells.items():
            plan, _, component = name.rpartition("_")
            if component in steps and mark.points is not None:
                yield record, plan, component, mark


def _levels(component: str, marks: list[tuple[Record, str, str, Mark]]) -> tuple[int, int, int]:
    counts = Counter(_third(mark) for _, _, name, mark in marks if name == component)
    return counts[0], counts[1], counts[2]


def _third(mark: Mark) -> int:
    """Return 0 for no points, 2 for all, 1 for what lies between: a rubric may have more levels."""
    return 0 if not mark.points else 2 if mark.points >= mark.out_of else 1


def _flags(marks: list[tuple[Record, str, str, Mark]]) -> tuple[tuple[str, int], ...]:
    seen = {(r.learner, r.assignment, plan, name) for r, plan, _, mark in marks for name in flag_names(mark)}
    counts = Counter(name for *_, name in seen)
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def flag_names(mark: Mark) -> tuple[str, ...]:
    """Return the names of the flags that a plan's mark carries."""
    return tuple(flag["name"] for flag in mark.detail.get("flags", ()))


def _flag_titles(marks: list[tuple[Record, str, str, Mark]]) -> dict[str, str]:
    flags = (flag for *_, mark in marks for flag in mark.detail.get("flags", ()))
    return {flag["name"]: flag["title"] for flag in flags if flag.get("title")}


def _waiting(
    records: list[Record], people: Mapping[str, Learner], steps: Collection[str]
) -> Iterator[Waiting]:
    for record in records:
        for name in record.for_a_person:
            mark = record.cells[name]
            plan, _, component = name.rpartition("_")
            because = str(mark.detail.get("because", "")) or "; ".join(record.notes) or record.reason
            text = record.answers.get(plan if component in steps else name.removesuffix("_check"))
            yield Waiting(
                people.get(record.learner, Learner(record.learner)),
                record.assignment,
                name,
                mark.points,
                mark.out_of,
                " ".join(filter(None, (asks(record), because))),
                text if isinstance(text, str) else "",
            )


def _span(times: Iterable[str | None]) -> tuple[str, str] | None:
    known = sorted(filter(None, times))
    return (known[0], known[-1]) if known else None
