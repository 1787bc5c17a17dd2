"""A course folder and learners who hand in, for the tests of the marking room. Real notebooks, no mocks."""

import copy
import json
import shutil
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from autograders.gradebook import open_gradebook
from course.engine.answers import cell_source
from course.engine.content import scenario

ROOT = Path(__file__).resolve().parent.parent
TIME = "2026-03-02 09:30:00.000000 UTC"
LABELS_WRONG = "policy_shield"


def make_course(folder: Path, *, assignments: tuple[str, ...] = ("reading-replies", "heat-plan-a")) -> Path:
    """Make a course folder with these assignments released, and return it."""
    (folder / "autograders" / "keys").mkdir(parents=True)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    for name in assignments:
        shutil.copytree(ROOT / "source" / name, folder / "source" / name)
        shutil.copytree(ROOT / "assignments" / name, folder / "assignments" / name)
        shutil.copy(ROOT / "autograders" / "keys" / f"{name}.yaml", folder / "autograders" / "keys")
    (folder / "gradebook.db").write_bytes(empty_gradebook())
    return folder


@cache
def empty_gradebook() -> bytes:
    """Return a new gradebook as nbgrader makes it; made once, for it takes seconds."""
    with tempfile.TemporaryDirectory() as place:
        shutil.copy(ROOT / "nbgrader_config.py", place)
        with open_gradebook(Path(place)):
            pass
        return (Path(place) / "gradebook.db").read_bytes()


def key_of(assignment: str) -> dict[str, Any]:
    """Return the questions of an assignment's key."""
    return copy.deepcopy(_key_of(assignment))


@cache
def _key_of(assignment: str) -> dict[str, Any]:
    text = (ROOT / "autograders" / "keys" / f"{assignment}.yaml").read_text(encoding="utf-8")
    questions: dict[str, Any] = yaml.safe_load(text)["questions"]
    return questions


def model_answers(assignment: str) -> dict[str, Any]:
    """Return answers that earn full marks."""
    return {name: _model(question) for name, question in key_of(assignment).items()}


def _model(question: dict[str, Any]) -> Any:
    if question["kind"] == "plan":
        return question["model"]
    if question["kind"] == "call":
        return list(scenario(question["scenario"]).walks.best.path)
    return {reply["id"]: reply["label"] for reply in question["replies"]}


def poor_answers(assignment: str, plan: str) -> dict[str, Any]:
    """Return one label for all replies, and this plan for all plans."""
    return {
        name: plan
        if question["kind"] == "plan"
        else {each["id"]: LABELS_WRONG for each in question["replies"]}
        for name, question in key_of(assignment).items()
    }


def notebook_with(assignment: str, answers: Mapping[str, Any]) -> bytes:
    """Return the released notebook with these answers in it."""
    notebook = json.loads((ROOT / "assignments" / assignment / f"{assignment}.ipynb").read_bytes())
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in answers:
            cell["source"] = cell_source(name, answers[name])
    return json.dumps(notebook, ensure_ascii=False, indent=1).encode("utf-8")


def answers_file(assignment: str, answers: Mapping[str, Any]) -> bytes:
    """Return an answers file with these answers, each replacing an empty cell."""
    entries = {name: {"value": value, "replaces": None} for name, value in answers.items()}
    return json.dumps({"format": 1, "notebook": assignment, "answers": entries}).encode("utf-8")


def hand_in(course: Path, learner: str, assignment: str, **files: bytes) -> Path:
    """Put files into submitted/: `notebook`, `answers`, or none of them; return the folder."""
    folder = course / "submitted" / learner / assignment
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "timestamp.txt").write_text(TIME)
    names = {"notebook": f"{assignment}.ipynb", "answers": f"{assignment}.answers.json"}
    for kind, data in files.items():
        (folder / names[kind]).write_bytes(data)
    return folder


def hand_in_answers(course: Path, learner: str, assignment: str, answers: Mapping[str, Any]) -> Path:
    """Put a notebook with these answers into submitted/."""
    return hand_in(course, learner, assignment, notebook=notebook_with(assignment, answers))
