"""Compare the rules, the learned model and both with the raters, and print the table of docs/judge.md.

    python -m autograders.judging.learned.comparing [--by-author] [--unseen] [--kept FILE]

For whoever decides how they are joined. Each author is left out once; the unseen plans are read with the
weights that the project carries, and shown only where they are asked for: who steers by them ends their use.
Refuses to know how each of them decides.
"""

import argparse
from collections.abc import Iterator, Sequence
from statistics import fmean

from autograders.agreement import flag_scores, kappa, macro_f1
from autograders.judging.confidence import THRESHOLD
from autograders.judging.learned.left_out import JUDGES, Judged, add_kept, groups, judged
from autograders.judging.verdict import COMPONENTS
from autograders.rubric import FLAGS

HEADS = ("plans", "judge", *COMPONENTS, "total", "flags F1", "to a person")
RATERS = (0, -1)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--resamples", type=int, default=1000, help="of the bootstrap")
    parser.add_argument("--by-author", action="store_true", help="a row for each author left out")
    parser.add_argument("--unseen", action="store_true", help="show the unseen plans as well")
    add_kept(parser)
    options = parser.parse_args(arguments)
    told, unseen = judged(options.kept)
    print("| " + " | ".join(HEADS) + " |\n" + "|---" * len(HEADS) + "|")
    for name, plans in sets(told, unseen if options.unseen else (), by_author=options.by_author):
        for line in lines(name, plans, options.resamples):
            print(line, flush=True)


def sets(
    told: Sequence[Judged], unseen: Sequence[Judged], *, by_author: bool
) -> Iterator[tuple[str, list[Judged]]]:
    """Yield the sets of plans in the order of the table."""
    yield from groups(told)
    for author in sorted({plan.case.author for plan in told if plan.case.kind}) if by_author else ():
        yield f"{author}", [plan for plan in told if plan.case.author == author]
    for kind in ("ordinary", "hard", "") if unseen else ():
        yield (
            f"unseen{', ' if kind else ''}{kind}",
            [plan for plan in unseen if kind in ("", plan.case.kind)],
        )


def lines(name: str, plans: Sequence[Judged], resamples: int) -> Iterator[str]:
    """Yield a line of the table for each judge; two ratings count alike, one counts alone."""
    for judge in JUDGES:
        told = [plan.told[judge] for plan in plans]
        rated = [[plan.case.plan.ratings[r] for plan in plans] for r in RATERS]
        cells = [
            str(
                kappa(
                    [one.levels[part] for one in told],
                    [[rating.levels[part] for rating in by] for by in rated],
                    resamples=resamples,
                )
            )
            for part in COMPONENTS
        ]
        totals = [sum(one.levels.values()) for one in told]
        total = kappa(totals, [[r.total for r in by] for by in rated], levels=9, resamples=resamples)
        flags = [frozenset(one.flags) for one in told]
        scores = flag_scores(flags, [[r.flags for r in by] for by in rated], FLAGS)
        asked = fmean(one.sure[part] < THRESHOLD for one in told for part in COMPONENTS)
        cells += [str(total), f"{macro_f1(scores):.2f}", f"{asked:.0%}"]
        yield f"| {name} ({len(plans)}) | {judge} | " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
