"""Compare the two views of a results log with it, and make anew what differs.

For verifying. The gradebook is recomputed by the very code that writes it, the marked notebooks byte by byte.
Each difference is told with where, what and cure. A mark by hand is never touched. Refuses to doubt the log.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from autograders.autograded import (
    Template,
    autograded_path,
    notebook_bytes,
    read_template,
    write_autograded,
)
from autograders.gradebook import GradebookFault, Grades, gradebook_is_there, open_gradebook
from autograders.gradebook_reading import Shown
from autograders.marking import BATCH
from autograders.overrides import lost_marks
from autograders.record import Record
from autograders.results import Log
from autograders.roster import Learner

Part = Literal["log", "audit", "people", "gradebook", "notebook"]


@dataclass(frozen=True)
class Difference:
    """One thing that is not as the log says: where, what, and the cure. `repaired`: it was made anew."""

    part: Part
    where: str
    what: str
    cure: str
    repaired: bool = False

    @classmethod
    def of_fault(cls, part: Part, fault: Exception) -> "Difference":
        """Return the difference that a fault's sentence tells."""
        where, _, rest = str(fault).partition(": ")
        what, _, cure = rest.partition("; ")
        return cls(part, where, what, cure.removesuffix("."))

    @property
    def sentence(self) -> str:
        """All of it in one sentence, with what was done about it."""
        return f"{self.where}: {self.what}; {'made anew from the log' if self.repaired else self.cure}."


@dataclass(frozen=True)
class Views:
    """The views of one log, which is held. `save`: the backup before the first repair; None: only compare."""

    folder: Path
    assignment: str
    log: Log
    people: dict[str, Learner]
    save: Callable[[], None] | None
    trusted: bool = True
    """False where lines of the log are gone: then nothing is to be made from it."""

    @property
    def cure(self) -> str:
        if not self.trusted:
            return "see to the log first, then verify again"
        return f"heatproof verify {self.assignment} --repair makes it anew from the log"

    def differences(self, progress: Callable[[int, int], None]) -> Iterator[Difference]:
        """Yield the differences of both views, a batch at a time, and repair them when asked to."""
        notebook = self.folder / "assignments" / self.assignment / f"{self.assignment}.ipynb"
        if not notebook.is_file():
            cure = f"bring it back, or run nbgrader generate_assignment {self.assignment}, then verify again"
            where = f"assignments/{self.assignment}"
            yield Difference("notebook", where, "the release is gone, so no view can be recomputed", cure)
            return
        template, learners = read_template(notebook), self.log.learners
        with self.gradebook(notebook) as (grades, told):
            yield from told
            if grades is not None:
                yield from self.strangers(grades)
            for start in range(0, len(learners), BATCH):
                records = [self.record(learner) for learner in learners[start : start + BATCH]]
                if grades is not None:
                    yield from self.gradebook_differences(grades, records)
                for record in records:
                    yield from self.notebook_differences(template, record)
                progress(start + len(records), len(learners))

    def record(self, learner: str) -> Record:
        record = self.log.last(learner)
        assert record is not None, "the log has a record of each of its learners"
        return record

    @contextmanager
    def gradebook(self, notebook: Path) -> Iterator[tuple[Grades | None, list[Difference]]]:
        """Open the gradebook, ready to be compared: None, and the difference, where it cannot be."""
        new = not gradebook_is_there(self.folder)
        if new and self.save is None:
            yield None, [Difference("gradebook", "gradebook", "it is not there", self.cure)]
            return
        with open_gradebook(self.folder) as grades:
            made = Difference("gradebook", "gradebook", "it was not there", self.cure, repaired=True)
            told = [made] if new else []
            if grades.knows(self.assignment, notebook):
                yield grades, told
                return
            what = f"its cells and points of {self.assignment} are not those of the release"
            difference = Difference("gradebook", "gradebook", what, self.cure)
            if self.save is None:
                yield None, [*told, difference]
                return
            try:
                grades.prepare(self.assignment, notebook, before=self.save)
            except GradebookFault as fault:
                yield None, [*told, Difference.of_fault("gradebook", fault)]
            else:
                yield grades, [*told, replace(difference, repaired=True)]

    def strangers(self, grades: Grades) -> Iterator[Difference]:
        """Yield the learners whom the gradebook has marks of, and the log does not know."""
        known = {*self.log.learners}
        for learner, marks in grades.marked(self.assignment).items():
            if learner not in known and any(points is not None for points in marks.values()):
                yield Difference(
                    "gradebook",
                    f"gradebook, {learner}",
                    "it has automatic marks that the log does not know",
                    "if nbgrader autograde gave them, all is well; "
                    f"to have a record of them: heatproof autograde {self.assignment}"
                    if self.trusted
                    else self.cure,
                )

    def gradebook_differences(self, grades: Grades, records: list[Record]) -> Iterator[Difference]:
        found = grades.differences(self.assignment, records, self.people)
        if found and self.save is not None:
            self.save()
            changed = [record for record in records if record.learner in found]
            held = grades.marked(self.assignment)
            lost = [record for record in changed if record.learner not in held]
            by_hand = lost_marks(self.folder, self.assignment, lost)
            grades.write(self.assignment, changed, self.people, look_again=(), by_hand=by_hand)
        for learner, places in found.items():
            for place, (stands, wanted) in places.items():
                what = f"it says {_shown(stands)}, the log says {_shown(wanted)}"
                where = f"gradebook, {learner}, {place}"
                yield Difference("gradebook", where, what, self.cure, repaired=self.save is not None)

    def notebook_differences(self, template: Template, record: Record) -> Iterator[Difference]:
        if record.status == "refused":
            return
        path = autograded_path(self.folder, record.learner, self.assignment)
        try:
            data = path.read_bytes()
            what = "it is not what the log and the release make"
        except OSError:
            data, what = b"", "it is not there, or cannot be read"
        if data == notebook_bytes(template, record):
            return
        if self.save is not None:
            self.save()
            write_autograded(self.folder, template, record)
        where = str(path.relative_to(self.folder))
        yield Difference("notebook", where, what, self.cure, repaired=self.save is not None)


def _shown(value: Shown) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
