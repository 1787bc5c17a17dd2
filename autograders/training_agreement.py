"""Tell what the training bank holds, and how far its first and second readings agree.

    python -m autograders.training_agreement [--unseen] [--labels]

For the data cards: their figures are printed here. Refuses to know what the judge says.
"""

import argparse
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from autograders.agreement import Interval, flag_scores, kappa, macro_f1, plain_kappa
from autograders.judging.learned.labels import LABELS
from autograders.judging.learned.left_out import Case, unseen_cases
from autograders.judging.verdict import COMPONENTS
from autograders.rated import RatedPlan
from autograders.rubric import FLAGS
from autograders.training_bank import TrainingBank, training_bank

FEWEST = 20
"""How often the first reading must give a label for its agreement to count in the mean."""


@dataclass(frozen=True)
class Twice:
    """How often a label was given first, second and by both readings; F1 and Cohen's kappa between them."""

    first: int
    second: int
    both: int
    f1: float
    kappa: float


def agreed(first: Sequence[Collection[str]], second: Sequence[Collection[str]], label: str) -> Twice:
    """Compare two readings of the same sentences in one label."""
    one, two = (np.array([label in told for told in by]) for by in (first, second))
    both = int((one & two).sum())
    table = np.array([[(~one & ~two).sum(), (~one & two).sum()], [(one & ~two).sum(), both]])
    given = int(one.sum() + two.sum())
    return Twice(
        int(one.sum()), int(two.sum()), both, 2 * both / given if given else float("nan"), plain_kappa(table)
    )


def of_plans(plans: Sequence[RatedPlan]) -> tuple[dict[str, Interval], float, int]:
    """Return weighted kappa of the two ratings by component and in total, the flags' macro-F1, and how many
    plans are rated differently."""
    first, second = ([plan.ratings[r] for plan in plans] for r in (0, -1))
    parts = {c: kappa([r.levels[c] for r in first], [[r.levels[c] for r in second]]) for c in COMPONENTS}
    parts["total"] = kappa([r.total for r in first], [[r.total for r in second]], levels=9)
    scores = flag_scores([r.flags for r in first], [[r.flags for r in second]], FLAGS)
    apart = sum(one != two for one, two in zip(first, second, strict=True))
    return parts, macro_f1(scores), apart


def counted(bank: TrainingBank) -> Iterator[str]:
    """Yield how much each author wrote."""
    yield "| author | complaints | plans | of them hard | rated twice | sentences | labelled twice |"
    yield "|---" * 7 + "|"
    authors = sorted({p.author for p in bank.plans} | {s.author for s in bank.sentences})
    for author in (*authors, ""):
        plans = [plan for plan in bank.plans if author in ("", plan.author)]
        sentences = [sentence for sentence in bank.sentences if author in ("", sentence.author)]
        cells = (
            sum(author in ("", complaint.author) for complaint in bank.complaints.values()),
            len(plans),
            sum(plan.kind == "hard" for plan in plans),
            sum(len(plan.ratings) == 2 for plan in plans),
            len(sentences),
            sum(len(sentence.readings) == 2 for sentence in sentences),
        )
        yield f"| {author or 'all'} | {' | '.join(f'{cell:,}' for cell in cells)} |"


def held(cases: Sequence[tuple[RatedPlan, str, str | None]]) -> Iterator[str]:
    """Yield voices, lengths, pairs and flags of plans: (plan, voice, pair)."""
    words = [len(plan.plan.split()) for plan, _, _ in cases]
    voices = Counter(voice for _, voice, _ in cases)
    pairs = Counter(pair for _, _, pair in cases if pair)
    flags = Counter(flag for plan, _, _ in cases for flag in plan.ratings[0].flags)
    yield f"words: {min(words)} to {max(words)}, median {np.median(words):.0f}"
    yield "voices: " + ", ".join(f"{voice} {n}" for voice, n in voices.most_common())
    yield f"pairs: {len(pairs)} groups of {sum(pairs.values())} plans"
    yield "flags: " + ", ".join(f"{flag} {flags[flag]}" for flag in sorted(FLAGS, key=lambda f: -flags[f]))
    for name in COMPONENTS:
        levels = Counter(plan.ratings[0].levels[name] for plan, _, _ in cases)
        yield f"{name}: {', '.join(f'level {level} {levels[level]}' for level in (0, 1, 2))}"
    unsure = sum(bool(plan.unsure) for plan, _, _ in cases)
    yield f"a close call in some component: {unsure} plans"


def plans_agree(plans: Sequence[RatedPlan]) -> Iterator[str]:
    """Yield the agreement of the two ratings of plans."""
    twice = [plan for plan in plans if len(plan.ratings) > 1]
    parts, f1, apart = of_plans(twice)
    yield f"{len(twice)} plans rated twice; {apart} rated differently"
    yield "QWK: " + ", ".join(f"{name} {value}" for name, value in parts.items())
    yield f"flags: macro-F1 {f1:.3f}"


def sentences_agree(bank: TrainingBank, *, each: bool) -> Iterator[str]:
    """Yield the agreement of the two readings of sentences, and of each label where it is asked for."""
    twice = [sentence.labels for sentence in bank.sentences if len(sentence.readings) > 1]
    first, second = [told[0] for told in twice], [told[1] for told in twice]
    told = {label: agreed(first, second, label) for label in LABELS}
    common = [one for one in told.values() if one.first >= FEWEST]
    same = sum(one == two for one, two in zip(first, second, strict=True))
    yield f"{len(twice):,} sentences labelled twice; all labels the same: {same:,} ({same / len(twice):.0%})"
    yield (
        f"labels with {FEWEST} sentences or more: {len(common)}; mean F1 "
        f"{np.mean([one.f1 for one in common]):.2f}, mean kappa {np.mean([one.kappa for one in common]):.2f}"
    )
    if each:
        yield from ("", "| label | first | second | both | F1 | kappa |", "|---" * 6 + "|")
        for label, one in sorted(told.items(), key=lambda pair: -pair[1].f1):
            yield f"| `{label}` | {one.first} | {one.second} | {one.both} | {one.f1:.2f} | {one.kappa:.2f} |"


def of_case(case: Case) -> tuple[RatedPlan, str, str | None]:
    """Return what `held` counts."""
    return case.plan, case.voice, case.pair


def main(arguments: Sequence[str] | None = None) -> None:
    """Print what a bank holds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--unseen", action="store_true", help="of the unseen plans instead")
    parser.add_argument("--labels", action="store_true", help="each label of the sentences")
    options = parser.parse_args(arguments)
    if options.unseen:
        cases = unseen_cases()
        print(*held([of_case(case) for case in cases]), "", sep="\n")
        print(*plans_agree([case.plan for case in cases]), sep="\n")
        return
    bank = training_bank()
    print(*counted(bank), "", sep="\n")
    plans = [plan.as_rated() for plan in bank.plans]
    print(
        *held([(p, line.voice, line.pair) for p, line in zip(plans, bank.plans, strict=True)]), "", sep="\n"
    )
    print(*plans_agree(plans), "", sep="\n")
    print(*sentences_agree(bank, each=options.labels), sep="\n")


if __name__ == "__main__":
    main()
