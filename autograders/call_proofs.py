"""Prove the table of a graded call: the scenario's best walk earns all, and its worst walk little.

For `checking`. Plays the walks that the scenario carries; refuses to read files itself.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from autograders.call_keys import CallQuestion
from autograders.calls import mark_call
from autograders.replaying import replay
from course.engine.content import Complaint, Scenario, scenario
from course.engine.faults import Fault, Faults
from course.engine.yaml_reading import Document

MOST_FOR_WORST = 0.35
"""The share of the points from which on a call that went wrong is marked too well."""


def table_holds(name: str, question: CallQuestion, path: Path, document: Document) -> Iterator[Fault]:
    """Yield the faults of a call's table; none where the scenario itself has faults, which are told there."""
    try:
        customer = scenario(question.scenario, start=path.resolve().parent)
    except Faults:
        return
    place = ("questions", name)
    if len(customer.walks.best.path) > question.most_moves:
        what = (
            f"the best walk has {len(customer.walks.best.path)} turns, and {question.most_moves} are marked"
        )
        yield document.fault((*place, "most_moves"), what, "allow more")
    earned = _earned(question, customer, customer.walks.best.path)
    for part, out_of in question.parts.items():
        if earned[part] < out_of:
            what = f"the best walk of {question.scenario!r} earns {earned[part]:g} of {out_of:g} for {part!r}"
            cure = "put a line for its ending and state first in the table"
            yield document.fault((*place, part), what, cure if part == "outcome" else "look at the scenario")
    worst = sum(_earned(question, customer, customer.walks.worst.path).values())
    if worst > MOST_FOR_WORST * question.points:
        what = f"the worst walk of {question.scenario!r} earns {worst:g} of {question.points:g} points"
        yield document.fault((*place, "outcome"), what, "give less for such an end")
    yield from _no_line_is_hidden(question, (*place, "outcome"), document)


def _earned(question: CallQuestion, customer: Scenario, walk: Sequence[str]) -> dict[str, float]:
    replayed = replay(customer, list(walk), _nobody, most=question.most_moves)
    return {part: mark_call(question, customer, part, replayed).points for part in question.parts}


def _nobody(_text: str, _complaint: Complaint) -> None:
    raise LookupError("a scenario's own walks hold no own words")


def _no_line_is_hidden(
    question: CallQuestion, place: tuple[str, str, str], document: Document
) -> Iterator[Fault]:
    """A line that says no more than one before it is never met."""
    for at, line in enumerate(question.outcome):
        for before in question.outcome[:at]:
            ends = not before.ends or (line.ends and set(line.ends) <= set(before.ends))
            if ends and before.anger in (None, line.anger) and before.trust in (None, line.trust):
                what = f"line {at + 1} of the table is never met"
                yield document.fault((*place, at), what, "put it before the line that takes all its calls")
                break
