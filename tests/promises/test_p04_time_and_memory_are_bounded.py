"""P4: bounded time and memory a submission: ten seconds, 512 MiB. The run continues."""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograders.child import CPU_SECONDS, MEMORY
from autograders.children import SECONDS, Child, ChildFault
from autograders.gradebook import open_gradebook
from autograders.marking import mark
from autograders.submission import Submission
from tests.small_class import ROOT, hand_in_answers, make_course, model_answers, notebook_with

TASK = "reading-replies"
MODEL = model_answers(TASK)
FULL = Submission("ann", notebook_with(TASK, MODEL), None)
LARGE = Submission("bob", FULL.notebook + b" " * (2 * 1024 * 1024 - len(FULL.notebook or b"")), None)  # type: ignore[operator]
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = make_course(tmp_path_factory.mktemp("bounds") / "course", assignments=(TASK,))
    hand_in_answers(made, "ann", TASK, MODEL)
    hand_in_answers(made, "bob", TASK, {})
    return made


@pytest.fixture(scope="module")
def child(course: Path) -> Iterator[Child]:
    with Child(course, TASK, seconds=2.0) as made:
        made.judge(FULL)
        yield made


def process_of(child: Child) -> int:
    assert child._process is not None
    return child._process.pid


def test_the_bounds_are_those_that_are_promised() -> None:
    assert (SECONDS, CPU_SECONDS, MEMORY) == (10.0, 10, 512 * MIB)


def test_a_child_has_its_bounds_before_it_reads_anything(child: Child) -> None:
    child.judge(FULL)
    memory, _ = resource.prlimit(process_of(child), resource.RLIMIT_AS)
    seconds, _ = resource.prlimit(process_of(child), resource.RLIMIT_CPU)
    core, _ = resource.prlimit(process_of(child), resource.RLIMIT_CORE)
    pages = int(Path(f"/proc/{process_of(child)}/statm").read_text().split()[0])
    assert MEMORY <= memory <= pages * resource.getpagesize() + MEMORY
    assert 0 < seconds <= 10 * CPU_SECONDS
    assert core == 0


EATS = (
    "from autograders.child import _bound_memory, _bound_time\n"
    "_bound_memory(); _bound_time()\n"
    "kept = bytearray({mib} << 20)\n"
    "print('kept')"
)


@pytest.mark.parametrize(("mib", "status"), [(400, 0), (600, 1)])
def test_who_takes_more_memory_is_stopped(mib: int, status: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", EATS.format(mib=mib)], capture_output=True, cwd=ROOT, text=True
    )
    assert done.returncode == status
    assert ("MemoryError" in done.stderr) == (status == 1)


@pytest.mark.parametrize("submission", [FULL, LARGE], ids=["small", "as large as may be"])
def test_a_child_that_does_not_move_is_ended_and_the_next_one_marks(
    child: Child, submission: Submission
) -> None:
    first = child.judge(FULL)
    os.kill(process_of(child), signal.SIGSTOP)
    with pytest.raises(ChildFault, match="longer than 2 seconds"):
        child.judge(submission)
    assert child.judge(FULL) == first


def test_what_took_too_long_is_our_fault_and_is_tried_again(course: Path) -> None:
    summary = mark(course, TASK, seconds=0.0)
    assert (summary.failed, summary.exit_status) == (2, 16)
    for line in summary.lines:
        assert "Our fault" in line.sentence
        assert "longer than 0 seconds" in line.sentence
        assert line.points is None, "our fault is not zero"
    with open_gradebook(course) as grades:
        scores = grades.scores(TASK)["ann"]
    assert all(score.points is None and score.waiting for score in scores)
    again = mark(course, TASK)
    assert [line.points for line in again.lines] == [18.0, 0.0]
    assert again.failed == 0


def test_a_child_that_is_killed_costs_nothing(child: Child) -> None:
    first = child.judge(FULL)
    os.kill(process_of(child), signal.SIGKILL)
    assert child.judge(FULL) == first


def test_a_judge_that_cannot_start_is_told(tmp_path: Path) -> None:
    with Child(tmp_path, TASK) as child, pytest.raises(ChildFault, match="did not start"):
        child.judge(FULL)
