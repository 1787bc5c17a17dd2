"""Leave every author out once: what rules, model and both say of plans whose author taught nothing of it.

For `comparing`, `reliability` and `fairness`. The sentences of a plan are read by a first step that has
nothing of its author, its levels by a second step that has nothing of its plans, and flags and sureness start
where other authors' plans put them. It takes minutes; `--kept FILE` keeps what was told and takes it up again
while bank, judge and weights are the same. Refuses to know what raters said, but to learn from it.
"""

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograders.judging.deciding import as_ruled, left_to_rules
from autograders.judging.learned.calibrating import flag_from, sureness
from autograders.judging.learned.combining import decide, known_parts, standing
from autograders.judging.learned.labels import LABELS
from autograders.judging.learned.logistic import sigmoid
from autograders.judging.learned.model import Model, Reading, model, record
from autograders.judging.learned.training import (
    BANK,
    known_of,
    made_from,
    material,
    ready,
    second_half,
    shipped,
    weighed,
)
from autograders.judging.reading import judge_plan
from autograders.judging.ruling import Ruled, by_rules
from autograders.judging.verdict import COMPONENTS, Verdict
from autograders.rated import RatedPlan, Rating, complaint_of, rated_complaints, rated_plans
from autograders.training_bank import training_bank
from course.engine.content import Complaint

Floats = NDArray[np.float32]
JUDGES = ("rules", "model", "both")
ON_THEM = frozenset({"J", BANK})
"""Authors on whose plans the rules were made."""
STEERED_BY = ON_THEM | {"K", "L"}
"""Authors by whose plans the rules were steered, or made."""
UNSEEN = Path(str(files("autograders") / "unseen"))


@dataclass(frozen=True)
class Told:
    """What one judge says of one plan: levels, flags, and how sure each level is, 0-1."""

    levels: Mapping[str, int]
    flags: Sequence[str]
    sure: Mapping[str, float]


@dataclass(frozen=True)
class Case:
    """A plan to be told of: who wrote it, of which kind, in which voice, with which mates."""

    plan: RatedPlan
    complaint: Complaint
    author: str
    kind: str
    voice: str
    pair: str | None


@dataclass(frozen=True)
class Judged:
    """A plan with what each judge says; `by_rules` where a gate or its few words leave it to the rules."""

    case: Case
    told: Mapping[str, Told]
    by_rules: str


def known_cases() -> list[Case]:
    """Return the plans that are learned from, in the order of `material`."""
    bank, complaints = training_bank(), rated_complaints()
    made = [
        Case(p.as_rated(), bank.complaint(p.scenario), p.author, p.kind, p.voice, p.pair) for p in bank.plans
    ]
    return made + [Case(p, complaints[p.scenario], BANK, "", "", None) for p in rated_plans()]


def unseen_cases() -> list[Case]:
    """Return the plans that nothing is learned from."""
    told = {line["id"]: complaint_of(line) for line in _lines("complaints")}
    return [
        Case(_rated(line), told[line["scenario"]], "unseen", line["kind"], line["voice"], line["pair"])
        for line in _lines("plans")
    ]


def _lines(name: str) -> list[dict[str, Any]]:
    text = (UNSEEN / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line.strip()]


def _rated(line: Mapping[str, Any]) -> RatedPlan:
    ratings = tuple(Rating({c: r[c] for c in COMPONENTS}, frozenset(r["flags"])) for r in line["ratings"])
    return RatedPlan(line["id"], line["scenario"], line["plan"], ratings, frozenset(line["unsure"]))


def add_kept(parser: ArgumentParser) -> None:
    """Add the option `--kept` to a command."""
    parser.add_argument("--kept", type=Path, help="a file for what was told: read where it fits, else made")


def judged(kept: Path | None = None) -> tuple[list[Judged], list[Judged]]:
    """Return the plans of every author, told of by what the others taught; and the unseen ones, told of by
    the weights that the project carries."""
    state = {**made_from(UNSEEN.parent / "training"), "weights": record()["sha256"]}
    cases, unseen = known_cases(), unseen_cases()
    if kept and kept.is_file():
        stored = json.loads(kept.read_text(encoding="utf-8"))
        if stored["state"] == state:
            found = [
                Judged(case, {judge: Told(**one) for judge, one in told.items()}, by)
                for case, (told, by) in zip((*cases, *unseen), stored["told"], strict=True)
            ]
            return found[: len(cases)], found[len(cases) :]
    made = _told(cases, unseen)
    if kept:
        told = [({name: asdict(told) for name, told in one.told.items()}, one.by_rules) for one in made]
        kept.write_text(json.dumps({"state": state, "told": told}), encoding="utf-8")
    return made[: len(cases)], made[len(cases) :]


def _told(cases: Sequence[Case], unseen: Sequence[Case]) -> list[Judged]:
    from_ = material(training_bank())
    plans, x = weighed(from_)
    truth = np.stack([plan.truth for plan in plans])
    authors = np.array([case.author for case in cases])
    words = x.shape[1] - len(plans[0].ruled)
    both, alone = heads(x, truth, authors), heads(x[:, :words], truth, authors, whole=True)
    made = []
    for case, numbers in zip(cases, x, strict=True):
        readings = _reading(alone[case.author], numbers[:words]), _reading(both[case.author], numbers)
        ruled = by_rules(case.plan.plan, case.complaint, shipped())
        told = {
            "rules": by_rules_alone(ruled),
            "model": by_model_alone(readings[0]),
            "both": by_both(ruled, readings[1]),
        }
        made.append(Judged(case, told, _left_to_rules(ruled, readings[1])))
    for case in unseen:
        plan = ready(case.plan, case.complaint, "", from_.names)
        ruled = by_rules(case.plan.plan, case.complaint, shipped())
        shown = model().shown(plan.sentences)
        numbers = known_of(plan, shown)
        told = {
            "rules": by_rules_alone(ruled),
            "model": by_model_alone(_reading(alone[""], numbers[:words])),
            "both": of_verdict(judge_plan(case.plan.plan, case.complaint, rubric=shipped())),
        }
        made.append(Judged(case, told, _left_to_rules(ruled, model().judged(shown, numbers))))
    return made


def heads(x: Floats, truth: Floats, authors: NDArray[np.str_], *, whole: bool = False) -> dict[str, Model]:
    """Return for each author a second step that has nothing of theirs; with `whole` one more, "", of all.

    Its thresholds and its sureness come from the other authors' plans, each read without its own author.
    """
    made = {
        author: second_half(model(), x[authors != author], truth[authors != author])
        for author in sorted(set(authors.tolist()))
    }
    told = np.empty_like(truth)
    for author, head in made.items():
        own = authors == author
        told[own] = sigmoid(np.asarray((x[own] - head.middle) @ head.weights + head.base, dtype=np.float32))
    if whole:
        made[""] = second_half(model(), x, truth)
    return {author: _set(head, told, truth, authors != author) for author, head in made.items()}


def _set(head: Model, told: Floats, truth: Floats, others: NDArray[np.bool_]) -> Model:
    return replace(
        head,
        flag_from=flag_from(told[others], truth[others]),
        sure=sureness(told[others], truth[others]),
    )


def _reading(head: Model, numbers: Floats) -> Reading:
    """Return what a second step reads; the numbers begin with what the sentences show at best."""
    return head.judged(numbers[None, : len(LABELS)], numbers)


def by_rules_alone(ruled: Ruled) -> Told:
    """Return what the rules say of a plan."""
    if ruled.held:
        sure = 0.9 if ruled.held.flag and ruled.held.sure else 0.2
        flags = [ruled.held.flag] if ruled.held.flag else []
        return Told(dict.fromkeys(COMPONENTS, 0), flags, dict.fromkeys(COMPONENTS, sure))
    said = as_ruled(ruled)
    return Told({name: level.level for name, level in said.levels.items()}, list(said.flags), said.sure)


def by_model_alone(reading: Reading) -> Told:
    """Return what the model says, with no gate, no cap and no word of the rules."""
    levels = {name: int(reading.expected(name) + 0.5) for name in COMPONENTS}
    sure = {name: reading.likely(name, level) for name, level in levels.items()}
    return Told(levels, sorted(reading.given), sure)


def by_both(ruled: Ruled, reading: Reading) -> Told:
    """Return what the judge says with these weights."""
    if left_to_rules(ruled):
        return by_rules_alone(ruled)
    rules = shipped()
    known = known_parts(rules, rules)
    if ruled.held and (gate := standing(ruled.held, reading, known)):
        return by_rules_alone(replace(ruled, held=gate))
    aside = sum(map(len, ruled.findings.aside.values()))
    said = decide(ruled.levels, ruled.flags, ruled.findings.found, reading, known, rules.components, aside)
    sure = {name: said.sure(name, reading) for name in said.levels}
    return Told(dict(said.levels), sorted(said.flags), sure)


def of_verdict(verdict: Verdict) -> Told:
    """Return what a verdict says."""
    parts = verdict.components
    return Told(
        {name: part.level for name, part in parts.items()},
        [flag.name for flag in verdict.flags],
        {name: part.confidence for name, part in parts.items()},
    )


def _left_to_rules(ruled: Ruled, reading: Reading) -> str:
    few = left_to_rules(ruled)
    if ruled.held and (few or standing(ruled.held, reading, known_parts(shipped(), shipped()))):
        return "gate"
    return "few words" if few else ""


def groups(told: Sequence[Judged]) -> Iterator[tuple[str, list[Judged]]]:
    """Yield the groups of plans that are measured: ordinary and hard, of all authors and of those whose plans
    the rules were not made on; and the plans on which they were made."""
    for name, but in (("all authors", ON_THEM), ("authors new to the rules", STEERED_BY)):
        for kind in ("ordinary", "hard"):
            yield f"{kind}, {name}", [p for p in told if p.case.kind == kind and p.case.author not in but]
    yield "what the rules were made on", [p for p in told if p.case.author in ON_THEM]
