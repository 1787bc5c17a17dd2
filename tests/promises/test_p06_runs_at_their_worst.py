"""P6 at its worst: a disk that is really full, a judge that dies twice, a clock set back, two runs at once.

Each time: run again where that is asked for, and the result is that of an undisturbed run.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograders.backups import backups
from autograders.chained import START
from autograders.gradebook import open_gradebook
from autograders.marking import mark
from autograders.record import Record, read_record
from autograders.restoring import restore
from autograders.results import latest, log_path
from autograders.verifying import verify, verify_audit
from tests.promises.runs import FATAL, TASK
from tests.promises.the_seven import MODEL, end_of
from tests.small_class import ROOT, hand_in, hand_in_answers, make_course, model_answers, notebook_with

OTHER = "red-flags"
YEAR = 365 * 24 * 3600

Asked = Callable[[dict[str, Any]], dict[str, Any]]


def told(scenes: list[dict[str, Any]], *program: str) -> dict[str, dict[str, Any]]:
    """Return the outcome of each scene that a program plays, by name."""
    asked = "".join(f"{json.dumps(scene)}\n" for scene in scenes)
    done = subprocess.run(program, input=asked, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return {outcome["name"]: outcome for outcome in map(json.loads, done.stdout.splitlines())}


# -- a disk that is really full -------------------------------------------------------------------

PRIVATE = ("unshare", "--user", "--map-root-user", "--mount")
"""Runs a program with mounts of its own, as anybody may on most Linux systems."""
FULL = {
    **{f"{kib} KiB are left": {"free": kib, "after": 0} for kib in (0, 150, 300, 450)},
    **{f"full after {number}": {"free": 8_000, "after": number} for number in (2, 6)},
}
"""How much room there is, in KiB, and after how many submissions somebody else takes it."""


@pytest.fixture(scope="module")
def on_a_small_disk(
    fresh: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, dict[str, Any]]]:
    """Where each course is that was marked on a small disk, and what the runs told."""
    out = tmp_path_factory.mktemp("disk")
    try:
        subprocess.run([*PRIVATE, "mount", "-t", "tmpfs", "tmpfs", str(out)], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no small disk can be mounted here; RLIMIT_FSIZE stands in for it in the other P6 tests")
    program = (*PRIVATE, sys.executable, "-m", "tests.promises.small_disk", str(fresh), str(out))
    return out, told([{"name": name, **scene} for name, scene in FULL.items()], *program)


@pytest.mark.parametrize("name", FULL)
def test_room_is_made_after_a_full_disk_and_nothing_was_lost(
    marked: Path, on_a_small_disk: tuple[Path, dict[str, dict[str, Any]]], name: str
) -> None:
    place, outcomes = on_a_small_disk
    assert outcomes[name]["again"] == "done"
    assert end_of(place / name) == end_of(marked)
    assert not list((place / name).rglob("*.part"))


def test_a_full_disk_is_told_in_a_sentence_wherever_it_is_met(
    on_a_small_disk: tuple[Path, dict[str, dict[str, Any]]],
) -> None:
    ends = {name: outcome["ended"] for name, outcome in on_a_small_disk[1].items()}
    full = [end for end in ends.values() if end != "done"]
    assert all(
        re.fullmatch(r"[^\n]* \([^\n]*(full|No space left)[^\n]*\)[^\n]* again[^\n]*\.", end) for end in full
    )
    assert ends["0 KiB are left"].startswith("backups/: no backup can be made before this run")
    assert ends["full after 2"].startswith(f"results/{TASK}.jsonl: it cannot be written")
    assert any("gradebook cannot be used" in end for end in full)


# -- a judge that dies twice on one submission among thirty ---------------------------------------

THIRTY = {f"learner-{number:02}": number for number in range(30)}


def thirty_in(course: Path) -> Path:
    """Have thirty hand in, some of whom know more."""
    for learner, number in THIRTY.items():
        some = {name: value for at, (name, value) in enumerate(MODEL.items()) if (number + at) % 4}
        hand_in_answers(course, learner, TASK, some)
    return course


def alone(record: Record) -> bytes:
    """Return a record but for the link to the line before it."""
    return replace(record, before=START).line()


@pytest.fixture(scope="module")
def fatal(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, Any]]:
    """The thirty marked alone, and with one on whom the judge dies; what the runs of these told."""
    place = tmp_path_factory.mktemp("fatal")
    among = thirty_in(make_course(place / "among", assignments=(TASK,)))
    alone = shutil.copytree(among, place / "alone")
    mark(alone, TASK)
    notebook = json.loads(notebook_with(TASK, MODEL))
    notebook["cells"][0]["source"] = FATAL.decode()
    hand_in(among, "learner-15-fatal", TASK, notebook=json.dumps(notebook).encode())
    scene = {"name": "fatal", "course": str(among), "do": "fatal submission", "at": 0}
    return alone, among, told([scene], sys.executable, "-m", "tests.promises.runs")["fatal"]


def test_a_submission_on_which_the_judge_dies_twice_costs_the_thirty_nothing(
    fatal: tuple[Path, Path, dict[str, Any]],
) -> None:
    undisturbed, among, outcome = fatal
    assert outcome["ended"] == "done"
    lines = [read_record(line) for line in log_path(among, TASK).read_bytes().splitlines()]
    honest = {record.learner: alone(record) for record in lines if record.learner in THIRTY}
    assert honest == {who: alone(record) for who, record in latest(undisturbed, TASK).items()}
    assert len(lines) == len(THIRTY) + 2, "the thirty are written once"
    with open_gradebook(among) as here, open_gradebook(undisturbed) as there:
        scores = here.scores(TASK)
        scores.pop("learner-15-fatal")
        assert scores == there.scores(TASK)


def test_it_is_our_fault_and_goes_to_a_person_until_the_judge_lives(
    fatal: tuple[Path, Path, dict[str, Any]],
) -> None:
    _, among, outcome = fatal
    lines = [read_record(line) for line in log_path(among, TASK).read_bytes().splitlines()]
    first, then = [record for record in lines if record.learner not in THIRTY]
    assert (first.our_fault, first.status, first.points) == (True, "needs_person", None)
    assert "Our fault: the judge stopped in the middle." in first.reason
    assert first.for_a_person == tuple(first.cells)
    assert outcome["again"] == "done"
    assert (then.our_fault, then.status, then.points) == (False, "graded", then.out_of)


# -- a clock that was a year ahead ----------------------------------------------------------------


def test_a_clock_that_is_set_back_between_runs_changes_nothing(
    fresh: Path, marked: Path, tmp_path: Path
) -> None:
    course, undisturbed = tmp_path / "course", tmp_path / "undisturbed"
    shutil.copytree(fresh, course)
    shutil.copytree(marked, undisturbed)
    scene = {"name": "clock", "course": str(course), "do": "clock ahead", "at": YEAR}
    outcome = told([scene], sys.executable, "-m", "tests.promises.runs")["clock"]
    assert (outcome["ended"], outcome["again"]) == ("done", "done")
    for each in (course, undisturbed):
        hand_in_answers(each, "hal", TASK, MODEL)
        mark(each, TASK)
    assert end_of(course) == end_of(undisturbed)

    *_, ahead, last = backups(course)
    assert ahead.when > last.when, "else the clock was not set back"
    assert (verify(course, TASK).differences, verify_audit(course)) == ((), ())
    back = restore(course, last.name, really=True)
    assert back.results[TASK] == (len(latest(undisturbed, TASK)), len(latest(undisturbed, TASK)) - 1)
    assert "hal" not in latest(course, TASK)
    mark(course, TASK)
    assert end_of(course) == end_of(undisturbed)


# -- two assignments at the same moment -----------------------------------------------------------

MARKS_WHEN_TOLD = """
import sys
from pathlib import Path
from autograders.loading import load_nbgrader
from autograders.marking import mark
load_nbgrader()
print("ready", flush=True)
sys.stdin.readline()
print(mark(Path(sys.argv[1]), sys.argv[2], workers=1, batch=1).sentence)
"""


def test_two_assignments_of_one_course_are_marked_at_the_same_moment(tmp_path: Path) -> None:
    """Neither knows the class yet, so that both write the same learners into one new gradebook."""
    course = make_course(tmp_path / "course", assignments=(TASK, OTHER))
    (course / "gradebook.db").unlink()
    for learner in THIRTY:
        for task in (TASK, OTHER):
            hand_in_answers(course, learner, task, model_answers(task))
    one_after_the_other = shutil.copytree(course, tmp_path / "undisturbed")
    for task in (TASK, OTHER):
        mark(one_after_the_other, task)

    program = [sys.executable, "-c", MARKS_WHEN_TOLD, str(course)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
    runs = {task: subprocess.Popen([*program, task], **pipes) for task in (TASK, OTHER)}
    assert [run.stdout.readline() for run in runs.values()] == ["ready\n"] * 2
    for run in runs.values():
        run.stdin.write("now\n")
        run.stdin.flush()
    said = {task: run.communicate()[0].strip() for task, run in runs.items()}
    assert said == {task: f"{task}: 30 graded, 0 for a person, 0 refused, 0 failed." for task in runs}
    for task in (TASK, OTHER):
        assert log_path(course, task).read_bytes() == log_path(one_after_the_other, task).read_bytes()
        assert verify(course, task).differences == ()
        with open_gradebook(course) as here, open_gradebook(one_after_the_other) as there:
            assert here.scores(task) == there.scores(task)
    assert verify_audit(course) == ()
    assert [backup.name[:6] for backup in backups(course)] == ["000001", "000002"]
