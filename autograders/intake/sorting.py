"""Sort the pieces of a source by learner: one parcel for all that came from one person in one way.

For the intake. Who it is from is asked once an envelope; what cannot be told is set apart. Refuses to open
anything.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from autograders.intake.names import Envelope, read_envelope
from autograders.intake.opening import Parcel
from autograders.intake.people import People
from autograders.intake.pieces import CannotTake, Piece
from autograders.intake.refusals import Refused
from autograders.submission import shown_name

Unit = list[tuple[Envelope, Piece]]


@dataclass(frozen=True)
class Sorted:
    """Parcels by learner, and what is from nobody known: its name, its pieces, and why."""

    parcels: dict[str, list[Parcel]]
    refused: list[tuple[str, list[Piece], Refused]]


def sort_pieces(
    pieces: Iterable[Piece],
    assignment: str,
    others: Collection[str],
    people: People,
    check: Callable[[Envelope], None],
) -> Sorted:
    """Return who sent what; `check` raises Refused where an envelope cannot be trusted."""
    units: dict[tuple[str, ...], Unit] = {}
    for piece in pieces:
        if envelope := read_envelope(piece.parts, assignment, others):
            units.setdefault(_key(envelope), []).append((envelope, piece))
    named: dict[tuple[str, ...], list[Unit]] = {}
    refused = []
    for unit in units.values():
        envelope = unit[0][0]
        if envelope.kind in ("canvas", "moodle") and not people.learners:
            cure = "write one, so that names can be told (columns: id,first_name,last_name,email)"
            raise CannotTake(f"roster.csv: not there, and a platform's names need one; {cure}")
        try:
            learner = people.learner_of(envelope)
            check(envelope)
        except Refused as why:
            refused.append((envelope.top, [piece for _, piece in unit], _plainer(why, unit)))
            continue
        named.setdefault((learner, *_together(envelope)), []).append(unit)
    parcels: dict[str, list[Parcel]] = {}
    for (learner, *_), found in named.items():
        if two := _two_people(found):
            refused += [(unit[0][0].top, [piece for _, piece in unit], two) for unit in found]
            continue
        together = [pair for unit in found for pair in unit]
        parcel = Parcel(learner, tuple(e for e, _ in together), tuple(p for _, p in together))
        parcels.setdefault(learner, []).append(parcel)
    return Sorted(parcels, refused)


def _plainer(why: Refused, unit: Unit) -> Refused:
    """Return what is wrong with the thing itself, where nobody is known to have sent it anyway."""
    faults = [piece.fault for _, piece in unit if piece.fault]
    return Refused(faults[0], shown_name(unit[0][0].top)) if faults and why.kind == "unknown" else why


def _key(envelope: Envelope) -> tuple[str, ...]:
    """Return what is the same for all files of one person there."""
    if envelope.kind in ("canvas", "moodle"):
        return envelope.kind, envelope.who, envelope.number
    return envelope.kind, envelope.top


def _together(envelope: Envelope) -> tuple[str, ...]:
    """Return what makes one parcel of several of a learner's units: a platform's files are one."""
    alone = envelope.kind in ("exchange", "folder")
    return (envelope.kind, envelope.top) if alone else (envelope.kind,)


def _two_people(units: list[Unit]) -> Refused | None:
    """Tell two people of one name: the platform has two numbers where the roster has one learner."""
    numbers = sorted({unit[0][0].number for unit in units} - {""})
    if len(numbers) < 2:
        return None
    return Refused(
        "contradiction", f"“{shown_name(units[0][0][0].who)}” has the numbers {' and '.join(numbers)} there"
    )
