"""What people decided on plans, here and in the formgrader: as a list, and as a rated bank for the judge.

For `heatproof decided`. The bank has the form that `heatproof judge --agreement` reads, with ids that come
from the plans' texts and tell nobody's name. Refuses to decide anything.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograders.gradebook import read_gradebook
from autograders.overrides import catch_up
from autograders.people_log import Decision, Standing, decisions, plan_hash
from autograders.rated_file import MOST_CHARACTERS
from autograders.results import CannotMark
from autograders.roster import Learner, roster
from autograders.rubric import Rubric
from autograders.second_reading import MARKERS, blind_text
from autograders.sheets import write_sheet
from autograders.whole_files import replace_file
from autograders.written_plans import Part, WrittenPlan, written_plans
from course.engine.faults import shown

ELSEWHERE = "in the formgrader"
UNTOUCHED = "untouched"


@dataclass(frozen=True)
class Given:
    """One level that a person gave: of which plan and part, and the decision where it was written down here.

    `part.level` is None where the points lie between two levels.
    """

    plan: WrittenPlan
    part: Part
    decision: Decision | None


@dataclass(frozen=True)
class Bank:
    """Rated plans, and how many plans were left out, by the reason for it."""

    rows: tuple[Mapping[str, Any], ...]
    left_out: Mapping[str, int]
    judges_flags: int
    """Of so many plans the flags are the judge's: nobody was asked about them."""


def given_by_people(folder: Path, assignment: str) -> tuple[Given, ...]:
    """Return every level of a plan that stands by a person's word, in the order of learners and questions."""
    plans, marks = _read(folder, assignment)
    return tuple(
        Given(plan, part, _written_here(plan, part, marks))
        for plan in plans
        for part in plan.parts
        if part.by_hand
    )


def _read(folder: Path, assignment: str) -> tuple[tuple[WrittenPlan, ...], Standing]:
    with read_gradebook(folder) as grades:
        catch_up(folder, assignment, grades)
        plans = written_plans(folder, assignment, grades.scores(assignment))
    marks = (each for each in decisions(folder, assignment) if each.kind == "mark")
    return tuple(plans.values()), {(each.learner, each.cell): each for each in marks}


def _written_here(plan: WrittenPlan, part: Part, marks: Standing) -> Decision | None:
    found = marks.get((plan.learner, part.cell))
    return found if found and found.to == part.level and found.most == part.most else None


def bank(folder: Path, assignments: Sequence[str], rules: Rubric) -> Bank:
    """Return the plans of which people gave every level by this rubric.

    A plan that two people read blind has two ratings, as they gave them; any other one, by what stands.
    """
    people = roster(folder)
    rows: list[dict[str, Any]] = []
    left: Counter[str] = Counter()
    for assignment in assignments:
        plans, _ = _read(folder, assignment)
        blind = _blind(decisions(folder, assignment))
        for plan in plans:
            own = [blind.get((plan.learner, plan.question, plan.hash, name), {}) for name in MARKERS]
            why = _why_not(plan, own, rules)
            if not why:
                rows.append(_row(plan, own, people))
            elif why != UNTOUCHED:
                left[why] += 1
    return Bank(tuple(_with_ids(rows)), left, sum("flags_2" not in row for row in rows))


Blind = Mapping[tuple[str, str, str, str], Mapping[str, Decision]]
"""Blind readings by learner, question, plan and marker: each component's."""


def _blind(all_decisions: Sequence[Decision]) -> Blind:
    found: dict[tuple[str, str, str, str], dict[str, Decision]] = {}
    for each in all_decisions:
        if each.kind == "reading":
            of = (each.learner, each.question, each.plan, each.marker)
            found.setdefault(of, {})[each.component] = each
    return found


def _why_not(plan: WrittenPlan, own: Sequence[Mapping[str, Decision]], rules: Rubric) -> str:
    """Return why a plan is not in the bank; UNTOUCHED where nobody decided on it, empty where it is in."""
    parts = {part.name for part in plan.parts}
    by_hand = [part for part in plan.parts if part.by_hand]
    if not by_hand and not any(own):
        return UNTOUCHED
    if plan.rubric != rules.id or parts != set(rules.components):
        return "read by another rubric"
    if not plan.text.strip() or len(plan.text) > MOST_CHARACTERS:
        return "with no text that can be read"
    if all(set(each) == parts for each in own):
        return ""
    if any(part.waits for part in by_hand):
        return "changed since a person read them"
    whole = len(by_hand) == len(parts) and all(part.level is not None for part in by_hand)
    return "" if whole else "of which people gave some levels only"


def _row(
    plan: WrittenPlan, own: Sequence[Mapping[str, Decision]], people: Mapping[str, Learner]
) -> dict[str, Any]:
    row: dict[str, Any] = {"complaint": plan.scenario, "plan": blind_text(plan, people)}
    if all(own):
        for end, readings in zip(("", "_2"), own, strict=True):
            row |= {f"{name}{end}": each.to for name, each in readings.items()}
            row[f"flags{end}"] = list(next(iter(readings.values())).flags or ())
        return row
    flags = [str(flag["name"]) for flag in plan.flags]
    return row | {part.name: part.level for part in plan.parts} | {"flags": flags}


def _with_ids(rows: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Put an id before each row, which its text makes; equal texts are numbered. Sorted by it."""
    seen: Counter[str] = Counter()
    ids = [plan_hash(f"{row['complaint']}\0{row['plan']}")[:12] for row in rows]
    for id, row in sorted(zip(ids, rows, strict=True), key=lambda pair: pair[0]):
        seen[id] += 1
        yield {"id": f"{id}-{seen[id]}" if seen[id] > 1 else id, **row}


def write_bank(path: Path, found: Bank, rules: Rubric) -> None:
    """Write the bank as CSV or JSON lines, by the end of its name. CannotMark where that fails."""
    if path.suffix.lower() not in (".csv", ".jsonl"):
        raise CannotMark(f"{shown(path)}: name it .csv or .jsonl")
    if path.exists():
        raise CannotMark(f"{shown(path)}: is there already; name a new file, or delete it")
    if path.suffix.lower() == ".jsonl":
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in found.rows)
        replace_file(path, text.encode("utf-8"))
        return
    parts = (*rules.components, "flags")
    columns = ["id", "complaint", "plan", *parts]
    if any("flags_2" in row for row in found.rows):
        columns += [f"{name}_2" for name in parts]
    rows = [
        {name: " ".join(value) if isinstance(value, list) else value for name, value in row.items()}
        for row in found.rows
    ]
    write_sheet(path, columns, rows)
