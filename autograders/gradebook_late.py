"""Write what lateness costs into nbgrader's gradebook: due time, penalty, and the queue for a person.

For the gradebook and for both marking doors. Marks are left as they are. Interface: nbgrader 0.9.6, tables
of `nbgrader.api` (`Assignment.duedate`, `SubmittedAssignment.extension`,
`SubmittedNotebook.late_submission_penalty`). Refuses to know what lateness costs.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from autograders.late_marks import late_of
from autograders.lateness import Late
from autograders.record import Mark, Record


def extensions(book: Any, assignment: str) -> dict[str, timedelta]:
    """Return the extensions that were granted in nbgrader itself, by learner."""
    from nbgrader import api

    rows = (
        book.db.query(api.SubmittedAssignment.student_id, api.SubmittedAssignment.extension)
        .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
        .filter(api.Assignment.name == assignment, api.SubmittedAssignment.extension.is_not(None))
    )
    return dict(rows.all())


def set_due(book: Any, assignment: str, due: datetime | None) -> None:
    """Let the gradebook show when an assignment is due, if deadlines.yaml says so."""
    found = book.find_assignment(assignment)
    naive = due.astimezone(UTC).replace(tzinfo=None) if due else None
    if naive is not None and found.duedate != naive:
        found.duedate = naive
        book.db.commit()


def settle(book: Any, assignment: str, late: Mapping[str, Late]) -> None:
    """Bring the penalties of these learners in step with the marks that stand now, by hand or not."""
    from nbgrader import api
    from sqlalchemy import func

    notebook, submission = api.SubmittedNotebook, api.SubmittedAssignment
    rows = (
        book.db.query(
            submission.student_id, notebook.id, notebook.late_submission_penalty, func.sum(api.Grade.score)
        )
        .join(notebook, notebook.assignment_id == submission.id)
        .join(api.Assignment, api.Assignment.id == submission.assignment_id)
        .join(api.Grade, api.Grade.notebook_id == notebook.id)
        .filter(api.Assignment.name == assignment)
        .group_by(submission.student_id, notebook.id, notebook.late_submission_penalty)
    )
    changed = [
        (id, new)
        for learner, id, old, score in (rows if late else ())
        if learner in late and (new := late[learner].lost(float(score or 0.0)) or None) != old
    ]
    for id, penalty in changed:
        book.db.get(notebook, id).late_submission_penalty = penalty
    if changed:
        book.db.commit()


def write_late(submission: Any, record: Record) -> None:
    """Give a submission its penalty, and put one of its cells into the queue where a person is asked."""
    for notebook in submission.notebooks:
        put_in_queue(list(notebook.grades), record.cells, person=False)
        write_penalty(notebook, record, ask=True)


def write_penalty(notebook: Any, record: Record, *, ask: bool) -> None:
    """Give a submitted notebook its penalty; queue one of its cells where a person is asked, if `ask`."""
    late, grades = late_of(record), list(notebook.grades)
    notebook.late_submission_penalty = (late.lost(sum(map(points_of, grades))) if late else 0.0) or None
    if ask and late is not None and late.person:
        queue_one(grades)


def put_in_queue(grades: Collection[Any], marks: Mapping[str, Mark], *, person: bool) -> None:
    """Queue what the judge was unsure of, and one cell where a person is asked; leave marks by hand alone."""
    for grade in grades:
        mark = marks.get(grade.cell.name)
        if grade.manual_score is None:
            grade.needs_manual_grade = bool(mark is None or mark.points is None or mark.needs_person)
    if person:
        queue_one(grades)


def queue_one(grades: Iterable[Any]) -> None:
    """Put one cell of a submission into the queue, one that nobody marked by hand before others."""
    ordered = sorted(grades, key=lambda grade: (grade.manual_score is not None, str(grade.cell.name)))
    for grade in ordered[:1]:
        grade.needs_manual_grade = True


def points_of(grade: Any) -> float:
    """Return the points of a grade as nbgrader counts them: by hand before automatic, and extra credit."""
    given = grade.auto_score if grade.manual_score is None else grade.manual_score
    return 0.0 if given is None else float(given) + float(grade.extra_credit or 0.0)
