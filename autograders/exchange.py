"""Send a hand-in through nbgrader's exchange, in this process, and say in a sentence what became of it.

For the hand-in button (`hand_in("heat-plan-a", through=exchange)`) and for `heatproof demo`. It is
nbgrader's own submit, with nbgrader's own settings, so that stock `nbgrader collect` takes what arrives.
Where there is no exchange, no course or no such assignment, it says so. Refuses to write to stderr, to
change the working folder, and to know what it sends.
"""

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from course.engine.hand_in import Sent
from course.engine.places import MARK, course_folder
from course.engine.words import word

_SILENT = logging.getLogger("heatproof.exchange")
_SILENT.addHandler(logging.NullHandler())
_SILENT.propagate = False


def submit(
    folder: Path,
    assignment: str,
    *,
    learner: str | None = None,
    when: datetime | None = None,
    course: Path | None = None,
    exchange: Path | None = None,
    cache: Path | None = None,
) -> Sent:
    """Hand a folder, named like the assignment, to the instructor through nbgrader's exchange. Never
        raises.

    `learner`: for whom, where one program hands in for many; else nbgrader asks the system. `when`: the time
    of the hand-in, now if not given. `course`: a folder in or under a course folder. `exchange` and `cache`:
    folders to use instead of the configured ones.
    """
    from nbgrader.exchange import ExchangeError

    if folder.name != assignment or not folder.is_dir():
        told = word("exchange.wrong-folder", folder=folder.name, assignment=assignment)
        return Sent(done=False, told=told)
    try:
        config = _settings(course)
        config.CourseDirectory.assignment_id = assignment
        config.Exchange.assignment_dir = str(folder.parent)
        config.ExchangeSubmit.path_includes_course = False
        for name, place in (("root", exchange), ("cache", cache)):
            if place is not None:
                config.Exchange[name] = str(place)
        if not config.CourseDirectory.get("course_id"):
            return Sent(done=False, told=word("exchange.no-course"))
        arrived = _submit(config, learner, when or datetime.now(UTC))
    except ExchangeError as fault:
        return Sent(done=False, told=word("exchange.not-taken", reason=_plain(fault)))
    except FileExistsError:
        return Sent(done=False, told=word("exchange.twice", assignment=assignment))
    except OSError as fault:
        return Sent(done=False, told=word("exchange.not-written", reason=fault.strerror or fault))
    except (Exception, SystemExit) as fault:  # somebody's settings file, most likely
        told = word("exchange.settings", reason=f"{type(fault).__name__}: {fault}")
        return Sent(done=False, told=told)
    return Sent(done=True, told=word("exchange.arrived", arrived=arrived))


def _settings(course: Path | None) -> Any:
    """Return nbgrader's settings: those of this computer and user, then those of the course folder."""
    from jupyter_core.application import JupyterApp
    from nbgrader.apps import NbGrader

    app = NbGrader(log=_SILENT, raise_config_file_errors=True)
    app.load_config_file(suppress_errors=False)
    home = course_folder(course)
    if home is not None:
        super(JupyterApp, app).load_config_file(MARK, path=str(home))
    return app.config


def _submit(config: Any, learner: str | None, when: datetime) -> str:
    from nbgrader.auth import Authenticator
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.exchange import ExchangeFactory
    from nbgrader.utils import as_timezone

    coursedir = CourseDirectory(config=config, log=_SILENT)
    if learner is not None:
        coursedir.student_id = learner
    stock = ExchangeFactory(config=config, log=_SILENT).submit

    class AtThatTime(stock):  # type: ignore[misc, valid-type]
        """nbgrader's own submit, at the time that stands on the receipt."""

        def set_timestamp(self) -> None:
            there = as_timezone(when.astimezone(UTC).replace(tzinfo=None), self.timezone)
            if there.tzinfo is None:
                self.fail(f"Invalid timezone: {self.timezone}")
            self.timestamp = there.strftime(self.timestamp_format)

    sender = AtThatTime(
        coursedir=coursedir,
        authenticator=Authenticator(config=config, log=_SILENT),
        config=config,
        log=_SILENT,
    )
    try:
        sender.start()
    except FileExistsError:  # the same moment twice: only the sender's own copy is in the way
        if not (Path(sender.inbound_path) / sender.assignment_filename / "timestamp.txt").is_file():
            raise
    return f"{coursedir.course_id}, {coursedir.assignment_id}, {sender.timestamp}"


def _plain(fault: Exception) -> str:
    """Return nbgrader's message as one sentence."""
    text = " ".join(str(fault).split())
    return text if text.endswith(".") else f"{text}."
