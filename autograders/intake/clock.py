"""Say when hand-ins were received: by the exchange's stamp, a platform's list, one time for all, or the file.

For the intake. Knows the order in which they count; refuses to look inside anything.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from autograders.intake.opening import HandIn
from autograders.intake.people import Told
from autograders.intake.pieces import CannotTake
from autograders.intake.refusals import Refused
from autograders.intake.times import read_stamp, read_time
from autograders.submission import shown_name
from course.engine.faults import Fault, Faults


@dataclass(frozen=True)
class Clock:
    """When hand-ins were received, as the receiving side says it: each learner's time, or one for all."""

    each: Mapping[str, datetime] = field(default_factory=dict)
    all: datetime | None = None
    zone: Callable[[], str] = lambda: "UTC"
    """The zone of the exchange, asked where a stamp needs it."""

    def timed(self, found: list[HandIn], stamps: Mapping[str, str]) -> list[HandIn]:
        """Return one learner's hand-ins with their times, the one that counts last."""
        if not found:
            return []
        timed = [self._timed(hand_in, stamps) for hand_in in found]
        timed.sort(key=lambda hand_in: (hand_in.received, hand_in.order))
        named = self.each.get(found[0].learner)
        if named is None or timed[-1].stamp:
            return timed
        earlier = [replace(each, received=min(each.received, named)) for each in timed[:-1]]
        return [*earlier, replace(timed[-1], received=named, sure=True)]

    def check(self, stamp: str) -> None:
        """Raise Refused where the exchange's stamp is no time."""
        try:
            if stamp:
                read_stamp(stamp, self.zone)
        except ValueError:
            raise Refused("time", f"the folder's name ({shown_name(stamp)})") from None

    def _timed(self, hand_in: HandIn, stamps: Mapping[str, str]) -> HandIn:
        if stamp := stamps.get(hand_in.envelope, ""):
            return replace(hand_in, received=read_stamp(stamp, self.zone), stamp=stamp, sure=True)
        return replace(hand_in, received=self.all, sure=True) if self.all else hand_in


def clock_of(told: Iterable[Told], received: str, zone: str, exchange: Callable[[], str]) -> Clock:
    """Return the clock of a run; raise Faults or CannotTake where a time or the zone cannot be read.

    `exchange`: what gives the zone of the exchange.
    """
    try:
        here = ZoneInfo(zone) if zone else None
    except (KeyError, ValueError, OSError):
        raise CannotTake(
            f"--zone {zone}: no such time zone; write one as Europe/Copenhagen, or UTC"
        ) from None
    faults, each = [], {}
    for row in told:
        if row.received.strip("- "):
            try:
                each[row.learner] = read_time(row.received, here)
            except ValueError as fault:
                faults.append(Fault("--people", row.line, str(fault)))
    if faults:
        raise Faults(faults)
    try:
        return Clock(each, read_time(received, here) if received else None, exchange)
    except ValueError as fault:
        raise CannotTake(f"--received: {fault}") from None
