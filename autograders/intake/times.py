"""Read when a hand-in was received, as the receiving side says it; a time without a zone is never guessed.

For the intake: --received, a platform's list, the exchange's stamps, a file's own time. Times are UTC from
here on. Refuses to ask a clock.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from autograders.submission import TIME, read_utc

NO_ZONE = "{text!r} has no time zone; add --zone (as in --zone Europe/Copenhagen), or write the zone with it"
LAST = datetime(9999, 12, 31, tzinfo=UTC).timestamp()
NO_TIME = "no time can be read in {text!r}; write it as 2026-03-02T17:00+01:00"


def read_time(text: str, zone: ZoneInfo | None = None) -> datetime:
    """Return a time in UTC. ISO 8601, or with the month's English name, as Moodle writes it.

    `zone`: where the clock hangs that a time without a zone was read from. ValueError with a sentence.
    """
    plain = re.sub(r"\s+(UTC|GMT)$", "+00:00", " ".join(text.split()))
    found = _iso(plain) or _in_words(plain)
    if found is None:
        raise ValueError(NO_TIME.format(text=text[:60]))
    if found.tzinfo is None:
        if zone is None:
            raise ValueError(NO_ZONE.format(text=text[:60]))
        found = found.replace(tzinfo=zone)
    try:
        moment = found.astimezone(UTC)
    except OverflowError:
        raise ValueError(NO_TIME.format(text=text[:60])) from None
    if moment.year < 1970:
        raise ValueError(NO_TIME.format(text=text[:60]))
    return moment


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _in_words(text: str) -> datetime | None:
    """Read "Monday, 2 March 2026, 9:30 AM"; a date of numbers alone may be read two ways, and is not."""
    from dateutil import parser  # type: ignore[import-untyped]

    if not re.search(r"[^\W\d_]{3}", text) or not re.search(r"\d{4}", text):
        return None
    try:
        found: datetime = parser.parse(text)
    except (ValueError, ArithmeticError):
        return None
    return found


def of_seconds(seconds: float) -> datetime:
    """Return the time that a file system gives; the last one that has a date where it gives none."""
    return datetime.fromtimestamp(min(max(round(seconds, 6), 0.0), LAST), UTC)


def stamp(when: datetime) -> str:
    """Return a time as nbgrader writes it into timestamp.txt."""
    return f"{when.astimezone(UTC).replace(tzinfo=None).isoformat(' ', 'microseconds')} UTC"


def read_stamp(text: str, zone: Callable[[], str] = lambda: "UTC") -> datetime:
    """Return the time of one of nbgrader's stamps, as marking reads it; ValueError where it is none.

    `zone`: the zone of the exchange, asked where a stamp has one of its short names.
    """
    if text.endswith(" UTC") and TIME.fullmatch(text) and (found := _iso(text.removesuffix(" UTC"))):
        return found.replace(tzinfo=UTC)
    try:
        return read_utc(text.encode("ascii"), zone)
    except (LookupError, OSError, OverflowError) as fault:
        raise ValueError(str(fault)) from fault
