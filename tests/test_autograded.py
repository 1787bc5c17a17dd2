"""The marked notebook that a grader opens: plans as people read them, and nothing that runs."""

import json

import pytest

from autograders.autograded import filled, notebook_bytes, read_template
from autograders.record import Mark, Record
from tests.classroom import cell
from tests.small_class import ROOT

TASK = "heat-plan-a"
PLAN = 'Dear customer,\n<b>no</b> & "yes"'


def test_a_plan_is_shown_as_text_below_its_answer():
    template = read_template(ROOT / "assignments" / TASK / f"{TASK}.ipynb")
    record = Record(
        TASK,
        "ann",
        "graded",
        answers={"plan_1": PLAN},
        cells={"plan_1_hear": Mark(1.0, 2.0, html="<p>1</p>")},
    )
    notebook = filled(template, record)
    assert cell(notebook, "plan_1")["source"] == r'plan_1 = "Dear customer,\n<b>no</b> & \"yes\""'
    (shown,) = cell(notebook, "plan_1_player")["outputs"]
    assert shown["data"]["text/plain"] == PLAN
    assert (
        "Dear customer,\n&lt;b&gt;no&lt;/b&gt; &amp; &quot;yes&quot;</blockquote>"
        in shown["data"]["text/html"]
    )
    assert cell(notebook, "plan_1_hear")["outputs"][0]["data"] == {
        "text/plain": "1.0",
        "text/html": "<p>1</p>",
    }
    assert cell(notebook, "plan_2_player")["outputs"] == [], "what was not answered shows nothing"
    assert cell(notebook, "replies_1_player")["outputs"] == []


RECORDS = {
    "nothing is answered": Record(TASK, "ann", "graded"),
    "everything": Record(
        TASK,
        "ann",
        "graded",
        answers={"plan_1": PLAN, "plan_2": "", "replies_1": {"r1": "hear"}, "replies_2": ["é", "\u2028", 7]},
        cells={
            "plan_1_hear": Mark(1.5, 2.0, html='<p class="a">"1"\\</p>'),
            "plan_1_act": Mark(None, 2.0),
            "replies_1_check": Mark(0.0, 6.0, html="\ue0001\ue000"),
            "replies_2_check": Mark(6.0, 6.0),
        },
        late={"trace": []},
    ),
    "answers that nobody asked for": Record(TASK, "ann", "needs_person", answers={"plan_9": PLAN}),
}


@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize("task", [TASK, "reading-replies"])
def test_it_is_written_as_json_writes_it(name, task):
    template = read_template(ROOT / "assignments" / task / f"{task}.ipynb")
    for _ in range(2):  # a second time from what was kept
        for record in RECORDS.values():
            whole = json.dumps(filled(template, record), indent=1, ensure_ascii=False) + "\n"
            assert notebook_bytes(template, record) == whole.encode("utf-8")
    assert RECORDS[name].hash.encode() in notebook_bytes(template, RECORDS[name])
