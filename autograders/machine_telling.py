"""Turn what a run found into the lines of `--json`. For the command line. Refuses to print."""

from collections.abc import Iterator

from autograders.backups import Backup
from autograders.machine_lines import (
    BackupLine,
    ByHandPart,
    CellPart,
    ChangeLine,
    DifferenceLine,
    JsonLine,
    RegradeLine,
    RestoreLine,
    StaysLine,
    SubmissionLine,
    SummaryLine,
    VerifiedLine,
)
from autograders.regrading import Regrade
from autograders.restoring import Restore
from autograders.summary import Line, Summary
from autograders.verifying import Difference, Verified


def of_submission(assignment: str, line: Line) -> SubmissionLine:
    """Return the line of one hand-in."""
    return SubmissionLine(
        assignment=assignment,
        learner=line.learner,
        status=line.status,
        points=line.points,
        out_of=line.out_of,
        as_before=line.again,
        by_an_earlier_key=line.earlier,
        sentence=line.sentence,
    )


def of_summary(summary: Summary) -> SummaryLine:
    """Return the last line of a marking run."""
    return SummaryLine(
        assignment=summary.assignment,
        graded=summary.graded,
        needs_person=summary.needs_person,
        refused=summary.refused,
        failed=summary.failed,
        as_before=summary.marked_before,
        by_an_earlier_key=summary.by_an_earlier_key,
        head=summary.head,
        notes=tuple(filter(None, (*summary.notes, summary.to_regrade))),
        exit_status=summary.exit_status,
    )


def of_difference(assignment: str, found: Difference) -> DifferenceLine:
    """Return the line of one difference; `assignment` is empty for what concerns all of them."""
    return DifferenceLine(
        assignment=assignment,
        part=found.part,
        where=found.where,
        what=found.what,
        cure=found.cure,
        repaired=found.repaired,
    )


def of_verified(found: Verified) -> VerifiedLine:
    """Return the line of one assignment that was verified."""
    return VerifiedLine(
        assignment=found.assignment,
        records=found.records,
        differences=len(found.differences),
        left=len(found.left),
        head=found.head,
    )


def of_regrade(found: Regrade) -> Iterator[JsonLine]:
    """Yield a line a learner who changes, one for whoever stays, and the last line."""
    diff = found.diff
    for change in diff.changes:
        yield ChangeLine(
            assignment=diff.assignment,
            learner=change.learner,
            before=change.before,
            now=change.now,
            out_of=change.out_of,
            status_before=change.status_before,
            status=change.status,
            cells=tuple(map(CellPart.model_validate, change.cells)),
        )
    for learner, why in diff.stays.items():
        yield StaysLine(assignment=diff.assignment, learner=learner, why=why)
    yield RegradeLine(
        assignment=diff.assignment,
        token=diff.token,
        earlier=dict(diff.earlier),
        to=diff.to,
        changed=len(diff.changes),
        same=diff.same,
        reworded=diff.reworded,
        stays=len(diff.stays),
        failed=found.failed,
        written=found.written,
        head=found.head,
        exit_status=found.exit_status,
    )


def of_backup(found: Backup) -> BackupLine:
    """Return the line of one backup."""
    return BackupLine.model_validate(found)


def of_restore(found: Restore) -> RestoreLine:
    """Return the line of one restore, planned or done."""
    return RestoreLine(
        backup=found.backup.name,
        results=found.results,
        by_hand=tuple(
            ByHandPart(learner=learner, assignment=assignment, cell=cell, now=now, then=then)
            for (learner, assignment, cell), (now, then) in found.by_hand.items()
        ),
        beside=found.beside,
        undo=found.undo,
    )
