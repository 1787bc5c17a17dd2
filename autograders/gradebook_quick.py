"""Read marks and comments straight from nbgrader's SQLite file: a start in a tenth of the time.

For pages, which need two queries and nothing else of nbgrader. Any other database, and any trouble with the
file, goes the long way through nbgrader's own interface, which tells what is wrong. Interface: the tables of
nbgrader 0.9.6. Refuses to write.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from autograders.gradebook import open_gradebook
from autograders.gradebook_reading import Score
from autograders.settings import settings

SQLITE = "sqlite:///"
FROM = """
    join submitted_notebook on submitted_notebook.id = given.notebook_id
    join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
    join assignment on assignment.id = submitted_assignment.assignment_id
    join base_cell on base_cell.id = given.cell_id
    left join grade_cells on grade_cells.id = base_cell.id
    left join task_cells on task_cells.id = base_cell.id
    where assignment.name = ?
    order by submitted_assignment.student_id, base_cell.name
"""
MARKS = f"""
    select submitted_assignment.student_id, base_cell.name, auto_score, manual_score, extra_credit,
        needs_manual_grade, coalesce(grade_cells.max_score, task_cells.max_score, 0.0),
        late_submission_penalty
    from grade as given {FROM}
"""
COMMENTS = f"""
    select submitted_assignment.student_id, base_cell.name, manual_comment from comment as given {FROM}
"""

Scores = dict[str, list[Score]]
Comments = dict[str, dict[str, str]]


def marks_and_comments(folder: Path, assignment: str) -> tuple[Scores, Comments]:
    """Return every learner's marks, and what people wrote to them, as `Grades` does."""
    path = sqlite_file(folder)
    if path is not None and path.is_file():
        try:
            with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
                return _scores(database, assignment), _comments(database, assignment)
        except sqlite3.Error:
            pass  # nbgrader's own way knows better, or says what is wrong
    with open_gradebook(folder) as grades:
        return grades.scores(assignment), grades.comments(assignment)


def sqlite_file(folder: Path) -> Path | None:
    """Return the file of the gradebook, as nbgrader's CourseDirectory finds it; None where it is none."""
    ours = settings(folder).CourseDirectory
    url = ours.get("db_url") or f"{SQLITE}{Path(ours.get('root') or folder) / 'gradebook.db'}"
    return Path(url.removeprefix(SQLITE)) if isinstance(url, str) and url.startswith(SQLITE) else None


def _scores(database: sqlite3.Connection, assignment: str) -> Scores:
    found: Scores = {}
    for learner, cell, automatic, manual, extra, waits, out_of, late in database.execute(
        MARKS, (assignment,)
    ):
        own = found.setdefault(learner, [])
        given = automatic if manual is None else manual
        points = None if given is None else float(given) + float(extra or 0.0)
        penalty = 0.0 if own else float(late or 0.0)
        score = Score(cell, points, float(out_of), automatic, manual is not None, bool(waits), penalty)
        own.append(score)
    return found


def _comments(database: sqlite3.Connection, assignment: str) -> Comments:
    found: Comments = {}
    for learner, question, comment in _written(database, assignment):
        found.setdefault(learner, {})[question] = comment
    return found


def _written(database: sqlite3.Connection, assignment: str) -> Iterator[tuple[str, str, str]]:
    yield from (row for row in database.execute(COMMENTS, (assignment,)) if row[2])
