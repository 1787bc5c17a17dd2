"""A new key changes no mark that was given until somebody approves the very diff that was shown."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from autograders.audit import Entry, audit_path, read_audit
from autograders.autograded import autograded_path
from autograders.backups import backups
from autograders.gradebook import open_gradebook
from autograders.marking import mark
from autograders.regrade_shown import as_lines
from autograders.regrading import NotApproved, Regrade, regrade
from autograders.results import CannotMark, latest, log_path
from autograders.verifying import verify
from tests.small_class import (
    hand_in,
    hand_in_answers,
    make_course,
    model_answers,
    notebook_with,
    poor_answers,
)

TASK = "reading-replies"
MODEL = model_answers(TASK)
SLIP: dict[str, Any] = {**MODEL, "replies_1": {**MODEL["replies_1"], "r1": "empathise"}}
CLASS: dict[str, Any] = {"ann": MODEL, "bob": poor_answers(TASK, ""), "cy": SLIP, "dee": MODEL}
WHY = "r1 was keyed wrongly"


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    course = make_course(tmp_path_factory.mktemp("marked") / "course", assignments=(TASK,))
    for learner, answers in CLASS.items():
        hand_in_answers(course, learner, TASK, answers)
    mark(course, TASK, workers=1)
    return course


@pytest.fixture(scope="module")
def changed(marked: Path) -> Path:
    """The marked class, whose key was changed since: the first reply empathises now. Nobody writes here."""
    course = marked.with_name("changed")
    shutil.copytree(marked, course)
    change_key(course, lambda key: key["questions"]["replies_1"]["replies"][0].update(label="empathise"))
    return course


@pytest.fixture(scope="module")
def shown(changed: Path) -> Regrade:
    return regrade(changed, TASK, workers=1)


@pytest.fixture(scope="module")
def written(changed: Path, shown: Regrade) -> Path:
    """The class after what was shown was approved."""
    course = changed.with_name("written")
    shutil.copytree(changed, course)
    done = approved(course, shown)
    assert (done.written, done.exit_status) == (True, 0)
    return course


@pytest.fixture
def course(changed: Path, tmp_path: Path) -> Path:
    """A copy of the class whose key was changed."""
    return Path(shutil.copytree(changed, tmp_path / "course"))


def change_key(course: Path, change: Callable[[dict[str, Any]], None]) -> None:
    path = course / "autograders" / "keys" / f"{TASK}.yaml"
    key = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(key)
    first = key["questions"]["replies_1"]["replies"][0]
    first["wrong"] = {name: said for name, said in first["wrong"].items() if name != first["label"]}
    path.write_text(yaml.safe_dump(key, allow_unicode=True, sort_keys=False), encoding="utf-8")


def everything(course: Path) -> dict[str, bytes]:
    files = (path for path in course.rglob("*") if path.is_file())
    return {str(path.relative_to(course)): path.read_bytes() for path in files}


def marks_of(course: Path) -> dict[str, list[float | None]]:
    with open_gradebook(course) as grades:
        return {who: [each.points for each in own] for who, own in grades.scores(TASK).items()}


def by_hand(course: Path, learner: str, points: float) -> None:
    with open_gradebook(course) as grades:
        grade = grades._book.find_grade("replies_1_check", TASK, TASK, learner)
        grade.manual_score, grade.needs_manual_grade = points, False
        grades._book.db.commit()


def waits(course: Path, learner: str) -> bool:
    with open_gradebook(course) as grades:
        return grades.scores(TASK)[learner][0].waiting


def approved(course: Path, shown: Regrade) -> Regrade:
    return regrade(course, TASK, approve=shown.diff.token, by="pat", because=WHY, workers=1)


def test_autograde_leaves_marks_by_an_earlier_key_and_says_so(course: Path) -> None:
    before = log_path(course, TASK).read_bytes(), marks_of(course)
    summary = mark(course, TASK, workers=1)
    assert (log_path(course, TASK).read_bytes(), marks_of(course)) == before
    assert (summary.by_an_earlier_key, summary.marked_before) == (4, 4)
    assert summary.to_regrade == (
        "reading-replies: the key, a rubric or the judge changed after 4 hand-ins had been marked, and those "
        "marks stand; to see who would change, and by how much: heatproof regrade reading-replies"
    )


def test_autograde_marks_what_is_new_with_the_new_key(course: Path) -> None:
    hand_in_answers(course, "eve", TASK, SLIP)
    hand_in_answers(course, "ann", TASK, SLIP)
    summary = mark(course, TASK, workers=1)
    points = {line.learner: (line.points, line.earlier) for line in summary.lines}
    assert points["eve"] == points["ann"] == (18.0, False)
    assert points["cy"] == (17.0, True), "the same answers, handed in and marked before the key changed"


def test_the_diff_says_who_by_how_much_at_which_question_and_why(shown: Regrade) -> None:
    diff = shown.diff
    changes = {each.learner: each for each in diff.changes}
    assert {who: (each.before, each.now) for who, each in changes.items()} == {
        "ann": (18.0, 17.0),
        "cy": (17.0, 18.0),
        "dee": (18.0, 17.0),
    }
    assert (diff.same, diff.reworded) == (1, 1), "bob's label was and is wrong, for another reason"
    (cell,) = changes["cy"].cells
    assert (cell.cell, cell.before, cell.now, cell.out_of) == ("replies_1_check", 5.0, 6.0, 6.0)
    about = {each.about: each for each in cell.why}
    (reply,) = (each for name, each in about.items() if name.startswith("You paid on the first"))
    assert reply.before.startswith("✗ You chose “Empathises”. We see it differently.")
    assert reply.now.startswith("✓ You chose “Empathises”. As we see it.")


def test_what_is_shown_can_be_read(shown: Regrade) -> None:
    lines = list(as_lines(shown.diff))
    assert lines[0] == "ann: 18 → 17 of 18 (-1)"
    assert lines[1] == "  replies_1_check: 6 → 5 of 6"
    assert lines[-2] == "replies_1_check: 1 learner +1, 2 learners -1"
    assert lines[-1] == "reading-replies: 3 learners would change; 1 keeps the marks, with other reasons."
    assert shown.sentence.startswith("Nothing was written. To approve just this: heatproof regrade")
    assert shown.diff.token in shown.sentence


def test_to_show_writes_nothing_and_the_same_diff_has_the_same_token(course: Path, shown: Regrade) -> None:
    before = everything(course)
    again = regrade(course, TASK, workers=1)
    assert (again.exit_status, again.written) == (4, False)
    assert again.diff.token == shown.diff.token
    assert everything(course) == before


def test_what_was_approved_is_written_everywhere(changed: Path, written: Path) -> None:
    records = latest(written, TASK)
    assert {who: record.points for who, record in records.items()} == {
        "ann": 17.0,
        "bob": 1.0,
        "cy": 18.0,
        "dee": 17.0,
    }
    old = log_path(changed, TASK).read_bytes()
    assert log_path(written, TASK).read_bytes().startswith(old), "nothing in the log is changed"
    assert marks_of(written)["cy"] == [6.0, 6.0, 6.0]
    assert records["cy"].hash in autograded_path(written, "cy", TASK).read_text(encoding="utf-8")
    assert verify(written, TASK).differences == ()
    assert mark(written, TASK).to_regrade == ""
    assert regrade(written, TASK).diff.is_empty


def test_the_audit_log_says_who_when_why_from_what_to_what_and_how_many(
    written: Path, shown: Regrade
) -> None:
    entries = read_audit(written)
    assert [entry.what for entry in entries] == ["autograde", "regrade approved", "regrade"]
    last: Entry = entries[-1]
    assert (last.by, last.because, last.assignment) == ("pat", WHY, TASK)
    assert last.when.endswith(" UTC")
    assert last.facts["token"] == shown.diff.token
    assert last.facts["from"] == dict(shown.diff.earlier)
    assert last.facts["to"] == shown.diff.to
    assert (last.facts["changed"], last.facts["same"]) == (3, 1)
    assert last.heads[TASK] == latest(written, TASK)["dee"].hash


def test_there_is_a_backup_before_it(changed: Path, written: Path) -> None:
    made = backups(written)[-1]
    assert made.before == f"regrade {TASK}"
    held = made.folder / "results" / f"{TASK}.jsonl"
    assert held.read_bytes() == log_path(changed, TASK).read_bytes()


def to_hear_again(course: Path) -> None:
    change_key(course, lambda key: key["questions"]["replies_1"]["replies"][1].update(label="hear", wrong={}))


def hand_mark(course: Path) -> None:
    by_hand(course, "cy", 4.5)


def handed_in(course: Path) -> None:
    hand_in_answers(course, "dee", TASK, SLIP)


CHANGED = {"the key again": to_hear_again, "a mark by hand": hand_mark, "a new hand-in": handed_in}


@pytest.mark.parametrize("change", CHANGED.values(), ids=CHANGED.keys())
def test_a_diff_that_changed_is_refused(course: Path, shown: Regrade, change: Callable[[Path], None]) -> None:
    change(course)
    before = everything(course)
    with pytest.raises(NotApproved, match=r"does not approve this diff: .* nothing was written"):
        approved(course, shown)
    assert everything(course) == before


def test_a_mark_by_hand_of_who_would_not_change_and_a_first_hand_in_refuse_nothing(
    course: Path, shown: Regrade
) -> None:
    by_hand(course, "bob", 2.5)
    hand_in_answers(course, "eve", TASK, MODEL)
    assert approved(course, shown).written
    assert marks_of(course)["bob"][0] == 2.5


def test_a_diff_that_is_empty_cannot_be_approved(marked: Path) -> None:
    with pytest.raises(NotApproved, match="nothing to approve"):
        regrade(marked, TASK, approve="0123456789abcdef", workers=1)


def test_a_mark_by_hand_stands_and_is_looked_at_again_only_where_the_key_says_otherwise(
    course: Path, tmp_path: Path
) -> None:
    by_hand(course, "cy", 4.5)
    by_hand(course, "bob", 2.5)
    shown = regrade(course, TASK, workers=1)
    change = next(each for each in shown.diff.changes if each.learner == "cy")
    assert (change.before, change.now, change.cells[0].by_hand) == (16.5, 16.5, 4.5)
    lines = list(as_lines(shown.diff))
    assert any("the mark by hand, 4.5, stands" in line for line in lines)
    assert "replies_1_check: 2 learners -1, 1 learner with a mark by hand, which stands" in lines
    stopped = Path(shutil.copytree(course, tmp_path / "stopped"))
    approved(course, shown)
    assert (marks_of(course)["cy"][0], waits(course, "cy")) == (4.5, True)
    assert (marks_of(course)["bob"][0], waits(course, "bob")) == (2.5, False)

    shutil.copy(log_path(course, TASK), log_path(stopped, TASK))  # as after a kill before the views
    mark(stopped, TASK)
    assert marks_of(stopped) == marks_of(course)
    assert [waits(stopped, who) for who in CLASS] == [waits(course, who) for who in CLASS]


def test_what_cannot_be_compared_stays_and_says_why(course: Path) -> None:
    shutil.rmtree(course / "submitted" / "ann")
    hand_in_answers(course, "dee", TASK, SLIP)
    shown = regrade(course, TASK, workers=1)
    assert {each.learner for each in shown.diff.changes} == {"cy"}
    assert "no longer in submitted/" in shown.diff.stays["ann"]
    assert "heatproof autograde reading-replies" in shown.diff.stays["dee"]


def test_where_the_judge_fails_the_mark_stays(course: Path) -> None:
    for learner in ("bob", "cy", "dee"):
        shutil.rmtree(course / "submitted" / learner)
    failed = regrade(course, TASK, workers=1, seconds=0.0)
    assert failed.failed == ("ann",)
    assert failed.diff.is_empty
    assert failed.exit_status == 16
    assert "our fault" in failed.diff.stays["ann"]


def test_nobody_marked_is_one_sentence(tmp_path: Path) -> None:
    course = make_course(tmp_path / "course", assignments=(TASK,))
    hand_in(course, "ann", TASK, notebook=notebook_with(TASK, {}))
    with pytest.raises(CannotMark, match="nobody is marked yet; run: heatproof autograde reading-replies"):
        regrade(course, TASK)
    assert not audit_path(course).exists()
