"""Build what instructors and learners open: lessons, and the masters and releases of assignments.

    python -m autograders.masters            # as `heatproof build`
    python -m autograders.masters --release  # and assignments/, by nbgrader's own generate_assignment

Brings the keys and the builder together: the builder is told what a question shows, its model answer and its
checks, and never sees a key. Refuses to write anything while any text or key of the folder is wrong.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograders.call_keys import CallQuestion
from autograders.keys_reading import Key, PlanQuestion, Question, read_key
from autograders.steps import steps_of
from course.engine.build import build
from course.engine.cells import Check, Task
from course.engine.content import LABELS, scenario
from course.engine.faults import Fault, Faults, shown
from course.engine.places import MARK, course_folder
from course.engine.values import Value


def tasks_of(key: Key, *, start: Path | None = None) -> dict[str, Task]:
    """Return the questions of a key as the builder wants them; `shows` holds nothing that is private."""
    return {name: _task(key.assignment, name, question, start) for name, question in key.questions.items()}


def _task(assignment: str, name: str, question: Question, start: Path | None) -> Task:
    if isinstance(question, CallQuestion):
        return _call(assignment, name, question, start)
    shows: dict[str, Any] = _customer(question.scenario, start) if question.scenario else {}
    if isinstance(question, PlanQuestion):
        checks = tuple(
            _plan_check(assignment, name, each, step.points)
            for each, step in steps_of(question, start=start).items()
        )
        return Task(name, "write", shows, question.model, checks, question.min_words)
    shows |= {"asks": _line(question.asks)} if question.asks else {}
    shows["labels"] = dict(question.labels) or list(LABELS)
    shows["replies"] = [{"id": reply.id, "text": reply.text} for reply in question.replies]
    right: dict[str, Value] = {reply.id: reply.label for reply in question.replies}
    call = f'from autograders import check_labels\ncheck_labels("{assignment}", "{name}", {name})'
    return Task(name, "sort", shows, right, (Check(f"{name}_check", call, question.points),))


def _call(assignment: str, name: str, question: CallQuestion, start: Path | None) -> Task:
    """Return a call: the player finds its customer by name; the model answer is the scenario's best walk."""
    checks = tuple(_call_check(assignment, name, part, points) for part, points in question.parts.items())
    model: list[Value] = list(scenario(question.scenario, start=start).walks.best.path)
    shows = {"kind": "call", "scenario": question.scenario}
    return Task(name, "play", shows, model, checks, lent=("judge",))


def _call_check(assignment: str, name: str, part: str, points: float) -> Check:
    call = f'check_call("{assignment}", "{name}", "{part}", {name})'
    return Check(f"{name}_{part}", f"from autograders import check_call\n{call}", points)


def _customer(name: str, start: Path | None) -> dict[str, str]:
    complaint = scenario(name, start=start).as_complaint()
    return {
        "complaint": complaint.text,
        "channel": complaint.channel,
        "complexity": complaint.complexity,
        "facts": complaint.facts,
    }


def _line(text: str) -> str:
    return " ".join(text.split())


def _plan_check(assignment: str, name: str, component: str, points: float) -> Check:
    call = f'check_plan("{assignment}", "{name}", "{component}", {name})'
    return Check(f"{name}_{component}", f"from autograders import check_plan\n{call}", points)


def built(folder: Path) -> dict[Path, bytes]:
    """Return every lesson and master of a course folder; raise `Faults` with all that is wrong."""
    notebooks: dict[Path, bytes] = {}
    faults: list[Fault] = []
    for text in notebook_texts(folder):
        try:
            notebooks[text.with_suffix(".ipynb")] = _built(folder, text)
        except Faults as wrong:
            faults += wrong.faults
    if faults:
        raise Faults(faults)
    return notebooks


def notebook_texts(folder: Path) -> Iterator[Path]:
    """Yield the Markdown texts of a course folder: lessons first, then masters."""
    lessons = sorted((folder / "course").glob("[0-9]*.md"))
    masters = sorted((folder / "source").glob("*/*.md"))
    yield from lessons
    yield from (text for text in masters if text.stem == text.parent.name)


def _built(folder: Path, text: Path) -> bytes:
    if text.parent == folder / "course":
        return build(text)
    key_file = folder / "autograders" / "keys" / f"{text.stem}.yaml"
    if not key_file.is_file():
        raise Faults(
            [Fault(shown(text), 0, "there is no key for this assignment", f"write {shown(key_file)}")]
        )
    return build(text, tasks=tasks_of(read_key(key_file), start=folder))


def write_notebooks(folder: Path) -> tuple[Path, ...]:
    """Build all lessons and masters of a course folder; return the files that changed."""
    changed = []
    for path, data in built(folder).items():
        if not path.is_file() or path.read_bytes() != data:
            path.write_bytes(data)
            changed.append(path)
    return tuple(changed)


def released(folder: Path, into: Path) -> dict[str, bytes]:
    """Return every assignment as stock nbgrader releases it, by the folder's own configuration.

    Works in a copy under `into`, without a gradebook; instructors use `nbgrader generate_assignment`.
    """
    copy = into / "course"
    copy.mkdir()
    shutil.copy(folder / MARK, copy)
    shutil.copytree(folder / "source", copy / "source")
    _generate(copy)
    return {path.stem: path.read_bytes() for path in sorted((copy / "assignments").glob("*/*.ipynb"))}


def _generate(copy: Path) -> None:
    """Run nbgrader's own command, out of reach of this user's settings."""
    settings = {name: str(copy / ".home") for name in ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")}
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", "*", "--no-db", "--log-level=WARN"]
    run = subprocess.run(
        command, cwd=copy, env=os.environ | settings, capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise RuntimeError(f"nbgrader generate_assignment failed:\n{run.stdout}{run.stderr}")


def write_releases(folder: Path) -> tuple[Path, ...]:
    """Release all assignments into `assignments/`; return the files that changed."""
    changed = []
    with tempfile.TemporaryDirectory() as into:
        for name, data in released(folder, Path(into)).items():
            path = folder / "assignments" / name / f"{name}.ipynb"
            if not path.is_file() or path.read_bytes() != data:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
                changed.append(path)
    return tuple(changed)


def main(arguments: list[str]) -> int:
    """Build the course folder around the current folder; return the exit status."""
    folder = course_folder()
    if folder is None:
        print(f"There is no {MARK} here or above; go to a course folder.", file=sys.stderr)
        return 2
    try:
        changed = write_notebooks(folder)
        changed += write_releases(folder) if "--release" in arguments else ()
    except Faults as wrong:
        print(wrong, file=sys.stderr)
        return 1
    print("\n".join(map(shown, changed)) or "Everything is as it was.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
