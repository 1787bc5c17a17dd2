"""Make the weights of the learned model from the training bank.

    python -m autograders.judging.learned.training [--check]

For whoever changes the bank or the rules. One command, the same weights from the same data; `--check` makes
them again and says whether they are those that the project carries.

Two steps. The first learns from labelled sentences what a sentence shows. The second learns from whole plans
what levels and flags follow from that and from what the rules found; each plan is read by a first step that
knows nothing of its author. So it learns how far to trust either.
"""

import argparse
import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autograders.judging.bind import case, tables
from autograders.judging.frames import frames
from autograders.judging.learned import findings
from autograders.judging.learned.calibrating import flag_from, sureness
from autograders.judging.learned.labels import LABELS, OUTCOMES
from autograders.judging.learned.logistic import fitted, sigmoid, weights_of_rows
from autograders.judging.learned.marks import WIDTH, Rows, joined, rows
from autograders.judging.learned.model import RECORD, WEIGHTS, Model, model, record
from autograders.judging.learned.summary import measured, summary, whole
from autograders.judging.ruling import by_rules
from autograders.judging.text import read
from autograders.rated import RatedPlan, rated_complaints, rated_plans
from autograders.rubric import SHIPPED, Rubric, load
from autograders.training_bank import TrainingBank, training_bank
from course.engine.content import Complaint

Floats = NDArray[np.float32]
SETTINGS = {"sentence penalty": 0.02, "plan penalty": 2.5, "constant": 2.0}
BANK = "bank"
"""The author's name of the rated bank's plans (autograders/bank)."""
MEASURING = {"comparing", "reliability", "left_out", "fairness", "measure", "sentences", "proof"}
"""Modules that look at the judge and have no part in it."""
STEPS_APART = 2
"""How far a weight may lie from the carried one, in its small integers: sums differ by processor."""


@dataclass(frozen=True)
class Read:
    """A plan made ready: its sentences' rows, what `measured` says, what the rules found, what it is."""

    author: str
    sentences: Rows
    simple: bool
    size: tuple[float, ...]
    ruled: Floats
    truth: Floats


@dataclass(frozen=True)
class Material:
    """Everything that is learned from, as numbers: the sentences with their products, and the plans."""

    sentences: Rows
    products: Floats
    truth: Floats
    authors: NDArray[np.str_]
    plans: tuple[Read, ...]
    names: tuple[str, ...]


def shipped() -> Rubric:
    """Return the rubric that the model learns with, whatever a course folder holds."""
    return load(SHIPPED / "heat-plan.yaml")


def material(bank: TrainingBank) -> Material:
    """Make a bank ready; where two readings differ, the truth lies between them."""
    rules = shipped()
    names = tuple(sorted(rules.programs))
    made = []
    for sentence in bank.sentences:
        text, about = read(sentence.text), case(bank.complaint(sentence.scenario), rules)
        made.append(rows(text, frames(text), about, whole=True))
    truth = [
        np.mean([[label in told for label in LABELS] for told in sentence.labels], axis=0)
        for sentence in bank.sentences
    ]
    sentences = joined(made)
    return Material(
        sentences,
        _products(sentences),
        np.asarray(truth, dtype=np.float32),
        np.array([s.author for s in bank.sentences]),
        (*_ready(bank, names),),
        names,
    )


def _ready(bank: TrainingBank, names: Sequence[str]) -> Iterator[Read]:
    for plan in bank.plans:
        yield ready(plan.as_rated(), bank.complaint(plan.scenario), plan.author, names)
    complaints = rated_complaints()
    for rated in rated_plans():
        yield ready(rated, complaints[rated.scenario], BANK, names)


def ready(plan: RatedPlan, complaint: Complaint, author: str, names: Sequence[str]) -> Read:
    """Make one plan ready."""
    rules = shipped()
    ruled = by_rules(plan.plan, complaint, rules)
    text, this, known = ruled.findings.text, case(complaint, rules), tables(rules)
    truth = [
        np.mean([r.levels[name] >= level if name in r.levels else name in r.flags for r in plan.ratings])
        for name, level in OUTCOMES
    ]
    return Read(
        author,
        rows(text, ruled.frames, this),
        this.simple,
        measured(text, this, known),
        findings.numbers(
            names, {name: level.level for name, level in ruled.levels.items()}, ruled.flags, ruled.findings
        ),
        np.asarray(truth, dtype=np.float32),
    )


def _products(sentences: Rows) -> Floats:
    """Return the inner products of the rows, a block of columns at a time, and the constant's share."""
    owner = np.repeat(np.arange(len(sentences)), np.diff(sentences.starts))
    total = np.full((len(sentences), len(sentences)), SETTINGS["constant"] ** 2, dtype=np.float32)
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
    """Train on everything but some authors."""
    plans, x = weighed(from_, without=without)
    truth = np.stack([plan.truth for plan in plans])
    made = second_half(first_half(from_, without), x, truth)
    told = _read_by_others(plans, x, truth)
    return replace(made, flag_from=flag_from(told, truth), sure=sureness(told, truth))


def weighed(from_: Material, *, without: Collection[str] = ()) -> tuple[list[Read], Floats]:
    """Return the plans that the second step learns from, and what is known of each, (plans, numbers): its
    sentences read by a first step that has nothing of its author."""
    plans = [plan for plan in from_.plans if plan.author not in without]
    readers = _readers(from_, without)
    x = [known_of(plan, readers.get(plan.author, readers[""]).shown(plan.sentences)) for plan in plans]
    return plans, np.stack(x)


def _readers(from_: Material, without: Collection[str]) -> dict[str, Model]:
    """Return for each author a first step that has nothing of theirs; "" for who wrote no sentences."""
    authors = sorted(set(from_.authors.tolist()) - set(without))
    return {author: first_half(from_, {*without, author}) for author in ("", *authors)}


def known_of(plan: Read, shown: Floats) -> Floats:
    """Return all that is known of a plan."""
    return whole(summary(shown, plan.simple, plan.size), plan.ruled)


def _read_by_others(plans: Sequence[Read], x: Floats, truth: Floats) -> Floats:
    """Return how likely outcomes are by weights that have nothing of the plan's author: (plans, outcomes)."""
    authors = np.array([plan.author for plan in plans])
    told = np.empty_like(truth)
    for author in sorted(set(authors)):
        out = authors == author
        middle, weights, base = _plan_weights(x[~out], truth[~out])
        told[out] = sigmoid(np.asarray((x[out] - middle) @ weights + base, dtype=np.float32))
    return told


def first_half(from_: Material, without: Collection[str] = ()) -> Model:
    """Fit the sentences' weights on everything but some authors."""
    weights, offset = _sentence_weights(from_, np.flatnonzero(~np.isin(from_.authors, sorted(without))))
    small, scale = _small(weights)
    none = np.zeros(0, dtype=np.float32)
    return Model(small, scale, offset, none, none, none, np.array(from_.names), none, none)


def second_half(first: Model, x: Floats, truth: Floats) -> Model:
    """Fit the plans' weights: (plans, numbers), (plans, outcomes)."""
    middle, weights, base = _plan_weights(x, truth)
    return replace(first, middle=middle, weights=weights, base=base)


def _plan_weights(x: Floats, truth: Floats) -> tuple[Floats, Floats, Floats]:
    middle = x.mean(axis=0)
    weights, base = fitted(x - middle, truth, SETTINGS["plan penalty"])
    return middle, weights, base


def made_from(folder: Path) -> dict[str, str]:
    """Return the hashes of what the weights are made from: the data, and the judge with its rubric."""
    here = Path(str(files("autograders")))
    data = [(folder / f"{name}.jsonl").read_bytes() for name in ("complaints", "plans", "sentences")]
    data += [path.read_bytes() for path in sorted((here / "bank").glob("*.jsonl"))]
    judge = sorted(path for path in (here / "judging").rglob("*.py") if path.stem not in MEASURING)
    code = [path.read_bytes() for path in judge]
    rules = [(here / "rubrics/heat-plan.yaml").read_bytes()]
    return {"data": _hash(data), "judge": _hash([*code, *rules])}


def _hash(parts: Iterable[bytes]) -> str:
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
