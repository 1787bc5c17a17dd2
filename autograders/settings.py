"""Read nbgrader's settings for a course folder: this computer's, this user's, then the folder's own.

For the gradebook and for nbgrader's commands that we run, so that they see what `nbgrader` itself sees there.
Refuses to know what a setting means.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

from autograders.results import CannotMark
from course.engine.faults import shown
from course.engine.places import MARK

NAMES = ("jupyter_config", Path(MARK).stem)


class SettingsFault(CannotMark):
    """A settings file cannot be read. The text is one sentence: where, what, cure."""


def settings(folder: Path) -> Any:
    """Return the settings as traitlets' Config; what is nearer to the course folder counts more."""
    from jupyter_core.paths import jupyter_config_path
    from traitlets.config import Config

    config = Config()
    for place in (*map(Path, reversed(jupyter_config_path())), folder):
        for name in NAMES:
            for suffix in (".py", ".json"):
                config.merge(_read(place / f"{name}{suffix}"))
    return config


@lru_cache(maxsize=8)
def exchange_zone(folder: Path) -> str:
    """Return the zone in which nbgrader's exchange names the time, asked once a process; UTC if not set."""
    return str(settings(folder).Exchange.get("timezone") or "UTC")


def _read(path: Path) -> Any:
    from traitlets.config import Config
    from traitlets.config.loader import JSONFileConfigLoader, PyFileConfigLoader

    if not path.is_file():
        return Config()
    loader = PyFileConfigLoader if path.suffix == ".py" else JSONFileConfigLoader
    try:
        return loader(path.name, path=str(path.parent)).load_config()
    except (Exception, SystemExit) as fault:  # it is a program: anything may go wrong in it
        line = f":{fault.lineno}" if isinstance(fault, SyntaxError) and fault.lineno else ""
        what = f"{type(fault).__name__}: {fault.msg if isinstance(fault, SyntaxError) else fault}"
        raise SettingsFault(
            f"{shown(path)}{line}: these settings cannot be read ({what}); mend them"
        ) from fault
