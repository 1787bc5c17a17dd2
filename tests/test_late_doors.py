"""Late work through both doors: stock `nbgrader autograde` takes what our marking room takes."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from autograders.marking import mark
from tests.classroom import Classroom, open_classroom
from tests.small_class import hand_in_answers, model_answers

pytestmark = pytest.mark.nbgrader

TASK = "reading-replies"
MODEL = model_answers(TASK)
DEADLINES = """\
time_zone: America/New_York
grace: 1 hour
late: {policy: curve, keeps: {24: 0.7, 72: 0.3}}
assignments:
  reading-replies: {due: 2026-03-07 12:00}
learners:
  cy: {multiplier: 2}
  dee: {waiver: There was a flood.}
"""
CLASS = {
    "ann": ("2026-03-07 17:30:00 UTC", MODEL),
    "bob": ("2026-03-08 22:12:00 UTC", {"replies_1": MODEL["replies_1"]}),
    "cy": ("2026-03-08 22:12:00 UTC", MODEL),
    "dee": ("2026-03-08 22:12:00 UTC", MODEL),
    "hal": ("", MODEL),
}
"""When each came in, and what they answered; in the night to 8 March the clocks go forward."""


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return the course that stock nbgrader marked, and the one that we marked."""
    room: Classroom = open_classroom(tmp_path_factory.mktemp("doors"), ())
    (room.course / "deadlines.yaml").write_text(DEADLINES)
    room.nbgrader("generate_assignment", TASK)
    for learner, (received, answers) in CLASS.items():
        place = hand_in_answers(room.course, learner, TASK, answers)
        if received:
            (place / "timestamp.txt").write_text(received)
        else:
            (place / "timestamp.txt").unlink()
    ours = room.course.parent / "ours"
    shutil.copytree(room.course, ours)
    mark(ours, TASK)
    room.nbgrader("autograde", TASK)
    return room.course, ours


TABLES = {
    "penalties": (
        "select student_id, late_submission_penalty from submitted_notebook"
        " join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id order by 1"
    ),
    "the queue for a person": (
        "select student_id, base_cell.name, needs_manual_grade from grade"
        " join base_cell on base_cell.id = grade.cell_id"
        " join submitted_notebook on submitted_notebook.id = grade.notebook_id"
        " join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id"
        " order by 1, 2"
    ),
    "when it is due": "select name, duedate from assignment",
}


@pytest.mark.parametrize("name", TABLES)
def test_both_doors_leave_the_same(doors: tuple[Path, Path], name: str) -> None:
    stock, ours = (sqlite3.connect(course / "gradebook.db").execute(TABLES[name]) for course in doors)
    rows = stock.fetchall()
    assert rows
    assert ours.fetchall() == rows


def test_some_lose_points_some_do_not_and_one_waits(doors: tuple[Path, Path]) -> None:
    with sqlite3.connect(doors[0] / "gradebook.db") as db:
        lost = dict(db.execute(TABLES["penalties"]).fetchall())
        waits = {row[0] for row in db.execute(TABLES["the queue for a person"]) if row[2]}
    assert lost == {
        "ann": None,
        "bob": pytest.approx(2.01),
        "cy": pytest.approx(3.06),
        "dee": None,
        "hal": None,
    }
    assert waits == {"hal"}
