"""The learned model: made again it is the same, altered it is refused, and the rules keep the last word."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from autograders.judging.bind import case, tables
from autograders.judging.frames import frames
from autograders.judging.learned.combining import combined
from autograders.judging.learned.model import Altered, Model, Reading, model, model_of, record
from autograders.judging.learned.training import made_from, material, trained
from autograders.judging.reading import judge_plan
from autograders.judging.text import read
from autograders.judging.verdict import COMPONENTS
from autograders.rubric import FLAGS, rubric
from autograders.training_bank import TrainingBank, training_bank
from course.engine.content import Complaint

HERE = Path(__file__).resolve().parent
ATTACKS: dict[str, Any] = yaml.safe_load((HERE / "judge_attacks.yaml").read_text(encoding="utf-8"))
SOFA = Complaint(
    "The sofa you delivered has a 30 cm rip in the back. Your driver said 'turn it to the wall then, nobody will see'. I saved for two years for that sofa and I cried when I saw it.",  # noqa: E501
    "simple",
    "phone",
    "The agent can send a new sofa tomorrow morning or refund it at once.",
)


def reading_of(plan: str, complaint: Complaint = SOFA) -> Reading:
    rules, text = rubric(), read(plan)
    return model().read(text, frames(text), case(complaint, rules), tables(rules))


def told(high: float, flags: Mapping[str, float] | None = None) -> Reading:
    return Reading(dict.fromkeys(COMPONENTS, (high, high)), dict.fromkeys(FLAGS, 0.0) | dict(flags or {}))


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


def test_the_model_learns_nothing_of_the_test_split() -> None:
    bank = training_bank()
    assert "test" in {bank.complaints[plan.scenario].split for plan in sample().plans}
    learned = material(sample())
    assert {bank.complaints[plan.scenario].split for plan in learned.plans} == {"train"}
    assert {bank.complaints[name].split for name in learned.about if name} == {"train"}


def test_nothing_to_read_is_nothing_shown() -> None:
    for empty in ("", "   ", "...!!!???", "\u200b"):
        assert {reading_of(empty).level(name) for name in COMPONENTS} == {0}


def test_a_whole_plan_reads_higher_than_a_rude_one() -> None:
    good = reading_of(
        "I let her tell me everything and write down what the driver said. I ask her to show me the rip. "
        "You saved two years for it, I can see how much that hurts. We sent you a torn sofa and our driver "
        "mocked you, that is our fault and I am truly sorry. A new one comes tomorrow morning at nine."
    )
    rude = reading_of("It's only a sofa, calm down. Read the terms and ring the shop again on Monday.")
    for name in COMPONENTS:
        assert good.level(name) == 2, name
        assert good.expected(name) > rude.expected(name) + 0.5, name


LAST_WORD = [
    ("the model moves a level up by one", {}, 0, 1.0, 1),
    ("and down by one", {}, 2, 0.0, 1),
    ("where both agree, nothing moves", {}, 2, 1.0, 2),
    ("a gated plan is not raised", {"stuffed"}, 0, 1.0, 0),
]


@pytest.mark.parametrize(("name", "flags", "level", "high", "expected"), LAST_WORD)
def test_the_rules_keep_the_last_word(
    name: str, flags: set[str], level: int, high: float, expected: int
) -> None:
    levels = dict.fromkeys(COMPONENTS, level)
    made = combined(levels, frozenset(flags), told(high), rubric().components)
    assert set(made.values()) == {expected}, name


@pytest.mark.parametrize(
    ("flag", "component"),
    [(cap.flag, name) for name, part in rubric().components.items() for cap in part.caps],
)
def test_a_flag_of_the_rules_is_not_overruled(flag: str, component: str) -> None:
    made = combined(dict.fromkeys(COMPONENTS, 0), frozenset({flag}), told(1.0), rubric().components)
    assert made[component] == 0


@pytest.mark.parametrize("attack", ATTACKS["attacks"], ids=lambda attack: attack["name"])
def test_the_model_lets_no_attack_through(attack: dict[str, Any]) -> None:
    verdict = judge_plan(attack["text"], SOFA)
    levels = {name: verdict.components[name].level for name in COMPONENTS}
    flags = frozenset(flag.name for flag in verdict.flags)
    made = combined(levels, flags, reading_of(attack["text"]), rubric().components)
    assert max(made.values()) <= 1


def test_the_weights_are_plain_arrays() -> None:
    for array in vars(model()).values():
        assert array.dtype in (np.dtype(np.int8), np.dtype(np.float32))
    assert isinstance(model(), Model)
