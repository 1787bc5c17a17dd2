"""A scheduler and workers as the programs that people start, to be killed and started again."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import ROOT, clean_environment

LIMIT = 60
"""Seconds for which a program that does not start is waited for."""


class Programs:
    """One scheduler and its workers on this machine, each with one thread and no one to start it again."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._environment = clean_environment(place / "home") | {
            "PYTHONPATH": str(ROOT),
            "DASK_TEMPORARY_DIRECTORY": str(place),
        }
        self.port = 0
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def start_scheduler(self) -> None:
        """Start the scheduler, on the port of the one before it, and wait until it says where it is."""
        told = self._place / "scheduler.json"
        told.unlink(missing_ok=True)
        self.scheduler = self._start(
            "scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--scheduler-file", str(told)
        )
        self._wait_for(self.scheduler, told)
        self.port = int(json.loads(told.read_bytes())["address"].rpartition(":")[2])

    def start_workers(self, number: int) -> None:
        """Start workers; they come when they are ready."""
        self.workers += [
            self._start("worker", self.address, "--nthreads", "1", "--no-nanny", "--memory-limit", "0")
            for _ in range(number)
        ]

    def see_that_all_run(self) -> None:
        """Start what an earlier test ended."""
        if self.scheduler is None or self.scheduler.poll() is not None:
            self.start_scheduler()
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        self.start_workers(2 - len(self.workers))

    def kill_worker(self) -> None:
        """End one worker as `kill -9` does."""
        _kill(self.workers.pop(0))

    def kill_scheduler(self) -> None:
        """End the scheduler as `kill -9` does; its workers end by that, or here."""
        assert self.scheduler is not None
        _kill(self.scheduler)
        for worker in self.workers:
            _kill(worker)
        self.workers = []

    def end(self) -> None:
        """End all that runs."""
        if self.scheduler is not None:
            self.kill_scheduler()

    @property
    def kits(self) -> list[Path]:
        """What workers that still run keep of courses."""
        return sorted(self._place.rglob("heatproof-*/course"))

    def _start(self, *program: str) -> subprocess.Popen[bytes]:
        with (self._place / "programs.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *program, "--no-dashboard"],
                cwd=self._place,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _wait_for(self, program: subprocess.Popen[bytes], told: Path) -> None:
        for _ in range(LIMIT * 20):
            if told.is_file() and told.read_bytes().rstrip().endswith(b"}"):
                return
            try:
                program.wait(timeout=0.05)
            except subprocess.TimeoutExpired:
                continue
            break
        raise AssertionError((self._place / "programs.log").read_text(errors="replace")[-2000:])


def _kill(program: subprocess.Popen[bytes]) -> None:
    if program.poll() is None:
        os.kill(program.pid, signal.SIGKILL)
    program.wait()


@contextmanager
def programs(place: Path) -> Iterator[Programs]:
    """Make a scheduler and two workers that are not started yet, and end them all."""
    place.mkdir(parents=True, exist_ok=True)
    started = Programs(place)
    try:
        yield started
    finally:
        started.end()
