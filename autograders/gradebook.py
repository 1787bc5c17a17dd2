"""Write the results into nbgrader's own gradebook, so that formgrader, export and feedback see our marks.

For the marking door. A view of the results log, in one transaction a batch; a mark given by hand is kept.
Refuses to know how a mark is made. Interface: nbgrader 0.9.6, `nbgrader.api.Gradebook` and `SaveCells`.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from autograders import gradebook_late, gradebook_reading
from autograders.gradebook_reading import Score, Shown
from autograders.gradebook_rows import Rows, SubmissionRow
from autograders.gradebook_server import cure, opened, shown, tried_again
from autograders.late_marks import LateRules, late_rules, moment
from autograders.lateness import Late
from autograders.loading import load_nbgrader
from autograders.programs import own_programs_first
from autograders.record import Record
from autograders.results import CannotMark, assignments_marked
from autograders.roster import Learner
from autograders.settings import settings
from autograders.turns import alone_with, in_turn

NO_RESPONSE = "No response."
"""The comment that nbgrader itself gives to an answer cell that was left as it was."""


class GradebookFault(CannotMark):
    """The gradebook cannot take these results. The text is one sentence: where, what, cure."""


class ByHand(NamedTuple):
    """A mark that a person gave. `again`: it was for other work than now, so a person must look again."""

    points: float
    again: bool


Kept = Mapping[tuple[str, str], ByHand]
"""Marks by hand by (learner, cell)."""


def course_directory(folder: Path) -> Any:
    """Return nbgrader's CourseDirectory as its settings make it: those of the folder before the user's."""
    config = settings(folder)
    load_nbgrader()
    from nbgrader.coursedir import CourseDirectory

    directory = CourseDirectory(config=config)
    if "root" not in config.CourseDirectory:
        directory.root = str(folder)
    return directory


def gradebook_is_there(folder: Path) -> bool:
    """False where the settings name a SQLite file that is not there yet: to open it would make it."""
    url = str(course_directory(folder).db_url)
    return not url.startswith("sqlite:///") or Path(url.removeprefix("sqlite:///")).is_file()


@contextmanager
def read_gradebook(folder: Path) -> Iterator["Grades"]:
    """Open the gradebook to read what people see there.

    GradebookFault where it is gone though something was marked: an empty one in its place would hide that.
    """
    if assignments_marked(folder) and not gradebook_is_there(folder):
        raise GradebookFault(
            "gradebook: it is not there, so marks by hand cannot be seen; bring it back (heatproof restore), "
            "or make it anew from the logs: heatproof verify --repair"
        )
    with open_gradebook(folder) as grades:
        yield grades


@contextmanager
def open_gradebook(folder: Path) -> Iterator["Grades"]:
    """Open the gradebook that the course folder's configuration names."""
    directory = course_directory(folder)
    from nbgrader.api import Gradebook, InvalidEntry
    from sqlalchemy.exc import DBAPIError

    try:
        # a new gradebook asks the program alembic for its version
        with own_programs_first(), alone_with(str(directory.db_url)):
            book = opened(lambda: Gradebook(directory.db_url, directory.course_id), directory.db_url)
        with book:
            yield Grades(lambda: (book, directory.db_url))
    except (DBAPIError, InvalidEntry) as fault:  # locked, full, or no database
        raise GradebookFault(
            f"nbgrader's gradebook cannot be used ({shown(fault)}); "
            f"{cure(directory.db_url)}, then run this again: no result is lost."
        ) from fault


class Grades:
    """One open gradebook."""

    def __init__(self, open_book: Callable[[], tuple[Any, str]]) -> None:
        self._open = open_book

    @property
    def _book(self) -> Any:
        return self._open()[0]

    @property
    def _db_url(self) -> str:
        return self._open()[1]

    def knows(self, assignment: str, notebook: Path) -> bool:
        """True when the gradebook has the cells and points of the released notebook."""
        load_nbgrader()  # before nbformat, which would load that check of web addresses
        import nbformat

        return self._max_scores(assignment) == _points(nbformat.read(notebook, as_version=4))

    def prepare(self, assignment: str, notebook: Path, *, before: Callable[[], None] = lambda: None) -> None:
        """Make the gradebook know the released notebook and its cells, as generate_assignment does.

        `before` is called before the first thing is written, if anything is.
        """
        if self.knows(assignment, notebook):
            return
        before()
        load_nbgrader()
        import nbformat
        from nbgrader.preprocessors import SaveCells

        class AtOnce(SaveCells):  # type: ignore[misc]
            """Writes all cells in one transaction: nbgrader waits for the disk after each."""

            def _create_notebook(self, nb: Any) -> None:
                session = self.gradebook.db
                session.commit = session.flush
                try:
                    super()._create_notebook(nb)
                finally:
                    del session.commit
                session.commit()

        released = nbformat.read(notebook, as_version=4)
        self._book.update_or_create_assignment(assignment)
        names = {"notebook": assignment, "assignment": assignment, "db_url": self._db_url}
        try:
            AtOnce().preprocess(released, {"nbgrader": names})
        except RuntimeError as fault:
            raise GradebookFault(
                f"gradebook: {assignment} has other cells than its release, and learners have "
                "been marked by them; bring the old release back, or give the new one a new name."
            ) from fault
        self._book.db.expire_all()

    def _max_scores(self, assignment: str) -> dict[str, float] | None:
        from nbgrader.api import MissingEntry

        try:
            notebook = self._book.find_notebook(assignment, assignment)
        except MissingEntry:
            return None
        return {cell.name: float(cell.max_score) for cell in notebook.grade_cells}

    def marked(self, assignment: str) -> dict[str, dict[str, float | None]]:
        """Return the automatic score of each cell, by learner."""
        return gradebook_reading.marked(self._book, assignment)

    def scores(self, assignment: str) -> dict[str, list[Score]]:
        """Return every learner's marks, by learner; a mark by hand counts."""
        return gradebook_reading.scores(self._book, assignment)

    def waiting(self, assignment: str, among: Collection[str] | None = None) -> frozenset[str]:
        """Return the learners of whom something waits for a person, `among` some or of all."""
        return gradebook_reading.waiting(self._book, assignment, among)

    def comments(self, assignment: str) -> dict[str, dict[str, str]]:
        """Return what people wrote to learners: by learner, by question."""
        return gradebook_reading.comments(self._book, assignment)

    def people(self) -> dict[str, Learner]:
        """Return all learners that the gradebook knows, by id."""
        return gradebook_reading.people(self._book)

    def assignments(self) -> tuple[str, ...]:
        """Return the names of all assignments that the gradebook knows."""
        return tuple(sorted(each.name for each in self._book.assignments))

    @in_turn
    @tried_again
    def write(
        self,
        assignment: str,
        records: Sequence[Record],
        roster: Mapping[str, Learner],
        *,
        look_again: Collection[tuple[str, str]] | None = None,
        by_hand: Kept | None = None,
    ) -> None:
        """Write a batch of records in one transaction: all of them or none.

        `look_again`: None where learners handed in anew, so that a person looks again at every mark given by
        hand. Where the answers are those of before, the (learner, cell) at which a person must look again;
        what a person has settled elsewhere stays settled. `by_hand`: what people gave to learners whom the
        gradebook does not have or has lost; those it has keep theirs.
        """
        try:
            self._stage(assignment, records, roster, look_again, by_hand or {})
            self._book.db.commit()
        except BaseException:
            self._book.db.rollback()
            raise

    @in_turn
    @tried_again
    def mark_by_hand(self, assignment: str, points: Mapping[tuple[str, str], float]) -> None:
        """Give manual scores by (learner, cell) in one transaction; these no longer wait for a person."""
        from nbgrader.api import MissingEntry

        try:
            for (learner, cell), given in points.items():
                grade = self._book.find_grade(cell, assignment, assignment, learner)
                grade.manual_score, grade.needs_manual_grade = given, False
            self._book.db.commit()
        except MissingEntry as fault:
            self._book.db.rollback()
            raise GradebookFault(
                f"gradebook: it lacks a mark that was decided on ({fault}); run heatproof autograde "
                f"{assignment}, then this again."
            ) from fault
        except BaseException:
            self._book.db.rollback()
            raise

    @in_turn
    @tried_again
    def reapply_lateness(self, assignment: str, records: Sequence[Record]) -> None:
        """Write what lateness costs now, in one transaction, and leave the marks as they are."""
        try:
            rows = Rows(self._book, assignment)
            found = rows.read([record.learner for record in records])
            for record in records:
                if record.learner in found:
                    gradebook_late.write_late(found[record.learner], record)
            rows.write({})
            self._book.db.commit()
        except BaseException:
            self._book.db.rollback()
            raise

    def settle_lateness(self, assignment: str, late: Mapping[str, Late]) -> None:
        """Bring penalties in step with the marks that stand now, those by hand included."""
        gradebook_late.settle(self._book, assignment, late)

    def late_rules(self, folder: Path, assignment: str) -> LateRules:
        """Return the rules for late work, with extensions granted here, and show here when it is due."""
        rules = late_rules(folder, assignment, gradebook_late.extensions(self._book, assignment))
        gradebook_late.set_due(self._book, assignment, rules.due)
        return rules

    @in_turn
    def differences(
        self, assignment: str, records: Sequence[Record], roster: Mapping[str, Learner]
    ) -> dict[str, dict[str, tuple[Shown, Shown]]]:
        """Return what the view of these records would change, and change nothing.

        By learner and place ("replies_1_check: automatic mark"): what stands there, and what the records say.
        It writes them in a transaction and takes that back, so that no second account of the view is needed.
        """
        learners = [record.learner for record in records]
        stands = gradebook_reading.view(self._book, assignment, learners)
        try:
            self._stage(assignment, records, roster, (), {})
            wanted = gradebook_reading.view(self._book, assignment, learners)
        finally:
            self._book.db.rollback()
        found = {learner: _differing(stands.get(learner, {}), places) for learner, places in wanted.items()}
        return {learner: places for learner, places in found.items() if places}

    def _stage(
        self,
        assignment: str,
        records: Sequence[Record],
        roster: Mapping[str, Learner],
        look_again: Collection[tuple[str, str]] | None,
        by_hand: Kept,
    ) -> None:
        rows = Rows(self._book, assignment)
        found = rows.read([record.learner for record in records])
        for record in records:
            submission = found.get(record.learner)
            if submission is not None:
                _write(submission, record, look_again)
            elif record.status != "refused":
                new = rows.new(record.learner)
                _write(new, record, look_again)
                _give_back(new, by_hand)
        rows.write(roster)


def _write(submission: SubmissionRow, record: Record, look_again: Collection[tuple[str, str]] | None) -> None:
    """Show a record in a learner's rows; a mark given by hand is kept."""
    if record.received:
        received = moment(record.received)
        submission.timestamp = received.replace(tzinfo=None) if received else None
    for notebook in submission.notebooks:
        asked = False
        for grade in notebook.grades:
            mark = record.cells.get(grade.cell.name)
            points = mark.points if mark else None
            by_hand = grade.manual_score is not None
            anew = look_again is None or (record.learner, grade.cell.name) in look_again
            if anew or not (by_hand or (points is not None and grade.auto_score == points)):
                asked = True
                # a person must look again at a mark by hand, as in nbgrader's own run
                waits = mark is None or points is None or mark.needs_person
                grade.needs_manual_grade = bool(waits or by_hand)
            grade.auto_score = points
        for comment in notebook.comments:
            question = comment.cell.name
            empty = record.answers.get(question) is None and question not in record.unread
            comment.auto_comment = NO_RESPONSE if empty else None
        gradebook_late.write_penalty(notebook, record, ask=asked)


def _differing(stands: Mapping[str, Shown], wanted: Mapping[str, Shown]) -> dict[str, tuple[Shown, Shown]]:
    """Return the places of a learner at which something else stands than what is wanted."""
    if not stands:
        return {"every mark": ("nothing", "that there are some")}
    return {
        place: (stands.get(place), value)
        for place, value in wanted.items()
        if place not in stands or stands[place] != value
    }


def _give_back(submission: SubmissionRow, by_hand: Kept) -> None:
    """Show what people gave in the rows of a learner whom the gradebook has lost."""
    for grade in (grade for notebook in submission.notebooks for grade in notebook.grades):
        if given := by_hand.get((submission.student_id, grade.cell.name)):
            grade.manual_score, grade.needs_manual_grade = given


def _points(notebook: Any) -> dict[str, float]:
    cells = (cell.metadata.get("nbgrader", {}) for cell in notebook.cells)
    return {cell["grade_id"]: float(cell["points"]) for cell in cells if cell.get("grade")}
