"""Work on two cores gives what one core gives, whatever becomes of the other."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from autograders.two_cores import answers

THINGS = range(50)
HERE = os.getpid()


def is_odd(number: int) -> bool:
    return number % 2 == 1


def killed(number: int) -> bool:
    if os.getpid() != HERE and number == 40:
        os.kill(os.getpid(), signal.SIGKILL)
    return is_odd(number)


def failing(number: int) -> bool:
    if os.getpid() != HERE and number == 30:
        raise SystemExit("somewhere else")
    return is_odd(number)


@pytest.mark.parametrize("ask", [is_odd, killed, failing])
@pytest.mark.parametrize("many", [1, 50, 51])
def test_the_answers_are_those_of_one_core(ask: Callable[[int], bool], many: int) -> None:
    assert answers(ask, THINGS, many=many) == [is_odd(number) for number in THINGS]


def test_half_of_it_is_done_by_another_process(tmp_path: Path) -> None:
    script = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from autograders.two_cores import answers\n"
        "def told(number):\n"
        "    Path(sys.argv[1], f'{os.getpid()}-{number}').touch()\n"
        "    return True\n"
        "assert all(answers(told, range(50), many=2))\n"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True)  # a process without threads
    done = [path.name.split("-") for path in tmp_path.iterdir()]
    assert sorted(int(number) for _, number in done) == list(THINGS)
    assert len({process for process, _ in done}) == min(2, os.cpu_count() or 1)


def test_a_fault_here_is_raised_here() -> None:
    def faulty(number: int) -> bool:
        raise LookupError(number)

    with pytest.raises(LookupError):
        answers(faulty, THINGS, many=2)


def test_beside_other_threads_nothing_is_copied(tmp_path: Path) -> None:
    over = threading.Event()
    other = threading.Thread(target=over.wait)
    other.start()
    try:
        assert set(answers(lambda _: os.getpid() == HERE, THINGS, many=2)) == {True}
    finally:
        over.set()
        other.join()
