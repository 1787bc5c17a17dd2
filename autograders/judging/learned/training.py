"""Make the weights of the learned model from the training bank.

    python -m autograders.judging.learned.training [--check]

For whoever changes the bank. One command, the same weights from the same data; `--check` makes them again
and says whether they are those that the project carries. Trains on the complaints of the split `train`
only. Refuses to know the rules' verdicts.
"""

import argparse
import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autograders.judging.bind import case, tables
from autograders.judging.frames import frames
from autograders.judging.learned.labels import LABELS, OUTCOMES
from autograders.judging.learned.logistic import fitted, weights_of_rows
from autograders.judging.learned.marks import WIDTH, Rows, joined, rows
from autograders.judging.learned.model import RECORD, WEIGHTS, Model, model, record
from autograders.judging.learned.summary import measured, summary
from autograders.judging.text import read
from autograders.rated import RatedPlan
from autograders.rubric import rubric
from autograders.training_bank import TrainingBank, training_bank
from course.engine.content import Complaint

Floats = NDArray[np.float32]
SETTINGS = {"sentence penalty": 0.02, "plan penalty": 1.0, "constant": 2.0, "folds": 5}
CODE = ("labels.py", "logistic.py", "marks.py", "summary.py", "training.py")
STEPS_APART = 2
"""How far a weight may lie from the carried one, in its small integers: sums differ by processor."""


@dataclass(frozen=True)
class Read:
    """A plan made ready: its rows, what `measured` says, what it truly is."""

    scenario: str
    sentences: Rows
    simple: bool
    size: tuple[float, ...]
    truth: Floats


@dataclass(frozen=True)
class Material:
    """Everything that is learned from, as numbers: the sentences with their products, and the plans."""

    sentences: Rows
    products: NDArray[np.float64]
    truth: Floats
    about: tuple[str | None, ...]
    plans: tuple[Read, ...]


def material(bank: TrainingBank, split: Collection[str] = ("train",)) -> Material:
    """Make the sentences and plans of some splits ready."""
    known = tables(rubric())
    chosen = [s for s in bank.sentences if bank.split(s.scenario, s.author) in split]
    made = []
    for sentence in chosen:
        text, about = read(sentence.text), case(bank.complaint(sentence.scenario), rubric())
        made.append(rows(text, frames(text), about, known, whole=True))
    truth = [[label in (*s.shows, *s.flags) for label in LABELS] for s in chosen]
    sentences = joined(made)
    plans = [
        ready(plan.as_rated(), bank.complaint(plan.scenario))
        for plan in bank.plans
        if bank.complaints[plan.scenario].split in split
    ]
    return Material(
        sentences,
        _products(sentences),
        np.asarray(truth, dtype=np.float32),
        tuple(s.scenario for s in chosen),
        tuple(plans),
    )


def ready(plan: RatedPlan, complaint: Complaint) -> Read:
    """Make one plan ready; where the readings differ, the truth lies between them."""
    text, this, known = read(plan.plan), case(complaint, rubric()), tables(rubric())
    truth = [
        np.mean([r.levels[name] >= level if name in r.levels else name in r.flags for r in plan.ratings])
        for name, level in OUTCOMES
    ]
    return Read(
        plan.scenario,
        rows(text, frames(text), this, known),
        this.simple,
        measured(text, this, known),
        np.asarray(truth, dtype=np.float32),
    )


def _products(sentences: Rows) -> NDArray[np.float64]:
    """Return the inner products of the rows, a block of columns at a time, and the constant's share."""
    owner = np.repeat(np.arange(len(sentences)), np.diff(sentences.starts))
    total = np.full((len(sentences), len(sentences)), SETTINGS["constant"] ** 2, dtype=np.float64)
    often = np.bincount(sentences.marks, minlength=WIDTH)
    order = np.argsort(-often, kind="stable")
    place = np.empty(WIDTH, dtype=np.intp)
    place[order] = np.arange(WIDTH)
    columns = place[sentences.marks]
    block = 2048
    for first in range(0, int((often > 0).sum()), block):
        inside = (columns >= first) & (columns < first + block)
        table = np.zeros((len(sentences), block), dtype=np.float32)
        np.add.at(table, (owner[inside], columns[inside] - first), sentences.values[inside])
        total += table @ table.T
    return total


def _sentence_weights(from_: Material, chosen: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Fit on some sentences; return the weights of the marks (WIDTH, labels) and the offsets."""
    products = from_.products[np.ix_(chosen, chosen)]
    counts = weights_of_rows(products, from_.truth[chosen], SETTINGS["sentence penalty"])
    by_row = np.zeros((len(from_.sentences), len(LABELS)), dtype=np.float32)
    by_row[chosen] = counts
    owner = np.repeat(np.arange(len(from_.sentences)), np.diff(from_.sentences.starts))
    weights = np.empty((WIDTH, len(LABELS)), dtype=np.float32)
    for label in range(len(LABELS)):
        weights[:, label] = np.bincount(
            from_.sentences.marks, by_row[owner, label] * from_.sentences.values, minlength=WIDTH
        )
    return weights, np.asarray(counts.sum(axis=0) * SETTINGS["constant"] ** 2, dtype=np.float32)


def _small(weights: Floats) -> tuple[NDArray[np.int8], Floats]:
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-6) / 127
    return np.asarray(np.rint(weights / scale), dtype=np.int8), np.asarray(scale, dtype=np.float32)


def trained(from_: Material, *, without: Collection[str] = ()) -> Model:
    """Train on everything but some complaints."""
    usable, plans = _kept(from_, without)
    x = unseen_numbers(from_, without=without)
    return second_half(_first_half(from_, usable), x, np.stack([plan.truth for plan in plans]))


def unseen_numbers(from_: Material, *, without: Collection[str] = ()) -> Floats:
    """Return each plan's summary, its sentences read by models that did not see its complaint."""
    usable, plans = _kept(from_, without)
    about = np.array([name or "" for name in from_.about])
    numbers: dict[int, Floats] = {}
    for fold in folds_of(plans):
        half = _first_half(from_, usable[~np.isin(about[usable], fold)])
        for index, plan in enumerate(plans):
            if plan.scenario in fold:
                numbers[index] = summary(half.shown(plan.sentences), plan.simple, plan.size)
    return np.stack([numbers[index] for index in range(len(plans))])


def folds_of(plans: Sequence[Read]) -> list[list[str]]:
    """Return the complaints of some plans, dealt out."""
    complaints = sorted({plan.scenario for plan in plans})
    number = int(SETTINGS["folds"])
    return [complaints[i::number] for i in range(number)]


def _kept(from_: Material, without: Collection[str]) -> tuple[NDArray[np.intp], list[Read]]:
    about = np.array([name or "" for name in from_.about])
    usable = np.flatnonzero(~np.isin(about, list(without)))
    return usable, [plan for plan in from_.plans if plan.scenario not in without]


def _first_half(from_: Material, chosen: NDArray[np.intp]) -> Model:
    weights, offset = _sentence_weights(from_, chosen)
    small, scale = _small(weights)
    none = np.zeros(0, dtype=np.float32)
    return Model(small, scale, offset, none, none, none)


def second_half(first: Model, x: Floats, truth: Floats) -> Model:
    """Fit the plans' weights: (plans, numbers), (plans, outcomes)."""
    middle = x.mean(axis=0)
    weights, base = fitted(x - middle, truth, SETTINGS["plan penalty"])
    return Model(first.marks, first.scale, first.offset, middle, weights, base)


def made_from(folder: Path) -> dict[str, str]:
    """Return the hashes of what the weights are made from: the data, and the code with its settings."""
    here = files("autograders.judging.learned")
    data = [(folder / f"{name}.jsonl").read_bytes() for name in ("complaints", "plans", "sentences")]
    code = [(here / name).read_bytes() for name in CODE]
    return {"data": _hash(data), "code": _hash(code)}


def _hash(parts: Sequence[bytes]) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()


def apart(one: Model, other: Model) -> float:
    """Return how far two models lie apart: the largest step of a mark's weight, in small integers."""
    return float(np.abs(one.marks.astype(np.int16) - other.marks.astype(np.int16)).max())


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the weights, or with --check compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="make the weights again and compare only")
    options = parser.parse_args(arguments)
    made = trained(material(training_bank()))
    told: Mapping[str, str] = made_from(Path(str(files("autograders") / "training")))
    if options.check:
        far = apart(made, model())
        same = far <= STEPS_APART and told == record()["from"]
        print(f"{'the same' if same else 'NOT the same'}: weights at most {far:.0f} steps of 127 apart")
        return 0 if same else 1
    folder = Path(str(files("autograders.judging.learned")))
    stored = made.as_bytes()
    (folder / WEIGHTS).write_bytes(stored)
    about = {"sha256": hashlib.sha256(stored).hexdigest(), "from": told, "settings": SETTINGS}
    (folder / RECORD).write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    print(f"{WEIGHTS}: {len(stored):,} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
