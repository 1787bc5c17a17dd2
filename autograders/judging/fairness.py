"""Ask whether the judge treats all voices alike: one content in several voices, and agreement voice by voice.

    python -m autograders.judging.fairness [--unseen] [--kept FILE] [--resamples 1000]

For whoever answers for the judge. Two questions of the training bank, each author left out once
(`learned.left_out`), and where it is asked for of the plans that the judge has not seen:

1. Plans of one `pair` say the same in several voices. How far do the judge's levels of a voice lie from the
   mean of its mates, and how far beyond what people see as well?
2. How far does the judge agree with people in each voice, and in short and long plans, beside the whole?

A voice whose agreement lies more than 0.10 below the whole is marked. Where nearly all plans of a group have
the same level, kappa falls with few errors: the share of equal levels stands beside it. Refuses to know who
wrote a plan.
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np

from autograders.agreement import Interval, kappa
from autograders.judging.learned.left_out import Judged, add_kept, judged
from autograders.judging.learned.training import BANK
from autograders.judging.verdict import COMPONENTS

MARGIN = 0.10
FEWEST = 10
"""Plans that a group needs for a kappa of its own."""
TOTAL = "total"
PARTS = (*COMPONENTS, TOTAL)


@dataclass(frozen=True)
class Heard:
    """One plan: its voice, its pair or None, its words, and the levels of the judge and each reader."""

    voice: str
    pair: str | None
    words: int
    judge: Mapping[str, int]
    people: tuple[Mapping[str, int], ...]

    def seen(self, part: str) -> float:
        """The mean of the people's levels."""
        return fmean(levels[part] for levels in self.people)


@dataclass(frozen=True, eq=False)
class Apart:
    """How far plans of one voice lie from their mates: the judge's levels, and those less the people's."""

    voice: str
    n: int
    judge: Mapping[str, Interval]
    beyond: Mapping[str, Interval]


@dataclass(frozen=True)
class Group:
    """A group of plans and how far the judge agrees with the people in it.

    `same` is the share of components in which the judge's level is one that people gave.
    """

    name: str
    n: int
    same: float
    qwk: Mapping[str, Interval]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--resamples", type=int, default=1000, help="of the bootstrap")
    parser.add_argument("--unseen", action="store_true", help="show the unseen plans as well")
    add_kept(parser)
    options = parser.parse_args(arguments)
    for title, plans in sets(options.kept, unseen=options.unseen):
        print(*lines(title, plans, resamples=options.resamples), sep="\n", flush=True)


def sets(kept: Path | None, *, unseen: bool) -> Iterator[tuple[str, list[Heard]]]:
    """Yield the sets of plans with what the judge says of them."""
    told, others = judged(kept)
    own = [heard(plan) for plan in told if plan.case.author != BANK]
    yield "The training bank, each author left out", own
    if unseen:
        yield "Plans that the judge has not seen", [heard(plan) for plan in others]


def heard(plan: Judged) -> Heard:
    """Return a plan as it is asked about here."""
    case, levels = plan.case, plan.told["both"].levels
    people = tuple(_with_total(rating.levels) for rating in case.plan.ratings)
    return Heard(case.voice, case.pair, len(case.plan.plan.split()), _with_total(levels), people)


def _with_total(levels: Mapping[str, int]) -> dict[str, int]:
    return {**levels, TOTAL: sum(levels.values())}


def apart(plans: Sequence[Heard], *, resamples: int, seed: int = 0) -> list[Apart]:
    """Return how far each voice lies from its mates; the bootstrap draws plans with their mates."""
    mates: dict[str, list[Heard]] = {}
    for plan in plans:
        if plan.pair is not None:
            mates.setdefault(plan.pair, []).append(plan)
    told: dict[str, list[tuple[Heard, list[Heard]]]] = {}
    for group in mates.values():
        for plan in group:
            if others := [other for other in group if other is not plan]:
                told.setdefault(plan.voice, []).append((plan, others))
    found = []
    for voice, pairs in sorted(told.items()):
        judge, beyond = {}, {}
        for part in PARTS:
            own = [p.judge[part] - fmean(o.judge[part] for o in others) for p, others in pairs]
            seen = [p.seen(part) - fmean(o.seen(part) for o in others) for p, others in pairs]
            judge[part] = _mean(own, resamples, seed)
            beyond[part] = _mean([a - b for a, b in zip(own, seen, strict=True)], resamples, seed)
        found.append(Apart(voice, len(pairs), judge, beyond))
    return found


def _mean(values: Sequence[float], resamples: int, seed: int) -> Interval:
    drawn = np.random.default_rng(seed).integers(0, len(values), size=(resamples, len(values)))
    low, high = np.percentile(np.asarray(values)[drawn].mean(axis=1), [2.5, 97.5])
    return Interval(fmean(values), float(low), float(high))


def groups(plans: Sequence[Heard], *, resamples: int) -> list[Group]:
    """Return the agreement in the whole, in each voice, and in the shortest and longest quarter."""
    short, long = np.percentile([plan.words for plan in plans], [25, 75])
    chosen = {"all plans": list(plans)}
    for voice in sorted({plan.voice for plan in plans}):
        chosen[voice] = [plan for plan in plans if plan.voice == voice]
    chosen[f"short (to {short:.0f} words)"] = [plan for plan in plans if plan.words <= short]
    chosen[f"long (from {long:.0f} words)"] = [plan for plan in plans if plan.words >= long]
    return [
        Group(name, len(own), _same(own), {part: _qwk(own, part, resamples) for part in PARTS})
        for name, own in chosen.items()
        if len(own) >= FEWEST
    ]


def _same(plans: Sequence[Heard]) -> float:
    return fmean(
        plan.judge[part] in {levels[part] for levels in plan.people} for plan in plans for part in COMPONENTS
    )


def _qwk(plans: Sequence[Heard], part: str, resamples: int) -> Interval:
    most = 2 * (len(COMPONENTS) if part == TOTAL else 1)
    raters = [[plan.people[r][part] for plan in plans] for r in (0, -1)]
    return kappa([plan.judge[part] for plan in plans], raters, levels=most + 1, resamples=resamples)


def below(whole: Group, group: Group) -> list[str]:
    """Return the components in which a group lies more than the margin below the whole."""
    return [part for part in PARTS if group.qwk[part].value < whole.qwk[part].value - MARGIN]


def lines(title: str, plans: Sequence[Heard], *, resamples: int) -> Iterator[str]:
    """Yield the tables of one set, as Markdown."""
    yield from ("", f"## {title}: {len(plans)} plans")
    found = apart(plans, resamples=resamples)
    if found:
        yield from ("", "The judge's level less the mean of its mates: one content, several voices.", "")
        yield from _apart_table({one: one.judge for one in found})
    if any(one.judge != one.beyond for one in found):
        yield from ("", "The same, less the difference that people see.", "")
        yield from _apart_table({one: one.beyond for one in found})
    elif found:
        yield from ("", "People see no difference in any of these pairs.")
    whole, *rest = groups(plans, resamples=resamples)
    yield from ("", f"QWK with the people; ▼ more than {MARGIN:.2f} below all plans.", "")
    yield from (f"| group | plans | {' | '.join(PARTS)} | same level |", "|---" * (len(PARTS) + 3) + "|")
    for group in (whole, *rest):
        low = below(whole, group)
        cells = [f"{group.qwk[part]}{' ▼' if part in low else ''}" for part in PARTS]
        yield f"| {group.name} | {group.n} | {' | '.join(cells)} | {group.same:.0%} |"
    marked = [f"{group.name} ({', '.join(low)})" for group in rest if (low := below(whole, group))]
    yield from ("", f"More than {MARGIN:.2f} below the whole: {'; '.join(marked) or 'no group'}.")


def _apart_table(rows: Mapping[Apart, Mapping[str, Interval]]) -> Iterator[str]:
    yield from (f"| voice | plans | {' | '.join(PARTS)} |", "|---" * (len(PARTS) + 2) + "|")
    for one, differences in rows.items():
        yield f"| {one.voice} | {one.n} | {' | '.join(_difference(differences[part]) for part in PARTS)} |"
    yield from ("", "A star: 0 lies outside the 95 % interval.")


def _difference(interval: Interval) -> str:
    sure = interval.low > 0 or interval.high < 0
    return f"{interval.value:+.2f} ({interval.low:+.2f} to {interval.high:+.2f}){' *' if sure else ''}"


if __name__ == "__main__":
    main()
