"""A class of seven, each of whom ends otherwise, and all that a marking run leaves of it."""

from pathlib import Path
from typing import Any

from autograders.gradebook import open_gradebook
from autograders.results import log_path
from tests.promises.runs import TASK
from tests.small_class import answers_file, hand_in, hand_in_answers, model_answers, notebook_with

MODEL = model_answers(TASK)
CLASS: dict[str, Any] = {
    "ann": MODEL,
    "bob": {},
    "cy": {"replies_1": MODEL["replies_1"]},
    "dee": {**MODEL, "replies_2": "hear, empathise, apologise, act"},
}


def class_in(course: Path) -> Path:
    for learner, answers in CLASS.items():
        hand_in_answers(course, learner, TASK, answers)
    hand_in(course, "eve", TASK, notebook=notebook_with(TASK, {}), answers=answers_file(TASK, MODEL))
    hand_in(course, "fay", TASK, notebook=b"{")
    hand_in(
        course,
        "gus",
        TASK,
        notebook=notebook_with(TASK, MODEL).replace(b'"replies_3 = ', b'"replies_3 = open() '),
    )
    return course


def gradebook_of(course: Path) -> Any:
    with open_gradebook(course) as grades:
        return grades.scores(TASK)


def views(course: Path) -> dict[str, bytes]:
    """Return every file of autograded/, nothing half-written among them."""
    files = sorted((course / "autograded").rglob("*"))
    return {str(path.relative_to(course)): path.read_bytes() for path in files if path.is_file()}


def end_of(course: Path) -> tuple[bytes, dict[str, bytes], Any]:
    """Return all that a run leaves: the log, the marked notebooks, the gradebook's marks."""
    return log_path(course, TASK).read_bytes(), views(course), gradebook_of(course)
