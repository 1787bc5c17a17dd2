"""Watch a process from within by Python's audit hooks: what it opens, imports, runs and connects to.

    python -m tests.promises.watching child FOLDER ASSIGNMENT      judge what comes in on standard input
    python -m tests.promises.watching run FOLDER ASSIGNMENT        mark, write feedback, export
    python -m tests.promises.watching evening FOLDER ASSIGNMENT    the same, and the report with its pictures

What was seen stands on standard error as one line of JSON: event, first argument, how often. In the child it
is seen from the moment when the judge is loaded; in a run from the moment when our own modules are.
"""

import json
import os
import sys
from collections import Counter
from pathlib import Path
from types import CodeType
from typing import Any

SEEN: Counter[tuple[str, str]] = Counter()
CANARY = "PWNED"
"""What stands in whatever a hostile submission would run."""
PLAIN_EVENTS = ("object.", "sys._getframe", "code.__new__", "builtins.id", "gc.", "os.listdir", "os.scandir")


def _said(event: str, arguments: tuple[Any, ...]) -> str:
    """Return what an event is about: a path, a module, the place of a piece of code."""
    if event == "compile":
        if arguments[0] is not None and CANARY in str(arguments[0]):
            return CANARY
        return os.fsdecode(arguments[1]) if isinstance(arguments[1], str | bytes) else str(arguments[1])
    first = arguments[0] if arguments else ""
    if isinstance(first, CodeType):
        return first.co_filename
    return os.fsdecode(first) if isinstance(first, str | bytes | os.PathLike) else type(first).__name__


class Watch:
    """An audit hook that counts events once it is told to."""

    def __init__(self, *, begins_with: str = "") -> None:
        self.on = not begins_with
        self._begins_with = begins_with

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.on and not event.startswith(PLAIN_EVENTS):
            SEEN[event, _said(event, arguments)] += 1
        self.on = self.on or event == self._begins_with


def tell() -> None:
    seen = sorted([event, said, times] for (event, said), times in SEEN.items())
    sys.stderr.write("\n" + json.dumps(seen) + "\n")
    sys.stderr.flush()


def child(folder: str, assignment: str) -> None:
    """Be the child of a run; the judge is loaded when it sets its own hook."""
    from autograders.child import main

    sys.addaudithook(Watch(begins_with="sys.addaudithook"))
    main(folder, assignment)
    tell()


def run(folder: str, assignment: str) -> None:
    """Mark, give feedback and export, as an instructor does."""
    from autograders.export import export_scores
    from autograders.feedback import write_feedback
    from autograders.marking import mark

    sys.addaudithook(Watch())
    print(mark(Path(folder), assignment).sentence)
    write_feedback(Path(folder), assignment)
    export_scores(Path(folder))
    tell()


def evening(folder: str, assignment: str) -> None:
    """Do all that, and look at the class."""
    from autograders.class_results import class_results
    from autograders.report import write_report

    run(folder, assignment)
    write_report(Path(folder), results=class_results(Path(folder)))
    tell()


if __name__ == "__main__":
    {"child": child, "run": run, "evening": evening}[sys.argv[1]](*sys.argv[2:])
