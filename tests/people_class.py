"""A small class whose plans people mark: made and marked once a file, and copied for each test."""

import json
import shutil
from pathlib import Path

from autograders.marking import mark
from autograders.rated import rated_plans
from tests.classroom import cell
from tests.small_class import (
    hand_in,
    hand_in_answers,
    key_of,
    make_course,
    model_answers,
    notebook_with,
)

TASK = "heat-plan-a"
WHEN = "2026-03-04 10:00:00 UTC"
NAMED = "I listen, I note it, and I sign as Ann Aldridge, =1+1; =2+2."
UNREADABLE = "plan_1 = open('x').read()"
"""No answer but a program: nobody runs it, and a person must look."""
ROSTER = "id,first_name,last_name,email\nann,Ann,Aldridge,ann@example.org\nbo,Bo,Berg,\ncy,Cy,Cole,\n"


def rated(scenario: str) -> list[str]:
    """Return plans of the bank on one complaint."""
    return [plan.plan for plan in rated_plans() if plan.scenario == scenario]


def make_class(folder: Path) -> Path:
    """Make a marked course: Ann signs her second plan, Bo's first is unreadable, Cy's are so-so."""
    course = make_course(folder, assignments=(TASK,))
    (course / "roster.csv").write_text(ROSTER, encoding="utf-8")
    plans = {name: what["scenario"] for name, what in key_of(TASK).items() if what["kind"] == "plan"}
    hand_in_answers(course, "ann", TASK, model_answers(TASK) | {"plan_2": NAMED})
    notebook = json.loads(notebook_with(TASK, model_answers(TASK)))
    cell(notebook, "plan_1")["source"] = UNREADABLE
    hand_in(course, "bo", TASK, notebook=json.dumps(notebook).encode())
    hand_in_answers(course, "cy", TASK, {name: rated(what)[9] for name, what in plans.items()})
    mark(course, TASK, workers=1)
    return course


def copy_of(course: Path, folder: Path) -> Path:
    """Return a copy of a marked class that a test may change."""
    return Path(shutil.copytree(course, folder / "course"))
