"""What the instructor released: an assignment's questions, its graded cells, and what they are marked with.

For the marking door. Reads only the instructor's own files: the released notebook and the key. It never
looks at what a learner handed in.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograders.call_keys import CallQuestion
from autograders.keys_reading import Key, PlanQuestion, read_key
from autograders.results import CannotMark
from autograders.steps import steps_of
from course.engine.faults import Faults
from course.engine.places import content_file

PACKAGE = Path(__file__).resolve().parent
JUDGE = (
    "checks.py", "keys_reading.py", "call_keys.py", "labels.py", "plans.py", "calls.py", "replaying.py",
    "choices.py", "rubric.py", "rubric_basis.py", "judging", "rubrics",
)  # fmt: skip
"""The parts of this package that decide a mark."""
READER = (
    "answers.py", "literal.py", "values.py", "content.py", "labels.py",
    "dialogue.py", "reactions.py", "moves.yaml", "own_words.py", "own_words.yaml", "debrief.py",
)  # fmt: skip
"""The parts of course.engine that decide what an answer is, and how a customer takes a walk."""


@dataclass(frozen=True)
class GradedCell:
    """One check cell: the question it checks, and the component of a plan or the part of a call."""

    name: str
    question: str
    component: str | None
    out_of: float


@dataclass(frozen=True)
class Released:
    """An assignment as learners got it."""

    assignment: str
    notebook: Path
    title: str
    questions: tuple[str, ...]
    cells: tuple[GradedCell, ...]
    by_hand: dict[str, float]
    """Graded cells that only a person can mark: name and points."""
    marked_with: str
    """The hash of everything that decides a mark: key, rubric, scenarios, release and the judge itself."""

    @property
    def out_of(self) -> float:
        return sum(cell.out_of for cell in self.cells) + sum(self.by_hand.values())


def read_released(folder: Path, assignment: str) -> Released:
    """Read the released notebook and the key; raise CannotMark when one is missing or they differ."""
    notebook = folder / "assignments" / assignment / f"{assignment}.ipynb"
    if not notebook.is_file():
        raise CannotMark(_never_released(folder, assignment, notebook))
    key = read_key_of(folder, assignment)
    points = _graded(notebook)
    expected = {cell.name: cell for cell in _cells(key, folder)}
    if differ := sorted(name for name, cell in expected.items() if points.get(name) != cell.out_of):
        raise CannotMark(
            f"assignments/{assignment}: the released notebook and the key differ in {', '.join(differ)}; "
            f"run heatproof build, or bring the old key back if learners have the notebook already."
        )
    return Released(
        assignment=assignment,
        notebook=notebook,
        title=key.title,
        questions=tuple(key.questions),
        cells=tuple(expected.values()),
        by_hand={name: points[name] for name in points if name not in expected},
        marked_with=_marked_with(folder, key, notebook),
    )


def _never_released(folder: Path, assignment: str, notebook: Path) -> str:
    where = f"assignments/{assignment}/{notebook.name}"
    if (folder / "source" / assignment).is_dir():
        cure = f"run nbgrader generate_assignment {assignment}"
        return f"{where}: not there, so {assignment} was never released; {cure}."
    known = sorted(path.name for path in (folder / "source").glob("[!.]*") if path.is_dir())
    there = f"; this course has {', '.join(known)}" if known else ""
    return f"{where}: not there, and no assignment of this course is called {assignment!r}{there}."


def read_key_of(folder: Path, assignment: str) -> Key:
    """Read the key of an assignment from the course folder; raise CannotMark when it is missing or faulty."""
    path = folder / "autograders" / "keys" / f"{assignment}.yaml"
    if not path.is_file():
        raise CannotMark(
            f"{path.relative_to(folder)}: not there; without its key {assignment} cannot be marked."
        )
    try:
        return read_key(path)
    except Faults as faults:
        raise CannotMark(str(faults)) from faults


def _cells(key: Key, folder: Path) -> Iterator[GradedCell]:
    for name, question in key.questions.items():
        if isinstance(question, PlanQuestion):
            for each, step in steps_of(question, start=folder).items():
                yield GradedCell(f"{name}_{each}", name, each, step.points)
        elif isinstance(question, CallQuestion):
            for part, points in question.parts.items():
                yield GradedCell(f"{name}_{part}", name, part, points)
        else:
            yield GradedCell(f"{name}_check", name, None, float(question.points))


def _graded(notebook: Path) -> dict[str, float]:
    """Return the points of every graded cell of the instructor's notebook."""
    try:
        cells: list[Any] = json.loads(notebook.read_bytes())["cells"]
        marks = [cell["metadata"].get("nbgrader", {}) for cell in cells]
        return {mark["grade_id"]: float(mark["points"]) for mark in marks if mark.get("grade")}
    except (ValueError, KeyError, TypeError) as fault:
        where = f"assignments/{notebook.parent.name}/{notebook.name}"
        cure = f"run nbgrader generate_assignment {notebook.stem} --force"
        raise CannotMark(f"{where}: this is not a released notebook; {cure}.") from fault


def _marked_with(folder: Path, key: Key, notebook: Path) -> str:
    files = [folder / "autograders" / "keys" / f"{key.assignment}.yaml", notebook]
    files += sorted((folder / "autograders" / "rubrics").glob("*.yaml"))
    scenarios = sorted({question.scenario for question in key.questions.values() if question.scenario})
    files += [path for name in scenarios if (path := content_file("scenarios", name, folder))]
    files += [path for part in JUDGE for path in _files(PACKAGE / part)]
    files += [path for part in READER for path in _files(PACKAGE.parent / "course" / "engine" / part)]
    total = hashlib.sha256()
    for path in files:
        total.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _files(part: Path) -> list[Path]:
    if part.is_dir():
        return sorted(path for path in part.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return [part] if part.is_file() else []
