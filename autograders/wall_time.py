"""Work with the times that people write: on a clock on the wall, in a time zone, with days of 23 or 25 hours.

For the rules of late work. A day is the same time on the next day, whatever the clocks did at night; hours
and minutes are those that passed. Pure; refuses to know what the time is now.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from course.engine.faults import did_you_mean

WRITTEN = r"^20[0-9]{2}-[0-9]{2}-[0-9]{2} ([01][0-9]|2[0-3]):[0-5][0-9]$"
SPAN = r"^[0-9]{1,4}([.][0-9]{1,2})? (minute|hour|day|week)s?$"


@dataclass(frozen=True)
class Span:
    """A stretch of time: calendar days, and time that passes."""

    days: float = 0.0
    passing: timedelta = timedelta()

    def times(self, factor: float) -> "Span":
        """Return the span so many times as long."""
        return Span(self.days * factor, self.passing * factor)

    def __add__(self, other: "Span") -> "Span":
        return Span(self.days + other.days, self.passing + other.passing)


NO_TIME = Span()


def read_span(text: str) -> Span:
    """Return the span of a text as "90 minutes" or "3 days"; ValueError "what; cure" where it is none."""
    if not re.match(SPAN, text):
        raise ValueError(f"{text!r} is no length of time; write it as '30 minutes', '2 hours' or '3 days'")
    number, unit = text.split()
    match unit.removesuffix("s"):
        case "minute":
            return Span(passing=timedelta(minutes=float(number)))
        case "hour":
            return Span(passing=timedelta(hours=float(number)))
        case "day":
            return Span(days=float(number))
    return Span(days=7 * float(number))


def read_wall_time(text: str) -> datetime:
    """Return the wall time of a text as "2026-03-02 23:59"; ValueError "what; cure" where it is none."""
    try:
        if not re.match(WRITTEN, text):
            raise ValueError(text)
        return datetime.strptime(text, "%Y-%m-%d %H:%M")
    except ValueError:
        raise ValueError(f"{text!r} is no day and time; write it as '2026-03-02 23:59'") from None


def read_zone(name: str) -> ZoneInfo:
    """Return the time zone of a name as "Europe/Berlin"; ValueError "what; cure" where there is none."""
    try:
        if name.lower() in ("localtime", "posixrules", "factory"):
            raise ValueError("another zone on each machine")
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        cure = did_you_mean(name, available_timezones()) if name.isascii() and len(name) < 60 else ""
        cure = cure if cure.startswith("did") else "write one as 'Europe/Berlin' or 'America/New_York'"
        raise ValueError(f"no time zone {name[:60]!r}; {cure}") from None


@lru_cache(maxsize=4096)
def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return when a clock on the wall shows this time, in UTC.

    A time that comes twice, when clocks go back, is the later one; a time that is skipped, when they go
    forward, is the moment in which they do. So a later wall time never comes sooner.
    """
    later = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if shown_at(later, zone) == wall:
        return later
    before, after = later, wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    while after - before > timedelta(microseconds=1):
        middle = before + (after - before) / 2
        before, after = (before, middle) if shown_at(middle, zone) >= wall else (middle, after)
    return after


def skipped(wall: datetime, zone: ZoneInfo) -> bool:
    """True when the clocks skip this time."""
    return shown_at(instant(wall, zone), zone) != wall


def shown_at(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return what a clock on the wall shows at a moment."""
    return moment.astimezone(zone).replace(tzinfo=None)


def after(wall: datetime, zone: ZoneInfo, span: Span) -> datetime:
    """Return the moment, in UTC, a span after a wall time: first the days on the wall, then what passes."""
    return instant(wall + timedelta(days=span.days), zone) + span.passing
