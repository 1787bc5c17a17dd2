"""Late work in the marking door: the gradebook, the log, the export, the page and the report say the same."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograders.class_results import class_results
from autograders.export import export_scores
from autograders.feedback import write_feedback
from autograders.gradebook import open_gradebook
from autograders.late_marks import as_data, late_of, rules_named
from autograders.marking import CannotMark, mark
from autograders.record import read_record
from autograders.report import report_html
from autograders.results import latest, log_path
from tests.small_class import hand_in_answers, make_course, model_answers

TASK = "reading-replies"
MODEL = model_answers(TASK)
HALF = {"replies_1": MODEL["replies_1"], "replies_2": MODEL["replies_2"]}
DEADLINES = """\
time_zone: Europe/Berlin
grace: 15 minutes
late: {policy: per_day, share: 0.1, floor: 0.5}
assignments:
  reading-replies: {due: 2026-03-02 18:00}
learners:
  cy:
    multiplier: 2
    why: The office for students asks for it.
  dee: {waiver: There was a flood.}
  eve: {assignments: {reading-replies: {extension: 3 days, why: Flu.}}}
"""
LATE = "2026-03-04 12:00:00 UTC"

# who, when it came in, what they answered, the points that are lost
CLASS: dict[str, tuple[str, Any, float]] = {
    "ann": ("2026-03-02 16:00:00 UTC", MODEL, 0.0),
    "bob": (LATE, MODEL, 3.6),
    "cy": (LATE, MODEL, 1.8),
    "dee": (LATE, MODEL, 0.0),
    "eve": (LATE, MODEL, 0.0),
    "fay": (LATE, HALF, 2.4),
    "gus": (LATE, {}, 0.0),
    "hal": ("", MODEL, 0.0),
}


def course_of(folder: Path, rules: str = DEADLINES) -> Path:
    course = make_course(folder, assignments=(TASK,))
    (course / "deadlines.yaml").write_text(rules)
    for learner, (received, answers, _) in CLASS.items():
        place = hand_in_answers(course, learner, TASK, answers)
        (place / "timestamp.txt").write_text(received)
    return course


def penalties(course: Path) -> dict[str, float | None]:
    with open_gradebook(course) as grades:
        notebooks = grades._book.find_assignment(TASK).submissions
        return {each.student.id: each.notebooks[0].late_submission_penalty for each in notebooks}


def by_hand(course: Path, learner: str, points: float) -> None:
    with open_gradebook(course) as grades:
        grade = grades._book.find_grade("replies_1_check", TASK, TASK, learner)
        grade.manual_score, grade.needs_manual_grade = points, False
        grades._book.db.commit()


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    course = course_of(tmp_path_factory.mktemp("late") / "course")
    mark(course, TASK)
    return course


@pytest.fixture
def again(marked: Path, tmp_path: Path, copied: Callable[[Path, Path], Path]) -> Path:
    """A copy of the marked course, to change."""
    return copied(marked, tmp_path / "course")


@pytest.fixture(scope="session")
def copied() -> Callable[[Path, Path], Path]:
    import shutil

    return lambda source, target: Path(shutil.copytree(source, target))


def test_the_gradebook_holds_each_penalty(marked: Path) -> None:
    assert penalties(marked) == {who: lost or None for who, (_, _, lost) in CLASS.items()}


def test_the_gradebook_shows_when_it_is_due(marked: Path) -> None:
    with open_gradebook(marked) as grades:
        assert str(grades._book.find_assignment(TASK).duedate) == "2026-03-02 17:00:00"


def test_the_record_names_the_rules_and_comes_back_from_the_log_as_it_was(marked: Path) -> None:
    records = latest(marked, TASK)
    assert rules_named(records["cy"]) == (
        "assignments.reading-replies.due; learners.cy.multiplier; grace; late; late"
    )
    for line in log_path(marked, TASK).read_bytes().splitlines():
        record = read_record(line)
        late = late_of(record)
        assert late is not None
        assert as_data(late) == record.late
        assert record.line() == line


def test_an_unknown_time_of_receipt_waits_for_a_person_and_costs_nothing(marked: Path) -> None:
    record = latest(marked, TASK)["hal"]
    assert (record.status, record.points, penalties(marked)["hal"]) == ("needs_person", 18.0, None)
    with open_gradebook(marked) as grades:
        assert grades.waiting(TASK) == {"hal"}


def test_a_run_tells_whose_time_nobody_knows(again: Path) -> None:
    summary = mark(again, TASK)
    assert summary.needs_person == 1
    (line,) = [line for line in summary.lines if line.learner == "hal"]
    assert "nobody knows when it came in" in line.sentence
    assert "timestamp.txt" in line.sentence


def test_the_export_tells_penalty_and_rules(marked: Path) -> None:
    scores = export_scores(marked)[0]
    with scores.open(newline="", encoding="utf-8") as file:
        rows = {row["learner"]: row for row in csv.DictReader(file)}
    told = {who: (float(row["points"]), float(row["late_penalty"])) for who, row in rows.items()}
    assert told["bob"] == (14.4, 3.6)
    assert told["fay"] == (9.6, 2.4)
    assert rows["dee"]["late_rules"].endswith("learners.dee.waiver")
    assert "flood" not in scores.read_text(), "a reason is for the learner and the teacher"


def test_the_page_tells_a_learner_what_was_lost_and_why(marked: Path) -> None:
    pages = {path.parent.parent.name: path.read_text() for path in write_feedback(marked, TASK)}
    assert "14.4 of 18 points" in pages["bob"]
    assert "Points taken off because it came in late: 3.6. Without that you would have 18." in pages["bob"]
    assert "Due 2026-03-02 18:00 (Europe/Berlin)." in pages["bob"]
    assert "Each takes 10 % of your points." in pages["bob"]
    assert "The office for students asks for it." in pages["cy"]
    assert "There was a flood." in pages["dee"]
    assert "18 of 18 points" in pages["eve"]
    assert "You had until 2026-03-05 18:00 (Europe/Berlin)." in pages["eve"]
    assert "We do not know when it came in." in pages["hal"]
    assert "When it came in" not in pages["ann"]
    assert "flood" not in pages["bob"]


def test_the_report_lists_late_work_with_its_rules(marked: Path) -> None:
    results = class_results(marked)
    assert [(one.learner.id, one.lost, one.person) for one in results.late] == [
        ("hal", 0.0, True), ("bob", 3.6, False), ("fay", 2.4, False), ("cy", 1.8, False),
        ("dee", 0.0, False), ("eve", 0.0, False), ("gus", 0.0, False),
    ]  # fmt: skip
    points = {row.learner.id: row.parts[0].points for row in results.rows}
    assert (points["bob"], points["fay"], points["cy"]) == (14.4, 9.6, 16.2)
    (waits,) = results.waiting
    assert "nobody knows when it came in" in waits.because


def test_a_second_run_changes_nothing(again: Path) -> None:
    before = log_path(again, TASK).read_bytes(), penalties(again)
    assert mark(again, TASK).marked_before == len(CLASS)
    assert (log_path(again, TASK).read_bytes(), penalties(again)) == before


def test_changed_rules_are_applied_without_judging_again(again: Path) -> None:
    by_hand(again, "bob", 1.0)
    before = latest(again, TASK)
    (again / "deadlines.yaml").write_text(DEADLINES.replace("share: 0.1", "share: 0.2"))
    summary = mark(again, TASK, seconds=0.0)  # a child that judged anything would fail
    assert summary.failed == 0
    after = latest(again, TASK)
    assert {who: record.cells for who, record in after.items()} == {
        who: record.cells for who, record in before.items()
    }
    assert penalties(again)["fay"] == 4.8
    assert penalties(again)["bob"] == 5.2, "two tenths a day of 13 points, one of them by hand"
    with open_gradebook(again) as grades:
        score = grades.scores(TASK)["bob"][0]
    assert (score.points, score.by_hand, score.waiting) == (1.0, True, False)
    lines = log_path(again, TASK).read_bytes().splitlines()
    changed = {read_record(line).learner for line in lines[len(CLASS) :]}
    assert changed == {"bob", "cy", "fay", "gus"}


def test_rules_that_are_taken_away_leave_no_penalty(again: Path) -> None:
    (again / "deadlines.yaml").unlink()
    summary = mark(again, TASK, seconds=0.0)
    assert (summary.failed, summary.needs_person) == (0, 0)
    assert set(penalties(again).values()) == {None}
    assert not any(record.late for record in latest(again, TASK).values())


def test_a_mark_by_hand_after_the_run_takes_its_penalty_along(again: Path) -> None:
    by_hand(again, "bob", 1.0)
    log = log_path(again, TASK).read_bytes()
    points = {row.learner.id: row.parts[0].points for row in class_results(again).rows}
    assert points["bob"] == pytest.approx(13 * 0.8)
    mark(again, TASK)
    assert penalties(again)["bob"] == pytest.approx(13 * 0.2)
    assert log_path(again, TASK).read_bytes() == log


def test_who_read_it_decides_where_nobody_knows_the_time(again: Path) -> None:
    by_hand(again, "hal", 6.0)
    assert mark(again, TASK).needs_person == 0
    (again / "submitted" / "hal" / TASK / "timestamp.txt").write_text(LATE)
    mark(again, TASK)
    assert penalties(again)["hal"] == 3.6


def test_an_extension_that_nbgrader_granted_counts(again: Path) -> None:
    with open_gradebook(again) as grades:
        grades._book.grant_extension(TASK, "bob", days=5)
    mark(again, TASK)
    assert penalties(again)["bob"] is None
    assert "nbgrader's gradebook" in rules_named(latest(again, TASK)["bob"])


def test_nothing_is_marked_by_rules_that_cannot_be_read(again: Path) -> None:
    log = log_path(again, TASK).read_bytes()
    (again / "deadlines.yaml").write_text(DEADLINES.replace("floor", "flor"))
    with pytest.raises(
        CannotMark, match=r"deadlines.yaml:3: unknown key 'flor' in late; did you mean 'floor'"
    ):
        mark(again, TASK)
    assert log_path(again, TASK).read_bytes() == log


def test_views_that_a_kill_left_behind_are_brought_in_step(again: Path) -> None:
    (again / "deadlines.yaml").write_text(DEADLINES.replace("share: 0.1", "share: 0.2"))
    mark(again, TASK)
    wanted, log = penalties(again), log_path(again, TASK).read_bytes()
    for page in (again / "autograded").rglob("*.ipynb"):
        record = latest(again, TASK)[page.parent.parent.name]
        page.write_bytes(page.read_bytes().replace(record.hash.encode(), b"0" * 64))
    with open_gradebook(again) as grades:
        for submission in grades._book.find_assignment(TASK).submissions:
            submission.notebooks[0].late_submission_penalty = 1.0
        grades._book.db.commit()
    mark(again, TASK, seconds=0.0)
    assert penalties(again) == wanted
    assert log_path(again, TASK).read_bytes() == log


def test_the_report_can_be_drawn_with_late_work(marked: Path) -> None:
    from autograders import judge
    from autograders.bank_agreement import bank_agreement

    page = report_html(class_results(marked), bank_agreement(judge))
    assert "<h2>Late work</h2>" in page
    assert "learners.dee.waiver" in page
