"""Measure how well two readers of the same plans agree: levels by weighted kappa, flags by macro-F1.

For the report and for whoever changes the judge. Pure: lists in, frozen values out; chance comes in as a
seed. Refuses to know where the ratings come from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Levels = NDArray[np.intp]
Table = NDArray[np.intp]
RESAMPLES = 2000


@dataclass(frozen=True)
class Interval:
    """A value with its 95 % bootstrap interval; NaN where the data say nothing."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        if np.isnan(self.value):
            return "–"
        value, low, high = (round(each, 2) + 0.0 for each in (self.value, self.low, self.high))  # no -0.00
        return f"{value:.2f} ({low:.2f} to {high:.2f})"


@dataclass(frozen=True)
class FlagScore:
    """How one flag fared: true positives, false positives and false negatives against the raters, and F1."""

    hits: int
    false_alarms: int
    missed: int

    @property
    def precision(self) -> float:
        """The share of the judge's flags that raters gave too; NaN where the judge gave none."""
        given = self.hits + self.false_alarms
        return self.hits / given if given else float("nan")

    @property
    def recall(self) -> float:
        """The share of the raters' flags that the judge gave too; NaN where they gave none."""
        wanted = self.hits + self.missed
        return self.hits / wanted if wanted else float("nan")

    @property
    def f1(self) -> float:
        """F1 = 2·hits / (2·hits + false alarms + missed); NaN where nobody gave the flag."""
        whole = 2 * self.hits + self.false_alarms + self.missed
        return 2 * self.hits / whole if whole else float("nan")


def confusion(first: Sequence[int], second: Sequence[int], *, levels: int = 3) -> Table:
    """Count pairs: entry (i, j) is how often `first` said i where `second` said j; shape (levels, levels)."""
    table = np.zeros((levels, levels), dtype=np.intp)
    np.add.at(table, (np.asarray(first, dtype=np.intp), np.asarray(second, dtype=np.intp)), 1)
    return table


def weighted_kappa(table: NDArray[np.generic]) -> NDArray[np.float64]:
    """Return quadratic weighted kappa of confusion tables, shape (…, k, k) to (…).

    kappa = 1 - sum(w·O) / sum(w·E), w = (i - j)² / (k - 1)², O the observed table, E the product of its
    margins over n (Cohen, Psychological Bulletin 70, 1968, 213-220). NaN where both always say the same one
    level: agreement by chance is then complete and kappa says nothing.
    """
    observed = np.asarray(table, dtype=np.float64)
    k = observed.shape[-1]
    weights = np.subtract.outer(np.arange(k), np.arange(k)) ** 2 / (k - 1) ** 2
    n = observed.sum(axis=(-2, -1))
    rows, columns = observed.sum(axis=-1), observed.sum(axis=-2)
    disagreement = (weights * observed).sum(axis=(-2, -1))
    by_chance = np.einsum("...i,ij,...j->...", rows, weights, columns)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(by_chance > 0, disagreement * n / by_chance, np.nan)
    return np.asarray(1.0 - ratio, dtype=np.float64)


def plain_kappa(table: NDArray[np.generic]) -> float:
    """Return unweighted kappa of a confusion table (Cohen, Educ. Psychol. Meas. 20, 1960, 37-46).

    A near miss counts as much as a far one. NaN where agreement by chance is complete, or nothing is there.
    """
    observed = np.asarray(table, dtype=np.float64)
    n = observed.sum()
    by_chance = (observed.sum(axis=1) @ observed.sum(axis=0)) / n**2 if n else 1.0
    return float((observed.trace() / n - by_chance) / (1 - by_chance)) if by_chance < 1 else float("nan")


def kappa(
    judge: Sequence[int],
    raters: Sequence[Sequence[int]],
    *,
    levels: int = 3,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> Interval:
    """Return the judge's mean weighted kappa with each rater, and its percentile bootstrap over plans.

    judge: n levels; raters: r sequences of n levels. Plans are drawn with replacement, all readings of a plan
    together (Efron & Tibshirani 1993, ch. 13). The same seed gives the same interval.
    """
    n = len(judge)
    if n == 0 or not raters:
        return Interval(float("nan"), float("nan"), float("nan"))
    value = float(np.mean([weighted_kappa(confusion(judge, rater, levels=levels)) for rater in raters]))
    draws = np.random.default_rng(seed).integers(0, n, size=(resamples, n))
    spread = np.mean([_resampled(judge, rater, draws, levels) for rater in raters], axis=0)
    spread = spread[~np.isnan(spread)]
    if np.isnan(value) or spread.size == 0:
        return Interval(value, float("nan"), float("nan"))
    low, high = np.percentile(spread, [2.5, 97.5])
    return Interval(value, float(low), float(high))


def _resampled(
    first: Sequence[int], second: Sequence[int], draws: Levels, levels: int
) -> NDArray[np.float64]:
    """Kappa of each resample: (resamples, n) plan numbers to (resamples,)."""
    cells = np.asarray(first, dtype=np.intp) * levels + np.asarray(second, dtype=np.intp)
    size = levels * levels
    keyed = cells[draws] + np.arange(len(draws))[:, None] * size
    tables = np.bincount(keyed.ravel(), minlength=len(draws) * size).reshape(len(draws), levels, levels)
    return weighted_kappa(tables)


def flag_scores(
    judge: Sequence[frozenset[str]], raters: Sequence[Sequence[frozenset[str]]], names: Sequence[str]
) -> dict[str, FlagScore]:
    """Count hits, false alarms and misses of each flag, summed over the raters."""

    def score(name: str) -> FlagScore:
        pairs = [
            (name in own, name in other) for rater in raters for own, other in zip(judge, rater, strict=True)
        ]
        return FlagScore(pairs.count((True, True)), pairs.count((True, False)), pairs.count((False, True)))

    return {name: score(name) for name in names}


def macro_f1(scores: Mapping[str, FlagScore]) -> float:
    """Return the mean F1 of the flags that somebody gave; NaN where nobody gave any."""
    known = [score.f1 for score in scores.values() if not np.isnan(score.f1)]
    return float(np.mean(known)) if known else float("nan")
