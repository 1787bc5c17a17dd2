"""The lines of taking in: one a thing that arrived, and a summary. For `heatproof collect --json`."""

from typing import Literal

from autograders.intake.taken import Arrival, Outcome, Taken
from autograders.lines.line import JsonLine, Whole


class ArrivalLine(JsonLine):
    """What became of one thing that arrived. `learner` is null where nobody knows whose it is."""

    kind: Literal["arrival"] = "arrival"
    assignment: str
    name: str
    learner: str | None
    outcome: Outcome
    received: str
    sentence: str
    for_the_learner: str
    place: str


class CollectedLine(JsonLine):
    """What a run of taking in did; the last line. `there`: the hand-ins that are in submitted/ now."""

    kind: Literal["collected"] = "collected"
    assignment: str
    new: Whole
    replaced: Whole
    earlier: Whole
    before: Whole
    waits: Whole
    refused: Whole
    there: Whole
    exit_status: Whole


def of_arrival(assignment: str, arrival: Arrival) -> ArrivalLine:
    """Return the line of one thing that arrived."""
    return ArrivalLine(assignment=assignment, **vars(arrival))


def of_taken(taken: Taken) -> CollectedLine:
    """Return the last line of a run."""
    return CollectedLine(
        assignment=taken.assignment,
        new=len(taken.of("new")),
        replaced=len(taken.of("replaced")),
        earlier=len(taken.of("earlier")),
        before=len(taken.of("before")),
        waits=len(taken.of("waits")),
        refused=len(taken.of("refused")),
        there=taken.there,
        exit_status=taken.exit_status,
    )
