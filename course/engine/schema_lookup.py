"""Look up in a JSON Schema which keys and words could have stood in a place of a document.

For `model_faults`, which offers them as a cure. Knows as much of JSON Schema as pydantic writes; refuses to
validate.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from course.engine.yaml_reading import Steps

Schema = Mapping[str, Any]


def known_keys(schema: Schema, place: Steps) -> set[str]:
    """Return the keys that a map in that place may have."""
    return {name for part in _parts(schema, place) for name in part.get("properties", {})}


def known_words(schema: Schema, place: Steps) -> list[str]:
    """Return the words that a value in that place may be, or the names that a key there may have."""
    around = [part["propertyNames"] for part in _parts(schema, place[:-1]) if "propertyNames" in part]
    parts = [choice for part in (*_parts(schema, place), *around) for choice in _choices(schema, part)]
    return [
        str(word) for part in parts for word in part.get("enum", [part["const"]] if "const" in part else [])
    ]


def _parts(schema: Schema, place: Steps) -> list[Schema]:
    """Return the parts of a JSON Schema that speak of a place; several where the schema leaves a choice."""
    parts = _choices(schema, schema)
    for step in place:
        parts = [
            choice for part in parts for child in _children(part, step) for choice in _choices(schema, child)
        ]
    return parts


def _children(part: Schema, step: str | int) -> Iterator[Schema]:
    if isinstance(step, int):
        yield from (part[key] for key in ("items",) if key in part)
    elif step in part.get("properties", {}):
        yield part["properties"][step]
    else:
        yield from part.get("patternProperties", {}).values()
        if isinstance(part.get("additionalProperties"), dict):
            yield part["additionalProperties"]


def _choices(root: Schema, part: Schema) -> list[Schema]:
    if "$ref" in part:
        part = root["$defs"][part["$ref"].rpartition("/")[2]]
    choices = [*part.get("anyOf", []), *part.get("oneOf", [])]
    return [found for choice in choices for found in _choices(root, choice)] if choices else [part]
