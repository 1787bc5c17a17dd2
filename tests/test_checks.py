"""The checks: what they give for every kind of value, and that they neither crash nor print nor leak."""

import html
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_output
from nbgrader.utils import determine_grade

from autograders import check_call, check_labels, check_plan, plans
from autograders.call_keys import PARTS, CallQuestion
from autograders.judging.verdict import COMPONENTS, ComponentVerdict, Evidence, Flag, Verdict
from autograders.keys_reading import LabelsQuestion, PlanQuestion, read_key
from autograders.labels import mark_labels
from autograders.plans import SHOWN_WITH, mark_plan
from autograders.score import MIME, Complete, NotComplete, Reason, Score
from course.engine.content import Complaint, scenario

QUESTION = LabelsQuestion.model_validate(
    {
        "kind": "labels",
        "scenario": "cold-soup",
        "replies": (
            {"id": "r1", "text": "Tell me.", "label": "hear", "why": "It asks."},
            {
                "id": "r2",
                "text": "Sorry if.",
                "label": "non_apology",
                "why": "The if takes it back.",
                "near": {"minimises": 0.25},
                "wrong": {"apologise": "It starts with sorry, and takes it back."},
            },
        ),
    }
)

LABELS: tuple[tuple[Any, float, str], ...] = (
    ({"r1": "hear", "r2": "non_apology"}, 2.0, "2 of 2 points"),
    ({"r1": "hear", "r2": "minimises"}, 1.25, "Close"),
    ({"r1": "hear", "r2": "apologise"}, 1.0, "It starts with sorry, and takes it back."),
    ({"r1": "act"}, 0.0, "“Takes action” means: It offers help that fits"),
    ({"r1": "act"}, 0.0, "It asks."),
    ({"r1": "hear"}, 1.0, "It has no label yet."),
    ({"r1": "", "r2": "non_apology"}, 1.0, "It has no label yet."),
    (None, 0.0, "Not answered"),
    ({}, 0.0, "Not answered"),
    ("hear", 0.0, "not a list of labels: hear"),
    (["hear", "non_apology"], 0.0, "not a list of labels: […]"),
    (10**400, 0.0, "not a list of labels: a very large number"),
    (float("nan"), 0.0, "not a list of labels: nan"),
    ({"r1": "Hear", "r2": "non_apology"}, 1.0, "“Hear” is not one of the labels"),
    ({"r1": ["hear"], "r2": {}}, 0.0, "“[…]” is not one of the labels"),
    ({"r1": "hear", "r9": "act", 3: "act"}, 1.0, "2 of the labelled replies do not belong to this question"),
    ({"r1": "<b>" * 9999}, 0.0, "is not one of the labels"),
)


@pytest.mark.parametrize(("value", "points", "told"), LABELS, ids=range(len(LABELS)))
def test_labels_are_marked_and_told(value: Any, points: float, told: str) -> None:
    score = mark_labels(QUESTION, value)
    assert (score.points, score.out_of, score.needs_person) == (points, 2.0, False)
    assert told in str(score)
    assert html.escape(told) in score._repr_html_()


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["hear", "act"]),
    lambda inside: (
        st.lists(inside, max_size=4) | st.dictionaries(st.text() | st.sampled_from(["r1", "r2"]), inside)
    ),
    max_leaves=12,
)


@given(ANYTHING)
def test_no_value_breaks_a_check_of_labels_or_earns_more_than_there_is(value: Any) -> None:
    score = mark_labels(QUESTION, value)
    assert 0.0 <= score.points <= score.out_of
    assert float(repr(score)) == score.points


@given(st.text())
def test_a_score_never_lets_markup_through(text: str) -> None:
    score = Score(1.0, 2.0, text, text, (Reason("quote", text, text),))
    shown = score._repr_html_()
    assert shown.count("<") == 2 + 2 + 2 + 2 + 2 + 2 * bool(text)


def found(
    level: int, because: str = "", next_step: str = "", *, words: str = "", doubt: bool = False
) -> ComponentVerdict:
    """A component's verdict, with one passage as evidence."""
    evidence = (Evidence("listens", 0, len(words), words),) if words else ()
    return ComponentVerdict(level, evidence, because, next_step, 0.5 if doubt else 1.0, doubt)


VERDICT = Verdict(
    {
        "hear": found(1, "One behaviour.", "Ask a question.", words="I would listen"),
        "empathise": found(0, "We are not sure.", "Name the feeling.", doubt=True),
        "apologise": found(2, "It is there.", "Nothing.", words="I am sorry for the soup"),
        "act": found(0),
    },
    (
        Flag(
            "interrupts",
            (Evidence("stops", 0, 15, "let me stop you"),),
            "It cuts him off.",
            "Let him finish.",
        ),
    ),
)
PLAN = PlanQuestion.model_validate({"kind": "plan", "scenario": "cold-soup", "model": "…"})
SOUP = Complaint("The soup was cold.", "simple", "chat", "A refund.")

PLANS: tuple[tuple[str, Any, float, bool, str], ...] = (
    ("hear", "a plan", 1.0, False, "“I would listen”"),
    ("hear", "a plan", 1.0, False, "→ Ask a question."),
    ("hear", "a plan", 1.0, False, "! “let me stop you” Interrupts. It cuts him off. Let him finish."),
    ("empathise", "a plan", 0.0, True, "A person will read this part"),
    ("apologise", "a plan", 2.0, False, "2 of 2"),
    ("act", None, 0.0, False, "not answered"),
    ("act", " \n ", 0.0, False, "not answered"),
    ("act", 5, 0.0, False, "The answer is not a text: 5"),
    ("act", {"a": "b"}, 0.0, False, "The answer is not a text: {…}"),
    ("act", "x" * 5000, 0.0, True, "A person will read it"),
)


def judge(_: str, __: Complaint) -> Verdict:
    """A judge that always says the same."""
    return VERDICT


@pytest.mark.parametrize(("component", "value", "points", "waits", "told"), PLANS, ids=range(len(PLANS)))
def test_a_plan_is_marked_by_its_reading_and_told(
    component: str, value: Any, points: float, waits: bool, told: str
) -> None:
    score = mark_plan(PLAN, SOUP, component, value, judge=judge)
    assert (score.points, score.out_of, score.needs_person) == (points, 2, waits)
    assert told in str(score)


def test_what_earned_full_marks_gets_no_next_step() -> None:
    assert "Nothing." not in str(mark_plan(PLAN, SOUP, "apologise", "a plan", judge=judge))


def test_a_flag_is_told_with_its_own_component_only() -> None:
    assert "let me stop you" not in str(mark_plan(PLAN, SOUP, "act", "a plan", judge=judge))


def test_four_cells_judge_a_plan_once() -> None:
    plan = "I let Marek finish, I am sorry that our soup came cold, and he gets his money back today."
    before = plans.verdict_on.cache_info()
    for component in COMPONENTS:
        mark_plan(PLAN, SOUP, component, plan)
    after = plans.verdict_on.cache_info()
    assert (after.misses - before.misses, after.hits - before.hits) == (1, 3)


def test_every_flag_of_the_rubric_is_told_somewhere() -> None:
    assert set(SHOWN_WITH.values()) == set(COMPONENTS)
    assert len(SHOWN_WITH) == 14


def all_questions(root: Path) -> list[tuple[str, str, str | None, Any]]:
    """Return (assignment, question, component or None, model answer) of every check in the course."""
    found: list[tuple[str, str, str | None, Any]] = []
    for path in sorted((root / "autograders/keys").glob("*.yaml")):
        for name, question in read_key(path).questions.items():
            if isinstance(question, LabelsQuestion):
                found.append((path.stem, name, None, {reply.id: reply.label for reply in question.replies}))
            elif isinstance(question, CallQuestion):
                best = list(scenario(question.scenario).walks.best.path)
                found += [(path.stem, name, part, best) for part in PARTS]
            else:
                found += [(path.stem, name, component, question.model) for component in COMPONENTS]
    return found


def checked(assignment: str, question: str, component: str | None, value: Any) -> Score:
    if component is None:
        return check_labels(assignment, question, value)
    if component in PARTS:
        return check_call(assignment, question, component, value)
    return check_plan(assignment, question, component, value)


MISCHIEF: tuple[Any, ...] = (
    0, -1.5, float("inf"), 10**400, True, "", "\x00\u202e", "<script>" * 400, "a" * 10**6, [], [[]] * 99,
    {"r1": {}}, {1: 2}, {"r1": "hear" * 9999}, object(), lambda: 1,
)  # fmt: skip


def test_three_learners_meet_every_question_of_the_course(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    questions = all_questions(root)
    assert len(questions) >= 3 * (2 + 2 * 4) + 3
    for *place, model in questions:
        blank, right = checked(*place, None), checked(*place, model)
        assert (blank.points, blank.needs_person) == (0.0, False), place
        assert "not answered" in str(blank).lower(), place
        assert (right.points, right.needs_person) == (right.out_of, False), place
        for value in MISCHIEF:
            score = checked(*place, value)
            assert score.points == 0.0, (place, repr(value)[:40])
            assert not score.our_fault, (place, repr(value)[:40])


@pytest.fixture
def grader(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A grader's folder: the course's configuration and one key; we stand in it."""
    (tmp_path / "nbgrader_config.py").write_text("")
    keys = tmp_path / "autograders" / "keys"
    keys.mkdir(parents=True)
    (keys / "heat-plan-a.yaml").write_bytes((root / "autograders/keys/heat-plan-a.yaml").read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def learner(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A learner's folder: the released notebook and nothing else; we stand in it."""
    released = root / "assignments/heat-plan-a/heat-plan-a.ipynb"
    (tmp_path / released.name).write_bytes(released.read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_right_labels_earn_all_points_with_a_key(grader: Path) -> None:
    key = read_key(grader / "autograders/keys/heat-plan-a.yaml")
    question = key.questions["replies_1"]
    assert isinstance(question, LabelsQuestion)
    assert (
        repr(check_labels("heat-plan-a", "replies_1", {reply.id: reply.label for reply in question.replies}))
        == "4.0"
    )


def test_a_crash_on_the_way_is_our_fault_and_calls_a_person_in_silence(
    grader: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (grader / "course/scenarios").mkdir(parents=True)
    (grader / "course/scenarios/paid-and-cut-off.yaml").write_text("id: [")
    score = check_plan("heat-plan-a", "plan_1", "act", "We fix it today.")
    assert (score.our_fault, score.needs_person, score.out_of) == (True, True, 2)
    assert "your answer is kept" in str(score).lower()
    assert capfd.readouterr() == ("", "")


OUR_FAULTS = (
    ("heat-plan-z", "plan_1", "no key for this assignment"),
    ("heat-plan-a", "plan_9", "KeyError"),
    ("heat-plan-a", "replies_1", "checked as a plan"),
)


@pytest.mark.parametrize(("assignment", "question", "told"), OUR_FAULTS, ids=[f[2] for f in OUR_FAULTS])
def test_a_course_that_is_set_up_wrongly_is_our_fault(
    grader: Path, assignment: str, question: str, told: str
) -> None:
    score = check_plan(assignment, question, "hear", "Some plan.")
    assert score.our_fault
    assert told in str(score)


def test_a_missing_key_while_nbgrader_marks_is_never_a_pass(
    learner: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert check_labels("heat-plan-a", "replies_1", {"r1": "hear"}).our_fault


INCOMPLETE: tuple[tuple[str, Any, str], ...] = (
    ("replies_1", None, "replies_1: nothing yet"),
    ("replies_1", {"r1": "hear"}, "replies_1: 1 of 4 labelled"),
    ("plan_1", "I would listen.", "plan_1: 3 words"),
)


@pytest.mark.parametrize(("question", "value", "told"), INCOMPLETE, ids=[c[2] for c in INCOMPLETE])
def test_a_learner_is_told_what_is_missing_in_one_sentence(
    learner: Path, question: str, value: Any, told: str
) -> None:
    check = check_labels if question.startswith("replies") else lambda a, q, v: check_plan(a, q, "hear", v)
    with pytest.raises(NotComplete, match=told) as raised:
        check("heat-plan-a", question, value)
    assert raised.value._render_traceback_() == [str(raised.value)]


def test_a_learners_complete_answer_passes_and_tells_nothing_of_its_mark(learner: Path) -> None:
    wrong = dict.fromkeys(("r1", "r2", "r3", "r4"), "hostile")
    score = check_labels("heat-plan-a", "replies_1", wrong)
    assert isinstance(score, Complete)
    assert str(score) == "Complete. It will be marked after you hand in"


def test_the_answers_file_counts_where_the_cell_is_empty(learner: Path) -> None:
    entry = {"value": "I listen. " * 12, "replaces": None}
    kept = {"format": 1, "notebook": "heat-plan-a", "answers": {"plan_1": entry}}
    (learner / "heat-plan-a.answers.json").write_text(json.dumps(kept))
    assert isinstance(check_plan("heat-plan-a", "plan_1", "hear", None), Complete)
    with pytest.raises(NotComplete):
        check_plan("heat-plan-a", "plan_2", "hear", None)


@pytest.mark.parametrize("broken", [b"", b"{", b"\xff", b"[]", b'{"format": 9}'])
def test_a_broken_answers_file_hurts_no_answer_in_the_notebook(grader: Path, broken: bytes) -> None:
    (grader / "heat-plan-a.answers.json").write_bytes(broken)
    score = check_labels("heat-plan-a", "replies_1", {"r1": "argues"})
    assert (score.points, score.our_fault) == (1.0, False)
    assert "answers" in str(score)


GRADES = (
    (Score(1.25, 4.0), 1.25),
    (Score(0.0, 4.0), 0.0),
    (Score(4.0, 4.0), 4.0),
    (Score(1e-05, 4.0), 1e-05),
)


@pytest.mark.parametrize(("score", "points"), GRADES, ids=[repr(score) for score, _ in GRADES])
def test_nbgrader_reads_a_score_as_its_number(score: Score, points: float) -> None:
    cell = new_code_cell("check", metadata={"nbgrader": {"grade": True, "grade_id": "c", "points": 4}})
    cell.outputs = [new_output("execute_result", score._repr_mimebundle_())]
    assert determine_grade(cell) == (points, 4.0)
    assert cell.outputs[0].data[MIME]["points"] == points


def test_the_checks_do_not_load_widgets(environment: dict[str, str], root: Path, tmp_path: Path) -> None:
    import subprocess
    import sys

    ask = "import sys, autograders.checks; print('ipywidgets' in sys.modules, 'nbgrader' in sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", ask],
        env=environment | {"PYTHONPATH": os.fspath(root)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split() == ["False", "False"]
