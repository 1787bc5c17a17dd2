"""Compare the rules, the learned model and both with the raters, and print the table of docs/judge.md.

    python -m autograders.judging.learned.comparing [--resamples 500]

For whoever decides which of them judges. The train split is read by cross-validation over complaints: no
complaint is read by a model that learned from it. Refuses to know how each of them decides.
"""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from autograders.agreement import flag_scores, kappa, macro_f1
from autograders.judging.learned.combining import combined
from autograders.judging.learned.model import Model, Reading, model
from autograders.judging.learned.summary import summary
from autograders.judging.learned.training import (
    Material,
    folds_of,
    material,
    ready,
    second_half,
    unseen_numbers,
)
from autograders.judging.reading import judge_plan
from autograders.judging.verdict import COMPONENTS
from autograders.rated import RatedPlan, rated_complaints, rated_plans
from autograders.rubric import FLAGS, rubric
from autograders.training_bank import training_bank
from course.engine.content import Complaint

FLAG_FROM = 0.4
"""From which likelihood the model alone gives a flag."""


@dataclass(frozen=True)
class Told:
    """What one judge says of one plan."""

    levels: Mapping[str, int]
    flags: frozenset[str]


@dataclass(frozen=True)
class Compared:
    """A plan with what the three judges say."""

    plan: RatedPlan
    kind: str
    by: Mapping[str, Told]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--resamples", type=int, default=500, help="of the bootstrap")
    options = parser.parse_args(arguments)
    print("| plans | judge | " + " | ".join((*COMPONENTS, "total", "flags F1")) + " |")
    print("|---" * (len(COMPONENTS) + 4) + "|")
    for name, plans in sets(material(training_bank()), model()):
        for line in lines(name, plans, options.resamples):
            print(line, flush=True)


def sets(from_: Material, shipped: Model) -> Iterator[tuple[str, list[Compared]]]:
    """Yield the sets of plans with their readings."""
    bank = training_bank()
    chosen = {
        split: [p for p in bank.plans if bank.complaints[p.scenario].split == split]
        for split in ("train", "test")
    }
    readings = _cross_read(from_, shipped)
    train = [
        compare(plan.as_rated(), bank.complaint(plan.scenario), reading, plan.kind)
        for plan, reading in zip(chosen["train"], readings, strict=True)
    ]
    test = [
        compare(
            plan.as_rated(),
            (c := bank.complaint(plan.scenario)),
            _read(shipped, plan.as_rated(), c),
            plan.kind,
        )
        for plan in chosen["test"]
    ]
    yield "train, cross-validated", train
    for name, plans in (("test", test),):
        yield name, plans
        for kind in ("ordinary", "hard"):
            yield f"{name}, {kind}", [plan for plan in plans if plan.kind == kind]
    complaints = rated_complaints()
    yield (
        "bank",
        [
            compare(p, complaints[p.scenario], _read(shipped, p, complaints[p.scenario]), "")
            for p in rated_plans()
        ],
    )


def compare(plan: RatedPlan, complaint: Complaint, reading: Reading, kind: str) -> Compared:
    """Return what rules, model and both say of a plan."""
    verdict = judge_plan(plan.plan, complaint)
    rules = Told(
        {c: verdict.components[c].level for c in COMPONENTS}, frozenset(f.name for f in verdict.flags)
    )
    alone = Told(
        {c: reading.level(c) for c in COMPONENTS}, frozenset(f for f in FLAGS if reading.flags[f] > FLAG_FROM)
    )
    both = Told(combined(rules.levels, rules.flags, reading, rubric().components), rules.flags)
    return Compared(plan, kind, {"rules": rules, "model": alone, "both": both})


def lines(name: str, plans: Sequence[Compared], resamples: int) -> Iterator[str]:
    """Yield a line of the table for each judge."""
    raters = (0, -1)
    for judge in ("rules", "model", "both"):
        told = [plan.by[judge] for plan in plans]

        def agreement(
            of: Callable[[Mapping[str, int]], int], levels: int, told: Sequence[Told] = told
        ) -> str:
            rated = [[of(p.plan.ratings[r].levels) for p in plans] for r in raters]
            return str(kappa([of(t.levels) for t in told], rated, levels=levels, resamples=resamples))

        cells = [agreement(lambda levels, c=c: levels[c], 3) for c in COMPONENTS]  # type: ignore[misc]
        cells.append(agreement(lambda levels: sum(levels.values()), 9))
        rated = [[p.plan.ratings[r].flags for p in plans] for r in raters]
        cells.append(f"{macro_f1(flag_scores([t.flags for t in told], rated, FLAGS)):.2f}")
        yield f"| {name} ({len(plans)}) | {judge} | " + " | ".join(cells) + " |"


def _read(shipped: Model, plan: RatedPlan, complaint: Complaint) -> Reading:
    made = ready(plan, complaint)
    return shipped.judged(summary(shipped.shown(made.sentences), made.simple, made.size))


def _cross_read(from_: Material, shipped: Model) -> list[Reading]:
    """Read each plan of the train split with weights that its complaint had no part in."""
    numbers = unseen_numbers(from_)
    truth = np.stack([plan.truth for plan in from_.plans])
    readings: dict[int, Reading] = {}
    for fold in folds_of(from_.plans):
        out = np.array([plan.scenario in fold for plan in from_.plans])
        fold_model = second_half(shipped, numbers[~out], truth[~out])
        readings |= {int(i): fold_model.judged(numbers[i]) for i in np.flatnonzero(out)}
    return [readings[index] for index in range(len(from_.plans))]


if __name__ == "__main__":
    main()
