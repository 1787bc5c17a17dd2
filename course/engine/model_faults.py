"""Say in plain words, with the line, what pydantic has against a document.

For `model_reading`. Knows pydantic's kinds of errors; refuses to know which models there are: what would have
been right it takes from their JSON Schema.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from course.engine.faults import Fault, did_you_mean, nearest
from course.engine.schema_lookup import known_keys, known_words
from course.engine.yaml_reading import Document, Steps

_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a map",
    "mapping_type": "a map",
    "model_type": "a map",
    "model_attributes_type": "a map",
}
_LIMITS = {
    "greater_than_equal": ("at least", "ge"),
    "less_than_equal": ("at most", "le"),
    "greater_than": ("more than", "gt"),
    "less_than": ("less than", "lt"),
}
_LETTERS = "use small letters and digits, with "
_PATTERNS = {
    r"^[a-z0-9]+(-[a-z0-9]+)*$": _LETTERS + "hyphens between words",
    r"^[a-z][a-z0-9]*$": "use small letters and digits, and nothing between them",
    r"^[a-z0-9]+([_-][a-z0-9]+)*$": _LETTERS + "hyphens or underscores between words",
    r"^[a-z][a-z0-9_]*$": _LETTERS + "underscores between words",
    r"^[a-z][a-z0-9_.-]*$": _LETTERS + "dots between words",
    r"^(<=|>=|==|<|>) ?(10|[0-9])$": "write a comparison with 0 to 10, such as '<= 6'",
}


def faults_of(document: Document, schema: Mapping[str, Any], error: ValidationError) -> list[Fault]:
    """Return one fault for each error of a validation."""
    errors = [dict(details) for details in error.errors(include_url=False)]
    meant = {_meant(schema, document, details) for details in errors if details["type"] == "extra_forbidden"}
    return [
        _fault(document, schema, details)
        for details in errors
        if not _echoes(details) and details["loc"] not in meant
    ]


def _meant(schema: Mapping[str, Any], document: Document, details: dict[str, Any]) -> tuple[str | int, ...]:
    """Return where the key that is misspelled here would stand; its absence is no fault of its own."""
    known = known_keys(schema, _place(document.data, details["loc"])[:-1])
    return (*details["loc"][:-1], nearest(str(details["loc"][-1]), known) or "")


def _echoes(details: dict[str, Any]) -> bool:
    """Return whether a list is called too short only because its items have faults of their own."""
    return details["type"] == "too_short" and bool(len(details["input"]) >= details["ctx"]["min_length"])


def _fault(document: Document, schema: Mapping[str, Any], details: dict[str, Any]) -> Fault:
    place = _place(document.data, details["loc"])
    name = str(details["loc"][-1]) if details["loc"] else ""
    kind, given, limits = details["type"], details["input"], details.get("ctx", {})
    where = named(document.data, place)
    here = f" in {where}" if where else ""
    match kind:
        case "extra_forbidden":
            return document.fault(
                place,
                f"unknown key {name!r}{_around(document, place)}",
                did_you_mean(name, known_keys(schema, place[:-1])),
            )
        case "missing":
            return document.fault(place, f"the key {name!r} is missing{here}", f"add '{name}: …'")
        case "union_tag_not_found":
            tag = str(limits.get("discriminator", "kind")).strip("'")
            return document.fault(place, f"the key {tag!r} is missing{here}", f"add '{tag}: …'")
        case "union_tag_invalid":
            tag = str(limits["discriminator"]).strip("'")
            known = [word.strip(" '") for word in str(limits["expected_tags"]).split(",")]
            cure = did_you_mean(str(limits["tag"]), known)
            return document.fault((*place, tag), f"no {tag} {limits['tag']!r}{here}", cure)
        case "literal_error" if name == "[key]":
            what = f"unknown key {given!r}{_around(document, place)}"
            return document.fault(place, what, did_you_mean(str(given), known_words(schema, place)))
        case "literal_error":
            known = known_words(schema, place)
            if not isinstance(given, str):
                return document.fault(
                    place, f"{where} is {_a(given)}, not a word", did_you_mean(str(given), known)
                )
            return document.fault(place, f"no {_last_word(place)} {given!r}", did_you_mean(given, known))
        case _ if given is None:
            return document.fault(place, f"{where} is empty", "write it, or delete the key")
    return document.fault(place, *_wrong_value(kind, where, given, limits, str(details["msg"])))


def _wrong_value(kind: str, where: str, given: Any, limits: Mapping[str, Any], said: str) -> tuple[str, str]:
    """Return fault and cure for a value of the wrong type or size."""
    if kind in _WANTED:
        wanted = _WANTED[kind]
        quotable = wanted == "text" and not isinstance(given, dict | tuple)
        return (
            f"{where} must be {wanted}, not {_a(given)}",
            "put it in quotes" if quotable else f"write {wanted}",
        )
    if kind in _LIMITS:
        words, limit = _LIMITS[kind]
        return f"{where} is {given}", f"it must be {words} {limits[limit]:g}"
    if kind in ("too_short", "string_too_short"):
        return f"{where} is too short", f"it needs at least {limits['min_length']}"
    if kind in ("too_long", "string_too_long"):
        return f"{where} is too long", f"it may have at most {limits['max_length']}"
    if kind == "string_pattern_mismatch":
        return f"{where} is written {given!r}", _PATTERNS.get(
            limits["pattern"], f"write it as {limits['pattern']}"
        )
    if kind == "value_error":
        what, _, cure = said.removeprefix("Value error, ").partition("; ")
        return f"{where}: {what}", cure
    return f"{where}: {said}", ""


def _place(data: Any, loc: tuple[str | int, ...]) -> Steps:
    """Return the steps of a pydantic location that stand in the file: no union's tag, no missing key."""
    steps: list[str | int] = []
    for step in loc:
        if isinstance(data, dict) and step in data:
            data = data[str(step)]
        elif isinstance(data, tuple) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            continue
        steps.append(step)
    return tuple(steps)


def named(data: Any, place: Steps) -> str:
    """Return a place in words: list items by their id where they have one, else counted from 1."""
    words: list[str] = []
    for step in place:
        data = data[step]
        if isinstance(step, int):
            words.append(_id(data) or f"#{step + 1}")
        else:
            words.append(step)
    return ".".join(words)


def _id(item: Any) -> str | None:
    """Return the id of a list's item where it has a plain one."""
    id_ = item.get("id") if isinstance(item, dict) else None
    return id_ if isinstance(id_, str) and id_.replace("-", "").isalnum() and len(id_) <= 40 else None


def _around(document: Document, place: Steps) -> str:
    around = named(document.data, place[:-1])
    return f" in {around}" if around else ""


def _last_word(place: Steps) -> str:
    return next((str(step) for step in reversed(place) if isinstance(step, str)), "value")


def _a(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case int() | float():
            return f"the number {value}"
        case tuple():
            return "a list"
        case dict():
            return "a map"
    return "a text"
