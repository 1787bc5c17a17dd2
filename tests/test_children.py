"""Judging children: one loads the judge for all, and what becomes of one costs no other a mark."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograders.children import Child, ChildFault, children, loading_early
from autograders.marking import mark
from autograders.submission import Submission
from tests.small_class import ROOT, hand_in_answers, make_course, model_answers, notebook_with

TASK = "reading-replies"
MODEL = model_answers(TASK)
FULL = Submission("ann", notebook_with(TASK, MODEL), None)
EMPTY = Submission("bob", notebook_with(TASK, {}), None)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_course(tmp_path_factory.mktemp("children") / "course", assignments=(TASK,))


@pytest.fixture
def pair(course: Path) -> Iterator[tuple[Child, Child]]:
    first, second = children(course, TASK, workers=2, seconds=2.0)
    with first, second:
        first.begin(second)
        yield first, second


def group_of(child: Child) -> int:
    assert child._process is not None
    return child._process.pid


def processes_in(group: int) -> list[int]:
    """Return the processes of a group that still run."""
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            _, _, told = place.read_text().rpartition(")")
        except OSError:  # it has ended meanwhile
            continue
        state, _, own = told.split()[:3]
        if int(own) == group and state != "Z":
            found.append(int(place.parent.name))
    return sorted(found)


def all_ended(group: int) -> bool:
    """Wait until no process of a group is left, ten seconds at most."""
    for _ in range(200):
        if not processes_in(group):
            return True
        time.sleep(0.05)
    return False


def test_twins_answer_as_a_child_alone_does(course: Path, pair: tuple[Child, Child]) -> None:
    with Child(course, TASK) as alone:
        for submission in (FULL, EMPTY):
            wanted = alone.judge(submission)
            assert [child.judge(submission) for child in pair] == [wanted, wanted]
    assert len(processes_in(group_of(pair[0]))) == 2
    assert group_of(pair[0]) == group_of(pair[1])


@pytest.mark.parametrize("killed", [0, 1])
def test_a_killed_twin_costs_nobody_an_answer(pair: tuple[Child, Child], killed: int) -> None:
    wanted = [child.judge(FULL) for child in pair]
    together = group_of(pair[0])
    os.kill(processes_in(together)[killed], signal.SIGKILL)
    assert [child.judge(FULL) for child in pair] == wanted
    assert [child.judge(FULL) for child in reversed(pair)] == wanted


@pytest.mark.parametrize("hung", [0, 1])
def test_a_twin_that_hangs_is_ended_with_the_other_which_is_asked_again(
    pair: tuple[Child, Child], hung: int
) -> None:
    wanted = [child.judge(FULL) for child in pair]
    together = group_of(pair[0])
    os.kill(processes_in(together)[hung], signal.SIGSTOP)
    with pytest.raises(ChildFault, match="longer than 2 seconds"):
        pair[hung].judge(FULL)
    assert all_ended(together)
    assert [child.judge(FULL) for child in pair] == wanted
    assert group_of(pair[0]) != group_of(pair[1]), "new ones are not twins"


def test_a_twin_that_ends_before_it_is_asked_costs_nothing(pair: tuple[Child, Child]) -> None:
    wanted = pair[0].judge(FULL)
    pair[0].stop()
    assert pair[1].judge(FULL) == wanted


def test_stopping_one_leaves_no_process(pair: tuple[Child, Child]) -> None:
    pair[1].judge(FULL)
    together = group_of(pair[1])
    pair[1].stop()
    assert all_ended(together)


LEFT_ALONE = """
import os, signal, sys
from pathlib import Path
from autograders.children import children
first, second = children(Path({course!r}), {task!r}, workers=2)
first.begin(second)
first._start(); second._start()
print(first._process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_children_whose_run_was_killed_end_by_themselves(course: Path) -> None:
    program = LEFT_ALONE.format(course=str(course), task=TASK)
    killed = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert killed.returncode == -signal.SIGKILL
    assert all_ended(int(killed.stdout))


def test_the_judge_is_loaded_early_only_for_a_class_of_which_nobody_is_marked(tmp_path: Path) -> None:
    course = make_course(tmp_path / "course", assignments=(TASK,))
    hand_in_answers(course, "ann", TASK, MODEL)
    with loading_early(course, TASK) as bench:
        assert bench is not None
        judges = bench(course, TASK, workers=None, seconds=10.0)
        together = group_of(judges[0])
        summary = mark(course, TASK, bench=bench)
        assert [line.points for line in summary.lines] == [18.0]
    assert all_ended(together)
    with loading_early(course, TASK) as bench:
        assert bench is None


def test_what_was_loaded_early_ends_when_nothing_can_be_marked(tmp_path: Path) -> None:
    course = make_course(tmp_path / "course", assignments=(TASK,))
    with pytest.raises(ZeroDivisionError), loading_early(course, TASK) as bench:  # noqa: PT012
        assert bench is not None
        together = group_of(bench()[0])
        raise ZeroDivisionError
    assert all_ended(together)
