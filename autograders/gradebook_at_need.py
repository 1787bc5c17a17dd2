"""Open the gradebook only when something is to be written; until then read its file.

For the marking room: where nothing is new, a class is done before nbgrader would have been loaded, and where
something is, nbgrader is loaded while the first submissions are being judged. What cannot be read quickly is
read through nbgrader, on any database. Refuses to know what a mark is.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from autograders import gradebook_quick
from autograders.gradebook import Grades, open_gradebook
from autograders.late_marks import LateRules, late_rules
from autograders.lateness import Late
from autograders.roster import Learner

T = TypeVar("T")


@contextmanager
def gradebook_at_need(folder: Path) -> Iterator["GradesAtNeed"]:
    """Return the gradebook of a course folder; it is opened when it has to be."""
    with ExitStack() as closing:
        yield GradesAtNeed(folder, closing)


class GradesAtNeed(Grades):
    """A gradebook that is read from its file as long as nothing is to be written."""

    def __init__(self, folder: Path, closing: ExitStack) -> None:
        self._folder = folder
        self._opened: Grades | None = None

        def opened() -> tuple[Any, str]:
            if self._opened is None:
                self._opened = closing.enter_context(open_gradebook(folder))
            return self._opened._book, self._opened._db_url

        super().__init__(opened)

    def _quickly(self, read: Callable[[sqlite3.Connection], T]) -> T | None:
        """Return what is read from the file; None where it has to be read through nbgrader."""
        return None if self._opened else gradebook_quick.quickly(self._folder, read)

    def knows(self, assignment: str, notebook: Path) -> bool:
        return bool(
            self._quickly(lambda book: gradebook_quick.knows(book, assignment, notebook))
        ) or super().knows(assignment, notebook)

    def marked(self, assignment: str) -> dict[str, dict[str, float | None]]:
        found = self._quickly(lambda book: gradebook_quick.marked(book, assignment))
        return super().marked(assignment) if found is None else found

    def waiting(self, assignment: str, among: Collection[str] | None = None) -> frozenset[str]:
        found = self._quickly(lambda book: gradebook_quick.waiting(book, assignment))
        if found is None:
            return super().waiting(assignment, among)
        return found if among is None else found & frozenset(among)

    def people(self) -> dict[str, Learner]:
        found = self._quickly(gradebook_quick.people)
        return super().people() if found is None else found

    def settle_lateness(self, assignment: str, late: Mapping[str, Late]) -> None:
        settled = self._quickly(lambda book: gradebook_quick.settled(book, assignment, late))
        if not settled:
            super().settle_lateness(assignment, late)

    def late_rules(self, folder: Path, assignment: str) -> LateRules:
        rules = late_rules(folder, assignment, {})
        shown = self._quickly(lambda book: gradebook_quick.shows_due(book, assignment, rules.due))
        return rules if rules.written is None or shown else super().late_rules(folder, assignment)
