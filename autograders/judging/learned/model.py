"""Read a plan with the learned weights: how likely each level and flag is, which sentence shows what.

For the judge and for `comparing`. The weights are plain arrays beside this file, checked by their hash; a
file that does not match is refused. What the rules found is one of the things that are weighed. Refuses to
know words.
"""

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograders.judging.bind import Case, Tables
from autograders.judging.frames import Frames
from autograders.judging.learned.labels import LABELS, OUTCOMES
from autograders.judging.learned.logistic import sigmoid
from autograders.judging.learned.marks import Rows, ranges, rows
from autograders.judging.learned.summary import AT, measured, summary, whole
from autograders.judging.text import Text
from autograders.judging.verdict import COMPONENTS
from autograders.rubric import FLAGS

Floats = NDArray[np.float32]
HERE = Path(__file__).resolve().parent
WEIGHTS, RECORD = "weights.npz", "weights.json"


class Altered(ValueError):
    """The weights are not those that were made."""


@dataclass(frozen=True)
class Reading:
    """How likely a plan is at least at level 1 and 2 in each component, and each flag, 0-1; the flags that
    are given; what each sentence shows, (sentences, LABELS), 0-1, in the order of `marks.ranges`; and how the
    plan reads without one of them."""

    at_least: Mapping[str, tuple[float, float]]
    flags: Mapping[str, float]
    given: frozenset[str]
    shown: Floats
    sure: tuple[float, float] = (1.0, 0.0)
    without: Callable[[int], "Reading"] | None = None

    def expected(self, component: str) -> float:
        """Return the expected level, 0-2."""
        return sum(self.at_least[component])

    def likely(self, component: str, level: int) -> float:
        """Return how likely raters give a level, 0-1, calibrated (docs/judge.md)."""
        one, two = self.at_least[component]
        plain = min(max((1 - one, one - two, two)[level], 1e-4), 1 - 1e-4)
        slope, offset = self.sure
        return 1 / (1 + float(np.exp(-(slope * np.log(plain / (1 - plain)) + offset))))

    def likely_in(self, sentence: int, label: str) -> float:
        """Return how clearly one sentence shows a label, 0-1."""
        return float(self.shown[sentence, AT[label]])

    def most_telling(self, asked: Callable[["Reading"], float]) -> int:
        """Return the sentence or stretch without which the plan would have least of what is asked."""
        if self.without is None or len(self.shown) < 2:
            return 0
        left = [asked(self.without(number)) for number in range(len(self.shown))]
        return left.index(min(left))

    def best(self, label: str) -> tuple[int, float]:
        """Return the sentence that shows a label most clearly, and how clearly."""
        column = self.shown[:, AT[label]]
        return int(column.argmax()), float(column.max())


@dataclass(frozen=True)
class Model:
    """Weights: of marks (WIDTH, labels) as small integers with a scale a label; of what is known of a whole
    plan; `names` of the rules' findings, `flag_from` (FLAGS) and `sure` (slope, offset) of confidence."""

    marks: NDArray[np.int8]
    scale: Floats
    offset: Floats
    middle: Floats
    weights: Floats
    base: Floats
    names: NDArray[np.str_]
    flag_from: Floats
    sure: Floats

    @cached_property
    def findings(self) -> tuple[str, ...]:
        """The rules' behaviours and flags that are weighed, in the order of the weights."""
        return tuple(self.names.tolist())

    def shown(self, sentences: Rows) -> Floats:
        """Return what each sentence shows: (sentences, labels), 0-1."""
        if not len(sentences.marks):
            return np.zeros((1, len(LABELS)), dtype=np.float32)
        parts = self.marks.take(sentences.marks, axis=0) * sentences.values[:, None]
        sums = np.add.reduceat(parts, sentences.starts[:-1], axis=0)
        return sigmoid(np.asarray(sums * self.scale + self.offset, dtype=np.float32))

    def read(self, text: Text, seen: Frames, case: Case, known: Tables, ruled: Floats) -> Reading:
        """Read a plan; `ruled` is what `findings.numbers` says of it."""
        shown, size = self.shown(rows(text, seen, case)), measured(text, case, known)

        def judged(some: Floats) -> Reading:
            return self.judged(some, whole(summary(some, case.simple, size), ruled))

        places = ranges(text)

        def without(number: int) -> Reading:
            first, last = places[number]
            left = shown[[end <= first or last <= start for start, end in places]]
            return judged(left if len(left) else np.zeros((1, len(LABELS)), dtype=np.float32))

        return replace(judged(shown), without=without)

    def judged(self, shown: Floats, numbers: Floats) -> Reading:
        """Return what the numbers of a plan say."""
        likely = sigmoid(np.asarray((numbers - self.middle) @ self.weights + self.base, dtype=np.float32))
        told = dict(zip(OUTCOMES, likely.tolist(), strict=True))
        steps = {name: (told[name, 1], min(told[name, 1], told[name, 2])) for name in COMPONENTS}
        flags = {flag: told[flag, 1] for flag in FLAGS}
        given = frozenset(
            f for f, least in zip(FLAGS, self.flag_from.tolist(), strict=True) if flags[f] >= least
        )
        slope, offset = self.sure.tolist()
        return Reading(steps, flags, given, shown, (slope, offset))

    def as_bytes(self) -> bytes:
        """Return the weights as an .npz file."""
        out = io.BytesIO()
        np.savez_compressed(out, **{name: getattr(self, name) for name in self.__dataclass_fields__})
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
    return model_of((HERE / WEIGHTS).read_bytes(), record()["sha256"])


def record() -> dict[str, Any]:
    """Return what is written of the weights: their hash, and that of the data and settings behind them."""
    found: dict[str, Any] = json.loads((HERE / RECORD).read_text(encoding="utf-8"))
    return found
