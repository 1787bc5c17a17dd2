"""Cut a file of rated plans into lines with named values: CSV or JSON lines, and what is wrong with them.

For `rated_file`. Knows the two formats and their traps; refuses to know what a column means.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

SUFFIXES = (".csv", ".jsonl")
Tell = Callable[[int, str, str], None]


@dataclass(frozen=True)
class Line:
    """The values of one line by their names.

    A "head" has only the names of a table's columns; a "row" stands under it, and all its values are text; an
    "object" has names of its own and values of any kind. `number` counts from 1: the lines of the file up to
    where it begins, or the rows as a spreadsheet shows them, whatever line breaks stand in their cells.
    """

    number: int
    kind: Literal["head", "row", "object"]
    values: dict[str, Any]


def lines_of(text: str, suffix: str, tell: Tell, *, by_row: bool = False) -> Iterator[Line]:
    """Yield the lines of a file; `tell` is told (number, what, cure) of each that cannot be read.

    `by_row`: number a table's lines as a spreadsheet does.
    """
    yield from _table(text, tell, by_row=by_row) if suffix == ".csv" else _objects(text, tell)


def _table(text: str, tell: Tell, *, by_row: bool) -> Iterator[Line]:
    """Yield the head of a table and its rows; commas stand between cells, or semicolons."""
    head = text.partition("\n")[0]
    rows = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=";" if head.count(";") > head.count(",") else ",",
        strict=True,
    )
    names: list[str] = []
    start = 1
    try:
        for row in rows:
            number, start = start, (start if by_row else rows.line_num) + 1
            if not any(cell.strip() for cell in row):
                continue
            if names:
                if len(row) != len(names):
                    cure = "put quotes round a text with commas" if len(row) > len(names) else "fill them up"
                    tell(number, f"{len(row)} cells under {len(names)} columns", cure)
                    continue
                yield Line(number, "row", dict(zip(names, row, strict=True)))
                continue
            names = [cell.strip() for cell in row]
            if doubled := [name for name in dict.fromkeys(names) if names.count(name) > 1]:
                return tell(number, f"the column {doubled[0]!r} stands twice", "take one out")
            yield Line(number, "head", dict.fromkeys(names, ""))
    except csv.Error as fault:
        tell(start, f"not CSV ({fault})", "close the quotes, and write a quote inside a text twice")


def _objects(text: str, tell: Tell) -> Iterator[Line]:
    for number, written in enumerate(text.split("\n"), 1):
        if not written.strip():
            continue
        doubled: list[str] = []

        def once(pairs: list[tuple[str, Any]], doubled: list[str] = doubled) -> dict[str, Any]:
            names = [name for name, _ in pairs]
            doubled += [name for name in dict.fromkeys(names) if names.count(name) > 1]
            return dict(pairs)

        try:
            values = json.loads(written, object_pairs_hook=once)
        except (ValueError, RecursionError) as fault:
            tell(number, f"not JSON ({_said(fault)})", "write one JSON object a line")
            continue
        if not isinstance(values, dict):
            tell(number, "no JSON object", 'write {"id": …, "complaint": …, "plan": …, …}')
        elif doubled:
            tell(number, f"the key {doubled[0]!r} stands twice", "take one out")
        else:
            yield Line(number, "object", values)


def _said(fault: ValueError | RecursionError) -> str:
    if isinstance(fault, json.JSONDecodeError):
        return f"{fault.msg} at character {fault.colno}"
    return "nested too deep" if isinstance(fault, RecursionError) else str(fault)
