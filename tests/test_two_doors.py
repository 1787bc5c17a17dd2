"""One class through both doors: stock `nbgrader autograde` with its kernel, and our marking room without one.

Twelve learners, two assignments, two copies of one course folder; every cell of the two gradebooks is
compared.
"""

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from autograders.feedback import write_feedback
from autograders.marking import Summary, mark
from course.engine.content import LABELS
from tests.classroom import Classroom, open_classroom
from tests.small_class import answers_file, hand_in, hand_in_answers, key_of, model_answers, notebook_with

pytestmark = pytest.mark.nbgrader

READING, HEAT = "reading-replies", "heat-plan-a"
MIXED = 6
TABLES = {
    "marks": (
        "select submitted_assignment.student_id, assignment.name, base_cell.name, grade.auto_score,"
        " grade_cells.max_score, grade.needs_manual_grade, grade.manual_score"
        " from grade join base_cell on base_cell.id = grade.cell_id"
        " join grade_cells on grade_cells.id = base_cell.id"
        " join submitted_notebook on submitted_notebook.id = grade.notebook_id"
        " join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id"
        " join assignment on assignment.id = submitted_assignment.assignment_id order by 1, 2, 3"
    ),
    "submissions": (
        "select student_id, assignment.name, timestamp from submitted_assignment"
        " join assignment on assignment.id = submitted_assignment.assignment_id order by 1, 2"
    ),
    "released cells": (
        "select assignment.name, source_cell.name, cell_type, locked, source, checksum from source_cell"
        " join notebook on notebook.id = source_cell.notebook_id"
        " join assignment on assignment.id = notebook.assignment_id order by 1, 2"
    ),
    "kinds of cells": "select name, type from base_cell order by 1, 2",
}
"""What must be the same in both gradebooks."""


def rated_plans(root: Path, scenario: str) -> list[str]:
    lines = (root / "autograders" / "bank" / "plans.jsonl").read_text(encoding="utf-8").splitlines()
    return [plan["plan"] for plan in map(json.loads, lines) if plan["scenario"] == scenario]


def mixed_answers(root: Path, assignment: str, number: int) -> dict[str, Any]:
    """Return answers of mixed quality: every third label as the key has it, plans of the rated bank."""
    answers: dict[str, Any] = {}
    for name, question in key_of(assignment).items():
        if question["kind"] == "plan":
            plans = rated_plans(root, question["scenario"])
            answers[name] = plans[(7 * number) % len(plans)]
        else:
            replies = enumerate(question["replies"])
            guess = {reply["id"]: LABELS[(number * 5 + at) % len(LABELS)] for at, reply in replies}
            right = {reply["id"]: reply["label"] for reply in question["replies"][number % 3 :: 3]}
            answers[name] = guess | right
    return answers


def mischief(assignment: str) -> dict[str, Any]:
    """Return values that no player would write: unknown labels, wrong kinds, markup, a shout."""
    answers: dict[str, Any] = {}
    for at, (name, question) in enumerate(key_of(assignment).items()):
        if question["kind"] == "plan":
            answers[name] = ["sorry " * 300, 7, {"hear": 2}][at % 3]
        else:
            ids = [reply["id"] for reply in question["replies"]]
            odd: Any = [dict.fromkeys(ids, "<b>hear</b>"), {**dict.fromkeys(ids, "hear"), "zz": 1}, "hear"]
            answers[name] = odd[at % 3]
    return answers


def fill(room: Classroom, root: Path, assignment: str) -> None:
    """Let the class hand in."""
    course, model, questions = room.course, model_answers(assignment), key_of(assignment)
    first = next(iter(questions))
    hand_in_answers(course, "blank", assignment, {})
    hand_in_answers(course, "model", assignment, model)
    hand_in_answers(course, "mischief", assignment, mischief(assignment))
    hand_in_answers(course, "half", assignment, {first: model[first]})
    blank = notebook_with(assignment, {})
    hand_in(course, "by-file", assignment, notebook=blank, answers=answers_file(assignment, model))
    both = notebook_with(assignment, {first: {"r1": "act"}})
    hand_in(course, "both", assignment, notebook=both, answers=answers_file(assignment, model))
    for number in range(MIXED):
        hand_in_answers(course, f"mixed-{number}", assignment, mixed_answers(root, assignment, number))


@pytest.fixture(scope="module")
def doors(
    tmp_path_factory: pytest.TempPathFactory, root: Path
) -> tuple[Path, Path, Classroom, list[Summary]]:
    """Return the course that stock nbgrader marked, the one that we marked, and what we said."""
    place = tmp_path_factory.mktemp("doors")
    room = open_classroom(place, ())
    room.nbgrader_in_turn(("", "generate_assignment", READING), ("", "generate_assignment", HEAT))
    for assignment in (READING, HEAT):
        fill(room, root, assignment)
    ours = place / "ours"
    shutil.copytree(room.course, ours, ignore=shutil.ignore_patterns("gradebook.db"))
    room.nbgrader_in_turn(("", "autograde", READING), ("", "autograde", HEAT))
    return room.course, ours, room, [mark(ours, READING), mark(ours, HEAT)]


def table(course: Path, name: str) -> list[Any]:
    with sqlite3.connect(course / "gradebook.db") as db:
        return db.execute(TABLES[name]).fetchall()


@pytest.mark.parametrize("name", TABLES)
def test_both_doors_leave_the_same_gradebook(doors: tuple[Path, Path, Classroom, Any], name: str) -> None:
    stock, ours, _, _ = doors
    rows = table(stock, name)
    assert rows
    assert table(ours, name) == rows


def test_the_class_is_mixed_enough_to_tell_the_doors_apart(doors: tuple[Path, Path, Classroom, Any]) -> None:
    rows = table(doors[1], "marks")
    assert len({row[0] for row in rows}) == 12
    assert len(rows) == 12 * (3 + 10)
    points = {(row[0], row[1]): 0.0 for row in rows}
    for row in rows:
        points[row[0], row[1]] += row[3] or 0.0
    assert points["blank", HEAT] == points["blank", READING] == 0.0
    assert points["model", READING] == points["by-file", READING] == 18.0
    assert points["model", HEAT] == points["by-file", HEAT] > 20.0
    assert len({total for (_, task), total in points.items() if task == HEAT}) > 4


def test_no_submission_failed(doors: tuple[Path, Path, Classroom, list[Summary]]) -> None:
    for summary in doors[3]:
        assert (summary.failed, summary.refused) == (0, 0), summary.problems


def test_stock_feedback_shows_our_evidence(doors: tuple[Path, Path, Classroom, Any]) -> None:
    _, ours, room, _ = doors
    there = Classroom(ours, room.homes, room.environment)
    there.nbgrader("generate_feedback", READING)
    page = (ours / "feedback" / "mixed-1" / READING / f"{READING}.html").read_text(encoding="utf-8")
    assert "heatproof-score" in page
    assert "replies_1_check" in page


def test_stock_autograde_leaves_our_marks_alone(doors: tuple[Path, Path, Classroom, Any]) -> None:
    _, ours, room, _ = doors
    before = table(ours, "marks")
    said = Classroom(ours, room.homes, room.environment).nbgrader("autograde", READING)
    assert said.count("Skipping existing assignment") == 12
    assert table(ours, "marks") == before


def test_our_feedback_is_where_nbgrader_looks_for_it(doors: tuple[Path, Path, Classroom, Any]) -> None:
    ours = doors[1]
    (ours / "submitted" / "model" / HEAT / "submission_secret.txt").write_text("secret")
    pages = write_feedback(ours, HEAT)
    assert len(pages) == 12
    beside = {path.name for path in (ours / "feedback" / "model" / HEAT).iterdir()}
    assert beside == {f"{HEAT}.html", "timestamp.txt", "submission_secret.txt"}
