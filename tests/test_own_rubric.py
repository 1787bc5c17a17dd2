"""An instructor's own rubric, as docs/your-own-rubric.md says: a fifth step without Python, from the file to
the feedback page and the report; and the other things that the page says can be changed."""

import csv
import re
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml

from autograders import judge
from autograders.checking import check, check_file
from autograders.class_results import class_results
from autograders.export import export_scores
from autograders.feedback import write_feedback
from autograders.judge_stream import verdict_line
from autograders.judging.verdict import COMPONENTS
from autograders.marking import mark
from autograders.masters import write_notebooks, write_releases
from autograders.nbgrader_door import REFUSED, _unread
from autograders.new import new_course
from autograders.record import Record
from autograders.report import write_report
from autograders.results import latest
from autograders.rubric import load, read_rubric, rubric
from course.engine.content import Complaint, scenario
from course.engine.faults import Faults
from course.engine.pen import reading
from tests.conftest import ROOT
from tests.small_class import hand_in_answers

TASK = "heat-plan-a"
FORMS = (TASK, "heat-plan-b", "heat-plan-c")
PLANS = ("plan_1", "plan_2")
GUIDE = (ROOT / "docs" / "your-own-rubric.md").read_text(encoding="utf-8")
EXAMPLE, KEY_LINE = (block.split("```")[0] for block in GUIDE.split("```yaml\n")[1:])
PROMISE = '"Here is my direct number. I will stay with it until it works."'
HALF = '"You are not alone with this."'
SOUP = scenario("cold-soup").as_complaint()
PLAN = (
    "I let him finish and note what was cold. I tell him it must be horrible to wait hungry for cold soup. "
    "We are sorry that our soup came cold, that was our fault. I refund the soup right now."
)


def write(folder: Path, text: str, name: str = "heat-plus") -> Path:
    """Write a rubric into a course folder and return its path."""
    path = folder / "autograders" / "rubrics" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def changed(tmp_path: Path, body: str) -> Path:
    """Write a rubric that says just this, based on ours."""
    head = "id: mine\ntitle: Mine\nbased_on: heat-plan\n"
    return write(tmp_path, head + body, "mine")


def extended(key: Path) -> None:
    """Name the new rubric in a key, and do what `check` then asks for."""
    written = key.read_text(encoding="utf-8").replace("rubric: heat-plan\n", KEY_LINE, 1)
    key.write_text(written, encoding="utf-8")
    told = {fault.what.split(" (")[0] for fault in check_file(key, "key")}
    lacking = {f"the model plan of '{name}' earns 0 of 2 for 'reassure'" for name in PLANS}
    assert told - {f"the blueprint differs from that of '{TASK}' in A13"} == lacking | {
        "A13 has 2 items and 20 points"
    }
    written = written.replace("A13: {items: 2, points: 16}", "A13: {items: 2, points: 20}")
    for name in PLANS:
        lines = written[written.index(f"  {name}:") :].split("model: ")[1].split("\n")
        last = next(i for i, line in enumerate([*lines, ""]) if i and not line.startswith("      "))
        written = written.replace(lines[last - 1], f"{lines[last - 1]}\n      {PROMISE}", 1)
    key.write_text(written, encoding="utf-8")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh course folder, changed as the guide says, and three learners who handed in and were marked."""
    folder = new_course(tmp_path_factory.mktemp("own") / "mine")
    write(folder, EXAMPLE)
    for name in FORMS:
        extended(folder / "autograders" / "keys" / f"{name}.yaml")
    write_notebooks(folder)
    write_releases(folder)
    questions = yaml.safe_load((folder / "autograders" / "keys" / f"{TASK}.yaml").read_text())["questions"]
    full = {name: model_answer(question) for name, question in questions.items()}
    hand_in_answers(folder, "ann", TASK, full)
    hand_in_answers(folder, "bo", TASK, full | {"plan_1": full["plan_1"].replace(PROMISE, HALF)})
    hand_in_answers(folder, "cat", TASK, full | {"plan_1": ""})
    mark(folder, TASK)
    return folder


def model_answer(question: dict[str, Any]) -> Any:
    if question["kind"] == "plan":
        return question["model"]
    return {reply["id"]: reply["label"] for reply in question["replies"]}


@pytest.fixture(scope="module")
def records(course: Path) -> dict[str, Record]:
    return latest(course, TASK)


@pytest.mark.nbgrader
def test_a_course_with_a_rubric_of_its_own_has_no_fault(course: Path) -> None:
    assert check(course) == ()


@pytest.mark.nbgrader
def test_the_fifth_step_is_marked_like_the_others(records: dict[str, Record]) -> None:
    given = {who: record.cells["plan_1_reassure"].points for who, record in records.items()}
    assert given == {"ann": 2.0, "bo": 1.0, "cat": 0.0}
    assert records["ann"].points == records["ann"].out_of == 4 + 10 + 4 + 10


@pytest.mark.nbgrader
def test_the_fifth_step_stands_on_the_feedback_page_with_its_own_words(course: Path) -> None:
    (page,) = write_feedback(course, TASK, learners=["bo"])
    text = unescape(re.sub(r"<[^>]+>", " ", page.read_text(encoding="utf-8")))
    assert "Reassure" in text
    assert "One half of it is here. You wrote “You are not alone with this”." in text
    assert "Say both, that you stay with it and where you can be found." in text
    assert '<mark class="more">' in page.read_text(encoding="utf-8")


@pytest.mark.nbgrader
def test_an_empty_plan_is_told_what_the_fifth_step_means(course: Path) -> None:
    (page,) = write_feedback(course, TASK, learners=["cat"])
    assert "Reassure: not answered" in page.read_text(encoding="utf-8")


@pytest.mark.nbgrader
def test_a_plan_that_could_not_be_read_waits_in_all_its_steps(course: Path) -> None:
    release = nbformat.read(course / "assignments" / TASK / f"{TASK}.ipynb", as_version=4)
    (cell,) = [c for c in release.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "plan_1"]
    cell.source += f"\n{REFUSED}too large"
    assert set(_unread(release)) == {f"plan_1_{step}" for step in (*COMPONENTS, "reassure")}


@pytest.mark.nbgrader
def test_scores_and_report_have_the_fifth_step(course: Path) -> None:
    _, questions = export_scores(course)
    with questions.open(encoding="utf-8", newline="") as file:
        rows = {(row["learner"], row["question"]): row["points"] for row in csv.DictReader(file)}
    assert rows["bo", "plan_1_reassure"] == "1"
    results = class_results(course)
    assert list(results.levels) == [*COMPONENTS, "reassure"]
    assert results.levels["reassure"] == (1, 1, 4)
    assert results.steps["reassure"] == "Reassure"
    assert "Reassure: 1 plans at level 0, 1 at level 1, 4 at level 2" in write_report(course).read_text(
        encoding="utf-8"
    )


def test_a_sentence_that_the_guides_criterion_misreads_is_told_as_the_guide_says(tmp_path: Path) -> None:
    wrong = EXAMPLE.replace(
        "      - You are not alone with this.\n",
        "      - You are not alone with this.\n      - I am there for you.\n",
    )
    with pytest.raises(Faults) as caught:
        read_rubric(write(tmp_path, wrong))
    (told,) = map(str, caught.value.faults)
    assert told.split("heat-plus.yaml")[1] in GUIDE
    mended = wrong.replace(
        "      - 'you are not alone'\n", "      - 'you are not alone'\n      - 'i am there for <them>'\n"
    )
    assert "reassure" in read_rubric(write(tmp_path, mended)).components


def test_quick_and_strict_reading_of_a_based_rubric_are_one(tmp_path: Path) -> None:
    path = write(tmp_path, EXAMPLE)
    assert load(path) == read_rubric(path)
    assert set(load(path).behaviours) - set(rubric().behaviours) == {"gives_a_way_back", "stays_with_it"}


def test_what_a_rubric_does_not_say_stays_as_its_basis_has_it(tmp_path: Path) -> None:
    mine, ours = load(changed(tmp_path, "components: {hear: {points: 3}}\n")), rubric()
    assert mine.components["hear"].points == 3
    assert mine.components["hear"].levels == ours.components["hear"].levels
    assert (mine.behaviours, mine.flags, mine.kin) == (ours.behaviours, ours.flags, ours.kin)


def test_phrases_and_examples_join_those_of_the_basis(tmp_path: Path) -> None:
    body = "behaviours:\n  restates:\n    patterns: ['sum it up']\n    accepts: [I sum it up for her.]\n"
    mine, ours = load(changed(tmp_path, body)).behaviours["restates"], rubric().behaviours["restates"]
    assert mine.patterns == (*ours.patterns, "sum it up")
    assert (mine.says, mine.rejects) == (ours.says, ours.rejects)


def test_a_table_stands_in_the_place_of_its_basis(tmp_path: Path) -> None:
    body = "components:\n  apologise:\n    levels: [{level: 2, when: apology}]\n    caps: []\n"
    mine = load(changed(tmp_path, body))
    assert len(mine.components["apologise"].levels) == 1
    verdict = judge("I am sorry. It was my colleague's mistake, not ours.", SOUP, rubric=mine)
    assert verdict.components["apologise"].level == 2


THREE = """
components:
  hear:
    top: 3
    points: 6
    levels:
      - {level: 3, when: "lets_finish + takes_notes + asks"}
      - {level: 2, when: "2 of lets_finish, takes_notes, restates, asks, attends"}
      - {level: 1, when: "1 of lets_finish, takes_notes, restates, asks, attends, listens"}
    because: {3: You listen in three ways.}
    next_step: {2: Ask a question as well.}
"""
HEARD = [
    # plan, level
    ("I don't break in while he rages about the soup. I jot down the order number. What was cold?", 3),
    ("I don't break in while he rages about the soup. I jot down the order number.", 2),
    ("I don't break in while he rages about the soup.", 1),
    ("He gets a new soup today.", 0),
]


@pytest.mark.parametrize(("plan", "level"), HEARD)
def test_a_component_may_have_more_levels(tmp_path: Path, plan: str, level: int) -> None:
    part = judge(plan, SOUP, rubric=load(changed(tmp_path, THREE))).components["hear"]
    assert (part.level, part.most) == (level, 3)
    assert bool(part.next_step) is (level < 3)


FLAG = """
flags:
  gushes:
    name: Too much of it
    says: praises the customer until it rings hollow
    patterns: ['(best|greatest) customer (ever|in the world)']
    accepts: [You are the best customer ever.]
    rejects: [You are a customer of many years.]
flag_words:
  gushes: Say thank you once, and mean it.
components:
  empathise:
    caps: [{flag: minimises, at_most: 0}, {flag: gushes, at_most: 1}]
"""


def test_a_flag_of_ones_own_is_told_shown_and_holds_a_step_down(tmp_path: Path) -> None:
    mine = load(changed(tmp_path, FLAG))
    without, gushing = (
        judge(PLAN + more, SOUP, rubric=mine) for more in ("", " You are the best customer ever.")
    )
    assert (without.components["empathise"].level, gushing.components["empathise"].level) == (2, 1)
    (flag,) = gushing.flags
    assert (flag.name, flag.title, flag.better) == (
        "gushes", "Too much of it", "Say thank you once, and mean it.",
    )  # fmt: skip
    assert reading(gushing, PLAN)["flags"][0]["title"] == "Too much of it"


def test_a_bound_behaviour_counts_only_where_it_speaks_of_this_case(tmp_path: Path) -> None:
    body = EXAMPLE.replace("says that the customer is not left alone with it\n", "stays\n    bound: true\n")
    body = body.replace('when: "gives_a_way_back + stays_with_it"', 'when: "stays_with_it here"')
    mine = read_rubric(write(tmp_path, body))
    plans = (
        "You are not alone with your cold soup.",
        "The soup was cold. You are not alone, whatever it may be.",
    )
    assert [judge(plan, SOUP, rubric=mine).components["reassure"].level for plan in plans] == [2, 1]


def test_a_courses_own_heat_plan_stands_before_the_shipped_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "nbgrader_config.py").write_text("")
    write(tmp_path, EXAMPLE.replace("id: heat-plus", "id: heat-plan"), "heat-plan")
    monkeypatch.chdir(tmp_path)
    verdict = judge(f"{PLAN} {PROMISE}", SOUP)
    assert list(verdict.components) == [*COMPONENTS, "reassure"]
    assert verdict_line("p", verdict)["reassure"] == 2
    assert [step["title"] for step in reading(verdict, PLAN)["components"]][-1] == "Reassure"


def test_a_rubric_is_based_on_a_whole_one(tmp_path: Path) -> None:
    write(tmp_path, EXAMPLE)
    text = "id: third\ntitle: Third\nbased_on: heat-plus\n"
    with pytest.raises(Faults, match="'heat-plus' is itself based on 'heat-plan'"):
        read_rubric(write(tmp_path, text, "third"))


def test_the_four_steps_are_judged_as_before_beside_a_fifth(tmp_path: Path) -> None:
    mine = load(write(tmp_path, EXAMPLE))
    for plan in (PLAN, "Calm down, sir.", "Sorry if you feel that way.", ""):
        ours, both = (judge(plan, SOUP, rubric=rules) for rules in (rubric(), mine))
        assert {name: both.components[name] for name in COMPONENTS} == dict(ours.components)
        assert both.flags == ours.flags


def test_a_complaint_of_ones_own_is_no_hindrance() -> None:
    assert judge(PLAN, Complaint(SOUP.text, "simple", "chat", "")).components["hear"].level == 2
