"""The class that goes through the course: who is in it, what it leaves, and that it is the same each time."""

import csv
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from autograders.classroom import FORMS, classroom
from autograders.demo import Demonstration, run_demo
from autograders.keys_reading import COMPONENTS, LabelsQuestion, PlanQuestion, key
from autograders.rated import rated_plans
from autograders.results import latest


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """A demonstration with six learners, two of each form."""
    return run_demo(tmp_path_factory.mktemp("class") / "demo", learners=6)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_sixty_learners_hand_in_every_plan_of_the_bank_once():
    pupils = classroom()
    assert len({pupil.learner.id for pupil in pupils}) == 60
    assert len({pupil.learner.name for pupil in pupils}) == 60
    assert Counter(pupil.form for pupil in pupils) == dict.fromkeys(FORMS, 20)
    assert sorted(plan.id for pupil in pupils for plan in pupil.plans) == sorted(p.id for p in rated_plans())


@pytest.mark.parametrize("size", [1, 3, 6, 59])
def test_a_smaller_class_is_a_part_of_the_whole(size):
    assert len(classroom(size)) == size
    assert all(pupil in classroom() for pupil in classroom(size))


def test_a_form_asks_for_plans_on_just_the_complaints_that_the_class_has_plans_for(root):
    for form, complaints in FORMS.items():
        found = key(form, start=root)
        assert found
        asked = [q.scenario for q in found.questions.values() if isinstance(q, PlanQuestion)]
        assert tuple(asked) == complaints


def test_labels_are_of_mixed_quality_and_better_where_plans_are_better(root):
    found = key("reading-replies", start=root)
    assert found
    pupils = sorted(classroom(), key=lambda pupil: sum(plan.total for plan in pupil.plans))
    shares = []
    for pupil in pupils:
        answers = pupil.answers(found)
        asked = [
            (n, r) for n, q in found.questions.items() if isinstance(q, LabelsQuestion) for r in q.replies
        ]
        right = sum((answers[n] or {}).get(r.id) == r.label for n, r in asked)
        shares.append(right / len(asked))
    assert min(shares) < 0.5 < 0.9 < max(shares)
    assert sum(shares[:20]) + 2 < sum(shares[-20:])


def test_the_same_learner_gives_the_same_answers_each_time(root):
    found = key("heat-plan-b", start=root)
    assert found
    pupil = next(one for one in classroom() if one.form == "heat-plan-b")
    assert pupil.answers(found) == pupil.answers(found)


@pytest.mark.nbgrader
def test_every_hand_in_is_marked_and_every_learner_gets_a_page(demo):
    assert [len(summary.lines) for summary in demo.summaries] == [6, 2, 2, 2]
    assert all(line.status in ("graded", "needs_person") for s in demo.summaries for line in s.lines)
    assert all(line.points is not None for summary in demo.summaries for line in summary.lines)
    assert len(demo.feedback) == 12
    for pupil in demo.pupils:
        for assignment in pupil.assignments:
            page = demo.folder / "feedback" / pupil.learner.id / assignment / f"{assignment}.html"
            assert page in demo.feedback
            assert page.is_file()


@pytest.mark.nbgrader
def test_what_is_marked_is_what_the_learner_wrote(demo):
    for pupil in demo.pupils:
        for assignment in pupil.assignments:
            found = key(assignment, start=demo.folder)
            assert found
            given = {name: value for name, value in pupil.answers(found).items() if value is not None}
            assert latest(demo.folder, assignment)[pupil.learner.id].answers == given


@pytest.mark.nbgrader
def test_a_hand_in_holds_the_notebook_the_answers_file_and_the_receipt(demo):
    pupil = demo.pupils[0]
    folder = demo.folder / "submitted" / pupil.learner.id / pupil.form
    names = {path.name for path in folder.iterdir()}
    wanted = {f"{pupil.form}.ipynb", f"{pupil.form}.answers.json", "receipt.json", "timestamp.txt"}
    assert wanted <= names
    assert (folder / "timestamp.txt").read_text().startswith("2026-03-")
    receipt = json.loads((folder / "receipt.json").read_text())
    assert receipt["assignment"] == pupil.form


@pytest.mark.nbgrader
def test_scores_as_csv_have_a_line_for_each_hand_in(demo):
    found = [row for row in rows(demo.scores) if row["status"] != "not handed in"]
    assert sorted((row["learner"], row["assignment"]) for row in found) == sorted(
        (pupil.learner.id, name) for pupil in demo.pupils for name in pupil.assignments
    )
    assert all(0 <= float(row["points"]) <= float(row["out_of"]) for row in found)


@pytest.mark.nbgrader
def test_nbgraders_own_gradebook_holds_the_same_marks(demo):
    with sqlite3.connect(demo.folder / "gradebook.db") as book:
        held = book.execute(
            "select submitted_assignment.student_id, assignment.name, base_cell.name, grade.auto_score"
            " from grade"
            " join base_cell on base_cell.id = grade.cell_id"
            " join submitted_notebook on submitted_notebook.id = grade.notebook_id"
            " join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id"
            " join assignment on assignment.id = submitted_assignment.assignment_id"
        ).fetchall()
    logged = [
        (learner, name, cell, mark.points)
        for name in ("reading-replies", *FORMS)
        for learner, record in latest(demo.folder, name).items()
        for cell, mark in record.cells.items()
    ]
    assert sorted(held) == sorted(logged)
    assert len(held) == len(demo.pupils) * (3 + 2 + 2 * len(COMPONENTS))


@pytest.mark.nbgrader
def test_stock_nbgrader_opens_the_folder_that_a_demonstration_leaves(demo, environment, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(demo.folder, folder)
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    for arguments in (
        ["export", "--to=all.csv"],
        ["list"],
        ["autograde", demo.pupils[0].form, f"--student={demo.pupils[0].learner.id}", "--force"],
    ):
        command = [sys.executable, "-m", "nbgrader", *arguments]
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    exported = rows(folder / "all.csv")
    ours = {(row["learner"], row["assignment"]): row for row in rows(demo.scores)}
    assert len(exported) == 24, "six learners, four assignments"
    for row in exported:
        own = ours[row["student_id"], row["assignment"]]
        if own["points"]:
            assert float(row["score"]) == pytest.approx(float(own["points"]))


@pytest.mark.nbgrader
def test_two_demonstrations_give_the_same_scores_and_the_same_report(demo, tmp_path):
    again = run_demo(tmp_path / "again", learners=6)
    assert again.scores.read_bytes() == demo.scores.read_bytes()
    assert again.report.read_bytes() == demo.report.read_bytes()


@pytest.mark.nbgrader
def test_no_key_reaches_a_learner_through_the_exchange(demo):
    outbound = [path for path in (demo.folder / "exchange").glob("*/outbound/*/*") if path.is_file()]
    assert sorted(path.stem for path in outbound) == sorted(["reading-replies", *FORMS])
    for path in outbound:
        found, released = key(path.stem, start=demo.folder), path.read_text(encoding="utf-8")
        assert found
        for question in found.questions.values():
            secrets = (
                [question.model] if isinstance(question, PlanQuestion) else [r.why for r in question.replies]
            )
            assert not [secret for secret in secrets if json.dumps(secret)[1:40] in released]
