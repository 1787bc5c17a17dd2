"""Tell which releases no longer say what their masters say, without running nbgrader.

For `heatproof check`. Compares what a learner reads and what is graded; refuses to make a release.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Cell = tuple[str, str, str, Any]
"""Grade id, kind, text (empty for an answer cell, which differs) and points."""


def stale(folder: Path) -> Iterator[Path]:
    """Yield each release of a course folder that differs from its master; what was never released is none."""
    for master in sorted((folder / "source").glob("*/*.ipynb")):
        release = folder / "assignments" / master.parent.name / master.name
        if master.stem == master.parent.name and release.is_file() and _cells(release) != _cells(master):
            yield release


def _cells(notebook: Path) -> list[Cell] | None:
    """Return what counts of each cell; None where this is no notebook."""
    try:
        return [_cell(cell) for cell in json.loads(notebook.read_bytes())["cells"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _cell(cell: dict[str, Any]) -> Cell:
    graded = cell["metadata"].get("nbgrader", {})
    text = "" if graded.get("solution") else "".join(cell["source"])
    return graded.get("grade_id", ""), cell["cell_type"], text, graded.get("points")
