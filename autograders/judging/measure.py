"""Measure the judge against rated plans: agreement by component, flags, and the disagreements to read.

    python -m autograders.judging.measure [PLANS.jsonl SCENARIOS.jsonl] [--only d01,d03] [--disagreements]

For whoever changes the rules. Without files it reads the bank that the project carries; a line of a file has
either `ratings` (a list) or `levels` and `flags`, and names its complaint as `scenario` or `complaint`.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from autograders.agreement import flag_scores, kappa, macro_f1
from autograders.judging.reading import judge_plan
from autograders.judging.sentences import sentence_table
from autograders.judging.verdict import COMPONENTS, Verdict
from autograders.rated import RatedPlan, Rating, rated_plans, rated_scenarios
from autograders.rubric import FLAGS, rubric
from course.engine.content import Complaint


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, and the disagreements where they are asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("plans", nargs="?", type=Path)
    parser.add_argument("scenarios", nargs="?", type=Path)
    parser.add_argument("--only", default="", help="scenario ids, with commas between")
    parser.add_argument("--disagreements", action="store_true")
    parser.add_argument("--sentences", action="store_true", help="PLANS holds labelled sentences")
    parser.add_argument(
        "--of", default="", help="with --sentences: show what was misread of a behaviour or flag"
    )
    options = parser.parse_args(arguments)
    if options.sentences and options.plans and options.scenarios:
        known = {line["id"]: _complaint(line) for line in _lines(options.scenarios)}
        print(*sentence_table(_lines(options.plans), known, rubric(), options.of), sep="\n")
        return
    plans, complaints = _bank(options.plans, options.scenarios)
    chosen = [plan for plan in plans if not options.only or plan.scenario in options.only.split(",")]
    verdicts = [judge_plan(plan.plan, complaints[plan.scenario]) for plan in chosen]
    print(table(chosen, verdicts))
    if options.disagreements:
        for plan, verdict in zip(chosen, verdicts, strict=True):
            if told := disagreement(plan, verdict):
                print(told)


def _bank(plans: Path | None, scenarios: Path | None) -> tuple[list[RatedPlan], dict[str, Complaint]]:
    if plans is None or scenarios is None:
        return list(rated_plans()), {name: _complaint(line) for name, line in rated_scenarios().items()}
    told = {line["id"]: _complaint(line) for line in _lines(scenarios)}
    return [_plan(line) for line in _lines(plans)], told


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _complaint(line: Mapping[str, Any]) -> Complaint:
    return Complaint(line["complaint"], line["complexity"], line["channel"], line["facts"])


def _plan(line: Mapping[str, Any]) -> RatedPlan:
    told = line.get("ratings") or [{**line["levels"], "flags": line["flags"]}]
    ratings = tuple(Rating({c: r[c] for c in COMPONENTS}, frozenset(r["flags"])) for r in told)
    scenario = line.get("scenario") or line["complaint"]
    return RatedPlan(line["id"], scenario, line["plan"], ratings, frozenset(line.get("unsure", ())))


def table(plans: Sequence[RatedPlan], verdicts: Sequence[Verdict]) -> str:
    """Return agreement with the raters as lines of text."""
    raters = range(min(len(plan.ratings) for plan in plans))
    lines = [f"{len(plans)} plans, {len(raters)} raters"]
    for name in COMPONENTS:
        told = [verdict.components[name].level for verdict in verdicts]
        lines.append(f"{name:10} {kappa(told, [[p.ratings[r].levels[name] for p in plans] for r in raters])}")
    totals = kappa(
        [verdict.total for verdict in verdicts],
        [[p.ratings[r].total for p in plans] for r in raters],
        levels=9,
    )
    lines.append(f"{'total':10} {totals}")
    committed = [frozenset(flag.name for flag in verdict.flags) for verdict in verdicts]
    scores = flag_scores(committed, [[p.ratings[r].flags for p in plans] for r in raters], FLAGS)
    lines.append(f"{'flags':10} macro-F1 {macro_f1(scores):.2f}")
    lines += [
        f"  {name:16} F1 {score.f1:.2f}  hits {score.hits} false {score.false_alarms} missed {score.missed}"
        for name, score in scores.items()
    ]
    asked = sum(len(verdict.needs_person) for verdict in verdicts)
    lines.append(f"to a person: {asked / (4 * len(plans)):.1%} of the components")
    return "\n".join(lines)


def disagreement(plan: RatedPlan, verdict: Verdict) -> str:
    """Return what a person should read about one plan, or nothing."""
    rated = plan.ratings[0]
    flags = {flag.name for flag in verdict.flags}
    wrong = [
        f"{name} {verdict.components[name].level}≠{rated.levels[name]}"
        for name in COMPONENTS
        if all(verdict.components[name].level != rating.levels[name] for rating in plan.ratings)
    ]
    wrong += [f"+{flag}" for flag in sorted(flags - rated.flags)] + [
        f"-{f}" for f in sorted(rated.flags - flags)
    ]
    if not wrong:
        return ""
    shown = [
        f"      {e.behaviour}: {e.text!r}" for part in verdict.components.values() for e in part.evidence
    ]
    shown += [f"      FLAG {flag.name}: {e.text!r}" for flag in verdict.flags for e in flag.evidence]
    return f"\n{plan.id} {', '.join(wrong)}\n   {plan.plan}\n" + "\n".join(shown)


if __name__ == "__main__":
    main()
