"""The rubric as data: behaviours, anti-patterns, levels, caps and words, read from YAML and proved by
examples.

For the judge, for `heatproof check` and for instructors who change the file. Knows what a rubric may say and
that its
own sentences hold; refuses to know any learner.
"""

from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import ConfigDict, Field, ValidationError, field_validator

from autograders.judging.patterns import Families, PatternFault, compiled, expression, families
from course.engine.faults import Fault, Faults, did_you_mean
from course.engine.model_reading import Written, read_model
from course.engine.places import course_folder
from course.engine.yaml_reading import Document, read_document

Level = Annotated[int, Field(ge=0, le=2)]
Words = tuple[str, ...]
FLAGS = (
    "interrupts", "argues", "minimises", "blames_customer", "blames_others", "non_apology", "overpromises",
    "passes_the_buck", "policy_shield", "hostile", "off_topic", "copied", "stuffed", "out_of_order",
)  # fmt: skip
GATES = ("off_topic", "copied", "stuffed")
DERIVED = ("commitment", "owned apology")


class Behaviour(Written):
    """Something that people do in a plan: how they put it, and sentences that prove the patterns."""

    says: str
    bound: bool = False
    patterns: Words = Field(min_length=1)
    unless: Words = ()
    accepts: Words = Field(min_length=1)
    rejects: Words = Field(min_length=1)


class Row(Written):
    """One row of a decision table."""

    level: Level
    when: str


class Cap(Written):
    """A flag that holds a level down."""

    flag: str
    at_most: Level
    unless: str = ""


class Component(Written):
    """One of the four: its decision table and its words."""

    name: str
    points: Annotated[float, Field(gt=0)]
    levels: tuple[Row, ...] = Field(min_length=1)
    caps: tuple[Cap, ...] = ()
    because: Mapping[str, str]
    next_step: Mapping[str, str]
    model: str


class Rubric(Written):
    """A whole rubric file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, ignored_types=(cached_property,))

    id: str
    title: str
    families: Mapping[str, Words]
    behaviours: Mapping[str, Behaviour]
    flags: Mapping[str, Behaviour]
    components: Mapping[str, Component]
    flag_words: Mapping[str, str]
    recitals: Words = ()
    keywords: Words = ()
    general: Words = ()
    kin: tuple[Words, ...] = ()

    @field_validator("flag_words")
    @classmethod
    def _every_flag_has_a_better_way(cls, words: Mapping[str, str]) -> Mapping[str, str]:
        if missing := [flag for flag in FLAGS if flag not in words]:
            raise ValueError(f"no better way for {', '.join(missing)}; write one sentence for each")
        return words

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


def rubric(name: str = "heat-plan", *, start: Path | None = None) -> Rubric:
    """Return a rubric by name: the course folder's own file first, then the shipped one; raise `Faults`.

    `start`: a folder in or under the course folder, the current one if not given.
    """
    return load(rubric_path(name, start))


def rubric_path(name: str, start: Path | None = None) -> Path:
    """Return where a rubric lies."""
    folder = course_folder(start)
    own = folder / "autograders" / "rubrics" / f"{name}.yaml" if folder else None
    return own if own and own.is_file() else Path(__file__).parent / "rubrics" / f"{name}.yaml"


@cache
def load(path: Path) -> Rubric:
    """Read a rubric quickly; where anything is wrong, read it again slowly and raise every fault."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return Rubric.model_validate(_tuples(yaml.load(path.read_bytes(), Loader=loader)))
    except (OSError, yaml.YAMLError, ValidationError, UnicodeDecodeError):
        return read_rubric(path)


def _tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _tuples(item) for key, item in value.items()}
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


def read_rubric(path: Path) -> Rubric:
    """Read a rubric strictly; raise `Faults` with every fault of form, reference and notation, or else with
    every example that the patterns misread."""
    from autograders.judging.proof import unproved

    read = read_model(path, Rubric, _notation, _references)
    document = read_document(path)
    if faults := [document.fault(item.place, item.what, item.cure) for item in unproved(read)]:
        raise Faults(faults)
    return read


def _notation(document: Document) -> Iterator[Fault]:
    known = Families()
    for place, phrases in document.find("families.*"):
        for phrase in phrases if isinstance(phrases, tuple) else ():
            yield from _tried(document, place, str(phrase), known)
        try:
            known.update(families({str(place[-1]): [str(phrase) for phrase in phrases]}, known))
        except (PatternFault, TypeError):
            known[str(place[-1])] = "(?:_zzz )"
    for where in (
        "behaviours.*.patterns.*",
        "behaviours.*.unless.*",
        "flags.*.patterns.*",
        "flags.*.unless.*",
    ):
        for place, phrase in document.find(where):
            yield from _tried(document, place, str(phrase), known)


def _tried(document: Document, place: Any, phrase: str, known: Families) -> Iterator[Fault]:
    try:
        expression(phrase, known)
    except PatternFault as fault:
        what, _, cure = str(fault).partition("; ")
        yield document.fault(place, what, cure)


def _references(document: Document) -> Iterator[Fault]:
    data = document.data if isinstance(document.data, dict) else {}
    behaviours = [*(data.get("behaviours") or {}), *DERIVED]
    for place, flag in [*document.find("components.*.caps.*.flag")]:
        if flag not in FLAGS:
            yield document.fault(place, f"no flag {flag!r}", did_you_mean(str(flag), FLAGS))
    for where in ("flags", "flag_words"):
        for flag in data.get(where) or {}:
            if flag not in FLAGS:
                yield document.fault((where, flag), f"no flag {flag!r}", did_you_mean(str(flag), FLAGS))
    for place, when in document.find("components.*.levels.*.when"):
        for name in named(str(when)):
            if name not in behaviours:
                yield document.fault(place, f"no behaviour {name!r}", did_you_mean(name, behaviours))


def named(when: str) -> list[str]:
    """Return the behaviours that a row's condition names."""
    head, _, rest = when.partition(" of ")
    items = rest.split(",") if rest and head.strip().isdigit() else when.split("+")
    return [item.strip().removesuffix(" here") for item in items]
