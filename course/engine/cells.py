"""The cells of a built notebook: answer cells, players in their canonical form, and nbgrader's tests.

For the builder. Knows nbformat and nbgrader's metadata (schema 3); refuses to know where a cell stands.

A player's cell has one canonical form (imports of ours, then one call of ours with JSON arguments), because
the JupyterLab extension runs such a cell without being asked, and no other.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course.engine.literal import cell_source
from course.engine.markdown_cells import Front, Piece
from course.engine.values import Value

FORMAT = 1
STUB = "# Your answer is kept here for you."
"""What stands in an answer cell until it is answered; nbgrader_config.py says the same."""

ANSWER, PLAYER, CHECK = "heatproof-answer", "heatproof-player", "heatproof-check"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


@dataclass(frozen=True)
class Check:
    """A graded cell of a question: its grade id, what it calls, its points."""

    grade_id: str
    source: str
    points: float


@dataclass(frozen=True)
class Task:
    """A question of an assignment as a notebook needs it. `shows` is all that a learner may see of it."""

    name: str
    player: Literal["sort", "write", "play"]
    shows: Mapping[str, Any]
    model: Value
    checks: tuple[Check, ...]
    min_words: int | None = None
    lent: tuple[str, ...] = ()
    """What of `autograders` the player takes along, such as the judge that reads own words in a call."""


_KEYWORD = {"judge": "judge", "exchange": "through"}


def player_source(
    player: str, *arguments: Any, min_words: int | None = None, lent: tuple[str, ...] = ()
) -> str:
    """Return the source of a player's cell in its canonical form.

    `lent` are names of `autograders` that the call takes along: "judge", or "exchange" for handing in.
    """
    given = [json.dumps(argument, ensure_ascii=False, allow_nan=False) for argument in arguments]
    given += [f"min_words={min_words}"] if min_words is not None else []
    given += [f"{_KEYWORD[name]}={name}" for name in lent]
    imports = [f"from course import {player}", *(f"from autograders import {name}" for name in lent)]
    call = f"{player}({', '.join(given)})".replace("\x85", r"\u0085")
    return "\n".join([*imports, call.replace("\u2028", r"\u2028").replace("\u2029", r"\u2029")])


def written(cells: list[nbformat.NotebookNode], name: str, front: Front) -> bytes:
    """Return a notebook's bytes: keys sorted, cell ids from grade id or counter, a newline at the end."""
    for number, cell in enumerate(cells, start=1):
        cell.id = cell.metadata.get("nbgrader", {}).get("grade_id", f"c{number:03d}")
    mark = {"format": FORMAT, "name": name, "kind": front.heatproof}
    metadata = {
        "heatproof": mark,
        "kernelspec": KERNEL,
        "language_info": {"name": "python"},
        "title": front.title,
    }
    notebook = new_notebook(cells=cells, metadata=metadata, nbformat_minor=5)
    nbformat.validate(notebook)
    return bytes(nbformat.writes(notebook, version=nbformat.NO_CONVERT), "utf-8") + b"\n"


def plain_cell(piece: Piece) -> nbformat.NotebookNode:
    if piece.word == "python":
        return new_code_cell(piece.body.rstrip("\n"), metadata={"jupyter": {"source_hidden": True}})
    return new_markdown_cell(piece.body, metadata={"editable": False, "deletable": False})


def question_cells(task: Task) -> Iterator[nbformat.NotebookNode]:
    stub, model = f"{task.name} = None", cell_source(task.name, task.model)
    yield answer_cell(task.name, f"{stub}\n### BEGIN SOLUTION\n{model}\n### END SOLUTION")
    source = player_source(task.player, task.name, dict(task.shows), min_words=task.min_words, lent=task.lent)
    yield player_cell(f"{task.name}_player", source)


def answer_cell(name: str, source: str) -> nbformat.NotebookNode:
    return _hidden(source, ANSWER, _grading(name, solution=True))


def player_cell(grade_id: str, source: str) -> nbformat.NotebookNode:
    return _hidden(source, PLAYER, _grading(grade_id, locked=True))


def _plain(points: float) -> float:
    """Return whole points as a whole number: 2, not 2.0."""
    return int(points) if points == int(points) else points


def check_cell(check: Check) -> nbformat.NotebookNode:
    grading = _grading(check.grade_id, locked=True, grade=True) | {"points": _plain(check.points)}
    cell = _hidden(check.source, CHECK, grading)
    cell.metadata.jupyter.outputs_hidden = True
    cell.metadata.tags = ["raises-exception", CHECK]
    return cell


def _hidden(source: str, tag: str, grading: dict[str, Any]) -> nbformat.NotebookNode:
    jupyter = nbformat.from_dict({"source_hidden": True})
    return new_code_cell(source, metadata={"jupyter": jupyter, "nbgrader": grading, "tags": [tag]})


def _grading(
    grade_id: str, *, grade: bool = False, solution: bool = False, locked: bool = False
) -> dict[str, Any]:
    marks = {"grade": grade, "solution": solution, "locked": locked, "task": False}
    return marks | {"grade_id": grade_id, "schema_version": 3}
