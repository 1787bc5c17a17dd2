"""What an instructor changes in a rubric takes effect: its points and its levels, in master and mark."""

from pathlib import Path

import pytest

from autograders.keys_reading import read_key
from autograders.marking import mark
from autograders.masters import write_notebooks, write_releases
from autograders.new import new_course
from autograders.results import latest
from tests.classroom import cell, read
from tests.small_class import hand_in_answers, model_answers

TASK = "heat-plan-a"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return new_course(tmp_path / "mine")


def rewrite(path: Path, old: str, new: str) -> None:
    written = path.read_text(encoding="utf-8")
    assert old in written
    path.write_text(written.replace(old, new, 1), encoding="utf-8")


@pytest.mark.nbgrader
def test_a_step_is_worth_what_its_rubric_says(course: Path) -> None:
    rewrite(
        course / "autograders/rubrics/heat-plan.yaml",
        "    name: Hear\n    points: 2",
        "    name: Hear\n    points: 5",
    )
    write_notebooks(course)
    write_releases(course)
    release = course / "assignments" / TASK / f"{TASK}.ipynb"
    worth = {
        name: cell(read(release), f"plan_1_{name}")["metadata"]["nbgrader"]["points"]
        for name in ("hear", "act")
    }
    assert worth == {"hear": 5, "act": 2}
    full = model_answers(TASK)
    hand_in_answers(course, "ann", TASK, full)
    hand_in_answers(course, "bo", TASK, full | {"plan_1": ""})
    assert mark(course, TASK).graded == 2
    records = latest(course, TASK)
    assert {name: record.cells["plan_1_hear"].points for name, record in records.items()} == {
        "ann": 5.0,
        "bo": 0.0,
    }
    assert records["ann"].points == records["ann"].out_of == 30


def test_a_plan_is_read_by_the_rubric_that_its_key_names(course: Path) -> None:
    rubrics = course / "autograders" / "rubrics"
    (rubrics / "strict.yaml").write_bytes((rubrics / "heat-plan.yaml").read_bytes())
    rewrite(rubrics / "strict.yaml", "id: heat-plan", "id: strict")
    rewrite(rubrics / "strict.yaml", 'level: 2, when: "owned apology"', 'level: 1, when: "owned apology"')
    key = course / "autograders" / "keys" / f"{TASK}.yaml"
    hand_in_answers(course, "ann", TASK, model_answers(TASK))
    mark(course, TASK)
    assert latest(course, TASK)["ann"].cells["plan_1_apologise"].points == 2.0
    rewrite(key, "rubric: heat-plan", "rubric: strict")
    assert read_key(key).questions["plan_1"].rubric == "strict"  # type: ignore[union-attr]
    hand_in_answers(course, "bo", TASK, model_answers(TASK))
    mark(course, TASK)
    cells = latest(course, TASK)["bo"].cells
    assert (cells["plan_1_apologise"].points, cells["plan_1_apologise"].detail["level"]) == (1.0, 1)
    assert (
        latest(course, TASK)["ann"].cells["plan_1_apologise"].points == 2.0
    )  # given before: a regrade is for that
