"""Keep copies of the gradebook and the logs: one before each run that writes, the newest few.

For the marking room, regrading, verifying and restoring. A backup is a folder in `backups/`, numbered, so
that no clock decides which is the newest. The gradebook is copied through SQLite's own backup interface,
which gives a whole copy while others have it open; one on a server is copied into a file like it. Refuses to
restore.
"""

import hashlib
import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from autograders.audit import FILE as AUDIT
from autograders.audit import now
from autograders.gradebook import course_directory
from autograders.results import CannotMark
from autograders.server_copy import copy_out
from autograders.turns import alone
from autograders.whole_files import to_disk

KEPT = 10
"""How many backups stay; older ones are deleted."""
NAME = re.compile(r"(\d{6})-[\w-]+")
ABOUT = "backup.json"
GRADEBOOK = "gradebook.db"
BEHIND = ".*.jsonl.behind"
"""What says, beside a log of decisions, that a stop came before the gradebook showed all of them."""


class BackupFault(CannotMark):
    """A backup cannot be made, read or restored. The text is one sentence: where, what, cure."""


@dataclass(frozen=True)
class Backup:
    """One backup: its folder, when and before what it was made, and the hash of each file in it."""

    folder: Path
    when: str
    before: str
    files: dict[str, str]

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def assignments(self) -> tuple[str, ...]:
        """The logs in it: `<assignment>` is one of results, `<assignment>.people` one of decisions."""
        logs = (Path(each) for each in self.files if each.startswith("results/"))
        return tuple(sorted(each.stem for each in logs if each.suffix == ".jsonl"))

    @property
    def has_gradebook(self) -> bool:
        return GRADEBOOK in self.files


def backups_folder(folder: Path) -> Path:
    """Return where a course folder keeps its backups."""
    return folder / "backups"


def gradebook_file(folder: Path) -> Path | None:
    """Return the file of a gradebook in SQLite; None where it is on a server."""
    url = str(course_directory(folder).db_url)
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


def why(fault: OSError | sqlite3.Error) -> str:
    """Return what a disk or a gradebook says of itself, without the names of files."""
    return str(fault.strerror if isinstance(fault, OSError) else fault)


def make_backup(folder: Path, before: str, *, keep: int = KEPT, as_it_lies: bool = False) -> Backup:
    """Copy the gradebook, the logs, and what says that one is ahead of it; the newest `keep` backups stay.

    `before`: the run that is to come, for people. `as_it_lies`: copy a gradebook that SQLite cannot read,
    too. BackupFault when a copy cannot be made; nothing half-made stays.
    """
    try:
        backups_folder(folder).mkdir(exist_ok=True)
        with alone(backups_folder(folder)):  # the runs of other assignments wait
            return _make(folder, before, keep, as_it_lies=as_it_lies)
    except (OSError, sqlite3.Error) as fault:
        raise BackupFault(
            f"backups/: no backup can be made before this run ({why(fault)}), so nothing was written; "
            "make room or rights, and see that no other program holds the gradebook, then run this again."
        ) from fault


def _make(folder: Path, before: str, keep: int, *, as_it_lies: bool) -> Backup:
    place = backups_folder(folder)
    part = place / ".part"
    shutil.rmtree(part, ignore_errors=True)
    try:
        (part / "results").mkdir(parents=True)
        _copy_all(folder, part, as_it_lies=as_it_lies)
        files = {
            str(path.relative_to(part)): _hash(path) for path in sorted(part.rglob("*")) if path.is_file()
        }
        when = now()
        number = max((int(each.name[:6]) for each in backups(folder)), default=0) + 1
        stamp = re.sub(r"\W+", "-", when.removesuffix(" UTC"))
        about = {"when": when, "before": before, "files": files}
        (part / ABOUT).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
        for path in (*part.rglob("*"), part):
            to_disk(path)
        made = Backup(place / f"{number:06d}-{stamp}", when, before, files)
        part.rename(made.folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    for old in backups(folder)[: -max(keep, 1)]:
        shutil.rmtree(old.folder, ignore_errors=True)
    return made


def _copy_all(folder: Path, part: Path, *, as_it_lies: bool) -> None:
    book = gradebook_file(folder)
    if book is None and not copy_out(folder, part / GRADEBOOK):
        (part / GRADEBOOK).unlink(missing_ok=True)
    if book is not None and book.is_file():
        try:
            copy_gradebook(book, part / GRADEBOOK)
        except sqlite3.DatabaseError as fault:
            if not as_it_lies or isinstance(fault, sqlite3.OperationalError):
                raise
            shutil.copyfile(book, part / GRADEBOOK)
    logs = folder / "results"
    for log in sorted([*logs.glob("*.jsonl"), *logs.glob(BEHIND)]):
        shutil.copyfile(log, part / "results" / log.name)
    if (folder / AUDIT).is_file():
        shutil.copyfile(folder / AUDIT, part / AUDIT)


def copy_gradebook(source: Path, target: Path, *, wait: float = 5.0) -> None:
    """Copy a gradebook into another, which keeps its place for whoever has it open.

    `wait`: seconds for which another program may hold one of them. sqlite3.Error when it cannot be.
    """

    def held(status: int, left: int, pages: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise sqlite3.OperationalError("another program holds the gradebook")

    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=wait)) as there,
        closing(sqlite3.connect(target, timeout=wait)) as here,
    ):
        there.backup(here, progress=held)


def backups(folder: Path) -> tuple[Backup, ...]:
    """Return all whole backups, the oldest first; what cannot be read as one is passed over."""
    place = backups_folder(folder)
    names = sorted(path.name for path in place.iterdir()) if place.is_dir() else []
    found = (_read(place / name) for name in names if NAME.fullmatch(name))
    return tuple(each for each in found if each is not None)


def _read(folder: Path) -> Backup | None:
    try:
        about = json.loads((folder / ABOUT).read_bytes())
        return Backup(folder, str(about["when"]), str(about["before"]), dict(about["files"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def damaged(backup: Backup) -> tuple[str, ...]:
    """Return the files of a backup that are gone or no longer what they were."""
    return tuple(name for name, known in backup.files.items() if _hash(backup.folder / name) != known)


def _hash(path: Path) -> str:
    total = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(1 << 20):
                total.update(piece)
    except FileNotFoundError:
        return ""
    return total.hexdigest()


def once(folder: Path, before: str, *, keep: int = KEPT) -> Callable[[], None]:
    """Return what makes one backup when it is first called, and nothing after; `keep` 0: never."""
    made: list[Backup] = []

    def save() -> None:
        if keep and not made:
            made.append(make_backup(folder, before, keep=keep))

    return save
