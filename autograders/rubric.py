"""The rubric as data: behaviours, anti-patterns, levels, caps and words, read from YAML and proved by
examples.

For the judge, for `heatproof check` and for instructors who change the file. Knows what a rubric may say and
that its own sentences hold; refuses to know any learner. A file may be based on another one and say only
what it adds or changes (`rubric_basis`).
"""

from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any, Self

import yaml
from pydantic import ConfigDict, Field, ValidationError, model_validator

from autograders.judging.patterns import Families, compiled, families
from autograders.rubric_basis import BASIS, document_with_its_basis, values_with_their_basis
from course.engine.faults import Faults, did_you_mean
from course.engine.model_reading import Written, fit
from course.engine.places import course_folder
from course.engine.yaml_reading import Document, read_document

SHIPPED = Path(__file__).resolve().parent / "rubrics"
MOST_LEVELS = 5
Level = Annotated[int, Field(ge=0, le=MOST_LEVELS)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*$")]
"""A component's: it ends the name of a graded cell (`plan_1_hear`), so it has no underscore."""
Words = tuple[str, ...]
FLAGS = (
    "interrupts", "argues", "minimises", "blames_customer", "blames_others", "non_apology", "overpromises",
    "passes_the_buck", "policy_shield", "hostile", "off_topic", "copied", "stuffed", "out_of_order",
)  # fmt: skip
GATES = ("off_topic", "copied", "stuffed")
OF_THE_WHOLE = (*GATES, "out_of_order")
"""Flags that no pattern finds: the judge gives them to a whole plan."""
DERIVED = ("commitment", "owned apology")
FEELINGS = ("feeling", "perspective")
"""Behaviours that are always looked at for their tie to the case."""
TAKEN = ("check", "player", "flag", "total")
"""What a component cannot be called: cells and columns have these names."""


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

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        ignored_types=(cached_property,),
        json_schema_extra=_may_be_partial,
    )

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

    @cached_property
    def known(self) -> Families:
        """The families, compiled."""
        return families(self.families)

    @cached_property
    def programs(self) -> Mapping[str, tuple[Any, Any]]:
        """For each behaviour and flag the compiled patterns and exceptions (None without any)."""
        return {
            name: (
                compiled(item.patterns, self.known),
                compiled(item.unless, self.known) if item.unless else None,
            )
            for name, item in {**self.behaviours, **self.flags}.items()
        }

    @cached_property
    def tied(self) -> tuple[str, ...]:
        """The behaviours that a table asks for as `… here`, beside the feelings, which always are."""
        asked = {name for part in self.components.values() for row in part.levels for name in named(row.when)}
        here = {name.removesuffix(" here") for name in asked if name.endswith(" here")}
        return tuple(sorted(here - set(FEELINGS)))


def rubric(name: str = "heat-plan", *, start: Path | None = None) -> Rubric:
    """Return a rubric by name: the course folder's own file first, then the shipped one; raise `Faults`.

    `start`: a folder in or under the course folder, the current one if not given.
    """
    return load(rubric_path(name, start))


def rubric_path(name: str, start: Path | None = None) -> Path:
    """Return where a rubric lies."""
    folder = course_folder(start)
    own = folder / "autograders" / "rubrics" / f"{name}.yaml" if folder else None
    return own if own and own.is_file() else SHIPPED / f"{name}.yaml"


@cache
def load(path: Path) -> Rubric:
    """Read a rubric quickly; where anything is wrong, read it again slowly and raise every fault."""
    try:
        read = Rubric.model_validate(values_with_their_basis(path, _values, _basis_path))
    except (OSError, LookupError, TypeError, yaml.YAMLError, ValidationError, UnicodeDecodeError):
        return read_rubric(path)
    return read if {*read.flags, *OF_THE_WHOLE} <= {*read.flag_words} else read_rubric(path)


@cache
def _values(path: Path) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return _tuples(yaml.load(path.read_bytes(), Loader=loader))


def _tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _tuples(item) for key, item in value.items()}
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


def _basis_path(name: str, path: Path) -> Path:
    """Return where the rubric lies that a file is based on: a sibling, else the shipped one of that name."""
    sibling = path.with_name(f"{name}.yaml")
    return sibling if sibling.is_file() and name != path.stem else SHIPPED / f"{name}.yaml"


def read_rubric(path: Path) -> Rubric:
    """Read a rubric strictly; raise `Faults` with every fault of form, reference and notation, or else with
    every example that the patterns misread."""
    from autograders.judging.proof import unproved
    from autograders.rubric_checks import named_as_its_file_is, notation, references

    own = read_document(path)
    document = document_with_its_basis(own, _basis_of(own, path))
    read, faults = fit(document, Rubric)
    faults = [
        *document.faults,
        *faults,
        *(fault for check in (named_as_its_file_is, notation, references) for fault in check(document)),
    ]
    if faults or read is None:
        raise Faults(faults)
    if misread := [document.fault(item.place, item.what, item.cure) for item in unproved(read)]:
        raise Faults(misread)
    return read


def _basis_of(own: Document, path: Path) -> Any:
    """Return the values of the rubric that a file is based on, None without one; raise `Faults`."""
    name = own.data.get(BASIS) if isinstance(own.data, dict) else None
    if not isinstance(name, str):
        return None
    basis = _basis_path(name, path)
    if not basis.is_file():
        known = sorted({file.stem for folder in (SHIPPED, path.parent) for file in folder.glob("*.yaml")})
        raise Faults([own.fault((BASIS,), f"no rubric {name!r}", did_you_mean(name, known))])
    values = _values(basis)
    if isinstance(values, dict) and BASIS in values:
        what = f"{name!r} is itself based on {values[BASIS]!r}"
        raise Faults([own.fault((BASIS,), what, f"name {values[BASIS]!r}, or take it over in full")])
    load(basis)
    return values


def named(when: str) -> list[str]:
    """Return the behaviours that a row's condition names."""
    head, _, rest = when.partition(" of ")
    items = rest.split(",") if rest and head.strip().isdigit() else when.split("+")
    return [item.strip() for item in items]
