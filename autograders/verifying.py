"""Prove that what people see is what was decided: recompute the views from the log and compare.

For `heatproof verify`. The chain of the log and the heads that were noted of it; the gradebook, recomputed by
the very code that writes it; the marked notebooks, byte by byte. Each difference is told with where, what and
cure, and `repair` makes the views anew. The log is never changed, a mark by hand never touched.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from autograders.audit import AuditFault, Entry, note, read_audit
from autograders.autograded import (
    Template,
    autograded_path,
    notebook_bytes,
    read_template,
    write_autograded,
)
from autograders.backups import KEPT, once
from autograders.gradebook import GradebookFault, Grades, gradebook_is_there, open_gradebook
from autograders.gradebook_reading import Shown
from autograders.gradebook_server import alone_on_server
from autograders.marking import BATCH, told_in_a_sentence
from autograders.overrides import restore
from autograders.results import CannotMark, Log, LogFault, LogInUse, Record, log_path, open_log, read_log
from autograders.roster import Learner, roster
from autograders.summary import counted

Part = Literal["log", "audit", "gradebook", "notebook"]


@dataclass(frozen=True)
class Difference:
    """One thing that is not as the log says: where, what, and the cure. `repaired`: it was made anew."""

    part: Part
    where: str
    what: str
    cure: str
    repaired: bool = False

    @property
    def sentence(self) -> str:
        """All of it in one sentence, with what was done about it."""
        return f"{self.where}: {self.what}; {'made anew from the log' if self.repaired else self.cure}."


@dataclass(frozen=True)
class Verified:
    """What became of one assignment. `records`: how many were compared; `head`: the log's last hash."""

    assignment: str
    records: int
    head: str
    differences: tuple[Difference, ...]

    @property
    def left(self) -> tuple[Difference, ...]:
        """The differences that are still there."""
        return tuple(each for each in self.differences if not each.repaired)

    @property
    def sentence(self) -> str:
        """What was found, in one sentence."""
        if not self.differences:
            return f"{self.assignment}: {counted(self.records, 'result')} compared: all is as the log says."
        repaired = len(self.differences) - len(self.left)
        return (
            f"{self.assignment}: {counted(self.records, 'result')} compared, "
            f"{counted(len(self.differences), 'difference')}, {repaired} repaired."
        )


def verify(
    folder: Path,
    assignment: str,
    *,
    repair: bool = False,
    head: str = "",
    by: str = "",
    progress: Callable[[int, int], None] | None = None,
    backups: int = KEPT,
) -> Verified:
    """Compare log, gradebook and marked notebooks of one assignment; make the views anew when `repair`.

    `head`: a hash that a receipt or an export printed, which the log must once have had. CannotMark when
    another run is marking, or nothing was marked.
    """
    folder = folder.resolve()
    if not log_path(folder, assignment).is_file():
        raise CannotMark(f"{assignment}: nobody is marked yet; run: heatproof autograde {assignment}")
    save = once(folder, f"verify {assignment} --repair", keep=backups)
    found: list[Difference] = []
    with told_in_a_sentence(assignment):
        try:
            with (
                open_log(folder, assignment) if repair else read_log(folder, assignment) as log,
                alone_on_server(folder, assignment) if repair else nullcontext(),
            ):
                job = _Job(folder, assignment, log, roster(folder), save if repair else None, by)
                found += job.log_differences(head)
                found += job.view_differences(progress or (lambda _, __: None))
                if any(each.repaired for each in found):
                    repaired = sum(each.repaired for each in found)
                    note(folder, "repair", assignment, by=by, heads={assignment: log.head}, repaired=repaired)
                return Verified(assignment, len(log.learners), log.head, tuple(found))
        except LogInUse:
            raise
        except LogFault as fault:
            return Verified(assignment, 0, "", (_told("log", str(fault)),))


def accept(folder: Path, assignment: str, *, because: str, by: str = "") -> Entry:
    """Note in the audit log that the log is right as it stands, though heads of it are gone."""
    with read_log(folder, assignment) as log:
        return note(folder, "accept", assignment, by=by, because=because, heads={assignment: log.head})


def verify_audit(folder: Path) -> tuple[Difference, ...]:
    """Return what is wrong with the audit log of a course folder."""
    try:
        read_audit(folder)
    except AuditFault as fault:
        return (_told("audit", str(fault)),)
    return ()


def _told(part: Part, sentence: str) -> Difference:
    """Return the difference that a fault's sentence tells."""
    where, _, rest = sentence.partition(": ")
    what, _, cure = rest.partition("; ")
    return Difference(part, where, what, cure.removesuffix("."))


@dataclass(frozen=True)
class _Job:
    """One assignment with its log held. `save`: the backup before the first repair; None: only compare."""

    folder: Path
    assignment: str
    log: Log
    people: dict[str, Learner]
    save: Callable[[], None] | None
    by: str

    @property
    def cure(self) -> str:
        return f"heatproof verify {self.assignment} --repair makes it anew from the log"

    def log_differences(self, head: str) -> Iterator[Difference]:
        """Yield what is wrong with the log itself: a torn end, or an end that was taken away."""
        where = f"results/{self.assignment}.jsonl"
        if self.log.torn:
            cure = "the next heatproof autograde cuts it off and marks that hand-in again"
            yield Difference("log", where, "a stop tore the last line", cure, repaired=self.log.repaired)
        gone = [each for each in self.noted() if not self.log.was_at(each)]
        if gone:
            yield Difference(
                "log",
                where,
                f"the audit log knows {len(gone)} heads of it that it never had (the last {gone[-1][:16]}…), "
                "so lines were taken away or written anew",
                "bring back the newest backup that has them (heatproof restore), or, if you took them away "
                f'yourself: heatproof verify {self.assignment} --accept --because "REASON"',
            )
        if head and not self.log.was_at(head):
            yield Difference(
                "log",
                where,
                f"it never had the head {head[:16]}…",
                "see that the head is of this assignment; if it is, bring back a backup: heatproof restore",
            )

    def noted(self) -> list[str]:
        """Return the heads that the audit log knows, since somebody set the log back last."""
        heads: list[str] = []
        try:
            entries = read_audit(self.folder)
        except AuditFault:  # told once for the whole folder
            return []
        for entry in entries:
            if self.assignment in entry.heads:
                heads = [] if entry.what in ("restore", "accept") else heads
                heads.append(entry.heads[self.assignment])
        return heads

    def view_differences(self, progress: Callable[[int, int], None]) -> Iterator[Difference]:
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
        if not gradebook_is_there(self.folder) and self.save is None:
            yield None, [Difference("gradebook", "gradebook", "it is not there", self.cure)]
            return
        new = not gradebook_is_there(self.folder)
        with open_gradebook(self.folder) as grades:
            told = []
            if new:
                told = [Difference("gradebook", "gradebook", "it was not there", self.cure, repaired=True)]
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
                yield None, [*told, _told("gradebook", str(fault))]
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
                    f"to have a record of them: heatproof autograde {self.assignment}",
                )

    def gradebook_differences(self, grades: Grades, records: list[Record]) -> Iterator[Difference]:
        found = grades.differences(self.assignment, records, self.people)
        if found and self.save is not None:
            self.save()
            changed = [record for record in records if record.learner in found]
            held = grades.marked(self.assignment)
            grades.write(self.assignment, changed, self.people, look_again=())
            lost = [record for record in changed if record.learner not in held]
            restore(self.folder, grades, self.assignment, lost)
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
