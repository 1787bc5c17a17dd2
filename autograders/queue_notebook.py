"""Write a notebook that holds a grader's queue: one cell to run, and nothing to type.

For `heatproof queue --notebook`. The same names make the same bytes. Refuses to overwrite a file.
"""

import json
from pathlib import Path
from typing import Any

from autograders.placing import replace_file
from course.engine.faults import shown
from course.engine.words import word

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


class NotWritten(Exception):
    """No notebook was written. The text is one sentence: where, what, cure."""


def write_queue_notebook(path: Path, assignment: str, marker: str) -> None:
    """Write the notebook of one marker's queue. NotWritten where that cannot be."""
    if path.suffix != ".ipynb":
        raise NotWritten(f"{shown(path)}: name it .ipynb")
    if path.exists():
        raise NotWritten(f"{shown(path)}: is there already; open it, or name a new file")
    source = (
        "from autograders import desk\nfrom course import queue\n\n"
        f"queue({json.dumps(assignment)}, desk=desk, marker={json.dumps(marker, ensure_ascii=False)})"
    )
    notebook = {
        "cells": [
            _text("start", f"## {assignment}\n\n{word('queue.start')}"),
            {**_cell("code", "queue", source), "execution_count": None, "outputs": []},
            _text("end", word("queue.end", assignment=assignment)),
        ],
        "metadata": {"kernelspec": KERNEL, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    try:
        replace_file(path, (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode("utf-8"))
    except OSError as fault:
        raise NotWritten(f"{shown(path)}: cannot be written ({fault.strerror}); name another") from fault


def _cell(kind: str, id_: str, source: str) -> dict[str, Any]:
    return {"cell_type": kind, "id": id_, "metadata": {}, "source": source.splitlines(keepends=True)}


def _text(id_: str, source: str) -> dict[str, Any]:
    return _cell("markdown", id_, source)
