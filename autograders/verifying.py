"""Prove that what people see is what was decided: compare the logs, their views and the heads noted of them.

For `heatproof verify`. The chains of the logs, the heads that the audit log has of them, and the views. Each
difference is told with where, what and cure, and `repair` makes views anew from a log that lacks nothing. No
log is ever changed.
"""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from autograders.audit import AuditFault, Entry, note, read_audit
from autograders.backups import KEPT, once
from autograders.chained import START
from autograders.compared_decisions import decision_differences
from autograders.compared_views import Difference, Views
from autograders.gradebook_server import alone_on_server
from autograders.heads import assignments_noted, heads_gone
from autograders.results import (
    CannotMark,
    Log,
    LogFault,
    LogInUse,
    assignments_marked,
    log_path,
    open_log,
    read_log,
    told_in_a_sentence,
)
from autograders.roster import roster
from autograders.summary import counted


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
    gone: list[str] = []
    if not log_path(folder, assignment).is_file():
        gone = heads_gone(folder, assignment, lambda head: False)
        if not gone:
            raise CannotMark(f"{assignment}: nobody is marked yet; run: heatproof autograde {assignment}")
        return Verified(assignment, 0, "", (_gone(assignment, gone, "the log is not there"),))
    save = once(folder, f"verify {assignment} --repair", keep=backups)
    found: list[Difference] = []
    with told_in_a_sentence(f"results/{assignment}.jsonl"):
        try:
            with (
                open_log(folder, assignment) if repair else read_log(folder, assignment) as log,
                alone_on_server(folder, assignment) if repair else nullcontext(),
            ):
                gone = heads_gone(folder, assignment, log.was_at)
                found += _log_differences(assignment, log, head, gone)
                mend = save if repair and not gone else None
                views = Views(folder, assignment, log, roster(folder), mend, trusted=not gone)
                found += views.differences(progress or (lambda _, __: None))
                if any(each.repaired for each in found):
                    repaired = sum(each.repaired for each in found)
                    note(folder, "repair", assignment, by=by, heads={assignment: log.head}, repaired=repaired)
                found += decision_differences(folder, assignment)
                return Verified(assignment, len(log.learners), log.head, tuple(found))
        except LogInUse:
            raise
        except LogFault as fault:
            return Verified(assignment, 0, "", (Difference.of_fault("log", fault),))


def to_verify(folder: Path) -> tuple[str, ...]:
    """Return the assignments that have results, or that once had, sorted."""
    return tuple(sorted({*assignments_marked(folder), *assignments_noted(folder)}))


def accept(folder: Path, assignment: str, *, because: str, by: str = "") -> Entry:
    """Note in the audit log that the log is right as it stands, though heads of it are gone."""
    if not log_path(folder, assignment).is_file():
        return note(folder, "accept", assignment, by=by, because=because, heads={assignment: START})
    with read_log(folder, assignment) as log:
        return note(folder, "accept", assignment, by=by, because=because, heads={assignment: log.head})


def verify_audit(folder: Path) -> tuple[Difference, ...]:
    """Return what is wrong with the audit log of a course folder."""
    try:
        read_audit(folder)
    except AuditFault as fault:
        return (Difference.of_fault("audit", fault),)
    return ()


def _log_differences(assignment: str, log: Log, head: str, gone: list[str]) -> Iterator[Difference]:
    """Yield what is wrong with the log itself: a torn end, or an end that was taken away."""
    where = f"results/{assignment}.jsonl"
    if log.torn:
        cure = "the next heatproof autograde cuts it off and marks that hand-in again"
        yield Difference("log", where, "a stop tore the last line", cure, repaired=log.repaired)
    if gone:
        yield _gone(assignment, gone, "lines were taken away or written anew")
    if head and not log.was_at(head):
        yield Difference(
            "log",
            where,
            f"it never had the head {head[:16]}…",
            "see that the head is of this assignment; if it is, bring back a backup: heatproof restore",
        )


def _gone(assignment: str, heads: list[str], what: str) -> Difference:
    """Return the difference of a log that lacks heads which the audit log knows."""
    return Difference(
        "log",
        f"results/{assignment}.jsonl",
        f"{what}: the audit log knows that it once ended with {heads[-1][:16]}…",
        "bring back your copy of it, or the newest backup from before that (heatproof restore), and run "
        f"heatproof autograde {assignment}, which marks again what came after; or, if it was you: "
        f'heatproof verify {assignment} --accept --because "REASON"',
    )
