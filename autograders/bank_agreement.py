"""Let the judge read the bank of rated plans, and say how far it agrees with the two raters.

For the report. Knows the bank; refuses to know how the judge decides.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograders.agreement import FlagScore, Interval, Table, confusion, flag_scores, kappa, macro_f1
from autograders.keys_reading import COMPONENTS, PLAN_LEVEL
from autograders.rated import RatedPlan, rated_complaints, rated_plans
from course.engine.content import Complaint

if TYPE_CHECKING:
    from autograders.judging.verdict import Verdict

Judge = Callable[[str, Complaint], "Verdict"]
TOTAL = "total"


@dataclass(frozen=True)
class BankAgreement:
    """The judge against the raters, by component and for the total; and the raters against each other.

    `tables` count judge (rows) by rater (columns), both raters added, shape (3, 3). `sent` is the share of
    components that the judge sends to a person.
    """

    plans: int
    judge: Mapping[str, Interval]
    raters: Mapping[str, Interval]
    tables: Mapping[str, Table]
    flags: Mapping[str, FlagScore]
    macro_f1: float
    sent: float


def bank_agreement(judge: Judge | None = None, *, plans: Sequence[RatedPlan] | None = None) -> BankAgreement:
    """Have every plan of the bank judged, by our own judge if none is given, and compare with its ratings."""
    judge = judge or _own_judge()
    plans = rated_plans() if plans is None else plans
    complaints = rated_complaints()
    verdicts = [judge(plan.plan, complaints[plan.scenario]) for plan in plans]
    steps = _comparable(verdicts[0])
    own = {c: [v.components[c].level for v in verdicts] for c in steps}
    own[TOTAL] = [sum(levels) for levels in zip(*own.values(), strict=True)]
    rated = [{c: [p.ratings[i].levels[c] for p in plans] for c in steps} for i in (0, 1)]
    for rater, levels in enumerate(rated):
        levels[TOTAL] = [sum(plan.ratings[rater].levels[c] for c in steps) for plan in plans]
    most = dict.fromkeys(steps, 3) | ({TOTAL: 2 * len(steps) + 1} if steps else {})
    flags = flag_scores(
        [frozenset(flag.name for flag in verdict.flags) for verdict in verdicts],
        [[plan.ratings[i].flags for plan in plans] for i in (0, 1)],
        sorted({name for plan in plans for rating in plan.ratings for name in rating.flags}),
    )
    return BankAgreement(
        plans=len(plans),
        judge={c: kappa(own[c], [r[c] for r in rated], levels=most[c]) for c in most},
        raters={c: kappa(rated[0][c], [rated[1][c]], levels=most[c]) for c in most},
        tables={
            c: sum((confusion(own[c], r[c]) for r in rated[1:]), confusion(own[c], rated[0][c]))
            for c in steps
        },
        flags=flags,
        macro_f1=macro_f1(flags),
        sent=sum(c in v.needs_person for v in verdicts for c in steps) / max(1, len(steps) * len(verdicts)),
    )


def _comparable(verdict: "Verdict") -> tuple[str, ...]:
    """Return the components that judge and raters both have, with the same levels: a course's own rubric may
    have others."""
    return tuple(
        c for c in COMPONENTS if c in verdict.components and verdict.components[c].most == PLAN_LEVEL
    )


def _own_judge() -> Judge:
    from autograders import judge

    return judge
