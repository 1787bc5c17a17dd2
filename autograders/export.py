"""Export the marks as CSV for any spreadsheet: a row a learner and assignment, and a row a question.

For graders, and as rows for programs, through `heatproof export`. Marks come from nbgrader's gradebook, so
that what a person graded by hand counts; what became of a submission comes from the results log. "Not handed
in" and "refused" are no zeroes: their points stay empty. No cell can act as a formula.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograders.gradebook import Grades, read_gradebook
from autograders.gradebook_reading import Score
from autograders.late_marks import penalty, rules_named
from autograders.people_log import Standing, decision_for, standing_marks
from autograders.record import Record
from autograders.results import assignments_marked, head, latest
from autograders.roster import Learner, roster
from autograders.whole_files import replace_file

SCORES = (
    "learner", "first_name", "last_name", "email", "assignment", "status", "points", "out_of",
    "waiting_for_a_person", "by_hand", "late_penalty", "late_rules", "received", "note", "log_head",
)  # fmt: skip
QUESTIONS = (
    "learner", "assignment", "question", "points", "out_of", "automatic", "by_hand", "waiting",
    "marker", "reason",
)  # fmt: skip

FORMULA = tuple("=+-@\t\r\n＝＋－＠")
SEPARATED = re.compile(r"([;|]\s*)(?=[=+\-@＝＋－＠])")
"""Where a spreadsheet that takes another separator would see a formula begin."""
"""What a spreadsheet may take for the beginning of a formula."""

NOT_HANDED_IN = "not handed in"
GRADED = "graded"
NEEDS_PERSON = "needs a person"
REFUSED = "refused"


@dataclass(frozen=True)
class Table:
    """One table and the file that holds it as CSV. A cell that is None is empty there."""

    path: Path
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


def export_scores(folder: Path) -> tuple[Path, ...]:
    """Write exports/scores.csv and exports/questions.csv of a course folder, and return their paths."""
    return tuple(map(write_table, score_tables(folder)))


def score_tables(folder: Path) -> tuple[Table, Table]:
    """Return the marks of a course folder: SCORES by learner and assignment, and QUESTIONS by question."""
    folder = folder.resolve()
    people = roster(folder)
    scores: list[tuple[object, ...]] = []
    questions: list[tuple[object, ...]] = []
    with read_gradebook(folder) as grades:
        for assignment in _assignments(folder, grades):
            records = latest(folder, assignment)
            marks = grades.scores(assignment)
            learners = _learners(people, grades, [*records, *marks])
            chain = head(folder, assignment) if records else ""
            scores += (_row(who, assignment, records, marks, chain) for who in learners)
            decided = standing_marks(folder, assignment)
            questions += (row for who in learners for row in _rows(who.id, assignment, marks, decided))
    place = folder / "exports"
    return (
        Table(place / "scores.csv", SCORES, tuple(scores)),
        Table(place / "questions.csv", QUESTIONS, tuple(questions)),
    )


def _assignments(folder: Path, grades: Grades) -> tuple[str, ...]:
    released = {
        path.stem for path in (folder / "assignments").glob("*/*.ipynb") if path.stem == path.parent.name
    }
    return tuple(sorted(released | set(assignments_marked(folder)) | set(grades.assignments())))


def _learners(people: dict[str, Learner], grades: Grades, others: Iterable[str]) -> list[Learner]:
    """Return everybody: the roster in its order, then whom only the gradebook or the log knows."""
    known = {**grades.people(), **people}
    rest = sorted({*known, *others} - people.keys())
    return [known.get(who, Learner(who)) for who in (*people, *rest)]


def _row(
    who: Learner, assignment: str, records: Mapping[str, Record], marks: dict[str, list[Score]], chain: str
) -> tuple[object, ...]:
    record, own = records.get(who.id), marks.get(who.id, [])
    status = _status(record, own)
    marked = status in (GRADED, NEEDS_PERSON) and any(score.points is not None for score in own)
    late = penalty(record, own)
    points = sum(score.points or 0.0 for score in own) - late
    return (
        who.id, who.first_name, who.last_name, who.email, assignment, status,
        points if marked else None,
        sum(score.out_of for score in own) if own else None,
        sum(score.waiting for score in own) if own else None,
        sum(score.by_hand for score in own) if own else None,
        late if marked else None,
        rules_named(record) if record else "",
        record.received or "" if record else "",
        record.reason if record else "",
        chain,
    )  # fmt: skip


def _status(record: Record | None, own: list[Score]) -> str:
    if record is not None and record.status == "refused":
        return REFUSED
    if not own:
        return NOT_HANDED_IN if record is None else NEEDS_PERSON
    return NEEDS_PERSON if any(score.waiting for score in own) else GRADED


def _rows(
    learner: str, assignment: str, marks: dict[str, list[Score]], decided: Standing
) -> Iterator[tuple[object, ...]]:
    for score in marks.get(learner, []):
        found = decision_for(learner, score, decided)
        yield (
            learner, assignment, score.cell, score.points, score.out_of,
            score.automatic, score.by_hand, score.waiting,
            found.marker if found else "", found.reason if found else "",
        )  # fmt: skip


def _said(value: object) -> object:
    """Return a value as a cell says it: a number without needless zeroes, yes or no, nothing for None."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else f"{value:g}" if isinstance(value, float) else value


def inert(value: object) -> str:
    """Return a cell's text so that no spreadsheet takes it for a formula."""
    text = SEPARATED.sub(r"\1'", str(value))
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA) else text


def write_table(table: Table) -> Path:
    """Write a table as CSV, whole or not at all, and return its path."""
    table.path.parent.mkdir(exist_ok=True)
    out = io.StringIO(newline="")
    lines = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    lines.writerow(table.columns)
    lines.writerows([inert(_said(cell)) for cell in row] for row in table.rows)
    replace_file(table.path, out.getvalue().encode("utf-8"))
    return table.path
