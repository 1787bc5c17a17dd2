"""Mark an assignment: read each submission, have it judged, keep the result, show it to nbgrader.

For `heatproof autograde`. Each submission ends as graded, refused or for a person; a bad one is one line,
and every other one is marked. The log is written first, then its views, so that a run that was killed is
simply run again. Refuses to know how a mark is made and what a result looks like on a page.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from autograders.autograded import read_template, shows, shows_work, write_autograded
from autograders.children import OUR_FAULT, SECONDS, Child, ChildFault
from autograders.gradebook import Grades, open_gradebook
from autograders.late_marks import LateRules
from autograders.overrides import catch_up, restore
from autograders.released import Released, read_released
from autograders.results import CannotMark, Log, Mark, Record, open_log
from autograders.roster import Learner, roster
from autograders.submission import (
    RefusedSubmission,
    Submission,
    kept_name,
    learners_with,
    read_submission,
    shown_name,
)
from autograders.summary import Line, Progress, Summary, line_of
from course.engine.faults import Faults

BATCH = 32
"""Submissions that are judged, logged and written to the gradebook together."""

__all__ = ["CannotMark", "Line", "Progress", "Summary", "mark"]


def mark(
    folder: Path,
    assignment: str,
    *,
    progress: Callable[[Progress], None] | None = None,
    workers: int | None = None,
    batch: int = BATCH,
    seconds: float = SECONDS,
) -> Summary:
    """Mark what is new in submitted/, and bring the gradebook in step. CannotMark when nothing can be.

    `workers`: child processes. `batch`: submissions that are kept together. `seconds`: what one may take.
    """
    folder = folder.resolve()
    try:
        released = read_released(folder, assignment)
        people = roster(folder)
        with open_log(folder, assignment) as log, open_gradebook(folder) as grades:
            grades.prepare(assignment, released.notebook)
            catch_up(folder, assignment, grades)
            bench = [
                Child(folder, assignment, seconds=seconds)
                for _ in range(workers or min(2, os.cpu_count() or 1))
            ]
            run = _Run(folder, released, people, log, grades, bench, batch)
            lines = run.lines(progress or (lambda _: None))
            notes = ("The last line of the log was torn by a stop; it was cut off.",) if log.repaired else ()
            return Summary(assignment, lines, log.head, notes)
    except Faults as fault:
        raise CannotMark(str(fault)) from fault
    except OSError as fault:
        where = fault.filename or f"results/{assignment}.jsonl"
        message = f"{where}: it cannot be written ({fault.strerror}); make room or rights, then mark again."
        raise CannotMark(message) from fault


@dataclass(frozen=True)
class _Run:
    """One run over one assignment."""

    folder: Path
    released: Released
    people: dict[str, Learner]
    log: Log
    grades: Grades
    children: list[Child]
    batch: int

    def lines(self, progress: Callable[[Progress], None]) -> tuple[Line, ...]:
        learners = learners_with(self.folder, self.released.assignment)
        template = read_template(self.released.notebook)
        held = self.grades.marked(self.released.assignment)
        known = {*self.people, *self.grades.people()} if self.people else None
        lines: list[Line] = []
        children: SimpleQueue[Child] = SimpleQueue()
        for child in self.children:
            children.put(child)
        try:
            with ThreadPoolExecutor(len(self.children)) as pool:
                for batch in _batches(learners, self.batch):
                    found = list(pool.map(lambda learner: self.record(learner, known, children), batch))
                    for line in self.keep(found, template, held):
                        lines.append(line)
                        progress(Progress(len(lines), len(learners), line))
            self.grades.settle_lateness(self.released.assignment, self.late_rules.found)
        finally:
            for child in self.children:
                child.stop()
        return tuple(lines)

    def keep(self, found: list[Record], template: dict[str, Any], held: dict[str, Any]) -> Iterator[Line]:
        """Log what is new, then write the views that are not yet in step; yield a line a record."""
        found = [self.late_rules.applied(record) for record in found]
        last = {record.learner: self.log.last(record.learner) for record in found}
        new = [record for record in found if not _same(record, last[record.learner])]
        last |= {record.learner: record for record in self.log.add(new)}
        records = [kept for record in found if (kept := last[record.learner]) is not None]
        fresh = {record.learner for record in new}
        late = [r for r in records if r.learner in fresh or not self.in_step(r, held.get(r.learner))]
        again = {r.learner for r in late if self.only_later(r, held.get(r.learner))}
        if marked := [record for record in late if record.learner not in again]:
            self.grades.write(self.released.assignment, marked, self.people)
            unknown = [record for record in marked if record.learner not in held]
            restore(self.folder, self.grades, self.released.assignment, unknown)
        if again:
            self.grades.reapply_lateness(self.released.assignment, [r for r in late if r.learner in again])
        for record in late:
            if record.status != "refused":
                write_autograded(self.folder, template, record)
        waits = self.grades.waiting(self.released.assignment)
        for record in records:
            yield line_of(record, again=record.learner not in fresh, waiting=record.learner in waits)

    def in_step(self, record: Record, held: dict[str, float | None] | None) -> bool:
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

    def record(self, learner: str, known: set[str] | None, children: "SimpleQueue[Child]") -> Record:
        """Return what becomes of one learner's submission; the last record when nothing has changed."""
        empty = Record(self.released.assignment, kept_name(learner), "refused")
        try:
            submission = read_submission(self.folder, learner, self.released.assignment)
            if known is not None and learner not in known:
                raise RefusedSubmission(
                    f"submitted/{shown_name(learner)}: nobody on the roster has this id; "
                    "add them to roster.csv, or correct the folder's name, then mark again."
                )
        except RefusedSubmission as refused:
            return replace(empty, reason=str(refused))
        except OSError as fault:
            where = f"submitted/{shown_name(learner)}/{self.released.assignment}"
            return replace(empty, reason=f"{where}: unreadable ({fault.strerror}); look at the folder.")
        empty = replace(
            empty,
            marked_with=self.released.marked_with,
            received=submission.received,
            notebook_sha256=submission.notebook_sha256,
            answers_sha256=submission.answers_sha256,
            notes=submission.notes,
        )
        before = self.log.last(empty.learner)
        if before is not None and not before.our_fault and _same_work(before, empty):
            return before
        return self.judged(submission, empty, children)

    def judged(self, submission: Submission, empty: Record, children: "SimpleQueue[Child]") -> Record:
        child = children.get()
        try:
            answer = child.judge(submission)
            return self.read(answer, empty)
        except (ChildFault, KeyError, TypeError, ValueError) as fault:
            why = (
                str(fault) if isinstance(fault, ChildFault) else "the judge gave an answer of the wrong kind"
            )
            reason = f"submitted/{empty.learner}/{empty.assignment}: {OUR_FAULT.format(why=why)}"
            return replace(
                empty,
                status="needs_person",
                reason=reason,
                our_fault=True,
                unread=dict.fromkeys(self.released.questions, reason),
                cells=self.marks({}),
            )
        finally:
            children.put(child)

    def read(self, answer: dict[str, Any], empty: Record) -> Record:
        """Return the record that a child's answer makes."""
        where = f"submitted/{empty.learner}/{empty.assignment}"

        def told(sentence: str) -> str:
            return f"{where}{_file_named(empty.assignment, sentence)}"

        if "refused" in answer:
            return replace(empty, reason=told(answer["refused"]))
        cells = self.marks({name: Mark(**mark) for name, mark in answer["cells"].items()})
        unread = tuple(dict.fromkeys(answer["unread"].values()))
        waits = bool(unread) or any(mark.needs_person for mark in cells.values())
        return replace(
            empty,
            status="needs_person" if waits else "graded",
            answers={name: value for name, value in answer["answers"].items() if value is not None},
            unread=dict(answer["unread"]),
            cells=cells,
            notes=(*empty.notes, *(told(note) for note in answer["notes"] if note not in unread)),
            reason=" ".join(map(told, unread)),
        )

    def marks(self, given: dict[str, Mark]) -> dict[str, Mark]:
        """Return a mark for every graded cell, in their order: an empty one where none was given."""
        cells = {cell.name: cell.out_of for cell in self.released.cells} | self.released.by_hand
        return {
            name: given.get(name, Mark(None, out_of, needs_person=True)) for name, out_of in cells.items()
        }


def _points(record: Record) -> dict[str, float | None]:
    return {name: mark.points for name, mark in record.cells.items()}


def _file_named(assignment: str, sentence: str) -> str:
    """Return what follows a folder in a report: the file, if the sentence speaks of one, and the sentence."""
    names = {"notebook: ": f"/{assignment}.ipynb: ", "answers file: ": f"/{assignment}.answers.json: "}
    found = next((start for start in names if sentence.startswith(start)), "")
    return names.get(found, ": ") + sentence.removeprefix(found)


def _batches(learners: tuple[str, ...], size: int) -> Iterator[tuple[str, ...]]:
    yield from (learners[start : start + size] for start in range(0, len(learners), size))


def _same(record: Record, last: Record | None) -> bool:
    return last is not None and record.says_the_same(last)


def _same_work(before: Record, now: Record) -> bool:
    """True when this very submission was already marked with this key, rubric and judge."""
    return (
        before.notebook_sha256 == now.notebook_sha256
        and before.answers_sha256 == now.answers_sha256
        and before.received == now.received
        and before.marked_with == now.marked_with
        and (before.notebook_sha256 is not None or before.answers_sha256 is not None)
    )
