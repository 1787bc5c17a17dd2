"""Ask how far the judge's confidence can be trusted, and what is gained by asking a person.

    python -m autograders.judging.learned.reliability [--picture FILE.svg] [--kept FILE]

For whoever sets the threshold of `confidence`. Each author is left out once. A level is right as far as
raters gave it: where two readings differ and one is the judge's, it is half right. Refuses to know words.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograders.agreement import confusion, weighted_kappa
from autograders.judging.confidence import THRESHOLD
from autograders.judging.learned.left_out import STEERED_BY, Judged, add_kept, judged
from autograders.judging.learned.training import BANK
from autograders.judging.verdict import COMPONENTS

Numbers = NDArray[np.float64]
BINS = 10
COVERAGES = (1.0, 0.95, 0.9, 0.85, 0.8)
RATERS = (0, -1)


@dataclass(frozen=True, eq=False)
class Points:
    """Levels that were told: how sure each was, how right, the level itself and the raters' (points, 2)."""

    sure: Numbers
    right: Numbers
    level: NDArray[np.intp]
    rated: NDArray[np.intp]

    def where(self, chosen: NDArray[np.bool_]) -> "Points":
        """Return some of the points."""
        return Points(self.sure[chosen], self.right[chosen], self.level[chosen], self.rated[chosen])


@dataclass(frozen=True)
class Bin:
    """Levels of like confidence: how many, how sure on average, how often right."""

    low: float
    high: float
    n: int
    sure: float
    right: float


def points(plans: Sequence[Judged], judge: str, parts: Sequence[str] = COMPONENTS) -> Points:
    """Return the levels that a judge tells of plans."""
    sure, right, level, rated = [], [], [], []
    for plan in plans:
        for part in parts:
            told, by = plan.told[judge], [plan.case.plan.ratings[r].levels[part] for r in RATERS]
            sure.append(told.sure[part])
            level.append(told.levels[part])
            rated.append(by)
            right.append(fmean(told.levels[part] == one for one in by))
    return Points(
        np.asarray(sure),
        np.asarray(right),
        np.asarray(level, dtype=np.intp),
        np.asarray(rated, dtype=np.intp),
    )


def bins(told: Points) -> list[Bin]:
    """Return ten bins of equal width, without the empty ones."""
    place = np.minimum((told.sure * BINS).astype(int), BINS - 1)
    return [
        Bin(at / BINS, (at + 1) / BINS, int(own.sum()), told.sure[own].mean(), told.right[own].mean())
        for at in range(BINS)
        if (own := place == at).any()
    ]


def calibration_error(told: Points) -> float:
    """Return the expected calibration error: how far confidence lies from being right, over ten bins (Guo et
    al., ICML 2017)."""
    return sum(one.n * abs(one.sure - one.right) for one in bins(told)) / max(1, len(told.sure))


def at_coverage(told: Points, share: float) -> float:
    """Return the threshold that keeps a share of the levels."""
    return float(np.sort(told.sure)[round((1 - share) * len(told.sure))])


def agreement(told: Points) -> tuple[float, float]:
    """Return the levels' weighted kappa with the raters, all components in one, and how often they are the
    same."""
    tables = [confusion(told.level.tolist(), told.rated[:, r].tolist()) for r in range(len(RATERS))]
    return float(np.mean([weighted_kappa(table) for table in tables])), float(told.right.mean())


def lines(plans: Sequence[Judged]) -> Iterator[str]:
    """Yield the tables, as Markdown."""
    both = points(plans, "both")
    yield from ("", f"Reliability, {len(plans)} plans, {len(both.sure)} levels:", "")
    yield from ("| confidence | levels | mean confidence | right |", "|---|---|---|---|")
    for one in bins(both):
        yield f"| {one.low:.1f}-{one.high:.1f} | {one.n} | {one.sure:.2f} | {one.right:.2f} |"
    yield from ("", "Expected calibration error:", "")
    yield from (f"| plans | {' | '.join(COMPONENTS)} | all |", "|---" * 6 + "|")
    new = [plan for plan in plans if plan.case.author not in STEERED_BY]
    few = [plan for plan in plans if plan.by_rules == "few words"]
    cut = [plan for plan in plans if plan.by_rules == "gate"]
    kinds = (
        ("all", plans, "both"),
        ("authors new to the rules", new, "both"),
        ("a few words (rules alone)", few, "both"),
        ("held by a gate", cut, "both"),
        ("all, by the rules alone", plans, "rules"),
        ("new to the rules, by the rules alone", new, "rules"),
    )
    for name, chosen, judge in kinds:
        parts = [calibration_error(points(chosen, judge, (part,))) for part in COMPONENTS]
        whole = calibration_error(points(chosen, judge))
        yield f"| {name} ({len(chosen)}) | {' | '.join(f'{e:.3f}' for e in (*parts, whole))} |"
    yield from ("", "Coverage: the least sure levels go to a person.", "")
    yield "| kept | from | QWK | the same level | QWK, new authors | the same, new authors |"
    yield "|---" * 6 + "|"
    fresh = points(new, "both")
    for share in (*COVERAGES, None):
        least = THRESHOLD if share is None else at_coverage(both, share)
        kept, kept_new = both.where(both.sure >= least), fresh.where(fresh.sure >= least)
        told = [*agreement(kept), *agreement(kept_new)]
        part = len(kept.sure) / len(both.sure)
        name = f"{part:.0%}" + (" (as it is set)" if share is None else "")
        yield f"| {name} | {least:.3f} | {' | '.join(f'{value:.3f}' for value in told)} |"
    yield from ("", f"At {THRESHOLD}, to a person:", "")
    yield from (f"| plans | {' | '.join(COMPONENTS)} | all |", "|---" * 6 + "|")
    for name, chosen, _ in kinds[:4]:
        asked = [_below(points(chosen, "both", (part,))) for part in COMPONENTS]
        yield f"| {name} ({len(chosen)}) | {' | '.join(f'{a:.1%}' for a in (*asked, fmean(asked)))} |"


def _below(told: Points) -> float:
    return float((told.sure < THRESHOLD).sum()) / max(1, len(told.sure))


def picture(plans: Sequence[Judged], path: Path) -> None:
    """Draw reliability beside coverage. Needs matplotlib; the same bytes each time."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    from autograders.figures import LIGHT, SETTINGS

    settings: Any = SETTINGS
    with mpl.rc_context(settings):
        figure = Figure(figsize=(9.2, 4.2), layout="constrained", facecolor="white")
        left, right = figure.subplots(1, 2)
        both = points(plans, "both")
        left.plot([0, 1], [0, 1], color=LIGHT.quiet, linewidth=1, linestyle=(0, (4, 3)))
        left.text(0.70, 0.60, "as sure as right", color=LIGHT.quiet)
        told = bins(both)
        left.vlines([b.sure for b in told], [b.sure for b in told], [b.right for b in told], color=LIGHT.line)
        left.plot([b.sure for b in told], [b.right for b in told], color=LIGHT.accent, marker="o")
        for one in told:
            under = one.right < one.sure
            left.annotate(
                str(one.n), (one.sure, one.right), xytext=(0, -13 if under else 8),
                textcoords="offset points", ha="center", color=LIGHT.ink, fontsize=8,
            )  # fmt: skip
        left.axvline(THRESHOLD, color=LIGHT.second, linewidth=1.2, linestyle=":")
        left.text(THRESHOLD - 0.015, 0.03, "to a person", color=LIGHT.second, ha="right")
        left.set(xlim=(0, 1), ylim=(0, 1.03), xlabel="confidence of the judge")
        left.set_ylabel("share of levels that raters gave too")
        left.set_title("How right it is where it is so sure (figures: levels)", fontsize=10, loc="left")
        shares = np.arange(0.7, 1.0001, 0.01)
        new = points([plan for plan in plans if plan.case.author not in STEERED_BY], "both")
        styles = (
            ("all authors", both, LIGHT.accent, "-", 8),
            ("authors new to the rules", new, LIGHT.second, "--", -16),
        )
        for name, own, colour, style, beside in styles:
            kept = [agreement(own.where(own.sure >= at_coverage(own, share)))[0] for share in shares]
            right.plot(100 * shares, kept, color=colour, linestyle=style)
            right.annotate(
                name, (86, kept[16]), xytext=(8 if beside > 0 else -14, beside), textcoords="offset points",
                ha="left" if beside > 0 else "right", color=colour,
            )  # fmt: skip
        right.axvline(85, color=LIGHT.quiet, linewidth=1, linestyle=":")
        right.set(xlim=(70, 100), xlabel="kept by the judge, in % of the levels")
        right.set_ylabel("QWK of what is kept, all components in one")
        right.text(84.7, right.get_ylim()[0] + 0.002, "the least: 85 %", color=LIGHT.quiet, ha="right")
        right.set_title(
            "What is kept agrees more (dashed: authors new to the rules)", fontsize=10, loc="left"
        )
        figure.savefig(path, metadata={"Date": None, "Creator": None} if path.suffix == ".svg" else None)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables, and draw them where it is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--picture", type=Path, help="a file for the picture, .svg or .png")
    add_kept(parser)
    options = parser.parse_args(arguments)
    plans = [plan for plan in judged(options.kept)[0] if plan.case.author != BANK]
    print(*lines(plans), sep="\n")
    if options.picture:
        picture(plans, options.picture)


if __name__ == "__main__":
    main()
