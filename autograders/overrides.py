"""Write down what a person decided on plans: first into the log of people's decisions, then as manual scores.

For `heatproof override`, the queue in a notebook, and second readings that were settled. What cannot be
written is refused whole, in sentences. Refuses to know where a decision comes from and to ask a clock.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograders.audit import note
from autograders.gradebook import ByHand, Grades, Kept, read_gradebook
from autograders.gradebook_reading import Score
from autograders.people_log import (
    Decision,
    PeopleLog,
    is_behind,
    open_people_log,
    people_path,
    plan_hash,
    standing_marks,
)
from autograders.record import Record
from autograders.results import CannotMark, told_in_a_sentence
from autograders.written_plans import Part, Plans, WrittenPlan, level_of, written_plans
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

    `evidence` and `stands`: the hashes of what the person saw of the judge and of other people; where the
    plan was marked anew or somebody decided on it since, nothing is written.
    """

    learner: str
    question: str
    levels: Mapping[str, int]
    reason: str
    evidence: str = ""
    stands: str = ""


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
    path = people_path(folder, assignment)
    with (
        told_in_a_sentence(f"results/{path.name}", "decide again"),
        open_people_log(folder, assignment) as log,
        read_gradebook(folder) as grades,
    ):
        _bring_in_step(log, grades, assignment)
        scores = grades.scores(assignment)
        plans = written_plans(folder, assignment, scores)
        faults = [*_marker_faults(marker)]
        faults += [fault for choice in choices for fault in _faults(assignment, choice, plans, scores)]
        if faults:
            raise NotDecided("\n".join(dict.fromkeys(faults)))
        new = [each for choice in choices for each in _decisions(choice, plans, checked_marker(marker), when)]
        written = log.add([*readings, *new])
        grades.mark_by_hand(assignment, _points(written, scores))
        log.in_step()
        note(folder, "decide", assignment, by=marker, heads={path.stem: log.head}, levels=len(new))
    return written


def _bring_in_step(log: PeopleLog, grades: Grades, assignment: str) -> None:
    """Write the manual scores that a killed run left out, where the gradebook has the learner.

    Of one that it does not have, the marks come with the rows (`lost_marks`). A mark that somebody gave in
    the formgrader since stands: it is the later one.
    """
    if left := log.behind:
        scores = grades.scores(assignment)
        first = {(each.learner, each.cell): each for each in reversed(left)}
        later = {of for of, each in first.items() if _given_since(each, of, scores)}
        points = _points(left, scores)
        grades.mark_by_hand(assignment, {of: given for of, given in points.items() if of not in later})
    log.in_step()


def _given_since(decision: Decision, of: tuple[str, str], scores: Mapping[str, Sequence[Score]]) -> bool:
    """True where a mark by hand stands that was not there when this was decided."""
    stands = next((each for each in scores.get(of[0], ()) if each.cell == of[1]), None)
    if stands is None or not stands.by_hand:
        return False
    return level_of(stands.earned, stands.out_of, decision.most) != decision.was


def catch_up(folder: Path, assignment: str, grades: Grades) -> None:
    """Write the manual scores that a killed run left out, if there was one."""
    if is_behind(folder, assignment):
        with open_people_log(folder, assignment) as log:
            _bring_in_step(log, grades, assignment)


def lost_marks(folder: Path, assignment: str, records: Collection[Record]) -> Kept:
    """Return the marks that people gave to learners whom the gradebook does not have, or has lost.

    Where the plan is no longer the one that they read, the mark stays and a person must look again.
    """
    if not records:
        return {}
    by_learner = {record.learner: record for record in records}
    return {
        (learner, cell): ByHand(
            each.points(record.cells[cell].out_of),
            again=plan_hash(record.answers.get(each.question)) != each.plan,
        )
        for (learner, cell), each in standing_marks(folder, assignment).items()
        if (record := by_learner.get(learner)) and cell in record.cells
    }


def _points(
    decisions: Sequence[Decision], scores: Mapping[str, Sequence[Score]]
) -> dict[tuple[str, str], float]:
    """Return the manual score of each learner and cell that the gradebook has; a reading gives none."""
    worth = {(learner, each.cell): each.out_of for learner, own in scores.items() for each in own}
    return {
        of: each.points(worth[of])
        for each in decisions
        if each.kind == "mark" and (of := (each.learner, each.cell)) in worth
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


def _faults(
    assignment: str, choice: Choice, plans: Plans, scores: Mapping[str, Sequence[Score]]
) -> Iterator[str]:
    """Yield what is wrong with a choice, in sentences."""
    where = f"{assignment}, {choice.learner}, {choice.question}"
    plan = plans.get((choice.learner, choice.question))
    if plan is None:
        yield f"{where}: {_ended(_no_plan(choice, plans))}"
        return
    if not {part.cell for part in plan.parts} <= {each.cell for each in scores.get(choice.learner, ())}:
        yield f"{where}: the gradebook lacks its marks; run heatproof autograde {assignment}, then decide."
    if choice.evidence and choice.evidence != plan.evidence:
        yield f"{where}: it was marked anew since you read it; read it again, then decide."
    if choice.stands and choice.stands != plan.stands:
        yield f"{where}: somebody decided on it since you read it; read it again, then decide."
    if not choice.levels:
        yield f"{where}: no level is given; give one as {plan.parts[0].name}=1."
    parts = {part.name: part for part in plan.parts}
    for name, level in choice.levels.items():
        if name not in parts:
            yield f"{where}: there is no component {name[:40]!r}; {_ended(did_you_mean(name, parts))}"
        elif not 0 <= level <= parts[name].most:
            yield f"{where}: {name}={level} is no level; give a whole number from 0 to {parts[name].most}."
    if not plain(choice.reason):
        yield f"{where}: there is no reason; write one that the learner may read."
    elif len(plain(choice.reason)) > MOST_REASON:
        yield f"{where}: the reason has more than {MOST_REASON} characters; say it shorter."


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith("?") else f"{sentence}."


def _no_plan(choice: Choice, plans: Plans) -> str:
    own = [question for learner, question in plans if learner == choice.learner]
    if own:
        return f"there is no plan of this name; {did_you_mean(choice.question, own)}"
    if not plans:
        return "no plan is marked here; run heatproof autograde first"
    return f"no plan of theirs is marked; {did_you_mean(choice.learner, {who for who, _ in plans})}"
