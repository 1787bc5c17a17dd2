"""Turn a YAML file into a frozen model, and tell every fault of the file at once.

For the readers of content. Knows how reading goes; refuses to know which models there are, and how pydantic's
errors read in plain words (`model_faults` does).
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from course.engine.faults import Fault, Faults
from course.engine.model_faults import faults_of
from course.engine.yaml_reading import Document, read_document


class Written(BaseModel):
    """What a person writes in YAML: nothing unknown, nothing converted, nothing changed afterwards.

    A model is built when it is first used: most rooms of the house use few of them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


W = TypeVar("W", bound=BaseModel)
Check = Callable[[Document], Iterator[Fault]]


def read_model(path: Path, model: type[W], *checks: Check) -> W:
    """Read a file into a model; raise `Faults` with all that is wrong in form and references."""
    document = read_document(path)
    value, faults = fit(document, model)
    faults = [*document.faults, *faults, *(fault for check in checks for fault in check(document))]
    if faults or value is None:
        raise Faults(faults)
    return value


def fit(document: Document, model: type[W]) -> tuple[W | None, list[Fault]]:
    """Return the model's value, or None and the faults of form; no line is complained of twice."""
    if not isinstance(document.data, dict):
        return None, [
            Fault(document.file, 0, "does not hold 'key: value' lines", "compare it with a shipped file")
        ]
    try:
        return model.model_validate(document.data), []
    except ValidationError as error:
        told = {fault.line for fault in document.faults}
        faults = faults_of(document, model.model_json_schema(), error)
        return None, [fault for fault in faults if fault.line not in told]
