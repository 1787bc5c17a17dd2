"""Keep a file of lines that is only ever added to, by one run at a time; a line names the hash of the last.

What the results log, the log of what people decided, the receipts and the audit log have in common. Refuses
to know what a line says, and what a user is told.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

START = "0" * 64
"""What the first line of a file names as the hash of the line before it."""


class InUse(Exception):
    """Another run holds the file, or has put another in its place."""


def hash_of(line: bytes) -> str:
    """Return the hash that the next line names: the SHA-256 of a line without its line break."""
    return hashlib.sha256(line).hexdigest()


@contextmanager
def held(path: Path) -> Iterator[int]:
    """Open a file for adding, alone, and yield its descriptor; it is made where there is none. InUse."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
    try:
        lock(descriptor, path, fcntl.LOCK_EX)
        directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        os.fsync(directory)
        os.close(directory)
        yield descriptor
    finally:
        os.close(descriptor)


def lock(descriptor: int, path: Path, how: int) -> None:
    """Lock an open file without waiting, and see that no restore put another in its place. InUse."""
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
        if not os.path.samestat(os.fstat(descriptor), os.stat(path)):
            raise FileNotFoundError(path)
    except (BlockingIOError, FileNotFoundError):
        raise InUse(path) from None


def add(descriptor: int, lines: Iterable[bytes]) -> None:
    """Write lines at the end, whole, and see them on the disk."""
    left = memoryview(b"".join(line + b"\n" for line in lines))
    while left:
        left = left[os.write(descriptor, left) :]
    os.fsync(descriptor)


def cut(descriptor: int, end: int) -> bool:
    """Cut off what a stop tore behind the last whole line; True where there was something."""
    if os.fstat(descriptor).st_size <= end:
        return False
    os.ftruncate(descriptor, end)
    os.fsync(descriptor)
    return True
