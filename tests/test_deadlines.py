"""What late work loses: examples by hand in a table, and what holds for any rules and any time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograders.deadlines import rules_for
from autograders.deadlines_form import Curve, Deadlines, Nothing, PerDay, Policy, Zero
from autograders.lateness import Rules, Start, decide, late_days
from autograders.wall_time import Span, instant, read_span, shown_at

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = (
    "UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia",
    "Africa/Casablanca", "America/St_Johns",
)  # fmt: skip
NONE, ZERO = Nothing(policy="none"), Zero(policy="zero")
TENTH = PerDay(policy="per_day", share=0.1, floor=0.5)
TWO_POINTS = PerDay(policy="per_day", points=2, most_days=3)
A_WEEK = PerDay(policy="per_day", share=0.1, zero_after=7)
CURVE = Curve(policy="curve", keeps={"24": 0.8, "72": 0.5})


def rules(policy: Policy, due: str = "2026-03-02 18:00", zone: ZoneInfo = BERLIN, **more: Any) -> Rules:
    return Rules(Start("due", datetime.fromisoformat(due), zone), policy, **more)


def at(wall: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=zone)


HALF_HOUR = Span(passing=timedelta(minutes=30))

# the rules, when it came in, how many of 20 points are lost
LOST = [
    (rules(NONE), "2026-04-02 18:00", 0),
    (rules(ZERO), "2026-03-02 18:00", 0),
    (rules(ZERO), "2026-03-02 18:00:00.000001", 20),
    (rules(ZERO, grace=HALF_HOUR), "2026-03-02 18:30", 0),
    (rules(ZERO, grace=HALF_HOUR), "2026-03-02 18:31", 20),
    (rules(ZERO, grace=HALF_HOUR, multiplier=2.0), "2026-03-02 19:00", 0),
    (rules(ZERO, waiver="Flood."), "2026-05-02 18:00", 0),
    (rules(TENTH), "2026-03-02 18:01", 2),
    (rules(TENTH), "2026-03-03 18:00", 2),
    (rules(TENTH), "2026-03-03 18:01", 4),
    (rules(TENTH), "2026-03-30 18:00", 10),
    (rules(TENTH, grace=HALF_HOUR), "2026-03-03 18:30", 2),
    (rules(TENTH, multiplier=1.5), "2026-03-04 06:00", 2),
    (rules(TENTH, multiplier=1.5), "2026-03-04 06:01", 4),
    (rules(TWO_POINTS), "2026-03-04 12:00", 4),
    (rules(TWO_POINTS), "2026-03-20 12:00", 6),
    (rules(A_WEEK), "2026-03-09 18:00", 14),
    (rules(A_WEEK), "2026-03-09 18:01", 20),
    (rules(CURVE), "2026-03-03 06:00", 2),
    (rules(CURVE), "2026-03-03 18:00", 4),
    (rules(CURVE), "2026-03-04 18:00", 7),
    (rules(CURVE), "2026-06-04 18:00", 10),
    (rules(CURVE, multiplier=2.0), "2026-03-04 18:00", 4),
    # the night to 29 March has 23 hours in Berlin, that to 25 October 25: a day ends at the same time of day
    (rules(TENTH, "2026-03-28 18:00"), "2026-03-29 18:00", 2),
    (rules(TENTH, "2026-03-28 18:00"), "2026-03-29 18:01", 4),
    (rules(TENTH, "2026-10-24 18:00"), "2026-10-25 18:00", 2),
    (rules(TENTH, "2026-10-24 18:00"), "2026-10-25 18:01", 4),
    # hours are those that passed: 23 of them here
    (rules(CURVE, "2026-03-28 18:00"), "2026-03-29 18:00", round(20 * 0.2 * 23 / 24, 5)),
]  # fmt: skip


@pytest.mark.parametrize(("given", "received", "lost"), LOST)
def test_what_late_work_loses(given: Rules, received: str, lost: float) -> None:
    assert decide(at(received), given).lost(20.0) == pytest.approx(lost, abs=2e-5)


@pytest.mark.parametrize("policy", [ZERO, TENTH, TWO_POINTS, CURVE])
def test_nobody_knows_when_it_came_in_is_for_a_person_and_costs_nothing(policy: Policy) -> None:
    late = decide(None, rules(policy))
    assert late.person
    assert late.lost(20.0) == 0
    assert [step.word for step in late.trace] == ["late.due", "late.unknown"]


def test_where_nothing_can_be_lost_nobody_need_know_when_it_came_in() -> None:
    assert not decide(None, rules(NONE)).person
    assert not decide(None, rules(ZERO, waiver="Flood.")).person


FILE = Deadlines.model_validate(
    {
        "time_zone": "Europe/Berlin",
        "grace": "15 minutes",
        "late": {"policy": "per_day", "share": 0.1, "floor": 0.5},
        "assignments": {
            "heat-plan-a": {"due": "2026-03-02 18:00"},
            "heat-plan-b": {"due": "2026-03-09 18:00", "grace": "1 day", "late": {"policy": "zero"}},
        },
        "learners": {
            "ann": {
                "multiplier": 2,
                "why": "Time and a half, by the office.",
                "assignments": {"heat-plan-a": {"multiplier": 1.5, "extension": "2 days", "why": "Flu."}},
            },
            "bob": {"waiver": "Flood.", "extension": "1 week"},
            "cy": {"assignments": {"heat-plan-a": {"due": "2026-03-05 12:00"}}},
        },
    }
)
PER_DAY, ZEROED = ("late.share-a-day", "late"), ("late.zero", "assignments.heat-plan-b.late")
DUE_A, DUE_B = ("late.due", "assignments.heat-plan-a.due"), ("late.due", "assignments.heat-plan-b.due")
ANN, CY = "learners.ann.assignments.heat-plan-a", "learners.cy.assignments.heat-plan-a.due"
FLOOR = ("late.floor", "late")

# learner, assignment, when it came in, the rules that made the result
TRACES = [
    ("dee", "heat-plan-a", "2026-03-02 18:00", [DUE_A, ("late.on-time", "received")]),
    ("dee", "heat-plan-a", "2026-03-02 18:10", [DUE_A, ("late.grace", "grace")]),
    ("dee", "heat-plan-a", "2026-03-03", [DUE_A, ("late.grace-over", "grace"), PER_DAY, FLOOR]),
    (
        "dee", "heat-plan-b", "2026-04-01",
        [DUE_B, ("late.grace-over", "assignments.heat-plan-b.grace"), ZEROED],
    ),
    (
        "ann", "heat-plan-a", "2026-03-05",
        [
            DUE_A, ("late.extension", f"{ANN}.extension"), ("late.multiplier", "learners.ann.multiplier"),
            ("late.grace-over", "grace"), PER_DAY, FLOOR,
        ],
    ),
    (
        "bob", "heat-plan-b", "2026-04-01",
        [DUE_B, ("late.extension", "learners.bob.extension"), ("late.waiver", "learners.bob.waiver")],
    ),
    ("cy", "heat-plan-a", "2026-03-05", [DUE_A, ("late.extension", CY), ("late.on-time", "received")]),
]  # fmt: skip


@pytest.mark.parametrize(("learner", "assignment", "received", "trace"), TRACES)
def test_the_trace_names_every_rule(
    learner: str, assignment: str, received: str, trace: list[tuple[str, str]]
) -> None:
    found = rules_for(FILE, assignment, learner)
    assert found is not None
    assert [(step.word, step.rule) for step in decide(at(received), found).trace] == trace


def test_a_reason_stands_with_its_rule() -> None:
    found = rules_for(FILE, "heat-plan-a", "ann")
    assert found is not None
    whys = {step.rule: step.why for step in decide(at("2026-03-06"), found).trace if step.why}
    assert whys == {
        f"{ANN}.extension": "Flu.",
        "learners.ann.multiplier": "Time and a half, by the office.",
    }


def test_an_assignment_that_is_not_named_has_no_rules() -> None:
    assert rules_for(FILE, "reading-replies", "ann") is None


def test_an_extension_in_nbgraders_gradebook_counts_as_well() -> None:
    found = rules_for(FILE, "heat-plan-b", "dee", granted=timedelta(days=3))
    assert found is not None
    late = decide(at("2026-03-12 18:00"), found)
    assert [step.rule for step in late.trace][1:] == ["nbgrader's gradebook", "received"]


SHARES = st.sampled_from([0.05, 0.1, 1 / 3, 0.5, 1.0])
CURVES = st.lists(
    st.tuples(st.integers(0, 300), st.sampled_from([0.0, 0.25, 0.5, 0.9, 1.0])), min_size=1, max_size=5
).map(
    lambda rows: Curve(
        policy="curve",
        keeps=dict(
            zip(
                map(str, sorted({hours for hours, _ in rows})),
                sorted((share for _, share in rows), reverse=True),
                strict=False,
            )
        ),
    )
)
MAYBE = st.none() | st.integers(1, 9)
POLICIES = st.one_of(
    st.sampled_from([NONE, ZERO]),
    CURVES,
    st.builds(
        PerDay,
        policy=st.just("per_day"),
        share=SHARES,
        floor=st.sampled_from([0.0, 0.3, 1.0]),
        most_days=MAYBE,
        zero_after=MAYBE,
    ),
    st.builds(PerDay, policy=st.just("per_day"), points=st.sampled_from([0.5, 2.0]), most_days=MAYBE),
)
NEAR_A_JUMP = st.sampled_from(
    ["2026-03-28 02:30", "2026-03-28 18:00", "2026-10-24 02:30", "2026-10-25 02:30", "2026-11-01 01:30"]
).map(datetime.fromisoformat)
WALLS = NEAR_A_JUMP | st.datetimes(datetime(2011, 12, 25), datetime(2027, 1, 1))
SPANS = st.sampled_from(["30 minutes", "36 hours", "1 day", "0.5 days", "2 weeks"]).map(read_span)
RULES = st.builds(
    Rules,
    due=st.builds(Start, rule=st.just("due"), wall=WALLS, zone=st.sampled_from(ZONES).map(ZoneInfo)),
    policy=POLICIES,
    grace=st.just(Span()) | SPANS,
    multiplier=st.sampled_from([1.0, 1.25, 1.5, 3.0]),
)
LATENESS = st.one_of(
    st.timedeltas(timedelta(days=-2), timedelta(days=40)),
    st.sampled_from([timedelta(), timedelta(hours=23), timedelta(days=1), timedelta(days=5000)]),
)
SCORES = st.sampled_from([0.0, 1 / 3, 18.0, 20.0])


def received(given_rules: Rules, late: timedelta) -> datetime:
    return given_rules.due.plus(Span()) + late


@given(RULES, LATENESS, SCORES)
def test_a_mark_is_never_below_zero_and_never_above_itself(r: Rules, late: timedelta, score: float) -> None:
    assert 0 <= decide(received(r, late), r).lost(score) <= score


@given(RULES, LATENESS, LATENESS, SCORES)
def test_later_never_costs_less(r: Rules, one: timedelta, other: timedelta, score: float) -> None:
    sooner, later = sorted([one, other])
    assert decide(received(r, sooner), r).lost(score) <= decide(received(r, later), r).lost(score)


@given(RULES, LATENESS, SCORES, st.sampled_from([1.0, 1.1, 2.0, 7.5]))
def test_a_multiplier_never_makes_a_mark_worse(r: Rules, late: timedelta, score: float, by: float) -> None:
    slower = replace(r, multiplier=r.multiplier * by)
    assert decide(received(r, late), slower).lost(score) <= decide(received(r, late), r).lost(score)


@given(RULES, LATENESS, SCORES, SPANS | st.just(Span(passing=timedelta(minutes=7))), WALLS)
def test_an_extension_never_makes_a_mark_worse(
    r: Rules, late: timedelta, score: float, span: Span, wall: datetime
) -> None:
    lost = decide(received(r, late), r).lost(score)
    for start in (replace(r.due, later=span), replace(r.due, wall=wall)):
        assert decide(received(r, late), replace(r, extensions=(start,))).lost(score) <= lost


@given(RULES, LATENESS, SCORES)
def test_a_waiver_leaves_the_mark_whole(r: Rules, late: timedelta, score: float) -> None:
    assert decide(received(r, late), replace(r, waiver="Flood.")).lost(score) == 0


@given(RULES, LATENESS, st.sampled_from(ZONES), st.integers(-14, 14))
def test_a_moment_is_the_same_moment_in_any_time_zone(
    r: Rules, late: timedelta, zone: str, hours: int
) -> None:
    moment = received(r, late)
    told = decide(moment, r)
    assert decide(moment.astimezone(ZoneInfo(zone)), r) == told
    assert decide(moment.astimezone(timezone(timedelta(hours=hours))), r) == told


@given(st.sampled_from(ZONES).map(ZoneInfo), WALLS, WALLS)
def test_a_later_wall_time_never_comes_sooner(zone: ZoneInfo, one: datetime, other: datetime) -> None:
    sooner, later = sorted([one, other])
    assert instant(sooner, zone) <= instant(later, zone)


@given(st.sampled_from(ZONES).map(ZoneInfo), st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)))
def test_every_moment_is_found_again_or_comes_twice(zone: ZoneInfo, moment: datetime) -> None:
    there = moment.replace(tzinfo=UTC)
    again = instant(shown_at(there, zone), zone)
    assert there <= again <= there + timedelta(hours=2)


@given(RULES, LATENESS)
def test_days_are_the_first_whose_end_was_met(r: Rules, late: timedelta) -> None:
    moment = received(r, min(late, timedelta(days=40)))
    days = late_days(moment, r)
    assert moment <= r.start(days)
    assert days == 0 or moment > r.start(days - 1)
