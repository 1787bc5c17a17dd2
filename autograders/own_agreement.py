"""Say how far the judge agrees with an instructor's own ratings, component by component, and what to read.

For `heatproof judge --agreement`. Pure: plans with ratings and verdicts in, frozen values out. People stand
in the rows of a table, the judge in its columns. Refuses to read files and to know how the judge decides.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from autograders.agreement import (
    FlagScore,
    Interval,
    Table,
    confusion,
    flag_scores,
    kappa,
    macro_f1,
    plain_kappa,
)  # fmt: skip
from autograders.rated_file import OwnPlan

if TYPE_CHECKING:
    from autograders.judging.verdict import Verdict
    from autograders.rubric import Rubric
    from course.engine.content import Complaint

TOTAL = "total"
Judge = Callable[[str, "Complaint"], "Verdict"]


@dataclass(frozen=True)
class Pair:
    """Two readers of the same `n` plans: unweighted kappa, and quadratic weighted kappa with its interval."""

    n: int
    kappa: float
    qwk: Interval


@dataclass(frozen=True)
class Step:
    """One component, or the total. `judge` has a pair for each rater; `raters` is the two with each other.

    `table` counts people (rows, all raters) by judge (columns), None for the total; `sent` is the share that
    the judge gives to a person.
    """

    name: str
    most: int
    judge: tuple[Pair, ...]
    raters: Pair | None
    table: Table | None
    sent: float


@dataclass(frozen=True)
class Disagreement:
    """What a person should read: nobody who rated the plan says what the judge says of `what`.

    `judge` and `people` are levels, or for a flag yes and no; `evidence` is the plan's own words.
    """

    id: str
    what: str
    kind: Literal["component", "flag"]
    judge: int
    people: tuple[int, ...]
    evidence: tuple[str, ...]
    because: str


@dataclass(frozen=True)
class OwnAgreement:
    """The judge against the people; `flags` are summed over the raters, `sent` is over all components."""

    plans: int
    twice: int
    steps: tuple[Step, ...]
    flags: Mapping[str, FlagScore]
    macro_f1: float
    sent: float
    disagreements: tuple[Disagreement, ...]


def own_agreement(plans: Sequence[OwnPlan], rules: "Rubric", judge: Judge) -> OwnAgreement:
    """Have the plans judged and compare; `twice` of them have a second rating."""
    verdicts = [judge(plan.plan, plan.complaint) for plan in plans]
    steps = [_step(name, part.top, plans, verdicts) for name, part in rules.components.items()]
    most = sum(step.most for step in steps)
    told = [frozenset(flag.name for flag in verdict.flags) for verdict in verdicts]
    scores = [
        flag_scores(
            [told[i] for i, _ in rated], [[plan.ratings[r].flags for _, plan in rated]], _flags(plans, told)
        )
        for r in (0, 1)
        if (rated := [(i, plan) for i, plan in enumerate(plans) if len(plan.ratings) > r])
    ]
    flags = {name: _sum([score[name] for score in scores]) for name in scores[0]}
    differ = [found for pair in zip(plans, verdicts, strict=True) for found in _disagreements(*pair)]
    return OwnAgreement(
        plans=len(plans),
        twice=sum(len(plan.ratings) > 1 for plan in plans),
        steps=(*steps, _step(TOTAL, most, plans, verdicts)),
        flags=flags,
        macro_f1=macro_f1(flags),
        sent=float(np.mean([step.sent for step in steps])),
        disagreements=tuple(sorted(differ, key=_weight)),
    )


def _step(name: str, most: int, plans: Sequence[OwnPlan], verdicts: Sequence["Verdict"]) -> Step:
    own = [v.total if name == TOTAL else v.components[name].level for v in verdicts]
    people = [
        [
            p.ratings[r].total if name == TOTAL else p.ratings[r].levels[name]
            for p in plans
            if len(p.ratings) > r
        ]
        for r in (0, 1)
    ]
    twice = [i for i, plan in enumerate(plans) if len(plan.ratings) > 1]
    pairs = [_pair(own, people[0], most)]
    both = None
    if twice:
        pairs.append(_pair([own[i] for i in twice], people[1], most))
        both = _pair([people[0][i] for i in twice], people[1], most)
    again = [own[i] for i in twice]
    table = confusion([*people[0], *people[1]], [*own, *again], levels=most + 1) if name != TOTAL else None
    sent = [bool(v.needs_person) if name == TOTAL else name in v.needs_person for v in verdicts]
    return Step(name, most, tuple(pairs), both, table, sum(sent) / len(sent))


def _pair(first: Sequence[int], second: Sequence[int], most: int) -> Pair:
    table = confusion(first, second, levels=most + 1)
    return Pair(len(first), plain_kappa(table), kappa(first, [second], levels=most + 1))


def _flags(plans: Sequence[OwnPlan], told: Sequence[frozenset[str]]) -> list[str]:
    given = (rating.flags for plan in plans for rating in plan.ratings)
    return sorted(frozenset().union(*given, *told))


def _sum(scores: Sequence[FlagScore]) -> FlagScore:
    return FlagScore(
        sum(s.hits for s in scores), sum(s.false_alarms for s in scores), sum(s.missed for s in scores)
    )


def _disagreements(plan: OwnPlan, verdict: "Verdict") -> list[Disagreement]:
    found = []
    for name, part in verdict.components.items():
        people = tuple(rating.levels[name] for rating in plan.ratings)
        if part.level not in people:
            words = tuple(dict.fromkeys(piece.text for piece in part.evidence))
            found.append(Disagreement(plan.id, name, "component", part.level, people, words, part.because))
    told = {flag.name: flag for flag in verdict.flags}
    for name in sorted({*told, *plan.ratings[0].flags}):
        people = tuple(int(name in rating.flags) for rating in plan.ratings)
        if (name in told) not in people:
            flag = told.get(name)
            words = tuple(dict.fromkeys(piece.text for piece in flag.evidence)) if flag else ()
            because = flag.because if flag else ""
            found.append(Disagreement(plan.id, name, "flag", int(name in told), people, words, because))
    return found


def _weight(one: Disagreement) -> tuple[bool, float]:
    """Levels before flags, and the farthest apart first; else in the order of the file."""
    return one.kind == "flag", -abs(one.judge - sum(one.people) / len(one.people))
