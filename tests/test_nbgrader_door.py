"""Stock nbgrader, from release to export, with three learners: blank, model and mischief."""

import json
import sqlite3
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograders.keys_reading import COMPONENTS, Key, LabelsQuestion, read_key
from autograders.masters import tasks_of
from autograders.score import MIME
from course.engine.literal import cell_source
from tests.classroom import Classroom, answer, cell, open_classroom, read

pytestmark = pytest.mark.nbgrader

HEAT, READING = "heat-plan-a", "reading-replies"
LEARNERS = ("blank", "mischief", "model")


def key_of(room: Classroom, assignment: str) -> Key:
    return read_key(room.course / "autograders" / "keys" / f"{assignment}.yaml")


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """A class that went all the way with heat-plan-a, from release to feedback."""
    room = open_classroom(tmp_path_factory.mktemp("class"), LEARNERS)
    room.nbgrader("generate_assignment", HEAT)
    room.nbgrader_in_turn(
        ("", "release_assignment", HEAT), *((learner, "fetch_assignment", HEAT) for learner in LEARNERS)
    )
    answer(room.notebook("model", HEAT), model_answers(key_of(room, HEAT)))
    make_mischief(room.notebook("mischief", HEAT))
    room.nbgrader_in_turn(*((learner, "submit", HEAT) for learner in LEARNERS), ("", "collect", HEAT))
    room.nbgrader("autograde", HEAT)
    room.nbgrader_in_turn(("", "generate_feedback", HEAT), ("", "release_feedback", HEAT))
    return room


def model_answers(key: Key) -> dict[str, str]:
    return {name: cell_source(name, task.model) for name, task in tasks_of(key).items()}


def make_mischief(path: Path) -> None:
    """Do what a learner might: code for an answer, forged and missing checks, wrong types, markup."""
    answer(
        path,
        {
            "replies_1": f"replies_1 = open({str(path.parent / 'harm')!r}, 'w')",
            "replies_2": 'replies_2 = {"r1": "splendid", "r2": 7, "r99": "hear"}',
            "plan_1": 'plan_1 = "<script>alert(1)</script> I don\'t care."',
            "plan_2": "plan_2 = 5",
        },
    )
    for name in ("autograders", "course", "usercustomize"):
        (path.parent / f"{name}.py").write_text("open('harm', 'w')", encoding="utf-8")
    (path.parent / "nbgrader_config.py").write_text("c = get_config()", encoding="utf-8")
    notebook = read(path)
    cell(notebook, "plan_1_hear")["source"] = "2.0"
    cell(notebook, "plan_1_act")["metadata"]["nbgrader"]["points"] = 1000
    notebook["cells"].remove(cell(notebook, "replies_1_check"))
    forged = "import autograders.checks\nautograders.checks.check_plan = lambda *_: 2.0\nopen('harm', 'w')"
    extra = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": forged}
    notebook["cells"].insert(0, extra | {"id": "mine"})
    path.write_text(json.dumps(notebook), encoding="utf-8")
    path.with_name("autograders.py").write_text(
        "open('harm', 'w')\ncheck_labels = check_plan = lambda *_: 2.0\n"
    )


def grades(room: Classroom, learner: str) -> dict[str, tuple[float | None, bool]]:
    """Return (automatic score, in the queue for a person) of every graded cell, as formgrader reads them."""
    with sqlite3.connect(room.course / "gradebook.db") as db:
        rows = db.execute(
            "select base_cell.name, grade.auto_score, grade.needs_manual_grade from grade"
            " join base_cell on base_cell.id = grade.cell_id"
            " join submitted_notebook on submitted_notebook.id = grade.notebook_id"
            " join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id"
            " where submitted_assignment.student_id = ?",
            (learner,),
        ).fetchall()
    return {name: (score, bool(waits)) for name, score, waits in rows}


def marked(room: Classroom, learner: str, grade_id: str) -> dict[str, object]:
    """Return the first output of a check cell, as data by MIME type."""
    path = room.course / "autograded" / learner / HEAT / f"{HEAT}.ipynb"
    data: dict[str, object] = cell(read(path), grade_id)["outputs"][0]["data"]
    return data


def text(room: Classroom, learner: str, grade_id: str) -> str:
    return "".join(marked(room, learner, grade_id)["text/html"])  # type: ignore[arg-type]


def test_the_model_answers_earn_full_marks(room: Classroom) -> None:
    given = {name: score for name, (score, _) in grades(room, "model").items()}
    assert given == {
        f"{name}_{part}": points
        for name, question in key_of(room, HEAT).questions.items()
        for part, points in (
            [("check", float(question.points))]
            if isinstance(question, LabelsQuestion)
            else [(component, 2.0) for component in COMPONENTS]
        )
    }


def test_the_export_holds_everybodys_sum(room: Classroom) -> None:
    scores = room.scores()
    assert scores["model", HEAT] == sum(
        check.points for task in tasks_of(key_of(room, HEAT)).values() for check in task.checks
    )
    assert scores["blank", HEAT] == 0


def test_blank_earns_nothing_is_told_so_and_waits_for_nobody(room: Classroom) -> None:
    assert set(grades(room, "blank").values()) == {(0.0, False)}
    assert "Not answered" in text(room, "blank", "replies_1_check")
    assert "not answered" in text(room, "blank", "plan_1_hear")


def test_no_code_of_a_learner_was_executed(room: Classroom) -> None:
    assert not list(room.course.rglob("harm")) + list(room.homes.rglob("harm"))


def test_an_answer_that_is_code_has_no_score_until_a_person_looked(room: Classroom) -> None:
    assert grades(room, "mischief")["replies_1_check"] == (None, True)
    assert "could not be read" in text(room, "mischief", "replies_1_check")


@pytest.mark.parametrize("grade_id", ["replies_2_check", "plan_1_hear", "plan_1_act", "plan_2_empathise"])
def test_mischief_earns_nothing_by_forging(room: Classroom, grade_id: str) -> None:
    assert grades(room, "mischief")[grade_id][0] == 0.0


def test_formgrader_lists_who_waits_for_a_person_and_nobody_else(room: Classroom) -> None:
    with Gradebook(f"sqlite:///{room.course / 'gradebook.db'}") as gradebook:
        submissions = gradebook.notebook_submission_dicts(HEAT, HEAT)
    assert {one["student"]: one["needs_manual_grade"] for one in submissions} == {
        "blank": False,
        "mischief": True,
        "model": False,
    }


def test_unknown_labels_and_replies_are_told_by_name(room: Classroom) -> None:
    told = text(room, "mischief", "replies_2_check")
    assert "“splendid” is not one of the labels" in told
    assert "“7” is not one of the labels" in told
    assert "for example “r99”" in told


def test_the_feedback_page_shows_markup_of_a_learner_as_text(room: Classroom) -> None:
    page = (room.course / "feedback" / "mischief" / HEAT / f"{HEAT}.html").read_text(encoding="utf-8")
    assert "<script>alert(1)" not in page


def test_a_score_stands_in_the_marked_notebook_as_number_words_and_data(room: Classroom) -> None:
    data = marked(room, "model", "replies_1_check")
    assert "".join(data["text/plain"]) == "4.0"  # type: ignore[arg-type]
    assert data[MIME] == {"points": 4.0, "out_of": 4.0, "needs_person": False, "our_fault": False}
    assert "4 of 4 points" in text(room, "model", "replies_1_check")


def test_a_missing_key_is_our_fault_and_never_a_mark(room: Classroom) -> None:
    key = room.course / "autograders" / "keys" / f"{HEAT}.yaml"
    away = key.rename(key.with_suffix(".away"))
    try:
        room.nbgrader("autograde", HEAT, "--student=model", "--force")
    finally:
        away.rename(key)
    assert set(grades(room, "model").values()) == {(None, True)}
    assert "our fault" in text(room, "model", "plan_1_hear")
    room.nbgrader("autograde", HEAT, "--student=model", "--force")
    assert {waits for _, waits in grades(room, "model").values()} == {False}


def test_a_release_with_a_gradebook_is_the_one_that_we_ship(room: Classroom, root: Path) -> None:
    name = f"assignments/{HEAT}/{HEAT}.ipynb"
    assert (room.course / name).read_bytes() == (root / name).read_bytes()


def test_nothing_but_the_notebook_is_released(room: Classroom) -> None:
    assert [path.name for path in (room.course / "assignments" / HEAT).iterdir()] == [f"{HEAT}.ipynb"]


def test_validation_tells_a_learner_what_is_missing(room: Classroom) -> None:
    home = room.homes / "halfway"
    home.mkdir()
    copy = home / f"{HEAT}.ipynb"
    copy.write_bytes((room.course / "assignments" / HEAT / copy.name).read_bytes())
    answer(copy, {"plan_1": 'plan_1 = "I would listen."'})
    said = room.python("-m", "nbgrader", "validate", copy.name, cwd=home)
    assert "VALIDATION FAILED ON 10 CELL(S)" in said
    assert "replies_1: nothing yet" in said
    assert "plan_1: 3 words" in said


def test_validation_passes_a_complete_notebook_without_marking_it(room: Classroom) -> None:
    said = room.python("-m", "nbgrader", "validate", f"{HEAT}.ipynb", cwd=room.notebook("model", HEAT).parent)
    assert "Success! Your notebook passes all the tests." in said
    assert "cannot be converted" not in said
