"""Answers, from wherever they are kept: the notebook's answer cells and the file beside it.

For the players, for handing in and for both marking doors:

    answers_of(Path("heat-plan-a.ipynb"), ["replies_1", "plan_1"]).values

Nothing is ever run, and no notebook library is asked. The parts are in values (what an answer may be),
literal (one cell), notebook_file (the cells of a notebook), answers_file (the file beside it), counted
(which of the two counts), questions (what a notebook asks) and keeper (what a widget calls).
"""

from course.engine.answers_file import (
    AnswersFile,
    Entry,
    answers_path,
    merge,
    read_answers_file,
    remove_answer,
    settle,
    shown,
    write_answer,
)
from course.engine.counted import Answers, answers_from, answers_of
from course.engine.keeper import Keeper, Kept, answer, find_notebook
from course.engine.literal import cell_source, read_cell
from course.engine.notebook_file import NotebookAnswers, read_notebook
from course.engine.questions import Question, questions_in
from course.engine.values import Refused, Value, canonical, check_value, fingerprint, notes_on

__all__ = [
    "Answers",
    "AnswersFile",
    "Entry",
    "Keeper",
    "Kept",
    "NotebookAnswers",
    "Question",
    "Refused",
    "Value",
    "answer",
    "answers_from",
    "answers_of",
    "answers_path",
    "canonical",
    "cell_source",
    "check_value",
    "find_notebook",
    "fingerprint",
    "merge",
    "notes_on",
    "questions_in",
    "read_answers_file",
    "read_cell",
    "read_notebook",
    "remove_answer",
    "settle",
    "shown",
    "write_answer",
]
