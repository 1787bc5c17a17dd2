"""Compare what people decided, as it was written down, with the marks by hand that the gradebook shows.

For verifying. A mark by hand is never changed here: whoever gave it says which of both is right. Refuses to
know how a decision is made.
"""

from collections.abc import Iterator
from pathlib import Path

from autograders.chained import hash_of
from autograders.compared_views import Difference
from autograders.gradebook import gradebook_is_there, open_gradebook
from autograders.gradebook_reading import Score
from autograders.heads import PEOPLE, heads_gone
from autograders.people_log import (
    Decision,
    Standing,
    decision_for,
    decisions,
    is_behind,
    people_path,
    standing_marks,
)
from autograders.results import LogFault


def decision_differences(folder: Path, assignment: str) -> Iterator[Difference]:
    """Yield what is wrong with the log of people's decisions, and where a mark by hand is not as it says."""
    where = f"results/{people_path(folder, assignment).name}"
    try:
        heads = {hash_of(each.line()) for each in decisions(folder, assignment)}
    except LogFault as fault:
        yield Difference.of_fault("people", fault)
        return
    if gone := heads_gone(folder, f"{assignment}{PEOPLE}", heads.__contains__):
        yield Difference(
            "people",
            where,
            f"decisions were taken away or written anew: the audit log knows that it once ended with "
            f"{gone[-1][:16]}…",
            "bring back your copy of it, or a backup that has them (heatproof restore)",
        )
    if is_behind(folder, assignment):
        what = "a stop came before the gradebook showed all that was decided"
        yield Difference("people", where, what, f"heatproof autograde {assignment} shows the rest")
    elif (marks := standing_marks(folder, assignment)) and gradebook_is_there(folder):
        with open_gradebook(folder) as grades:
            scores = grades.scores(assignment)
        yield from _other_marks(assignment, marks, scores)


def _other_marks(assignment: str, marks: Standing, scores: dict[str, list[Score]]) -> Iterator[Difference]:
    """Yield the marks by hand that differ; one at which a person must look again is told by the queue."""
    for (learner, cell), decided in marks.items():
        for score in scores.get(learner, ()):
            if score.cell == cell and not score.waiting and decision_for(learner, score, marks) is None:
                yield _other_mark(assignment, decided, score)


def _other_mark(assignment: str, decided: Decision, score: Score) -> Difference:
    stands = "no mark by hand stands" if not score.by_hand else f"{score.points:g} of {score.out_of:g} stands"
    return Difference(
        "people",
        f"gradebook, {decided.learner}, {decided.cell}",
        f"{stands}, and {decided.marker} wrote down {decided.points(score.out_of):g}",
        "give the right one, with a reason: heatproof override "
        f"{assignment} {decided.learner} {decided.question} {decided.component}=LEVEL",
    )
