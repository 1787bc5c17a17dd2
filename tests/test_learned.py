"""The learned model and how it is joined to the rules: made again it is the same, altered it is refused; a
gate and the caps hold; what an instructor changed is the rules' own."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from autograders.judging.bind import case, tables
from autograders.judging.deciding import decided
from autograders.judging.learned import findings
from autograders.judging.learned.calibrating import FROM, GATED_FROM, flag_from, sureness
from autograders.judging.learned.combining import A_FEW_WORDS, KEPT_FROM, Decision, decide, known_parts
from autograders.judging.learned.labels import LABELS, OUTCOMES
from autograders.judging.learned.left_out import by_both, by_rules_alone, heads, of_verdict
from autograders.judging.learned.model import Altered, Model, Reading, model, model_of, record
from autograders.judging.learned.training import made_from, material, ready, shipped, trained, weighed
from autograders.judging.levels import Level
from autograders.judging.reading import judge_plan, judge_reply
from autograders.judging.ruling import by_rules
from autograders.judging.verdict import COMPONENTS
from autograders.rated import RatedPlan, Rating
from autograders.rubric import FLAGS, GATES, rubric
from autograders.training_bank import SentenceReading, TrainingBank, training_bank
from course.engine.content import Complaint

HERE = Path(__file__).resolve().parent
ATTACKS: dict[str, Any] = yaml.safe_load((HERE / "judge_attacks.yaml").read_text(encoding="utf-8"))
SOFA = Complaint(
    "The sofa you delivered has a 30 cm rip in the back. Your driver said 'turn it to the wall then, nobody will see'. I saved for two years for that sofa and I cried when I saw it.",  # noqa: E501
    "simple",
    "phone",
    "The agent can send a new sofa tomorrow morning or refund it at once.",
)


GOOD = (
    "I let her tell me everything and write down what the driver said. I ask her to show me the rip. "
    "You saved two years for it, I can see how much that hurts. We sent you a torn sofa and our driver "
    "mocked you, that is our fault and I am truly sorry. A new one comes tomorrow morning at nine."
)
RUDE = (
    "It's only a sofa, so calm down. Read the terms that you signed and ring the shop again on Monday, as "
    "there is nothing at all that I could do about a little rip from here."
)


def reading_of(plan: str, complaint: Complaint = SOFA) -> Reading:
    rules, ruled = shipped(), by_rules(plan, complaint, shipped())
    levels = {name: level.level for name, level in ruled.levels.items()}
    numbers = findings.numbers(model().findings, levels, ruled.flags, ruled.findings)
    return model().read(ruled.findings.text, ruled.frames, case(complaint, rules), tables(rules), numbers)


def told(
    high: float, flags: Mapping[str, float] | None = None, given: frozenset[str] = frozenset()
) -> Reading:
    """A reading: every step of every level is as likely as `high`."""
    shown = np.zeros((1, len(LABELS)), dtype=np.float32)
    likely = dict.fromkeys(FLAGS, 0.0) | dict.fromkeys(given, 0.9) | dict(flags or {})
    return Reading(dict.fromkeys(COMPONENTS, (high, high)), likely, given, shown)


def joined(level: int, reading: Reading, flags: frozenset[str] = frozenset(), **but: Any) -> Decision:
    """What is decided where the rules give every component one level."""
    rules = shipped()
    known = but.get("known", known_parts(rules, rules))
    levels = dict.fromkeys(COMPONENTS, Level(level, (), ""))
    return decide(levels, flags, but.get("found", ()), reading, known, rules.components, but.get("aside", 0))


def sample() -> TrainingBank:
    """The bank with a few complaints, and every third sentence."""
    bank = training_bank()
    kept = ("K01", "K02", "K05", "L01", "L02", "L05", "M01")
    return replace(
        bank,
        plans=[plan for plan in bank.plans if plan.scenario in kept],
        sentences=[s for s in bank.sentences if s.scenario in kept][::3],
    )


def test_training_twice_on_a_sample_makes_the_same_weights() -> None:
    one, two = trained(material(sample())), trained(material(sample()))
    assert one.as_bytes() == two.as_bytes()
    assert np.abs(one.marks).max() == 127


def test_the_carried_weights_are_of_this_bank_code_and_settings() -> None:
    assert made_from(HERE.parent / "autograders" / "training") == record()["from"], (
        "run python -m autograders.judging.learned.training"
    )


def test_weights_are_small_and_refused_when_altered() -> None:
    stored = model().as_bytes()
    assert len(stored) < 2_000_000
    with pytest.raises(Altered, match=r"does not match"):
        model_of(stored[:999] + bytes([stored[999] ^ 1]) + stored[1000:], record()["sha256"])


def test_the_weights_are_plain_arrays() -> None:
    assert isinstance(model(), Model)
    for name, array in vars(model()).items():
        if name in Model.__dataclass_fields__:
            assert array.dtype.kind == "U" or array.dtype in (np.dtype(np.int8), np.dtype(np.float32)), name


def test_who_is_left_out_teaches_nothing() -> None:
    bank = sample()
    spoiled = replace(
        bank,
        sentences=[
            s.model_copy(
                update={"readings": [SentenceReading(shows=["choice"], flags=["hostile"], negates=[])]}
            )
            if s.author == "L"
            else s
            for s in bank.sentences
        ],
        plans=[
            plan.model_copy(update={"ratings": plan.ratings[::-1][:1], "plan": "Go away."})
            if plan.author == "L"
            else plan
            for plan in bank.plans
        ],
    )
    one, other = (trained(material(one), without={"L"}) for one in (bank, spoiled))
    assert one.as_bytes() == other.as_bytes()


def test_a_plan_is_weighed_without_its_author_s_sentences() -> None:
    bank = sample()
    spoiled = replace(bank, sentences=[s for s in bank.sentences if s.author != "K"])
    (plans, one), (_, other) = (weighed(material(one)) for one in (bank, spoiled))
    by_k = np.array([plan.author == "K" for plan in plans])
    apart = np.abs(one - other).mean(axis=1)
    assert apart[by_k].max() < 1e-3 < apart[~by_k].min(), "sums differ a little with the number of rows"


def test_where_two_readings_differ_the_truth_lies_between() -> None:
    high, low = Rating(dict.fromkeys(COMPONENTS, 2), frozenset()), Rating(
        {**dict.fromkeys(COMPONENTS, 2), "act": 1}, frozenset({"overpromises"})
    )  # fmt: skip
    plan = RatedPlan("x", "sofa", GOOD, (high, low), frozenset())
    truth = dict(zip(OUTCOMES, ready(plan, SOFA, "x", ("remedy",)).truth.tolist(), strict=True))
    assert (truth["act", 1], truth["act", 2], truth["overpromises", 1]) == (1.0, 0.5, 0.5)
    assert truth["hear", 2] == 1.0

    bank = sample()
    first = bank.sentences[0].model_copy(
        update={
            "readings": [
                SentenceReading(shows=["remedy", "choice"], flags=[], negates=[]),
                SentenceReading(shows=["remedy"], flags=[], negates=[]),
            ]
        }
    )
    row = material(replace(bank, plans=[], sentences=[first])).truth[0]
    assert (row[LABELS.index("remedy")], row[LABELS.index("choice")], row.sum()) == (1.0, 0.5, 1.5)


def test_nothing_to_read_is_nothing_shown() -> None:
    for empty in ("", "   ", "...!!!???", "\u200b"):
        assert {part.level for part in judge_plan(empty, SOFA).components.values()} == {0}


def test_a_whole_plan_reads_higher_than_a_rude_one() -> None:
    good, rude = reading_of(GOOD), reading_of(RUDE)
    for name in COMPONENTS:
        assert good.expected(name) > rude.expected(name) + 0.5, name
    assert {part.level for part in judge_plan(GOOD, SOFA).components.values()} == {2}


MOVED = [
    # name, the rules' level, the model's likelihood of every step, decided
    ("where both agree, nothing moves", 2, 1.0, 2),
    ("where both agree on nothing, nothing moves", 0, 0.0, 0),
    ("where the model does not know, the rules stand", 2, 0.75, 2),
    ("where the model doubts, nothing comes of nothing", 0, 0.2, 0),
    ("the model raises a level as far as it sees", 0, 1.0, 2),
    ("and lowers one by no more than one", 2, 0.0, 1),
]


@pytest.mark.parametrize(("name", "level", "high", "expected"), MOVED)
def test_the_model_moves_a_level_where_it_is_sure(name: str, level: int, high: float, expected: int) -> None:
    assert set(joined(level, told(high)).levels.values()) == {expected}, name


def test_where_all_that_the_rules_find_is_denied_the_model_raises_nothing() -> None:
    assert set(joined(0, told(1.0), aside=2).levels.values()) == {0}
    assert set(joined(0, told(1.0), aside=1).levels.values()) == {2}
    assert set(joined(1, told(1.0), aside=2).levels.values()) == {2}


@pytest.mark.parametrize("gate", GATES)
def test_against_the_words_that_the_rules_quote_a_flag_of_the_whole_must_be_nearly_sure(gate: str) -> None:
    doubtful = told(1.0, {gate: 0.6}, frozenset({gate}))
    doubtful = replace(doubtful, flags={**doubtful.flags, gate: 0.6})
    assert joined(0, doubtful).flags == {gate}
    assert joined(2, doubtful).flags == frozenset()


@given(st.integers(0, 2), st.floats(0, 1), st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_a_surer_model_never_lowers_a_level(level: int, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert joined(level, told(low)).levels["act"] <= joined(level, told(high)).levels["act"]


@pytest.mark.parametrize("gate", GATES)
@pytest.mark.parametrize("whose", ["the rules", "the model"])
def test_a_flag_of_the_whole_leaves_nothing_and_no_other_flag(gate: str, whose: str) -> None:
    flags = frozenset({gate, "hostile"})
    if whose == "the rules":
        made = joined(2, told(1.0, {gate: 0.5, "hostile": 0.5}), flags)
    else:
        made = joined(2, told(1.0, given=flags))
    assert set(made.levels.values()) == {0}
    assert made.flags == {gate}
    assert set(made.held_by.values()) == {gate}


def test_where_a_gate_has_spoken_the_model_is_not_asked() -> None:
    keywords = "Listen. Empathy. Sorry. Apologise. Refund. Today. Listen, empathise, apologise, take action."
    ruled = by_rules(keywords, SOFA, shipped())
    assert ruled.held
    assert {part.level for part in judge_plan(keywords, SOFA).components.values()} == {0}
    assert by_both(ruled, told(1.0)) == by_rules_alone(ruled)


CAPS = [(cap, name) for name, part in rubric().components.items() for cap in part.caps]


@pytest.mark.parametrize(("cap", "component"), CAPS, ids=lambda value: getattr(value, "flag", value))
@pytest.mark.parametrize("whose", ["the rules", "the model"])
def test_the_caps_hold_whoever_found_the_flag(cap: Any, component: str, whose: str) -> None:
    if whose == "the rules":
        made = joined(2, told(1.0, {cap.flag: 1.0}), frozenset({cap.flag}))
    else:
        made = joined(2, told(1.0, given=frozenset({cap.flag})))
    assert made.levels[component] <= cap.at_most
    assert made.held_by[component]
    if cap.unless:
        free = joined(2, told(1.0, given=frozenset({cap.flag})), found=(cap.unless,))
        others = [
            one.at_most for one, name in CAPS if name == component and one.flag == cap.flag and not one.unless
        ]
        assert free.levels[component] == min([2, *others])


def test_a_flag_of_the_rules_stays_unless_the_model_is_sure_of_the_opposite() -> None:
    assert "argues" in joined(1, told(0.5, {"argues": KEPT_FROM}), frozenset({"argues"})).flags
    assert "argues" not in joined(1, told(0.5, {"argues": KEPT_FROM / 2}), frozenset({"argues"})).flags


def test_of_what_an_instructor_changed_the_rules_decide_alone() -> None:
    made = joined(2, told(0.0, given=frozenset({"argues"})), frozenset({"hostile"}), known=())
    assert set(made.levels.values()) == {2}
    assert made.flags == {"hostile"}


def test_a_component_with_other_caps_or_levels_is_no_longer_known() -> None:
    rules = shipped()
    whole = known_parts(rules, rules)
    assert set(COMPONENTS) <= whole
    assert set(FLAGS) <= whole
    apologise = rules.components["apologise"]
    fewer = replace(apologise, caps=apologise.caps[1:])
    changed = replace(rules, components={**rules.components, "apologise": fewer})
    assert whole - known_parts(changed, rules) == {"apologise"}


def test_a_few_words_are_left_to_the_rules() -> None:
    few = "I am truly sorry, that rip is our fault."
    ruled = by_rules(few, SOFA, shipped())
    assert len(ruled.findings.text.plain) <= A_FEW_WORDS
    made = decided(ruled, SOFA, shipped())
    assert made.levels == ruled.levels
    assert judge_plan(few, SOFA) == judge_reply(few, SOFA)
    assert set(made.sure) == set(COMPONENTS)


@pytest.mark.parametrize("plan", [GOOD, RUDE], ids=["good", "rude"])
def test_what_is_measured_is_what_judges(plan: str) -> None:
    ruled = by_rules(plan, SOFA, shipped())
    one, other = by_both(ruled, reading_of(plan)), of_verdict(judge_plan(plan, SOFA, rubric=shipped()))
    assert (one.levels, set(one.flags)) == (other.levels, set(other.flags))
    assert {name: round(sure, 6) for name, sure in one.sure.items()} == {
        name: round(sure, 6) for name, sure in other.sure.items()
    }


def test_every_level_above_the_rules_has_words_for_it() -> None:
    for plan in (GOOD, RUDE, "I hear her out to the last word and jot it all down. " * 2 + GOOD):
        verdict = judge_plan(plan, SOFA)
        for name, part in verdict.components.items():
            assert part.level == 0 or part.evidence, name
            assert all(plan[piece.start : piece.end] == piece.text for piece in part.evidence)
        assert all(flag.evidence for flag in verdict.flags)


@pytest.mark.parametrize("attack", ATTACKS["attacks"], ids=lambda attack: attack["name"])
def test_the_model_lets_no_attack_through(attack: dict[str, Any]) -> None:
    verdict = judge_plan(attack["text"], SOFA)
    assert max(part.level for part in verdict.components.values()) <= 1


def outcomes(n: int, **columns: Any) -> Any:
    """A table of n plans by outcomes, all 0 but some columns."""
    table = np.zeros((n, len(OUTCOMES)), dtype=np.float32)
    for name, values in columns.items():
        flag, _, step = name.partition("__")
        table[:, OUTCOMES.index((flag, int(step or 1)))] = values
    return table


def test_a_flag_starts_where_its_plans_say_and_a_gate_asks_for_more() -> None:
    truth = outcomes(40, argues=[1] * 20 + [0] * 20, stuffed=[1] * 20 + [0] * 20)
    likely = [0.6] * 20 + [0.42] * 20
    found = dict(
        zip(FLAGS, flag_from(outcomes(40, argues=likely, stuffed=likely), truth).tolist(), strict=True)
    )
    assert 0.42 < found["argues"] <= 0.6
    assert found["stuffed"] >= GATED_FROM
    assert found["hostile"] == pytest.approx(FROM[np.argmin(abs(FROM - 0.3))])


def test_who_is_too_sure_is_told_so() -> None:
    rng = np.random.default_rng(0)
    likely = np.clip(rng.random(400), 0.02, 0.98).astype(np.float32)
    truth = (rng.random(400) < 0.25 + 0.5 * likely).astype(np.float32)
    steps = {f"{name}__{step}": likely for name in COMPONENTS for step in (1, 2)}
    real = {f"{name}__{step}": truth for name in COMPONENTS for step in (1, 2)}
    slope, _ = sureness(outcomes(400, **steps), outcomes(400, **real)).tolist()
    assert 0 < slope < 1


def test_a_second_step_of_others_has_nothing_of_the_author() -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((30, 5)).astype(np.float32)
    truth = (rng.random((30, len(OUTCOMES))) < 0.5).astype(np.float32)
    authors = np.array(["a", "b", "c"] * 10)
    other = truth.copy()
    other[authors == "a"] = 1 - other[authors == "a"]
    one, two = heads(x, truth, authors)["a"], heads(x, other, authors)["a"]
    assert np.array_equal(one.weights, two.weights)
    assert not np.array_equal(heads(x, truth, authors)["b"].weights, heads(x, other, authors)["b"].weights)
