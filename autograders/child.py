"""Judge submissions in a process of its own: `python -m autograders.child FOLDER ASSIGNMENT [IN,OUT …]`.

Reads one JSON line a submission (the bytes of its two files), writes one (the answers and the marks). It
calls the same checks as the cells of a notebook do. Bounded in memory and time; opens no connection, starts
no program, writes no file, and knows no learner's name. For each further pair of pipes it splits off a twin,
before it has read anything, so that the judge is loaded only once.
"""

import base64
import json
import os
import resource
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from autograders import judge
from autograders.call_keys import CallQuestion
from autograders.checks import check_call, check_labels, check_plan
from autograders.evidence import detail_of
from autograders.keys_reading import Key, LabelsQuestion
from autograders.labels import not_asked_for
from autograders.loading import for_good
from autograders.released import GradedCell, read_key_of, read_released
from course.engine.answers import NotebookAnswers, Refused, answers_from, read_answers_file
from course.engine.complaint import Complaint
from course.engine.counted import Answers, settled
from course.engine.places import stay

MEMORY = 512 * 1024 * 1024
"""What one submission may take beyond what the loaded judge takes."""
CPU_SECONDS = 10

WARM_UP = "I will listen, say sorry and put it right today."
"""An answer that makes the judge load all it needs, before the bounds are set."""

FORBIDDEN = (
    "import",
    "exec",
    "marshal.",
    "pickle.",
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "os.spawn",
    "ctypes.",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.mkdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.chmod",
    "os.chown",
    "os.utime",
    "os.putenv",
    "shutil.",
)
"""What judging never needs once the judge is loaded: code, the network, programs, a change of any file."""
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def load_the_judge() -> None:
    """Load what judges words, its weights included: a call may hold own words where no plan is asked for."""
    from autograders.judging.learned.model import model

    judge(WARM_UP, Complaint("", "simple", "phone", ""))
    model()


def main(folder: str, assignment: str, *twins: str) -> None:
    """Judge what comes in, line by line, until the input ends. `twins`: the pipes of each, as IN,OUT."""
    own = os.dup(0), os.dup(1)
    os.dup2(2, 0)
    os.dup2(2, 1)  # whatever is printed by mistake does not spoil an answer
    with for_good():
        released, key = read_released(Path(folder), assignment), read_key_of(Path(folder), assignment)
        _judge(key, released.cells, dict.fromkeys(released.questions, WARM_UP))
        if any(not isinstance(question, LabelsQuestion) for question in key.questions.values()):
            load_the_judge()  # labels alone need none of it
    stay()
    questions, answers = _split([own, *(_pair(twin) for twin in twins)])
    _bound_memory()
    sys.addaudithook(_forbid)
    _say(answers, {"ready": True})
    for line in questions:
        _bound_time()
        _say(answers, _answer(key, released.cells, json.loads(line)))


def _pair(twin: str) -> tuple[int, int]:
    into, out = twin.split(",")
    return int(into), int(out)


def _split(pairs: list[tuple[int, int]]) -> tuple[BinaryIO, BinaryIO]:
    """Become as many processes as there are pairs of pipes; return this one's own, and close the others.

    So each pipe ends with the one process that it belongs to.
    """
    own = next((pair for pair in pairs[1:] if os.fork() == 0), pairs[0])
    for pair in pairs:
        if pair != own:
            os.close(pair[0])
            os.close(pair[1])
    return os.fdopen(own[0], "rb"), os.fdopen(own[1], "wb")


def _answer(key: Key, cells: Iterable[GradedCell], task: dict[str, str | None]) -> dict[str, Any]:
    try:
        read = _read(_bytes(task["notebook"]), _bytes(task["answers"]), tuple(key.questions))
    except Refused as refused:
        return {"refused": str(refused)}
    try:
        given = {name: read.values.get(name) for name in key.questions}
        marks = _judge(key, [cell for cell in cells if cell.question not in read.refused], given)
    except Exception as fault:
        return {"fault": f"the judge failed ({type(fault).__name__})"}
    notes = [*read.notes, *_odd(key, given)]
    return {"answers": given, "notes": notes, "unread": dict(read.refused), "cells": marks}


def _odd(key: Key, given: dict[str, Any]) -> Iterator[str]:
    """Yield what is told of labels and replies that nobody asked for; they earn nothing."""
    for name, question in key.questions.items():
        if isinstance(question, LabelsQuestion):
            yield from (f"{name}: {said}" for said in not_asked_for(question, given.get(name)))


def _read(notebook: bytes | None, beside: bytes | None, names: tuple[str, ...]) -> Answers:
    """Return the answers that count; a hand-in may be an answers file alone."""
    if notebook is None:
        return settled(NotebookAnswers(dict.fromkeys(names)), read_answers_file(beside or b""), names)
    return answers_from(notebook, beside, names)


def _judge(key: Key, cells: Iterable[GradedCell], given: dict[str, Any]) -> dict[str, Any]:
    return {cell.name: _mark(key, cell, given.get(cell.question)) for cell in cells}


def _mark(key: Key, cell: GradedCell, value: Any) -> dict[str, Any]:
    """Return the mark of one cell. A fault of ours gives no points, which is not the same as zero."""
    if cell.component is None:
        score = check_labels(key.assignment, cell.question, value)
    elif isinstance(key.questions[cell.question], CallQuestion):
        score = check_call(key.assignment, cell.question, cell.component, value)
    else:
        score = check_plan(key.assignment, cell.question, cell.component, value)
    return {
        "points": None if score.our_fault else float(score.points),
        "out_of": cell.out_of,
        "needs_person": score.needs_person or score.our_fault,
        "html": score._repr_html_(),
        "detail": detail_of(score, key.questions[cell.question], cell.component, value),
    }


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
