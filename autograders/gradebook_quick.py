"""Read marks and comments straight from nbgrader's SQLite file: a start in a tenth of the time.

For pages, which need two queries and nothing else of nbgrader. Any other database, and any trouble with the
file, goes the long way through nbgrader's own interface, which tells what is wrong. Interface: the tables of
nbgrader 0.9.6. Refuses to write.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from autograders.gradebook import open_gradebook
from autograders.gradebook_reading import Score
from autograders.lateness import Late
from autograders.roster import Learner
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

JOINED = """
    join submitted_notebook on submitted_notebook.id = given.notebook_id
    join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
    join assignment on assignment.id = submitted_assignment.assignment_id
    join base_cell on base_cell.id = given.cell_id
    where assignment.name = ?
"""
CELLS = """
    from grade_cells join base_cell on base_cell.id = grade_cells.id
    join notebook on notebook.id = base_cell.notebook_id
    join assignment on assignment.id = notebook.assignment_id
    where assignment.name = ? and notebook.name = ?
"""
SUMS = """
    select student_id, late_submission_penalty,
        total(coalesce(manual_score, auto_score) + coalesce(extra_credit, 0.0))
    from grade as given
    join submitted_notebook on submitted_notebook.id = given.notebook_id
    join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
    join assignment on assignment.id = submitted_assignment.assignment_id
    where assignment.name = ? group by submitted_notebook.id
"""

T = TypeVar("T")
Scores = dict[str, list[Score]]
Comments = dict[str, dict[str, str]]


def marks_and_comments(folder: Path, assignment: str) -> tuple[Scores, Comments]:
    """Return every learner's marks, and what people wrote to them, as `Grades` does."""
    found = quickly(folder, lambda book: (_scores(book, assignment), _comments(book, assignment)))
    if found is not None:
        return found
    with open_gradebook(folder) as grades:
        return grades.scores(assignment), grades.comments(assignment)


def quickly(folder: Path, read: Callable[[sqlite3.Connection], T]) -> T | None:
    """Return what a function reads from the file; None where nbgrader's own way must be gone."""
    path = sqlite_file(folder)
    if path is None or not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=1)) as book:
            return read(book)
    except (sqlite3.Error, ValueError):
        return None  # nbgrader's own way knows better, or says what is wrong


def knows(book: sqlite3.Connection, assignment: str, notebook: Path) -> bool:
    """True when the gradebook has the cells and points of the released notebook; False: it may not."""
    held = dict(book.execute(f"select base_cell.name, grade_cells.max_score {CELLS}", [assignment] * 2))
    released = json.loads(notebook.read_bytes())
    given = [cell["metadata"].get("nbgrader", {}) for cell in released["cells"]]
    wanted = {cell["grade_id"]: float(cell["points"]) for cell in given if cell.get("grade")}
    return released.get("nbformat") == 4 and bool(held) and held == wanted


def marked(book: sqlite3.Connection, assignment: str) -> dict[str, dict[str, float | None]]:
    """Return the automatic score of each cell, by learner."""
    found: dict[str, dict[str, float | None]] = {}
    for learner, cell, score in book.execute(
        f"select student_id, base_cell.name, auto_score from grade as given {JOINED}", (assignment,)
    ):
        found.setdefault(learner, {})[cell] = score
    return found


def waiting(book: sqlite3.Connection, assignment: str) -> frozenset[str]:
    """Return the learners of whom a cell waits for a person."""
    asked = f"select distinct student_id from grade as given {JOINED} and needs_manual_grade"
    return frozenset(learner for (learner,) in book.execute(asked, (assignment,)))


def people(book: sqlite3.Connection) -> dict[str, Learner]:
    """Return all learners that the gradebook knows, by id."""
    rows = book.execute("select id, first_name, last_name, email from student")
    return {id: Learner(id, *(name or "" for name in names)) for id, *names in rows}


def shows_due(book: sqlite3.Connection, assignment: str, due: datetime | None) -> bool:
    """True when the gradebook shows this due time, and nobody was granted an extension there."""
    rows = book.execute("select duedate from assignment where name = ?", (assignment,))
    shown = [None if at is None else datetime.fromisoformat(at) for (at,) in rows]
    granted = """
        select 1 from submitted_assignment join assignment on assignment.id = assignment_id
        where name = ? and extension is not null
    """
    same = due is None or shown == [due.astimezone(UTC).replace(tzinfo=None)]
    return same and book.execute(granted, (assignment,)).fetchone() is None


def settled(book: sqlite3.Connection, assignment: str, late: Mapping[str, Late]) -> bool:
    """True when what these learners lose is in step with the marks that stand now."""
    rows = book.execute(SUMS, (assignment,)) if late else ()
    return all((late[who].lost(sum) or None) == lost for who, lost, sum in rows if who in late)


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
        beyond = 0.0 if given is None else float(extra or 0.0)
        score = Score(
            cell, points, float(out_of), automatic, manual is not None, bool(waits), penalty, beyond
        )
        own.append(score)
    return found


def _comments(database: sqlite3.Connection, assignment: str) -> Comments:
    found: Comments = {}
    for learner, question, comment in _written(database, assignment):
        found.setdefault(learner, {})[question] = comment
    return found


def _written(database: sqlite3.Connection, assignment: str) -> Iterator[tuple[str, str, str]]:
    yield from (row for row in database.execute(COMMENTS, (assignment,)) if row[2])
