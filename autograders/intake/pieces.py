"""List the files of a source, a folder or a platform's .zip, without following a link or unpacking anything.

For the intake. A piece knows its path from the source downwards, its size, when it came, and how to be read
within a limit; what may not be read says why. Refuses to know what a name means.
"""

import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from autograders.intake.archives import FAULTS, entry_fault, entry_parts, read_entry
from autograders.intake.names import is_junk
from autograders.intake.refusals import Refused
from autograders.results import CannotMark
from autograders.submission import shown_name
from course.engine.faults import shown

MOST_SEEN = 1000
"""Files that are looked at in one learner's folder; nobody's hand-in has so many."""
MOST_DEEP = 20
MOST_ENTRIES = 100_000
"""Files in a platform's download."""

Wanted = Callable[[tuple[str, ...]], bool]


class CannotTake(CannotMark):
    """Nothing of a source can be taken. The text is one sentence: where, what, cure."""


@dataclass(frozen=True)
class Piece:
    """One file of a source. `fault` is the kind of refusal where it may not be read; `changed` in seconds."""

    parts: tuple[str, ...]
    size: int
    changed: float
    read: Callable[[int], bytes] = field(compare=False, repr=False)
    fault: str = ""


@contextmanager
def pieces_of(source: Path, wanted: Wanted) -> Iterator[Iterator[Piece]]:
    """Open a folder or a .zip and yield its pieces; `wanted` says of a path whether to look further."""
    if source.is_dir():
        yield _in_folder(source, wanted)
    elif source.is_file():
        try:
            archive = zipfile.ZipFile(source)
        except FAULTS as fault:
            cure = "name a folder, or the .zip that the platform made"
            raise CannotTake(f"{shown(source)}: this is no .zip that can be opened; {cure}") from fault
        with archive:
            yield _in_zip(source, archive, wanted)
    else:
        raise CannotTake(f"{shown(source)}: there is no such folder or .zip; look at its name")


def _in_folder(source: Path, wanted: Wanted) -> Iterator[Piece]:
    try:
        tops = sorted(os.listdir(source))
    except OSError as fault:
        raise CannotTake(f"{shown(source)}: it cannot be read ({fault.strerror}); mend its rights") from fault
    for top in tops:
        if wanted((top,)):
            for count, piece in enumerate(_below(source, (top,), wanted), start=1):
                if count > MOST_SEEN:
                    yield _faulty((top,), "many")
                    break
                yield piece


def _below(source: Path, parts: tuple[str, ...], wanted: Wanted) -> Iterator[Piece]:
    path = source.joinpath(*parts)
    try:
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode):
            yield _piece(source, parts, found)
            return
        names = sorted(os.listdir(path))
    except OSError:
        yield _faulty(parts, "unreadable")
        return
    if len(parts) > MOST_DEEP:
        yield _faulty(parts, "many")
        return
    if len(parts) == 1 and all(is_junk((name,)) for name in names):
        yield _faulty((*parts, ""), "nothing")
    for name in names:
        if wanted((*parts, name)):
            yield from _below(source, (*parts, name), wanted)


def _piece(source: Path, parts: tuple[str, ...], found: os.stat_result) -> Piece:
    if stat.S_ISREG(found.st_mode):
        return Piece(parts, found.st_size, found.st_mtime, partial(_read_file, source, parts))
    return _faulty(parts, "link" if stat.S_ISLNK(found.st_mode) else "odd", found.st_mtime)


def _faulty(parts: tuple[str, ...], kind: str, changed: float = 0.0) -> Piece:
    def read(_: int) -> bytes:
        raise Refused(kind, shown_name(parts[-1]) or "its files")

    return Piece(parts, 0, changed, read, kind)


def _read_file(source: Path, parts: tuple[str, ...], limit: int) -> bytes:
    """Return a plain file's bytes. Each folder on the way is opened anew, and none through a link."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    place = os.open(source, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for number, part in enumerate(parts, start=1):
            folder = os.O_DIRECTORY if number < len(parts) else 0
            inner = os.open(part, flags | folder, dir_fd=place)
            os.close(place)
            place = inner
        if not stat.S_ISREG(os.fstat(place).st_mode):
            raise Refused("odd", shown_name(parts[-1]))
        with os.fdopen(os.dup(place), "rb") as file:
            data = file.read(limit + 1)
    except OSError as fault:
        raise Refused("unreadable", shown_name(parts[-1])) from fault
    finally:
        os.close(place)
    if len(data) > limit:
        raise Refused("large", shown_name(parts[-1]))
    return data


def _in_zip(source: Path, archive: zipfile.ZipFile, wanted: Wanted) -> Iterator[Piece]:
    """Yield the entries; they came when the download came, whatever date they carry."""
    changed = source.stat().st_mtime
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise CannotTake(f"{shown(source)}: more than {MOST_ENTRIES} files; divide it")
    for entry in sorted(entries, key=entry_parts):
        parts = entry_parts(entry)
        fault = entry_fault(entry)
        if fault:
            yield _faulty(parts, fault, changed)
        elif not entry.is_dir() and wanted(parts):
            yield Piece(parts, entry.file_size, changed, partial(read_entry, archive, entry))
