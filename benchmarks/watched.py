"""Run a whole program and watch it: seconds by the clock and of a processor, memory of all its processes.

For the benchmarks of marking. Memory is what the program and all that it started hold together, a page that
they share counted once (PSS), looked at several times a second; without Linux's /proc it is not known.
"""

import ctypes
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
EVERY = 0.25
"""Seconds between two looks at the memory."""
TAKES_IN_ORPHANS = 36
"""Linux's PR_SET_CHILD_SUBREAPER: what a program leaves behind becomes our child."""


class Took(NamedTuple):
    """Seconds by the clock, seconds of a processor, which a busy machine disturbs less, and MiB at most."""

    wall: float
    worked: float
    memory: float = 0.0


def watched(folder: Path, *module: str, environment: Mapping[str, str], fine: tuple[int, ...] = (0,)) -> Took:
    """Run `python -m module …` in a folder, from start to end; SystemExit with its words when it fails.

    `fine`: the exit statuses that are no failure. Of programs that run one after the other, each is counted
    by itself, with all that it started. What was written before is on the disk when it starts.
    """
    with suppress(OSError, AttributeError):  # elsewhere than on Linux
        ctypes.CDLL(None).prctl(TAKES_IN_ORPHANS, 1, 0, 0, 0)
    os.sync()  # or a program that waits for the disk would wait for what others wrote
    before, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    with subprocess.Popen(
        [sys.executable, "-m", *module],
        cwd=folder,
        env=dict(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as program:
        memory = Memory(program.pid)
        said, _ = program.communicate()
        wall = time.perf_counter() - before
        most = memory.most()
    if program.returncode not in fine:
        raise SystemExit(f"{' '.join(module)}: {program.returncode}\n{said.decode(errors='replace')}")
    with suppress(ChildProcessError):  # there is no other
        while True:
            os.wait()
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Took(wall, now.ru_utime - used.ru_utime + now.ru_stime - used.ru_stime, most)


def environment(home: Path) -> dict[str, str]:
    """Return the environment of the programs: this Python's programs first, a home of their own, our code."""
    home.mkdir(parents=True, exist_ok=True)
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    programs = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
    return os.environ | {"PYTHONPATH": path, "PATH": programs, "HOME": str(home)}


class Memory:
    """Looks at what a process and all under it hold, until `most` is asked."""

    def __init__(self, process: int) -> None:
        self._process, self._most, self._done = process, 0.0, Event()
        self._watch = Thread(target=self._look, daemon=True)
        self._watch.start()

    def most(self) -> float:
        """Stop looking, and return the most MiB that were held at one time."""
        self._done.set()
        self._watch.join()
        return self._most

    def _look(self) -> None:
        while not self._done.wait(EVERY):
            self._most = max(self._most, sum(map(_held, family(self._process))) / 1024)


def family(process: int) -> Iterator[int]:
    """Yield a process and all that it started, as far as they still run."""
    yield process
    for place in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = place.read_text().split()
        except OSError:  # it has ended meanwhile
            continue
        for child in children:
            yield from family(int(child))


def _held(process: int) -> int:
    """Return the KiB of a process; 0 where it has ended or nobody knows."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
