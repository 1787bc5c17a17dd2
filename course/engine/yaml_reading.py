"""Read one YAML file strictly, and remember the line of everything in it.

For the readers of scenarios, exercises, words, keys and rubrics. Knows YAML and its traps; refuses to know
what the files mean: `model_reading` does that.

Stricter than YAML on purpose. Anchors, tags and second documents are refused (an alias can hide a bomb, and
no author here needs one); a key written twice is a fault, not a silent loss; and `no`, `yes`, `on` and `off`
must say whether they are words or truth values.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from yaml.composer import Composer

from course.engine.faults import Fault, Faults, shown

MOST_BYTES = 1024 * 1024
MOST_DEPTH = 16

Steps = tuple[str | int, ...]
"""Where something stands in a document: ("scenes", "opening", "options", 0, "to")."""

_TRAPS = frozenset(["yes", "no", "on", "off", "y", "n"])
_TRUTH = {"true": True, "false": False}
_NOTHING = ("", "~", "null")


@dataclass(frozen=True)
class Document:
    """What a file says, as dicts, tuples and scalars, with the line of every key and value."""

    file: str
    data: Any
    lines: Mapping[Steps, int]
    faults: tuple[Fault, ...] = ()

    def line(self, path: Steps) -> int:
        """Return the line of a place, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def fault(self, path: Steps, what: str, cure: str = "") -> Fault:
        """Return a fault at a place of this document."""
        return Fault(self.file, self.line(path), what, cure)

    def find(self, pattern: str) -> Iterator[tuple[Steps, Any]]:
        """Yield (place, value) for a dotted pattern such as `scenes.*.options.*.to`.

        What is not there is passed over: a check that uses this can look at a half-wrong file, so that an
        author is told everything at once.
        """
        found: list[tuple[Steps, Any]] = [((), self.data)]
        for step in pattern.split("."):
            found = [
                ((*path, key), value)
                for path, here in found
                for key, value in _inside(here)
                if step in ("*", key)
            ]
        yield from found


def read_document(path: Path) -> Document:
    """Read a YAML file; raise `Faults` where it cannot be read at all.

    What can be read past (a key written twice, a bare `no`) is kept in the document's `faults`.
    """
    file = shown(path)
    return _read_once(_text(path, file), file)


@lru_cache(maxsize=64)
def _read_once(text: str, file: str) -> Document:
    """Read a text once: keys and lessons name the same scenario many times, and nobody changes a document."""
    return document_of(text, file)


def document_of(text: str, file: str) -> Document:
    """Read YAML that stands inside another file; put empty lines before it to keep that file's lines."""
    try:
        node = _node(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Faults([Fault(file, mark.line + 1 if mark else 1, *_said(error))]) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        what = f"the character U+{int(error.character):04X} cannot stand in a YAML file"
        raise Faults([Fault(file, line, what, "delete it")]) from None
    if node is None:
        raise Faults([Fault(file, 0, "the file is empty", "write it, or delete it")])
    lines: dict[Steps, int] = {}
    faults: list[Fault] = []
    data = _value(node, (), file, lines, faults)
    return Document(file, data, lines, tuple(faults))


def _node(text: str) -> Any:
    """Return the node of a text; where the quick way finds a fault, the other one says what it is."""
    if _Quick is not None:
        try:
            return _composed(_Quick(text))
        except yaml.YAMLError:
            pass
    return _composed(_Loader(text))


def _composed(loader: Any) -> Any:
    try:
        return loader.get_single_node()
    finally:
        loader.dispose()


def _text(path: Path, file: str) -> str:
    try:
        with path.open("rb") as opened:
            raw = opened.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise Faults([Fault(file, 0, "there is no such file", "check its name and folder")]) from None
    except OSError as error:
        raise Faults(
            [Fault(file, 0, f"cannot be opened ({error.strerror})", "check that it is a file")]
        ) from None
    if len(raw) > MOST_BYTES:
        raise Faults([Fault(file, 0, "is larger than 1 MiB", "split it, or look what got pasted into it")])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        what = f"the byte 0x{raw[error.start]:02X} is not UTF-8"
        raise Faults([Fault(file, line, what, "save the file with the encoding UTF-8")]) from None


class _Strict(Composer):
    """Composes nodes with marks; refuses anchors, aliases, tags and great depth where they stand."""

    _depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event: Any = self.peek_event()  # type: ignore[attr-defined]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _refusal("anchors and aliases (& and *) are not used here", event)
        if getattr(event, "tag", None):
            raise _refusal(f"tags such as {event.tag!r} are not used here", event)
        if self._depth >= MOST_DEPTH:
            raise _refusal(f"lists and maps are nested more than {MOST_DEPTH} deep", event)
        self._depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1


class _Loader(_Strict, yaml.SafeLoader):
    """Reads with PyYAML's own parser, whose words for a fault we know."""


try:

    class _Quick(_Strict, yaml.CSafeLoader):
        """Reads with libyaml's parser, in a fraction of the time."""

        def __init__(self, text: str) -> None:
            yaml.CSafeLoader.__init__(self, text)
            Composer.__init__(self)

except AttributeError:  # a PyYAML that was built without libyaml
    _Quick = None  # type: ignore[assignment, misc]


class _Refused(yaml.MarkedYAMLError):
    pass


def _refusal(what: str, event: Any) -> _Refused:
    return _Refused(None, None, what, event.start_mark)


def _said(error: yaml.MarkedYAMLError) -> tuple[str, str]:
    """Return the fault and the cure of an error of the YAML scanner, in words for people."""
    problem = error.problem or "this is not YAML"
    if isinstance(error, _Refused):
        return problem, "write the text out"
    cures = {
        "mapping values are not allowed here": "put quotes round a text that holds ': '",
        "found character '\\t' that cannot start any token": "indent with spaces, not with tabs",
        "found unexpected end of stream": "close the quotes",
        "but found another document": "delete the line '---'",
        "cannot start any token": "put quotes round the text",
        "could not find expected ':'": "write 'key: value', or check the indentation",
        "expected <block end>": "check the indentation, and quotes inside quotes",
    }
    cure = next(
        (cure for words, cure in cures.items() if words in problem), "check the indentation and the quotes"
    )
    return f"not YAML: {problem}", cure


def _value(node: yaml.Node, path: Steps, file: str, lines: dict[Steps, int], faults: list[Fault]) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return tuple(_value(item, (*path, i), file, lines, faults) for i, item in enumerate(node.value))
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, file, lines, faults)
    assert isinstance(node, yaml.ScalarNode)
    return _scalar(node, file, faults)


def _mapping(
    node: yaml.MappingNode, path: Steps, file: str, lines: dict[Steps, int], faults: list[Fault]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            faults.append(
                Fault(file, line, "a list or map cannot be a key", "put quotes round text in { } or [ ]")
            )
            continue
        if not key_node.style and key_node.value.lower() in _TRAPS:
            faults.append(_trap(file, line, key_node.value))
        key = key_node.value.encode("utf-8", "replace").decode()
        if key in values:
            first = lines[(*path, key)]
            faults.append(
                Fault(file, line, f"the key {key!r} stands twice (first in line {first})", "delete one")
            )
            continue
        lines[(*path, key)] = line
        values[key] = _value(value_node, (*path, key), file, lines, faults)
    return values


def _scalar(node: yaml.ScalarNode, file: str, faults: list[Fault]) -> str | int | float | bool | None:
    """Return a scalar as YAML 1.2 reads it, and so as editors do: 12:30 and 2024-01-01 stay text."""
    text = str(node.value)
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        faults.append(Fault(file, node.start_mark.line + 1, "half a character (a surrogate)", "write it out"))
        return text.encode("utf-8", "replace").decode()
    if node.style:  # quoted, or a block; a plain text has none
        return text
    if text.lower() in _TRAPS:
        faults.append(_trap(file, node.start_mark.line + 1, text))
        return text
    if text.lower() in _NOTHING:
        return None
    if text.lower() in _TRUTH:
        return _TRUTH[text.lower()]
    return _number(text)


def _number(text: str) -> int | float | str:
    digits = text.removeprefix("-")
    if not digits.isascii() or len(digits) > 15:
        return text
    if digits.isdigit():
        return int(text)
    whole, point, rest = digits.partition(".")
    return float(text) if point and whole.isdigit() and rest.isdigit() else text


def _trap(file: str, line: int, text: str) -> Fault:
    truth = "true" if text.lower() in ("yes", "on", "y") else "false"
    return Fault(file, line, f"a bare {text} can be read as {truth}", f"put it in quotes, or write {truth}")


def _inside(value: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, tuple):
        yield from enumerate(value)
