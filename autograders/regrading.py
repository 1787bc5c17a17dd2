"""Mark again what an earlier key, rubric or judge marked: the diff first, and only what was approved is kept.

For `heatproof regrade`. The same work is judged anew by the children of the marking room. Nothing is written
until somebody approves the very diff that was shown; then a backup, a line in the audit log, the new records
in one piece, and the views. Marks by hand stand. Refuses to mark what was handed in anew: that is for
`heatproof autograde`.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from autograders.audit import FILE as AUDIT
from autograders.audit import note
from autograders.autograded import read_template
from autograders.backups import KEPT, once
from autograders.children import SECONDS, Child, children
from autograders.gradebook import Grades, read_gradebook
from autograders.gradebook_server import alone_on_server
from autograders.hand_ins import HandIns, given, same_work
from autograders.heads import see_that_none_is_gone
from autograders.marking import BATCH, Run
from autograders.record import Record
from autograders.regrade_diff import Diff, diff_of
from autograders.released import read_released
from autograders.results import CannotMark, Log, open_log, read_log, told_in_a_sentence
from autograders.roster import roster

ANEW = "handed in anew since; that is marked by: heatproof autograde {assignment}"
GONE = "what was marked is no longer in submitted/, so the mark stays; bring it back, then regrade again"
FAILED = "our fault, the judge failed ({why}), so the mark stays; run the regrade again"


class NotApproved(CannotMark):
    """The approved diff is not the one that would be written. The text is one sentence: where, what, cure."""


@dataclass(frozen=True)
class Regrade:
    """What a regrade would change, and if it was written. `failed`: the learners whom the judge failed."""

    diff: Diff
    failed: tuple[str, ...]
    written: bool = False
    head: str = ""

    @property
    def sentence(self) -> str:
        """What was done, or what to do."""
        if self.written:
            return f"Written, with a line in {AUDIT}; the feedback pages are made by heatproof feedback."
        if self.diff.is_empty:
            return "Nothing was written."
        name, token = self.diff.assignment, self.diff.token
        return (
            "Nothing was written. To approve just this: "
            f'heatproof regrade {name} --approve {token} --because "REASON"'
        )

    @property
    def exit_status(self) -> int:
        """0 when nothing is left to do, 4 when a person must approve, 16 added when the judge failed."""
        waits = not self.written and not self.diff.is_empty
        return 4 * waits + 16 * bool(self.failed)


def regrade(
    folder: Path,
    assignment: str,
    *,
    approve: str = "",
    by: str = "",
    because: str = "",
    progress: Callable[[int, int], None] | None = None,
    workers: int | None = None,
    seconds: float = SECONDS,
    backups: int = KEPT,
    bench: "Callable[..., list[Child]] | None" = None,
) -> Regrade:
    """Return what today's key would change in marks by an earlier one; write it when `approve` is its token.

    `by` and `because` come into the audit log. `bench` as in `mark`. Raises NotApproved when the diff is not
    the one that the token stands for, CannotMark when nothing can be compared.
    """
    folder = folder.resolve()
    with told_in_a_sentence(f"results/{assignment}.jsonl"):
        released = read_released(folder, assignment)
        people = roster(folder)
        with (
            _log(folder, assignment, writing=bool(approve)) as log,
            alone_on_server(folder, assignment) if approve else nullcontext(),
            ExitStack() as begun,
            read_gradebook(folder) as grades,
        ):
            see_that_none_is_gone(folder, assignment, log.was_at)
            save = once(folder, f"regrade {assignment}", keep=backups)
            judges = (bench or children)(folder, assignment, workers=workers, seconds=seconds)
            for judge in judges:
                begun.callback(judge.stop)
            hand_ins = HandIns(folder, released, judges)
            run = Run(folder, released, people, log, grades, hand_ins, max(BATCH, len(judges)), save)
            found = tuple(_anew(run, progress or (lambda _, __: None)))
            pairs = [(each.before, each.now) for each in found if each.now is not None]
            stays = {each.before.learner: each.stays for each in found if each.stays}
            diff = diff_of(assignment, released.marked_with, pairs, stays, _by_hand(grades, assignment))
            failed = tuple(each.before.learner for each in found if each.failed)
            if not approve:
                return Regrade(diff, failed)
            _check(diff, approve)
            _write(run, diff, [now for _, now in pairs], by=by, because=because)
            return Regrade(diff, failed, written=True, head=log.head)


def _log(folder: Path, assignment: str, *, writing: bool) -> AbstractContextManager[Log]:
    return open_log(folder, assignment) if writing else read_log(folder, assignment)


@dataclass(frozen=True)
class _Anew:
    """The record that counts for a learner, and the one that would come or why it stays."""

    before: Record
    now: Record | None = None
    stays: str = ""
    failed: bool = False


def _anew(run: Run, progress: Callable[[int, int], None]) -> Iterator[_Anew]:
    """Yield each mark that an earlier key gave, with what today's key makes of the same work."""
    to = run.released.marked_with
    old = tuple(
        learner
        for learner in run.log.learners
        if (last := run.log.last(learner)) is not None and given(last) and last.marked_with != to
    )
    done = 0
    for batch in run.hand_ins.each(old, run.batch, lambda learner: _one(run, learner)):
        done += len(batch)
        progress(done, len(old))
        yield from batch


def _one(run: Run, learner: str) -> _Anew:
    before = run.log.last(learner)
    assert before is not None, "only learners with a record are asked for"
    found = run.hand_ins.read(learner, None)
    if isinstance(found, Record):
        return _Anew(before, stays=GONE)
    submission, empty = found
    if not same_work(before, empty):
        return _Anew(before, stays=ANEW.format(assignment=before.assignment))
    now = run.hand_ins.judged(submission, empty)
    if now.our_fault:
        return _Anew(before, stays=FAILED.format(why=now.reason), failed=True)
    return _Anew(before, _as_late(now, before))


def _as_late(now: Record, before: Record) -> Record:
    """Return the record with what its lateness cost before; new deadlines are for `heatproof autograde`."""
    if now.status == "refused" or not before.late:
        return now
    status = "needs_person" if before.late.get("person") else now.status
    return replace(now, late=before.late, status=status)


def _by_hand(grades: Grades, assignment: str) -> dict[str, dict[str, float]]:
    return {
        learner: {each.cell: each.points for each in scores if each.by_hand and each.points is not None}
        for learner, scores in grades.scores(assignment).items()
    }


def _check(diff: Diff, approve: str) -> None:
    if diff.is_empty:
        raise NotApproved(
            f"{diff.assignment}: no mark is by an earlier key, so there is nothing to approve; "
            "nothing was written."
        )
    if approve.strip().lower() != diff.token:
        raise NotApproved(
            f"{diff.assignment}: {approve!r} does not approve this diff: key, hand-ins or marks by hand have "
            f"changed since it was shown; nothing was written. Look at it again: "
            f"heatproof regrade {diff.assignment}"
        )


def _write(run: Run, diff: Diff, records: list[Record], *, by: str, because: str) -> None:
    """Write what was approved: the audit line first, the records in one piece, then their views."""
    facts = {
        "token": diff.token,
        "from": dict(diff.earlier),
        "to": diff.to,
        "changed": len(diff.changes),
        "same": diff.same,
    }
    assignment = diff.assignment
    run.save()
    run.grades.prepare(assignment, run.released.notebook)
    note(
        run.folder, "regrade approved", assignment, by=by, because=because,
        heads={assignment: run.log.head}, **facts,
    )  # fmt: skip
    written = run.log.add(records)
    template, held = read_template(run.released.notebook), run.grades.marked(assignment)
    for start in range(0, len(written), BATCH):
        run.show(list(written[start : start + BATCH]), template, held)
    note(run.folder, "regrade", assignment, by=by, because=because, heads={assignment: run.log.head}, **facts)
