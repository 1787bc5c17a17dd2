"""The judge on whole plans: levels and flags over many trades, attacks and their benign twins, and what
never changes."""

import unicodedata
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from autograders import judge
from autograders.agreement import confusion, weighted_kappa
from autograders.judging import Verdict
from autograders.judging.reading import judge_reply
from autograders.judging.verdict import COMPONENTS
from course.engine.content import Complaint, scenario

HERE = Path(__file__).parent
CASES: dict[str, Any] = yaml.safe_load((HERE / "judge_cases.yaml").read_text(encoding="utf-8"))
ATTACKS: dict[str, Any] = yaml.safe_load((HERE / "judge_attacks.yaml").read_text(encoding="utf-8"))
COMPLAINTS = {
    name: Complaint(told["text"], told["complexity"], told["channel"], told["facts"])
    for name, told in CASES["complaints"].items()
}
PLANS = [(case[0], tuple(case[1:5]), frozenset(case[5]), case[6]) for case in CASES["plans"]]
MISJUDGED = {case["begins"]: case["why"] for case in CASES["misjudged"]}
SOFA = COMPLAINTS["sofa"]
BEST = [plan for _, levels, _, plan in PLANS if levels == (2, 2, 2, 2)]


def levels(verdict: Verdict) -> tuple[int, ...]:
    return tuple(verdict.components[name].level for name in COMPONENTS)


def flags(verdict: Verdict) -> frozenset[str]:
    return frozenset(flag.name for flag in verdict.flags)


def known(plan: str) -> str:
    return next((why for begins, why in MISJUDGED.items() if plan.startswith(begins)), "")


@pytest.mark.parametrize(
    ("complaint", "wanted", "committed", "plan"),
    [
        pytest.param(
            *case, marks=pytest.mark.xfail(reason=known(case[3]), strict=True) if known(case[3]) else ()
        )
        for case in PLANS
    ],
)
def test_the_rules_give_a_plan_the_levels_and_flags_of_a_careful_reader(
    complaint: str, wanted: tuple[int, ...], committed: frozenset[str], plan: str
) -> None:
    verdict = judge_reply(plan, COMPLAINTS[complaint])
    assert (levels(verdict), flags(verdict)) == (wanted, committed)


@pytest.mark.parametrize("number", range(len(COMPONENTS)), ids=COMPONENTS)
def test_with_the_learned_model_hardly_any_of_these_plans_is_read_otherwise(number: int) -> None:
    told = [levels(judge(plan, COMPLAINTS[complaint]))[number] for complaint, _, _, plan in PLANS]
    wanted = [levels_of[number] for _, levels_of, _, _ in PLANS]
    assert float(weighted_kappa(confusion(told, wanted))) > 0.95


REPLIES = [
    # scenario, reply, flags that it does not draw, levels (hear, empathise, apologise, act)
    ("unusual-activity", "We shut your shop and never asked you.", {"hostile"}, (0, 0, 0, 0)),
    ("unusual-activity", "so they may go out today", {"off_topic", "blames_others"}, (0, 0, 0, 1)),
    ("unusual-activity", "I let the forty-one paid orders go out.", {"off_topic"}, (0, 0, 0, 1)),
    ("the-lost-form", "That's enough to find it.", {"interrupts"}, (0, 0, 0, 0)),
    (
        "the-blue-that-is-green",
        "You come back with the tin and I mix it while you wait.",
        {"passes_the_buck"},
        (0, 0, 0, 2),
    ),
    ("paid-and-cut-off", "It was our fault. Sorry for the night it took from you.", set(), (0, 0, 2, 0)),
    ("paid-and-cut-off", "It was our fault. Sorry for the night it cost you.", set(), (0, 0, 2, 0)),
]


@pytest.mark.parametrize(("name", "said", "without", "wanted"), REPLIES)
def test_a_reply_in_a_talk_is_not_taken_for_harm_that_it_does_not_do(
    name: str, said: str, without: set[str], wanted: tuple[int, ...]
) -> None:
    verdict = judge_reply(said, scenario(name).as_complaint())
    assert not flags(verdict) & without
    assert levels(verdict) == wanted


@pytest.mark.parametrize("attack", ATTACKS["attacks"], ids=lambda attack: attack["name"])
def test_an_attack_earns_next_to_nothing_and_draws_its_flag(attack: dict[str, Any]) -> None:
    verdict = judge(attack["text"], SOFA)
    assert max(levels(verdict)) <= attack["most"]
    assert not attack["flag"] or attack["flag"] in flags(verdict)


@pytest.mark.parametrize("twin", ATTACKS["twins"], ids=lambda twin: twin["text"][:40])
def test_what_a_plan_promises_not_to_do_is_not_held_against_it(twin: dict[str, Any]) -> None:
    assert not flags(judge(twin["text"], SOFA)) & set(twin["without"])


def look_alike(plan: str) -> str:
    return plan.translate(str.maketrans("aeopcxi", "аеорсхі"))


SAME = [
    ("white space", lambda plan: "  " + plan.replace(" ", "   ") + "  "),
    ("decomposed letters", lambda plan: unicodedata.normalize("NFD", plan)),
    ("full-width letters", lambda plan: "".join(chr(ord(c) + 0xFEE0) if c.isalpha() and c.isascii() else c
    for c in plan)),
    ("curly quotes", lambda plan: plan.replace("'", "’").replace(' "', " “").replace('"', "”")),
    ("zero-width spaces", lambda plan: plan.replace("o", "o\u200b")),
    ("look-alike letters", look_alike),
    ("capitals", str.upper),
]  # fmt: skip


@pytest.mark.parametrize(("name", "changed"), SAME, ids=[name for name, _ in SAME])
def test_how_the_letters_are_written_changes_nothing(name: str, changed: Any) -> None:
    for complaint, _, _, plan in PLANS[::6]:
        if '"' in plan and plan.index('"') == 0 and name == "curly quotes":
            continue
        before, after = judge(plan, COMPLAINTS[complaint]), judge(changed(plan), COMPLAINTS[complaint])
        assert (levels(before), flags(before)) == (levels(after), flags(after)), plan


@pytest.mark.parametrize("plan", BEST[:12])
@pytest.mark.parametrize("said", ["Calm down.", "Please calm down first.", 'Nobody says "calm down" here.'])
def test_calm_down_never_raises_anything(plan: str, said: str) -> None:
    complaint = next(COMPLAINTS[c] for c, _, _, p in PLANS if p == plan)
    before, after = judge(plan, complaint), judge(f"{plan} {said}", complaint)
    assert all(b >= a for b, a in zip(levels(before), levels(after), strict=True))


@given(st.text(max_size=600))
@settings(max_examples=150, deadline=None)
def test_any_text_gets_a_verdict_whose_evidence_quotes_it(text: str) -> None:
    verdict = judge(text, SOFA)
    pieces = [piece for part in verdict.components.values() for piece in part.evidence]
    for piece in [*pieces, *(piece for flag in verdict.flags for piece in flag.evidence)]:
        assert text[piece.start : piece.end] == piece.text
    assert all(0 <= part.confidence <= 1 for part in verdict.components.values())


def test_evidence_quotes_the_learner_and_every_level_has_its_reason() -> None:
    for complaint, _, _, plan in PLANS:
        verdict = judge(plan, COMPLAINTS[complaint])
        for part in verdict.components.values():
            assert part.because
            assert bool(part.next_step) is (part.level < 2)
            assert all(plan[piece.start : piece.end] == piece.text for piece in part.evidence)
        assert all(flag.better and flag.evidence for flag in verdict.flags)


def test_the_json_of_a_verdict_has_the_promised_keys() -> None:
    told = judge(BEST[0], COMPLAINTS["gas"]).as_json()
    assert list(told) == [*COMPONENTS, "flags", "confidence", "needs_person", "evidence"]
    assert set(told["evidence"][0]) == {"behaviour", "start", "end", "text"}


def test_another_language_goes_to_a_person() -> None:
    german = "Ich höre der Kundin zu, entschuldige mich und schicke am Freitag ein neues Sofa."
    verdict = judge(german, SOFA)
    assert set(verdict.needs_person) == set(COMPONENTS)
    assert set(judge("నేను వినియోగదారుని పూర్తిగా వింటాను", SOFA).needs_person) == set(COMPONENTS)


def test_few_components_go_to_a_person() -> None:
    asked = [len(judge(plan, COMPLAINTS[name]).needs_person) for name, _, _, plan in PLANS]
    assert sum(asked) <= 0.15 * 4 * len(PLANS)
