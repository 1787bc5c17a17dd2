"""Bad submissions: each gets one clear sentence (where, what, cure), and everybody else is marked.

One class, one run. The learners of the table hand in something bad; three others hand in properly.
"""

import csv
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autograders.export import export_scores
from autograders.feedback import write_feedback
from autograders.marking import CannotMark, Line, Summary, mark
from autograders.results import latest
from tests.small_class import (
    answers_file,
    hand_in,
    hand_in_answers,
    make_course,
    model_answers,
    notebook_with,
)

TASK = "reading-replies"
GOOD = ("ann", "bob", "cy")
MODEL = model_answers(TASK)
FULL = notebook_with(TASK, MODEL)
EMPTY = notebook_with(TASK, {})
FILE = answers_file(TASK, MODEL)


def only(**files: bytes) -> Callable[[Path, str], object]:
    return lambda course, learner: hand_in(course, learner, TASK, **files)


def renamed(course: Path, learner: str) -> None:
    folder = hand_in(course, learner, TASK, notebook=FULL)
    (folder / f"{TASK}.ipynb").rename(folder / "Reading replies (1).ipynb")


def linked(course: Path, learner: str) -> None:
    folder = hand_in(course, learner, TASK)
    (folder / f"{TASK}.ipynb").symlink_to(course / "submitted" / "ann" / TASK / f"{TASK}.ipynb")


def folder_linked(course: Path, learner: str) -> None:
    (course / "submitted" / learner).symlink_to(course / "submitted" / "ann")


def pipe(course: Path, learner: str) -> None:
    os.mkfifo(hand_in(course, learner, TASK) / f"{TASK}.ipynb")


def folder_for_notebook(course: Path, learner: str) -> None:
    (hand_in(course, learner, TASK) / f"{TASK}.ipynb").mkdir()


def file_for_folder(course: Path, learner: str) -> None:
    (course / "submitted" / learner).mkdir()
    (course / "submitted" / learner / TASK).write_text("here is my homework")


def many_files(course: Path, learner: str) -> None:
    folder = hand_in(course, learner, TASK, notebook=FULL)
    for number in range(60):
        (folder / f"{number}.txt").touch()


def much_data(course: Path, learner: str) -> None:
    folder = hand_in(course, learner, TASK, notebook=FULL)
    with (folder / "video.mp4").open("wb") as file:
        file.truncate(11 * 1024 * 1024)


def cell(source: str) -> bytes:
    wanted = b'"replies_1 = '
    start = FULL.index(wanted)
    end = FULL.index(b'"', FULL.index(b"}", start))
    return FULL[:start] + json.dumps(source).encode() + FULL[end + 1 :]


@dataclass(frozen=True)
class Bad:
    """How a bad submission is made, what becomes of it, and what its sentence or a note must say."""

    make: Callable[[Path, str], object]
    status: str
    says: tuple[str, ...]


BAD = {
    "no-notebook": Bad(only(), "refused", (f"there is no {TASK}.ipynb", "hand in again")),
    "empty-notebook": Bad(only(notebook=b""), "refused", (f"{TASK}.ipynb", "empty")),
    "not-utf-8": Bad(only(notebook=FULL.replace(b"cust", b"\xff", 1)), "refused", (f"{TASK}.ipynb", "UTF-8")),
    "half-written": Bad(only(notebook=FULL[: len(FULL) // 2]), "refused", ("half-written", "save it")),
    "oversized": Bad(only(notebook=FULL + b" " * (2 << 20)), "refused", ("larger than 2 MiB", "mark again")),
    "not-a-notebook": Bad(only(notebook=b'{"cells": 7}'), "refused", (f"{TASK}.ipynb", "notebook")),
    "a-list": Bad(only(notebook=b"[1, 2]"), "refused", (f"{TASK}.ipynb", "notebook")),
    "renamed": Bad(renamed, "refused", ("Reading replies (1).ipynb", f"rename it to {TASK}.ipynb")),
    "linked": Bad(linked, "refused", ("is a link", "hand in again")),
    "folder-linked": Bad(folder_linked, "refused", ("not a folder", "hand in again")),
    "pipe": Bad(pipe, "refused", ("neither a file nor a folder", "hand in again")),
    "folder-for-notebook": Bad(folder_for_notebook, "refused", ("not a file", "hand in again")),
    "file-for-folder": Bad(file_for_folder, "refused", ("not a folder", "hand in again")),
    "many-files": Bad(many_files, "refused", ("more than 50 files", "mark again")),
    "much-data": Bad(much_data, "refused", ("more than 10 MiB", "mark again")),
    "answers-only": Bad(only(answers=FILE), "graded", ("no notebook, only the answers file",)),
    "answers-only-bad": Bad(only(answers=b"{"), "refused", (f"{TASK}.answers.json", "half-written")),
    "answers-empty": Bad(only(notebook=FULL, answers=b""), "graded", ("answers", "empty")),
    "answers-half": Bad(
        only(notebook=EMPTY, answers=FILE[:90]),
        "needs_person",
        (f"{TASK}/{TASK}.answers.json: ", "half-written", "without it"),
    ),
    "answers-not-utf-8": Bad(only(notebook=FULL, answers=b'{"a": "\xff"}'), "graded", ("UTF-8",)),
    "answers-large": Bad(
        only(notebook=FULL, answers=FILE + b" " * (256 << 10)), "refused", ("256 KiB", "delete it")
    ),
    "unknown-question": Bad(
        only(notebook=EMPTY, answers=answers_file(TASK, {**MODEL, "replies_9": {"r1": "hear"}})),
        "graded",
        ("there is no question 'replies_9'", "left out"),
    ),
    "unknown-label": Bad(
        only(notebook=EMPTY, answers=answers_file(TASK, {"replies_1": {"r1": "heer", "r9": "hear"}})),
        "graded",
        ("replies_1", "“heer” is not one of the labels", "“r9”", "do not count"),
    ),
    "code-in-a-cell": Bad(
        only(notebook=cell("replies_1 = open('/etc/passwd').read()")), "needs_person", ("replies_1", "answer")
    ),
    "half-a-cell": Bad(only(notebook=cell("replies_1 = {'r1': 'he")), "needs_person", ("replies_1", "quote")),
    "stranger": Bad(only(notebook=FULL), "refused", ("nobody on the roster has this id", "roster.csv")),
    "two words": Bad(only(notebook=FULL), "refused", ("cannot be a learner's id", "roster")),
    "line\nbreak": Bad(only(notebook=FULL), "refused", ("cannot be a learner's id",)),
}  # fmt: skip


@pytest.fixture(scope="module")
def class_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Summary]:
    course = make_course(tmp_path_factory.mktemp("bad") / "course", assignments=(TASK,))
    on_roster = [*GOOD, *(name for name in BAD if name not in ("stranger", "two words", "line\nbreak"))]
    (course / "roster.csv").write_text("id,first_name\n" + "".join(f"{name},\n" for name in on_roster))
    for learner in GOOD:
        hand_in_answers(course, learner, TASK, MODEL)
    for learner, bad in BAD.items():
        bad.make(course, learner)
    return course, mark(course, TASK)


def line_of(summary: Summary, learner: str) -> Line:
    return next(line for line in summary.lines if line.learner == learner)


@pytest.mark.parametrize("learner", BAD)
def test_each_gets_one_sentence(class_run: tuple[Path, Summary], learner: str) -> None:
    course, summary = class_run
    line, record = line_of(summary, learner), latest(course, TASK)[learner]
    told = line.sentence
    assert line.status == record.status == BAD[learner].status, told
    assert "\n" not in told
    sentences = told.split("submitted/")[1:]
    assert len(sentences) == len(set(sentences)), "nothing is said twice"
    assert any(told in said for said in summary.told)
    assert all(part in told for part in BAD[learner].says), told
    assert told.startswith("submitted/")


@pytest.mark.parametrize("learner", GOOD)
def test_the_others_are_marked(class_run: tuple[Path, Summary], learner: str) -> None:
    line = line_of(class_run[1], learner)
    assert (line.status, line.points, line.out_of) == ("graded", 18.0, 18.0)


def test_nothing_of_a_bad_submission_is_lost(class_run: tuple[Path, Summary]) -> None:
    course, _ = class_run
    half = course / "submitted" / "half-written" / TASK / f"{TASK}.ipynb"
    assert half.read_bytes() == FULL[: len(FULL) // 2]
    assert (course / "submitted" / "renamed" / TASK / "Reading replies (1).ipynb").read_bytes() == FULL


def test_the_answers_beside_a_refused_cell_are_marked(class_run: tuple[Path, Summary]) -> None:
    record = latest(class_run[0], TASK)["code-in-a-cell"]
    points = {name: mark.points for name, mark in record.cells.items()}
    assert points == {"replies_1_check": None, "replies_2_check": 6.0, "replies_3_check": 6.0}


def test_the_exit_status_tells(class_run: tuple[Path, Summary]) -> None:
    summary = class_run[1]
    assert summary.exit_status == 1
    assert summary.refused == sum(bad.status == "refused" for bad in BAD.values()) == len(summary.problems)
    assert summary.failed == 0
    assert summary.graded + summary.needs_person + summary.refused == len(BAD) + len(GOOD)


def test_refused_is_no_zero_in_the_export(class_run: tuple[Path, Summary]) -> None:
    scores, _ = export_scores(class_run[0])
    with scores.open(newline="", encoding="utf-8") as file:
        rows = {row["learner"]: row for row in csv.DictReader(file)}
    assert rows["half-written"]["status"] == "refused"
    assert rows["half-written"]["points"] == ""
    assert rows["ann"]["points"] == "18"


def test_a_page_tells_the_learner_what_was_refused(class_run: tuple[Path, Summary]) -> None:
    written = write_feedback(class_run[0], TASK)
    pages = {path.parent.parent.name: path.read_text(encoding="utf-8") for path in written}
    assert "half-written" in pages["half-written"]
    assert "line\nbreak" not in pages


def edited_log(course: Path) -> None:
    (course / "results").mkdir()
    (course / "results" / f"{TASK}.jsonl").write_text("{}\n")


WHOLE_RUNS: dict[str, tuple[Callable[[Path], Any], str, tuple[str, ...]]] = {
    "never released": (
        lambda course: (course / "assignments" / TASK / f"{TASK}.ipynb").unlink(),
        TASK,
        ("was never released", f"nbgrader generate_assignment {TASK}"),
    ),
    "no such assignment": (lambda course: None, "reading-replys", ("'reading-replys'", "reading-replies")),
    "no key": (
        lambda course: (course / "autograders" / "keys" / f"{TASK}.yaml").unlink(),
        TASK,
        ("autograders/keys/reading-replies.yaml: not there",),
    ),
    "a broken release": (
        lambda course: (course / "assignments" / TASK / f"{TASK}.ipynb").write_text("{"),
        TASK,
        ("not a released notebook", "--force"),
    ),
    "a key with a fault": (
        lambda course: (course / "autograders" / "keys" / f"{TASK}.yaml").write_text("assignment: [\n"),
        TASK,
        ("reading-replies.yaml:",),
    ),
    "no gradebook": (
        lambda course: (course / "gradebook.db").write_text("This is a shopping list. " * 99),
        TASK,
        ("gradebook cannot be used", "not a database", "no result is lost"),
    ),
    "a log that was edited": (
        edited_log,
        TASK,
        ("reading-replies.jsonl, line 1:", "mark the assignment again"),
    ),
    "results/ is no folder": (
        lambda course: (course / "results").write_text(""),
        TASK,
        ("results", "cannot be written"),
    ),
    "a roster with a fault": (
        lambda course: (course / "roster.csv").write_text("name\n"),
        TASK,
        ("roster.csv",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE_RUNS)
def test_what_stops_a_whole_run_is_one_sentence(tmp_path: Path, name: str) -> None:
    spoil, assignment, says = WHOLE_RUNS[name]
    course = make_course(tmp_path / "course", assignments=(TASK,))
    spoil(course)
    with pytest.raises(CannotMark) as fault:
        mark(course, assignment)
    assert all(part in str(fault.value) for part in says), str(fault.value)
