"""Write the notebook that formgrader and nbgrader's feedback show: release, answers, evidence.

For the marking door. A view of the results log. Of what was handed in, only the answers are taken, written
anew by the function that writes them for a learner, and the two small files that nbgrader keeps beside a
notebook.
"""

import copy
import json
import os
import stat
from html import escape
from pathlib import Path
from typing import Any

from autograders.results import Record
from course.engine.answers import cell_source
from course.engine.questions import PLAYER

BESIDE = ("timestamp.txt", "submission_secret.txt")
"""What nbgrader keeps beside a submission and needs again when it releases feedback."""
MAX_BESIDE = 1024
READABLE = '<blockquote dir="auto" style="white-space: pre-wrap">{}</blockquote>'
"""A plan as a person reads it; in its answer cell it is one line of code."""


def autograded_path(folder: Path, learner: str, assignment: str) -> Path:
    """Return where nbgrader looks for a marked notebook."""
    return folder / "autograded" / learner / assignment / f"{assignment}.ipynb"


def read_template(notebook: Path) -> dict[str, Any]:
    """Read the released notebook that every learner's copy is made from."""
    template: dict[str, Any] = json.loads(notebook.read_bytes())
    return template


def shows(folder: Path, record: Record) -> bool:
    """True when the marked notebook on disk is the one that this record made."""
    return _holds(folder, record, record.hash)


def shows_work(folder: Path, record: Record) -> bool:
    """True when the marked notebook shows these marks, whatever lateness cost when it was written."""
    return _holds(folder, record, record.work)


def _holds(folder: Path, record: Record, hash: str) -> bool:
    try:
        data = autograded_path(folder, record.learner, record.assignment).read_bytes()
    except OSError:
        return False
    return hash.encode() in data


def write_autograded(folder: Path, template: dict[str, Any], record: Record) -> Path:
    """Write the marked notebook of one record, and copy nbgrader's files beside it. Return its path."""
    path = autograded_path(folder, record.learner, record.assignment)
    path.parent.mkdir(parents=True, exist_ok=True)
    copy_beside(folder / "submitted" / record.learner / record.assignment, path.parent)
    replace_file(path, notebook_bytes(template, record))
    return path


def notebook_bytes(template: dict[str, Any], record: Record) -> bytes:
    """Return the marked notebook of one record: the same bytes everywhere."""
    return (json.dumps(filled(template, record), indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def filled(template: dict[str, Any], record: Record) -> dict[str, Any]:
    """Return the released notebook with a record's answers in it and its marks under the check cells."""
    notebook = copy.deepcopy(template)
    notebook["metadata"].setdefault("heatproof", {}).update(record=record.hash, work=record.work)
    for number, cell in enumerate(notebook["cells"], start=1):
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if record.answers.get(name) is not None:
            cell["source"] = cell_source(name, record.answers[name])
        mark = record.cells.get(name)
        if mark is not None and mark.points is not None and cell["cell_type"] == "code":
            cell["execution_count"] = number
            cell["outputs"] = [_output(number, repr(mark.points), mark.html)]
        plan = record.answers.get(str(name).removesuffix(PLAYER)) if str(name).endswith(PLAYER) else None
        if isinstance(plan, str):
            cell["execution_count"] = number
            cell["outputs"] = [_output(number, plan, READABLE.format(escape(plan)))]
    return notebook


def _output(number: int, plain: str, html: str) -> dict[str, Any]:
    """Return what a cell puts out in a kernel: a check its number and the evidence, a player the plan."""
    data = {"text/plain": plain, "text/html": html}
    return {"output_type": "execute_result", "execution_count": number, "metadata": {}, "data": data}


def copy_beside(source: Path, target: Path) -> None:
    """Copy nbgrader's small files from a submission, plain files only; take away what an earlier one left."""
    through_a_link = source.is_symlink() or source.parent.is_symlink()
    for name in BESIDE:
        try:
            if through_a_link:
                raise FileNotFoundError(name)
            descriptor = os.open(source / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            (target / name).unlink(missing_ok=True)
            continue
        try:
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                replace_file(target / name, os.read(descriptor, MAX_BESIDE))
        finally:
            os.close(descriptor)


def replace_file(path: Path, data: bytes) -> None:
    """Write a file so that whoever reads it meets the old one or the new one, never a part."""
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(data)
    os.replace(part, path)
