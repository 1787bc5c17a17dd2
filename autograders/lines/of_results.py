"""The lines of what is made of marks. For `--json` of `heatproof feedback`, `export` and `report`."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from autograders.class_results import ClassResults
from autograders.export import QUESTIONS, SCORES, Table
from autograders.lines.line import JsonLine, Whole
from course.engine.faults import shown


class PageLine(JsonLine):
    """One feedback page that was written."""

    kind: Literal["page"] = "page"
    assignment: str
    learner: str
    path: str


class FeedbackLine(JsonLine):
    """How many feedback pages a run wrote; the last line."""

    kind: Literal["feedback"] = "feedback"
    assignment: str
    pages: Whole


class ScoreLine(JsonLine):
    """A row of exports/scores.csv. null: there is no such number, which is not zero."""

    kind: Literal["score"] = "score"
    learner: str
    first_name: str
    last_name: str
    email: str
    assignment: str
    status: Literal["graded", "needs a person", "refused", "not handed in"]
    points: float | None
    out_of: float | None
    waiting_for_a_person: Whole | None
    by_hand: Whole | None
    late_penalty: float | None
    late_rules: str
    received: str
    note: str
    log_head: str


class QuestionLine(JsonLine):
    """A row of exports/questions.csv: one graded cell of a learner."""

    kind: Literal["question"] = "question"
    learner: str
    assignment: str
    question: str
    points: float | None
    out_of: float
    automatic: float | None
    by_hand: bool
    waiting: bool
    marker: str
    reason: str


class ExportLine(JsonLine):
    """The tables that an export wrote, each with its rows; the last line."""

    kind: Literal["export"] = "export"
    rows: dict[str, Whole]


class ReportLine(JsonLine):
    """A class in numbers, and where its report is. Shares are from 0 to 1; null: nothing is marked."""

    kind: Literal["report"] = "report"
    path: str
    learners: Whole
    hand_ins: Whole
    refused: Whole
    median_share: float | None
    waiting: Whole


def of_pages(assignment: str, pages: Sequence[Path]) -> Iterator[JsonLine]:
    """Yield a line a page, and the last one."""
    for path in pages:
        yield PageLine(assignment=assignment, learner=path.parent.parent.name, path=shown(path))
    yield FeedbackLine(assignment=assignment, pages=len(pages))


def of_tables(scores: Table, questions: Table) -> Iterator[JsonLine]:
    """Yield a line a row of each table, and the last one."""
    for row in scores.rows:
        yield ScoreLine.model_validate(dict(zip(SCORES, row, strict=True)))
    for row in questions.rows:
        yield QuestionLine.model_validate(dict(zip(QUESTIONS, row, strict=True)))
    yield ExportLine(rows={shown(each.path): len(each.rows) for each in (scores, questions)})


def of_report(results: ClassResults, path: Path) -> ReportLine:
    """Return the line of a report."""
    return ReportLine(
        path=shown(path),
        learners=len(results.rows),
        hand_ins=results.hand_ins,
        refused=len(results.refused),
        median_share=results.median_share,
        waiting=results.cells_waiting,
    )
