"""What a words file may say: ids with their texts, whose braces hold names.

For `words`, the schemas and `heatproof check`. Refuses to know what is shown where.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, RootModel

from course.engine.faults import Fault
from course.engine.model_reading import read_model
from course.engine.words import values_of
from course.engine.yaml_reading import Document

WordId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.-]*$")]
Wording = Annotated[str, Field(min_length=1)]


class Words(RootModel[Mapping[WordId, Wording]]):
    """A flat map from id to text; `{name}` in a text is filled in when it is shown."""

    model_config = {"frozen": True, "strict": True}


def read(path: Path) -> Mapping[str, str]:
    """Read one words file; raise `Faults` with all that is wrong in it."""
    return read_model(path, Words, _values_are_named).root


def _values_are_named(document: Document) -> Iterator[Fault]:
    for place, text in document.find("*"):
        yield from _braces(document, place, text)


def _braces(document: Document, place: tuple[str | int, ...], text: Any) -> Iterator[Fault]:
    try:
        values_of(text if isinstance(text, str) else "")
    except ValueError as error:
        what = f"the braces of {place[-1]!r} do not hold a name ({error})"
        yield document.fault(place, what, "write {name}, or {{ for a brace itself")
