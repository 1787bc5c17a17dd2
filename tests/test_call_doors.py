"""A graded call and items on a scale, through stock nbgrader and through our own marking: the same marks."""

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from autograders.feedback import write_feedback
from autograders.marking import mark
from autograders.masters import write_notebooks
from autograders.summary import Summary
from course.engine.answers import cell_source
from course.engine.content import scenario
from tests.classroom import Classroom, open_classroom, read
from tests.small_class import TIME

pytestmark = pytest.mark.nbgrader

NAME = "whole-call"
GOOD = Path(__file__).parent / "good"
SOUP = scenario("cold-soup")
BEST, WORST = list(SOUP.walks.best.path), list(SOUP.walks.worst.path)
SORRY = {
    "text": "I am so sorry that our driver tipped your soup over your laptop.",
    "move": "act",
    "detail": 1,
}

CLASS: dict[str, dict[str, Any]] = {
    "blank": {},
    "model": {"call_1": BEST, "helpful_1": {"r1": "much", "r2": "harm"}},
    "worst": {"call_1": WORST, "helpful_1": {"r1": "harm", "r2": "much"}},
    "half": {"call_1": BEST[:3], "helpful_1": {"r1": "some"}},
    "forged": {"call_1": [BEST[0], BEST[-1], *BEST], "helpful_1": {"r1": "hear", "r2": "harm"}},
    "own": {"call_1": [BEST[0], SORRY], "helpful_1": {"r1": "some", "r2": "little"}},
    "odd": {"call_1": {"outcome": 4}, "helpful_1": "much"},
    "long": {"call_1": ["no"] * 300, "helpful_1": {"r1": "much"}},
}
"""What each learner hands in."""

MARKS = (
    "select student_id, base_cell.name, grade.auto_score, grade.needs_manual_grade from grade"
    " join base_cell on base_cell.id = grade.cell_id"
    " join submitted_notebook on submitted_notebook.id = grade.notebook_id"
    " join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id order by 1, 2"
)


def hand_in_all(course: Path) -> None:
    release = course / "assignments" / NAME / f"{NAME}.ipynb"
    for learner, answers in CLASS.items():
        notebook = read(release)
        for cell in notebook["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            if name in answers:
                cell["source"] = cell_source(name, answers[name])
        folder = course / "submitted" / learner / NAME
        folder.mkdir(parents=True)
        (folder / f"{NAME}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        (folder / "timestamp.txt").write_text(TIME)


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Summary]:
    """Return the course that stock nbgrader marked, the one that we marked, and what we said."""
    place = tmp_path_factory.mktemp("calls")
    room: Classroom = open_classroom(place, ())
    for part in ("source", "assignments"):
        shutil.rmtree(room.course / part)
    (room.course / "source" / NAME).mkdir(parents=True)
    shutil.copy(GOOD / f"{NAME}.md", room.course / "source" / NAME)
    shutil.copy(GOOD / f"{NAME}.yaml", room.course / "autograders" / "keys")
    write_notebooks(room.course)
    room.nbgrader("generate_assignment", NAME)
    hand_in_all(room.course)
    ours = place / "ours"
    shutil.copytree(room.course, ours, ignore=shutil.ignore_patterns("gradebook.db"))
    room.nbgrader("autograde", NAME)
    return room.course, ours, mark(ours, NAME)


def marks(course: Path) -> list[tuple[str, str, float | None, bool]]:
    with sqlite3.connect(course / "gradebook.db") as db:
        return db.execute(MARKS).fetchall()


def test_both_doors_give_the_same_marks(doors: tuple[Path, Path, Summary]) -> None:
    stock, ours, summary = doors
    assert marks(ours) == marks(stock)
    assert (summary.failed, summary.refused) == (0, 0), summary.problems


def test_the_marks_are_those_of_the_table(doors: tuple[Path, Path, Summary]) -> None:
    found = {(learner, cell): points for learner, cell, points, _ in marks(doors[1])}
    cells = ("call_1_outcome", "call_1_moves", "call_1_order", "helpful_1_check")
    by_learner = {name: tuple(round(found[name, cell] or 0, 2) for cell in cells) for name in CLASS}
    assert by_learner["model"] == (4, 4, 2, 2)
    assert by_learner["blank"] == by_learner["odd"] == by_learner["worst"] == (0, 0, 0, 0)
    assert by_learner["half"] == (0, 2, 1, 0.33)
    assert by_learner["forged"] == (0, 0.67, 0.5, 1)
    assert by_learner["long"] == (0, 0, 0, 1)
    assert by_learner["own"][3] == 0.67


def test_only_words_that_were_read_anew_wait_for_a_person(doors: tuple[Path, Path, Summary]) -> None:
    waiting = {(learner, cell) for learner, cell, _, waits in marks(doors[1]) if waits}
    assert waiting == {("own", f"call_1_{part}") for part in ("outcome", "moves", "order")}


def test_the_release_holds_no_table_and_no_walk(doors: tuple[Path, Path, Summary]) -> None:
    release = (doors[0] / "assignments" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    assert BEST[0] not in release
    assert "It is settled, and Marek" not in release
    assert "It makes his evening small" not in release


def test_the_feedback_shows_what_was_said_and_why(doors: tuple[Path, Path, Summary]) -> None:
    write_feedback(doors[1], NAME)
    page = (doors[1] / "feedback" / "half" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert "Is the laptop dry?" in page
    assert "It names what he felt, on that doorstep and today." in page
    worst = (doors[1] / "feedback" / "worst" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert "What might do better here" in worst
