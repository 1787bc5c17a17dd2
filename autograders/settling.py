"""Settle a second reading: the list of levels on which the markers differ, and what becomes of it.

For `heatproof second-reading --compare` and `--settle`. What two markers gave alike, and what a third person
settled, become manual marks with a reason; both blind readings go into the log of people's decisions.
Refuses to settle anything by itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from autograders.blind_readings import Differing, Readings, by_id, level_in
from autograders.gradebook import read_gradebook
from autograders.overrides import MOST_REASON, Choice, as_it_stands, checked_marker, decide, plain
from autograders.people_log import Decision, decisions
from autograders.roster import roster
from autograders.rubric import Rubric
from autograders.second_reading import MARKERS, Draw, blind_text, place_of
from autograders.sheets import read_sheet, write_sheet
from autograders.written_plans import Part, WrittenPlan, written_plans
from course.engine.faults import Fault, Faults, shown
from course.engine.words import word

COLUMNS = ("row", "id", "component", "marker_1", "marker_2", "level", "reason", "complaint", "facts", "plan")


Levels = Mapping[tuple[str, str], tuple[int, str]]
"""Level and reason by a plan's number on the sheets and a component."""


def list_path(folder: Path, assignment: str) -> Path:
    """Return where the levels to adjudicate stand."""
    return place_of(folder, assignment) / "adjudicate.csv"


def unchanged(folder: Path, drawn: Draw) -> dict[str, WrittenPlan]:
    """Return the plans of a draw that are still as they were drawn, by their numbers on the sheets."""
    with read_gradebook(folder) as grades:
        plans = written_plans(folder, drawn.assignment, grades.scores(drawn.assignment))
    return {
        each.id: plan
        for each in drawn.plans
        if (plan := plans.get((each.learner, each.question))) and plan.hash == each.plan
    }


def write_list(
    folder: Path, drawn: Draw, plans: Mapping[str, WrittenPlan], found: Sequence[Differing]
) -> bool:
    """Write the list of levels to adjudicate; leave alone, and return False, where somebody has begun it."""
    path = list_path(folder, drawn.assignment)
    if path.exists() and any(
        str(row.values["level"]).strip() or str(row.values["reason"]).strip()
        for row in read_sheet(path, COLUMNS)
    ):
        return False
    people = roster(folder)
    rows = [
        {
            "row": _row(one),
            "id": one.id,
            "component": one.component,
            "marker_1": one.first,
            "marker_2": one.second,
            "complaint": plans[one.id].complaint.text,
            "facts": plans[one.id].complaint.facts,
            "plan": blind_text(plans[one.id], people),
        }
        for one in found
    ]
    write_sheet(path, COLUMNS, rows)
    return True


def _row(one: Differing) -> str:
    return f"{one.id}-{one.component}"


def read_list(folder: Path, drawn: Draw, rules: Rubric, found: Sequence[Differing]) -> Levels:
    """Return the levels that were settled; raise Faults with all that is wrong in the list."""
    path = list_path(folder, drawn.assignment)
    file, faults = shown(path), list[Fault]()
    wanted = {_row(one): one for one in found}
    lines = by_id(read_sheet(path, COLUMNS), list(wanted), file, faults, name="row")
    settled: dict[tuple[str, str], tuple[int, str]] = {}
    for name, line in lines.items():
        one = wanted[name]
        level = level_in(line, "level", rules.components[one.component].top, file, faults)
        reason = plain(str(line.values["reason"]))
        if not 0 < len(reason) <= MOST_REASON:
            what = (
                f"{name}: the reason has {len(reason)} characters" if reason else f"{name}: 'reason' is empty"
            )
            cure = f"write one of at most {MOST_REASON} characters; the learner may read it"
            faults.append(Fault(file, line.number, what, cure))
        settled[(one.id, one.component)] = (level, reason)
    if faults:
        raise Faults(faults)
    return settled


def settle(
    folder: Path,
    drawn: Draw,
    plans: Mapping[str, WrittenPlan],
    first: Readings,
    second: Readings,
    settled: Levels,
    *,
    marker: str,
    when: str,
) -> tuple[Decision, ...]:
    """Write marks and readings that are not what their giver said last, and return the marks.

    `plans` are those that are still as they were drawn. What both gave alike becomes a mark only where
    another level stands that the judge gave, or both did before, or a person is waited for. So what was
    settled once is not written over what a person gave since.
    """
    before = decisions(folder, drawn.assignment)
    settled_before = _Settled([each for each in before if each.kind == "mark"], checked_marker(marker))
    choices = [
        Choice(plan.learner, plan.question, {part.name: level}, reason)
        for id, plan in plans.items()
        for part in plan.parts
        for level, reason in [settled.get((id, part.name)) or _alike(id, part, first)]
        if (id, part.name) in settled
        or part.waits
        or (part.level != level and (not part.by_hand or settled_before.by_both(plan, part)))
        if not settled_before.has(plan, part, level, reason)
    ]
    known = {(each.marker, each.learner, each.cell): _key(each) for each in before if each.kind == "reading"}
    readings = [
        reading
        for name, readings in zip(MARKERS, (first, second), strict=True)
        for reading in _readings(plans, readings, name, when)
        if known.get((reading.marker, reading.learner, reading.cell)) != _key(reading)
    ]
    if not choices and not readings:
        return ()
    written = decide(folder, drawn.assignment, choices, marker=marker, when=when, readings=readings)
    return tuple(each for each in written if each.kind == "mark")


def not_standing(plans: Mapping[str, WrittenPlan], settled: Levels) -> tuple[str, ...]:
    """Return the rows of the list whose level is not the one that stands; `plans` as they stand by now."""
    return tuple(
        f"{id}-{part.name}"
        for id, plan in plans.items()
        for part in plan.parts
        if (id, part.name) in settled and settled[(id, part.name)][0] != part.level
    )


class _Settled:
    """What was settled in earlier runs, by this marker or another."""

    def __init__(self, marks: Sequence[Decision], marker: str) -> None:
        self._alike = word("queue.alike")
        self._newest = {(each.learner, each.cell): each for each in marks}
        self._last = {(each.learner, each.cell): _said(each) for each in marks if each.marker == marker}
        self._ever = {(each.learner, each.cell, *_said(each)) for each in marks}

    def by_both(self, plan: WrittenPlan, part: Part) -> bool:
        """True where a level stands because both markers gave it."""
        newest = self._newest.get((plan.learner, part.cell))
        return newest is not None and (newest.reason, newest.to) == (self._alike, part.level)

    def has(self, plan: WrittenPlan, part: Part, level: int, reason: str) -> bool:
        """True where this marker said just this last, or said nothing and somebody else did.

        Of a level that both markers gave, only the newest counts: nobody but a settlement writes it.
        """
        of, said = (plan.learner, part.cell), (level, reason, plan.hash)
        if self.by_both(plan, part):
            return _said(self._newest[of]) == said
        return self._last[of] == said if of in self._last else (*of, *said) in self._ever


def _said(one: Decision) -> tuple[int, str, str]:
    return one.to, one.reason, one.plan


def _alike(id: str, part: Part, first: Readings) -> tuple[int, str]:
    return first[id].levels[part.name], word("queue.alike")


def _readings(
    plans: Mapping[str, WrittenPlan], readings: Readings, marker: str, when: str
) -> Iterator[Decision]:
    for id, plan in plans.items():
        for part in plan.parts:
            yield replace(
                as_it_stands(plan, part, marker=marker, when=when),
                kind="reading",
                was=None,
                to=readings[id].levels[part.name],
                flags=tuple(sorted(readings[id].flags)),
            )


def _key(one: Decision) -> tuple[object, ...]:
    return one.to, one.plan, one.flags
