"""Take the hand-ins of an assignment from a source: who, when, what; then keep each, or put it aside.

For `heatproof collect`. One bad hand-in is one sentence, and every other one is taken. A run that was killed
is run again; a second run changes nothing. The source is only read.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from autograders.intake.clock import Clock, clock_of
from autograders.intake.inbound import Inbound
from autograders.intake.keeping import keep
from autograders.intake.names import EXCHANGE, read_envelope
from autograders.intake.opening import HandIn, Parcel, open_parcel
from autograders.intake.people import People, people_of
from autograders.intake.pieces import CannotTake, Piece, pieces_of
from autograders.intake.platform_list import read_list
from autograders.intake.quarantine import quarantine, settle, waiting
from autograders.intake.receipts import Ledger, open_ledger
from autograders.intake.refusals import Refused
from autograders.intake.sorting import Sorted, sort_pieces
from autograders.intake.taken import Arrival, Taken, kept, put_aside
from autograders.intake.times import stamp
from autograders.roster import Learner, roster
from autograders.settings import exchange_zone
from autograders.submission import learners_with, shown_name
from course.engine.faults import did_you_mean, shown

Progress = Callable[[int, int], None]


def take(
    folder: Path,
    assignment: str,
    source: Path,
    *,
    lists: Iterable[Path] = (),
    received: str = "",
    zone: str = "",
    inbound: Inbound | None = None,
    progress: Progress | None = None,
) -> Taken:
    """Take from a folder or a .zip into a course folder; CannotTake or Faults when nothing can be.

    `lists`: platforms' lists of people. `received`: the time of all that no list tells. `zone`: the name of
    the zone of times without one. `inbound`: where `source` is nbgrader's exchange. `progress` is called with
    (done, of): parcels.
    """
    folder, others = folder.resolve(), _others(folder, assignment)
    if source.resolve() == folder:
        raise CannotTake(f"{shown(source)}: this is the course folder itself; name the folder of hand-ins")
    learners = roster(folder)
    told = [each for path in lists for each in read_list(path, learners)]
    clock = clock_of(told, received, zone, lambda: exchange_zone(folder))
    try:
        with (
            open_ledger(folder, assignment) as ledger,
            pieces_of(source, _wanted(assignment, others, inbound)) as found,
        ):
            sorted_ = _by_learner(folder, list(found), assignment, others, people_of(learners, told), inbound)
            run = _Run(folder, assignment, others, learners, clock, ledger)
            run.do(sorted_, progress or (lambda _, __: None))
    except OSError as fault:
        where = fault.filename or f"submitted/ of {assignment}"
        message = (
            f"{where}: it cannot be written ({fault.strerror}); make room or rights, then collect again."
        )
        raise CannotTake(message) from fault
    return Taken(assignment, tuple(run.arrivals), len(learners_with(folder, assignment)))


def _others(folder: Path, assignment: str) -> frozenset[str]:
    """Return the course's other assignments; CannotTake where this one is none."""
    places = [*(folder / "source").glob("[!.]*/"), *(folder / "assignments").glob("[!.]*/")]
    known = {path.name for path in places}
    if assignment not in known:
        raise CannotTake(f"no assignment {assignment!r} in source/; {did_you_mean(assignment, known)}")
    return frozenset(known - {assignment})


def _wanted(
    assignment: str, others: Collection[str], inbound: Inbound | None
) -> Callable[[tuple[str, ...]], bool]:
    """Return what tells of a path whether anything below it may be of this assignment.

    The exchange is open to all: there only what nbgrader's submit names counts.
    """

    def wanted(parts: tuple[str, ...]) -> bool:
        envelope = read_envelope((*parts, "\0", "\0")[:3], assignment, others)
        return envelope is not None and (inbound is None or envelope.kind == "exchange")

    return wanted


def _by_learner(
    folder: Path,
    pieces: list[Piece],
    assignment: str,
    others: Collection[str],
    people: People,
    inbound: Inbound | None,
) -> Sorted:
    """Return the parcels by learner. Whom only the gradebook knows is looked up where somebody is unknown."""
    check = inbound.check if inbound else lambda _: None
    if inbound:  # it is open to all: what is no folder of nbgrader's submit is nobody's hand-in
        pieces = [
            each if len(each.parts) > 1 else replace(each, parts=(*each.parts, ""))
            for each in pieces
            if EXCHANGE.fullmatch(each.parts[0]) and (each.fault or len(each.parts) > 1)
        ]
    found = sort_pieces(pieces, assignment, others, people, check)
    if people.learners and any(why.kind == "unknown" for _, _, why in found.refused):
        from autograders.gradebook import gradebook_is_there, open_gradebook

        if gradebook_is_there(folder):
            with open_gradebook(folder) as grades:
                known = grades.people()
            wider = replace(people, learners={**known, **people.learners})
            return sort_pieces(pieces, assignment, others, wider, check)
    return found


@dataclass(frozen=True)
class _Run:
    """One run over one source."""

    folder: Path
    assignment: str
    others: Collection[str]
    learners: Mapping[str, Learner]
    clock: Clock
    ledger: Ledger
    arrivals: list[Arrival] = field(default_factory=list)

    def do(self, found: Sorted, progress: Progress) -> None:
        before = waiting(self.folder, self.assignment)
        done, of = len(found.refused), len(found.refused) + sum(map(len, found.parcels.values()))
        for number, (name, pieces, why) in enumerate(found.refused, start=1):
            self.put_aside(name, None, pieces, why)
            progress(number, of)
        for learner, parcels in sorted(found.parcels.items()):
            self.take_from(learner, parcels, before)
            done += len(parcels)
            progress(done, of)

    def take_from(self, learner: str, parcels: list[Parcel], before: Mapping[str, list[Path]]) -> None:
        """Keep all that one learner sent, in the order in which it was received."""
        hand_ins: list[HandIn] = []
        made_of: dict[str, list[Piece]] = {}
        stamps: dict[str, str] = {}
        refused: set[str] = set()
        for parcel in parcels:
            top = parcel.envelopes[0].top
            try:
                for used, result in open_parcel(parcel, self.assignment, self.others):
                    pieces = [parcel.pieces[at] for at in used]
                    name = parcel.envelopes[used[0]].top
                    if isinstance(result, Refused):
                        self.put_aside(name, learner, pieces, result)
                        refused.add(name)
                        continue
                    stamps[name] = parcel.envelopes[used[0]].stamp
                    self.clock.check(stamps[name])
                    made_of[name] = pieces
                    hand_ins.append(result)
            except Refused as why:
                self.put_aside(top, learner, parcel.pieces, why)
                refused.add(top)
        timed = self.clock.timed(hand_ins, stamps)
        tied = _tied(timed)
        for hand_in in timed:
            if hand_in in tied:
                names = ", ".join(shown_name(each.arrived) for each in tied)
                self.put_aside(
                    hand_in.envelope, learner, made_of[hand_in.envelope], Refused("several", names)
                )
                continue
            self.keep(hand_in, made_of[hand_in.envelope], refused, before)

    def keep(
        self, hand_in: HandIn, pieces: list[Piece], refused: set[str], before: Mapping[str, list[Path]]
    ) -> None:
        who = self.learners.get(hand_in.learner, Learner(hand_in.learner))
        try:
            became = keep(self.folder, self.ledger, self.assignment, hand_in, who)
        except Refused as why:
            self.put_aside(hand_in.envelope, hand_in.learner, pieces, why)
            return
        received = stamp(hand_in.received)
        self.arrivals.append(kept(hand_in.envelope, hand_in.learner, became, received, self.assignment))
        if hand_in.envelope not in refused:
            settle(before.get(hand_in.envelope, ()), hand_in.learner)

    def put_aside(self, name: str, learner: str | None, pieces: Iterable[Piece], why: Refused) -> None:
        place = quarantine(self.folder, self.assignment, name, learner, list(pieces), why)
        self.arrivals.append(put_aside(name, learner, why, place))


def _tied(timed: list[HandIn]) -> list[HandIn]:
    """Return the hand-ins that say different things, where nothing tells which of them came last."""
    found = []
    for one, other in pairwise(timed):
        if (one.received, one.order) == (other.received, other.order) and one.hashes != other.hashes:
            found += [each for each in (one, other) if each not in found]
    return found
