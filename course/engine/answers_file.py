"""Keep answers in `<notebook>.answers.json` beside a notebook, until the notebook itself holds them.

For hosts without our extension, for the text twin and for a click that the notebook missed. Writing is
atomic: whoever reads meets the old file or the new one. A broken file is put aside, never overwritten.
Refuses to know notebooks' cells.
"""

import contextlib
import json
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from glob import escape
from pathlib import Path
from typing import Any, Final

from course.engine.literal import cell_source
from course.engine.notebook_file import read_bytes, read_json, too_large
from course.engine.values import Refused, Value, check_value, fingerprint

try:
    import fcntl
except ImportError:  # Windows has no such lock; there the writes are atomic all the same
    fcntl = None  # type: ignore[assignment]

FORMAT: Final = 1
MAX_FILE: Final = 256 * 1024
"""Bytes of an answers file."""
SUFFIX: Final = ".answers.json"
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Entry:
    """An answer, and the fingerprint of the cell's answer that it replaces (None: an empty cell)."""

    value: Value
    replaces: str | None = None


@dataclass(frozen=True)
class AnswersFile:
    """What an answers file says: its good entries, and a sentence for each bad one."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    refusals: Mapping[str, str] = field(default_factory=dict)


def answers_path(notebook: Path) -> Path:
    """Return where the answers file of a notebook lies."""
    return notebook.with_name(notebook.stem + SUFFIX)


WITHOUT_IT: Final = "Hand in the notebook without it."


def read_answers_file(source: Path | bytes) -> AnswersFile:
    """Return the entries of an answers file. Raise Refused if it is none; a bad entry hurts no other."""
    where = source.name if isinstance(source, Path) else "answers file"
    data = read_bytes(source, MAX_FILE) if isinstance(source, Path) else source
    if len(data) > MAX_FILE:
        raise Refused(too_large(where, MAX_FILE))
    read = read_json(data, where, cure=WITHOUT_IT)
    if (
        not isinstance(read, dict)
        or read.get("format") != FORMAT
        or not isinstance(read.get("answers"), dict)
    ):
        raise Refused(f"{where}: this is not an answers file of format {FORMAT}. {WITHOUT_IT}")
    entries: dict[str, Entry] = {}
    refusals: dict[str, str] = {}
    for name, entry in read["answers"].items():
        try:
            entries[name] = _entry(
                entry, name, f"{where}, {name if name.isidentifier() else ascii(name)[:40]}"
            )
        except Refused as fault:
            refusals[name] = str(fault)
        except UnicodeEncodeError:
            refusals[name] = f"{where}, {ascii(name)[:40]}: this is no name of a question"
    return AnswersFile(entries, refusals)


def _entry(entry: Any, name: str, where: str) -> Entry:
    replaces = entry.get("replaces") if isinstance(entry, dict) else 0
    if (
        not isinstance(entry, dict)
        or "value" not in entry
        or not (replaces is None or isinstance(replaces, str))
    ):
        raise Refused(
            f"{where}: this entry has no value or says wrongly what it replaces. Give the answer again."
        )
    value = check_value(entry["value"], where)
    try:
        cell_source(name, value)  # what counts must always fit into the cell
    except Refused as fault:
        raise Refused(f"{where}: {fault}") from None
    return Entry(value, replaces)


def settle(cell: Value | None, entry: Entry | None, where: str = "answer") -> tuple[Value | None, str]:
    """Return which answer counts, and a sentence where two answers differ and one of them does not count.

    The entry counts when the cell is empty, or still holds just what the entry replaces; otherwise the cell
    counts.
    """
    if entry is None or cell is None or fingerprint(cell) == entry.replaces:
        return (cell if entry is None else entry.value), ""
    if fingerprint(cell) == fingerprint(entry.value):
        return cell, ""
    told = (
        f"{where}: the notebook and the answers file say different things. The notebook counts "
        f"({shown(cell)}), the file does not ({shown(entry.value)}). If the file is right, answer once more."
    )
    return cell, told


def merge(cell: Value | None, entry: Entry | None) -> Value | None:
    """Return which answer counts: the cell's or the file's."""
    return settle(cell, entry)[0]


def shown(value: Value | None) -> str:
    """Return the beginning of a value, in one line and without letters that could disturb a terminal."""
    if value is None:
        return "nothing"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = "".join(letter if letter.isprintable() else " " for letter in text[:61])
    return f"“{text}”" if len(text) <= 60 else f"“{text[:60]}…”"


def write_answer(path: Path, name: str, value: Value, replaces: Value | None = None) -> str:
    """Put one answer into an answers file and leave the others as they are. Return a sentence if a file was
        put aside.

    `replaces` is the answer that the cell holds now, None if it is empty. Raises Refused for a value that no
    answer can hold, and OSError where the folder cannot be written.
    """
    cell_source(name, value)  # refuses what no cell can hold
    entry = Entry(value, None if replaces is None else fingerprint(replaces))
    with _alone(path.parent):
        _sweep(path)
        entries, told = _entries_kept(path)
        _write(path, {**entries, name: entry})
    return told


def remove_answer(path: Path, name: str, stored: Value) -> None:
    """Drop an entry once the notebook holds its value. A newer entry stays and replaces that value."""
    with _alone(path.parent):
        if not path.exists():
            return
        entries, _ = _entries_kept(path)
        entry = entries.pop(name, None)
        if entry and fingerprint(entry.value) != fingerprint(stored):
            entries[name] = Entry(entry.value, fingerprint(stored))
        if entries:
            _write(path, entries)
        else:
            path.unlink(missing_ok=True)


def _entries_kept(path: Path) -> tuple[dict[str, Entry], str]:
    """Return the file's good entries. A file with a fault is put aside first, whole, and that is told."""
    if not os.path.lexists(path):
        return {}, ""
    try:
        read = read_answers_file(path)
        fault = next(iter(read.refusals.values()), "")
    except Refused as refused:
        read, fault = AnswersFile(), str(refused)
    if not fault:
        return dict(read.entries), ""
    aside = next(
        free
        for number in range(1, 10_000)
        if not os.path.lexists(free := path.with_name(f"{path.name}.broken-{number}"))
    )
    os.replace(path, aside)
    return dict(read.entries), f"{fault} It was put aside as {aside.name}, and a new file was begun."


def _write(path: Path, entries: Mapping[str, Entry]) -> None:
    answers = {name: {"value": entry.value, "replaces": entry.replaces} for name, entry in entries.items()}
    record = {"format": FORMAT, "notebook": path.name.removesuffix(SUFFIX), "answers": answers}
    write_whole(path, json.dumps(record, ensure_ascii=False, indent=1).encode("utf-8") + b"\n")


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that whoever reads meets the old bytes or the new ones, even if the power fails."""
    part = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        with open(part, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sweep(path: Path) -> None:
    """Delete what killed writers left behind; only where locks work is nobody else's part among it."""
    if fcntl is not None:
        for part in path.parent.glob(f".{escape(path.name)}.*.part"):
            part.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):  # Windows and some network disks cannot do this
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one writer at a time change the answers of a folder, as far as the system can lock."""
    with _one_at_a_time:
        if fcntl is None:
            yield
            return
        handle = os.open(folder, os.O_RDONLY)
        try:
            with contextlib.suppress(OSError):  # a network disk without locks: still atomic
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)
