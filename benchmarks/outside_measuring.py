"""Compare yes-or-no answers and levels with what people marked, with intervals over whole conversations.

For `outside_data`. Pure: arrays in, frozen values out. Refuses to know texts.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autograders.agreement import Interval, weighted_kappa

Numbers = NDArray[np.float64]
RESAMPLES = 1000


@dataclass(frozen=True)
class Scores:
    """How well yes-or-no answers fit: of "yes" its precision and recall; F1 as the mean of yes and no."""

    precision: Interval
    recall: Interval
    macro_f1: Interval


def scores(truth: NDArray[np.bool_], said: NDArray[np.bool_], groups: NDArray[np.intp]) -> Scores:
    """Return the scores of n answers; groups number the conversations, which are drawn whole."""
    cells = _summed(truth * 2 + said, groups, 4)
    return Scores(*(_interval(cells, of) for of in (_precision, _recall, _macro_f1)))


def kappa_of_levels(
    truth: NDArray[np.intp], said: NDArray[np.intp], groups: NDArray[np.intp], *, levels: int = 3
) -> Interval:
    """Return quadratic weighted kappa of n levels; groups number the conversations."""
    cells = _summed(said * levels + truth, groups, levels * levels)
    return _interval(cells, lambda c: weighted_kappa(c.reshape(*c.shape[:-1], levels, levels)))


def area_under(truth: NDArray[np.bool_], likely: NDArray[np.floating]) -> float:
    """Return how often a yes stands before a no, ties as halves: the area under the ROC curve."""
    _, place, often = np.unique(likely, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(often) - (often - 1) / 2)[place]
    yes, no = int(truth.sum()), int((~truth).sum())
    return float((ranks[truth].sum() - yes * (yes + 1) / 2) / (yes * no)) if yes and no else float("nan")


def _summed(cell: NDArray[np.intp], groups: NDArray[np.intp], cells: int) -> Numbers:
    """Count the cells of each group: (groups, cells)."""
    keyed = groups * cells + cell
    return np.bincount(keyed, minlength=(int(groups.max()) + 1) * cells).reshape(-1, cells).astype(np.float64)


def _interval(counts: Numbers, of: Callable[[Numbers], Numbers]) -> Interval:
    rng = np.random.default_rng(0)
    value = float(of(counts.sum(axis=0)))
    drawn = np.stack(
        [counts[rng.integers(0, len(counts), len(counts))].sum(axis=0) for _ in range(RESAMPLES)]
    )
    spread = of(drawn)
    spread = spread[~np.isnan(spread)]
    if np.isnan(value) or not spread.size:
        return Interval(value, float("nan"), float("nan"))
    low, high = np.percentile(spread, [2.5, 97.5])
    return Interval(value, float(low), float(high))


def _share(part: Numbers, whole: Numbers) -> Numbers:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(whole > 0, part / whole, np.nan), dtype=np.float64)


def _precision(cells: Numbers) -> Numbers:
    return _share(cells[..., 3], cells[..., 3] + cells[..., 1])


def _recall(cells: Numbers) -> Numbers:
    return _share(cells[..., 3], cells[..., 3] + cells[..., 2])


def _macro_f1(cells: Numbers) -> Numbers:
    wrong = cells[..., 1] + cells[..., 2]
    halves = [_share(2 * cells[..., at], 2 * cells[..., at] + wrong) for at in (0, 3)]
    return np.asarray(np.mean(np.nan_to_num(halves), axis=0), dtype=np.float64)
