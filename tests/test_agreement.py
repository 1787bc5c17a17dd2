"""Agreement: values worked by hand, properties of kappa, and intervals that a seed repeats."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograders.agreement import (
    FlagScore,
    Interval,
    confusion,
    flag_scores,
    kappa,
    macro_f1,
    weighted_kappa,
)
from autograders.keys_reading import COMPONENTS
from autograders.rated import rated_plans, rated_scenarios

BY_HAND = [
    # first, second, quadratic weighted kappa
    ([0, 1, 2], [0, 1, 2], 1.0),
    ([0, 0, 2, 2], [0, 2, 0, 2], 0.0),  # O: 2 pairs at distance 2; E: the same 2 by chance
    ([0, 2], [2, 0], -1.0),
    # w·O = .25; margins (2, 1, 1) and (1, 2, 1): w·E = (2·(.5 + 1) + (.25 + .25) + (1 + .5)) / 4 = 1.25
    ([0, 0, 1, 2], [0, 1, 1, 2], 0.8),
]


@pytest.mark.parametrize(("first", "second", "expected"), BY_HAND)
def test_kappa_is_what_a_hand_works_out(first, second, expected):
    assert weighted_kappa(confusion(first, second)) == pytest.approx(expected)


def test_a_confusion_table_has_the_first_reader_in_the_rows():
    assert confusion([0, 0, 2], [1, 1, 2]).tolist() == [[0, 2, 0], [0, 0, 0], [0, 0, 1]]


def test_kappa_says_nothing_where_both_always_say_the_same():
    assert math.isnan(weighted_kappa(confusion([1, 1], [1, 1])))
    assert str(kappa([1, 1], [[1, 1]])) == "–"


LEVELS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=2, max_size=40)


@given(LEVELS)
def test_kappa_does_not_mind_who_comes_first(pairs):
    first, second = [p[0] for p in pairs], [p[1] for p in pairs]
    one, other = weighted_kappa(confusion(first, second)), weighted_kappa(confusion(second, first))
    assert np.array_equal(one, other, equal_nan=True) or one == pytest.approx(other)


@given(LEVELS)
def test_kappa_never_exceeds_one_and_is_one_only_for_equals(pairs):
    first, second = [p[0] for p in pairs], [p[1] for p in pairs]
    value = weighted_kappa(confusion(first, second))
    assert math.isnan(value) or value <= 1
    if not math.isnan(value):
        assert (value == pytest.approx(1.0)) == (first == second)


def test_an_interval_holds_its_value_and_a_seed_repeats_it():
    judge, rater = [0, 1, 2, 2, 1, 0, 2, 1, 0, 0] * 6, [0, 1, 2, 1, 1, 0, 2, 2, 0, 1] * 6
    once, again, other = (kappa(judge, [rater], seed=seed) for seed in (3, 3, 4))
    assert once == again != other
    assert once.low < once.value < once.high


SHOWN = [
    ((-0.25, -0.66, -0.001), "-0.25 (-0.66 to 0.00)"),
    ((-0.004, -0.0049, 0.0), "0.00 (0.00 to 0.00)"),
    ((0.8, 0.55, 1.0), "0.80 (0.55 to 1.00)"),
    ((math.nan, math.nan, math.nan), "–"),
]


@pytest.mark.parametrize(("values", "shown"), SHOWN)
def test_an_interval_below_nothing_can_be_read(values, shown):
    assert str(Interval(*values)) == shown


def test_two_raters_count_alike():
    judge, easy, hard = [0, 1, 2, 2], [0, 1, 2, 2], [2, 1, 0, 2]
    both = kappa(judge, [easy, hard]).value
    assert both == pytest.approx((1 + float(weighted_kappa(confusion(judge, hard)))) / 2)


def test_flags_are_scored_by_hits_false_alarms_and_misses():
    judge = [frozenset({"argues"}), frozenset({"argues"}), frozenset()]
    rater = [frozenset({"argues"}), frozenset(), frozenset({"hostile"})]
    scores = flag_scores(judge, [rater], ["argues", "hostile", "copied"])
    assert scores["argues"] == FlagScore(hits=1, false_alarms=1, missed=0)
    assert scores["argues"].f1 == pytest.approx(2 / 3)
    assert scores["hostile"].f1 == 0
    assert math.isnan(scores["copied"].f1)
    assert macro_f1(scores) == pytest.approx(1 / 3), "a flag that nobody gave does not count"


def test_the_bank_holds_twenty_plans_a_complaint_twice_rated():
    plans = rated_plans()
    assert len(plans) == 120
    assert len({plan.id for plan in plans}) == 120
    for scenario in rated_scenarios():
        assert sum(plan.scenario == scenario for plan in plans) == 20
    for plan in plans:
        assert len(plan.ratings) == 2
        assert all(
            set(r.levels) == set(COMPONENTS) and set(r.levels.values()) <= {0, 1, 2} for r in plan.ratings
        )


def test_the_two_raters_of_the_bank_agree_nearly_always():
    plans = rated_plans()
    for component in COMPONENTS:
        first, second = ([plan.ratings[i].levels[component] for plan in plans] for i in (0, 1))
        assert kappa(first, [second]).value > 0.95
