"""Do one thing for very many on two cores, where what is told of each is yes or no.

For looking through a class for what is new, and for writing its pages. One half is asked in a copy of this
process, which holds no file of ours and ends with its answers; if it fails, this process asks them itself.
"""

import gc
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TypeVar

MANY = 1_000
"""Things below which a copy costs more than it brings."""

T = TypeVar("T")


def answers(
    ask: Callable[[T], bool],
    things: Sequence[T],
    *,
    many: int = MANY,
    told: Callable[[int], None] = lambda _: None,
) -> list[bool]:
    """Return the answer for each thing. `ask` changes nothing in memory that is needed afterwards.

    What it does on the disk may be done twice for some. `many`: below so many the other core is left alone.
    `told` is called with how many are done, taking it that the other core is as quick as this one.
    """
    if len(things) < many or (os.cpu_count() or 1) < 2 or threading.active_count() > 1:
        return list(_asked(ask, things, told))
    middle = len(things) // 2
    there = _begin(ask, things[middle:])
    try:
        here = list(_asked(ask, things[:middle], lambda done: told(2 * done)))
    finally:
        said = there()
    if len(said) != len(things) - middle:
        return here + [ask(each) for each in things[middle:]]
    return here + [each == ord("y") for each in said]


def _asked(ask: Callable[[T], bool], things: Sequence[T], told: Callable[[int], None]) -> Iterator[bool]:
    for done, each in enumerate(things, start=1):
        yield ask(each)
        told(done)


def _begin(ask: Callable[[T], bool], things: Sequence[T]) -> Callable[[], bytes]:
    """Begin to ask in a copy of this process; return what waits for its answers, a letter each."""
    into, out = os.pipe()
    gc.freeze()  # or the first look through memory, by either, would copy all that both share
    copy = os.fork()
    if copy == 0:
        with suppress(BaseException):  # whatever it is, it must not go on as a second run
            os.dup2(out, 0)
            os.closerange(3, 1 << 16)  # so it keeps no lock when this process is killed
            left = memoryview(b"".join(b"y" if ask(each) else b"n" for each in things))
            while left:
                left = left[os.write(0, left) :]
        os._exit(0)
    os.close(out)

    def wait() -> bytes:
        with os.fdopen(into, "rb") as pipe:
            said = pipe.read()
        os.waitpid(copy, 0)
        gc.unfreeze()
        return said

    return wait
