"""Read and write what the gradebook holds of many learners at once: a few statements, however many there are.

For the gradebook. Plain values with the names of nbgrader's own, which the rules for marks and lateness
change; what was changed is written. So a batch costs the same in a class of any size. Works on any database
that holds nbgrader's tables (`nbgrader.api`, 0.9.6). Refuses to know what a mark is; commits nothing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from autograders.roster import Learner


@dataclass(frozen=True)
class CellRow:
    """A cell of the release, as the gradebook knows it."""

    id: str
    name: str


@dataclass
class GradeRow:
    """One mark of one learner."""

    id: str
    cell: CellRow
    auto_score: float | None = None
    manual_score: float | None = None
    extra_credit: float | None = None
    needs_manual_grade: bool = True

    @property
    def written(self) -> dict[str, Any]:
        """What the marking door writes of it; a mark by hand only into a row that is new."""
        return {"auto_score": self.auto_score, "needs_manual_grade": self.needs_manual_grade}


@dataclass
class CommentRow:
    """What is said of one answer of one learner."""

    id: str
    cell: CellRow
    auto_comment: str | None = None

    @property
    def written(self) -> dict[str, Any]:
        return {"auto_comment": self.auto_comment}


@dataclass
class NotebookRow:
    """One notebook of a submission; `master` is the id of the released one."""

    id: str
    master: str
    late_submission_penalty: float | None = None
    grades: list[GradeRow] = field(default_factory=list)
    comments: list[CommentRow] = field(default_factory=list)

    @property
    def written(self) -> dict[str, Any]:
        return {"late_submission_penalty": self.late_submission_penalty}


@dataclass
class SubmissionRow:
    """What one learner handed in for the assignment. `timestamp` is in UTC and has no zone."""

    id: str
    student_id: str
    timestamp: datetime | None = None
    notebooks: list[NotebookRow] = field(default_factory=list)

    @property
    def written(self) -> dict[str, Any]:
        return {"timestamp": self.timestamp}


Row = GradeRow | CommentRow | NotebookRow | SubmissionRow


class Rows:
    """The rows of one assignment in an open gradebook, within the transaction that is open there."""

    def __init__(self, book: Any, assignment: str) -> None:
        from nbgrader import api
        from sqlalchemy import select

        self._db = book.db
        self._api = api
        self._was: dict[str, dict[str, Any]] = {}
        self._new: list[SubmissionRow] = []
        self._read: list[SubmissionRow] = []
        cell = api.BaseCell
        asked = (
            select(api.Assignment.id, api.Notebook.id, cell.id, cell.name, cell.type)
            .join(api.Notebook, api.Notebook.assignment_id == api.Assignment.id)
            .join(cell, cell.notebook_id == api.Notebook.id)
            .where(api.Assignment.name == assignment)
        )
        found = self._db.execute(asked).all()
        self._assignment = found[0][0] if found else None
        self._cells = {id: CellRow(id, name) for _, _, id, name, _ in found}
        self._graded: dict[str, list[CellRow]] = {notebook: [] for _, notebook, *_ in found}
        self._answered: dict[str, list[CellRow]] = {notebook: [] for notebook in self._graded}
        for _, notebook, id, _, kind in found:
            if kind in ("GradeCell", "TaskCell"):
                self._graded[notebook].append(self._cells[id])
            if kind in ("SolutionCell", "TaskCell"):
                self._answered[notebook].append(self._cells[id])

    def read(self, learners: Collection[str]) -> dict[str, SubmissionRow]:
        """Return what is there of these learners, by learner."""
        from sqlalchemy import select

        there, inside = self._api.SubmittedAssignment, self._api.SubmittedNotebook
        asked = select(there.id, there.student_id, there.timestamp).where(
            there.assignment_id == self._assignment, there.student_id.in_(learners)
        )
        found = {row[0]: SubmissionRow(*row) for row in self._db.execute(asked)}
        asked = select(
            inside.assignment_id, inside.id, inside.notebook_id, inside.late_submission_penalty
        ).where(inside.notebook_id.in_(self._graded), inside.assignment_id.in_(found))
        notebooks = {}
        for submission, *row in self._db.execute(asked):
            notebooks[row[0]] = NotebookRow(*row)
            found[submission].notebooks.append(notebooks[row[0]])
        self._read_cells(notebooks)
        self._read += found.values()
        self._was |= {row.id: row.written for row in _all(found.values())}
        return {row.student_id: row for row in found.values()}

    def _read_cells(self, notebooks: Mapping[str, NotebookRow]) -> None:
        from sqlalchemy import select

        mark, said = self._api.Grade, self._api.Comment
        asked = select(
            mark.notebook_id, mark.id, mark.cell_id,
            mark.auto_score, mark.manual_score, mark.extra_credit, mark.needs_manual_grade,
        ).where(mark.cell_id.in_(self._cells), mark.notebook_id.in_(notebooks))  # fmt: skip
        for notebook, id, cell, *values in self._db.execute(asked):
            notebooks[notebook].grades.append(GradeRow(id, self._cells[cell], *values))
        asked = select(said.notebook_id, said.id, said.cell_id, said.auto_comment).where(
            said.cell_id.in_(self._cells), said.notebook_id.in_(notebooks)
        )
        for notebook, id, cell, *values in self._db.execute(asked):
            notebooks[notebook].comments.append(CommentRow(id, self._cells[cell], *values))

    def new(self, learner: str) -> SubmissionRow:
        """Return a submission with the assignment's cells, as `add_submission` makes one."""
        id = self._api.new_uuid
        notebooks = [
            NotebookRow(
                id(),
                master,
                grades=[GradeRow(id(), cell) for cell in graded],
                comments=[CommentRow(id(), cell) for cell in self._answered[master]],
            )
            for master, graded in self._graded.items()
        ]
        submission = SubmissionRow(id(), learner, notebooks=notebooks)
        self._new.append(submission)
        return submission

    def write(self, roster: Mapping[str, Learner]) -> None:
        """Write what is new and what was changed; `roster` has the names of learners who are new."""
        api, new = self._api, self._new
        if new:
            self._insert(api.Student, self._strangers([row.student_id for row in new], roster))
            self._insert(
                api.SubmittedAssignment,
                [
                    {"id": row.id, "assignment_id": self._assignment, "student_id": row.student_id}
                    | row.written
                    for row in new
                ],
            )
            notebooks = [(row, each) for row in new for each in row.notebooks]
            self._insert(
                api.SubmittedNotebook,
                [
                    {"id": each.id, "assignment_id": row.id, "notebook_id": each.master, "flagged": False}
                    | each.written
                    for row, each in notebooks
                ],
            )
            self._insert(
                api.Grade,
                [
                    _in(each, row) | {"manual_score": row.manual_score}
                    for _, each in notebooks
                    for row in each.grades
                ],
            )
            self._insert(api.Comment, [_in(each, row) for _, each in notebooks for row in each.comments])
        for kind, table in (
            (SubmissionRow, api.SubmittedAssignment),
            (NotebookRow, api.SubmittedNotebook),
            (GradeRow, api.Grade),
            (CommentRow, api.Comment),
        ):
            self._update(table, [row for row in _all(self._read) if isinstance(row, kind)])
        self._new, self._read = [], []

    def _strangers(self, learners: Sequence[str], roster: Mapping[str, Learner]) -> list[dict[str, Any]]:
        """Return the learners whom the gradebook does not know, as it keeps them."""
        from sqlalchemy import select

        id = self._api.Student.id
        known = set(self._db.execute(select(id).where(id.in_(learners))).scalars())
        people = [roster.get(learner, Learner(learner)) for learner in learners if learner not in known]
        return [
            {
                "id": who.id,
                "first_name": who.first_name or None,
                "last_name": who.last_name or None,
                "email": who.email or None,
            }
            for who in people
        ]

    def _insert(self, table: Any, rows: list[dict[str, Any]]) -> None:
        from sqlalchemy import insert

        if rows:
            self._db.execute(insert(table.__table__), rows)

    def _update(self, table: Any, rows: Iterable[Row]) -> None:
        from sqlalchemy import bindparam, update

        changed = [{"row": row.id} | row.written for row in rows if row.written != self._was[row.id]]
        if changed:
            there = table.__table__
            self._db.execute(update(there).where(there.c.id == bindparam("row")), changed)


def _in(notebook: NotebookRow, row: GradeRow | CommentRow) -> dict[str, Any]:
    return {"id": row.id, "cell_id": row.cell.id, "notebook_id": notebook.id} | row.written


def _all(submissions: Iterable[SubmissionRow]) -> Iterable[Row]:
    for submission in submissions:
        yield submission
        for notebook in submission.notebooks:
            yield notebook
            yield from notebook.grades
            yield from notebook.comments
