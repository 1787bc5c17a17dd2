"""The objectives of the course: every point that it has to teach, read from `objectives.yaml`.

For keys, whose items name them, for blueprints and for the map of the course. Refuses to know where a point
is taught or asked.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, RootModel, WithJsonSchema

from course.engine.faults import Fault, did_you_mean
from course.engine.model_reading import Written
from course.engine.yaml_reading import Document, Steps, read_document

FILE = Path(__file__).with_name("objectives.yaml")


class Objectives(RootModel[Mapping[str, str]]):
    """What `objectives.yaml` says: point, and what it is about."""


@cache
def objectives() -> Mapping[str, str]:
    """Return the points in their order, each with what it is about."""
    return Objectives.model_validate(read_document(FILE).data).root


def _as_list(given: Any) -> Any:
    return (given,) if isinstance(given, str) else given


Named = Annotated[
    tuple[str, ...],
    BeforeValidator(_as_list),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": list(objectives())},
                {"type": "array", "items": {"enum": list(objectives())}, "minItems": 1, "uniqueItems": True},
            ]
        }
    ),
]
"""One point or several; the first is the one that a blueprint counts."""

ItemComponent = Literal[
    "hear", "empathise", "apologise", "act", "order", "calm", "reading", "standards", "whole"
]
"""What an item is about: a step of HEAT, their order, one's own calm, reading the customer, the standards of
service, or a whole call."""

Difficulty = Literal["easy", "middle", "hard"]


class Described(Written):
    """What is known of an item. What a question says of itself holds for all its items that say nothing."""

    objective: Named = Field(default=(), description="The points that it asks for, the main one first.")
    component: ItemComponent | None = Field(
        default=None, description="The part of the work that it is about."
    )
    difficulty: Difficulty | None = None
    provenance: Annotated[str, Field(min_length=1)] | None = Field(
        default=None, description="'own', or the source that it is made from."
    )


class Row(Written):
    """A line of a blueprint: how many items a point has, and how many points they give together."""

    items: int = Field(ge=1)
    points: float = Field(gt=0)


def blueprint_names_points(document: Document) -> Iterator[Fault]:
    """Yield a fault for every line of a blueprint that is about no point."""
    for place, _ in document.find("blueprint.*"):
        point = str(place[-1])
        if point not in objectives():
            yield document.fault(place, f"no objective {point!r}", did_you_mean(point, objectives()))


def objectives_exist(document: Document, pattern: str) -> Iterator[Fault]:
    """Yield a fault for every point that the items in a place name and that is none."""
    for place, named in document.find(f"{pattern}.objective"):
        points = (named,) if isinstance(named, str) else named if isinstance(named, tuple) else ()
        yield from points_exist(document, place[:-1], points)


def points_exist(document: Document, place: Steps, points: Sequence[Any]) -> Iterator[Fault]:
    """Yield a fault for every point of a list that is none, or that stands there twice."""
    for at, point in enumerate(points):
        if isinstance(point, str) and point not in objectives():
            what = f"no objective {point!r}"
            yield document.fault((*place, "objective"), what, did_you_mean(point, objectives()))
        elif point in points[:at]:
            what = f"the objective {point!r} stands twice"
            yield document.fault((*place, "objective"), what, "delete one")
