"""Mark an assignment: find what is new, keep what becomes of it, and show it to nbgrader.

For `heatproof autograde`. Each submission ends as graded, refused or for a person; a bad one is one line,
and every other one is marked. The log is written first, then its views, so that a run that was killed is
simply run again. A mark that was given stays: when the key changes, it is for `regrading` to change it.
Refuses to know how a hand-in is read and judged (`hand_ins`), and what a result looks like on a page.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from pathlib import Path
from typing import Any

from autograders.audit import note
from autograders.autograded import Template, read_template, shows, shows_work, write_autograded
from autograders.backups import KEPT, once
from autograders.children import SECONDS, Child, children
from autograders.gradebook import Grades
from autograders.gradebook_at_need import gradebook_at_need
from autograders.gradebook_server import alone_on_server
from autograders.hand_ins import HandIns, given, same_work
from autograders.heads import see_that_none_is_gone
from autograders.known import Known
from autograders.late_marks import LateRules, as_data
from autograders.loading import load_nbgrader
from autograders.overrides import catch_up, lost_marks
from autograders.people_log import is_behind
from autograders.record import Mark, Record
from autograders.released import Released, read_released
from autograders.results import CannotMark, Log, open_log, told_in_a_sentence
from autograders.roster import Learner, roster
from autograders.submission import kept_name
from autograders.summary import Line, Progress, Summary, line_of
from autograders.two_cores import answers

BATCH = 32
"""Submissions that are judged, logged and written to the gradebook together."""
SAID = (
    "status", "received", "notebook_sha256", "answers_sha256", "marked_with", "reason", "our_fault",
)  # fmt: skip
"""What a record says of a submission that was refused unread."""

__all__ = ["CannotMark", "Line", "Progress", "Summary", "mark"]


def mark(
    folder: Path,
    assignment: str,
    *,
    progress: Callable[[Progress], None] | None = None,
    workers: int | None = None,
    batch: int = BATCH,
    seconds: float = SECONDS,
    backups: int = KEPT,
    bench: "Callable[..., list[Child]] | None" = None,
) -> Summary:
    """Mark what is new in submitted/, and bring the gradebook in step. CannotMark when nothing can be.

    `workers`: child processes. `batch`: submissions that are kept together. `seconds`: what one may take.
    `backups`: how many stay; one is made before the first thing is written. `bench`: what makes the children
    that judge, in place of `children`: those of a cluster, or some that load the judge already.
    """
    folder = folder.resolve()
    with told_in_a_sentence(f"results/{assignment}.jsonl"):
        released = read_released(folder, assignment)
        people = roster(folder)
        with (
            open_log(folder, assignment) as log,
            alone_on_server(folder, assignment),
            ExitStack() as begun,
            gradebook_at_need(folder) as grades,
        ):
            see_that_none_is_gone(folder, assignment, log.was_at)
            before, save = log.head, once(folder, f"autograde {assignment}", keep=backups)
            judges = (bench or children)(folder, assignment, workers=workers, seconds=seconds)
            batch = max(batch, len(judges)) if bench else batch
            for judge in judges:
                begun.callback(judge.stop)
            hand_ins = HandIns(folder, released, judges)
            run = Run(folder, released, people, log, grades, hand_ins, batch, save)
            if any(log.known(kept_name(each)) is None for each in hand_ins.learners):
                judges[0].begin(*judges[1:])
                load_nbgrader()  # it takes as long as they take to load the judge
            grades.prepare(assignment, released.notebook, before=save)
            if is_behind(folder, assignment):
                save()
                catch_up(folder, assignment, grades)
            lines = run.lines(progress or (lambda _: None))
            if log.head != before:
                added = sum(not line.again for line in lines)
                note(folder, "autograde", assignment, heads={assignment: log.head}, added=added)
            log.write_down()
            notes = ("The last line of the log was torn by a stop; it was cut off.",) if log.repaired else ()
            return Summary(assignment, lines, log.head, notes)


@dataclass(frozen=True)
class Run:
    """One run over one assignment. `save` makes the backup before the first thing is written."""

    folder: Path
    released: Released
    people: dict[str, Learner]
    log: Log
    grades: Grades
    hand_ins: HandIns
    batch: int
    save: Callable[[], None]

    def lines(self, progress: Callable[[Progress], None]) -> tuple[Line, ...]:
        learners = self.hand_ins.learners
        template = read_template(self.released.notebook)
        held = self.grades.marked(self.released.assignment)
        known = {*self.people, *self.grades.people()} if self.people else None
        waited = self.grades.waiting(self.released.assignment)
        rules = self.late_rules  # read before the work is shared out: it may ask the gradebook
        before = answers(lambda each: self.as_before(each, known, held), learners)
        same = frozenset(compress(learners, before))
        new = tuple(each for each in learners if each not in same)
        found = self.hand_ins.each(new, self.batch, lambda learner: self.record(learner, known))
        fresh = (line for batch in found for line in self.keep(batch, template, held, waited))
        lines: list[Line] = []
        for learner in learners:
            lines.append(self.as_known(learner, waited) if learner in same else next(fresh))
            progress(Progress(len(lines), len(learners), lines[-1]))
        self.grades.settle_lateness(self.released.assignment, rules.found)
        return tuple(lines)

    def as_before(self, learner: str, known: set[str] | None, held: dict[str, Any]) -> bool:
        """True where nothing is new of a learner and all views are in step; every file is read for it."""
        before = self.log.known(kept_name(learner))
        if before is None:
            return False
        found = self.hand_ins.read(learner, known)
        if isinstance(found, Record):
            marked = before.each or before.late or before.unread
            same = not marked and all(getattr(found, part) == getattr(before, part) for part in SAID)
            same = same and list(found.notes) == before.notes
        else:
            by_now = given(before) or before.marked_with == self.released.marked_with
            same = not before.our_fault and same_work(before, found[1]) and by_now
        late = self.late_rules.late(before)
        same = same and (as_data(late) if late else {}) == before.late
        return same and self.in_step(before, held.get(before.learner))

    def as_known(self, learner: str, waited: frozenset[str]) -> Line:
        """Return the line of a learner of whom nothing is new."""
        before = self.log.known(kept_name(learner))
        assert before is not None, "nothing is new, so there was something before"
        if before.late and (late := self.late_rules.late(before)) is not None:
            self.late_rules.found[before.learner] = late
        return self.line(before, again=True, waiting=before.learner in waited)

    def line(self, record: Record | Known, *, again: bool, waiting: bool) -> Line:
        earlier = given(record) and record.marked_with != self.released.marked_with
        return line_of(record, again=again, waiting=waiting, earlier=earlier)

    def keep(
        self, found: list[Record], template: Template, held: dict[str, Any], waited: frozenset[str]
    ) -> Iterator[Line]:
        """Log what is new, then write the views that are not yet in step; yield a line a record.

        `held`: the automatic scores that the gradebook had; `waited`: of whom something waited for a person.
        """
        found = [self.late_rules.applied(record) for record in found]
        last = {record.learner: self.log.last(record.learner) for record in found}
        new = [record for record in found if not _same(record, last[record.learner])]
        if new:
            self.save()
        last |= {record.learner: record for record in self.log.add(new)}
        records = [kept for record in found if (kept := last[record.learner]) is not None]
        fresh = {record.learner for record in new}
        late = [r for r in records if r.learner in fresh or not self.in_step(r, held.get(r.learner))]
        self.show(late, template, held)
        shown = {record.learner for record in late}
        now = self.grades.waiting(self.released.assignment, shown) if shown else frozenset()
        waits = (waited - shown) | now
        for record in records:
            yield self.line(record, again=record.learner not in fresh, waiting=record.learner in waits)

    def show(self, records: list[Record], template: Template, held: dict[str, Any]) -> None:
        """Write both views of some records; `held`: the automatic scores that the gradebook had."""
        if not records:
            return
        self.save()
        assignment = self.released.assignment
        later = [each for each in records if self.only_later(each, held.get(each.learner))]
        if marked := [each for each in records if each not in later]:
            look_again = {(each.learner, cell) for each in marked for cell in changed(self.log, each)}
            by_hand = lost_marks(self.folder, assignment, [r for r in marked if r.learner not in held])
            self.grades.write(assignment, marked, self.people, look_again=look_again, by_hand=by_hand)
        if later:
            self.grades.reapply_lateness(assignment, later)
        for record in records:
            if record.status != "refused":
                write_autograded(self.folder, template, record)

    def in_step(self, record: Record | Known, held: dict[str, float | None] | None) -> bool:
        """True when gradebook and marked notebook show just this record."""
        if record.status == "refused":
            return held is None or not any(score is not None for score in held.values())
        return held == _points(record) and shows(self.folder, record)

    def only_later(self, record: Record, held: dict[str, float | None] | None) -> bool:
        """True when the gradebook has these marks, and only what their lateness costs is new."""
        return record.status != "refused" and held == _points(record) and shows_work(self.folder, record)

    @cached_property
    def late_rules(self) -> LateRules:
        """The rules for late work, read once a run."""
        return self.grades.late_rules(self.folder, self.released.assignment)

    def record(self, learner: str, known: set[str] | None) -> Record:
        """Return what becomes of one learner's submission; the last record when nothing has changed.

        A mark that was given stands, whatever the key says now.
        """
        found = self.hand_ins.read(learner, known)
        if isinstance(found, Record):
            return found
        submission, empty = found
        before = self.log.last(empty.learner)
        if before is None or before.our_fault or not same_work(before, empty):
            return self.hand_ins.judged(submission, empty)
        if given(before) or before.marked_with == empty.marked_with:
            return before
        return self.hand_ins.judged(submission, empty)


def _points(record: Record | Known) -> dict[str, float | None]:
    if isinstance(record, Known):
        return record.each
    return {name: mark.points for name, mark in record.cells.items()}


def _same(record: Record, last: Record | None) -> bool:
    return last is not None and record.says_the_same(last)


def changed(log: Log, record: Record) -> tuple[str, ...]:
    """Return the cells at which a person who gave a mark by hand must look again.

    All of them after a new hand-in; after a regrade of the same work those whose automatic mark is another.
    """
    before = log.previous(record.learner)
    if before is None or not given(before) or not same_work(before, record):
        return tuple(record.cells)
    return tuple(name for name, mark in record.cells.items() if not same_mark(before.cells.get(name), mark))


def same_mark(one: Mark | None, other: Mark) -> bool:
    """True when two marks give the same points, whatever they say of them."""
    parts = (other.points, other.out_of, other.needs_person)
    return one is not None and (one.points, one.out_of, one.needs_person) == parts
