"""Take answers out of a notebook file without opening it as a notebook: strict JSON, answer cells only.

For restoring, handing in and both marking doors. Metadata, outputs, the order of cells and extra cells
change nothing. Refuses to run anything, to follow links, and to know what the answers mean.
"""

import errno
import json
import os
import stat
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from course.engine.literal import read_cell
from course.engine.values import Refused, Value, canonical

MAX_NOTEBOOK: Final = 2 * 1024 * 1024
"""Bytes of a notebook file."""
MAX_JSON_DEPTH: Final = 64
"""Lists and objects inside each other in a JSON file."""
PLAYER: Final = "_player"
"""The player below the answer cell of `plan_1` has the grade id `plan_1_player`."""
SAVE_AGAIN: Final = "Open it in Jupyter, save it, and use the saved file."


@dataclass(frozen=True)
class NotebookAnswers:
    """What a notebook's answer cells say.

    `values`: None where a question is not answered or its cell was refused. `refusals`: a sentence for each
    refused cell. `doubles`: all the values of a question whose cell stands more than once with different
    values. `missing`: questions without a cell.
    """

    values: Mapping[str, Value | None]
    refusals: Mapping[str, str] = field(default_factory=dict)
    doubles: Mapping[str, tuple[Value | None, ...]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


def read_bytes(path: Path, limit: int) -> bytes:
    """Return the bytes of a regular file of at most `limit` bytes; else raise Refused. Follow no link."""
    flags = (
        os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    )
    try:
        handle = os.open(path, flags)
    except FileNotFoundError:
        raise Refused(f"{path.name}: there is no such file. Check its name and folder.") from None
    except (OSError, ValueError) as fault:
        raise Refused(
            f"{path.name}: the file cannot be read ({_reason(fault)}). Is it a file, and yours?"
        ) from None
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise Refused(f"{path.name}: this is not a file. Hand in the notebook itself, not a folder.")
        data = _read_at_most(handle, limit + 1)
    except OSError as fault:
        raise Refused(f"{path.name}: the file cannot be read ({_reason(fault)}). Please try again.") from None
    finally:
        os.close(handle)
    if len(data) > limit:
        raise Refused(too_large(path.name, limit))
    return data


def too_large(where: str, limit: int) -> str:
    """Return the sentence for a file that is larger than `limit` bytes."""
    cure = (
        "Clear all outputs and save it again."
        if limit == MAX_NOTEBOOK
        else "Hand in the notebook without it."
    )
    return f"{where}: the file is larger than {_size(limit)}. {cure}"


def _read_at_most(handle: int, count: int) -> bytes:
    data = b""
    while len(data) < count and (more := os.read(handle, count - len(data))):
        data += more
    return data


def _reason(fault: Exception) -> str:
    if isinstance(fault, OSError) and fault.errno == errno.ELOOP:
        return "it is a link"
    return os.strerror(fault.errno) if isinstance(fault, OSError) and fault.errno else "its name is not valid"


def _size(limit: int) -> str:
    return f"{limit // 1024**2} MiB" if limit >= 1024**2 else f"{limit // 1024} KiB"


def read_json(data: bytes, where: str, *, cure: str = SAVE_AGAIN) -> Any:
    """Return what a JSON file says. Raise Refused if it is not UTF-8, deep, or has a key twice or NaN.

    One byte order mark is forgiven. Numbers too long to be read come back as floats. `cure`: the sentence
    that ends a refusal.
    """
    if not data.strip():
        raise Refused(f"{where}: the file is empty. {cure}")
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as fault:
        raise Refused(f"{where}: byte {fault.start + 1} is not UTF-8 text. {cure}") from None
    try:
        read = json.loads(
            text, object_pairs_hook=_once, parse_constant=_no_constant, parse_int=_whole, parse_float=float
        )
    except _Told as fault:
        raise Refused(f"{where}: {fault}. {cure}") from None
    except RecursionError:
        raise Refused(f"{where}: the file is nested too deeply. {cure}") from None
    except ValueError as fault:
        line = f"line {fault.lineno}: " if isinstance(fault, json.JSONDecodeError) else ""
        raise Refused(
            f"{where}: {line}this is not whole JSON; the file may be half-written. {cure}"
        ) from None
    if _too_deep(read):
        raise Refused(f"{where}: the file is nested too deeply. {cure}")
    return read


class _Told(Exception):
    """A fault found inside the JSON parser, in words."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise _Told(f"the key {twice[:40]!a} stands twice in one object")
    return read


def _no_constant(sign: str) -> Any:
    raise _Told(f"{sign} is no number that JSON knows")


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) <= 40 else float(digits)


def _too_deep(read: Any) -> bool:
    level = [read]
    for _ in range(MAX_JSON_DEPTH):
        level = [part for each in level for part in _inside(each) if isinstance(part, dict | list)]
        if not level:
            return False
    return True


def _inside(each: Any) -> Collection[Any]:
    return each.values() if isinstance(each, dict) else each if isinstance(each, list) else ()


def read_notebook(source: Path | bytes, names: Collection[str]) -> NotebookAnswers:
    """Return the answers that a notebook gives to the questions `names`; no other cell is read.

    Raise Refused if the file is no notebook. A single bad cell is told in `refusals` and hurts no other.
    """
    where = source.name if isinstance(source, Path) else "notebook"
    data = read_bytes(source, MAX_NOTEBOOK) if isinstance(source, Path) else source
    if len(data) > MAX_NOTEBOOK:
        raise Refused(too_large(where, MAX_NOTEBOOK))
    wanted = frozenset(names)
    texts: dict[str, dict[str, None]] = {}
    for name, text in _graded_sources(cells_of(read_json(data, where), where)):
        if name in wanted:
            texts.setdefault(name, {})[text] = None
    return _answers(names, texts)


def cells_of(read: Any, where: str) -> list[Any]:
    """Return the list of cells of a notebook's JSON. Raise Refused if there is none."""
    if isinstance(read, dict) and isinstance(read.get("worksheets"), list):
        raise Refused(f"{where}: the notebook is in an old format. {SAVE_AGAIN}")
    if not isinstance(read, dict) or not isinstance(read.get("cells"), list):
        raise Refused(f"{where}: this is not a notebook, it has no list of cells. {SAVE_AGAIN}")
    cells: list[Any] = read["cells"]
    return cells


def grade_id(cell: Any) -> str | None:
    """Return the nbgrader grade id of a cell; None if it has none."""
    for key in ("metadata", "nbgrader", "grade_id"):
        cell = cell.get(key) if isinstance(cell, dict) else None
    return cell if isinstance(cell, str) else None


def cell_text(cell: Any) -> str | None:
    """Return the source of a cell, kept as one text or a list of lines; None if it is neither."""
    source = cell.get("source") if isinstance(cell, dict) else None
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        return "".join(source)
    return source if isinstance(source, str) else None


def _graded_sources(cells: list[Any]) -> Iterator[tuple[str, str]]:
    for cell in cells:
        name, text = grade_id(cell), cell_text(cell)
        if name is not None and text is not None:
            yield name, text


def _answers(names: Collection[str], texts: Mapping[str, Collection[str]]) -> NotebookAnswers:
    values: dict[str, Value | None] = {}
    refusals: dict[str, str] = {}
    doubles: dict[str, tuple[Value | None, ...]] = {}
    for name in names:
        read: dict[bytes, Value | None] = {}
        for text in texts.get(name, ()):
            try:
                value = read_cell(text, name)
                read[canonical(value)] = value
            except Refused as fault:
                refusals.setdefault(name, str(fault))
        answered = [value for value in read.values() if value is not None]
        if len(read) > 1:
            doubles[name] = tuple(read.values())
        if len(answered) > 1:
            refusals.setdefault(name, _twice(name))
        values[name] = answered[0] if answered and name not in refusals else None
    return NotebookAnswers(values, refusals, doubles, tuple(name for name in names if name not in texts))


def _twice(name: str) -> str:
    return (
        f"{name}: the answer cell stands twice with different answers. Which one do you mean? "
        "Delete one of the two cells, save the notebook, and hand in again."
    )
