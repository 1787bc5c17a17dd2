"""Keep a file of lines that is only ever added to, by one run at a time; a line names the hash of the last.

What the results log, the log of what people decided, the receipts and the audit log have in common. Refuses
to know what a line says, and how a user gets out of trouble.
"""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, NamedTuple, Protocol, TypeVar

from autograders.whole_files import to_disk

START = "0" * 64
"""What the first line of a file names as the hash of the line before it."""


class InUse(Exception):
    """Another run holds the file, or has put another in its place."""


class Linked(Protocol):
    """What a line says; it names the hash of the line before."""

    @property
    def before(self) -> str: ...


Says = TypeVar("Says", bound=Linked)


class Line(NamedTuple, Generic[Says]):
    """A whole line: what it says, its hash, and where it ends in the file."""

    says: Says
    hash: str
    end: int


def without_break(line: bytes) -> bytes:
    """Return a line without its line break."""
    return line[:-1]


@dataclass(frozen=True)
class Chain(Generic[Says]):
    """A file of lines as it is read: each line is seen to name the one before, a torn last one passed over.

    `read`: what a line says, line break and all; where it says nothing, any error that reading JSON makes.
    `fault` and `cure`: what is raised, and what to do, where a line was changed after it was written.
    `hashed`: what of a line the next one names the hash of.
    """

    path: Path
    read: Callable[[bytes], Says]
    fault: type[Exception]
    cure: str
    hashed: Callable[[bytes], bytes] = without_break

    def stored(self) -> Iterator[Line[Says]]:
        """Yield the lines of the file; none where there is no file."""
        if self.path.is_file():
            with self.path.open("rb") as file:
                yield from self.lines(file)

    def head(self) -> str:
        """Return the hash of the last line; that of an empty file where there is none."""
        return [START, *(line.hash for line in self.stored())][-1]

    def taken_up(self, descriptor: int) -> list[Line[Says]]:
        """Return the lines of the file, which is held, and cut off what a stop tore."""
        with open(descriptor, "rb", closefd=False) as file:
            found = list(self.lines(file))
        cut(descriptor, found[-1].end if found else 0)
        return found

    def lines(
        self, file: Iterable[bytes], *, known: int = 0, end: int = 0, before: str = START
    ) -> Iterator[Line[Says]]:
        """Yield the lines of a file that is open.

        `known`: how many lines were read before; `end` and `before`: where they end, the last one's hash.
        """
        for number, line in enumerate(file, start=known + 1):
            if not line.endswith(b"\n"):
                return
            says = self.said(line)
            if says is None or says.before != before:
                raise self.fault(
                    f"{self.path.name}, line {number}: this line or one before it was changed after it was "
                    f"written; {self.cure}."
                )
            before, end = hash_of(self.hashed(line)), end + len(line)
            yield Line(says, before, end)

    def said(self, line: bytes) -> Says | None:
        """Return what a line says; None where it says nothing."""
        try:
            return self.read(line)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None


def hash_of(line: bytes) -> str:
    """Return the hash that the next line names: the SHA-256 of a line without its line break."""
    return hashlib.sha256(line).hexdigest()


def end_of(data: bytes, hashed: Callable[[bytes], bytes] = without_break) -> tuple[int, str]:
    """Return where the last whole line ends, and its hash, whatever the lines say."""
    end = data.rfind(b"\n") + 1
    start = data.rfind(b"\n", 0, end - 1) + 1
    return end, hash_of(hashed(data[start:end])) if end else START


@contextmanager
def held(path: Path, *, waiting: bool = False) -> Iterator[int]:
    """Open a file for adding, alone, and yield its descriptor; it is made where there is none.

    InUse where another run has it; when `waiting`, its turn is waited for.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        with os.fdopen(descriptor, "rb", buffering=0):
            try:
                lock(descriptor, path, fcntl.LOCK_EX if waiting else fcntl.LOCK_EX | fcntl.LOCK_NB)
            except InUse:
                if waiting:  # another was put in its place meanwhile
                    continue
                raise
            to_disk(path.parent)
            yield descriptor
            return


def lock(descriptor: int, path: Path, how: int) -> None:
    """Lock an open file, and see that no restore put another in its place. InUse."""
    try:
        fcntl.flock(descriptor, how)
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
