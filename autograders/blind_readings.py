"""Read back what two markers wrote on their sheets, and say how far they agree.

For `heatproof second-reading --compare`. A sheet with a fault is not read at all, and all faults of both are
told at once. Pure but for the reading of files. Refuses to know whose plans these are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograders.agreement import Interval, confusion, kappa, plain_kappa
from autograders.rated import Rating
from autograders.rated_lines import Line
from autograders.rubric import FLAGS, Rubric
from autograders.second_reading import Draw, sheet_columns
from autograders.sheets import read_sheet
from autograders.steps import step_title
from course.engine.faults import Fault, Faults, did_you_mean, shown
from course.engine.words import all_words

TOTAL = "Total"
Readings = Mapping[str, Rating]
"""What one marker said of each plan, by its number on the sheets."""


@dataclass(frozen=True)
class Agreed:
    """How far two markers agree on one component, or on the total: plans, how many alike, kappa, QWK."""

    title: str
    plans: int
    alike: int
    kappa: float
    qwk: Interval


@dataclass(frozen=True)
class Differing:
    """One component of one plan to which two markers gave different levels."""

    id: str
    component: str
    first: int
    second: int


def read_both(paths: Sequence[Path], drawn: Draw, rules: Rubric) -> tuple[Readings, Readings]:
    """Return what both markers wrote; raise Faults with all that is wrong in either sheet."""
    faults: list[Fault] = []
    found: list[Readings] = []
    for path in paths:
        try:
            found.append(read_readings(path, drawn, rules))
        except Faults as wrong:
            faults += wrong.faults
    if faults:
        raise Faults(faults)
    first, second = found
    return first, second


def read_readings(path: Path, drawn: Draw, rules: Rubric) -> Readings:
    """Return what one marker wrote of each plan; raise Faults with all that is wrong in the sheet."""
    faults: list[Fault] = []
    rows = read_sheet(path, sheet_columns(rules))
    lines = by_id(rows, [plan.id for plan in drawn.plans], shown(path), faults)
    if lines and not any(
        str(row.values[name]).strip() for row in lines.values() for name in rules.components
    ):
        cure = "write a level for each step of each plan, then compare again"
        raise Faults([*faults, Fault(shown(path), 0, "nothing is filled in yet", cure)])
    found = {id: _rating(line, shown(path), rules, faults) for id, line in lines.items()}
    if faults:
        raise Faults(faults)
    return {plan.id: found[plan.id] for plan in drawn.plans}


def by_id(
    rows: Sequence[Line], wanted: Sequence[str], file: str, faults: list[Fault], *, name: str = "id"
) -> dict[str, Line]:
    """Return the row of each plan; add a fault for each that is missing, doubled or unknown."""
    lines: dict[str, Line] = {}
    for row in rows:
        id = str(row.values[name]).strip()
        if id not in wanted:
            faults.append(Fault(file, row.number, f"no plan {id[:40]!r} was drawn", did_you_mean(id, wanted)))
        elif id in lines:
            what = f"the plan {id!r} stands twice (first in row {lines[id].number})"
            faults.append(Fault(file, row.number, what, "take one line out"))
        else:
            lines[id] = row
    missing = [id for id in wanted if id not in lines]
    if missing:
        what = f"{', '.join(missing[:9])}{' …' if len(missing) > 9 else ''}: not there"
        faults.append(Fault(file, 0, what, "bring the line back; each plan that was drawn is needed"))
    return lines


def _rating(line: Line, file: str, rules: Rubric, faults: list[Fault]) -> Rating:
    levels = {name: level_in(line, name, part.top, file, faults) for name, part in rules.components.items()}
    known = list(dict.fromkeys((*FLAGS, *rules.flags)))
    flags = str(line.values["flags"]).replace(",", " ").replace(";", " ").split()
    for flag in dict.fromkeys(flags):
        if flag not in known:
            what = f"{_plan(line)}: no flag {flag[:40]!r}"
            faults.append(Fault(file, line.number, what, did_you_mean(flag, known)))
    return Rating(levels, frozenset(flags))


def level_in(line: Line, name: str, top: int, file: str, faults: list[Fault]) -> int:
    """Return the level that stands in a cell; add a fault where it is none."""
    said = str(line.values[name]).strip()
    if said.isascii() and said.isdigit() and len(said) < 3 and int(said) <= top:
        return int(said)
    what = f"{_plan(line)}: {name!r} is {said[:40]!r}" if said else f"{_plan(line)}: {name!r} is empty"
    faults.append(Fault(file, line.number, what, f"write a whole number from 0 to {top}"))
    return 0


def _plan(line: Line) -> str:
    """Return what a row calls its plan: whoever sorted the sheet knows it by that."""
    return str(line.values.get("id") or line.values.get("row", "")).strip()


def agreement(first: Readings, second: Readings, rules: Rubric) -> tuple[Agreed, ...]:
    """Return how far two markers agree: each component, then the total."""
    words = all_words()
    steps = [
        _agreed(
            step_title(words, name, part.name),
            [each.levels[name] for each in first.values()],
            [second[id].levels[name] for id in first],
            part.top,
        )
        for name, part in rules.components.items()
    ]
    totals = [each.total for each in first.values()], [second[id].total for id in first]
    return (*steps, _agreed(TOTAL, *totals, sum(part.top for part in rules.components.values())))


def _agreed(title: str, first: Sequence[int], second: Sequence[int], top: int) -> Agreed:
    alike = sum(a == b for a, b in zip(first, second, strict=True))
    table = confusion(first, second, levels=top + 1)
    return Agreed(title, len(first), alike, plain_kappa(table), kappa(first, [second], levels=top + 1))


def differing(first: Readings, second: Readings, rules: Rubric) -> tuple[Differing, ...]:
    """Return every level on which the markers differ, the farthest apart first."""
    found = (
        Differing(id, name, each.levels[name], second[id].levels[name])
        for id, each in first.items()
        for name in rules.components
        if each.levels[name] != second[id].levels[name]
    )
    return tuple(sorted(found, key=lambda one: (-abs(one.first - one.second), one.id)))


def agreement_lines(found: Sequence[Agreed]) -> Iterator[str]:
    """Yield the agreement as lines of text."""
    yield f"{'Two markers':24} {'plans':>5}  {'alike':>6}  {'kappa':>5}  QWK (95 % interval)"
    for one in found:
        alike = f"{one.alike / one.plans:.0%}" if one.plans else "–"
        plain = "–" if one.kappa != one.kappa else f"{one.kappa:.2f}"
        yield f"  {one.title:22} {one.plans:5}  {alike:>6}  {plain:>5}  {one.qwk}"
