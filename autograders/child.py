"""Judge submissions in a process of its own: `python -m autograders.child FOLDER ASSIGNMENT`.

Reads one JSON line a submission (the bytes of its two files), writes one (the answers and the marks). It calls
the same checks as the cells of a notebook do. Bounded in memory and time; opens no connection, starts no
program, writes no file, and knows no learner's name.
"""

import base64
import json
import os
import resource
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

from autograders.checks import check_labels, check_plan
from autograders.released import GradedCell, read_released
from course.engine.answers import Refused, answers_in

MEMORY = 512 * 1024 * 1024
"""What one submission may take beyond what the loaded judge takes."""
CPU_SECONDS = 10

FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "os.spawn",
    "ctypes.",
)
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def main(folder: str, assignment: str) -> None:
    """Judge what comes in, line by line, until the input ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever is printed by mistake does not spoil an answer
    released = read_released(Path(folder), assignment)
    _judge(assignment, released.cells, dict.fromkeys(released.questions))
    _bound_memory()
    sys.addaudithook(_forbid)
    _say(answers, {"ready": True})
    for line in sys.stdin.buffer:
        _bound_time()
        _say(answers, _answer(assignment, released.questions, released.cells, json.loads(line)))


def _answer(
    assignment: str, questions: tuple[str, ...], cells: Iterable[GradedCell], task: dict[str, str | None]
) -> dict[str, Any]:
    try:
        read = answers_in(_bytes(task["notebook"]), _bytes(task["answers"]), questions, notebook=assignment)
    except Refused as refused:
        return {"refused": str(refused)}
    try:
        given = {name: read.values.get(name) for name in questions}
        marks = _judge(assignment, [cell for cell in cells if cell.question not in read.refused], given)
    except Exception as fault:
        return {"fault": f"the judge failed ({type(fault).__name__})"}
    return {"answers": given, "notes": list(read.notes), "unread": dict(read.refused), "cells": marks}


def _judge(assignment: str, cells: Iterable[GradedCell], given: dict[str, Any]) -> dict[str, Any]:
    marks = {}
    for cell in cells:
        value = given.get(cell.question)
        if cell.component is None:
            score = check_labels(assignment, cell.question, value)
        else:
            score = check_plan(assignment, cell.question, cell.component, value)
        marks[cell.name] = {
            "points": float(score.points),
            "out_of": float(score.out_of),
            "needs_person": bool(score.needs_person),
            "html": score._repr_html_(),
        }
    return marks


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text)


def _say(out: BinaryIO, answer: dict[str, Any]) -> None:
    out.write(json.dumps(answer, allow_nan=False).encode("ascii") + b"\n")
    out.flush()


def _bound_memory() -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0]) if Path("/proc/self/statm").exists() else 0
    most = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _bound_time() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + CPU_SECONDS + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _forbid(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse what judging never needs, should a submission ever bring us to try it."""
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING
    if writes or event.startswith(FORBIDDEN):
        raise PermissionError(f"judging does not need {event}")


if __name__ == "__main__":
    main(*sys.argv[1:])
