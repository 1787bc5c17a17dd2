"""Time feedback pages side by side: `nbgrader generate_feedback` and `heatproof feedback` on one class.

    python -m benchmarks.feedback [--learners 300] [--passes 3]

Both run as whole programs, from start to end, on the same marked course folder in one run; of ours the median
of some passes counts. Prints seconds as they are on this machine and their ratio, which says more. Refuses to
judge what is on the pages: the tests do.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

from autograders.classroom import classroom
from autograders.keys_reading import key
from autograders.marking import mark
from tests.small_class import hand_in_answers, make_course

TASK = "heat-plan-a"
ROOT = Path(__file__).resolve().parent.parent


class Took(NamedTuple):
    """Seconds by the clock, and seconds of a processor, which a busy machine disturbs little."""

    wall: float
    worked: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Make a class, mark it, time both programs, and print what came out."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.feedback")
    parser.add_argument("--learners", type=int, default=300)
    parser.add_argument("--passes", type=int, default=3)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="heatproof-feedback-") as place:
        course = marked_course(Path(place) / "course", asked.learners)
        theirs = timed(course, "nbgrader", "generate_feedback", TASK)
        stock = pages(course)
        ours = sorted(anew(course) for _ in range(asked.passes))[asked.passes // 2]
        for line in told(asked.learners, (theirs, stock), (ours, pages(course))):
            print(line)


def marked_course(folder: Path, learners: int) -> Path:
    """Return a course folder in which so many learners handed in plans of the rated bank and are marked."""
    course = make_course(folder, assignments=(TASK,))
    asked = key(TASK, start=course)
    assert asked is not None
    pupils = [pupil for pupil in classroom() if pupil.form == TASK]
    for number, pupil in enumerate(islice(cycle(pupils), learners)):
        given = {name: value for name, value in pupil.answers(asked).items() if value is not None}
        hand_in_answers(course, f"learner-{number:07}", TASK, given)
    summary = mark(course, TASK)
    assert not summary.problems, summary.problems
    return course


def anew(course: Path) -> Took:
    """Return what our program takes where there are no pages yet.

    Old ones are put away and not deleted: on ext4 new files are slow to make where many were just deleted.
    """
    away = course.parent / "away"
    away.mkdir(exist_ok=True)
    (course / "feedback").rename(away / str(len(list(away.iterdir()))))
    return timed(course, "autograders.cli", "feedback", TASK)


def timed(course: Path, *program: str) -> Took:
    """Return what a program of ours or nbgrader's takes in a course folder: all of it, its start included."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    before, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", *program],
        cwd=course,
        env=os.environ | {"PYTHONPATH": path},
        check=True,
        capture_output=True,
    )
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = now.ru_utime - used.ru_utime + now.ru_stime - used.ru_stime
    return Took(time.perf_counter() - before, worked)


def pages(course: Path) -> tuple[int, float]:
    """Return how many pages there are, and their mean size in KiB."""
    sizes = [path.stat().st_size for path in (course / "feedback").glob("*/*/*.html")]
    return len(sizes), statistics.mean(sizes) / 1024


def told(
    learners: int, theirs: tuple[Took, tuple[int, float]], ours: tuple[Took, tuple[int, float]]
) -> Iterator[str]:
    """Yield the lines of the result."""
    yield f"{learners} learners, {TASK}; whole programs, on {os.cpu_count()} cores"
    for name, (took, (count, size)) in (("nbgrader generate_feedback", theirs), ("heatproof feedback", ours)):
        times = f"{took.wall:9.2f} s, of a processor {took.worked:9.2f} s"
        yield f"  {name:<28}{times}{1000 * took.wall / count:9.1f} ms a page{count:6} pages of {size:.0f} KiB"
    wall, worked = theirs[0].wall / ours[0].wall, theirs[0].worked / ours[0].worked
    yield f"  heatproof is {wall:.0f} times faster, and takes a processor {worked:.0f} times less"


if __name__ == "__main__":
    main()
