"""A course folder in a scratch place, stock nbgrader in it, and learners who hand in through its exchange."""

import csv
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import ROOT, clean_environment

SEVERAL = """
import contextlib, json, os, sys
from jupyter_core.application import NoStart
from nbgrader.apps import NbGraderApp

for folder, arguments in json.loads(sys.argv[1]):
    os.chdir(folder)
    app = NbGraderApp.instance()
    app.initialize(arguments)
    with contextlib.suppress(NoStart):  # so ends a command that a sub-command has done
        app.start()
    app.subapp.clear_instance()
    app.clear_instance()
"""
"""Run nbgrader's own commands in one process, in turn: to start it takes longer than most of them."""

PARTS = ("nbgrader_config.py", "source", "assignments", "autograders/keys", "autograders/rubrics")
"""What a clone holds of a course folder; a release is there already."""


@dataclass(frozen=True)
class Classroom:
    """Where a class works: `course` is the instructor's, `homes` holds a folder for each learner."""

    course: Path
    homes: Path
    environment: dict[str, str]

    def nbgrader(self, command: str, *arguments: str, learner: str = "") -> str:
        """Run a stock nbgrader command as instructor or learner; return what it said; fail if it failed."""
        where = self.homes / learner if learner else self.course
        given = [*arguments, *([f"--student={learner}"] if learner else [])]
        return self.python("-m", "nbgrader", command, *given, cwd=where)

    def nbgrader_in_turn(self, *commands: tuple[str, ...]) -> str:
        """Run several commands, each (learner or "", command, arguments …); return what they said."""
        steps = [
            (str(self.homes / learner), [*command, f"--student={learner}"])
            if learner
            else (str(self.course), command)
            for learner, *command in commands
        ]
        return self.python("-c", SEVERAL, json.dumps(steps), cwd=self.course)

    def python(self, *arguments: str, cwd: Path) -> str:
        """Run our Python in a folder; return what it said; fail if it failed."""
        run = subprocess.run(
            [sys.executable, *arguments],
            cwd=cwd,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, f"{' '.join(arguments)}\n{run.stdout}\n{run.stderr}"
        return run.stdout + run.stderr

    def notebook(self, learner: str, assignment: str) -> Path:
        """Return a learner's own copy of an assignment."""
        return self.homes / learner / assignment / f"{assignment}.ipynb"

    def scores(self, column: str = "score") -> dict[tuple[str, str], float]:
        """Return what `nbgrader export` says of each (learner, assignment)."""
        self.nbgrader("export", "--to=scores.csv")
        with (self.course / "scores.csv").open(encoding="utf-8", newline="") as file:
            return {
                (row["student_id"], row["assignment"]): float(row[column] or 0)
                for row in csv.DictReader(file)
            }


def open_classroom(place: Path, learners: tuple[str, ...]) -> Classroom:
    """Copy what an instructor has into a scratch place and set up an exchange that all share."""
    course = place / "heatproof"
    for part in PARTS:
        source, target = ROOT / part, course / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        elif source.is_file():
            shutil.copy(source, target)
    environment = clean_environment(place / "home") | {"PYTHONPATH": str(ROOT)}
    settings = place / "home" / "jupyter-config" / "nbgrader_config.py"
    settings.parent.mkdir(parents=True)
    exchange, cache = place / "exchange", place / "cache"
    exchange.mkdir(mode=0o777)
    exchange.chmod(0o777)
    settings.write_text(
        "c = get_config()\n"
        'c.CourseDirectory.course_id = "heatproof"\n'
        f"c.Exchange.root = {str(exchange)!r}\n"
        f"c.Exchange.cache = {str(cache)!r}\n"
        "c.ExchangeCollect.check_owner = False\n"
    )
    for learner in learners:
        (place / "homes" / learner).mkdir(parents=True)
    return Classroom(course, place / "homes", environment)


def read(path: Path) -> dict[str, Any]:
    """Return a notebook as plain data."""
    notebook: dict[str, Any] = json.loads(path.read_bytes())
    return notebook


def cell(notebook: dict[str, Any], grade_id: str) -> dict[str, Any]:
    """Return the cell of that grade id."""
    cells: list[dict[str, Any]] = notebook["cells"]
    return next(one for one in cells if one["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


def answer(path: Path, sources: dict[str, str]) -> None:
    """Write sources into the answer cells of a notebook, as they stand, and save it."""
    notebook = read(path)
    for name, source in sources.items():
        cell(notebook, name)["source"] = source
    path.write_text(json.dumps(notebook, indent=1), encoding="utf-8")
