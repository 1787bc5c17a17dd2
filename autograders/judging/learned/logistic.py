"""Fit many logistic regressions at once, with a squared penalty.

For `training`. Works in the space of the rows (their table of inner products), where the curvature is bounded
coordinate by coordinate, so that accelerated steps need no line search (Böhning, Ann. Inst. Stat. Math. 44,
1992; Nesterov 1983). The same input gives the same output. Refuses to know what the columns mean.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
STEPS = 120


def sigmoid(x: Floats) -> Floats:
    """Return 1 / (1 + exp(-x)), without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * x)), dtype=np.float32)


def weights_of_rows(products: NDArray[np.float64], truth: Floats, penalty: float) -> Floats:
    """Return how much each row counts in each regression: (n, n) inner products, (n, k) truths to (n, k).

    The weights of the columns are rows' · this. A constant column must be among the columns for an offset.
    """
    size, turn = np.linalg.eigh(products)
    kept = size > 1e-7 * size[-1]
    size, turn = size[kept], turn[:, kept]
    z = np.asarray(turn * np.sqrt(size), dtype=np.float32)
    step = np.asarray(1 / (0.25 * size + penalty), dtype=np.float32)[:, None]
    at = ahead = np.zeros((z.shape[1], truth.shape[1]), dtype=np.float32)
    pace = 1.0
    for _ in range(STEPS):
        wrong = sigmoid(z @ ahead) - truth
        stepped = ahead - step * (z.T @ wrong + np.float32(penalty) * ahead)
        next_pace = (1 + (1 + 4 * pace * pace) ** 0.5) / 2
        ahead = stepped + np.float32((pace - 1) / next_pace) * (stepped - at)
        at, pace = stepped, next_pace
    return np.asarray((turn / np.sqrt(size)) @ at, dtype=np.float32)


def fitted(x: Floats, truth: Floats, penalty: float, *, constant: float = 3.0) -> tuple[Floats, Floats]:
    """Fit on a table (n, d) of few rows; return weights (d, k), offsets (k,)."""
    full = np.concatenate([x, np.full((len(x), 1), constant, dtype=np.float32)], axis=1).astype(np.float64)
    rows = weights_of_rows(full @ full.T, truth, penalty)
    weights = np.asarray(full.T @ rows, dtype=np.float32)
    return weights[:-1], weights[-1] * np.float32(constant)
