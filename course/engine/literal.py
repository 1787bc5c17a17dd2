"""Read and write the one line of an answer cell, `name = literal`, without ever running it.

For the notebook reader and the players. The text is cut into pieces in one pass and their order is
checked, so that only a flat, small assignment ever reaches Python's own parser; what comes back is read by
exact type. Refuses to know files.
"""

import ast
import json
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from course.engine.values import MAX_DEPTH, Refused, Value, check_value

MAX_CELL: Final = 16 * 1024
"""Bytes of one answer cell."""
MAX_NUMBER: Final = 40
"""Characters of one number, counted before Python is asked to make a number of it."""
AGAIN: Final = "Give the answer again in the player below: it writes this cell for you."

_IN_STRING: Final = re.compile(r"""["'\\\r\n]""")
"""One letter, so that the search never turns back."""

STRING, NUMBER, WORD, SIGN, BREAK = "string", "number", "word", "sign", "break"
_VALUES: Final = (STRING, NUMBER, WORD, "close")
_MEANT: Final = {
    "True": "True or False",
    "False": "True or False",
    "import": "an import",
    "from": "an import",
    "lambda": "a function",
    "def": "a function",
    "for": "a loop",
    "if": "a condition",
}


def read_cell(source: str, name: str) -> Value | None:
    """Return the value that an answer cell gives to `name`; None where it is not answered yet.

    Comments and a leading `name = None`, as a release has them, are allowed. Everything else but
    one assignment of one literal raises Refused with a sentence.
    """
    if len(source) > MAX_CELL or len(source.encode("utf-8", "surrogatepass")) > MAX_CELL:
        raise Refused(
            f"{name}: the answer cell is larger than {MAX_CELL // 1024} KiB. Please shorten the answer."
        )
    if "\0" in source or any("\ud800" <= letter <= "\udfff" for letter in source):
        raise Refused(
            f"{name}: the answer cell holds a broken letter. Delete it or type the text again. {AGAIN}"
        )
    _check_order(source, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            statements = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Refused(
            f"{name}: the answer cell is incomplete: a quote, a bracket or a comma is missing. {AGAIN}"
        ) from None
    values = [_assigned(statement, name) for statement in statements]
    if any(value is not None for value in values[:-1]):
        raise Refused(
            f"{name}: the answer cell holds more than one answer. Keep one line, {name} = … . {AGAIN}"
        )
    return None if not values or values[-1] is None else check_value(values[-1], name)


def cell_source(name: str, value: Value) -> str:
    """Return the line of an answer cell, `name = …`: JSON that is also a Python literal, and always one
    line.

    Raises Refused for a value that an answer cannot hold or that is too large for a cell.
    """
    literal = json.dumps(check_value(value, name), ensure_ascii=False, allow_nan=False)
    for breaks_lines in "\x85\u2028\u2029":
        literal = literal.replace(breaks_lines, f"\\u{ord(breaks_lines):04x}")
    line = f"{name} = {literal}"
    if len(line.encode("utf-8")) > MAX_CELL:
        raise Refused(f"{name}: the answer is larger than {MAX_CELL // 1024} KiB. Please shorten it.")
    return line


@dataclass(frozen=True)
class Piece:
    """A piece of a cell's text: its kind, where it begins and where it ends."""

    kind: str
    start: int
    end: int


def _pieces(source: str, name: str) -> Iterator[Piece]:
    """Cut a text into strings, numbers, words, signs and line breaks; spaces and comments are left out."""
    at = 0
    while at < len(source):
        letter = source[at]
        start = at
        if letter in "\"'":
            at = _end_of_string(source, at, name)
            yield Piece(STRING, start, at)
        elif letter in "\r\n":
            at += 1
            yield Piece(BREAK, start, at)
        elif letter in " \t":
            at += 1
        elif letter == "#":
            at = _end_of_line(source, at)
        elif _is_of_word(letter) or _begins_number(source, at):
            at = _end_of_run(source, at + 1, number=not (letter.isalpha() or letter == "_"))
            yield Piece(WORD if letter.isalpha() or letter == "_" else NUMBER, start, at)
        else:
            at += 1
            yield Piece(SIGN, start, at)


def _is_of_word(letter: str) -> bool:
    return letter.isascii() and (letter.isalnum() or letter == "_")


def _begins_number(source: str, at: int) -> bool:
    """Tell whether a sign or a point belongs to the number after it: -1, .5 or -.5."""
    at += source[at] == "-"
    at += source[at : at + 1] == "."
    return source[at : at + 1].isascii() and source[at : at + 1].isdigit()


def _end_of_line(source: str, at: int) -> int:
    while at < len(source) and source[at] not in "\r\n":
        at += 1
    return at


def _end_of_run(source: str, at: int, *, number: bool) -> int:
    """Return where a word or a number ends; the sign of an exponent belongs to its number."""
    while at < len(source) and (
        _is_of_word(source[at])
        or (number and (source[at] == "." or (source[at] in "+-" and source[at - 1] in "eE")))
    ):
        at += 1
    return at


def _end_of_string(source: str, start: int, name: str) -> int:
    quote = source[start]
    close = quote * 3 if source.startswith(quote * 3, start) else quote
    at = start + len(close)
    while found := _IN_STRING.search(source, at):
        at = found.start()
        if source.startswith(close, at):
            return at + len(close)
        if source[at] in "\r\n" and len(close) == 1:
            break
        at += 2 if source[at] == "\\" else 1
    raise _refusal("a text whose closing quote is missing", source, start, name)


def _refusal(what: str, source: str, at: int, name: str) -> Refused:
    line = source.count("\n", 0, at) + 1
    where = name if line == 1 else f"{name}, line {line}"
    return Refused(f"{where}: the answer cell holds {what}; only an answer may stand there. {AGAIN}")


def _check_order(source: str, name: str) -> None:
    """Let through only an order of pieces that cannot nest without a bracket: no call, no calculation."""
    before, depth = BREAK, 0
    for piece in _pieces(source, name):
        text = source[piece.start : piece.end]
        kind = {"[": "open", "{": "open", "(": "open", "]": "close", "}": "close", ")": "close"}.get(
            text, piece.kind
        )
        what = _misplaced(kind, text, before, source[piece.end : piece.end + 1], name)
        if what:
            raise _refusal(what, source, piece.start, name)
        depth += {"open": 1, "close": -1}.get(kind, 0)
        if depth < 0:
            raise _refusal("a closing bracket without an opening one", source, piece.start, name)
        if depth > MAX_DEPTH:
            raise _refusal(f"lists inside lists, more than {MAX_DEPTH} deep", source, piece.start, name)
        if kind != BREAK or depth <= 0:
            before = BREAK if _is_prefix(text, kind, source[piece.end : piece.end + 1]) else kind


def _is_prefix(text: str, kind: str, after: str) -> bool:
    return kind == WORD and after in ("'", '"') and text in ("r", "R", "u", "U")


def _misplaced(kind: str, text: str, before: str, after: str, name: str) -> str:
    """Return what is wrong with a piece where it stands; nothing if it may stand there."""
    if kind == WORD and after in ("'", '"') and len(text) <= 2:
        return "" if _is_prefix(text, kind, after) else "a text of a special kind (a letter before its quote)"
    if kind == WORD and text not in (name, "None"):
        return _MEANT.get(text, f"the word {text[:40]!r}")
    if kind == "open" and before in _VALUES:
        return "a call" if text == "(" else "a look-up"
    if kind in (STRING, NUMBER, WORD) and before in _VALUES and not kind == before == STRING:
        return "a calculation" if text[0] in "-." else "more than a plain value"
    if kind == NUMBER and len(text) > MAX_NUMBER:
        return "a number that is too long (numbers stay below 2 to the power of 63)"
    if kind == SIGN and (text not in "=,:" or (text == "=" and before != WORD)):
        return f"the sign {text!a}"
    return ""


def _assigned(statement: ast.stmt, name: str) -> object:
    """Return the plain value that a statement gives to `name`. Raise Refused if it does anything else."""
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        raise Refused(f"{name}: the answer cell must hold one line, {name} = … . {AGAIN}")
    target = statement.targets[0]
    if not isinstance(target, ast.Name) or target.id != name:
        raise Refused(f"{name}: the answer cell must give its answer to {name} and to nothing else. {AGAIN}")
    if isinstance(statement.value, ast.Constant) and statement.value.value is None:
        return None
    return _plain(statement.value, name)


def _plain(node: ast.expr | None, name: str) -> object:
    """Return the value of a literal, by exact type. The order check has bounded its depth."""
    if isinstance(node, ast.Constant) and type(node.value) in (str, int, float):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        number = _plain(node.operand, name)
        if isinstance(number, int | float):
            return -number
    if isinstance(node, ast.List):
        return [_plain(item, name) for item in node.elts]
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return _dictionary([(_plain(key, name), _plain(item, name)) for key, item in pairs], name)
    kinds: dict[type, str] = {ast.Set: "a set", ast.Tuple: "values in round brackets or without brackets"}
    what = kinds.get(type(node), "something that is no text, number, list or dictionary")
    raise Refused(f"{name}: the answer cell holds {what}; only an answer may stand there. {AGAIN}")


def _dictionary(pairs: list[tuple[object, object]], name: str) -> dict[str, object]:
    read: dict[str, object] = {}
    for key, item in pairs:
        if type(key) is not str:
            raise Refused(f"{name}: the name of an entry must be a text in quotes. {AGAIN}")
        if key in read:
            raise Refused(f"{name}: the entry {key[:40]!r} stands twice. Keep one of them. {AGAIN}")
        read[key] = item
    return read
