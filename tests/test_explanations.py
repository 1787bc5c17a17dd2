"""Explanations: what they quote, what they say is missing, the model sentence for this complaint; that they
are short and kind; and that every door tells the same."""

import html
import json
import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
import yaml

from autograders import judge
from autograders.checks import check_plan
from autograders.evidence import detail_of
from autograders.feedback_html import render
from autograders.feedback_page import make_page
from autograders.judge_stream import judge_stream
from autograders.judging.behaviours import Hit
from autograders.judging.confidence import THRESHOLD
from autograders.judging.deciding import Decided, as_ruled
from autograders.judging.explain import model, shortened
from autograders.judging.learned.combining import decide, known_parts
from autograders.judging.learned.labels import LABELS
from autograders.judging.learned.model import Reading
from autograders.judging.learned.training import shipped
from autograders.judging.offers import offer
from autograders.judging.quoting import evidence_of
from autograders.judging.reading import judge_reply, read_as
from autograders.judging.retelling import told_back
from autograders.judging.ruling import by_rules
from autograders.judging.text import read
from autograders.judging.verdict import COMPONENTS, Verdict
from autograders.keys_reading import read_key
from autograders.plans import mark_plan
from autograders.record import Mark, Record
from autograders.roster import Learner
from autograders.rubric import FLAGS
from course.engine.content import Complaint, scenario
from course.engine.pen import Pen
from course.engine.words import all_words
from tests.conftest import ROOT

HERE = Path(__file__).parent
TABLES: dict[str, Any] = yaml.safe_load((HERE / "explained.yaml").read_text(encoding="utf-8"))
CASES: dict[str, Any] = yaml.safe_load((HERE / "judge_cases.yaml").read_text(encoding="utf-8"))
COMPLAINTS = {
    name: Complaint(told["text"], told["complexity"], told["channel"], told["facts"])
    for name, told in CASES["complaints"].items()
}
SOFA = COMPLAINTS["sofa"]
OF_THE_ASSIGNMENTS = (
    "paid-and-cut-off", "cold-soup", "the-quiet-room", "the-brake-light", "eight-hundred-contacts",
    "the-lost-form",
)  # fmt: skip
PLANS = [(case[0], case[6]) for case in CASES["plans"]]
SCOLDING = re.compile(
    r"\b(you failed|bad|poor|wrong of you|you should have|unacceptable|must not|never do|not good enough)\b",
    re.I,
)


@pytest.mark.parametrize(("complaint", "told"), TABLES["retold"])
def test_a_complaint_is_told_back_in_the_agents_mouth(complaint: str, told: str) -> None:
    assert told_back(complaint) == told


@pytest.mark.parametrize(("facts", "complaint", "acts"), TABLES["offered"])
def test_the_agent_offers_what_the_facts_allow(facts: str, complaint: str, acts: str) -> None:
    assert offer(facts, complaint).acts == acts


@pytest.mark.parametrize("case", TABLES["lacking"], ids=lambda case: case["plan"][:40])
def test_a_next_step_names_what_is_missing_and_nothing_that_is_there(case: dict[str, Any]) -> None:
    part = judge_reply(case["plan"], SOFA).components[case["step"]]
    step = part.next_step.partition(" For example: ")[0]
    assert part.level == case["level"]
    assert case["why"] in part.because
    assert case["next"] in step
    assert case["not"] not in step


@pytest.mark.parametrize(("written", "found", "quoted"), TABLES["quoted"])
def test_a_quotation_is_a_whole_clause_and_no_more(written: str, found: str, quoted: str) -> None:
    text, start = read(written), written.index(found)
    words = [i for i, (a, b) in enumerate(text.spans) if a >= start and b <= start + len(found)]
    piece = evidence_of(Hit(words[0], words[-1] + 1, "apology"), text)
    assert (piece.text, written[piece.start : piece.end]) == (quoted, quoted)


@pytest.mark.parametrize("name", OF_THE_ASSIGNMENTS)
def test_the_model_sentences_of_an_assignments_complaint_earn_everything(name: str) -> None:
    complaint = scenario(name).as_complaint()
    verdict = judge(" ".join(model(part, complaint) for part in shipped().components.values()), complaint)
    assert [part.level for part in verdict.components.values()] == [2, 2, 2, 2]
    assert not verdict.flags


@pytest.mark.parametrize("facts", ["", "Nobody knows what happened."])
@pytest.mark.parametrize("complexity", ["simple", "complex"])
def test_a_complaint_without_facts_has_model_sentences_too(
    facts: str, complexity: Literal["simple", "complex"]
) -> None:
    complaint = Complaint("Your man left the gate open and my dog is gone.", complexity, "phone", facts)
    said = {name: model(part, complaint) for name, part in shipped().components.items()}
    assert "Our man left the gate open and your dog is gone." in said["empathise"]
    assert ("tomorrow" in said["act"]) is (complexity == "complex")
    assert not any("{" in one or "  " in one for one in said.values())


def every_text(verdict: Verdict) -> list[str]:
    parts = [text for part in verdict.components.values() for text in (part.because, part.next_step)]
    return [text for text in (*parts, *(t for f in verdict.flags for t in (f.because, f.better))) if text]


def test_explanations_are_short_and_kind_and_whole() -> None:
    for name, plan in PLANS:
        for text in every_text(judge(plan, COMPLAINTS[name])):
            assert len(text) <= 420, text
            assert not re.search(r"[{}]|  |\.\.|“[ ,]", text), text
            assert not SCOLDING.search(re.sub("“[^”]*”", "", text)), text
            assert text[0].isupper() or text[0] in "“", text
            assert text.count("“") == text.count("”"), text


def test_what_is_quoted_stands_in_the_plan_once() -> None:
    for name, plan in PLANS:
        written = " ".join(plan.split())
        for part in judge(plan, COMPLAINTS[name]).components.values():
            quotes = [quote.removesuffix(" …") for quote in re.findall("“([^”]*)”", part.because)]
            assert len(quotes) <= 3
            assert all(quote in written for quote in quotes), part.because
            assert not any(a in b for a in quotes for b in quotes if a is not b), part.because


OVER = (
    "I let her finish and take notes of what happened to the watch. I start to search for the parcel now and "
    "open an investigation. You will have it back in your hands by Friday, I promise."
)


def test_who_promised_a_result_is_told_to_promise_news() -> None:
    part = judge(OVER, COMPLAINTS["parcel"]).components["act"]
    assert part.level == 1
    assert part.next_step.startswith("Promise news of it, solved or not, in place of a result.")
    assert "I will ring you tomorrow" in part.next_step


def reading(*, off_topic: float, act: tuple[float, float] = (0.0, 0.0), shown: float = 0.0) -> Reading:
    """What a model might say of a plan: how likely it is off topic, and how much its sentence shows."""
    flags = dict.fromkeys(FLAGS, 0.0)
    given = frozenset({"off_topic"} if off_topic >= 0.5 else ())
    steps = dict.fromkeys(COMPONENTS, (0.01, 0.0)) | {"act": act}
    row = np.full((1, len(LABELS)), shown, dtype=np.float32)
    return Reading(steps, flags | {"off_topic": off_topic}, given, row)


GOOD = (
    "I let her finish and I write down the rip. I'm sorry. A new sofa comes on Friday, and we take the old "
    "one along."
)


def decision_of(told: Reading) -> Any:
    ruled, rules = by_rules(GOOD, SOFA, shipped()), shipped()
    known = known_parts(rules, rules)
    return decide(ruled.levels, ruled.flags, ruled.findings.found, told, known, rules.components)


def test_a_plan_that_the_model_alone_finds_to_be_none_goes_to_a_person() -> None:
    told = reading(off_topic=0.99)
    decision = decision_of(told)
    assert decision.doubted == "off_topic"
    assert all(decision.sure(name, told) < THRESHOLD for name in COMPONENTS)
    sure = reading(off_topic=0.01)
    assert not decision_of(sure).doubted


def test_a_level_that_no_sentence_shows_goes_to_a_person() -> None:
    raised, shown = (reading(off_topic=0.0, act=(0.99, 0.99), shown=much) for much in (0.01, 0.9))
    low = by_rules("I would smile. " * 2, SOFA, shipped()).levels
    for told, asked in ((raised, True), (shown, False)):
        decision = decide(low, (), (), told, known_parts(shipped(), shipped()), shipped().components)
        assert decision.levels["act"] == 2
        assert (decision.sure("act", told) < THRESHOLD) is asked


def test_a_doubted_plan_says_why_with_what_was_found_and_a_person_reads_it() -> None:
    ruled = by_rules(GOOD, SOFA, shipped())
    plain = as_ruled(ruled)
    levels = {name: replace(level, level=0, held_by="off_topic") for name, level in plain.levels.items()}
    flag = {"off_topic": (Hit(0, 4, "off_topic"),)}
    verdict = read_as(ruled, Decided(levels, flag, dict.fromkeys(levels, 0.3), "off_topic"), SOFA, shipped())
    assert set(verdict.needs_person) == set(COMPONENTS)
    for part in verdict.components.values():
        assert "a person will read it" in part.because
        assert "Go back to this complaint" in part.next_step
    assert verdict.components["hear"].evidence
    assert "a person will read it" in verdict.flags[0].because


def test_a_plan_that_a_gate_holds_is_not_doubted() -> None:
    verdict = judge("asdf qwer zxcv hjkl uiop asdf qwer zxcv", SOFA)
    assert [flag.name for flag in verdict.flags] == ["off_topic"]
    assert not verdict.needs_person


TOLD = (
    "I would listen. You paid and still sit in the dark, and that is awful. Calm down please. I'm sorry if "
    "you feel hurt. Your power comes back in some days."
)


@pytest.fixture(scope="module")
def verdict() -> Verdict:
    """A verdict with every kind of text: a whole step, a half one, one held down, flags."""
    return judge(TOLD, scenario("paid-and-cut-off").as_complaint())


def test_every_door_tells_the_same(verdict: Verdict, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    texts = every_text(verdict)
    assert len(verdict.flags) > 1
    assert len(texts) > 8
    key = read_key(ROOT / "autograders" / "keys" / "heat-plan-a.yaml")
    asked, complaint = key.questions["plan_1"], scenario("paid-and-cut-off").as_complaint()
    scores = {name: check_plan("heat-plan-a", "plan_1", name, TOLD) for name in COMPONENTS}
    cells = "\n".join(map(str, scores.values()))
    shown = html.unescape("\n".join(score._repr_html_() for score in scores.values()))
    pen = Pen("plan_1", complaint, judge=judge, min_words=5)
    pen.value = TOLD
    pen.draw()
    record = Record(
        assignment="heat-plan-a", learner="ann", status="graded", received="", notebook_sha256="0" * 64,
        marked_with="1" * 64, answers={"plan_1": TOLD},
        cells={
            f"plan_1_{name}": Mark(score.points, 2.0, detail=detail_of(score, asked, name, TOLD))
            for name, score in scores.items()
        },
    )  # fmt: skip
    asks = [question.scenario for question in key.questions.values() if question.scenario]
    scenarios = {each: scenario(each) for each in asks}
    page = html.unescape(render(make_page(key, record, Learner("ann"), [], {}, scenarios), all_words()))
    line = {"id": 1, "plan": TOLD, "scenario": {
        "complaint": complaint.text, "complexity": complaint.complexity, "channel": complaint.channel,
        "facts": complaint.facts,
    }}  # fmt: skip
    out = BytesIO()
    judge_stream(BytesIO(json.dumps(line).encode()), out, judge=judge, explain=True)
    told = [text for one in json.loads(out.getvalue())["explain"].values() for text in one.values() if text]
    for text in texts:
        for door in (cells, shown, pen.as_text(), page):
            assert text in door
    assert sorted(told) == sorted(texts)


def test_a_notebook_does_not_quote_the_same_words_twice(verdict: Verdict) -> None:
    asked = read_key(ROOT / "autograders" / "keys" / "heat-plan-a.yaml").questions["plan_1"]
    complaint = scenario("paid-and-cut-off").as_complaint()
    for name, part in verdict.components.items():
        told = str(mark_plan(asked, complaint, name, TOLD, judge=lambda *_: verdict))  # type: ignore[arg-type]
        for piece in part.evidence:
            assert told.count(f"“{shortened(piece.text)}”") <= 1 + sum(
                piece.text in flag.because for flag in verdict.flags
            )
