"""Keep who changed marks, when and why: one line a run that wrote something, added at the end, never changed.

For the marking room, regrading, verifying and restoring. The file `audit.jsonl` stands in the course folder;
each line carries the hash of the line before. It may ask the clock and the user's name, which the results
log may not. Refuses to know what a mark is.
"""

import getpass
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from autograders.chained import START, Chain, add, cut, end_of, held
from autograders.results import CannotMark

FILE = "audit.jsonl"

What = Literal["autograde", "regrade approved", "regrade", "repair", "restore", "accept", "decide"]


class AuditFault(CannotMark):
    """The audit log cannot be trusted. The text is one sentence: where, what, cure."""


@dataclass(frozen=True)
class Entry:
    """One line: what was done, by whom and when (UTC), to which assignment, and what else is to be known.

    `heads`: by assignment, the hash of the results log's last line after it. `facts`: how many, from which
    hash of key, rubric and judge to which, and whatever else belongs to this kind.
    """

    what: What
    by: str
    when: str
    assignment: str = ""
    because: str = ""
    heads: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    before: str = START

    def line(self) -> bytes:
        """Return the entry as one line, with no line break."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":")).encode("ascii")


def audit_path(folder: Path) -> Path:
    """Return where a course folder keeps its audit log."""
    return folder / FILE


def who() -> str:
    """Return the name of the user of this computer, or "unknown" where it has none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def now() -> str:
    """Return the time in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def note(
    folder: Path,
    what: What,
    assignment: str = "",
    *,
    by: str = "",
    because: str = "",
    heads: Mapping[str, str] | None = None,
    **facts: Any,
) -> Entry:
    """Add a line and return it once it is on the disk. Whoever else adds one waits for us."""
    with held(audit_path(folder), waiting=True) as descriptor:
        with open(descriptor, "rb", closefd=False) as file:
            end, before = end_of(file.read(), _hashed)
        cut(descriptor, end)
        entry = Entry(what, by or who(), now(), assignment, because, dict(heads or {}), facts, before)
        add(descriptor, [entry.line()])
        return entry


def read_audit(folder: Path) -> tuple[Entry, ...]:
    """Return all entries, the oldest first; AuditFault when a line was changed after it was written."""
    cure = (
        "bring back your copy of the file (each backup has one in backups/), "
        "or move it away, and a new one is begun"
    )
    chain = Chain(audit_path(folder), lambda line: Entry(**json.loads(line)), AuditFault, cure, _hashed)
    return tuple(line.says for line in chain.stored())


def _hashed(line: bytes) -> bytes:
    """Return a line without its line break, which an editor may have made two characters of."""
    return line.removesuffix(b"\n").removesuffix(b"\r")
