"""Turn what the rules found in a plan into numbers, for the model's second step.

For `training` and `model`. Refuses to know what the numbers are worth.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from autograders.judging.behaviours import Findings, Hit
from autograders.judging.verdict import COMPONENTS
from autograders.rubric import FLAGS

Floats = NDArray[np.float32]


def numbers(
    names: Sequence[str], levels: Mapping[str, int], flags: Mapping[str, tuple[Hit, ...]], findings: Findings
) -> Floats:
    """Return the rules' levels, flags and how often each behaviour counts or was set aside (0, ½, 1).

    `names`: the rubric's behaviours and flags, in the order of the weights; what a rubric lacks is 0.
    """
    found, aside = findings.found, findings.aside
    return np.asarray(
        [
            *(levels.get(name, 0) >= step for name in COMPONENTS for step in (1, 2)),
            *(flag in flags for flag in FLAGS),
            *(min(2, len(found[name])) / 2 if name in found else 0 for name in names),
            *(min(2, len(aside[name])) / 2 if name in aside else 0 for name in names),
        ],
        dtype=np.float32,
    )
