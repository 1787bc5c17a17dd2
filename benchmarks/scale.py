"""Tell on paper what a very large class costs: measure the pieces of a run here, and add them up.

    python -m benchmarks.scale [--submissions 1000000] [--sizes 500 2000 8000] [--postgres]

Each piece is the real one: the judging child, the log, the gradebook, the notebooks, a question to a Dask
scheduler. They are measured at several sizes, so that what grows with the class is seen, and the largest size
is taken on. Prints core hours, wall time for 1 to 128 cores that judge, disk, memory, and what the next
bottleneck is. Refuses to guess: a network between machines is not in it.
"""

import argparse
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from autograders.marking import BATCH
from benchmarks.feedback import marked_course
from benchmarks.scale_pieces import PUPILS, Pieces, asking, judging, pieces
from tests.postgres_server import new_database, server

CORES = (2, 4, 8, 32, 128)
WAITS = 3
"""Waits for the disk a batch: one of the log, two of a gradebook in a file."""
MS = 1000.0
GIB = 1024.0**3


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, add up, and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale")
    parser.add_argument("--submissions", type=int, default=1_000_000)
    parser.add_argument("--sizes", type=int, nargs="+", default=(500, 2000, 8000))
    parser.add_argument("--postgres", action="store_true", help="the gradebook on a PostgreSQL server, too")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="heatproof-scale-") as made, ExitStack() as stack:
        place = Path(made)
        course = marked_course(place / "marked", PUPILS)
        judge = judging(course)
        found = {size: pieces(course, place / f"class-{size}", size, judge) for size in sorted(asked.sizes)}
        last = found[max(found)]
        ask = asking(place / "dask", int(last.handed_in_bytes), int(last.log_bytes))
        for line in measured(found):
            print(line)
        print(f"  ask a cluster: here {ask[0] * MS:.2f} ms, scheduler {ask[1] * MS:.2f} ms")
        for line in told(asked.submissions, last, ask):
            print(line)
        if asked.postgres:
            size = sorted(asked.sizes)[0]
            url = new_database(stack.enter_context(server()), "scale")
            there = pieces(course, place / "server", size, judge, url)
            print()
            print(f"The gradebook on PostgreSQL, {size} submissions, processor of this side only:")
            print(f"  written {there.book * MS:.2f} ms, backup {there.backup * MS:.3f} ms a submission")


def measured(found: dict[int, Pieces]) -> Iterator[str]:
    """Yield what was measured at each size."""
    rows = (
        ("judge: a start, once a process", "start"),
        ("judge: a submission", "judge"),
        ("read what was handed in", "read"),
        ("append to the log", "log"),
        ("write the gradebook", "book"),
        ("write the marked notebook", "notebook"),
        ("back up, once a run", "backup"),
        ("look again at what is marked", "look"),
        ("read the log, once a run", "open_log"),
        ("wait for the disk, once", "wait"),
    )
    yield f"Measured here ({os.cpu_count()} cores), ms of a processor a submission, by size of the class:"
    yield f"  {'':32}" + "".join(f"{size:>10}" for size in found)
    for name, part in rows:
        yield f"  {name:32}" + "".join(f"{getattr(each, part) * MS:10.3f}" for each in found.values())
    sizes = (
        ("log", "log_bytes"),
        ("gradebook", "book_bytes"),
        ("marked notebook", "notebook_bytes"),
        ("memory here", "memory"),
    )
    for name, part in sizes:
        yield f"  {name + ', bytes':32}" + "".join(f"{getattr(each, part):10.0f}" for each in found.values())


def told(number: int, one: Pieces, ask: tuple[float, float]) -> Iterator[str]:
    """Yield what a class of this number costs."""
    keep = one.read + one.log + one.book + one.notebook
    once = number * (one.backup + one.open_log)
    disk = number / BATCH * WAITS * one.wait
    judge = number * one.judge
    home, away = number * keep + once + disk, number * (keep + ask[0]) + once + disk
    yield ""
    yield f"On paper, {number:,} submissions:"
    yield f"  judging                        {judge / 3600:8.1f} core hours"
    yield f"  this machine (P6: one writer)  {away / 3600:8.1f} hours, of them {disk / 3600:.1f} for the disk"
    yield f"  the scheduler                  {number * ask[1] / 3600:8.1f} hours of one core"
    yield f"  nothing new, run again         {(number * one.look + once) / 3600:8.1f} hours"
    sizes = (one.handed_in_bytes, one.log_bytes, one.book_bytes, one.notebook_bytes)
    yield "  disk, GiB                      " + ", ".join(
        f"{name} {number * size / GIB:.1f}"
        for name, size in zip(("handed in", "log", "gradebook", "marked notebooks"), sizes, strict=True)
    )
    yield f"  memory of this machine         {number * one.memory / GIB:8.1f} GiB, beside the program"
    yield ""
    yield "  cores that judge   wall time, hours   what holds it back"
    alone = judge + home
    yield f"  {'1, no cluster':>16}   {alone / 3600:16.1f}   judging, {judge / alone:.0%} of it"
    for cores in CORES:
        parts = {
            "judging": (judge + cores * one.start) / cores,
            "this machine, the one that writes": away,
            "the scheduler": number * ask[1],
        }
        slowest = max(parts, key=parts.__getitem__)
        yield f"  {cores:16}   {parts[slowest] / 3600:16.1f}   {slowest}"
    parts = {
        "write the gradebook": one.book, "write the marked notebook": one.notebook, "read": one.read,
        "append to the log": one.log, "ask the cluster": ask[0],
        "wait for the disk": WAITS * one.wait / BATCH,
    }  # fmt: skip
    first, second = sorted(parts, key=parts.__getitem__, reverse=True)[:2]
    share = parts[first] / sum(parts.values())
    yield f"  The next bottleneck is: {first} ({share:.0%} of what is done here), then: {second}."


if __name__ == "__main__":
    main()
