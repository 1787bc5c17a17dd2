"""Read a plan with the learned weights: how likely each level and each flag is.

For the judge and for `comparing`. The weights are plain arrays beside this file, checked by their hash; a
file that does not match is refused. Refuses to know the rules' verdict.
"""

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograders.judging.bind import Case, Tables
from autograders.judging.frames import Frames
from autograders.judging.learned.labels import LABELS, OUTCOMES
from autograders.judging.learned.logistic import sigmoid
from autograders.judging.learned.marks import Rows, rows
from autograders.judging.learned.summary import measured, summary
from autograders.judging.text import Text
from autograders.judging.verdict import COMPONENTS
from autograders.rubric import FLAGS

Floats = NDArray[np.float32]
WEIGHTS, RECORD = "weights.npz", "weights.json"


class Altered(ValueError):
    """The weights are not those that were made."""


@dataclass(frozen=True)
class Reading:
    """How likely a plan is at least at level 1 and 2 in each component, and each flag, 0-1."""

    at_least: Mapping[str, tuple[float, float]]
    flags: Mapping[str, float]

    def expected(self, component: str) -> float:
        """Return the expected level, 0-2."""
        return sum(self.at_least[component])

    def level(self, component: str) -> int:
        """Return the most likely level's rank: how many of the two steps are more likely than not."""
        return sum(step > 0.5 for step in self.at_least[component])


@dataclass(frozen=True)
class Model:
    """Weights: of marks (WIDTH, labels) as small integers with a scale a label, and of summaries."""

    marks: NDArray[np.int8]
    scale: Floats
    offset: Floats
    middle: Floats
    weights: Floats
    base: Floats

    def shown(self, sentences: Rows) -> Floats:
        """Return what each sentence shows: (sentences, labels), 0-1."""
        if not len(sentences.marks):
            return np.zeros((1, len(LABELS)), dtype=np.float32)
        parts = self.marks[sentences.marks] * sentences.values[:, None]
        sums = np.add.reduceat(parts, sentences.starts[:-1], axis=0)
        return sigmoid(np.asarray(sums * self.scale + self.offset, dtype=np.float32))

    def read(self, text: Text, seen: Frames, case: Case, known: Tables) -> Reading:
        """Read a plan."""
        if not text.words:
            return Reading(dict.fromkeys(COMPONENTS, (0.0, 0.0)), dict.fromkeys(FLAGS, 0.0))
        shown = self.shown(rows(text, seen, case, known))
        return self.judged(summary(shown, case.simple, measured(text, case, known)))

    def judged(self, numbers: Floats) -> Reading:
        """Return what the numbers of a plan say."""
        likely = sigmoid(np.asarray((numbers - self.middle) @ self.weights + self.base, dtype=np.float32))
        told = {outcome: float(p) for outcome, p in zip(OUTCOMES, likely, strict=True)}
        steps = {name: (told[name, 1], min(told[name, 1], told[name, 2])) for name in COMPONENTS}
        return Reading(steps, {flag: told[flag, 1] for flag in FLAGS})

    def as_bytes(self) -> bytes:
        """Return the weights as an .npz file."""
        out = io.BytesIO()
        np.savez_compressed(out, **vars(self))
        return out.getvalue()


def model_of(stored: bytes, sha256: str) -> Model:
    """Read weights; raise Altered where the bytes are not those of the hash."""
    if hashlib.sha256(stored).hexdigest() != sha256:
        raise Altered(
            f"{WEIGHTS} does not match {RECORD}; run python -m autograders.judging.learned.training"
        )
    with np.load(io.BytesIO(stored), allow_pickle=False) as arrays:
        return Model(**{name: arrays[name] for name in Model.__dataclass_fields__})


@cache
def model() -> Model:
    """Return the model that the project carries."""
    folder = files("autograders.judging.learned")
    return model_of((folder / WEIGHTS).read_bytes(), record()["sha256"])


def record() -> dict[str, Any]:
    """Return what is written of the weights: their hash, and that of the data and settings behind them."""
    found: dict[str, Any] = json.loads(
        (files("autograders.judging.learned") / RECORD).read_text(encoding="utf-8")
    )
    return found
