"""All kinds of lines, as one. For the JSON Schema of what `--json` writes."""

from typing import Annotated

from pydantic import Field, RootModel

from autograders.lines.line import FaultLine
from autograders.lines.of_intake import ArrivalLine, CollectedLine
from autograders.lines.of_keeping import (
    BackupLine,
    ChangeLine,
    DifferenceLine,
    RegradeLine,
    RestoreLine,
    StaysLine,
    VerifiedLine,
)
from autograders.lines.of_marking import SubmissionLine, SummaryLine
from autograders.lines.of_results import (
    ExportLine,
    FeedbackLine,
    PageLine,
    QuestionLine,
    ReportLine,
    ScoreLine,
)

AnyLine = Annotated[
    ArrivalLine
    | CollectedLine
    | SubmissionLine
    | SummaryLine
    | DifferenceLine
    | VerifiedLine
    | ChangeLine
    | StaysLine
    | RegradeLine
    | PageLine
    | FeedbackLine
    | ScoreLine
    | QuestionLine
    | ExportLine
    | ReportLine
    | BackupLine
    | RestoreLine
    | FaultLine,
    Field(discriminator="kind"),
]


class OutputLine(RootModel[AnyLine]):
    """One line of `heatproof … --json`."""
