"""Put nbgrader's small files of a submission beside what is made from it.

For marked notebooks and feedback pages. Refuses to know what is in a file.
"""

import os
import stat
from pathlib import Path

from autograders.whole_files import replace_file

BESIDE = ("timestamp.txt", "submission_secret.txt")
"""What nbgrader keeps beside a submission and needs again when it releases feedback."""
MAX_BESIDE = 1024


def copy_beside(source: Path, target: Path) -> None:
    """Copy nbgrader's small files from a submission, plain files only; take away what an earlier one left."""
    through_a_link = source.is_symlink() or source.parent.is_symlink()
    for name in BESIDE:
        try:
            if through_a_link:
                raise FileNotFoundError(name)
            descriptor = os.open(source / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            (target / name).unlink(missing_ok=True)
            continue
        try:
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                replace_file(target / name, os.read(descriptor, MAX_BESIDE))
        finally:
            os.close(descriptor)
