"""Read marks and comments out of nbgrader's gradebook, those that a person gave included.

For the gradebook, the export and the feedback page. Interface: the tables of `nbgrader.api` 0.9.6. Refuses
to write.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from autograders.roster import Learner


class Score(NamedTuple):
    """One mark as it stands in the gradebook.

    `points` are with extra credit (`extra`). `late_penalty` is the whole submission's, told once.
    """

    cell: str
    points: float | None
    out_of: float
    automatic: float | None
    by_hand: bool
    waiting: bool
    late_penalty: float = 0.0
    extra: float = 0.0

    @property
    def earned(self) -> float | None:
        """The points without extra credit."""
        return None if self.points is None else self.points - self.extra


def people(book: Any) -> dict[str, Learner]:
    """Return all learners that the gradebook knows, by id."""
    from nbgrader import api

    student = api.Student  # as columns: nbgrader's own objects sum up all marks of each
    rows = book.db.query(student.id, student.first_name, student.last_name, student.email)
    found = (Learner(row[0], *(name or "" for name in row[1:])) for row in rows)
    return {each.id: each for each in found}


def marked(book: Any, assignment: str) -> dict[str, dict[str, float | None]]:
    """Return what an assignment's submissions hold: by learner, the automatic score of each cell."""
    from nbgrader import api

    found: dict[str, dict[str, float | None]] = {}
    for learner, cell, score in _rows(book, assignment, api.Grade, api.BaseCell.name, api.Grade.auto_score):
        found.setdefault(learner, {})[cell] = score
    return found


def scores(book: Any, assignment: str) -> dict[str, list[Score]]:
    """Return every learner's marks, by learner and sorted by cell; a mark by hand counts."""
    from nbgrader import api

    rows = _rows(book, assignment, api.Grade, api.Grade, api.BaseCell, api.SubmittedNotebook)
    found: dict[str, list[Score]] = {}
    for learner, grade, cell, notebook in rows:
        own = found.setdefault(learner, [])
        penalty = 0.0 if own else float(notebook.late_submission_penalty or 0.0)
        own.append(_score(grade, cell, penalty))
    return found


def waiting(book: Any, assignment: str, among: Collection[str] | None = None) -> frozenset[str]:
    """Return the learners of whom a cell waits for a person. `among`: the only ones to look at; else all."""
    from nbgrader import api

    rows = _rows(book, assignment, api.Grade).filter(api.Grade.needs_manual_grade)
    if among is not None:
        rows = rows.filter(api.SubmittedAssignment.student_id.in_(among))
    return frozenset(learner for (learner,) in rows)


Shown = float | bool | str | datetime | None
"""What stands at one place of the gradebook."""


def view(book: Any, assignment: str, learners: Sequence[str]) -> dict[str, dict[str, Shown]]:
    """Return all that the marking door writes of these learners, by learner and place; nothing by hand."""
    from nbgrader import api

    found: dict[str, dict[str, Shown]] = {}
    submitted = api.SubmittedAssignment
    rows = _rows(
        book, assignment, api.Grade, api.BaseCell.name, api.Grade.auto_score, api.Grade.needs_manual_grade,
        api.SubmittedNotebook.late_submission_penalty, submitted.timestamp,
    ).filter(submitted.student_id.in_(learners))  # fmt: skip
    for learner, cell, score, waits, late, received in rows:
        own = found.setdefault(learner, {"time of receipt": received, "late penalty": late})
        own |= {f"{cell}: automatic mark": score, f"{cell}: waits for a person": waits}
    rows = _rows(book, assignment, api.Comment, api.BaseCell.name, api.Comment.auto_comment)
    for learner, question, comment in rows.filter(submitted.student_id.in_(learners)):
        found.setdefault(learner, {})[f"{question}: comment"] = comment
    return found


def comments(book: Any, assignment: str) -> dict[str, dict[str, str]]:
    """Return what people wrote to learners: by learner, by question."""
    from nbgrader import api

    found: dict[str, dict[str, str]] = {}
    rows = _rows(book, assignment, api.Comment, api.BaseCell.name, api.Comment.manual_comment)
    for learner, question, comment in rows:
        if comment:
            found.setdefault(learner, {})[question] = comment
    return found


def _rows(book: Any, assignment: str, kind: Any, *columns: Any) -> Any:
    """Return (learner, columns …) for every grade or comment of an assignment, by learner and cell."""
    from nbgrader import api

    return (
        book.db.query(api.SubmittedAssignment.student_id, *columns)
        .select_from(kind)
        .join(api.SubmittedNotebook, api.SubmittedNotebook.id == kind.notebook_id)
        .join(api.SubmittedAssignment, api.SubmittedAssignment.id == api.SubmittedNotebook.assignment_id)
        .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
        .join(api.BaseCell, api.BaseCell.id == kind.cell_id)
        .filter(api.Assignment.name == assignment)
        .order_by(api.SubmittedAssignment.student_id, api.BaseCell.name)
    )


def _score(grade: Any, cell: Any, penalty: float) -> Score:
    by_hand = grade.manual_score is not None
    given = by_hand or grade.auto_score is not None
    return Score(
        cell=cell.name,
        points=float(grade.score) if given else None,
        out_of=float(cell.max_score),
        automatic=grade.auto_score,
        by_hand=by_hand,
        waiting=bool(grade.needs_manual_grade),
        late_penalty=penalty,
        extra=float(grade.extra_credit or 0.0) if given else 0.0,
    )
