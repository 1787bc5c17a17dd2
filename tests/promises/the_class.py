"""Thirty honest learners, and what became of a class: for the tests that put something hostile among them."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograders.chained import START
from autograders.gradebook import open_gradebook
from autograders.results import latest
from tests.promises.handing_in import ANSWERS, MODEL, TASK, Hostile
from tests.small_class import hand_in_answers, make_course

NAMES = [
    "ann",
    "bob",
    "cy",
    "dee",
    "eve",
    "fay",
    "gus",
    "hal",
    "ida",
    "jim",
    "kay",
    "lou",
    "mia",
    "ned",
    "oda",
    "pat",
    "quin",
    "ray",
    "sue",
    "tom",
    "uma",
    "vic",
    "wes",
    "xan",
    "yan",
    "zoe",
]


def _answers(number: int) -> dict[str, Any]:
    """Return the answers of the learner of this number: some know more, some less, some leave things out."""
    made: dict[str, Any] = {}
    for at, (name, model) in enumerate(MODEL.items()):
        if (number + at) % 7 == 0:
            continue
        if isinstance(model, dict):
            made[name] = {
                reply: model[reply] if (number + row) % 3 else "hear" for row, reply in enumerate(model)
            }
        else:
            made[name] = model[: 90 + 25 * number]
    return made


HONEST: dict[str, dict[str, Any]] = {
    "plain": ANSWERS,
    "perfect": MODEL,
    "blank": {},
    "no-first-plan": ANSWERS | {"plan_1": ""},
    **{name: _answers(number) for number, name in enumerate(NAMES)},
}
"""Thirty learners and what they answer."""


def class_of(folder: Path, hostile: Iterable[Hostile] = ()) -> Path:
    """Make a course with the thirty, and these others among them; all who may be are on the roster."""
    others = tuple(hostile)
    course = make_course(folder, assignments=(TASK,))
    known = [*HONEST, *(one.id for one in others if one.on_roster)]
    (course / "roster.csv").write_text("id\n" + "".join(f"{each}\n" for each in known), encoding="utf-8")
    for learner, answers in HONEST.items():
        hand_in_answers(course, learner, TASK, answers)
    for one in others:
        one.make(course, one.id)
    return course


def decided(course: Path) -> dict[str, bytes]:
    """Return each learner's record as it stands in the log, but for the link to the line before."""
    return {who: replace(record, before=START).line() for who, record in latest(course, TASK).items()}


def in_gradebook(course: Path) -> dict[str, Any]:
    """Return the marks that nbgrader holds, by learner."""
    with open_gradebook(course) as grades:
        return grades.scores(TASK)


def shown_notebook(course: Path, learner: str) -> Any:
    """Return the marked notebook of a learner, but for the hash of its record."""
    path = course / "autograded" / learner / TASK / f"{TASK}.ipynb"
    notebook = json.loads(path.read_bytes())
    for own in ("record", "work"):
        notebook["metadata"]["heatproof"].pop(own)
    return notebook
