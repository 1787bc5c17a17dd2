"""Run nbgrader's own commands in this process: generate, release, collect.

For the command line and the demonstration class. Knows nbgrader's Python interface (`nbgrader.apps.api`,
0.9.6); refuses to know anything of marking.
"""

from pathlib import Path
from typing import Any

from autograders.gradebook import course_directory, load_nbgrader
from autograders.programs import own_programs_first
from course.engine.faults import did_you_mean


class StockFault(Exception):
    """One of nbgrader's commands failed; the message is what it said."""


class Stock:
    """nbgrader's commands on one course folder, with the folder's own settings."""

    def __init__(self, folder: Path) -> None:
        load_nbgrader()
        from nbgrader.apps.api import NbGraderAPI

        self.masters = folder / "source"
        self.coursedir = course_directory(folder)
        self.api = NbGraderAPI(coursedir=self.coursedir, config=self.coursedir.config, log_level="WARN")

    def generate(self, assignment: str) -> None:
        """Make the release of an assignment from its master: source/ to assignments/."""
        self._done(self._run("generate_assignment", assignment))

    def release(self, assignment: str) -> None:
        """Put the release into the exchange, where learners fetch it."""
        self._done(self._run("release_assignment", assignment))

    def collect(self, assignment: str) -> str:
        """Take what was handed in from the exchange to submitted/; return nbgrader's own words."""
        return self._done(self._run("collect", assignment))

    def _run(self, command: str, assignment: str) -> dict[str, Any]:
        if not (self.masters / assignment).is_dir():
            known = [path.name for path in self.masters.glob("*/")]
            raise StockFault(f"no assignment {assignment!r} in source/; {did_you_mean(assignment, known)}")
        with own_programs_first():
            result: dict[str, Any] = getattr(self.api, command)(assignment)
        return result

    @staticmethod
    def _done(result: dict[str, Any]) -> str:
        told = "\n".join(str(result[part]).strip() for part in ("log", "error") if result.get(part))
        if not result["success"]:
            raise StockFault(told)
        return told
