"""Learn what sentences show from marks, from embeddings or from both, and from that the levels of plans.

For `embeddings`. One way for all kinds: logistic regressions over inner products, so that kinds are added by
adding products. The second half is of the shipped kind: the same summary, the same regressions, each plan
read by a first half that has nothing of its author. Refuses to know how the texts became numbers.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autograders.judging.learned.labels import LABELS, OUTCOMES
from autograders.judging.learned.logistic import fitted, sigmoid, weights_of_rows
from autograders.judging.learned.marks import WIDTH, Rows, joined, ranges
from autograders.judging.learned.summary import summary
from autograders.judging.learned.training import SETTINGS, Material, known_of, material
from autograders.judging.text import read
from autograders.judging.verdict import COMPONENTS
from autograders.rated import RatedPlan, rated_plans
from autograders.training_bank import TrainingBank

Floats = NDArray[np.float32]
Chosen = NDArray[np.intp]
KINDS = {"marks": (1.0, 0.0), "embeddings": (0.0, 0.5), "both": (1.0, 1.0)}
"""How much the inner products of marks and of embeddings count in each kind: the marks as shipped, the
embeddings as `embeddings --weigh` found it best."""


@dataclass(frozen=True)
class Texts:
    """The bank as numbers: the sentences, then the plans' sentences, and the products of all with the first.

    `authors` are those of the texts; `where` says which texts are a plan's.
    """

    from_: Material
    plans: Sequence[RatedPlan]
    where: Sequence[range]
    authors: NDArray[np.str_]
    marks: Floats
    embeddings: Floats

    def products(self, marks: float, embeddings: float) -> Floats:
        """Return inner products of a kind, the constant's share among them."""
        constant = np.float32(SETTINGS["constant"] ** 2)
        return np.float32(marks) * self.marks + np.float32(embeddings) * self.embeddings + constant


def texts_of(bank: TrainingBank, encode: Callable[[Sequence[str]], Floats]) -> Texts:
    """Make all sentences and plans ready: the training bank's, and the plans of the rated bank."""
    from_ = material(bank)
    texts = [sentence.text for sentence in bank.sentences]
    number, where, authors = len(texts), [], [sentence.author for sentence in bank.sentences]
    plans = [*(plan.as_rated() for plan in bank.plans), *rated_plans()]
    for plan, as_read in zip(plans, from_.plans, strict=True):
        parts = sentences_of(plan.plan)
        if len(parts) != len(as_read.sentences):
            raise ValueError(f"{plan.id}: {len(parts)} sentences here, {len(as_read.sentences)} in the marks")
        where.append(range(len(texts), len(texts) + len(parts)))
        texts += parts
        authors += [as_read.author] * len(parts)
    vectors = encode(texts)
    return Texts(
        from_,
        plans,
        where,
        np.array(authors),
        cross_products(joined([from_.sentences, *(plan.sentences for plan in from_.plans)]), number),
        np.asarray(vectors @ vectors[:number].T, dtype=np.float32),
    )


def sentences_of(plan: str) -> list[str]:
    """Return the sentences of a plan as the marks cut it, in the learner's words."""
    text = read(plan)
    return [text.quoted(a, b)[2] for a, b in ranges(text)] if text.words else [plan]


def cross_products(all_rows: Rows, number: int) -> Floats:
    """Return the inner products of all rows with the first ones, a block of columns at a time."""
    owner = np.repeat(np.arange(len(all_rows)), np.diff(all_rows.starts))
    total: Floats = np.zeros((len(all_rows), number), dtype=np.float32)
    block = 2048
    for first in range(0, WIDTH, block):
        inside = (all_rows.marks >= first) & (all_rows.marks < first + block)
        table: Floats = np.zeros((len(all_rows), block), dtype=np.float32)
        np.add.at(table, (owner[inside], all_rows.marks[inside] - first), all_rows.values[inside])
        total += table @ table[:number].T
    return total


def shown(of: Texts, products: Floats, without: Collection[str]) -> Floats:
    """Return what every text shows, (texts, labels), as learned from other authors' sentences."""
    chosen = np.flatnonzero(~np.isin(of.from_.authors, sorted(without)))
    square = products[np.ix_(chosen, chosen)]
    counts = weights_of_rows(square, of.from_.truth[chosen], SETTINGS["sentence penalty"])
    return sigmoid(products[:, chosen] @ counts)


def shown_by_others(of: Texts, products: Floats) -> Floats:
    """Return what every text shows, (texts, labels), as learned from everybody but its own author."""
    told: Floats = np.zeros((len(of.authors), len(LABELS)), dtype=np.float32)
    for author in sorted(set(of.authors)):
        own = of.authors == author
        told[own] = shown(of, products, {author})[own]
    return told


def thresholds(of: Texts, seen: Floats, without: str) -> Floats:
    """Return for each label from which likelihood it is best given (F1), on other authors' sentences."""
    known = np.flatnonzero(of.from_.authors != without)
    best: Floats = np.full(len(LABELS), 0.5, dtype=np.float32)
    for label in range(len(LABELS)):
        order = known[np.argsort(-seen[known, label], kind="stable")]
        real = of.from_.truth[order, label] > 0.5
        if real.any():
            f1 = 2 * np.cumsum(real) / (np.arange(1, len(real) + 1) + real.sum())
            best[label] = seen[order[int(f1.argmax())], label]
    return best


def levels(of: Texts, seen: Floats, without: str, *, ruled: bool) -> NDArray[np.intp]:
    """Return the levels of an author's plans, (plans, components), by a second half learned from others.

    With `ruled` the rules' findings are weighed too.
    """
    learn = [at for at, plan in enumerate(of.from_.plans) if plan.author != without]
    tested = [at for at, plan in enumerate(of.from_.plans) if plan.author == without]

    def known(at: int) -> Floats:
        plan, lines = of.from_.plans[at], of.where[at]
        lines_seen = seen[lines.start : lines.stop]
        return known_of(plan, lines_seen) if ruled else summary(lines_seen, plan.simple, plan.size)

    x, truth = np.stack([known(at) for at in learn]), np.stack([of.from_.plans[at].truth for at in learn])
    middle = x.mean(axis=0)
    weights, base = fitted(x - middle, truth, SETTINGS["plan penalty"])
    asked = np.stack([known(at) for at in tested])
    likely = dict(zip(OUTCOMES, sigmoid((asked - middle) @ weights + base).T, strict=True))
    steps = [likely[name, 1] + np.minimum(likely[name, 1], likely[name, 2]) for name in COMPONENTS]
    return np.asarray(np.stack(steps, axis=1) + 0.5, dtype=np.intp)
