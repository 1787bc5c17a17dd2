"""Clear the folder in which nbgrader marks of everything that a learner laid beside the notebook.

For the nbgrader door. The kernel that marks would import a learner's `autograders/` before ours, and a
learner's `nbgrader_config.py` would make that folder a course folder with keys of the learner's own. Refuses
to know answers.
"""

import os
from pathlib import Path
from typing import Final

KEPT: Final = (".ipynb", ".answers.json")
"""Endings of the files that are read as data and never run; what executes a notebook is its release."""
KEPT_NAMES: Final = ("timestamp.txt", "submission_secret.txt", "receipt.json")


def clear_planted(folder: Path, source: Path) -> tuple[str, ...]:
    """Delete from `folder` what neither belongs to a hand-in nor stands in the instructor's `source`.

    Return the names, relative to the folder, of what was deleted. Links are deleted and never followed.
    """
    gone = []
    for place, folders, files in os.walk(folder, topdown=False):
        for name in files:
            path = Path(place) / name
            if not _stays(path, path.relative_to(folder), source):
                path.unlink()
                gone.append(path.relative_to(folder).as_posix())
        for name in folders:
            path = Path(place) / name
            if path.is_symlink():
                path.unlink()
                gone.append(path.relative_to(folder).as_posix())
            elif not any(path.iterdir()):
                path.rmdir()
    return tuple(sorted(gone))


def _stays(path: Path, name: Path, source: Path) -> bool:
    if path.is_symlink():
        return False
    ours = len(name.parts) == 1 and (name.name.endswith(KEPT) or name.name in KEPT_NAMES)
    return ours or (source / name).is_file()
