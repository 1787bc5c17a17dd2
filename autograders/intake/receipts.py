"""Keep a receipt of each hand-in: a line that names the line before it, and a text to print.

For the intake, and for whoever asks what arrived when. `receipts/<assignment>.jsonl` is only ever added to,
by one run at a time; receipts/<assignment>/ holds the texts. Refuses to ask a clock: the same hand-ins, the
same bytes.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from autograders.chained import START, Chain, InUse, add, hash_of, held
from autograders.intake.pieces import CannotTake
from autograders.roster import Learner
from autograders.submission import shown_name

BATCH = 50
"""Receipts that are written together."""

Status = Literal["counts", "earlier", "same"]

MEANS: dict[str, str] = {
    "counts": "This hand-in counts, until a later one arrives.",
    "earlier": "It is kept. A hand-in that was received later counts.",
    "same": "It says the same as the hand-in that arrived before, and that one's time counts.",
}


@dataclass(frozen=True)
class Receipt:
    """What was taken of one hand-in: `sha256` is that of the file as it came, `taken` that of each part."""

    assignment: str
    learner: str
    received: str
    envelope: str
    sha256: str
    taken: dict[str, str]
    status: Status
    left_out: tuple[str, ...] = ()
    late_on_the_platform: bool = False
    notes: tuple[str, ...] = ()
    before: str = START

    def line(self) -> bytes:
        """Return the receipt as one line, with no line break: the same bytes everywhere."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":")).encode("ascii")

    def text(self, who: Learner) -> str:
        """Return the receipt as a page to print."""
        name = f"{who.name} ({who.id})" if who.name != who.id else who.id
        lines = [
            "Receipt",
            "",
            f"Learner:     {name}",
            f"Assignment:  {self.assignment}",
            f"Received:    {self.received}",
            f"Arrived as:  {shown_name(self.envelope)}",
            f"SHA-256:     {self.sha256}",
            "",
            "Taken:",
            *(f"  {name}  {value}" for name, value in sorted(self.taken.items())),
            *(["Left out, for it is no answer:"] if self.left_out else []),
            *(f"  {name}" for name in self.left_out),
            "",
            MEANS[self.status],
            *(["The platform marked it as late."] if self.late_on_the_platform else []),
            *self.notes,
            f"Receipt no.: {hash_of(self.line())}",
        ]
        return "\n".join(lines) + "\n"


class Ledger:
    """The receipts of one assignment, held open by the one run that may add to them."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path, self._descriptor = path, descriptor
        self.head = START
        self.waiting: list[tuple[Receipt, Learner]] = []
        self.by_learner: dict[str, list[Receipt]] = {}
        for line in _chain(path).taken_up(descriptor):
            self._know(line.says, line.hash)

    def _know(self, receipt: Receipt, line_hash: str) -> None:
        self.head = line_hash
        self.by_learner.setdefault(receipt.learner, []).append(receipt)

    def of(self, learner: str) -> tuple[Receipt, ...]:
        """Return a learner's receipts, in the order in which they were written."""
        return tuple(self.by_learner.get(learner, ()))

    def add(self, receipt: Receipt, who: Learner) -> None:
        """Add a receipt; it is on the disk after `write`, which comes by itself after so many."""
        chained = replace(receipt, before=self.head)
        self._know(chained, hash_of(chained.line()))
        self.waiting.append((chained, who))
        if len(self.waiting) >= BATCH:
            self.write()

    def waits(self, learner: str) -> bool:
        """Tell whether a receipt of a learner is not on the disk yet."""
        return any(receipt.learner == learner for receipt, _ in self.waiting)

    def write(self) -> None:
        """Write the receipts that wait and their texts, once the hand-ins themselves are on the disk."""
        if not self.waiting:
            return
        os.sync()
        place = self._path.with_suffix("")
        place.mkdir(exist_ok=True)
        for receipt, who in self.waiting:
            page = place / f"{receipt.learner}-{hash_of(receipt.line())[:12]}.txt"
            page.write_text(receipt.text(who), encoding="utf-8")
        add(self._descriptor, (receipt.line() for receipt, _ in self.waiting))
        self.waiting.clear()


def _chain(path: Path) -> Chain[Receipt]:
    cure = f"bring back your copy of {path}, or move the file away"
    return Chain(path, _read, CannotTake, cure, lambda line: _read(line).line())


def _read(line: bytes) -> Receipt:
    raw: dict[str, Any] = json.loads(line)
    return Receipt(**raw | {name: tuple(raw[name]) for name in ("left_out", "notes")})


def receipts_of(folder: Path, assignment: str) -> tuple[Receipt, ...]:
    """Return all receipts of an assignment, in their order; lines that hold none are passed over."""
    path = ledger_path(folder, assignment)
    lines = path.read_bytes().splitlines() if path.is_file() else []
    return tuple(receipt for line in lines if (receipt := _chain(path).said(line)))


def ledger_path(folder: Path, assignment: str) -> Path:
    """Return where a course folder keeps the receipts of an assignment."""
    return folder / "receipts" / f"{assignment}.jsonl"


@contextmanager
def open_ledger(folder: Path, assignment: str) -> Iterator[Ledger]:
    """Open the receipts for adding, alone; CannotTake when another run holds them or they were edited."""
    path = ledger_path(folder, assignment)
    try:
        with held(path) as descriptor:
            ledger = Ledger(path, descriptor)
            yield ledger
            ledger.write()
    except InUse:
        raise CannotTake(
            f"{assignment}: another run is collecting it; wait until that one has finished."
        ) from None
