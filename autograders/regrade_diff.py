"""What a new key, rubric or judge would change: who, by how much, at which question, and why.

For regrading and for whoever shows it. Compares the record that counts with the one that would come. The
token is the hash of all that is shown, so that to approve it is to approve just that. Refuses to judge and to
write.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from autograders.chained import START
from autograders.record import Mark, Record

SIGNS = {"right": "✓", "near": "◐", "wrong": "✗", "missing": "–", "person": "?"}
NOTHING = "no mark"


@dataclass(frozen=True)
class Why:
    """One reason that reads differently: what it is about, and what was and is said of it."""

    about: str
    before: str
    now: str


@dataclass(frozen=True)
class CellChange:
    """One graded cell whose automatic mark would change. `by_hand`: the mark of a person, which stands."""

    cell: str
    before: float | None
    now: float | None
    out_of: float
    for_a_person_before: bool
    for_a_person: bool
    by_hand: float | None
    why: tuple[Why, ...]


@dataclass(frozen=True)
class Change:
    """One learner whose marks would change. `before` and `now`: the points that count, marks by hand too."""

    learner: str
    before: float | None
    now: float | None
    out_of: float
    status_before: str
    status: str
    cells: tuple[CellChange, ...]


@dataclass(frozen=True)
class Diff:
    """All that a regrade would change, and all that it would leave.

    `earlier`: by hash of key, rubric and judge, how many marks it gave; `to`: the hash of today's. `same`:
    how many keep their marks, `reworded`: how many of these would read other reasons. `stays`: by learner,
    why a mark cannot be compared and so stays. `digest`: the hash of the records that would be written.
    """

    assignment: str
    earlier: Mapping[str, int]
    to: str
    changes: tuple[Change, ...]
    same: int
    reworded: int
    stays: Mapping[str, str]
    digest: str

    @property
    def is_empty(self) -> bool:
        """True when no mark is by an earlier key, so that there is nothing to approve."""
        return not self.changes and not self.same

    def as_data(self) -> dict[str, Any]:
        """Return the whole diff as plain data."""
        data: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return data

    @property
    def token(self) -> str:
        """The hash of this very diff: 16 letters and digits that approve it and no other."""
        text = json.dumps(self.as_data(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("ascii")).hexdigest()[:16]


def diff_of(
    assignment: str,
    to: str,
    pairs: Iterable[tuple[Record, Record]],
    stays: Mapping[str, str],
    by_hand: Mapping[str, Mapping[str, float]],
) -> Diff:
    """Return what pairs of (the record that counts, the record that would come) differ in."""
    earlier: Counter[str] = Counter()
    digest = hashlib.sha256()
    changes, same, reworded = [], 0, 0
    for old, new in pairs:
        earlier[old.marked_with] += 1
        digest.update(_alone(new))
        change = _change(old, new, by_hand.get(old.learner, {}))
        if change is not None:
            changes.append(change)
            continue
        same += 1
        reworded += any(_why(old.cells.get(name), mark) for name, mark in new.cells.items())
    return Diff(
        assignment,
        dict(sorted(earlier.items())),
        to,
        tuple(changes),
        same,
        reworded,
        dict(sorted(stays.items())),
        digest.hexdigest(),
    )


def _alone(record: Record) -> bytes:
    """Return what a record says, wherever it comes to stand in the log."""
    data = asdict(record) | {"before": START}
    return json.dumps(data, sort_keys=True, allow_nan=False).encode("ascii") + b"\n"


def _change(old: Record, new: Record, by_hand: Mapping[str, float]) -> Change | None:
    names = dict.fromkeys((*old.cells, *new.cells))
    found = (_cell(name, old.cells.get(name), new.cells.get(name), by_hand.get(name)) for name in names)
    cells = tuple(each for each in found if each is not None)
    if not cells and old.status == new.status:
        return None
    return Change(
        old.learner,
        _counts(old, by_hand),
        _counts(new, by_hand),
        new.out_of,
        old.status,
        new.status,
        cells,
    )


def _counts(record: Record, by_hand: Mapping[str, float]) -> float | None:
    """Return the points that count: a person's mark before the automatic one."""
    given = [by_hand.get(name, mark.points) for name, mark in record.cells.items()]
    points = [each for each in given if each is not None]
    return sum(points) if points else None


def _cell(name: str, old: Mark | None, new: Mark | None, by_hand: float | None) -> CellChange | None:
    def parts(mark: Mark | None) -> tuple[float | None, float, bool]:
        return (mark.points, mark.out_of, mark.needs_person) if mark else (None, 0.0, False)

    if parts(old) == parts(new):
        return None
    (before, _, waited), (now, out_of, waits) = parts(old), parts(new)
    why = tuple(_why(old, new)) or (Why("", _summary(old), _summary(new)),)
    return CellChange(name, before, now, out_of, waited, waits, by_hand, why)


def _why(old: Mark | None, new: Mark | None) -> list[Why]:
    before, now = _said(old), _said(new)
    return [
        Why(about, before.get(about, NOTHING), now.get(about, NOTHING))
        for about in dict.fromkeys((*before, *now))
        if before.get(about) != now.get(about)
    ]


def _summary(mark: Mark | None) -> str:
    if mark is None or mark.points is None:
        return NOTHING
    return f"{mark.points:g} of {mark.out_of:g} points. {mark.detail.get('because', '')}".strip()


def _said(mark: Mark | None) -> dict[str, str]:
    """Return what a mark says, by what it speaks of: the replies of a list, or the whole of a plan's step."""
    detail = mark.detail if mark else {}
    found: dict[str, str] = {}
    for reason in detail.get("reasons", ()):
        said = f"{SIGNS.get(reason['sign'], '')} {reason['said']}".strip()
        found[reason["quote"]] = f"{found[reason['quote']]} {said}" if reason["quote"] in found else said
    if found or not detail:
        return found
    return {"": " ".join(_read_by_the_judge(detail))}


def _read_by_the_judge(detail: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the judge found in a plan for one step: the level, the reason, the evidence, the flags."""
    if "level" in detail:
        yield f"Level {detail['level']}."
    yield str(detail.get("because", ""))
    evidence = dict.fromkeys(f"“{piece['text']}”" for piece in detail.get("evidence", ()))
    if evidence:
        yield f"Evidence: {', '.join(evidence)}."
    for flag in detail.get("flags", ()):
        yield f"{flag.get('title') or flag['name']}: {flag['because']}"
