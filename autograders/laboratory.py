"""Open JupyterLab on a course folder with our settings: no news, no update checks, the first lesson in view.

For `heatproof lab`. Refuses to know what a notebook holds.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from autograders.programs import own_path
from course.engine.places import course_folder

SETTINGS = (
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
)


class NoFolder(Exception):
    """There is no such folder to open; the message is one sentence."""


def open_lab(folder: Path | None, options: Sequence[str] = ()) -> NoReturn:
    """Become JupyterLab on `folder`, else on the course folder around the current one."""
    root = (folder or course_folder() or Path.cwd()).resolve()
    if not root.is_dir():
        raise NoFolder(f"{folder} is not a folder; name your course folder")
    command = [sys.executable, "-m", "jupyter", "lab", *SETTINGS, *first_page(root), *options]
    os.chdir(root)
    os.execve(command[0], command, os.environ | {"PATH": own_path()})


def first_page(root: Path) -> tuple[str, ...]:
    """Return the option that opens the first lesson of a course folder; none where there is no lesson."""
    lessons = sorted((root / "course").glob("[0-9]*.ipynb"))
    return (f"--LabApp.default_url=/lab/tree/course/{lessons[0].name}",) if lessons else ()
