"""Write down what a person decided on plans: first into the log of people's decisions, then as manual scores.

For `heatproof override`, the queue in a notebook, and second readings that were settled. What cannot be
written is refused whole, in sentences. Refuses to know where a decision comes from and to ask a clock.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograders.gradebook import Grades, open_gradebook
from autograders.people_log import Decision, PeopleLog, is_behind, open_people_log, standing_marks
from autograders.record import Record
from autograders.results import CannotMark
from autograders.written_plans import Part, Plans, WrittenPlan, written_plans
from course.engine.faults import did_you_mean

MARKER = re.compile(r"[^\W_][\w .@-]{0,59}", re.UNICODE)
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
MOST_REASON = 500
"""Characters of a reason: learners read it on their feedback page."""


class NotDecided(CannotMark):
    """Nothing was written. The text says where, what, and the cure, a line for each fault."""


@dataclass(frozen=True)
class Choice:
    """The levels that a person gives to components of one plan, and why.

    `evidence`: the hash of what the person saw; where the plan was marked anew since, nothing is written.
    """

    learner: str
    question: str
    levels: Mapping[str, int]
    reason: str
    evidence: str = ""


def decide(
    folder: Path,
    assignment: str,
    choices: Sequence[Choice],
    *,
    marker: str,
    when: str,
    readings: Sequence[Decision] = (),
) -> tuple[Decision, ...]:
    """Write all choices, or none: raise NotDecided with every fault. Return the decisions as they stand.

    `readings`: blind readings that go into the log with them. `when`: the time, in UTC.
    """
    folder = folder.resolve()
    with open_people_log(folder, assignment) as log, open_gradebook(folder) as grades:
        plans = written_plans(folder, assignment, grades.scores(assignment))
        _bring_in_step(log, grades, assignment, plans)
        faults = [*_marker_faults(marker)]
        faults += [fault for choice in choices for fault in _faults(assignment, choice, plans)]
        if faults:
            raise NotDecided("\n".join(dict.fromkeys(faults)))
        new = [each for choice in choices for each in _decisions(choice, plans, checked_marker(marker), when)]
        written = log.add([*readings, *new])
        grades.mark_by_hand(assignment, _points(written, plans))
        log.in_step()
    return written


def _bring_in_step(log: PeopleLog, grades: Grades, assignment: str, plans: Plans) -> None:
    """Write the manual scores that a killed run left out."""
    if left := log.behind:
        grades.mark_by_hand(assignment, _points(left, plans))
    log.in_step()


def catch_up(folder: Path, assignment: str, grades: Grades) -> None:
    """Write the manual scores that a killed run left out, if there was one."""
    if is_behind(folder, assignment):
        with open_people_log(folder, assignment) as log:
            plans = written_plans(folder, assignment, grades.scores(assignment))
            _bring_in_step(log, grades, assignment, plans)


def restore(folder: Path, grades: Grades, assignment: str, records: Collection[Record]) -> None:
    """Write the marks that people gave to these learners into a gradebook that has lost them.

    Only where the plan is still the one that they read; else the judge's mark stands until a person looks.
    """
    learners = {record.learner for record in records}
    marks = [each for (learner, _), each in standing_marks(folder, assignment).items() if learner in learners]
    if marks:
        plans = written_plans(folder, assignment, grades.scores(assignment))
        same = [
            each
            for each in marks
            if (plan := plans.get((each.learner, each.question))) and plan.hash == each.plan
        ]
        grades.mark_by_hand(assignment, _points(same, plans))


def _points(decisions: Sequence[Decision], plans: Plans) -> dict[tuple[str, str], float]:
    """Return the manual score of each learner and cell; a reading gives none."""
    return {
        (each.learner, each.cell): each.points(part.out_of)
        for each in decisions
        if each.kind == "mark" and (plan := plans.get((each.learner, each.question)))
        for part in plan.parts
        if part.name == each.component
    }


def _decisions(choice: Choice, plans: Plans, marker: str, when: str) -> Iterator[Decision]:
    plan = plans[(choice.learner, choice.question)]
    for part in plan.parts:
        if part.name in choice.levels:
            yield replace(
                as_it_stands(plan, part, marker=marker, when=when),
                to=choice.levels[part.name],
                reason=plain(choice.reason),
            )


def as_it_stands(plan: WrittenPlan, part: Part, *, marker: str, when: str) -> Decision:
    """Return a mark without a reason that leaves a component as it stands: what a decision begins from."""
    return Decision(
        kind="mark",
        marker=marker,
        learner=plan.learner,
        question=plan.question,
        component=part.name,
        was=part.level,
        to=part.level or 0,
        most=part.most,
        reason="",
        plan=plan.hash,
        evidence=plan.evidence,
        when=when,
    )


def plain(reason: str) -> str:
    """Return a reason as one line, without control characters and marks that turn the direction of text."""
    seen = "".join(" " if unicodedata.category(c) in ("Cc", "Cs") or c in TURNING else c for c in reason)
    return " ".join(seen.split())


def checked_marker(marker: str) -> str:
    """Return a marker's name as it is written down; NotDecided where it is none."""
    if faults := list(_marker_faults(marker)):
        raise NotDecided(faults[0])
    return marker.strip()


def _marker_faults(marker: str) -> Iterator[str]:
    if not MARKER.fullmatch(marker.strip()):
        yield f"marker {marker[:60]!r}: this is no name; use letters, digits, spaces, '.', '-' and '@'."


def _faults(assignment: str, choice: Choice, plans: Plans) -> Iterator[str]:
    """Yield what is wrong with a choice, in sentences."""
    where = f"{assignment}, {choice.learner}, {choice.question}"
    plan = plans.get((choice.learner, choice.question))
    if plan is None:
        yield f"{where}: {_no_plan(choice, plans)}."
        return
    if choice.evidence and choice.evidence != plan.evidence:
        yield f"{where}: it was marked anew since you read it; read it again, then decide."
    if not choice.levels:
        yield f"{where}: no level is given; give one as {plan.parts[0].name}=1."
    parts = {part.name: part for part in plan.parts}
    for name, level in choice.levels.items():
        if name not in parts:
            yield f"{where}: there is no component {name[:40]!r}; {did_you_mean(name, parts)}."
        elif not 0 <= level <= parts[name].most:
            yield f"{where}: {name}={level} is no level; give a whole number from 0 to {parts[name].most}."
    if not plain(choice.reason):
        yield f"{where}: there is no reason; write one that the learner may read."
    elif len(plain(choice.reason)) > MOST_REASON:
        yield f"{where}: the reason has more than {MOST_REASON} characters; say it shorter."


def _no_plan(choice: Choice, plans: Plans) -> str:
    own = [question for learner, question in plans if learner == choice.learner]
    if own:
        return f"there is no plan of this name; {did_you_mean(choice.question, own)}"
    if not plans:
        return "no plan is marked here; run heatproof autograde first"
    return f"no plan of theirs is marked; {did_you_mean(choice.learner, {who for who, _ in plans})}"
