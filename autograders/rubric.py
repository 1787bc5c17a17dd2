"""The rubric as data: behaviours, anti-patterns, levels, caps and words, from YAML, proved by examples.

For the judge, for `heatproof check` and for instructors who change the file. Proves its own sentences;
refuses to know any learner. A file may say only what it adds to another one (`rubric_basis`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from autograders.judging.patterns import Families, Program, compiled, families
from autograders.rubric_basis import BASIS, document_with_its_basis, values_with_their_basis
from course.engine.faults import Faults, did_you_mean
from course.engine.places import course_folder, looked_up

if TYPE_CHECKING:
    from course.engine.yaml_reading import Document

SHIPPED = Path(__file__).resolve().parent / "rubrics"
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


@dataclass(frozen=True)
class Behaviour:
    """Something that people do in a plan; what each field says, `rubric_form` tells."""

    says: str
    patterns: Words
    accepts: Words
    rejects: Words
    bound: bool = False
    unless: Words = ()


@dataclass(frozen=True)
class AntiPattern(Behaviour):
    """Something that a plan must not do: a flag. `name` is what people see, where no words file has it."""

    name: str = ""


@dataclass(frozen=True)
class Row:
    """One row of a decision table."""

    level: int
    when: str


@dataclass(frozen=True)
class Cap:
    """A flag that holds a level down."""

    flag: str
    at_most: int
    unless: str = ""


@dataclass(frozen=True)
class Component:
    """One step of a plan: its decision table and its words."""

    name: str
    points: float
    levels: tuple[Row, ...]
    because: Mapping[str, str]
    next_step: Mapping[str, str]
    model: str
    top: int = 2
    meaning: str = ""
    caps: tuple[Cap, ...] = ()


@dataclass(frozen=True)
class Rubric:
    """A whole rubric file, what it is based on included."""

    id: str
    title: str
    families: Mapping[str, Words]
    behaviours: Mapping[str, Behaviour]
    flags: Mapping[str, AntiPattern]
    components: Mapping[str, Component]
    flag_words: Mapping[str, str]
    based_on: str | None = None
    recitals: Words = ()
    keywords: Words = ()
    general: Words = ()
    kin: tuple[Words, ...] = ()

    @cached_property
    def known(self) -> Families:
        """The families, read, with the vocabulary of all patterns."""
        asking = (*self.behaviours.values(), *self.flags.values())
        return families(
            self.families, [phrase for item in asking for phrase in (*item.patterns, *item.unless)]
        )

    @cached_property
    def programs(self) -> Mapping[str, tuple[Program, Program | None]]:
        """For each behaviour and flag the program of its patterns and that of its exceptions (None without
        any)."""
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


@looked_up
def rubric_path(name: str, start: Path | None = None) -> Path:
    """Return where a rubric lies."""
    folder = course_folder(start)
    own = folder / "autograders" / "rubrics" / f"{name}.yaml" if folder else None
    return own if own and own.is_file() else SHIPPED / f"{name}.yaml"


@cache
def load(path: Path) -> Rubric:
    """Read a rubric quickly; where anything is wrong, read it again slowly and raise every fault.

    The shipped file needs no look at its form: tests and `heatproof check` hold it against that.
    """
    try:
        values = values_with_their_basis(path, _values, _basis_path)
        read = rubric_of(values) if path.parent == SHIPPED else _of_good_form(values)
    except (OSError, LookupError, TypeError, ValueError, AttributeError, yaml.YAMLError):
        return read_rubric(path)
    return read if {*read.flags, *OF_THE_WHOLE} <= {*read.flag_words} else read_rubric(path)


def rubric_of(values: Mapping[str, Any]) -> Rubric:
    """Return the rubric of a file's values; TypeError where one is missing, unknown or of another shape."""
    parts = {
        "behaviours": {name: Behaviour(**item) for name, item in values["behaviours"].items()},
        "flags": {name: AntiPattern(**item) for name, item in values["flags"].items()},
        "components": {name: _component(item) for name, item in values["components"].items()},
    }
    return Rubric(**{**values, **parts})


def _component(values: Mapping[str, Any]) -> Component:
    tables = {
        "points": float(values["points"]),
        "levels": tuple(Row(**row) for row in values["levels"]),
        "caps": tuple(Cap(**cap) for cap in values.get("caps", ())),
    }
    return Component(**{**values, **tables})


def _of_good_form(values: Any) -> Rubric:
    """Return the rubric of values that are held against the form; ValueError where they do not fit."""
    from autograders.rubric_form import (
        Rubric as Form,  # pydantic: a judge of the shipped rubric starts sooner
    )

    return rubric_of(Form.model_validate(values).model_dump())


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
    from autograders.rubric_form import Rubric as Form
    from course.engine.model_reading import fit
    from course.engine.yaml_reading import read_document

    own = read_document(path)
    document = document_with_its_basis(own, _basis_of(own, path))
    form, faults = fit(document, Form)
    faults = [
        *document.faults,
        *faults,
        *(fault for check in (named_as_its_file_is, notation, references) for fault in check(document)),
    ]
    if faults or form is None:
        raise Faults(faults)
    read = rubric_of(form.model_dump())
    if misread := [document.fault(item.place, item.what, item.cure) for item in unproved(read)]:
        raise Faults(misread)
    return read


def _basis_of(own: "Document", path: Path) -> Any:
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
