"""Bring back a backup: the gradebook and the results logs as they were. Shows first what would change.

For `heatproof restore`. What stands now is backed up before, so that a restore can be taken back; the audit
log is never set back. Works where the present gradebook or log is broken or gone. Refuses to mend a backup.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograders.audit import FILE as AUDIT
from autograders.audit import audit_path, note
from autograders.backups import (
    GRADEBOOK,
    Backup,
    BackupFault,
    backups,
    copy_gradebook,
    damaged,
    gradebook_file,
    make_backup,
    why,
)
from autograders.chained import end_of
from autograders.heads import PEOPLE
from autograders.people_log import fall_behind
from autograders.results import LogFault, LogInUse, hold_log, log_path
from autograders.server_copy import BY_HAND, by_hand, copy_in
from autograders.whole_files import replace_file

Place = tuple[str, str, str]
"""Learner, assignment, graded cell."""


@dataclass(frozen=True)
class Restore:
    """What a restore changes: the lines of each log, and marks by hand by place, each (now, then).

    `undo`: the backup of what stood before; empty as long as nothing was restored. `beside`: logs that were
    begun only after the backup, and stay. Logs are named as in `Backup.assignments`.
    """

    backup: Backup
    results: dict[str, tuple[int, int]]
    by_hand: dict[Place, tuple[float | None, float | None]]
    beside: tuple[str, ...]
    undo: str = ""


def find_backup(folder: Path, name: str) -> Backup:
    """Return the backup of that name or number; BackupFault when there is none, or it is not whole."""
    found = backups(folder)
    for each in found:
        if name == each.name or (name.isdigit() and int(name) == int(each.name[:6])):
            if spoilt := damaged(each):
                raise BackupFault(
                    f"backups/{each.name}: {', '.join(spoilt)} changed after the backup was made, "
                    "so it cannot be trusted; restore another one: heatproof restore"
                )
            return each
    raise BackupFault(f"backups/: no backup is called {name!r}; to see which there are: heatproof restore")


def restore(folder: Path, name: str, *, really: bool = False, by: str = "", because: str = "") -> Restore:
    """Return what a restore changes; do it when `really`. BackupFault or LogFault when it cannot be."""
    folder = folder.resolve()
    backup = find_backup(folder, name)
    book = gradebook_file(folder)
    planned = Restore(
        backup,
        {each: (_lines(log_path(folder, each)), _lines(_copy(backup, each))) for each in backup.assignments},
        _by_hand_changed(folder, book, backup),
        tuple(sorted({path.stem for path in (folder / "results").glob("*.jsonl")} - {*backup.assignments})),
    )
    if not really:
        return planned
    try:
        with _alone(folder, (*backup.assignments, *planned.beside)):
            undo = make_backup(  # and no backup is deleted now, for it may be the one that is brought back
                folder, f"restore {backup.name}", keep=len(backups(folder)) + 1, as_it_lies=True
            )
            _bring_back(folder, backup, book, planned.beside)
        heads = {each: end_of(log_path(folder, each).read_bytes())[1] for each in backup.assignments}
        note(folder, "restore", by=by, because=because, heads=heads, backup=backup.name, undo=undo.name)
    except (OSError, sqlite3.Error) as fault:
        raise BackupFault(
            f"backups/{backup.name}: it cannot be brought back ({why(fault)}); "
            "close whatever holds the gradebook, make room or rights, then restore again."
        ) from fault
    return Restore(backup, planned.results, planned.by_hand, planned.beside, undo.name)


@contextmanager
def _alone(folder: Path, logs: tuple[str, ...]) -> Iterator[None]:
    """Hold every log whose view will be put back, whatever is in it; LogFault when a run has one."""
    (folder / "results").mkdir(exist_ok=True)
    with ExitStack() as held:
        for log in logs:
            try:
                held.enter_context(hold_log(folder, log))
            except LogInUse:
                if not log.endswith(PEOPLE):
                    raise
                who = f"{log.removesuffix(PEOPLE)}: somebody is writing down what they decided"
                raise LogInUse(f"{who}; restore again in a moment.") from None
        yield


def _bring_back(folder: Path, backup: Backup, book: Path | None, beside: tuple[str, ...]) -> None:
    if backup.has_gradebook:
        copy = backup.folder / GRADEBOOK
        copy_in(folder, copy) if book is None else _bring_gradebook(copy, book)
        for log in (*backup.assignments, *beside):
            if log.endswith(PEOPLE):
                _say_how_far(folder, backup, log)
    for each in backup.assignments:
        replace_file(log_path(folder, each), _copy(backup, each).read_bytes(), durable=True)
    if AUDIT in backup.files and not audit_path(folder).exists():
        replace_file(audit_path(folder), (backup.folder / AUDIT).read_bytes(), durable=True)


def _say_how_far(folder: Path, backup: Backup, log: str) -> None:
    """Say of decisions what the gradebook that was brought back shows: none, as at the backup, or all."""
    said = f"results/.{log}.jsonl.behind"
    if log not in backup.assignments:
        fall_behind(folder, log.removesuffix(PEOPLE))
    elif said in backup.files:
        replace_file(folder / said, (backup.folder / said).read_bytes(), durable=True)
    else:
        (folder / said).unlink(missing_ok=True)


def _bring_gradebook(copy: Path, book: Path) -> None:
    """Write the copy into the gradebook for whoever has it open; put it in its place where that is broken."""
    try:
        copy_gradebook(copy, book)
    except sqlite3.OperationalError:  # somebody holds it
        raise
    except sqlite3.DatabaseError:  # it is no database any more
        for ending in ("-journal", "-wal", "-shm"):
            book.with_name(book.name + ending).unlink(missing_ok=True)
        replace_file(book, copy.read_bytes(), durable=True)


def _copy(backup: Backup, assignment: str) -> Path:
    return backup.folder / "results" / f"{assignment}.jsonl"


def _lines(path: Path) -> int:
    return len(path.read_bytes().splitlines()) if path.is_file() else 0


def _by_hand_changed(
    folder: Path, book: Path | None, backup: Backup
) -> dict[Place, tuple[float | None, float | None]]:
    if not backup.has_gradebook:
        return {}
    now, then = by_hand(folder) if book is None else _by_hand(book), _by_hand(backup.folder / GRADEBOOK)
    places = sorted({*now, *then})
    return {each: (now.get(each), then.get(each)) for each in places if now.get(each) != then.get(each)}


def _by_hand(book: Path) -> dict[Place, float]:
    """Return the marks that people gave; none where the file is gone or no gradebook."""
    try:
        with closing(sqlite3.connect(f"{book.absolute().as_uri()}?mode=ro", uri=True)) as db:
            return {(who, task, cell): points for who, task, cell, points in db.execute(BY_HAND)}
    except sqlite3.DatabaseError:
        return {}


__all__ = ["LogFault", "Restore", "find_backup", "restore"]
