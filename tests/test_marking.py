"""The marking room on a small class: nothing is lost, nothing is marked twice, and a kill changes nothing."""

import copy
import csv
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from autograders.autograded import autograded_path
from autograders.child import _forbid
from autograders.children import Child, ChildFault
from autograders.export import export_scores, inert
from autograders.gradebook import open_gradebook
from autograders.marking import mark
from autograders.results import latest, log_path
from autograders.submission import read_submission
from tests.small_class import (
    TIME,
    answers_file,
    hand_in,
    hand_in_answers,
    make_course,
    model_answers,
    notebook_with,
    poor_answers,
)

ROOT = Path(__file__).resolve().parent.parent
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


def views(course: Path) -> dict[str, bytes]:
    files = sorted((course / "autograded").rglob("*.*"))
    return {str(path.relative_to(course)): path.read_bytes() for path in files if path.is_file()}


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


def test_a_second_run_marks_nothing_and_writes_nothing(marked: Path) -> None:
    before = log_path(marked, TASK).read_bytes(), views(marked), gradebook_of(marked)
    summary = mark(marked, TASK)
    assert summary.marked_before == len(summary.lines) == 8
    assert (log_path(marked, TASK).read_bytes(), views(marked), gradebook_of(marked)) == before


def test_the_same_class_gives_the_same_log_anywhere(marked: Path, tmp_path: Path) -> None:
    course = class_of(tmp_path / "elsewhere")
    mark(course, TASK, workers=1, batch=3)
    assert log_path(course, TASK).read_bytes() == log_path(marked, TASK).read_bytes()


PROGRAM = (
    "import sys; from pathlib import Path; from autograders.marking import mark\n"
    "mark(Path(sys.argv[1]), 'reading-replies', batch=2, progress=lambda p: print(p.done, flush=True))"
)


@pytest.mark.parametrize("after", [1, 3, 6])
def test_killed_at_any_moment_and_run_again_is_as_if_nothing_happened(
    marked: Path, tmp_path: Path, after: int
) -> None:
    course = class_of(tmp_path / "course")
    path = os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", "")))
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(course)],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": path},
    ) as run:
        assert run.stdout is not None
        assert any(int(line) >= after for line in run.stdout)
        run.send_signal(signal.SIGKILL)
    assert run.returncode == -signal.SIGKILL or after == 6
    mark(course, TASK)
    assert log_path(course, TASK).read_bytes() == log_path(marked, TASK).read_bytes()
    assert views(course) == views(marked)
    assert gradebook_of(course) == gradebook_of(marked)


def test_views_that_are_lost_are_made_again_from_the_log(marked: Path, tmp_path: Path) -> None:
    course = class_of(tmp_path / "course")
    mark(course, TASK)
    (course / "gradebook.db").unlink()
    autograded_path(course, "ann", TASK).unlink()
    summary = mark(course, TASK)
    assert summary.marked_before == 8
    assert gradebook_of(course) == gradebook_of(marked)
    assert views(course) == views(marked)


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


def test_a_changed_key_marks_again(tmp_path: Path) -> None:
    course = make_course(tmp_path / "course", assignments=(TASK,))
    hand_in_answers(course, "ann", TASK, MODEL)
    mark(course, TASK)
    key = course / "autograders" / "keys" / f"{TASK}.yaml"
    key.write_text(key.read_text(encoding="utf-8") + "# looked at again\n", encoding="utf-8")
    summary = mark(course, TASK)
    assert summary.marked_before == 0
    assert len(log_path(course, TASK).read_bytes().splitlines()) == 2


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


def disguised(notebook: bytes) -> bytes:
    """Return a notebook with the same answers and everything else changed."""
    made = json.loads(notebook)
    extra = {
        "cell_type": "code",
        "id": "x",
        "metadata": {},
        "source": "6 * 3",
        "outputs": [],
        "execution_count": 1,
    }
    score = {
        "output_type": "execute_result",
        "data": {"text/plain": "6.0"},
        "metadata": {},
        "execution_count": 1,
    }
    for cell in made["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            cell["metadata"]["nbgrader"]["points"] = 600
            cell["source"] = "600.0"
            cell["outputs"] = [score]
    made["cells"] = [extra, *reversed(made["cells"]), copy.deepcopy(made["cells"][-1])]
    made["metadata"] = {"score": 600, "kernelspec": {"name": "bash", "display_name": "bash"}}
    return json.dumps(made).encode()


def test_only_the_answers_decide(tmp_path: Path) -> None:
    course = make_course(tmp_path / "course", assignments=(TASK,))
    plain = notebook_with(TASK, CLASS["dee"])
    hand_in(course, "ann", TASK, notebook=plain)
    hand_in(course, "bob", TASK, notebook=disguised(plain))
    mark(course, TASK)
    found = latest(course, TASK)
    assert found["ann"].cells == found["bob"].cells
    assert autograded_path(course, "bob", TASK).read_text().count("600") == 0


def test_what_the_judge_cannot_do_is_our_fault_and_tried_again(tmp_path: Path) -> None:
    course = make_course(tmp_path / "course", assignments=(TASK,))
    hand_in_answers(course, "ann", TASK, MODEL)
    summary = mark(course, TASK, seconds=0.0)
    assert (summary.failed, summary.exit_status) == (1, 1)
    assert "Our fault" in summary.lines[0].sentence
    assert summary.lines[0].points is None
    assert all(score.points is None and score.waiting for score in gradebook_of(course)["ann"])
    assert mark(course, TASK).lines[0].points == 18.0


def test_a_child_that_dies_costs_one_submission(tmp_path: Path) -> None:
    course = make_course(tmp_path / "course", assignments=(TASK,))
    hand_in_answers(course, "ann", TASK, MODEL)
    submission = read_submission(course, "ann", TASK)
    with Child(course, TASK) as child:
        first = child.judge(submission)
        assert child._process is not None
        os.kill(child._process.pid, signal.SIGKILL)
        with pytest.raises(ChildFault):
            child.judge(submission)
        assert child.judge(submission) == first


@pytest.mark.parametrize(
    ("event", "arguments"),
    [
        ("socket.connect", ()),
        ("subprocess.Popen", ()),
        ("os.system", (b"true",)),
        ("ctypes.dlopen", ("libc.so.6",)),
        ("open", ("x", "w", os.O_WRONLY | os.O_CREAT)),
        ("open", ("x", None, os.O_RDWR)),
    ],
)
def test_the_child_may_not(event: str, arguments: tuple[Any, ...]) -> None:
    with pytest.raises(PermissionError, match="judging does not need"):
        _forbid(event, arguments)


def test_the_child_may_read() -> None:
    _forbid("open", ("key.yaml", "r", os.O_RDONLY | os.O_CLOEXEC))


def test_the_time_of_receipt_is_told_in_utc(tmp_path: Path) -> None:
    course = make_course(tmp_path / "course", assignments=(TASK,))
    folder = hand_in_answers(course, "ann", TASK, MODEL)
    assert read_submission(course, "ann", TASK).received == TIME
    (folder / "timestamp.txt").write_text("2026-03-02T10:30:00+01:00")
    assert read_submission(course, "ann", TASK).received == TIME
    (folder / "timestamp.txt").write_text("yesterday, I think")
    submission = read_submission(course, "ann", TASK)
    assert submission.received is None
    assert "no time can be read in it" in submission.notes[0]


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


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", " =1", "＝1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "6", "1.5", "ann", "a=b", "née"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert inert(text) == text
