"""Learn marks from words and pairs of words, in cross-validation: how far a bag of words can come.

For `outside_data`. Logistic regression with a squared penalty, both answers of a mark weighted alike, by
accelerated gradient steps; the same input gives the same output. Refuses to know the judge.
"""

import zlib
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from autograders.judging.learned.logistic import sigmoid
from autograders.judging.text import read

Floats = NDArray[np.float32]
WIDTH = 1 << 16
PENALTY = 1e-4
STEPS = 150
FOLDS = 5


class Bags:
    """Rows of hashed words and pairs, each of length one, with a constant."""

    def __init__(self, texts: Sequence[str]) -> None:
        bags = [_marks(text) for text in texts]
        self.starts = np.cumsum([0, *(len(bag) for bag in bags)])
        used, self.marks = np.unique(np.concatenate(bags), return_inverse=True)
        self.width = len(used)
        self.owner = np.repeat(np.arange(len(bags)), [len(bag) for bag in bags])
        self.values = np.concatenate([np.full(len(b), len(b) ** -0.5, dtype=np.float32) for b in bags])

    def times(self, weights: Floats) -> Floats:
        """Return rows · weights: (width, k) to (n, k)."""
        parts = weights[self.marks] * self.values[:, None]
        return np.asarray(np.add.reduceat(parts, self.starts[:-1], axis=0), dtype=np.float32)

    def back(self, rows: Floats) -> Floats:
        """Return rows' · something: (n, k) to (width, k)."""
        columns = [
            np.bincount(self.marks, weights=self.values * rows[self.owner, k], minlength=self.width)
            for k in range(rows.shape[1])
        ]
        return np.asarray(np.stack(columns, axis=1), dtype=np.float32)


def cross_predicted(texts: Sequence[str], truth: NDArray[np.bool_], groups: NDArray[np.intp]) -> Floats:
    """Return how likely each mark is, (n, k), by weights that saw nothing of the text's group."""
    bags = Bags(texts)
    told = np.zeros(truth.shape, dtype=np.float32)
    for fold in range(FOLDS):
        out = groups % FOLDS == fold
        if out.any() and not out.all():
            told[out] = sigmoid(bags.times(_fitted(bags, truth, ~out)))[out]
    return told


def _fitted(bags: Bags, truth: NDArray[np.bool_], chosen: NDArray[np.bool_]) -> Floats:
    yes = truth.astype(np.float32)
    share = np.clip(yes[chosen].mean(axis=0), 1e-3, 1 - 1e-3)
    balanced = np.where(truth, 0.5 / share, 0.5 / (1 - share)) * chosen[:, None] / chosen.sum()
    weight: Floats = balanced.astype(np.float32)
    step = np.float32(1 / (0.25 * _steepest(bags, weight) + PENALTY))
    at: Floats = np.zeros((bags.width, truth.shape[1]), dtype=np.float32)
    ahead = at
    pace = 1.0
    for _ in range(STEPS):
        wrong = weight * (sigmoid(bags.times(ahead)) - yes)
        slope = bags.back(wrong) + np.float32(PENALTY) * ahead
        stepped: Floats = np.asarray(ahead - step * slope, dtype=np.float32)
        next_pace = (1 + (1 + 4 * pace * pace) ** 0.5) / 2
        ahead = np.asarray(stepped + (pace - 1) / next_pace * (stepped - at), dtype=np.float32)
        at, pace = stepped, next_pace
    return at


def _steepest(bags: Bags, weight: Floats) -> float:
    """Return a bound of the largest curvature: powers of the weighted inner products, a margin added."""
    heavy = weight.max(axis=1, keepdims=True)
    v: Floats = np.ones((bags.width, 1), dtype=np.float32)
    size = 1.0
    for _ in range(20):
        v = bags.back(heavy * bags.times(v / np.linalg.norm(v)))
        size = float(np.linalg.norm(v))
    return 1.1 * size


def _marks(text: str) -> NDArray[np.intp]:
    words = ("^", *read(text).words, "$")
    pairs = (f"{a} {b}" for a, b in pairwise(words))
    return np.array(
        sorted({zlib.crc32(mark.encode()) & (WIDTH - 1) for mark in (*words, *pairs)}), dtype=np.intp
    )
