"""Prove that what people see is what was decided: compare the log, its views and the heads noted of it.

For `heatproof verify`. The chain of the log, the heads that the audit log has of it, and the views. Each
difference is told with where, what and cure, and `repair` makes the views anew. The log is never changed.
"""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from autograders.audit import AuditFault, Entry, note, read_audit
from autograders.backups import KEPT, once
from autograders.compared_views import Difference, Views
from autograders.gradebook_server import alone_on_server
from autograders.results import (
    CannotMark,
    Log,
    LogFault,
    LogInUse,
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
                found += _log_differences(folder, assignment, log, head)
                views = Views(folder, assignment, log, roster(folder), save if repair else None)
                found += views.differences(progress or (lambda _, __: None))
                if any(each.repaired for each in found):
                    repaired = sum(each.repaired for each in found)
                    note(folder, "repair", assignment, by=by, heads={assignment: log.head}, repaired=repaired)
                return Verified(assignment, len(log.learners), log.head, tuple(found))
        except LogInUse:
            raise
        except LogFault as fault:
            return Verified(assignment, 0, "", (Difference.of_fault("log", fault),))


def accept(folder: Path, assignment: str, *, because: str, by: str = "") -> Entry:
    """Note in the audit log that the log is right as it stands, though heads of it are gone."""
    with read_log(folder, assignment) as log:
        return note(folder, "accept", assignment, by=by, because=because, heads={assignment: log.head})


def verify_audit(folder: Path) -> tuple[Difference, ...]:
    """Return what is wrong with the audit log of a course folder."""
    try:
        read_audit(folder)
    except AuditFault as fault:
        return (Difference.of_fault("audit", fault),)
    return ()


def _log_differences(folder: Path, assignment: str, log: Log, head: str) -> Iterator[Difference]:
    """Yield what is wrong with the log itself: a torn end, or an end that was taken away."""
    where = f"results/{assignment}.jsonl"
    if log.torn:
        cure = "the next heatproof autograde cuts it off and marks that hand-in again"
        yield Difference("log", where, "a stop tore the last line", cure, repaired=log.repaired)
    gone = [each for each in _noted(folder, assignment) if not log.was_at(each)]
    if gone:
        yield Difference(
            "log",
            where,
            f"the audit log knows {len(gone)} heads of it that it never had (the last {gone[-1][:16]}…), "
            "so lines were taken away or written anew",
            "bring back the newest backup that has them (heatproof restore), or, if you took them away "
            f'yourself: heatproof verify {assignment} --accept --because "REASON"',
        )
    if head and not log.was_at(head):
        yield Difference(
            "log",
            where,
            f"it never had the head {head[:16]}…",
            "see that the head is of this assignment; if it is, bring back a backup: heatproof restore",
        )


def _noted(folder: Path, assignment: str) -> list[str]:
    """Return the heads that the audit log knows, since somebody set the log back last."""
    heads: list[str] = []
    try:
        entries = read_audit(folder)
    except AuditFault:  # told once for the whole folder
        return []
    for entry in entries:
        if assignment in entry.heads:
            heads = [] if entry.what in ("restore", "accept") else heads
            heads.append(entry.heads[assignment])
    return heads
