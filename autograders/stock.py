"""Run nbgrader's own commands in this process: generate, release, collect.

For the command line and the demonstration class. Knows nbgrader's Python interface (`nbgrader.apps.api`,
0.9.6); refuses to know anything of marking.
"""

import re
from pathlib import Path
from typing import Any

from autograders.gradebook import course_directory
from autograders.loading import load_nbgrader
from autograders.programs import own_programs_first
from course.engine.faults import did_you_mean
from course.engine.places import MARK

LEVEL = re.compile(r"^\[[A-Z]+\] ")
"""How nbgrader begins a line of its log."""


class StockFault(Exception):
    """One of nbgrader's commands failed; the message is one sentence, ours or the last that it said."""


class Stock:
    """nbgrader's commands on one course folder, with the folder's own settings."""

    def __init__(self, folder: Path) -> None:
        load_nbgrader()
        from nbgrader.apps.api import NbGraderAPI

        self.folder = folder
        self.coursedir = course_directory(folder)
        self.api = NbGraderAPI(coursedir=self.coursedir, config=self.coursedir.config, log_level="WARN")

    def generate(self, assignment: str) -> None:
        """Make the release of an assignment from its master: source/ to assignments/."""
        self._done(self._run("generate_assignment", assignment))

    def release(self, assignment: str) -> None:
        """Put the release into the exchange, where learners fetch it."""
        self._done(self._run("release_assignment", assignment))

    def collect(self, assignment: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Take hand-ins from the exchange to submitted/; return whose came, and whose are there now."""
        before = self._handed_in(assignment)
        self._done(self._run("collect", assignment))
        after = self._handed_in(assignment)
        came = (learner for learner, when in after.items() if before.get(learner) != when)
        return tuple(sorted(came)), tuple(sorted(after))

    def _handed_in(self, assignment: str) -> dict[str, bytes]:
        """Return when each hand-in in submitted/ was made, as nbgrader notes it beside it."""
        times = (self.folder / "submitted").glob(f"*/{assignment}/timestamp.txt")
        return {path.parent.parent.name: path.read_bytes() for path in times}

    def _run(self, command: str, assignment: str) -> dict[str, Any]:
        if not (self.folder / "source" / assignment).is_dir():
            known = [path.name for path in (self.folder / "source").glob("*/")]
            raise StockFault(f"no assignment {assignment!r} in source/; {did_you_mean(assignment, known)}")
        with own_programs_first():
            result: dict[str, Any] = getattr(self.api, command)(assignment)
        return result

    def _done(self, result: dict[str, Any]) -> None:
        if result["success"]:
            return
        said = str(result.get("log") or result.get("error") or "").strip()
        if re.search(r"(Unwritable|Unreadable) directory", said):
            raise StockFault(
                f"{self.api.exchange_root}: nbgrader's exchange is not there, or you may not write in it; "
                f"have it made, or name another folder in {MARK} (c.Exchange.root)"
            )
        raise StockFault(LEVEL.sub("", said.splitlines()[-1]) if said else "nbgrader failed and said nothing")
