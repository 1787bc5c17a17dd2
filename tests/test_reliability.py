"""How far confidence can be trusted, and the table of the three judges: the figures are what they say."""

from pathlib import Path

import pytest

from autograders.judging.confidence import THRESHOLD
from autograders.judging.learned import comparing
from autograders.judging.learned.left_out import JUDGES, Case, Judged, Told, known_cases, unseen_cases
from autograders.judging.learned.reliability import (
    agreement,
    at_coverage,
    bins,
    calibration_error,
    lines,
    picture,
    points,
)
from autograders.judging.verdict import COMPONENTS
from autograders.rated import RatedPlan, Rating
from course.engine.content import Complaint

SOUP = Complaint("My soup was cold.", "simple", "phone", "The agent can refund it.")


def plan(level: int, sure: float, *rated: int, author: str = "K", kind: str = "ordinary") -> Judged:
    """A plan with one level in all components, told by all judges alike."""
    ratings = tuple(Rating(dict.fromkeys(COMPONENTS, one), frozenset()) for one in rated)
    told = Told(dict.fromkeys(COMPONENTS, level), [], dict.fromkeys(COMPONENTS, sure))
    case = Case(RatedPlan("x", "soup", "Sorry.", ratings, frozenset()), SOUP, author, kind, "plain", None)
    return Judged(case, dict.fromkeys(JUDGES, told), "")


def test_a_level_that_one_of_two_gave_is_half_right() -> None:
    told = points([plan(2, 0.8, 2, 1)], "both")
    assert set(told.right) == {0.5}
    assert len(told.sure) == len(COMPONENTS)


def test_confidence_that_keeps_its_word_has_no_error() -> None:
    kept = [plan(1, 0.75, 1, 1) for _ in range(3)] + [plan(1, 0.75, 2, 2)]
    assert calibration_error(points(kept, "both")) == pytest.approx(0)
    boast = [plan(1, 0.95, 1, 1), plan(1, 0.95, 2, 2)]
    assert calibration_error(points(boast, "both")) == pytest.approx(0.45)
    (one,) = bins(points(boast, "both"))
    assert (one.low, one.n, one.right) == (0.9, 8, 0.5)


def test_the_least_sure_go_first_and_agreement_rises() -> None:
    told = points([plan(n % 3, 0.9, n % 3) for n in range(9)] + [plan(0, 0.3, 2)], "both")
    least = at_coverage(told, 0.9)
    kept = told.where(told.sure >= least)
    assert len(kept.sure) == 36
    assert agreement(kept) == (1.0, 1.0)
    assert agreement(told)[0] < 1


def test_the_tables_and_the_picture_can_be_made(tmp_path: Path) -> None:
    told = [plan(n % 3, 0.5 + n / 40, n % 3, author="KM"[n % 2]) for n in range(20)]
    text = "\n".join(lines(told))
    assert "| confidence | levels |" in text
    assert "(as it is set)" in text
    for name in ("one.svg", "two.svg"):
        picture(told, tmp_path / name)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()


def test_the_table_has_a_row_for_each_judge_and_the_unseen_only_when_asked() -> None:
    told = [plan(n % 3, 0.9, n % 3, author="KLM"[n % 3]) for n in range(12)]
    told += [plan(0, THRESHOLD - 0.1, 0, author="J")]
    names = [name for name, _ in comparing.sets(told, (), by_author=True)]
    assert not any("unseen" in name for name in names)
    assert {"J", "K", "L", "M"} <= set(names)
    assert "unseen" in [name for name, _ in comparing.sets(told, told, by_author=False)]
    (rules, _, both) = comparing.lines("these", told, 20)
    assert rules.startswith("| these (13) | rules | 1.00")
    assert both.endswith("| 8% |")
    assert both.count("|") == len(comparing.HEADS) + 1


def test_left_out_plans_come_in_the_order_of_the_training() -> None:
    cases = known_cases()
    assert [case.author for case in cases[-2:]] == ["bank", "bank"]
    assert {case.author for case in unseen_cases()} == {"unseen"}
