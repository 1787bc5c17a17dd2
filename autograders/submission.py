"""Find what learners handed in, and read it safely: plain files of bounded size, as bytes, and nothing else.

For the marking door. Nothing here looks inside a notebook: that is for the child process. Links, pipes and
whatever is too large are refused with one sentence: where, what, cure.
"""

import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from autograders.roster import is_id
from autograders.settings import exchange_zone

MAX_NOTEBOOK = 2 * 1024 * 1024
MAX_ANSWERS = 256 * 1024
MAX_FILES = 50
MAX_BYTES = 10 * 1024 * 1024
MAX_TIME = 100
TIME = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[ T](?P<time>\d\d:\d\d(:\d\d(\.\d{1,6})?)?)"
    r" ?(?P<zone>[+-]\d\d:?\d\d|[A-Za-z][A-Za-z0-9_/+-]*)?",
    re.ASCII,
)
"""A time as nbgrader writes it: the day, the hour, and a zone by offset or name (UTC where there is none)."""
OF_THE_MACHINE = ("localtime", "posixrules", "factory")
"""Names of zones that mean something else on each machine."""


class RefusedSubmission(Exception):
    """A submission that cannot be marked. The text is one sentence: where, what, cure."""


@dataclass(frozen=True)
class Submission:
    """The two files of a submission that count, as bytes, and when it came in."""

    learner: str
    notebook: bytes | None
    answers: bytes | None
    received: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def notebook_sha256(self) -> str | None:
        return _sha256(self.notebook)

    @property
    def answers_sha256(self) -> str | None:
        return _sha256(self.answers)


def _sha256(data: bytes | None) -> str | None:
    return None if data is None else hashlib.sha256(data).hexdigest()


def learners_with(folder: Path, assignment: str) -> tuple[str, ...]:
    """Return the names of the folders in submitted/ that hold something for the assignment, sorted."""
    try:
        names = os.listdir(folder / "submitted")
    except FileNotFoundError:
        return ()
    place = folder / "submitted"
    return tuple(sorted(name for name in names if os.path.lexists(f"{place}/{name}/{assignment}")))


def kept_name(name: str) -> str:
    """Return a folder's name as results keep it: what is no UTF-8 is spelled out."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def shown_name(name: str) -> str:
    """Return a folder's name fit for one line of a report."""
    return name if name.isprintable() and len(name) <= 60 else ascii(name)[:60]


def read_submission(folder: Path, learner: str, assignment: str) -> Submission:
    """Read one submission; RefusedSubmission with the sentence when it cannot be taken as it is."""
    where = f"submitted/{shown_name(learner)}/{assignment}"
    if not is_id(learner):
        raise RefusedSubmission(
            f"{where}: the folder's name cannot be a learner's id (letters, digits, '.', '-', '_' "
            "and '@'); rename it to the id that the roster has, then mark again."
        )
    place = os.path.join(folder, "submitted", learner)
    inside = os.path.join(place, assignment)
    for path in (place, inside):
        if not stat.S_ISDIR(os.lstat(path).st_mode):
            raise RefusedSubmission(
                f"{where}: this is not a folder but a file or a link; ask the learner to hand in again."
            )
    names = _files(inside, where)
    notebook = _read(inside, f"{assignment}.ipynb", MAX_NOTEBOOK, where)
    answers = _read(inside, f"{assignment}.answers.json", MAX_ANSWERS, where)
    if notebook is None and answers is None:
        raise RefusedSubmission(_no_notebook(where, assignment, names))
    received, notes = _time(inside, where, folder)
    if notebook is None:
        notes = (*notes, f"{where}: no notebook, only the answers file; it was marked by the file alone.")
    return Submission(learner, notebook, answers, received, notes)


def _no_notebook(where: str, assignment: str, names: list[str]) -> str:
    wanted = f"{assignment}.ipynb"
    others = sorted(shown_name(name) for name in names if name.endswith(".ipynb"))
    if others:
        return f"{where}: the notebook is called {others[0]}; rename it to {wanted}, then mark again."
    return f"{where}: there is no {wanted}; ask the learner to hand in again."


def _files(folder: str, where: str) -> list[str]:
    """Return the names of all files, once their number, size and kind are checked."""
    names, size = [], 0
    for entry in _walk(folder, where):
        kind = entry.stat(follow_symlinks=False)
        if not stat.S_ISREG(kind.st_mode):
            what = "a link" if entry.is_symlink() else "neither a file nor a folder"
            raise RefusedSubmission(
                f"{where}: {shown_name(entry.name)} is {what}, and only plain files are taken; "
                "take it out, or ask the learner to hand in again."
            )
        names.append(entry.name)
        size += kind.st_size
        if len(names) > MAX_FILES or size > MAX_BYTES:
            limit = f"more than {MAX_FILES} files" if len(names) > MAX_FILES else "more than 10 MiB"
            raise RefusedSubmission(
                f"{where}: {limit}; keep the notebook, take the rest out, then mark again."
            )
    return names


def _walk(folder: str, where: str) -> Iterator["os.DirEntry[str]"]:
    waiting, folders = [folder], 0
    while waiting:
        folders += 1
        if folders > MAX_FILES:
            raise RefusedSubmission(f"{where}: more than {MAX_FILES} folders; keep only the notebook.")
        with os.scandir(waiting.pop()) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                else:
                    yield entry


def _read(folder: str, name: str, limit: int, where: str) -> bytes | None:
    """Return a plain file's bytes, None when it is not there; the limit holds for the bytes really read."""
    try:
        descriptor = os.open(f"{folder}/{name}", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as fault:
        raise RefusedSubmission(
            f"{where}/{name}: it cannot be read ({fault.strerror}); ask the learner to hand in again."
        ) from fault
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise RefusedSubmission(f"{where}/{name}: this is not a file; ask the learner to hand in again.")
        data = _all(descriptor, limit + 1)
    finally:
        os.close(descriptor)
    if len(data) > limit:
        size = f"{limit // 1024} KiB" if limit < 1024 * 1024 else f"{limit // 1024 // 1024} MiB"
        cure = "clear its outputs" if name.endswith(".ipynb") else "delete it if the notebook has the answers"
        raise RefusedSubmission(f"{where}/{name}: larger than {size}; {cure}, then mark again.")
    return data


def _all(descriptor: int, most: int) -> bytes:
    """Return what an open file holds, so many bytes at most."""
    data = os.read(descriptor, most)
    while more := os.read(descriptor, most - len(data)) if len(data) < most else b"":
        data += more
    return data


def _time(inside: str, where: str, course: Path) -> tuple[str | None, tuple[str, ...]]:
    """Return when it came in, in UTC, as nbgrader's timestamp.txt says; a note when that cannot be read."""
    data = _read(inside, "timestamp.txt", MAX_BYTES, where)
    if data is None or not data.strip():
        return None, ()
    try:
        return f"{read_utc(data, lambda: exchange_zone(course)):%Y-%m-%d %H:%M:%S.%f} UTC", ()
    except (ValueError, OverflowError, LookupError, OSError):
        return None, (f"{where}/timestamp.txt: no time can be read in it; write one, or delete the file.",)


def read_utc(data: bytes, zone: Callable[[], str]) -> datetime:
    """Return the time that a text says in full, in UTC; ValueError, LookupError or OSError if it says none.

    Nothing is taken from the clock or this machine's zone. `zone`: the name of the zone whose own short names
    (CEST, EDT) are understood; it is asked only for one of those.
    """
    found = TIME.fullmatch(data[: MAX_TIME + 1].decode("ascii").strip()) if len(data) <= MAX_TIME else None
    if found is None or found["day"] < "1970-01-02":
        raise ValueError("not a whole time")
    offset = "+00:00" if found["zone"] in ("Z", "GMT", "UTC", None) else found["zone"]
    if offset[0] in "+-":
        return datetime.fromisoformat(f"{found['day']}T{found['time']}{offset}").astimezone(UTC)
    there = datetime.fromisoformat(f"{found['day']}T{found['time']}")
    if offset.lower() in OF_THE_MACHINE:
        raise ValueError("no zone that is the same everywhere")
    try:
        return there.replace(tzinfo=ZoneInfo(offset)).astimezone(UTC)
    except (ValueError, LookupError, OSError):
        for moment in (there.replace(tzinfo=ZoneInfo(zone()), fold=fold) for fold in (0, 1)):
            if moment.tzname() == offset:
                return moment.astimezone(UTC)
        raise
