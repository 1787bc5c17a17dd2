"""Two steps that stock `nbgrader autograde` takes on our account; nbgrader_config.py lists them.

`OnlyAnswers` runs first: of what was handed in it keeps the answers, read strictly and written anew into the
release. So no code of a learner is executed, and deleted, doubled or shuffled cells change nothing.
`AskAPerson` runs after the scores are saved: what the judge is unsure of goes into formgrader's queue, what
could not be marked has no score there until a person gives one. Refuses to mark.
"""

from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from autograders.planted import clear_planted
from autograders.score import MIME, Reason, Score
from course.engine.answers import Answers, Refused, answers_of, cell_source
from course.engine.words import word

REFUSED = "# Could not be read: "
"""What stands in the answer cell, for the grader, before the sentence that says why."""

Made = tuple[nbformat.NotebookNode, dict[str, Any]]


class OnlyAnswers(NbGraderPreprocessor):  # type: ignore[misc]
    """Replace a submission by the release with the learner's answers in it."""

    def preprocess(self, nb: nbformat.NotebookNode, resources: dict[str, Any]) -> Made:
        """Return the notebook that will be executed; raise where the assignment was never released."""
        names = resources["nbgrader"]
        self._clear(names["assignment"], names["student"])
        release = self._release(names["assignment"], names["notebook"])
        submitted = Path(resources["metadata"]["path"]) / f"{names['notebook']}.ipynb"
        return with_answers(release, submitted), resources

    def _clear(self, assignment: str, learner: str) -> None:
        """Take away what was handed in beside the answers, before a kernel starts in that folder."""
        coursedir = self.parent.parent.coursedir
        marking = coursedir.format_path(coursedir.autograded_directory, learner, assignment)
        source = coursedir.format_path(coursedir.source_directory, ".", assignment)
        for name in clear_planted(Path(marking), Path(source)):
            self.log.warning("Left out, it is no answer: %s", name)

    def _release(self, assignment: str, notebook: str) -> nbformat.NotebookNode:
        coursedir = self.parent.parent.coursedir
        folder = coursedir.format_path(coursedir.release_directory, ".", assignment)
        path = Path(folder) / f"{notebook}.ipynb"
        if not path.is_file():
            cure = f"run nbgrader generate_assignment {assignment}"
            raise FileNotFoundError(f"{path}: not there, so it was never released; {cure}.")
        return nbformat.read(path, as_version=nbformat.current_nbformat)


def with_answers(release: nbformat.NotebookNode, submitted: Path) -> nbformat.NotebookNode:
    """Return the release with the answers of a submission; `release` is changed and returned."""
    cells = {cell.metadata.nbgrader.grade_id: cell for cell in release.cells if _is_answer(cell)}
    for name, source in _sources(submitted, tuple(cells)).items():
        cells[name].source = source
    return release


def _is_answer(cell: nbformat.NotebookNode) -> bool:
    return bool(cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution"))


def _sources(submitted: Path, names: tuple[str, ...]) -> dict[str, str]:
    """Return the new sources of the answer cells that are answered or could not be read."""
    try:
        answers = answers_of(submitted, names)
    except Refused as fault:
        answers = Answers({}, refused=dict.fromkeys(names, str(fault)))
    sources = {name: cell_source(name, value) for name, value in answers.values.items() if value is not None}
    for name, reason in answers.refused.items():
        sources[name] = f"{name} = None\n{REFUSED}{' '.join(reason.split())}"
    return sources


class AskAPerson(NbGraderPreprocessor):  # type: ignore[misc]
    """Put doubtful marks into the queue of formgrader's manual grading.

    Interface: `nbgrader.api.Grade` (`needs_manual_grade`, `auto_score`), as SaveAutoGrades leaves it.
    """

    def preprocess(self, nb: nbformat.NotebookNode, resources: dict[str, Any]) -> Made:
        """Return the notebook; cells that could not be marked say so in the place of a result."""
        names = resources["nbgrader"]
        unread = _unread(nb)
        with Gradebook(names["db_url"]) as gradebook:
            for cell in filter(_is_check, nb.cells):
                name = cell.metadata.nbgrader.grade_id
                told = unread.get(name) or _not_marked(cell)
                if told or _scored(cell).get("needs_person"):
                    place = (names["notebook"], names["assignment"], names["student"])
                    _queue(gradebook.find_grade(name, *place), unmarked=bool(told))
                if told:
                    _tell(cell, told)
            gradebook.db.commit()
        return nb, resources


def _queue(grade: Any, *, unmarked: bool) -> None:
    grade.needs_manual_grade = True
    if unmarked:
        grade.auto_score = None


def _is_check(cell: nbformat.NotebookNode) -> bool:
    graded = cell.metadata.get("nbgrader", {}).get("grade")
    return bool(cell.cell_type == "code" and graded and "from autograders import check_" in cell.source)


def _unread(nb: nbformat.NotebookNode) -> dict[str, str]:
    """Return, for each check cell whose answer could not be read, the sentence that says why."""
    told: dict[str, str] = {}
    for cell in filter(_is_answer, nb.cells):
        _, mark, reason = cell.source.partition(f"\n{REFUSED}")
        if mark:
            name = cell.metadata.nbgrader.grade_id
            said = word("score.refused", reason=reason)
            told |= dict.fromkeys(_checks_of(name, nb), said)
    return told


def _checks_of(name: str, nb: nbformat.NotebookNode) -> list[str]:
    """Return the grade ids of the cells that check an answer: their call ends with its name."""
    ids = ((cell.metadata.nbgrader.grade_id, cell.source) for cell in nb.cells if _is_check(cell))
    return [id for id, source in ids if source.rstrip().endswith(f", {name})")]


def _not_marked(cell: nbformat.NotebookNode) -> str:
    """Return a sentence where a check gave no score of its own: it crashed, or was never run."""
    score = _scored(cell)
    return word("check.our-fault") if not score or score.get("our_fault") else ""


def _scored(cell: nbformat.NotebookNode) -> dict[str, Any]:
    data = [output.get("data", {}).get(MIME) for output in cell.outputs]
    return next((dict(score) for score in data if score), {})


def _tell(cell: nbformat.NotebookNode, said: str) -> None:
    """Show the sentence in the place of the cell's result; what crashed stays below it for the grader."""
    score = Score(0.0, 0.0, "", said, (Reason("person", word("feedback.person")),), needs_person=True)
    kept = [output for output in cell.outputs if output.output_type == "error"]
    cell.outputs = [nbformat.v4.new_output("display_data", {"text/html": score._repr_html_()}), *kept]
