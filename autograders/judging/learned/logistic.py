"""Fit many logistic regressions at once, with a squared penalty.

For `training`. The curvature is bounded direction by direction, so that accelerated steps need no line search
(Böhning, Ann. Inst. Stat. Math. 44, 1992; Nesterov 1983). Rows of more columns than rows are fitted in their
own space (their table of inner products). The same input gives the same output. Refuses to know what the
columns mean.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
STEPS = 60
LARGEST = 256
"""Of how many directions the curvature is known one by one; three quarters of them are trusted."""


def sigmoid(x: Floats) -> Floats:
    """Return 1 / (1 + exp(-x)), without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * x)), dtype=np.float32)


def weights_of_rows(products: Floats, truth: Floats, penalty: float) -> Floats:
    """Return how much each row counts in each regression: (n, n) inner products, (n, k) truths to (n, k).

    The weights of the columns are rows' · this. A constant column must be among the columns for an offset.
    """
    size, turn, rest = _largest(products)
    usual = 1 / (0.25 * rest + penalty)
    beyond = np.asarray(1 / (0.25 * size + penalty) - usual, dtype=np.float32)[:, None]

    def moved(ahead: Floats) -> Floats:
        wrong = sigmoid(products @ ahead) - truth + np.float32(penalty) * ahead
        return np.asarray(
            ahead - np.float32(usual) * wrong - turn @ (beyond * (turn.T @ wrong)), dtype=np.float32
        )

    return _accelerated(moved, np.zeros_like(truth))


def _largest(products: Floats) -> tuple[Floats, Floats, float]:
    """Return the largest eigenvalues (r), their vectors (n, r), and a bound on all others.

    By subspace iteration from a fixed start (Halko, Martinsson & Tropp, SIAM Review 53, 2011).
    """
    n = len(products)
    if n <= 2 * LARGEST:
        values, vectors = np.linalg.eigh(products.astype(np.float64))
        return np.asarray(np.maximum(values, 0), np.float32), np.asarray(vectors, np.float32), 0.0
    span = np.random.default_rng(0).standard_normal((n, LARGEST)).astype(np.float32)
    for _ in range(6):
        span = np.linalg.qr(products @ span)[0]
    values, mix = np.linalg.eigh((span.T @ (products @ span)).astype(np.float64))
    kept = slice(LARGEST // 4, None)
    turn = (span @ np.asarray(mix, dtype=np.float32))[:, kept]
    return np.asarray(values[kept], dtype=np.float32), turn, 1.2 * float(values[LARGEST // 4])


def fitted(x: Floats, truth: Floats, penalty: float, *, constant: float = 3.0) -> tuple[Floats, Floats]:
    """Fit on a table (n, d) of few columns; return weights (d, k), offsets (k,)."""
    full = np.concatenate([x, np.full((len(x), 1), constant, dtype=np.float32)], axis=1)
    curvature = 0.25 * (full.T @ full).astype(np.float64) + penalty * np.eye(full.shape[1])
    within = np.asarray(np.linalg.inv(curvature), dtype=np.float32)

    def moved(ahead: Floats) -> Floats:
        wrong = full.T @ (sigmoid(full @ ahead) - truth) + np.float32(penalty) * ahead
        return np.asarray(ahead - within @ wrong, dtype=np.float32)

    weights = _accelerated(moved, np.zeros((full.shape[1], truth.shape[1]), dtype=np.float32))
    return weights[:-1], weights[-1] * np.float32(constant)


def _accelerated(moved: Callable[[Floats], Floats], at: Floats) -> Floats:
    """Return where repeated moves lead, each begun a little further on than the last one ended."""
    ahead, pace = at, 1.0
    for _ in range(STEPS):
        stepped = moved(ahead)
        next_pace = (1 + (1 + 4 * pace * pace) ** 0.5) / 2
        ahead = np.asarray(stepped + np.float32((pace - 1) / next_pace) * (stepped - at), dtype=np.float32)
        at, pace = stepped, next_pace
    return at
