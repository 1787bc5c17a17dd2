"""Show what a regrade would change, as lines for a person. For `heatproof regrade`.

Who changes and by how much, at which question, what was said of it and what is said now; then each question
with how many it changes. Text of learners is shown without characters that could steer a terminal.
"""

from collections import Counter
from collections.abc import Iterator

from autograders.regrade_diff import CellChange, Change, Diff
from autograders.summary import counted

QUOTED = 70
"""How much of a reply is quoted, to know it by."""
STATUS = {"graded": "graded", "needs_person": "for a person", "refused": "refused"}


def as_lines(diff: Diff) -> Iterator[str]:
    """Yield all that a person reads before approving."""
    for change in diff.changes:
        yield from _learner(change)
    for learner, why in diff.stays.items():
        yield f"{learner}: {plain(why)}"
    if diff.changes:
        yield from _questions(diff)
    yield sentence(diff)


def sentence(diff: Diff) -> str:
    """Return how many would change, in one sentence."""
    if diff.is_empty and not diff.stays:
        return (
            f"{diff.assignment}: every mark is by today's key, rubric and judge; there is nothing to regrade."
        )
    reworded = f", {diff.reworded} of them with other reasons" if diff.reworded else ""
    if diff.same == diff.reworded == 1:
        reworded = ", with other reasons"
    stays = f"; {counted(len(diff.stays), 'mark')} cannot be compared" if diff.stays else ""
    return (
        f"{diff.assignment}: {counted(len(diff.changes), 'learner')} would change; "
        f"{diff.same} {'keeps the marks' if diff.same == 1 else 'keep their marks'}{reworded}{stays}."
    )


def _learner(change: Change) -> Iterator[str]:
    status = ""
    if change.status != change.status_before:
        status = f" ({STATUS[change.status_before]} → {STATUS[change.status]})"
    yield (
        f"{change.learner}: {points(change.before)} → {points(change.now)} of {change.out_of:g}"
        f"{difference(change.before, change.now)}{status}"
    )
    for cell in change.cells:
        yield from _cell(cell)


def _cell(cell: CellChange) -> Iterator[str]:
    person = ""
    if cell.for_a_person != cell.for_a_person_before:
        person = "; a person must look" if cell.for_a_person else "; no person need look any more"
    if cell.by_hand is not None:
        person = f"; the mark by hand, {cell.by_hand:g}, stands, and a person is asked to look again"
    yield f"  {cell.cell}: {points(cell.before)} → {points(cell.now)} of {cell.out_of:g}{person}"
    for why in cell.why:
        if why.about:
            yield f"    “{plain(_short(why.about))}”"
        yield f"      before: {plain(why.before)}"
        yield f"      now:    {plain(why.now)}"


def _questions(diff: Diff) -> Iterator[str]:
    found: dict[str, Counter[str]] = {}
    for change in diff.changes:
        for cell in change.cells:
            found.setdefault(cell.cell, Counter())[_by(cell)] += 1
    for name, kinds in sorted(found.items()):
        parts = ", ".join(f"{counted(number, 'learner')} {by}" for by, number in sorted(kinds.items()))
        yield f"{name}: {parts}"


def _by(cell: CellChange) -> str:
    if cell.by_hand is not None:
        return "with a mark by hand, which stands"
    if cell.before is None or cell.now is None:
        return f"{points(cell.before)} → {points(cell.now)}"
    return f"{cell.now - cell.before:+g}" if cell.now != cell.before else "with the same points"


def points(value: float | None) -> str:
    """Return points for a person; no mark is not zero."""
    return "no mark" if value is None else f"{value:g}"


def difference(before: float | None, now: float | None) -> str:
    """Return by how much, in brackets; empty where one of them is no mark."""
    return "" if before is None or now is None else f" ({now - before:+g})"


def plain(text: str) -> str:
    """Return text that stays on its line and steers no terminal."""
    return "".join(each if each.isprintable() else " " for each in text)


def _short(text: str) -> str:
    return text if len(text) <= QUOTED else f"{text[: QUOTED - 1]}…"
