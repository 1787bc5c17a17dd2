"""The form of deadlines.yaml: due times, grace, what late work loses, and what single learners are granted.

For the reader and the JSON Schema. Knows which keys and values there are; refuses to work anything out.
"""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from autograders.roster import is_id
from autograders.wall_time import SPAN, WRITTEN, read_span, read_wall_time, read_zone
from course.engine.content import Id, Text
from course.engine.model_reading import Written

HOURS = r"^[0-9]{1,5}([.][0-9]{1,2})?$"


def _reads(reader: Callable[[str], Any]) -> AfterValidator:
    """Return a validator that keeps a text as it stands, if it can be read."""

    def kept(text: str) -> str:
        reader(text)
        return text

    return AfterValidator(kept)


def _read_learner(text: str) -> None:
    if not is_id(text):
        raise ValueError(f"{text[:60]!r} cannot be a learner's id; write it as roster.csv has it")


Due = Annotated[str, _reads(read_wall_time), WithJsonSchema({"type": "string", "pattern": WRITTEN})]
Length = Annotated[str, _reads(read_span), WithJsonSchema({"type": "string", "pattern": SPAN})]
Zone = Annotated[str, _reads(read_zone)]
LearnerId = Annotated[str, _reads(_read_learner)]
Share = Annotated[float, Field(ge=0, le=1)]
Hours = Annotated[str, Field(pattern=HOURS)]


class Nothing(Written):
    """Late work loses nothing."""

    policy: Literal["none"]


class Zero(Written):
    """Late work earns nothing."""

    policy: Literal["zero"]


class PerDay(Written):
    """Each late day costs the same; a day that has begun counts."""

    policy: Literal["per_day"]
    share: Annotated[float, Field(gt=0, le=1)] | None = Field(
        default=None, description="The share of the learner's own points that a day costs: 0.1 is a tenth."
    )
    points: Annotated[float, Field(gt=0)] | None = Field(
        default=None, description="The points that a day costs, in the place of a share."
    )
    floor: Share = Field(default=0.0, description="The share of the points that is kept in any case.")
    most_days: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="No more days than these are counted."
    )
    zero_after: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="After so many late days nothing is kept."
    )

    @model_validator(mode="after")
    def _costs_one_or_the_other(self) -> "PerDay":
        if (self.share is None) == (self.points is None):
            raise ValueError("a late day must cost a share or points; write 'share: 0.1' or 'points: 2'")
        return self


class Curve(Written):
    """A table of hours, each with the share that is kept; straight lines between them."""

    policy: Literal["curve"]
    keeps: Mapping[Hours, Share] = Field(
        min_length=1, description="Late hours and the share of the points that is kept: {24: 0.8, 72: 0.5}."
    )

    @model_validator(mode="after")
    def _never_rises(self) -> "Curve":
        table = self.table
        for (hours, kept), (later, more) in pairwise(table):
            if later == hours:
                raise ValueError(f"{hours:g} hours stand twice; delete one")
            if more > kept:
                what = f"more is kept after {later:g} hours than after {hours:g}"
                raise ValueError(f"{what}; let the shares fall or stay")
        return self

    @property
    def table(self) -> tuple[tuple[float, float], ...]:
        """The hours in their order, each with the share kept; all is kept at 0 if nothing else is said."""
        points = sorted((float(hours), kept) for hours, kept in self.keeps.items())
        return tuple(points) if points[0][0] == 0 else ((0.0, 1.0), *points)


Policy = Annotated[Nothing | Zero | PerDay | Curve, Field(discriminator="policy")]


class Task(Written):
    """The rules of one assignment; what it leaves out is said for all at the top."""

    due: Due
    time_zone: Zone | None = None
    grace: Length | None = Field(default=None, description="How long after the due time nothing is lost.")
    late: Policy | None = Field(default=None, description="What late work loses.")


class Granted(Written):
    """What a learner is granted: for every assignment, or for one."""

    extension: Length | None = Field(default=None, description="How much later the due time is.")
    multiplier: Annotated[float, Field(ge=1, le=20)] | None = Field(
        default=None, description="How many times longer grace and late days or hours are."
    )
    waiver: Text | None = Field(default=None, description="Nothing is lost by lateness, for this reason.")
    why: Text | None = Field(default=None, description="The reason for an extension or a multiplier.")


class GrantedOnce(Granted):
    """What a learner is granted for one assignment."""

    due: Due | None = Field(default=None, description="A due time of their own.")


class GrantedLearner(Granted):
    """What a learner is granted for all assignments, and for single ones."""

    assignments: Mapping[Id, GrantedOnce] = Field(default_factory=dict)


class Deadlines(Written):
    """All rules of a course for late work."""

    time_zone: Zone = Field(description="Where the clock hangs that the due times mean: Europe/Berlin.")
    grace: Length | None = Field(default=None, description="For all assignments that say nothing else.")
    late: Policy | None = Field(default=None, description="For all assignments that say nothing else.")
    assignments: Mapping[Id, Task]
    learners: Mapping[LearnerId, GrantedLearner] = Field(default_factory=dict)
