"""Read what each learner handed in and have it judged: a record comes of it, whatever it is.

For marking and regrading. A submission that cannot be read is refused in a sentence; one that the judge fails
at goes to a person. Refuses to know what was marked before, and where a record is kept or shown.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeVar

from autograders.children import OUR_FAULT, Child, ChildFault
from autograders.known import Known
from autograders.record import Mark, Record
from autograders.released import Released
from autograders.submission import (
    RefusedSubmission,
    Submission,
    kept_name,
    learners_with,
    read_submission,
    shown_name,
)

AHEAD = 2
"""Batches that are being judged while the one before them is written."""

T = TypeVar("T")


@dataclass(frozen=True)
class HandIns:
    """What was handed in for an assignment, and the children that judge it."""

    folder: Path
    released: Released
    children: Sequence[Child]
    _free: SimpleQueue[Child] = field(default_factory=SimpleQueue)

    def __post_init__(self) -> None:
        for child in self.children:
            self._free.put(child)

    @cached_property
    def learners(self) -> tuple[str, ...]:
        """Whoever handed something in, sorted, looked up once a run."""
        return learners_with(self.folder, self.released.assignment)

    def each(self, learners: Sequence[str], batch: int, one: Callable[[str], T]) -> Iterator[list[T]]:
        """Yield what `one` makes of each learner, a batch at a time, with all children at work.

        They are stopped at the end, so this is for once.
        """
        try:
            pool = ThreadPoolExecutor(len(self.children))
            ahead: deque[list[Future[T]]] = deque()
            try:
                for start in range(0, len(learners), batch):
                    ahead.append([pool.submit(one, learner) for learner in learners[start : start + batch]])
                    if len(ahead) > AHEAD:
                        yield [each.result() for each in ahead.popleft()]
                while ahead:
                    yield [each.result() for each in ahead.popleft()]
            finally:
                pool.shutdown(cancel_futures=True)
        finally:
            for child in self.children:
                child.stop()

    def read(self, learner: str, known: set[str] | None) -> tuple[Submission, Record] | Record:
        """Return a submission and the record to fill; the whole record where it is refused unread.

        `known`: the ids that may hand in; None: all may.
        """
        record = partial(Record, self.released.assignment, kept_name(learner), "refused")
        try:
            submission = read_submission(self.folder, learner, self.released.assignment)
            if known is not None and learner not in known:
                raise RefusedSubmission(
                    f"submitted/{shown_name(learner)}: nobody on the roster has this id; "
                    "add them to roster.csv, or correct the folder's name, then mark again."
                )
        except RefusedSubmission as refused:
            return record(reason=str(refused))
        except OSError as fault:
            where = f"submitted/{shown_name(learner)}/{self.released.assignment}"
            return record(reason=f"{where}: unreadable ({fault.strerror}); look at the folder.")
        return submission, record(
            marked_with=self.released.marked_with,
            received=submission.received,
            notebook_sha256=submission.notebook_sha256,
            answers_sha256=submission.answers_sha256,
            notes=submission.notes,
        )

    def judged(self, submission: Submission, empty: Record) -> Record:
        """Return the record that a child makes of a submission, once one is free."""
        child = self._free.get()
        try:
            return self._filled(empty, child.judge(submission))
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
                cells=self._marks({}),
            )
        finally:
            self._free.put(child)

    def _filled(self, empty: Record, answer: dict[str, Any]) -> Record:
        """Return the record that a child's answer makes."""
        where = f"submitted/{empty.learner}/{empty.assignment}"

        def told(sentence: str) -> str:
            return f"{where}{_file_named(empty.assignment, sentence)}"

        if "refused" in answer:
            return replace(empty, reason=told(answer["refused"]))
        cells = self._marks({name: Mark(**mark) for name, mark in answer["cells"].items()})
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

    def _marks(self, given: dict[str, Mark]) -> dict[str, Mark]:
        """Return a mark for every graded cell, in their order: an empty one where none was given."""
        cells = {cell.name: cell.out_of for cell in self.released.cells} | self.released.by_hand
        return {
            name: given.get(name, Mark(None, out_of, needs_person=True)) for name, out_of in cells.items()
        }


def given(record: Record | Known) -> bool:
    """True when a mark was given, or the answers wait for a person: not refused, and not our fault."""
    return record.status != "refused" and not record.our_fault


def same_work(before: Record | Known, now: Record) -> bool:
    """True when this very submission was read before, whatever it was marked with."""
    return (
        before.notebook_sha256 == now.notebook_sha256
        and before.answers_sha256 == now.answers_sha256
        and before.received == now.received
        and (before.notebook_sha256 is not None or before.answers_sha256 is not None)
    )


def _file_named(assignment: str, sentence: str) -> str:
    """Return what follows a folder in a report: the file, if the sentence speaks of one, and the sentence."""
    names = {"notebook: ": f"/{assignment}.ipynb: ", "answers file: ": f"/{assignment}.answers.json: "}
    found = next((start for start in names if sentence.startswith(start)), "")
    return names.get(found, ": ") + sentence.removeprefix(found)
