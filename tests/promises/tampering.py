"""Score tampering: points written, forged or begged for in the notebook, its metadata and the answers.

Whatever is tried, the marks are those of the same answers handed in honestly, or a person is asked.
"""

import copy
import json
from typing import Any

from tests.promises.handing_in import (
    ANSWERS,
    EMPTY,
    MODEL,
    PLAIN,
    TASK,
    Hostile,
    answer_cell,
    answering,
    cell,
    changed,
    code,
    file_of,
    graded_cells,
    only,
)
from tests.small_class import notebook_with

Notebook = dict[str, Any]
ALL_LABELS = "hear, empathise, apologise, act"
SCORE = {
    "output_type": "execute_result",
    "data": {"text/plain": "600.0", "text/html": "<b>600</b>"},
    "metadata": {},
    "execution_count": 1,
}
MODEL_CELL = f"plan_1 = {json.dumps(MODEL['plan_1'])}"


def each_check(**values: Any) -> Any:
    return changed(lambda made: [one.update(values) for one in graded_cells(made)])


def each_mark(**values: Any) -> Any:
    return changed(lambda made: [one["metadata"]["nbgrader"].update(values) for one in graded_cells(made)])


def with_cells(*cells: dict[str, Any], first: bool = False) -> Any:
    def change(made: Notebook) -> None:
        made["cells"] = [*cells, *made["cells"]] if first else [*made["cells"], *cells]

    return changed(change)


def marked(name: str, **values: Any) -> dict[str, Any]:
    """Return nbgrader's metadata for a cell of a learner's own."""
    base = {"grade": True, "solution": False, "locked": True, "task": False, "schema_version": 3}
    return {"nbgrader": base | {"grade_id": name, "points": 100} | values}


def no_checks(made: Notebook) -> None:
    made["cells"] = [one for one in made["cells"] if one not in graded_cells(made)]


def checks_twice(made: Notebook) -> None:
    made["cells"] += copy.deepcopy(graded_cells(made))


def answered_twice(made: Notebook) -> None:
    made["cells"].append({**copy.deepcopy(answer_cell(made, "plan_1")), "source": MODEL_CELL})


def the_same_twice(made: Notebook) -> None:
    made["cells"].append(copy.deepcopy(answer_cell(made, "plan_1")))


def swapped_names(made: Notebook) -> None:
    for one in graded_cells(made):
        one["metadata"]["nbgrader"]["grade_id"] += "_old"


def no_answer_cells(made: Notebook) -> None:
    for name in ANSWERS:
        answer_cell(made, name)["metadata"].pop("nbgrader")


def file_saying(**values: Any) -> bytes:
    return json.dumps(json.loads(file_of({})) | values).encode()


IN_THE_NOTEBOOK = (
    Hostile("points raised in the metadata", each_mark(points=600), "marked", like="plain"),
    Hostile("points below nothing", each_mark(points=-600), "marked", like="plain"),
    Hostile("checks that say 600", each_check(source="600.0"), "marked", like="plain"),
    Hostile("outputs that say 600", each_check(outputs=[SCORE]), "marked", like="plain"),
    Hostile("checks taken out", changed(no_checks), "marked", like="plain"),
    Hostile("checks twice", changed(checks_twice), "marked", like="plain"),
    Hostile("checks under other names", changed(swapped_names), "marked", like="plain"),
    Hostile("checks not graded", each_mark(grade=False, locked=False), "marked", like="plain"),
    Hostile("checks as solutions", each_mark(solution=True, task=True), "marked", like="plain"),
    Hostile("forged checksums", each_mark(checksum="0" * 32), "marked", like="plain"),
    Hostile("a schema of tomorrow", each_mark(schema_version=99), "marked", like="plain"),
    Hostile("checks as Markdown", each_check(cell_type="markdown"), "marked", like="plain"),
    Hostile("cells in reverse", changed(lambda made: made["cells"].reverse()), "marked", like="plain"),
    Hostile(
        "a score in the notebook's metadata",
        changed(lambda made: made["metadata"].update(score=600, heatproof={"record": "0" * 64})),
        "marked",
        like="plain",
    ),
    Hostile(
        "another kernel",
        changed(lambda made: made["metadata"].update(kernelspec={"name": "bash", "display_name": "bash"})),
        "marked",
        like="plain",
    ),
    Hostile(
        "widget state that holds answers",
        changed(lambda made: made["metadata"].update(widgets={"state": MODEL})),
        "marked",
        like="plain",
    ),
    Hostile(
        "the model plan in an output",
        changed(lambda made: answer_cell(made, "plan_1").update(outputs=[SCORE | {"data": MODEL}])),
        "marked",
        like="plain",
    ),
    Hostile(
        "points on an answer cell",
        changed(
            lambda made: answer_cell(made, "plan_1")["metadata"]["nbgrader"].update(points=8, grade=True)
        ),
        "marked",
        like="plain",
    ),
    Hostile("a cell that answers again", with_cells(code(MODEL_CELL)), "marked", like="plain"),
    Hostile(
        "a cell that changes the judge",
        with_cells(code("import autograders\nautograders.check_plan = lambda *_: 2"), first=True),
        "marked",
        like="plain",
    ),
    Hostile("a graded cell of one's own", with_cells(code("100", **marked("bonus"))), "marked", like="plain"),
    Hostile(
        "a check cell of one's own", with_cells(code("2.0", **marked("plan_1_hear"))), "marked", like="plain"
    ),
    Hostile("the same answer twice", changed(the_same_twice), "marked", like="plain"),
    Hostile(
        "two answers, pick the best", changed(answered_twice), "needs_person", ("plan_1", "stands twice")
    ),
    Hostile("answers without their names", changed(no_answer_cells), "marked", like="blank"),
)

IN_THE_ANSWERS = (
    Hostile(
        "every label for a reply",
        answering(replies_1=dict.fromkeys(ANSWERS["replies_1"], ALL_LABELS)),
        "marked",
        ("replies_1", "is not one of the labels"),
    ),
    Hostile(
        "a list of labels for a reply",
        answering(replies_1={reply: ["hear", "act", "argues"] for reply in ANSWERS["replies_1"]}),
        "marked",
        ("replies_1", "is not one of the labels"),
    ),
    Hostile(
        "weights for labels",
        answering(replies_1={reply: {"hear": 1, "argues": 1} for reply in ANSWERS["replies_1"]}),
        "marked",
        ("replies_1", "is not one of the labels"),
    ),
    Hostile(
        "labels for replies that nobody asked for",
        answering(replies_1=ANSWERS["replies_1"] | {f"r{number}": "hear" for number in range(9, 600)}),
        "marked",
        ("replies_1",),
        like="plain",
    ),
    Hostile("a number in place of labels", answering(replies_1=600), "marked", ("replies_1", "600")),
    Hostile("a number in place of a plan", answering(plan_1=8), "marked"),
    Hostile("a verdict in place of a plan", answering(plan_1={"points": 8, "level": 2}), "marked"),
    Hostile("a list in place of a plan", answering(plan_1=[2, 2, 2, 2]), "marked"),
    Hostile(
        "names that Python knows",
        answering(replies_1={"__class__": "Score", "__proto__": "hear", "points": "6"}),
        "marked",
        ("replies_1",),
    ),
    Hostile(
        "a mark in the answers file",
        only(notebook=PLAIN, answers=file_of({"plan_1_hear": 2, "points": 34})),
        "marked",
        ("there is no question", "left out"),
        like="plain",
    ),
    Hostile(
        "a status in the answers file",
        only(notebook=PLAIN, answers=file_saying(status="marked", points=34, our_fault=True)),
        "marked",
        like="plain",
    ),
    Hostile(
        "the answers file of another notebook",
        only(notebook=PLAIN, answers=file_saying(notebook="reading-replies")),
        "marked",
        like="plain",
    ),
    Hostile(
        "an answers file that replaces what never was",
        only(
            notebook=PLAIN,
            answers=file_saying(answers={"plan_1": {"value": MODEL["plan_1"], "replaces": "0" * 64}}),
        ),
        "marked",
        ("plan_1",),
        like="plain",
    ),
)

CODE = {
    "open('../../../autograders/keys/heat-plan-a.yaml').read()": "the word 'open'",
    "__import__('os').system('touch PWNED')": "the word '__import__'",
    "eval('2+2')": "the word 'eval'",
    "(lambda: 2)()": "a function",
    "[x for x in (1, 2)]": "the word 'x'",
    'f"{2}"': "a text of a special kind",
    "(plan_1 := 2)": "the sign",
    '"a" * 10 ** 9': "the sign '*'",
    '"%s" % 2': "the sign '%'",
    '"a".join([])': "the sign '.'",
    "{1, 2}": "a set",
    "(1, 2)": "round brackets",
    'b"bytes"': "a text of a special kind",
    "True": "True or False",
    "plan_2": "the word 'plan_2'",
}
WHOLE_CELLS = {
    "a cell that imports": ("import os\nplan_1 = 'x'", "an import"),
    "a cell of two answers": ("plan_1 = 'a'\nplan_1 = 'b'", "more than one answer"),
    "a cell that runs a file": ("%run evil.py", "the sign '%'"),
    "a cell for the shell": ("!touch PWNED", "the sign '!'"),
    "a cell for bash": ("%%bash\ntouch PWNED", "the sign '%'"),
    "a cell that answers for another": ("plan_2 = 'x'", "the word 'plan_2'"),
    "a name of look-alike letters": ("ｐlan_1 = 'x'", "the sign"),
    "a class in a cell": ("class plan_1: pass", "the word 'class'"),
}
IN_A_CELL = (
    *(
        Hostile(f"code {number} in an answer", cell(f"plan_1 = {text}"), "needs_person", ("plan_1", says))
        for number, (text, says) in enumerate(CODE.items(), start=1)
    ),
    *(
        Hostile(tries, cell(text), "needs_person", ("plan_1", says))
        for tries, (text, says) in WHOLE_CELLS.items()
    ),
)

EMPTY_BUT_FOR_THE_FILE = Hostile(
    "the answers in the file alone",
    only(notebook=EMPTY, answers=file_of(ANSWERS)),
    "marked",
    like="plain",
)
PERFECT_BUT_FOR_ONE = Hostile(
    "a perfect notebook with a bomb for one answer",
    only(notebook=notebook_with(TASK, MODEL).replace(b'"plan_2 = ', b'"plan_2 = 9**9**9 + ')),
    "needs_person",
    ("plan_2", "the sign '*'"),
)

FAMILY = (*IN_THE_NOTEBOOK, *IN_THE_ANSWERS, *IN_A_CELL, EMPTY_BUT_FOR_THE_FILE, PERFECT_BUT_FOR_ONE)
