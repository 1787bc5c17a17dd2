"""What hostile submissions are made of: an ordinary notebook, a way to spoil it, a way to hand it in.

For the families of hostile submissions. Refuses to know what becomes of them.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tests.small_class import answers_file, hand_in, model_answers, notebook_with

TASK = "heat-plan-a"
NOTEBOOK = f"{TASK}.ipynb"
FILE = f"{TASK}.answers.json"

MODEL = model_answers(TASK)
PLAN = (
    "I let him finish and I say: you paid on the first, and we cut you off all the same. That would make "
    "anybody angry. I am sorry for our mistake. I move the payment now, and your power is back in fifteen "
    "minutes."
)
ANSWERS: dict[str, Any] = {
    name: dict.fromkeys(answer, "hear") if isinstance(answer, dict) else PLAN
    for name, answer in MODEL.items()
}
"""What an ordinary learner answers: some of it right, none of it perfect."""

PLAIN = notebook_with(TASK, ANSWERS)
EMPTY = notebook_with(TASK, {})

Make = Callable[[Path, str], object]
"""Puts a submission into a course folder's submitted/, under a learner's id."""
Ends = Literal["marked", "refused", "needs_person"]
"""How a submission ends. "marked": graded, or for a person where the judge of plans is not sure."""


@dataclass(frozen=True)
class Hostile:
    """One hostile submission: what it tries, how it is made, how it ends, what its sentence must say.

    `like`: the honest learner whose marks it must get, to the letter. `most`: what its first plan may earn.
    `learner`: the id it comes under, where that is the point. `on_roster`: False for one whom no class knows.
    """

    tries: str
    make: Make
    ends: Ends
    says: tuple[str, ...] = ()
    like: str | None = None
    most: float | None = None
    learner: str = ""
    on_roster: bool = True

    @property
    def id(self) -> str:
        """The folder's name: what it tries, in a word, unless the name itself is the point."""
        return self.learner or "".join(letter if letter.isalnum() else "-" for letter in self.tries.lower())


def only(**files: bytes) -> Make:
    """Hand in these files: `notebook`, `answers`, or none of them."""
    return lambda course, learner: hand_in(course, learner, TASK, **files)


def beside(**files: bytes) -> Make:
    """Hand in the ordinary notebook with these files beside it; `__` in a name stands for a folder."""

    def make(course: Path, learner: str) -> None:
        folder = hand_in(course, learner, TASK, notebook=PLAIN)
        for name, data in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

    return make


def changed(change: Callable[[dict[str, Any]], object], notebook: bytes = PLAIN) -> Make:
    """Hand in a notebook whose JSON a function has changed in place."""
    return only(notebook=with_change(change, notebook))


def with_change(change: Callable[[dict[str, Any]], object], notebook: bytes = PLAIN) -> bytes:
    made = json.loads(notebook)
    change(made)
    return json.dumps(made).encode("ascii")


def graded_cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the check cells of a notebook."""
    return [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade")]


def answer_cell(notebook: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the answer cell of a question."""
    found: dict[str, Any] = next(
        cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == name
    )
    return found


def cell(source: str, name: str = "plan_1") -> Make:
    """Hand in the ordinary notebook with this text in the answer cell of a question."""
    return changed(lambda notebook: answer_cell(notebook, name).update(source=source))


def answering(**answers: Any) -> Make:
    """Hand in a notebook with these answers beside the ordinary ones, written as the players write them."""
    return only(notebook=notebook_with(TASK, ANSWERS | answers))


def file_of(answers: dict[str, Any]) -> bytes:
    """Return an answers file with these answers."""
    return answers_file(TASK, answers)


def code(source: str, **metadata: Any) -> dict[str, Any]:
    """Return a code cell that nobody asked for."""
    return {
        "cell_type": "code",
        "id": "extra",
        "metadata": metadata,
        "source": source,
        "outputs": [],
        "execution_count": 1,
    }
