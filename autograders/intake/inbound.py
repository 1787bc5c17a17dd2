"""Find nbgrader's exchange as a source of hand-ins, and tell whether a folder in it is the learner's own.

For the intake. Interface: the settings of `nbgrader.exchange.default.ExchangeCollect` 0.9.6. An exchange of
another kind is nbgrader's own business: there, its collect is run. Refuses to write into the exchange.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograders.intake.names import Envelope
from autograders.intake.refusals import Refused


@dataclass(frozen=True)
class Inbound:
    """The exchange's folder of hand-ins, and whether a hand-in must belong to the learner's own account."""

    folder: Path
    check_owner: bool

    def check(self, envelope: Envelope) -> None:
        """Raise Refused where the learner has an account on this computer and another one sent the folder."""
        if self.check_owner and (owner := foreign_owner(self.folder / envelope.top, envelope.who)):
            raise Refused("owner", f"{owner}, not {envelope.who}")


def inbound_of(folder: Path) -> Inbound | None:
    """Return the exchange that the settings name; None where it is of another kind, or not there."""
    from autograders.gradebook import course_directory
    from autograders.loading import load_nbgrader

    load_nbgrader()
    from nbgrader.auth import Authenticator
    from nbgrader.exchange import ExchangeFactory
    from nbgrader.exchange.default.collect import ExchangeCollect

    coursedir = course_directory(folder)
    config = coursedir.config
    collect = ExchangeFactory(config=config).collect
    if not issubclass(collect, ExchangeCollect) or not coursedir.course_id:
        return None
    sender: Any = collect(coursedir=coursedir, authenticator=Authenticator(config=config), config=config)
    place = Path(sender.root) / coursedir.course_id / "inbound"
    return Inbound(place, bool(sender.check_owner)) if place.is_dir() else None


def foreign_owner(path: Path, who: str) -> str:
    """Return the account that a folder belongs to, where `who` is another account here; else empty."""
    try:
        import pwd
    except ImportError:  # Windows has no such accounts
        return ""
    try:
        own, owner = pwd.getpwnam(who).pw_uid, path.lstat().st_uid
    except (KeyError, OSError, ValueError):
        return ""
    if own == owner:
        return ""
    try:
        return pwd.getpwuid(owner).pw_name
    except KeyError:
        return f"number {owner}"
