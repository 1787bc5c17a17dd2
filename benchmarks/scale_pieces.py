"""Measure the real pieces of a marking run, each by itself, at several sizes of class.

For `benchmarks.scale`. A few learners are really marked; their records, under other names, fill logs and
gradebooks of any size. Times are seconds of a processor, which a busy machine disturbs little; what waits for
the disk is told apart.
"""

import gc
import json
import os
import resource
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from autograders.autograded import autograded_path, read_template, shows, write_autograded
from autograders.backups import make_backup
from autograders.children import Child
from autograders.cluster import BUNDLE
from autograders.gradebook import open_gradebook
from autograders.marking import BATCH
from autograders.record import Record
from autograders.released import read_released
from autograders.results import latest, log_path, open_log
from autograders.submission import read_submission
from autograders.summary import Line, line_of
from tests.dask_cluster import Programs
from tests.small_class import make_course

TASK = "heat-plan-a"
PUPILS = 60
"""Learners that are really marked."""


@dataclass(frozen=True)
class Pieces:
    """Seconds of a processor a submission, bytes a submission; `wait`: seconds of one wait for the disk."""

    judge: float
    start: float
    read: float
    log: float
    book: float
    notebook: float
    backup: float
    look: float
    open_log: float
    wait: float
    log_bytes: float
    book_bytes: float
    notebook_bytes: float
    handed_in_bytes: float
    memory: float


def judging(course: Path) -> tuple[float, float]:
    """Return what a judge's start takes, and each submission after it."""
    handed_in = [read_submission(course, f"learner-{number:07}", TASK) for number in range(PUPILS)]

    def child(times: int) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        with Child(course, TASK) as judge:
            for submission in islice(cycle(handed_in), times):
                judge.judge(submission)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime

    one, many = child(1), child(1 + 2 * PUPILS)
    each = (many - one) / (2 * PUPILS)
    return one - each, each


def pieces(course: Path, place: Path, size: int, judge: tuple[float, float], url: str = "") -> Pieces:
    """Return what each piece takes in a class of this size; `url`: a gradebook's server, else a file."""
    known = list(latest(course, TASK).values())
    records = [replace(one, learner=f"learner-{n:07}") for n, one in zip(range(size), cycle(known))]
    own = make_course(place / "course", assignments=(TASK,))
    if url:
        with (own / "nbgrader_config.py").open("a", encoding="utf-8") as file:
            file.write(f"\nc.CourseDirectory.db_url = {url!r}\n")
    read = timed(lambda: [read_submission(course, one.learner, TASK) for one in known]) / len(known)
    with open_log(own, TASK) as log:
        written: list[Record] = []
        append = timed(lambda: [*map(written.extend, map(log.add, batches(records)))]) / size
        wait = statistics.median(fsyncs(place))
    book, size_of_book = _gradebook(own, written)
    template = read_template(own / "assignments" / TASK / f"{TASK}.ipynb")
    shown = written[: 10 * PUPILS]
    notebook = timed(lambda: [write_autograded(own, template, one) for one in shown]) / len(shown)
    look = timed(lambda: [shows(own, one) for one in shown]) / len(shown) + read
    backup = timed(lambda: make_backup(own, "a benchmark")) / size
    with open_gradebook(own):  # what was needed once is loaded
        opening = timed(lambda: _opened(own)) / size
    marked = autograded_path(own, shown[0].learner, TASK)
    return Pieces(
        judge=judge[1], start=judge[0], read=read, log=append, book=book, notebook=notebook, backup=backup,
        look=look, open_log=opening, wait=wait,
        log_bytes=log_path(own, TASK).stat().st_size / size, book_bytes=size_of_book / size,
        notebook_bytes=marked.stat().st_size,
        handed_in_bytes=sum(f.stat().st_size for f in (course / "submitted").rglob("*.*")) / PUPILS,
        memory=_memory(own, written) / size,
    )  # fmt: skip


def _gradebook(course: Path, records: list[Record]) -> tuple[float, float]:
    """Return what it takes to write each record into the gradebook, and the bytes that the file has then."""
    path = course / "gradebook.db"
    empty = path.stat().st_size
    with open_gradebook(course) as grades:
        grades.prepare(TASK, read_released(course, TASK).notebook)
        took = timed(lambda: [grades.write(TASK, batch, {}) for batch in batches(records)])
    return took / len(records), path.stat().st_size - empty


def _opened(course: Path) -> Any:
    with open_log(course, TASK) as log:
        return log


def _memory(course: Path, records: list[Record]) -> float:
    """Return the bytes that a run keeps of all records at its end: the log's index, the marks, the lines."""
    with open_gradebook(course) as grades:
        grades.marked(TASK)
        gc.collect()
        tracemalloc.start()
        log, held = _opened(course), grades.marked(TASK)
        lines: list[Line] = [line_of(one, again=False, waiting=False) for one in records]
        gc.collect()
        size = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        assert len(held) == len(lines) == len(log.learners)
    return float(size)


def asking(place: Path, size: int, answer: int, bundles: int = 100) -> tuple[float, float]:
    """Return what asking a cluster takes of this machine's processor, and of the scheduler's, a submission.

    `size`, `answer`: bytes of a submission and of what is said of it. The worker does nothing else.
    """
    from distributed import Client

    made = Programs(place)
    try:
        made.see_that_all_run()
        make: Any = Client
        with make(made.address, set_as_default=False) as client:
            client.wait_for_workers(2)
            data, said = [os.urandom(size)] * BUNDLE, BUNDLE * answer

            def ask(number: int) -> None:
                for future in [
                    client.submit(lambda data: "x" * said, data, pure=False) for _ in range(number)
                ]:
                    json.dumps(future.result())

            ask(20)
            before = _seconds(made.scheduler.pid) if made.scheduler else 0.0
            here = timed(lambda: ask(bundles)) / bundles / BUNDLE
            after = _seconds(made.scheduler.pid) if made.scheduler else 0.0
            return here, (after - before) / bundles / BUNDLE
    finally:
        made.end()


def _seconds(pid: int) -> float:
    """Return the seconds of a processor that a process took, as Linux tells."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def timed(do: Callable[[], object]) -> float:
    """Return the seconds of a processor, of all threads of this process, that something takes."""
    before = time.process_time()
    do()
    return time.process_time() - before


def batches(records: list[Record]) -> Iterator[list[Record]]:
    """Yield records as a run keeps them: a batch at a time."""
    yield from (records[start : start + BATCH] for start in range(0, len(records), BATCH))


def fsyncs(place: Path, times: int = 40) -> list[float]:
    """Return what waits for the disk take by the clock."""
    found = []
    with _file(place / "wait") as descriptor:
        for _ in range(times):
            os.write(descriptor, b"x" * 4096)
            before = time.perf_counter()
            os.fsync(descriptor)
            found.append(time.perf_counter() - before)
    return found


@contextmanager
def _file(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
