"""Time marking side by side: stock `nbgrader autograde` and `heatproof autograde` on one class, in one run.

    python -m benchmarks.marking [--sizes 300 1000 10000] [--stock 4] [--assignments heat-plan-a …]

Both run as whole programs. nbgrader's seconds a submission do not change with the class, so it marks a few
of the first class, and its start, timed by a run with nothing new, is taken off; ours marks every class
whole, its start included, and once more with nothing new. Before either, nbgrader made the release, so that
the gradebook knows it, as in any course. Every mark of those few is compared: where one differs, this says
so and exits with 1. Times are printed as they are here; their ratio says more.
"""

import argparse
import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from autograders.classroom import classroom
from autograders.gradebook import open_gradebook
from autograders.keys_reading import key
from autograders.roster import Learner
from benchmarks.watched import Took, environment, watched
from course.engine.answers import Value
from tests.small_class import hand_in_answers, make_course

TASKS = ("reading-replies", "heat-plan-a")
"""One of labels, one of labels and plans."""
DONE = (0, 4)
"""Exit statuses of our program here: all are graded, or some wait for a person."""
MARKS = """
    select submitted_assignment.student_id, base_cell.name, auto_score, manual_score, needs_manual_grade
    from grade join base_cell on base_cell.id = grade.cell_id
    join submitted_notebook on submitted_notebook.id = grade.notebook_id
    join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
    join assignment on assignment.id = submitted_assignment.assignment_id where assignment.name = ?
"""

Marks = dict[tuple[str, str], tuple[float | None, float | None, bool]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the classes, mark them with both programs, and print what came out."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.marking")
    parser.add_argument("--sizes", type=int, nargs="+", default=[300, 1_000, 10_000])
    parser.add_argument("--stock", type=int, default=4, help="submissions that stock nbgrader marks")
    parser.add_argument("--assignments", nargs="+", default=TASKS)
    parser.add_argument("--folder", type=Path, help="where the classes are made; else a temporary folder")
    asked = parser.parse_args(arguments)
    equal = True
    with tempfile.TemporaryDirectory(prefix="heatproof-marking-", dir=asked.folder) as place:
        for task in asked.assignments:
            equal &= both(Path(place), task, asked.sizes, asked.stock)
    sys.exit(0 if equal else 1)


def both(place: Path, task: str, sizes: Sequence[int], some: int) -> bool:
    """Mark an assignment with both programs; print the lines of the result; False where marks differ."""
    home = environment(place / "home")
    theirs = class_of(place / f"stock-{task}", task, some)
    watched(theirs, "nbgrader", "generate_assignment", task, environment=home)
    taken = watched(theirs, "nbgrader", "autograde", task, environment=home)
    start = watched(theirs, "nbgrader", "autograde", task, environment=home)
    stock = Took((taken.wall - start.wall) / some, (taken.worked - start.worked) / some, taken.memory)
    wanted = marks(theirs, task)
    show(f"{task}: whole programs, on {os.cpu_count()} cores")
    show(f"  nbgrader autograde{said(stock, some)}, its start of {start.wall:.1f} s not counted")
    equal = True
    for size in sizes:
        ours = class_of(place / f"ours-{task}-{size}", task, size)
        watched(ours, "nbgrader", "generate_assignment", task, environment=home)
        whole = watched(ours, "autograders.cli", "autograde", task, environment=home, fine=DONE)
        again = watched(ours, "autograders.cli", "autograde", task, environment=home, fine=DONE)
        each = Took(whole.wall / size, whole.worked / size, whole.memory)
        show(f"  heatproof autograde{said(each, size)}")
        show(
            f"    {stock.wall / each.wall:.0f} times faster, and takes a processor "
            f"{stock.worked / each.worked:.0f} times less; with nothing new "
            f"{again.wall:.2f} s, of a processor {again.worked:.2f} s, {again.memory:.0f} MiB"
        )
        found = marks(ours, task)
        if len(found) != size * len(wanted) // some:
            show(f"    NOT ALL MARKED: {len(found)} marks of {size} learners")
            equal = False
        for line in differences(wanted, found):
            show(f"    NOT EQUAL: {line}")
            equal = False
    show(f"  {len(wanted)} marks of {some} learners compared: {'all equal' if equal else 'NOT EQUAL'}")
    return equal


def class_of(folder: Path, task: str, learners: int) -> Path:
    """Return a course folder in which so many learners handed in, each with answers that nobody else has."""
    course = make_course(folder, assignments=(task,))
    asked = key(task, start=course)
    assert asked is not None
    pupils = [pupil for pupil in classroom() if task in pupil.assignments]
    for number in range(learners):
        who = Learner(f"learner-{number:05}")
        pair = (pupils[number % len(pupils)], pupils[number // len(pupils) % len(pupils)])
        both = [replace(pupil, learner=who).answers(asked) for pupil in pair]
        given = {name: both[at % 2][name] for at, name in enumerate(asked.questions)}
        own = {name: with_number(value, number) for name, value in given.items() if value is not None}
        hand_in_answers(course, who.id, task, own)
    return course


def with_number(answer: Value, number: int) -> Value:
    """Return an answer that nobody else gives: a plan is one that the judge has not read before."""
    return f"{answer}\n\nI keep all of this under number {number}." if isinstance(answer, str) else answer


def marks(course: Path, task: str) -> Marks:
    """Return what stands in a gradebook: the automatic mark, that by hand, and if a person must look."""
    with open_gradebook(course):  # it is a gradebook that nbgrader opens
        pass
    with closing(sqlite3.connect(course / "gradebook.db")) as book:
        rows = book.execute(MARKS, (task,)).fetchall()
    return {(row[0], row[1]): (row[2], row[3], bool(row[4])) for row in rows}


def differences(wanted: Marks, found: Marks) -> Iterator[str]:
    """Yield what differs, a line a mark."""
    for place, mark in wanted.items():
        if found.get(place) != mark:
            yield f"{', '.join(place)}: nbgrader {mark}, heatproof {found.get(place)}"


def said(took: Took, submissions: int) -> str:
    """Return what was taken for each of some submissions."""
    times = f"{1000 * took.wall:9.1f} ms a submission, of a processor {1000 * took.worked:8.1f} ms"
    return f"{times}, {took.memory:5.0f} MiB ({submissions} submissions)"


def show(line: str) -> None:
    """Print a line at once: a run takes minutes."""
    print(line, flush=True)


if __name__ == "__main__":
    main()
