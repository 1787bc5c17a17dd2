"""The lines of what keeps marks right. For `--json` of `heatproof verify`, `regrade` and `restore`."""

from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict

from autograders.backups import Backup
from autograders.compared_views import Difference, Part
from autograders.lines.line import JsonLine, Whole
from autograders.record import Status
from autograders.regrade_diff import CellChange
from autograders.regrading import Regrade
from autograders.restoring import Restore
from autograders.verifying import Verified


class DifferenceLine(JsonLine):
    """One thing that is not as the log says. `assignment` is empty for what concerns all of them."""

    kind: Literal["difference"] = "difference"
    assignment: str
    part: Part
    where: str
    what: str
    cure: str
    repaired: bool


class VerifiedLine(JsonLine):
    """What became of one assignment in `verify`. `left`: the differences that are still there."""

    kind: Literal["verified"] = "verified"
    assignment: str
    records: Whole
    differences: Whole
    left: Whole
    head: str


class ChangeLine(JsonLine):
    """One learner whose marks a regrade would change. `before` and `now` are the points that count."""

    kind: Literal["change"] = "change"
    assignment: str
    learner: str
    before: float | None
    now: float | None
    out_of: float
    status_before: Status
    status: Status
    cells: tuple[CellChange, ...]


class StaysLine(JsonLine):
    """One learner whose mark cannot be compared and so stays."""

    kind: Literal["stays"] = "stays"
    assignment: str
    learner: str
    why: str


class RegradeLine(JsonLine):
    """What a regrade would change or has written; the last line. `token` approves just this."""

    kind: Literal["regrade"] = "regrade"
    assignment: str
    token: str
    earlier: dict[str, Whole]
    to: str
    changed: Whole
    same: Whole
    reworded: Whole
    stays: Whole
    failed: tuple[str, ...]
    written: bool
    head: str
    exit_status: Whole


class BackupLine(JsonLine):
    """One backup that can be restored."""

    kind: Literal["backup"] = "backup"
    name: str
    when: str
    before: str
    assignments: tuple[str, ...]
    has_gradebook: bool


class ByHandPart(BaseModel):
    """One mark by hand that a restore changes; null: none."""

    model_config = ConfigDict(extra="forbid")

    learner: str
    assignment: str
    cell: str
    now: float | None
    then: float | None


class RestoreLine(JsonLine):
    """What a restore changes; `undo` is the backup of what stood before, empty when nothing was done."""

    kind: Literal["restore"] = "restore"
    backup: str
    results: dict[str, tuple[int, int]]
    by_hand: tuple[ByHandPart, ...]
    beside: tuple[str, ...]
    undo: str


def of_difference(assignment: str, found: Difference) -> DifferenceLine:
    """Return the line of one difference."""
    return DifferenceLine(assignment=assignment, **vars(found))


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
        yield ChangeLine(assignment=diff.assignment, **vars(change))
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
