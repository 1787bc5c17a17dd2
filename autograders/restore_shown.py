"""Show backups, and what a restore changes, as lines for a person. For `heatproof restore`."""

from collections.abc import Iterator

from autograders.backups import Backup
from autograders.heads import PEOPLE
from autograders.regrade_shown import points
from autograders.restoring import Restore
from autograders.summary import counted


def listed(backup: Backup) -> str:
    """Return one backup in a line: its name, when and before what it was made, what is in it."""
    logs = [each for each in backup.assignments if not each.endswith(PEOPLE)]
    what = ", ".join(("gradebook", *logs) if backup.has_gradebook else logs)
    return f"{backup.name}  {backup.when}, before: {backup.before}  ({what or 'nothing'})"


def _named(log: str) -> str:
    return log.removesuffix(PEOPLE)


def _kept(log: str) -> str:
    return "decision" if log.endswith(PEOPLE) else "result"


def as_lines(found: Restore) -> Iterator[str]:
    """Yield what a restore changes, and how to do it or to take it back."""
    for log, (now, then) in found.results.items():
        yield f"{_named(log)}: {counted(now, _kept(log))} → {then}"
    for (learner, assignment, cell), (mark, old) in found.by_hand.items():
        yield f"{assignment}, {learner}, {cell}: mark by hand {points(mark)} → {points(old)}"
    for log in found.beside:
        behind = found.backup.has_gradebook and log.endswith(PEOPLE)
        again = ", and heatproof autograde shows its marks again" if behind else ""
        yield f"{_named(log)}: the first {_kept(log)} came after this backup; the log stays{again}"
    if not found.backup.has_gradebook:
        yield "The gradebook is not in this backup and stays; to bring it in step: heatproof verify --repair"
    if found.undo:
        yield "Brought back. To bring the marked notebooks in step: heatproof verify --repair"
        yield f"To take it back: heatproof restore {found.undo} --yes"
    else:
        yield f"Nothing was changed. To bring it back: heatproof restore {found.backup.name} --yes"
