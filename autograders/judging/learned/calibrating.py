"""From likelihoods to what is said: from where a flag is given, and how sure a level is.

For `training`. Likelihoods come from weights that have nothing of the plan's author. Refuses to know plans.
"""

import numpy as np
from numpy.typing import NDArray

from autograders.judging.learned.labels import OUTCOMES
from autograders.judging.learned.logistic import fitted
from autograders.judging.verdict import COMPONENTS
from autograders.rubric import FLAGS, GATES

Floats = NDArray[np.float32]
AT = {outcome: index for index, outcome in enumerate(OUTCOMES)}
FROM = np.arange(0.15, 0.75, 0.05)
USUAL, A_STEP = 0.3, 0.005
"""A flag is given from here, unless its plans show a better place: each step away must gain so much F1."""
GATED_FROM = 0.5
"""A flag that takes away every level asks for more."""


def flag_from(told: Floats, truth: Floats) -> Floats:
    """Return for each flag from which likelihood it is given (FLAGS): where F1 is best, near the usual."""
    chosen = []
    for flag in FLAGS:
        likely, is_so = told[:, AT[flag, 1]], truth[:, AT[flag, 1]] >= 0.5
        worth = [_f1(likely >= start, is_so) - A_STEP * abs(start - USUAL) / 0.05 for start in FROM]
        best = float(FROM[int(np.argmax(worth))])
        chosen.append(max(best, GATED_FROM) if flag in GATES else best)
    return np.asarray(chosen, dtype=np.float32)


def _f1(given: NDArray[np.bool_], is_so: NDArray[np.bool_]) -> float:
    return 2 * float((given & is_so).sum()) / max(1.0, float(given.sum() + is_so.sum()))


def sureness(told: Floats, truth: Floats) -> Floats:
    """Return (slope, offset) that turn the log-odds of a told level into those of being right (Platt)."""
    odds, right = [], []
    for name in COMPONENTS:
        one, two = told[:, AT[name, 1]], np.minimum(told[:, AT[name, 1]], told[:, AT[name, 2]])
        level = (one + two + 0.5).astype(int)
        likely = np.clip(np.choose(level, [1 - one, one - two, two]), 1e-4, 1 - 1e-4)
        truly = [
            1 - truth[:, AT[name, 1]],
            truth[:, AT[name, 1]] - truth[:, AT[name, 2]],
            truth[:, AT[name, 2]],
        ]
        odds.append(np.log(likely / (1 - likely)))
        right.append(np.choose(level, truly))
    weights, base = fitted(
        np.concatenate(odds)[:, None].astype(np.float32),
        np.concatenate(right)[:, None].astype(np.float32),
        1.0,
    )
    return np.asarray([weights[0, 0], base[0]], dtype=np.float32)
