"""Put a hand-in where marking looks for it; what it takes the place of goes to history/, and nothing is lost.

For the intake. The one received last counts; of two that say the same the earlier time counts. A folder is
whole before it is moved in, and receipts are written last, once all is on the disk: so a run that was killed
is simply run again. Refuses to decide who handed in.
"""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal

from autograders.intake.opening import HandIn
from autograders.intake.receipts import Ledger, Receipt, Status
from autograders.intake.refusals import Refused
from autograders.intake.times import read_stamp, stamp
from autograders.roster import Learner
from autograders.submission import RefusedSubmission, read_submission
from autograders.whole_files import replace_file

Became = Literal["new", "replaced", "earlier", "before"]
"""What became of a hand-in: the first, in place of an earlier one, an earlier one itself, or nothing new."""


@dataclass(frozen=True)
class Standing:
    """What stands in submitted/ for a learner; no time where none can be read."""

    received: datetime | None
    hashes: Mapping[str, str]


def keep(folder: Path, ledger: Ledger, assignment: str, hand_in: HandIn, who: Learner) -> Became:
    """Keep one hand-in and write its receipt, if it has none yet. Raise Refused where its place is taken."""
    place = folder / "submitted" / hand_in.learner / assignment
    if place.parent.is_symlink() or (place.parent.exists() and not place.parent.is_dir()):
        raise Refused("place", f"submitted/{hand_in.learner}")
    before = ledger.of(hand_in.learner)
    if any(_known(receipt, hand_in) for receipt in before):
        if not os.path.lexists(place) and _counting(before).taken == hand_in.hashes:
            _put(place, hand_in, read_stamp(_counting(before).received))
        return "before"
    if ledger.waits(hand_in.learner):
        ledger.write()
    now = standing(folder, hand_in.learner, assignment)
    if now is not None and now.hashes == hand_in.hashes:
        return _again(ledger, assignment, place, hand_in, now, who)
    if now is not None and now.received is not None and now.received > hand_in.received:
        _put(history_place(folder, assignment, hand_in), hand_in, hand_in.received)
        _receipt(ledger, assignment, hand_in, who, "earlier")
        return "earlier"
    _put(place, hand_in, hand_in.received, aside=_aside(folder, assignment, hand_in.learner, now))
    _receipt(ledger, assignment, hand_in, who, "counts")
    return "new" if now is None else "replaced"


def _known(receipt: Receipt, hand_in: HandIn) -> bool:
    """Tell whether a hand-in has this receipt; a file's own time may change when it is copied."""
    same_time = receipt.received == stamp(hand_in.received) or not hand_in.sure
    return receipt.taken == hand_in.hashes and same_time


def _counting(receipts: tuple[Receipt, ...]) -> Receipt:
    return max(receipts, key=lambda receipt: (receipt.status == "counts", receipt.received))


def _again(
    ledger: Ledger, assignment: str, place: Path, hand_in: HandIn, now: Standing, who: Learner
) -> Became:
    """Keep nothing of what stands there already, but its earlier time."""
    if now.received is None or (hand_in.sure and hand_in.received < now.received):
        replace_file(place / "timestamp.txt", _stamp(hand_in, hand_in.received).encode())
        status: Status = "counts"
        received = hand_in.received
    else:
        received = hand_in.received if hand_in.sure else now.received
        status = "counts" if received == now.received else "same"
    _receipt(ledger, assignment, hand_in, who, status, received=received)
    return "before"


def _receipt(
    ledger: Ledger,
    assignment: str,
    hand_in: HandIn,
    who: Learner,
    status: Status,
    *,
    received: datetime | None = None,
) -> None:
    notes: tuple[str, ...] = ()
    before = [each for each in ledger.of(hand_in.learner) if each.taken != hand_in.hashes]
    if before and status == "counts":
        last = _counting(tuple(before)).received
        notes = (f"It takes the place of the hand-in received {last}, which is kept.",)
    receipt = Receipt(
        assignment=assignment,
        learner=hand_in.learner,
        received=stamp(received or hand_in.received),
        envelope=hand_in.arrived,
        sha256=hand_in.sha256,
        taken=hand_in.hashes,
        status=status,
        left_out=hand_in.left_out,
        late_on_the_platform=hand_in.late,
        notes=notes,
    )
    ledger.add(receipt, who)


def standing(folder: Path, learner: str, assignment: str) -> Standing | None:
    """Return what stands in submitted/; with no hashes where it cannot be read, None where nothing does."""
    if not os.path.lexists(folder / "submitted" / learner / assignment):
        return None
    try:
        found = read_submission(folder, learner, assignment)
    except (RefusedSubmission, OSError):
        return Standing(None, {})
    hashes = {"ipynb": found.notebook_sha256, "answers.json": found.answers_sha256}
    received = read_stamp(found.received) if found.received else None
    return Standing(received, {f"{assignment}.{end}": value for end, value in hashes.items() if value})


def history_place(folder: Path, assignment: str, hand_in: HandIn) -> Path:
    """Return where an earlier hand-in is kept."""
    return _history(folder, assignment, hand_in.learner, hand_in.received, hand_in.hashes)


def _history(
    folder: Path, assignment: str, learner: str, received: datetime | None, hashes: Mapping[str, str]
) -> Path:
    when = f"{received:%Y-%m-%dT%H%M%S.%fZ}" if received else "unknown-time"
    what = sha256(repr(sorted(hashes.items())).encode()).hexdigest()[:12]
    return folder / "history" / assignment / learner / f"{when}-{what}"


def _aside(folder: Path, assignment: str, learner: str, now: Standing | None) -> Path | None:
    """Return a free place in history/ for what stands in submitted/."""
    if now is None:
        return None
    place = _history(folder, assignment, learner, now.received, now.hashes)
    found, number = place, 1
    while os.path.lexists(found):
        number += 1
        found = place.with_name(f"{place.name}-{number}")
    return found


def _stamp(hand_in: HandIn, received: datetime) -> str:
    """Return the time for timestamp.txt: in the exchange's own words, which releasing feedback needs."""
    return hand_in.stamp if hand_in.stamp and received == hand_in.received else stamp(received)


def _put(place: Path, hand_in: HandIn, received: datetime, *, aside: Path | None = None) -> None:
    """Write a hand-in's folder whole, move what is there to `aside`, then move the new one in."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if aside is None and place.is_dir():
        return  # a run that was killed had come so far
    staged = place.with_name(f".{place.name}.new")
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir()
    try:
        for name, data in {**hand_in.files, "timestamp.txt": _stamp(hand_in, received).encode()}.items():
            (staged / name).write_bytes(data)
        if aside is not None:
            aside.parent.mkdir(parents=True, exist_ok=True)
            os.rename(place, aside)
        os.rename(staged, place)
    except OSError:
        if aside is not None and aside.exists() and not place.exists():
            os.rename(aside, place)
        shutil.rmtree(staged, ignore_errors=True)
        raise
