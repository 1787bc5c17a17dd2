"""Let one run at a time do something to a folder; other runs on this computer wait until it has.

For backups, and for the gradebook, which the runs of several assignments share. The system gives a turn back
when a process ends, however it ends. Refuses to know what is done.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, Protocol, TypeVar

Given = ParamSpec("Given")
Made = TypeVar("Made")


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the turn of a folder; nothing is written there."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def alone_with(db_url: str) -> Iterator[None]:
    """Hold the turn of a gradebook in SQLite, which is that of its folder; one on a server has no turns."""
    if not db_url.startswith("sqlite:///"):
        yield
        return
    with alone(Path(db_url.removeprefix("sqlite:///")).absolute().parent):
        yield


class HasUrl(Protocol):
    """What changes a gradebook, and knows where it is."""

    @property
    def _db_url(self) -> str: ...


Changing = TypeVar("Changing", bound=HasUrl)


def in_turn(
    change: Callable[Concatenate[Changing, Given], Made],
) -> Callable[Concatenate[Changing, Given], Made]:
    """Make a method that changes the gradebook wait for its turn."""

    @wraps(change)
    def waiting(self: Changing, /, *given: Given.args, **named: Given.kwargs) -> Made:
        with alone_with(self._db_url):
            return change(self, *given, **named)

    return waiting
