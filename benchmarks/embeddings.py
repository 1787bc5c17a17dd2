"""Compare sentence embeddings with the judge's hashed marks: what sentences show, and levels of plans.

    python -m benchmarks.embeddings [--encoder minilm|use]

For whoever asks whether an encoder earns its weight. Marks, embeddings and both are the first half of the
learned model in turn. Each author of the training bank is left out once and read by what the others taught;
differences to the marks are paired, whole complaints drawn. Refuses to know who wrote what.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autograders.agreement import confusion, weighted_kappa
from autograders.judging.bind import case
from autograders.judging.frames import frames
from autograders.judging.learned.labels import LABELS
from autograders.judging.learned.marks import rows
from autograders.judging.text import read
from autograders.judging.verdict import COMPONENTS
from autograders.rubric import rubric
from autograders.training_bank import TrainingBank, training_bank
from benchmarks.encoders import ENCODERS, Encoder, Missing
from benchmarks.first_halves import (
    KINDS,
    Texts,
    levels,
    sentences_of,
    shown,
    shown_by_others,
    texts_of,
    thresholds,
)

Numbers = NDArray[np.float64]
Answers = NDArray[np.bool_]
Levels = NDArray[np.intp]
FEWEST = 20
"""Positives that a label needs among the tested sentences to be counted."""
RESAMPLES = 500
RATERS = (0, -1)
HEADS = (
    "author left out", "first half", "sentences, macro-F1", "less marks", *COMPONENTS,
    "mean", "less marks", "mean with the rules", "less marks",
)  # fmt: skip
WEIGHTS = (0.5, 1.0, 2.0, 4.0, 8.0)


@dataclass(frozen=True)
class Told:
    """What one kind says of everything: labels of sentences, levels of plans without and with the rules."""

    labels: Answers
    alone: Levels
    ruled: Levels


def told(of: Texts, kind: str) -> Told:
    """Read every author by what the others taught."""
    seen = shown_by_others(of, of.products(*KINDS[kind]))
    labels = np.zeros(of.from_.truth.shape, dtype=np.bool_)
    given = np.zeros((2, len(of.plans), len(COMPONENTS)), dtype=np.intp)
    written_by = np.array([plan.author for plan in of.from_.plans])
    for author in sorted(set(of.authors)):
        own = np.flatnonzero(of.from_.authors == author)
        labels[own] = seen[own] >= thresholds(of, seen, author)
        for at, ruled in enumerate((False, True) if author in written_by else ()):
            given[at, written_by == author] = levels(of, seen, author, ruled=ruled)
    return Told(labels, *given)


def table(of: Texts, bank: TrainingBank) -> Iterator[str]:
    """Yield the lines: all authors, each left out, then one after the other."""
    kinds = {kind: told(of, kind) for kind in KINDS}
    about = np.array([sentence.scenario or sentence.author for sentence in bank.sentences])
    scenarios = np.array([plan.scenario for plan in of.plans])
    wrote = np.array([plan.author for plan in of.from_.plans])
    for author in ("", *sorted(set(of.authors))):
        asked = np.flatnonzero((of.from_.authors == author) | (author == ""))
        judged = np.flatnonzero((wrote == author) | (author == ""))
        for kind, said in kinds.items():
            cells = [author or "every author", kind]
            if (of.from_.truth[asked] > 0.5).sum(axis=0).max(initial=0) >= FEWEST:
                ours, theirs = (_labels(of, asked, one.labels, about) for one in (said, kinds["marks"]))
                cells += _values(ours, theirs, _f1, same=kind == "marks")
            else:
                cells += ["–", ""]
            for which in ("alone", "ruled") if len(judged) else ():
                ours = _tables(of, judged, getattr(said, which), scenarios)
                theirs = _tables(of, judged, getattr(kinds["marks"], which), scenarios)
                if which == "alone":
                    cells += [f"{value:.2f}" for value in weighted_kappa(ours.sum(axis=0))]
                cells += _values(ours, theirs, _mean_kappa, same=kind == "marks")
            cells += ["–"] * (len(HEADS) - len(cells))
            yield "| " + " | ".join(cells) + " |"


def _values(ours: Numbers, theirs: Numbers, of: Callable[[Numbers], float], *, same: bool) -> list[str]:
    """Return a value, and the 95 % bootstrap interval of its difference to the marks' one."""
    if same:
        return [f"{of(ours.sum(axis=0)):.3f}", ""]
    draws = np.random.default_rng(0).integers(0, len(ours), size=(RESAMPLES, len(ours)))
    apart = [of(ours[drawn].sum(axis=0)) - of(theirs[drawn].sum(axis=0)) for drawn in draws]
    low, high = np.percentile(apart, [2.5, 97.5])
    return [f"{of(ours.sum(axis=0)):.3f}", f"{low:+.3f} to {high:+.3f}"]


def _labels(of: Texts, asked: Levels, said: Answers, about: NDArray[np.str_]) -> Numbers:
    """Count hits, said and real of each label with enough positives: (complaints, 3, labels)."""
    truth, groups = of.from_.truth[asked] > 0.5, _numbered(about[asked])
    kept = truth.sum(axis=0) >= FEWEST
    parts = np.stack([truth & said[asked], said[asked], truth], axis=1)[:, :, kept].astype(np.float64)
    cells = np.zeros((int(groups.max()) + 1, 3, int(kept.sum())))
    np.add.at(cells, groups, parts)
    return cells


def _f1(cells: Numbers) -> float:
    return float((2 * cells[0] / np.maximum(1, cells[1] + cells[2])).mean())


def _tables(of: Texts, judged: Levels, given: Levels, scenarios: NDArray[np.str_]) -> Numbers:
    """Count levels against both readings: (complaints, components, 3, 3)."""
    groups = _numbered(scenarios[judged])
    counts = np.zeros((int(groups.max()) + 1, len(COMPONENTS), 3, 3))
    for group, at in zip(groups, judged, strict=True):
        ratings = of.plans[at].ratings
        for rater in RATERS:
            for part, name in enumerate(COMPONENTS):
                counts[group, part] += confusion([int(given[at, part])], [ratings[rater].levels[name]])
    return counts


def _mean_kappa(tables: Numbers) -> float:
    return float(np.nanmean(weighted_kappa(tables)))


def _numbered(names: NDArray[np.str_]) -> Levels:
    return np.asarray(np.unique(names, return_inverse=True)[1], dtype=np.intp)


def weighing(of: Texts) -> Iterator[str]:
    """Yield the labels' mean average precision among the first two authors, each by what the other taught.

    So the weight is chosen without all others.
    """
    first, rest = sorted(set(of.from_.authors))[:2], sorted(set(of.from_.authors))[2:]
    for marks, embeddings in ((1.0, 0.0), *((m, weight) for m in (0.0, 1.0) for weight in WEIGHTS)):
        products = of.products(marks, embeddings)
        seen = np.full(of.from_.truth.shape, np.nan, dtype=np.float32)
        for author in first:
            own = np.flatnonzero(of.from_.authors == author)
            seen[own] = shown(of, products, {*rest, author})[own]
        asked = np.flatnonzero(~np.isnan(seen[:, 0]))
        truth = of.from_.truth[asked] > 0.5
        precisions = [_average_precision(truth[:, k], seen[asked, k]) for k in range(len(LABELS))]
        yield f"marks x {marks:.0f}, embeddings x {embeddings:.1f}: {np.nanmean(precisions):.3f}"


def _average_precision(truth: Answers, likely: NDArray[np.float32]) -> float:
    real = truth[np.argsort(-likely, kind="stable")]
    if not real.any():
        return float("nan")
    return float((np.cumsum(real) / np.arange(1, len(real) + 1))[real].mean())


def pace(bank: TrainingBank, encoder: Encoder) -> tuple[float, float]:
    """Return how many plans a second are read and cut into marks, and how many become embeddings."""
    plans, law = bank.plans[:: max(1, len(bank.plans) // 200)], rubric()
    began = time.perf_counter()
    for plan in plans:
        text = read(plan.plan)
        rows(text, frames(text), case(bank.complaint(plan.scenario), law))
    between = time.perf_counter()
    for plan in plans:
        encoder.encode(sentences_of(plan.plan))
    return len(plans) / (between - began), len(plans) / (time.perf_counter() - between)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--encoder", choices=sorted(ENCODERS), default="minilm")
    parser.add_argument("--weigh", action="store_true", help="show how the embeddings' weight was chosen")
    options = parser.parse_args(arguments)
    began = time.perf_counter()
    try:
        encoder = ENCODERS[options.encoder]()
        encoder.encode(["The first sentence is part of loading."])
    except Missing as fault:
        print(fault, file=sys.stderr)
        return 1
    loading = time.perf_counter() - began
    bank = training_bank()
    marks, embeddings = pace(bank, encoder)
    print(
        f"{encoder.called}: {encoder.size / 1e6:.0f} MB, loaded in {loading:.1f} s; {embeddings:.0f} plans a "
        f"second by embeddings, {marks:.0f} by marks ({marks / embeddings:.0f} times as many)\n"
    )
    of = texts_of(bank, encoder.encode)
    if options.weigh:
        for line in weighing(of):
            print(line, flush=True)
        return 0
    print("| " + " | ".join(HEADS) + " |\n" + "|---" * len(HEADS) + "|")
    for line in table(of, bank):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
