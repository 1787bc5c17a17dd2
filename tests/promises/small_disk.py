"""Mark on a disk that is really full, then make room and mark again.

    unshare --user --map-root-user --mount python -m tests.promises.small_disk FRESH OUT

A small disk in memory is mounted where only this process sees it. Scenes come as JSON lines on standard
input, {"name", "free", "after"}: a copy of the course FRESH is marked while `free` KiB are left; after so
many submissions (0: never) somebody else fills the rest. What the two runs left comes to OUT/name. One
outcome a scene, {"name", "ended", "again"}.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from autograders.marking import CannotMark, Progress, mark
from tests.promises.runs import TASK, apart

SIZE = "16m"
PAGE = os.sysconf("SC_PAGE_SIZE")


def fill(disk: Path, *, free: int) -> None:
    """Fill the disk until only so many bytes are left."""
    found = os.statvfs(disk)
    with (disk / "ballast").open("ab") as file:
        file.write(bytes(max(0, found.f_bavail * found.f_frsize - free) // PAGE * PAGE))
        file.flush()


def run(course: Path, after: int) -> str:
    """Mark, and return "done" or the sentence that says why not."""

    def watch(so_far: Progress) -> None:
        if so_far.done == after:
            fill(course.parent, free=0)

    try:
        mark(course, TASK, workers=1, batch=2, progress=watch)
    except CannotMark as fault:
        return str(fault)
    return "done"


def play(scene: dict[str, Any], disk: Path, fresh: Path, out: Path) -> dict[str, Any]:
    course = shutil.copytree(fresh, disk / "course")
    fill(disk, free=scene["free"] * 1024)
    ended = apart(lambda: run(course, scene["after"]))
    (disk / "ballast").unlink()
    again = apart(lambda: run(course, 0))
    shutil.copytree(course, out / scene["name"])
    shutil.rmtree(course)
    return {"name": scene["name"], "ended": ended, "again": again}


def main(fresh: str, out: str) -> None:
    from autograders.loading import load_nbgrader

    load_nbgrader()
    disk = Path(out) / "disk"
    disk.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", disk], check=True)
    for line in sys.stdin:
        print(json.dumps(play(json.loads(line), disk, Path(fresh), Path(out))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
