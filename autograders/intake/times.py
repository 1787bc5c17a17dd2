"""Read when a hand-in was received, as the receiving side says it; a time without a zone is never guessed.

For the intake: --received, a platform's list, the exchange's stamps, a file's own time. Times are UTC from
here on. Refuses to ask a clock.
"""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

NO_ZONE = "{text!r} has no time zone; add --zone (as in --zone Europe/Copenhagen), or write the zone with it"
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
        return found.astimezone(UTC)
    except OverflowError:
        raise ValueError(NO_TIME.format(text=text[:60])) from None


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
    except (ValueError, OverflowError):
        return None
    return found


def of_seconds(seconds: float) -> datetime:
    """Return the time that a file system gives."""
    return datetime.fromtimestamp(round(seconds, 6), UTC)


def stamp(when: datetime) -> str:
    """Return a time as nbgrader writes it into timestamp.txt."""
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f} UTC"


def read_stamp(text: str) -> datetime:
    """Return the time of one of nbgrader's stamps; ValueError where it is none."""
    if text.endswith(" UTC") and (found := _iso(text.removesuffix(" UTC"))) and found.tzinfo is None:
        return found.replace(tzinfo=UTC)
    from nbgrader.utils import parse_utc

    try:
        moment: datetime = parse_utc(text)
    except OverflowError as fault:
        raise ValueError(str(fault)) from fault
    return moment.replace(tzinfo=UTC)
