"""Late work in stock `nbgrader autograde`: the same rules and penalties as in our marking door.

nbgrader_config.py lists both classes. `KnowDeadlines` stands before nbgrader's own `AssignLatePenalties`: it
lets the gradebook know when the assignment is due, since nbgrader asks its plugin only about what is late by
its own count; where nobody knows when a hand-in came in, it asks a person. `LateByDeadlines` is the plugin.
Interface: nbgrader 0.9.6, `LateSubmissionPlugin.late_submission_penalty`, whose parent is the preprocessor.
Where deadlines.yaml does not name an assignment, both leave everything to nbgrader's own settings.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import NbGraderPreprocessor

from autograders.deadlines import deadlines_read_once, rules_for
from autograders.gradebook_late import queue_one, set_due
from autograders.lateness import Late, decide
from autograders.wall_time import NO_TIME


class KnowDeadlines(NbGraderPreprocessor):  # type: ignore[misc]
    """Let the gradebook know the due time, and ask a person where nobody knows when it came in."""

    def preprocess(self, nb: Any, resources: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Return the notebook as it is; raise `Faults` where deadlines.yaml cannot be read."""
        names = resources["nbgrader"]
        folder = course_folder_of(self.parent)
        written = deadlines_read_once(folder)
        rules = rules_for(written, names["assignment"], names["student"]) if written else None
        if rules is None:
            return nb, resources
        with Gradebook(names["db_url"]) as book:
            set_due(book, names["assignment"], rules.due.plus(NO_TIME))
            submission = book.find_submission(names["assignment"], names["student"])
            late = late_by(folder, names["assignment"], names["student"], submission)
            if late is not None and late.person:
                self.log.warning("Nobody knows when %s came in; a person is asked.", submission)
                for notebook in submission.notebooks:
                    queue_one(notebook.grades)
                book.db.commit()
        return nb, resources


class LateByDeadlines(LateSubmissionPlugin):  # type: ignore[misc]
    """Take off what deadlines.yaml says."""

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Return the points that are lost, None for none; nbgrader's own way where the file says nothing."""
        door = self.parent
        submission = door.gradebook.find_submission(door.assignment_id, student_id)
        late = late_by(course_folder_of(door.parent), door.assignment_id, student_id, submission)
        if late is None:
            own: float | None = super().late_submission_penalty(student_id, score, total_seconds_late)
            return own
        for step in late.trace:
            self.log.info("%s: %s %s", student_id, step.rule, dict(step.values))
        return late.lost(float(score)) or None


def late_by(folder: Path, assignment: str, learner: str, submission: Any) -> Late | None:
    """Return what a submission of nbgrader's gradebook loses; None where the file does not name it."""
    written = deadlines_read_once(folder)
    rules = rules_for(written, assignment, learner, granted=submission.extension) if written else None
    received: datetime | None = submission.timestamp
    return decide(received.replace(tzinfo=UTC) if received else None, rules) if rules else None


def course_folder_of(exporter: Any) -> Path:
    """Return the course folder that a preprocessor's parent works in."""
    return Path(exporter.parent.coursedir.root)
