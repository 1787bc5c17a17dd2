"""Work out what late work loses: a pure function of the time of receipt and the rules for one learner.

For both marking doors. Every rule that had a part in the result stands in its trace. The time of receipt has
no effect but on which side of which due time it falls; refuses to know marks, files and what time it is now.

    start(k)  the latest of: due time or extension, + multiplier * (grace + k days), days on the wall's clock
    day       the first k >= 1 with received <= start(k)
    hours     (received - start(0)) / multiplier
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from autograders.deadlines_form import Curve, Nothing, PerDay, Policy, Zero
from autograders.wall_time import NO_TIME, Span, after, shown_at

LONGEST = timedelta(days=3660)
"""Nobody counts days beyond ten years."""
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Start:
    """A time from which lateness may count: a due time, and how much later a rule lets it be."""

    rule: str
    wall: datetime
    zone: ZoneInfo
    later: Span = NO_TIME
    why: str = ""

    def plus(self, span: Span) -> datetime:
        """Return the moment, in UTC, a span after it."""
        return after(self.wall, self.zone, self.later + span)

    @property
    def shown(self) -> str:
        """The time as people there read it."""
        return f"{shown_at(self.plus(NO_TIME), self.zone):%Y-%m-%d %H:%M} ({self.zone.key})"


@dataclass(frozen=True)
class Rules:
    """All rules that bear on one hand-in. `named`: where each stands, for the trace."""

    due: Start
    policy: Policy
    grace: Span = NO_TIME
    extensions: tuple[Start, ...] = ()
    multiplier: float = 1.0
    waiver: str | None = None
    named: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)

    @property
    def kindest(self) -> Start:
        """The due time that counts: the latest."""
        return max((self.due, *self.extensions), key=lambda start: start.plus(NO_TIME))

    def start(self, days: int) -> datetime:
        """Return when grace ends (0), or the late day of that number."""
        span = (self.grace + Span(days=days)).times(self.multiplier)
        return max(start.plus(span) for start in (self.due, *self.extensions))


@dataclass(frozen=True)
class Step:
    """One rule that had a part: where it stands, the words for it with their values, a person's reason."""

    rule: str
    word: str
    values: Mapping[str, str] = field(default_factory=dict)
    why: str = ""


@dataclass(frozen=True)
class Late:
    """What lateness costs: a share of the learner's own points or points; `keeps` is the share that stays.

    `person`: it cannot be known, so nothing is lost and a person looks at it.
    """

    share: float = 0.0
    points: float = 0.0
    keeps: float = 0.0
    person: bool = False
    trace: tuple[Step, ...] = ()

    def lost(self, score: float) -> float:
        """Return how many points of a score are lost: 0 to the whole score."""
        most = max(0.0, score) * (1 - self.keeps)
        return min(max(0.0, score), round(min(most, max(0.0, score) * self.share + self.points), 6))


def decide(received: datetime | None, rules: Rules) -> Late:
    """Return what a hand-in loses that was received at a moment with a time zone; None: nobody knows when."""
    steps = [_step(rules, "due", "late.due", due=rules.due.shown)]
    start = rules.kindest
    if start is not rules.due:
        steps.append(Step(start.rule, "late.extension", {"due": start.shown}, start.why))
    if rules.waiver is not None:
        waived = Step(rules.named.get("waiver", "waiver"), "late.waiver", {}, rules.waiver)
        return Late(trace=(*steps, waived))
    if isinstance(rules.policy, Nothing):
        return Late(trace=(*steps, _step(rules, "policy", "late.none")))
    if received is None:
        return Late(person=True, trace=(*steps, Step("received", "late.unknown")))
    if received <= start.plus(NO_TIME):
        return Late(trace=(*steps, Step("received", "late.on-time")))
    if rules.multiplier > 1:
        steps.append(_step(rules, "multiplier", "late.multiplier", times=f"{rules.multiplier:g}"))
    if received <= rules.start(0):
        return Late(trace=(*steps, _step(rules, "grace", "late.grace", until=_shown(rules.start(0), start))))
    if rules.grace != NO_TIME:
        steps.append(_step(rules, "grace", "late.grace-over", until=_shown(rules.start(0), start)))
    loss = _loss(received.astimezone(UTC), rules)
    return Late(loss.share, loss.points, loss.keeps, trace=(*steps, *loss.trace))


def late_days(received: datetime, rules: Rules) -> int:
    """Return the number of late days that have begun, 1 on the first; 0 within grace."""
    beyond = min(received - rules.start(0), LONGEST)
    if beyond <= timedelta():
        return 0
    received = rules.start(0) + beyond
    days = max(1, int(beyond / DAY / rules.multiplier) - 3)  # clocks jump by less than three days
    while received > rules.start(days):
        days += 1
    return days


def late_hours(received: datetime, rules: Rules) -> float:
    """Return the hours since grace ended, as the learner's multiplier stretches them; 0 within grace."""
    beyond = min(received - rules.start(0), LONGEST)
    return max(0.0, beyond / HOUR / rules.multiplier)


def kept(curve: Curve, hours: float) -> float:
    """Return the share 0-1 that a curve keeps after so many hours."""
    table = curve.table
    for (start, high), (end, low) in pairwise(table):
        if start <= hours < end:
            return round(max(low, high - (high - low) * (hours - start) / (end - start)), 6)
    return table[-1][1]


def _loss(received: datetime, rules: Rules) -> Late:
    policy = rules.policy
    if isinstance(policy, Zero):
        return Late(share=1.0, trace=(_step(rules, "policy", "late.zero"),))
    if isinstance(policy, Curve):
        hours = late_hours(received, rules)
        share = kept(policy, hours)
        said = _step(rules, "policy", "late.curve", hours=f"{hours:.1f}", kept=_percent(share))
        return Late(share=round(1 - share, 6), trace=(said,))
    assert isinstance(policy, PerDay)
    return _per_day(policy, late_days(received, rules), rules)


def _per_day(policy: PerDay, days: int, rules: Rules) -> Late:
    if policy.zero_after is not None and days > policy.zero_after:
        said = _step(rules, "policy", "late.zero-after", days=str(days), most=str(policy.zero_after))
        return Late(share=1.0, trace=(said,))
    counted = min(days, policy.most_days or days)
    each = _percent(policy.share) if policy.share else f"{policy.points:g}"
    word = "late.share-a-day" if policy.share else "late.points-a-day"
    steps = [_step(rules, "policy", word, days=str(days), each=each)]
    if counted < days:
        steps.append(_step(rules, "policy", "late.most-days", days=str(counted)))
    if policy.floor:
        steps.append(_step(rules, "policy", "late.floor", kept=_percent(policy.floor)))
    share = min(round(counted * (policy.share or 0.0), 6), 1.0)
    points = round(counted * (policy.points or 0.0), 6)
    return Late(share, points, policy.floor, trace=tuple(steps))


def _step(rules: Rules, kind: str, word: str, **values: str) -> Step:
    return Step(rules.named.get(kind, kind), word, values, rules.reasons.get(kind, ""))


def _shown(moment: datetime, start: Start) -> str:
    return f"{shown_at(moment, start.zone):%Y-%m-%d %H:%M} ({start.zone.key})"


def _percent(share: float) -> str:
    return f"{100 * share:.4g} %"
