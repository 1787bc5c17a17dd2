"""A mark by hand counts everywhere: in the summary of a run, in the table, in the report's queue."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from autograders.class_results import ClassResults, class_results
from autograders.export import export_scores
from autograders.gradebook import course_directory
from autograders.marking import mark
from autograders.showing import class_line
from tests.classroom import cell
from tests.small_class import hand_in, hand_in_answers, make_course, model_answers, notebook_with

TASK = "heat-plan-a"
UNREADABLE = "plan_1 = open('x').read()"
"""No answer but a program: nobody runs it, and a person must look."""

ByHand = Callable[[str, float], None]


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course where Ann's first plan waits for a person, and Bo's hand-in does not."""
    course = make_course(tmp_path / "course", assignments=(TASK,))
    hand_in_answers(course, "bo", TASK, model_answers(TASK))
    notebook = json.loads(notebook_with(TASK, model_answers(TASK)))
    cell(notebook, "plan_1")["source"] = UNREADABLE
    hand_in(course, "ann", TASK, notebook=json.dumps(notebook).encode())
    return course


@pytest.fixture
def by_hand(course: Path) -> ByHand:
    """Mark a cell of Ann's as the formgrader does."""
    from nbgrader.api import Gradebook

    directory = course_directory(course)

    def give(cell: str, points: float) -> None:
        with Gradebook(directory.db_url, directory.course_id) as book:
            grade = book.find_grade(cell, TASK, TASK, "ann")
            grade.manual_score, grade.needs_manual_grade = points, False
            book.db.commit()

    return give


def row(results: ClassResults, learner: str) -> tuple[float, int]:
    (found,) = [row for row in results.rows if row.learner.id == learner]
    return found.points, found.waiting


def test_a_mark_by_hand_counts_in_the_table_the_queue_and_the_next_run(course: Path, by_hand: ByHand) -> None:
    first = mark(course, TASK)
    assert (first.graded, first.needs_person) == (1, 1)
    before = class_results(course)
    points, waiting = row(before, "ann")
    assert waiting == len(before.waiting) > 0
    for name in {each.cell for each in before.waiting}:
        by_hand(name, 2.0)
    after = class_results(course)
    assert row(after, "ann") == (points + 2 * waiting, 0)
    assert after.waiting == ()
    assert "Waiting for a person: 0 cells." in class_line(after)
    again = mark(course, TASK)
    assert (again.graded, again.needs_person, again.marked_before) == (2, 0, 2)
    assert row(class_results(course), "ann") == row(after, "ann"), "marking again keeps what a person gave"


def test_table_and_export_give_the_same_points(course: Path, by_hand: ByHand) -> None:
    mark(course, TASK)
    by_hand("plan_1_hear", 1.5)
    exported = export_scores(course)[0].read_text(encoding="utf-8")
    for learner in ("ann", "bo"):
        points, _ = row(class_results(course), learner)
        (line,) = [line for line in exported.splitlines() if line.startswith(f'"{learner}"')]
        assert f'"{points:g}"' in line.split(",")


def test_what_only_the_gradebook_knows_is_in_the_table(course: Path) -> None:
    mark(course, TASK)
    (course / "results" / f"{TASK}.jsonl").unlink()  # as after stock nbgrader autograde
    results = class_results(course)
    assert results.assignments == (TASK,)
    assert row(results, "bo") == (24.0, 0)
    assert row(results, "ann")[1] > 0


def test_the_table_makes_no_gradebook(tmp_path: Path) -> None:
    course = make_course(tmp_path / "course", assignments=(TASK,))
    (course / "gradebook.db").unlink()
    assert class_results(course).rows == ()
    assert not (course / "gradebook.db").exists()
