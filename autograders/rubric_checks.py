"""What can be wrong in a rubric beyond its form: a pattern that cannot be read, a name that nothing has.

For `read_rubric`. Looks at half-wrong files, so that an author is told everything at once; refuses to try the
examples (`judging.proof` does).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from autograders.judging.patterns import Families, PatternFault, expression
from autograders.rubric import DERIVED, FEELINGS, FLAGS, OF_THE_WHOLE, TAKEN, named
from course.engine.faults import Fault, did_you_mean
from course.engine.references import named_as_its_file
from course.engine.yaml_reading import Document


def named_as_its_file_is(document: Document) -> Iterator[Fault]:
    """Yield the id where keys would not find it: a key names a rubric by its file."""
    yield from named_as_its_file(document, "id")


def notation(document: Document) -> Iterator[Fault]:
    """Yield every pattern and family that cannot be read."""
    asking = ("behaviours.*.patterns.*", "behaviours.*.unless.*", "flags.*.patterns.*", "flags.*.unless.*")
    patterns = [(place, str(phrase)) for where in asking for place, phrase in document.find(where)]
    groups = [
        (place, [str(phrase) for phrase in group] if isinstance(group, tuple) else [])
        for place, group in document.find("families.*")
    ]
    try:
        known = Families([phrase for _, group in groups for phrase in group] + [each for _, each in patterns])
    except PatternFault as fault:
        yield _told(document, ("families",), fault)
        return
    for place, group in groups:
        for phrase in group:
            yield from _tried(document, place, phrase, known)
        try:
            known.add(str(place[-1]), group)
        except PatternFault:
            known[str(place[-1])] = "x"  # what asks for it is not at fault
    for place, phrase in patterns:
        yield from _tried(document, place, phrase, known)


def _tried(document: Document, place: Any, phrase: str, known: Families) -> Iterator[Fault]:
    try:
        expression(phrase, known)
    except PatternFault as fault:
        yield _told(document, place, fault)


def _told(document: Document, place: Any, fault: PatternFault) -> Fault:
    what, _, cure = str(fault).partition("; ")
    return document.fault(place, what, cure)


def references(document: Document) -> Iterator[Fault]:
    """Yield every behaviour, flag or component whose name does not fit."""
    data = document.data if isinstance(document.data, dict) else {}
    behaviours = _known_behaviours(data)
    flags = [*dict.fromkeys((*FLAGS, *(data.get("flags") or {})))]
    for place, flag in document.find("components.*.caps.*.flag"):
        if flag not in flags:
            yield document.fault(place, f"no flag {flag!r}", did_you_mean(str(flag), flags))
    for flag in data.get("flag_words") or {}:
        if flag not in flags:
            yield document.fault(("flag_words", flag), f"no flag {flag!r}", did_you_mean(str(flag), flags))
    for flag in OF_THE_WHOLE:
        if data and flag not in (data.get("flag_words") or {}):
            what = f"'flag_words' has no better way for {flag!r}"
            yield document.fault(("flag_words",), what, "write one sentence for it")
    for flag in data.get("flags") or {}:
        if flag not in (data.get("flag_words") or {}):
            what = f"'flag_words' has no better way for {flag!r}"
            yield document.fault(("flags", flag), what, "write one sentence for it there")
        if flag in (data.get("behaviours") or {}):
            what = f"{flag!r} is a behaviour as well"
            yield document.fault(("flags", flag), what, "call one of them something else")
    for place, when in document.find("components.*.levels.*.when"):
        for name in named(str(when)):
            if name not in behaviours:
                bare = name.removesuffix(" here")
                tied = bare != name and bare in behaviours
                cure = f"add 'bound: true' to {bare!r}" if tied else did_you_mean(name, behaviours)
                yield document.fault(place, f"no behaviour {name!r}", cure)
    for place, name in document.find("components.*.caps.*.unless"):
        if name not in behaviours:
            yield document.fault(place, f"no behaviour {name!r}", did_you_mean(str(name), behaviours))
    for name in data.get("components") or {}:
        if name in TAKEN:
            what = f"a component cannot be called {name!r}"
            yield document.fault(("components", name), what, "cells and columns have that name; find another")


def _known_behaviours(data: Mapping[str, Any]) -> list[str]:
    """Return what a table may ask for: behaviours, those that are tied to the case, and what is derived."""
    own: Mapping[str, Any] = data.get("behaviours") or {}
    bound = [name for name, item in own.items() if isinstance(item, dict) and item.get("bound") is True]
    return [*own, *(f"{name} here" for name in (*bound, *FEELINGS)), *DERIVED]
