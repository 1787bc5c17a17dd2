"""Disturb marking runs: kill them, fill their disk, make their clock jump; then run again and tell the end.

    python -m tests.promises.runs      scenes as JSON lines on standard input

A scene is {"name", "course", "do", "at"}. `course`: a copy to work on. `do`: one of `DISTURBANCES`, or
"count". `at`: when or how much. Each disturbed run is a process of its own, forked from one that has loaded
everything, so that a scene costs little. One outcome a scene, {"name", "ended", "again"}: how the disturbed
run ended (a signal, a sentence, "done"), and the same of the run after it.
"""

import base64
import itertools
import json
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from autograders import audit
from autograders.backups import KEPT
from autograders.children import Child
from autograders.marking import CannotMark, Progress, mark

TASK = "reading-replies"
FATAL = b"These words end the judge."
WRITES = frozenset(
    [
        "write",
        "pwrite",
        "fsync",
        "fdatasync",
        "ftruncate",
        "truncate",
        "commit",
        "replace",
        "rename",
        "unlink",
        "remove",
        "open",
        "mkdir",
        "flock",
        "backup",
        "link",
    ]
)
"""Calls that change what is on the disk, or come next to one that does; those of the places below."""
PLACES = frozenset(("posix", "fcntl", "sqlite3"))
FILES = frozenset(("BufferedWriter", "BufferedRandom", "FileIO"))


def count_writes(then: Callable[[int], None]) -> None:
    """Call a function with 1, 2, 3 … before each call that writes, in the main thread."""
    numbers = itertools.count(1)

    def profile(frame: Any, event: str, argument: Any) -> None:
        if event == "c_call" and argument.__name__ in WRITES and _on_disk(argument):
            then(next(numbers))

    sys.setprofile(profile)


def _on_disk(called: Any) -> bool:
    kind = type(getattr(called, "__self__", None))
    return called.__module__ in PLACES or kind.__module__ in PLACES or kind.__name__ in FILES


def kill(at: int) -> None:
    """Have this process killed, as by `kill -9`, before the call of this number."""
    count_writes(lambda number: os.kill(os.getpid(), signal.SIGKILL) if number == at else None)


def full_disk(at: int) -> None:
    """Let no file grow beyond so many bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (at, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def jumping_clock(at: int) -> None:
    """Make the clocks jump by so many seconds whenever they are asked; time.time jumps back as well."""
    jumps, real, steady = itertools.count(1), time.time, time.monotonic
    time.time = lambda: real() + at * (-1) ** (n := next(jumps)) * n
    time.monotonic = lambda: steady() + at * next(jumps)


def killed_judge(_: int) -> None:
    """Do nothing before the run: `run` has the judge killed after the first batch."""


def fatal_submission(_: int) -> None:
    """Have the judge that is asked about the submission with the words FATAL killed, and its twin with it."""

    def profile(frame: Any, event: str, _: Any) -> None:
        asked = event == "call" and frame.f_code is Child._ask.__code__
        if asked and FATAL in base64.b64decode(frame.f_locals["question"]["notebook"] or ""):
            os.killpg(frame.f_locals["self"]._process.pid, signal.SIGKILL)

    threading.setprofile(profile)
    sys.setprofile(profile)


def clock_ahead(at: int) -> None:
    """Put the calendar and the clock forward by so many seconds; the run after this one has the true time."""

    class Ahead(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Ahead":
            return super().now(tz) + timedelta(seconds=at)

    real = time.time
    time.time = lambda: real() + at
    audit.datetime = Ahead  # type: ignore[attr-defined]


DISTURBANCES: dict[str, Callable[[int], None]] = {
    "kill": kill,
    "full disk": full_disk,
    "clock": jumping_clock,
    "judge": killed_judge,
    "fatal submission": fatal_submission,
    "clock ahead": clock_ahead,
}


def _kill_judges(so_far: Progress) -> None:
    """Kill every judging child of this process, once two submissions are marked."""
    if so_far.done == 2:
        kill_judges()


def kill_judges() -> None:
    """Kill every judging child of this process."""
    for children in Path(f"/proc/{os.getpid()}/task").glob("*/children"):
        for child in children.read_text().split():
            if b"autograders.child" in Path(f"/proc/{child}/cmdline").read_bytes():
                os.kill(int(child), signal.SIGKILL)


def run(course: Path, do: str) -> str:
    """Mark, and return "done" or the sentence that says why not.

    A full disk stops a run at its backup; without one it comes to the log and the gradebook.
    """
    watch, backups = _kill_judges if do == "judge" else None, 0 if do == "full disk" else KEPT
    workers = 2 if do == "fatal submission" else 1  # a neighbour is judged by its twin meanwhile
    try:
        mark(course, TASK, workers=workers, batch=2, progress=watch, backups=backups)
    except CannotMark as fault:
        return str(fault)
    return "done"


def apart(work: Callable[[], str]) -> str:
    """Do some work in a process of its own; return what it says, or the signal that ended it."""
    into, out = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(into)
        try:
            said = work()
        except BaseException as fault:  # whatever it is, the parent must hear of it
            said = f"{type(fault).__name__}: {fault}"
        sys.setprofile(None)
        os.write(out, said.encode())
        os._exit(0)
    os.close(out)
    with os.fdopen(into, "rb") as pipe:
        said = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    return said if os.WIFEXITED(status) else f"signal {os.WTERMSIG(status)}"


def play(scene: dict[str, Any]) -> dict[str, Any]:
    course = Path(scene["course"])

    def disturbed() -> str:
        DISTURBANCES[scene["do"]](scene["at"])
        return run(course, scene["do"])

    ended = apart(disturbed)
    return {"name": scene["name"], "ended": ended, "again": apart(lambda: run(course, ""))}


def writes_of(course: Path) -> int:
    """Return how many calls that write a whole run makes."""

    def counted() -> str:
        seen = [0]
        count_writes(lambda number: seen.__setitem__(0, number))
        run(course, "")
        sys.setprofile(None)
        return str(seen[0])

    return int(apart(counted))


def main() -> None:
    from autograders.loading import load_nbgrader

    load_nbgrader()
    for line in sys.stdin:
        scene = json.loads(line)
        if scene["do"] == "count":
            told = {"name": scene["name"], "writes": writes_of(Path(scene["course"]))}
        else:
            told = play(scene)
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
