"""The marking room on a small class: points, new submissions, changed keys, marks by hand, the export."""

import csv
from pathlib import Path
from typing import Any

import pytest

from autograders.export import export_scores
from autograders.gradebook import open_gradebook
from autograders.marking import mark
from autograders.results import latest, log_path
from tests.small_class import (
    answers_file,
    hand_in,
    hand_in_answers,
    make_course,
    model_answers,
    notebook_with,
    poor_answers,
)

TASK = "reading-replies"
MODEL = model_answers(TASK)
CLASS: dict[str, Any] = {
    "ann": MODEL,
    "bob": poor_answers(TASK, ""),
    "cy": {},
    "dee": {"replies_1": MODEL["replies_1"]},
    "eve": {"replies_1": {"r1": "nonsense", "zz": "hear"}, "replies_2": ["hear"], "replies_3": 7},
    "fay": {**MODEL, "replies_2": "hear, empathise, apologise, act"},
}


def class_of(folder: Path) -> Path:
    course = make_course(folder, assignments=(TASK,))
    for learner, answers in CLASS.items():
        hand_in_answers(course, learner, TASK, answers)
    hand_in(course, "gus", TASK, notebook=notebook_with(TASK, {}), answers=answers_file(TASK, MODEL))
    hand_in(course, "hal", TASK, notebook=b"")
    return course


def gradebook_of(course: Path) -> Any:
    with open_gradebook(course) as grades:
        return grades.scores(TASK)


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    course = class_of(tmp_path_factory.mktemp("marked") / "course")
    mark(course, TASK)
    return course


def test_points_are_those_of_the_key(marked: Path) -> None:
    points = {learner: record.points for learner, record in latest(marked, TASK).items()}
    assert points["ann"] == points["gus"] == 18.0
    assert points["cy"] == points["eve"] == 0.0
    assert points["dee"] == 6.0
    assert points["fay"] == 12.0
    assert points["hal"] is None


def test_a_new_submission_is_a_new_record_and_the_last_counts(tmp_path: Path) -> None:
    course = make_course(tmp_path / "course", assignments=(TASK,))
    hand_in_answers(course, "ann", TASK, {})
    assert mark(course, TASK).lines[0].points == 0.0
    hand_in_answers(course, "ann", TASK, MODEL)
    assert mark(course, TASK).lines[0].points == 18.0
    assert len(log_path(course, TASK).read_bytes().splitlines()) == 2
    assert sum(score.points for score in gradebook_of(course)["ann"]) == 18.0
    hand_in(course, "ann", TASK, notebook=b"{")
    summary = mark(course, TASK)
    assert summary.refused == 1
    assert [score.points for score in gradebook_of(course)["ann"]] == [None, None, None]


def test_a_changed_key_marks_again_only_what_had_no_mark(tmp_path: Path) -> None:
    course = make_course(tmp_path / "course", assignments=(TASK,))
    hand_in_answers(course, "ann", TASK, MODEL)
    mark(course, TASK)
    hand_in_answers(course, "bob", TASK, MODEL)
    assert mark(course, TASK, seconds=0.0).failed == 1
    key = course / "autograders" / "keys" / f"{TASK}.yaml"
    key.write_text(key.read_text(encoding="utf-8") + "# looked at again\n", encoding="utf-8")
    ann, bob = mark(course, TASK).lines
    assert (ann.again, ann.earlier) == (True, True)
    assert (bob.again, bob.earlier, bob.points) == (False, False, 18.0)


def test_a_mark_by_hand_is_kept(tmp_path: Path) -> None:
    course = make_course(tmp_path / "course", assignments=(TASK,))
    hand_in_answers(course, "ann", TASK, {})
    mark(course, TASK)
    with open_gradebook(course) as grades:
        grade = grades._book.find_grade("replies_1_check", TASK, TASK, "ann")
        grade.manual_score, grade.needs_manual_grade = 5.0, False
        grades._book.db.commit()
    mark(course, TASK)
    first = gradebook_of(course)["ann"][0]
    assert (first.points, first.by_hand, first.waiting) == (5.0, True, False)
    hand_in_answers(course, "ann", TASK, MODEL)
    mark(course, TASK)
    first = gradebook_of(course)["ann"][0]
    assert (first.points, first.automatic, first.by_hand, first.waiting) == (5.0, 6.0, True, True)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_everybody_is_in_the_export_and_not_handed_in_is_no_zero(tmp_path: Path) -> None:
    course = make_course(tmp_path / "course", assignments=(TASK,))
    (course / "roster.csv").write_text(
        'id,first_name,last_name\nann,Ann,"=HYPERLINK(1), née O’Neil"\nbob,Bob,B\n'
    )
    hand_in_answers(course, "ann", TASK, {"replies_1": MODEL["replies_1"]})
    mark(course, TASK)
    scores, questions = export_scores(course)
    rows = {row["learner"]: row for row in rows_of(scores)}
    assert rows["ann"]["last_name"] == "'=HYPERLINK(1), née O’Neil"
    assert (rows["ann"]["points"], rows["ann"]["out_of"], rows["ann"]["status"]) == ("6", "18", "graded")
    assert (rows["bob"]["points"], rows["bob"]["status"]) == ("", "not handed in")
    assert rows["ann"]["log_head"] == latest(course, TASK)["ann"].hash
    assert [row["points"] for row in rows_of(questions)] == ["6", "0", "0"]
