"""Show how far the judge agrees with an instructor's ratings: as text to read, or as JSON for programs.

For `heatproof judge --agreement`. Refuses to count anything.
"""

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from autograders.agreement import Interval
from autograders.own_agreement import TOTAL, Disagreement, OwnAgreement, Pair, Step
from autograders.steps import flag_title, standing, step_title
from autograders.summary import counted
from course.engine.words import all_words, word

if TYPE_CHECKING:
    from autograders.rubric import Rubric

FEW = 30
"""Under so many plans an interval is wide: it is told."""


def as_lines(found: OwnAgreement, rules: "Rubric", file: str) -> Iterator[str]:
    """Yield the whole as lines of text."""
    named = _names(rules)
    twice = f", {found.twice} of them by two people" if found.twice else ""
    yield f"{file}: {counted(found.plans, 'plan')}{twice}; read by the rubric {rules.id!r}."
    if found.plans < FEW:
        yield f"So few plans say little: look at the intervals, and rate {FEW} or more if you can."
    titles = ["Judge and first rater", "Judge and second rater"]
    for title, pairs in [
        *((titles[r], {s.name: s.judge[r] for s in found.steps}) for r in range(len(found.steps[0].judge))),
        *([("First and second rater", _raters(found))] if found.twice else []),
    ]:
        yield ""
        yield f"{title:24} {'plans':>5}  {'kappa':>5}  QWK (95 % interval)"
        yield from (f"  {named[name]:22} {_pair(pair)}" for name, pair in pairs.items())
    yield ""
    yield f"To a person: {found.sent:.0%} of the components; " + ", ".join(
        f"{named[step.name]} {step.sent:.0%}" for step in found.steps if step.name != TOTAL
    )
    for step in found.steps:
        yield from _table(step, named)
    yield from _flags(found, named)
    yield from _to_read(found, named)


def _raters(found: OwnAgreement) -> dict[str, Pair]:
    return {step.name: step.raters for step in found.steps if step.raters}


def _names(rules: "Rubric") -> dict[str, str]:
    words = all_words()
    own = {name: step_title(words, name, part.name) for name, part in rules.components.items()}
    flags = {name: flag_title(words, name, flag.name) for name, flag in rules.flags.items()}
    return {
        **{name: flag_title(words, name, "") for name in rules.flag_words},
        **flags,
        **own,
        TOTAL: "Total",
    }


def _pair(pair: Pair) -> str:
    plain = "–" if math.isnan(pair.kappa) else f"{pair.kappa:.2f}"
    return f"{pair.n:5}  {plain:>5}  {pair.qwk}"


def _table(step: Step, named: Mapping[str, str]) -> Iterator[str]:
    if step.table is None:
        return
    labels = [_level(level, step.most) for level in range(step.most + 1)]
    width = max(14, *(len(label) + 2 for label in labels))
    yield ""
    yield f"{named[step.name]}: people in the rows, the judge in the columns"
    yield " " * (width + 2) + "".join(f"{label:>{width}}" for label in labels)
    for label, row in zip(labels, step.table.tolist(), strict=True):
        yield f"  {label:{width}}" + "".join(f"{count:>{width}}" for count in row)


def _level(level: int, most: int) -> str:
    return f"{level} {word(f'level.{standing(level, most)}').lower()}"


def _flags(found: OwnAgreement, named: Mapping[str, str]) -> Iterator[str]:
    yield ""
    if not found.flags:
        yield "Flags: nobody gave one, and the judge gave none."
        return
    heads = f"{'both':>6}{'judge':>7}{'people':>8}{'precision':>11}{'recall':>8}{'F1':>6}"
    yield f"{'Flags, ratings counted':24}{heads}"
    for name, score in found.flags.items():
        counts = f"{score.hits:>6}{score.false_alarms:>7}{score.missed:>8}"
        shares = f"{_share(score.precision):>11}{_share(score.recall):>8}{_share(score.f1):>6}"
        yield f"  {named.get(name, name):22}{counts}{shares}"
    yield "  (given by both, by the judge alone, by people alone)"
    yield f"  mean F1 of the flags: {_share(found.macro_f1)}"


def _share(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.2f}"


def _to_read(found: OwnAgreement, named: Mapping[str, str]) -> Iterator[str]:
    yield ""
    if not found.disagreements:
        yield "Nothing to read: where people rated, somebody said what the judge says."
        return
    yield f"To read: {counted(len(found.disagreements), 'disagreement')}, the farthest apart first"
    for one in found.disagreements:
        yield f"  {one.id}  {named.get(one.what, one.what)}: {_said(one)}"
        quotes = [f"“{' '.join(words.split())}”" for words in one.evidence]
        yield from (f"      {quote}" for quote in quotes if quote not in one.because)
        if one.because:
            yield f"      {one.because}"


def _said(one: Disagreement) -> str:
    if one.kind == "flag":
        return "flagged by the judge alone" if one.judge else "flagged by people, not by the judge"
    return f"judge {one.judge}, people {' and '.join(map(str, one.people))}"


def as_data(found: OwnAgreement, rules: "Rubric", file: str) -> dict[str, Any]:
    """Return the whole as plain values; what has no value is None."""
    return {
        "file": file,
        "rubric": rules.id,
        "plans": found.plans,
        "rated_twice": found.twice,
        "components": {step.name: _step_data(step) for step in found.steps},
        "sent_to_a_person": found.sent,
        "flags": {
            name: {
                "both": score.hits,
                "judge_alone": score.false_alarms,
                "people_alone": score.missed,
                "precision": _number(score.precision),
                "recall": _number(score.recall),
                "f1": _number(score.f1),
            }
            for name, score in found.flags.items()
        },
        "flags_macro_f1": _number(found.macro_f1),
        "disagreements": [
            {
                "id": one.id,
                one.kind: one.what,
                "judge": one.judge,
                "people": list(one.people),
                "evidence": list(one.evidence),
                "because": one.because,
            }
            for one in found.disagreements
        ],
    }


def _step_data(step: Step) -> dict[str, Any]:
    return {
        "levels": step.most + 1,
        "judge_and_raters": [_pair_data(pair) for pair in step.judge],
        "raters": _pair_data(step.raters) if step.raters else None,
        "people_by_judge": step.table.tolist() if step.table is not None else None,
        "sent_to_a_person": step.sent,
    }


def _pair_data(pair: Pair) -> dict[str, Any]:
    return {"n": pair.n, "kappa": _number(pair.kappa), "qwk": _interval(pair.qwk)}


def _interval(interval: Interval) -> dict[str, float | None]:
    return {name: _number(getattr(interval, name)) for name in ("value", "low", "high")}


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)
