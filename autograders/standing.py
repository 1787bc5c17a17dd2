"""The marks that stand: what nbgrader's gradebook holds, a person's marks included, whichever door marked.

For the table and the report. Reads only; makes no gradebook where there is none.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from autograders.gradebook import gradebook_is_there, open_gradebook
from autograders.gradebook_reading import Score

Standing = Mapping[str, Mapping[str, Mapping[str, Score]]]
"""Marks by assignment, learner and cell."""


def standing(folder: Path, assignments: Iterable[str]) -> Standing:
    """Return the marks of these assignments, and of whatever else the gradebook has marks for."""
    if not gradebook_is_there(folder):
        return {}
    with open_gradebook(folder) as grades:
        names = sorted({*assignments, *grades.assignments()})
        found = {
            name: {
                learner: {score.cell: score for score in scores}
                for learner, scores in grades.scores(name).items()
            }
            for name in names
        }
    return {name: learners for name, learners in found.items() if learners}
