"""The marked notebook that a grader opens: plans as people read them, and nothing that runs."""

from autograders.autograded import filled, read_template
from autograders.results import Mark, Record
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
