"""Fairness: differences between voices of one content, and groups that fall below the whole."""

import pytest

from autograders.agreement import Interval
from autograders.judging.fairness import PARTS, Group, Heard, apart, below, groups, heard, lines
from autograders.judging.learned.left_out import JUDGES, Case, Judged, Told
from autograders.judging.verdict import COMPONENTS
from autograders.rated import RatedPlan, Rating
from course.engine.content import Complaint


def plan(voice: str, pair: str | None, judge: int, people: int, *, words: int = 50) -> Heard:
    """A plan with one level in all components."""

    def levels(level: int) -> dict[str, int]:
        return dict.fromkeys(COMPONENTS, level) | {"total": 4 * level}

    return Heard(voice, pair, words, levels(judge), (levels(people), levels(people)))


def test_a_voice_that_loses_a_level_beside_its_mates_is_told() -> None:
    plans = [p for n in range(6) for p in (plan("plain", f"g{n}", 2, 2), plan("esl", f"g{n}", 1, 2))]
    esl, plain = apart(plans, resamples=50)
    assert (esl.voice, esl.n, plain.voice) == ("esl", 6, "plain")
    assert esl.judge["hear"] == esl.beyond["hear"] == Interval(-1.0, -1.0, -1.0)
    assert plain.judge["total"].value == 4.0


def test_a_difference_that_people_see_as_well_is_none_of_the_judges() -> None:
    plans = [p for n in range(3) for p in (plan("plain", f"g{n}", 2, 2), plan("terse", f"g{n}", 1, 1))]
    plain, terse = apart(plans, resamples=50)
    assert terse.judge["act"].value == -1.0
    assert terse.beyond["act"].value == plain.beyond["act"].value == 0.0


def test_a_plan_is_held_beside_the_mean_of_all_its_mates() -> None:
    group = [plan("plain", "g", 2, 2), plan("chat", "g", 1, 2), plan("esl", "g", 2, 2)]
    found = {one.voice: one.judge["hear"].value for one in apart(group, resamples=10)}
    assert found == {"chat": -1.0, "esl": 0.5, "plain": 0.5}


def test_a_plan_without_mates_says_nothing_about_voices() -> None:
    assert apart([plan("plain", None, 2, 2), plan("esl", "alone", 0, 2)], resamples=10) == []


def test_short_and_long_plans_are_groups_and_small_groups_are_none() -> None:
    plans = [plan("plain", None, n % 3, n % 3, words=10 + n) for n in range(40)]
    plans += [plan("esl", None, 0, 2) for _ in range(3)]
    found = {group.name: group.n for group in groups(plans, resamples=20)}
    assert list(found)[:2] == ["all plans", "plain"]
    assert "esl" not in found, "three plans are too few for a kappa"
    assert any(name.startswith("short") for name in found)
    assert any(name.startswith("long") for name in found)


BELOW = [
    # whole, group, told
    (0.90, 0.79, True),
    (0.90, 0.81, False),
    (0.90, 0.95, False),
    (0.90, float("nan"), False),
]


@pytest.mark.parametrize(("whole", "group", "told"), BELOW)
def test_a_group_is_marked_from_a_tenth_below_the_whole(whole: float, group: float, told: bool) -> None:
    def of(value: float) -> Group:
        return Group("", 30, 1.0, dict.fromkeys(PARTS, Interval(value, value, value)))

    assert bool(below(of(whole), of(group))) is told


def test_the_tables_name_the_voice_that_falls_behind() -> None:
    plans = [plan("plain", f"g{n}", n % 3, n % 3) for n in range(24)]
    plans += [plan("esl", f"g{n}", (n + 1) % 3, n % 3) for n in range(12)]
    told = "\n".join(lines("These", plans, resamples=30))
    assert "## These: 36 plans" in told
    assert "People see no difference in any of these pairs." in told
    assert "More than 0.10 below the whole: esl (" in told


def test_a_plan_is_asked_about_with_what_was_told_of_it_by_others() -> None:
    rating = Rating(dict.fromkeys(COMPONENTS, 1), frozenset())
    rated = RatedPlan("x", "soup", "I let her finish. I am sorry.", (rating,), frozenset())
    soup = Complaint("My soup was cold.", "simple", "phone", "The agent can refund it.")
    told = {
        judge: Told(dict.fromkeys(COMPONENTS, level), [], dict.fromkeys(COMPONENTS, 0.9))
        for level, judge in enumerate(JUDGES)
    }
    read = heard(Judged(Case(rated, soup, "K", "ordinary", "plain", "g"), told, ""))
    assert (read.voice, read.pair, read.words) == ("plain", "g", 7)
    assert read.judge["total"] == 8, "what both say, which is the last of the three"
    assert read.seen("total") == 4
