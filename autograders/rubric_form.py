"""What a rubric file may say: its form, which every file is held against, and its JSON Schema.

For `rubric`, which hands the values on as plain ones, and for `key_schemas`. The shipped rubric, which tests
hold against this form, is read without it, as a judge must start quickly. Refuses to read files.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, model_validator

from course.engine.model_reading import Written

MOST_LEVELS = 5
Level = Annotated[int, Field(ge=0, le=MOST_LEVELS)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*$")]
"""A component's: it ends the name of a graded cell (`plan_1_hear`), so it has no underscore."""
Words = tuple[str, ...]


def _may_be_partial(schema: dict[str, Any]) -> None:
    """For editors nothing is missing: a file may be based on another one that says it."""
    schema.pop("required", None)


class Part(Written):
    """A part of a rubric file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, json_schema_extra=_may_be_partial)


class Behaviour(Part):
    """Something that people do in a plan: how they put it, and sentences that prove the patterns.

    `bound`: a row of a table may ask for it as `… here`, that is tied to this customer's own case.
    """

    says: str
    bound: bool = False
    patterns: Words = Field(min_length=1)
    unless: Words = ()
    accepts: Words = Field(min_length=1)
    rejects: Words = Field(min_length=1)


class AntiPattern(Behaviour):
    """Something that a plan must not do: a flag. `name` is what people see, where no words file has it."""

    name: str = ""


class Row(Written):
    """One row of a decision table."""

    level: Level
    when: str


class Cap(Written):
    """A flag that holds a level down."""

    flag: str
    at_most: Level
    unless: str = ""


class Component(Part):
    """One step of a plan: its decision table and its words.

    `points` is its weight: what the highest level, `top`, earns; lower levels earn their share.
    """

    name: str
    points: Annotated[float, Field(gt=0)]
    top: Annotated[int, Field(ge=1, le=MOST_LEVELS)] = 2
    meaning: str = ""
    levels: tuple[Row, ...] = Field(min_length=1)
    caps: tuple[Cap, ...] = ()
    because: Mapping[str, str]
    next_step: Mapping[str, str]
    model: str

    @model_validator(mode="after")
    def _every_level_has_its_words(self) -> Self:
        if over := [row.level for row in self.levels if row.level > self.top]:
            raise ValueError(
                f"a row gives level {over[0]}, and the top is {self.top}; raise 'top', or lower it"
            )
        for field, words, last in (
            ("because", self.because, self.top),
            ("next_step", self.next_step, self.top - 1),
        ):
            wanted = [str(level) for level in range(last + 1)]
            if missing := [level for level in wanted if level not in words]:
                raise ValueError(
                    f"{field!r} has no words for level {missing[0]}; write one sentence for each"
                )
            if unknown := [level for level in words if level not in (*wanted, str(self.top))]:
                raise ValueError(
                    f"{field!r} speaks of a level {unknown[0]!r}; levels go from 0 to {self.top}"
                )
        return self


class Rubric(Part):
    """A whole rubric file, what it is based on included."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, json_schema_extra=_may_be_partial)

    id: str
    title: str
    based_on: str | None = Field(default=None, description="A rubric that this one adds to or changes.")
    families: Mapping[str, Words]
    behaviours: Mapping[str, Behaviour]
    flags: Mapping[str, AntiPattern]
    components: Mapping[Name, Component] = Field(min_length=1)
    flag_words: Mapping[str, str]
    recitals: Words = ()
    keywords: Words = ()
    general: Words = ()
    kin: tuple[Words, ...] = ()
