"""Write the notebook that formgrader and nbgrader's feedback show: release, answers, evidence.

For the marking door. A view of the results log. Of what was handed in, only the answers are taken, written
anew by the function that writes them for a learner, and the two small files that nbgrader keeps beside a
notebook.
"""

import copy
import json
import os
import re
from html import escape
from pathlib import Path
from typing import Any

from autograders.beside import copy_beside
from autograders.known import Known
from autograders.record import Record
from autograders.whole_files import replace_file
from course.engine.literal import cell_source
from course.engine.notebook_file import PLAYER
from course.engine.values import Value

MAX_END = 1 << 14
"""Bytes at the end of a marked notebook that nearly always hold its metadata."""
HOLES = tuple(f"\ue000{number}\ue000" for number in range(3))
HOLE = re.compile('"\ue000([0-2])\ue000"')
"""What stands, while a text is prepared, where something of a learner will."""
_text = json.JSONEncoder(ensure_ascii=False).encode
READABLE = '<blockquote dir="auto" style="white-space: pre-wrap">{}</blockquote>'
"""A plan as a person reads it; in its answer cell it is one line of code."""


def autograded_path(folder: Path, learner: str, assignment: str) -> Path:
    """Return where nbgrader looks for a marked notebook."""
    return folder / "autograded" / learner / assignment / f"{assignment}.ipynb"


class Template:
    """The released notebook that every learner's copy is made from.

    To turn all of it into JSON for each learner takes longer than to judge their answers. So each cell is
    turned once, with holes where something of a learner stands, and kept.
    """

    def __init__(self, notebook: dict[str, Any]) -> None:
        self.notebook = notebook
        self._cells: dict[tuple[int, bool, bool], list[str]] = {}
        self._around = _cut(notebook | {"cells": HOLES[0], "metadata": _told(notebook, HOLES[1], HOLES[2])})

    def text(self, record: Record) -> str:
        """Return the marked notebook of one record as `json.dumps(filled(…), indent=1)` writes it."""
        cells = [self._cell(n, cell, record) for n, cell in enumerate(self.notebook["cells"], start=1)]
        whole = "[" + ",".join(f"\n  {cell}" for cell in cells) + "\n ]" if cells else "[]"
        return _fill(self._around, whole, _text(record.hash), _text(record.work))

    def _cell(self, number: int, cell: dict[str, Any], record: Record) -> str:
        source, shown = _given(cell, record)
        kind = number, source is not None, shown is not None
        if kind not in self._cells:
            holes = HOLES[0] if kind[1] else None, (HOLES[1], HOLES[2]) if kind[2] else None
            self._cells[kind] = _cut(_with(cell, number, *holes), inside=2)
        return _fill(self._cells[kind], *map(_text, (source or "", *(shown or ()))))


def read_template(notebook: Path) -> Template:
    """Read the released notebook that every learner's copy is made from."""
    return Template(json.loads(notebook.read_bytes()))


def shows(folder: Path, record: Record | Known) -> bool:
    """True when the marked notebook on disk is the one that this record made."""
    return _holds(folder, record, record.hash)


def shows_work(folder: Path, record: Record) -> bool:
    """True when the marked notebook shows these marks, whatever lateness cost when it was written."""
    return _holds(folder, record, record.work)


def _holds(folder: Path, record: Record | Known, hash: str) -> bool:
    """True when a hash stands in the marked notebook; looked for at its end first, where metadata are."""
    path = f"{folder}/autograded/{record.learner}/{record.assignment}/{record.assignment}.ipynb"
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        size, wanted = os.fstat(descriptor).st_size, hash.encode()
        if wanted in os.pread(descriptor, MAX_END, max(0, size - MAX_END)):
            return True
        return size > MAX_END and wanted in os.pread(descriptor, size, 0)
    except OSError:
        return False
    finally:
        os.close(descriptor)


def write_autograded(folder: Path, template: Template, record: Record) -> Path:
    """Write the marked notebook of one record, and copy nbgrader's files beside it. Return its path."""
    path = autograded_path(folder, record.learner, record.assignment)
    path.parent.mkdir(parents=True, exist_ok=True)
    copy_beside(folder / "submitted" / record.learner / record.assignment, path.parent)
    replace_file(path, notebook_bytes(template, record))
    return path


def notebook_bytes(template: Template, record: Record) -> bytes:
    """Return the marked notebook of one record: the same bytes everywhere."""
    return f"{template.text(record)}\n".encode()


def filled(template: Template, record: Record) -> dict[str, Any]:
    """Return the released notebook with a record's answers in it and its marks under the check cells."""
    notebook = copy.deepcopy(template.notebook)
    cells = [_with(cell, n, *_given(cell, record)) for n, cell in enumerate(notebook["cells"], start=1)]
    return notebook | {"cells": cells, "metadata": _told(notebook, record.hash, record.work)}


def _told(notebook: dict[str, Any], record: str, work: str) -> dict[str, Any]:
    """Return a notebook's metadata with the hashes of the record that it shows."""
    metadata: dict[str, Any] = notebook["metadata"]
    return metadata | {"heatproof": metadata.get("heatproof", {}) | {"record": record, "work": work}}


def _given(cell: dict[str, Any], record: Record) -> tuple[str | None, tuple[str, str] | None]:
    """Return what a record puts into a cell: its source, and what it shows as text and as HTML, if any."""
    name = cell["metadata"].get("nbgrader", {}).get("grade_id")
    answer, shown = record.answers.get(name), None
    mark = record.cells.get(name)
    if mark is not None and mark.points is not None and cell["cell_type"] == "code":
        shown = repr(mark.points), mark.html
    plan = record.answers.get(str(name).removesuffix(PLAYER)) if str(name).endswith(PLAYER) else None
    if isinstance(plan, str):
        shown = plan, READABLE.format(escape(plan))
    return None if answer is None else cell_source(name, _as_logged(answer)), shown


def _as_logged(value: Value) -> Value:
    """Return an answer with its parts in the log's order, whatever the order in which they were given."""
    if isinstance(value, dict):
        return {name: _as_logged(value[name]) for name in sorted(value)}
    return [_as_logged(each) for each in value] if isinstance(value, list) else value


def _with(
    cell: dict[str, Any], number: int, source: str | None, shown: tuple[str, str] | None
) -> dict[str, Any]:
    """Return a cell with what a record puts into it; `number`: its place in the notebook."""
    own = {} if source is None else {"source": source}
    out = {} if shown is None else {"execution_count": number, "outputs": [_output(number, *shown)]}
    return cell | own | out


def _output(number: int, plain: str, html: str) -> dict[str, Any]:
    """Return what a cell puts out in a kernel: a check its number and the evidence, a player the plan."""
    data = {"text/plain": plain, "text/html": html}
    return {"output_type": "execute_result", "execution_count": number, "metadata": {}, "data": data}


def _cut(value: dict[str, Any], *, inside: int = 0) -> list[str]:
    """Return a value as JSON, cut at its holes: text, number of a hole, text … `inside`: how deep it is."""
    text = json.dumps(value, indent=1, ensure_ascii=False)
    return HOLE.split(text.replace("\n", "\n" + " " * inside))


def _fill(pieces: list[str], *fillings: str) -> str:
    return "".join(fillings[int(piece)] if at % 2 else piece for at, piece in enumerate(pieces))
