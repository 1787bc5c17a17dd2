"""What all lines of `--json` have in common, and the line that tells a fault.

For the other modules of this folder and for the command line. Refuses to print.
"""

import json
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Whole = Annotated[int, Field(ge=0)]


class JsonLine(BaseModel):
    """What all lines have: the number of their format."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    format: Literal[1] = 1

    @property
    def text(self) -> str:
        """The line itself, without its line break; plain ASCII."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=True, allow_nan=False)


class FaultLine(JsonLine):
    """Why a command could not be carried out."""

    kind: Literal["fault"] = "fault"
    sentence: str
    exit_status: Whole
