"""The lines of a marking run: one a hand-in, and a summary. For `heatproof autograde --json`."""

from typing import Literal

from autograders.lines.line import JsonLine, Whole
from autograders.summary import Line, Status, Summary


class SubmissionLine(JsonLine):
    """What became of one hand-in. `points` is null where nothing was marked, which is not zero."""

    kind: Literal["submission"] = "submission"
    assignment: str
    learner: str
    status: Status
    points: float | None
    out_of: float
    as_before: bool
    by_an_earlier_key: bool
    sentence: str


class SummaryLine(JsonLine):
    """What a marking run did; the last line of a run."""

    kind: Literal["summary"] = "summary"
    assignment: str
    graded: Whole
    needs_person: Whole
    refused: Whole
    failed: Whole
    as_before: Whole
    by_an_earlier_key: Whole
    head: str
    notes: tuple[str, ...]
    exit_status: Whole


def of_submission(assignment: str, line: Line) -> SubmissionLine:
    """Return the line of one hand-in."""
    return SubmissionLine(
        assignment=assignment,
        learner=line.learner,
        status=line.status,
        points=line.points,
        out_of=line.out_of,
        as_before=line.again,
        by_an_earlier_key=line.earlier,
        sentence=line.sentence,
    )


def of_summary(summary: Summary) -> SummaryLine:
    """Return the last line of a marking run."""
    return SummaryLine(
        assignment=summary.assignment,
        graded=summary.graded,
        needs_person=summary.needs_person,
        refused=summary.refused,
        failed=summary.failed,
        as_before=summary.marked_before,
        by_an_earlier_key=summary.by_an_earlier_key,
        head=summary.head,
        notes=tuple(filter(None, (*summary.notes, summary.to_regrade))),
        exit_status=summary.exit_status,
    )
