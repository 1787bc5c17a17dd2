"""Keep a child process that judges, ask it one submission at a time, and survive its death.

For the marking door. The child gets bytes and gives JSON, one line each; it has ten seconds a submission. A
child that dies twice, hangs or answers nonsense costs one submission: that one is our fault and goes to a
person, and a new child takes the next. Refuses to know what an answer is.
"""

import base64
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import IO, Any

from autograders.submission import Submission

SECONDS = 10.0
"""What one submission may take."""
WAIT = 0.25
"""Seconds of one wait for an answer."""
WARM_UP_SECONDS = 120.0
"""What a child may take to load the judge."""
MAX_ANSWER = 8 * 1024 * 1024

OUR_FAULT = "Our fault: {why}. The answers are kept, and a person will read them."


STOPPED = "the judge stopped in the middle"
"""One sentence, however soon the child's end is noticed: a record must not depend on that."""


class ChildFault(Exception):
    """The child gave no answer. The text says why, in the words that `OUR_FAULT` wants."""


class ChildGone(ChildFault):
    """The child ended before it gave an answer."""


class ChildNotStarted(ChildFault):
    """No child could be started: nothing was asked of one."""


class Processes:
    """A process that judges, and the twins that it splits off once the judge is loaded: they end together.

    `pipes`: what we write into and what we read, the first process's before its twins'.
    """

    def __init__(self, folder: Path, assignment: str, *, twins: int = 0) -> None:
        theirs: list[int] = []
        self.pipes: list[tuple[IO[bytes], IO[bytes]]] = []
        for _ in range(1 + twins):
            (into, write), (read, out) = os.pipe(), os.pipe()
            os.set_blocking(write, False)
            theirs += into, out
            self.pipes.append((os.fdopen(write, "wb", 0), os.fdopen(read, "rb", 0)))
        named = [f"{into},{out}" for into, out in zip(theirs[2::2], theirs[3::2], strict=True)]
        try:
            self._first = subprocess.Popen(
                [sys.executable, "-P", "-m", "autograders.child", str(folder), assignment, *named],
                cwd=folder,
                env=_environment(),
                stdin=theirs[0],
                stdout=theirs[1],
                stderr=subprocess.DEVNULL,
                pass_fds=theirs[2:],
                start_new_session=True,
            )
        finally:
            for each in theirs:
                os.close(each)
        self.pid = self._first.pid
        self._ended, self._turn = False, Lock()

    def end(self) -> None:
        """End them all, whatever they do. The number is their group's until the first is waited for."""
        with self._turn:
            if not self._ended:
                os.killpg(self.pid, signal.SIGKILL)
                self._first.wait()
                self._ended = True


class Child:
    """One child process for one assignment. Use as a context manager, from one thread."""

    def __init__(self, folder: Path, assignment: str, *, seconds: float = SECONDS) -> None:
        self._folder = folder
        self._assignment = assignment
        self._seconds = seconds
        self._process: Processes | None = None
        self._into: IO[bytes] | None = None
        self._output: IO[bytes] | None = None
        self._rest = b""
        self._ready = False

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def judge(self, submission: Submission) -> dict[str, Any]:
        """Return what the child makes of a submission; ChildFault when it gives no answer.

        A child that was ended from outside, or with its twin, is no fault of the submission: a new one, that
        has no twin, is asked once more.
        """
        try:
            return self._judge(submission)
        except ChildGone:
            return self._judge(submission)

    def _judge(self, submission: Submission) -> dict[str, Any]:
        try:
            self._start()
            return self._ask(question_of(submission), self._seconds)
        except ChildFault:
            self.stop()
            raise

    def begin(self, *twins: "Child") -> None:
        """Start the process, which splits off those of `twins`; do not wait until it has loaded the judge."""
        self._begin(*twins)

    def _begin(self, *twins: "Child") -> None:
        if self._process is None:
            processes = Processes(self._folder, self._assignment, twins=len(twins))
            for child, pipes in zip((self, *twins), processes.pipes, strict=True):
                child._process, child._rest, child._ready = processes, b"", False
                child._into, child._output = pipes

    def _start(self) -> None:
        self._begin()
        if self._ready:
            return
        try:
            ready = self._answer(WARM_UP_SECONDS).get("ready")
        except ChildGone:
            if self._process and len(self._process.pipes) > 1:
                raise  # it may have ended with its twin
            ready = False
        if not ready:
            raise ChildNotStarted("the judge did not start")
        self._ready = True

    def _ask(self, question: dict[str, Any], seconds: float) -> dict[str, Any]:
        into, _ = self._pipes()
        left, waited = memoryview(json.dumps(question).encode("ascii") + b"\n"), 0.0
        while left:
            waited = _wait(into, selectors.EVENT_WRITE, waited, seconds)
            try:
                left = left[os.write(into.fileno(), left) :]
            except OSError as fault:
                raise ChildGone(STOPPED) from fault
        answer = self._answer(seconds, waited)
        if "fault" in answer:
            raise ChildFault(str(answer["fault"]))
        return answer

    def _answer(self, seconds: float, waited: float = 0.0) -> dict[str, Any]:
        """Return the next line of the child as JSON, waiting no longer than `seconds` in all."""
        _, output = self._pipes()
        while b"\n" not in self._rest:
            waited = _wait(output, selectors.EVENT_READ, waited, seconds)
            more = os.read(output.fileno(), 1 << 16)
            if not more:
                raise ChildGone(STOPPED)
            self._rest += more
            if len(self._rest) > MAX_ANSWER:
                raise ChildFault("the judge said too much")
        line, _, self._rest = self._rest.partition(b"\n")
        try:
            answer = json.loads(line)
        except ValueError as fault:
            raise ChildFault("the judge gave an answer that cannot be read") from fault
        if not isinstance(answer, dict):
            raise ChildFault("the judge gave an answer of the wrong kind")
        return answer

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._into is None or self._output is None:
            raise ChildFault("the judge is not running")
        return self._into, self._output

    def stop(self) -> None:
        """End the child, whatever it does, and its twins."""
        if self._process is not None:
            for pipe in self._pipes():
                pipe.close()
            self._process.end()
            self._process = self._into = self._output = None


def children(
    folder: Path, assignment: str, *, workers: int | None = None, seconds: float = SECONDS
) -> list[Child]:
    """Return the children that judge in a run; none of them is started yet."""
    return [Child(folder, assignment, seconds=seconds) for _ in range(workers or min(2, os.cpu_count() or 1))]


@contextmanager
def loading_early(folder: Path, assignment: str) -> Iterator["Callable[..., list[Child]] | None"]:
    """Load the judge while the rest of the program is loaded, where nobody of a class is marked yet.

    Yields what `mark` takes as `bench`; None where a run may find nothing new, so that it loads no judge.
    """
    if (folder / "results" / f"{assignment}.jsonl").exists():
        yield None
        return
    judges = children(folder.resolve(), assignment)
    try:
        judges[0].begin(*judges[1:])
        yield lambda *_, **__: judges
    finally:
        for judge in judges:
            judge.stop()


def _wait(pipe: IO[bytes], event: int, waited: float, seconds: float) -> float:
    """Wait until a pipe is ready, and return what was waited in all; ChildFault when that is `seconds`.

    Time is counted in short waits, so that a clock that jumps, as after a sleep, costs one of them.
    """
    with selectors.PollSelector() as selector:
        selector.register(pipe, event)
        while waited < seconds:
            began, most = time.monotonic(), min(WAIT, seconds - waited)
            if selector.select(most):
                return waited + min(max(time.monotonic() - began, 0.0), most)
            waited += most
    raise ChildFault(f"the judge took longer than {seconds:.0f} seconds")


def question_of(submission: Submission) -> dict[str, str | None]:
    """Return what a child is asked: the bytes of the two files that count, and no name."""
    return {"notebook": _text(submission.notebook), "answers": _text(submission.answers)}


def _text(data: bytes | None) -> str | None:
    return None if data is None else base64.b64encode(data).decode("ascii")


def _environment() -> dict[str, str]:
    """Return the child's environment: the same on every machine, and nothing of ours in it."""
    fixed = {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    fixed |= {"PYDANTIC_DISABLE_PLUGINS": "true"}  # to look for some takes as long as to read a key
    one_thread = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    ours = str(Path(__file__).resolve().parent.parent)
    return fixed | one_thread | {"PYTHONPATH": ours, "PATH": os.environ.get("PATH", os.defpath)}
