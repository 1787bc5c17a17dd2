"""Start a process that is watched from within, and read what was seen."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from autograders.submission import RefusedSubmission, Submission, learners_with, read_submission
from tests.small_class import ROOT

Seen = dict[str, set[str]]
"""What was seen: by event, what it was about."""


def watched(what: str, course: Path, assignment: str, *, asked: bytes = b"") -> tuple[Seen, list[str]]:
    """Return what was seen, and the lines that the process wrote."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "tests.promises.watching", what, str(course), assignment],
        input=asked,
        capture_output=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        cwd=course,
        check=True,
    )
    seen: Seen = {}
    for event, said, _ in json.loads(done.stderr.decode().splitlines()[-1]):
        seen.setdefault(event, set()).add(said)
    return seen, done.stdout.decode().splitlines()


def submissions(course: Path, assignment: str) -> Iterable[Submission]:
    """Yield what of a class reaches the judge's process."""
    for learner in learners_with(course, assignment):
        try:
            yield read_submission(course, learner, assignment)
        except RefusedSubmission:
            continue
