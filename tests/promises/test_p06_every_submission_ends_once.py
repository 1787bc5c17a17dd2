"""P6: only the parent writes; every submission ends in exactly one of graded, refused, needs a person.

Killed at any moment, with a full disk, a locked gradebook, a second run, a judge that is ended or a clock
that jumps: run again, and the result is that of an undisturbed run.
"""

import json
import random
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograders.autograded import autograded_path
from autograders.marking import CannotMark, mark
from autograders.record import Mark, Record
from autograders.results import LogFault, latest, log_path, open_log
from tests.promises.runs import TASK
from tests.promises.the_seven import CLASS, end_of
from tests.small_class import (
    ROOT,
    empty_gradebook,
)

# -- runs that are disturbed ----------------------------------------------------------------------

KILLS_WHILE_JUDGING = 2
KILLS_WHILE_SHOWING = 6
DISKS = {0: False, 700: False, 9_000: True, 60_000: True}
"""Bytes that a file may grow to: nothing, half a line of the log, two pages of the gradebook, its first half;
and if the log was full already."""


@pytest.fixture(scope="module")
def outcomes(
    fresh: Path, marked: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Any]]:
    """Every scene's outcome, with the folder that it left."""
    place = tmp_path_factory.mktemp("runs")
    program = [sys.executable, "-m", "tests.promises.runs"]
    with subprocess.Popen(
        program, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as driver:
        assert driver.stdin is not None
        assert driver.stdout is not None

        def told(name: str, do: str, at: int = 0, *, logged: bool = False) -> dict[str, Any]:
            course = shutil.copytree(fresh, place / f"scene {name}")
            if do == "full disk" and not at:
                (course / "gradebook.db").write_bytes(empty_gradebook())
            if logged:
                shutil.copytree(marked / "results", course / "results", dirs_exist_ok=True)
            print(
                json.dumps({"name": name, "course": str(course), "do": do, "at": at}),
                file=driver.stdin,
                flush=True,
            )
            return {**json.loads(driver.stdout.readline()), "course": course}

        chance = random.Random(7)
        found = {"judge": told("judge", "judge"), "clock": told("clock", "clock", 3_600)}
        while_judging = told("count", "count")["writes"]
        while_showing = while_judging - 12  # the log is written before, and not in these runs
        assert while_showing > 60
        for number, at in enumerate(sorted(chance.sample(range(1, while_judging), KILLS_WHILE_JUDGING)), 1):
            found[f"kill {number} while judging"] = told(f"kill {number} while judging", "kill", at)
        for number, at in enumerate(sorted(chance.sample(range(1, while_showing), KILLS_WHILE_SHOWING)), 1):
            name = f"kill {number} while showing"
            found[name] = told(name, "kill", at, logged=True)
        for size, logged in DISKS.items():
            found[f"disk of {size}"] = told(f"disk of {size}", "full disk", size, logged=logged)
        driver.stdin.close()
        assert driver.wait() == 0
    return found


SCENES = (
    *(f"kill {number} while judging" for number in range(1, KILLS_WHILE_JUDGING + 1)),
    *(f"kill {number} while showing" for number in range(1, KILLS_WHILE_SHOWING + 1)),
    *(f"disk of {size}" for size in DISKS),
    "judge",
    "clock",
)


@pytest.mark.parametrize("scene", SCENES)
def test_run_again_and_it_is_as_if_nothing_had_happened(
    marked: Path, outcomes: dict[str, dict[str, Any]], scene: str
) -> None:
    outcome = outcomes[scene]
    assert outcome["again"] == "done"
    assert end_of(outcome["course"]) == end_of(marked)


@pytest.mark.parametrize("scene", [scene for scene in SCENES if scene.startswith("kill")])
def test_it_was_killed(outcomes: dict[str, dict[str, Any]], scene: str) -> None:
    assert outcomes[scene]["ended"] == "signal 9"


@pytest.mark.parametrize("size", DISKS)
def test_a_full_disk_is_told_in_a_sentence(outcomes: dict[str, dict[str, Any]], size: int) -> None:
    told = outcomes[f"disk of {size}"]["ended"]
    assert re.fullmatch(r"[^\n]*cannot be (used|written) \([^\n]*(again|lost)\.", told)


@pytest.mark.parametrize("scene", ["judge", "clock"])
def test_a_judge_that_is_killed_and_a_clock_that_jumps_cost_nothing(
    marked: Path, outcomes: dict[str, dict[str, Any]], scene: str
) -> None:
    assert outcomes[scene]["ended"] == "done"
    assert all(not record.our_fault for record in latest(outcomes[scene]["course"], TASK).values())


# -- a gradebook that is locked, a second run -----------------------------------------------------


@contextmanager
def locked(course: Path) -> Iterator[None]:
    with sqlite3.connect(course / "gradebook.db", isolation_level=None) as book:
        book.execute("BEGIN EXCLUSIVE")
        yield
        book.execute("ROLLBACK")
    book.close()


def test_a_locked_gradebook_is_told_and_loses_nothing(fresh: Path, marked: Path, tmp_path: Path) -> None:
    course = shutil.copytree(fresh, tmp_path / "course")
    with (
        locked(course),
        pytest.raises(CannotMark, match=r"gradebook cannot be used .*locked.* no result is lost\."),
    ):
        mark(course, TASK, workers=1, batch=2)
    mark(course, TASK, workers=1, batch=2)
    assert end_of(course) == end_of(marked)


def test_a_second_run_of_the_same_assignment_waits_for_its_turn(marked: Path, tmp_path: Path) -> None:
    course = shutil.copytree(marked, tmp_path / "course")
    with (
        open_log(course, TASK),
        pytest.raises(LogFault, match="another run is marking it; wait until that one"),
    ):
        mark(course, TASK)
    assert mark(course, TASK).marked_before == len(CLASS) + 3
    assert end_of(course) == end_of(marked)


def test_a_log_is_held_by_one_process_alone(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from autograders.results import open_log\n"
        "with open_log(Path(sys.argv[1]), 'reading-replies'):\n"
        "    print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(LogFault, match="another run is marking it"), open_log(tmp_path, TASK):
            pass
        other.communicate()
    with open_log(tmp_path, TASK) as log:
        assert log.learners == ()


# -- what is written once stays -------------------------------------------------------------------


def test_a_second_run_marks_nothing_and_writes_nothing(marked: Path) -> None:
    before = end_of(marked)
    summary = mark(marked, TASK)
    assert summary.marked_before == len(summary.lines) == len(CLASS) + 3
    assert end_of(marked) == before


def test_each_submission_has_one_end(marked: Path) -> None:
    ends = {learner: record.status for learner, record in latest(marked, TASK).items()}
    assert ends == dict.fromkeys((*CLASS, "eve"), "graded") | {"fay": "refused", "gus": "needs_person"}
    assert len(log_path(marked, TASK).read_bytes().splitlines()) == len(ends)


def test_views_that_are_lost_are_made_again_from_the_log(marked: Path, tmp_path: Path) -> None:
    course = shutil.copytree(marked, tmp_path / "course")
    with sqlite3.connect(course / "gradebook.db") as book:
        book.execute("DELETE FROM grade")
        book.execute("DELETE FROM comment")
        book.execute("DELETE FROM submitted_notebook")
        book.execute("DELETE FROM submitted_assignment")
    book.close()
    autograded_path(course, "ann", TASK).unlink()
    autograded_path(course, "bob", TASK).write_text("{")
    assert mark(course, TASK).marked_before == len(CLASS) + 3
    assert end_of(course) == end_of(marked)


def record(learner: str) -> Record:
    return Record(TASK, learner, "graded", cells={"replies_1_check": Mark(1.0, 6.0)}, answers={"a": "é\n"})


@given(cut=st.integers(min_value=0, max_value=10_000))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_log_torn_anywhere_is_repaired_and_goes_on(tmp_path: Path, cut: int) -> None:
    people = [record(name) for name in ("ann", "bob", "cy")]
    path = log_path(tmp_path, TASK)
    path.unlink(missing_ok=True)
    with open_log(tmp_path, TASK) as log:
        log.add(people)
    whole = path.read_bytes()
    path.write_bytes(whole[: cut % len(whole)])
    with open_log(tmp_path, TASK) as log:
        log.add(each for each in people if each.learner not in log.learners)
    assert path.read_bytes() == whole
