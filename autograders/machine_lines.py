"""The lines that `--json` writes, for programs: one JSON object a line, each with its kind and the format.

For `--json`. The models give the lines and their JSON Schema (autograders/schemas/lines.json), so
that neither can drift from the other. New fields may come; what is there keeps its name and meaning.
"""

import json
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from autograders.results import Status as Kept
from autograders.summary import Status
from autograders.verifying import Part

Whole = Annotated[int, Field(ge=0)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", from_attributes=True)


class JsonLine(_Part):
    """What all lines have: the number of their format."""

    format: Literal[1] = 1

    @property
    def text(self) -> str:
        """The line itself, without its line break; plain ASCII."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=True, allow_nan=False)


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


class DifferenceLine(JsonLine):
    """One thing that is not as the log says."""

    kind: Literal["difference"] = "difference"
    assignment: str
    part: Part
    where: str
    what: str
    cure: str
    repaired: bool


class VerifiedLine(JsonLine):
    """What became of one assignment in `verify`. `left`: the differences that are still there."""

    kind: Literal["verified"] = "verified"
    assignment: str
    records: Whole
    differences: Whole
    left: Whole
    head: str


class WhyPart(_Part):
    """One reason that reads differently: what it is about, what was and is said of it."""

    about: str
    before: str
    now: str


class CellPart(_Part):
    """One graded cell whose automatic mark would change; a mark `by_hand` stands."""

    cell: str
    before: float | None
    now: float | None
    out_of: float
    for_a_person_before: bool
    for_a_person: bool
    by_hand: float | None
    why: tuple[WhyPart, ...]


class ChangeLine(JsonLine):
    """One learner whose marks a regrade would change. `before` and `now` are the points that count."""

    kind: Literal["change"] = "change"
    assignment: str
    learner: str
    before: float | None
    now: float | None
    out_of: float
    status_before: Kept
    status: Kept
    cells: tuple[CellPart, ...]


class StaysLine(JsonLine):
    """One learner whose mark cannot be compared and so stays."""

    kind: Literal["stays"] = "stays"
    assignment: str
    learner: str
    why: str


class RegradeLine(JsonLine):
    """What a regrade would change or has written; the last line. `token` approves just this."""

    kind: Literal["regrade"] = "regrade"
    assignment: str
    token: str
    earlier: dict[str, Whole]
    to: str
    changed: Whole
    same: Whole
    reworded: Whole
    stays: Whole
    failed: tuple[str, ...]
    written: bool
    head: str
    exit_status: Whole


class BackupLine(JsonLine):
    """One backup that can be restored."""

    kind: Literal["backup"] = "backup"
    name: str
    when: str
    before: str
    assignments: tuple[str, ...]
    has_gradebook: bool


class ByHandPart(_Part):
    """One mark by hand that a restore changes; null: none."""

    learner: str
    assignment: str
    cell: str
    now: float | None
    then: float | None


class RestoreLine(JsonLine):
    """What a restore changes; `undo` is the backup of what stood before, empty when nothing was done."""

    kind: Literal["restore"] = "restore"
    backup: str
    results: dict[str, tuple[int, int]]
    by_hand: tuple[ByHandPart, ...]
    beside: tuple[str, ...]
    undo: str


class FaultLine(JsonLine):
    """Why a command could not be carried out."""

    kind: Literal["fault"] = "fault"
    sentence: str
    exit_status: Whole


AnyLine = Annotated[
    SubmissionLine
    | SummaryLine
    | DifferenceLine
    | VerifiedLine
    | ChangeLine
    | StaysLine
    | RegradeLine
    | BackupLine
    | RestoreLine
    | FaultLine,
    Field(discriminator="kind"),
]


class OutputLine(RootModel[AnyLine]):
    """One line of `heatproof … --json`."""
