"""Marking on a cluster: real scheduler, real workers, kill -9; the log is one machine's, byte for byte."""

import json
import logging
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from autograders.children import Child, question_of
from autograders.cli import main
from autograders.cluster import Cluster, ClusterFault, seats
from autograders.cluster_worker import close, judge_here
from autograders.gradebook import open_gradebook
from autograders.kit import WRITTEN, pack, unpack
from autograders.marking import mark
from autograders.regrading import regrade
from autograders.results import CannotMark, latest, log_path
from autograders.submission import Submission, read_submission
from tests.dask_cluster import Programs, programs
from tests.promises.hostile import FAMILIES
from tests.promises.the_class import HONEST
from tests.small_class import ROOT, hand_in_answers, make_course, model_answers

PLANS, LABELS = "heat-plan-a", "reading-replies"
HOSTILE = [one for family in ("formats", "texts", "score tampering") for one in FAMILIES[family][::9]]


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class in which nobody is marked: honest and hostile with plans, honest with labels."""
    course = make_course(tmp_path_factory.mktemp("handed-in") / "course", assignments=(PLANS, LABELS))
    for number, (learner, answers) in enumerate(HONEST.items()):
        hand_in_answers(course, learner, LABELS, answers)
        if number < 8:
            hand_in_answers(course, learner, PLANS, answers)
    hand_in_answers(course, "zoe", LABELS, model_answers(LABELS))
    for one in HOSTILE:
        one.make(course, one.id)
    return course


@pytest.fixture(scope="module")
def at_home(handed_in: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same class, marked on one machine."""
    course = shutil.copytree(handed_in, tmp_path_factory.mktemp("at-home") / "course")
    for task in (PLANS, LABELS):
        mark(course, task)
    return course


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programs]:
    with programs(tmp_path_factory.mktemp("dask")) as made:
        yield made


@pytest.fixture
def running(cluster: Programs) -> Iterator[Programs]:
    """A scheduler and two workers, started anew where an earlier test ended them; Dask's logs stay silent."""
    import distributed  # it opens its logs

    cluster.see_that_all_run()
    said: list[str] = []
    listening = logging.Handler()
    listening.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    of_dask = [logging.getLogger(name) for name in logging.root.manager.loggerDict]
    of_dask = [log for log in of_dask if log.name.startswith((distributed.__name__, "tornado"))]
    for log in of_dask:
        log.addHandler(listening)
    yield cluster
    for log in of_dask:
        log.removeHandler(listening)
    assert said == []


@pytest.fixture
def course(handed_in: Path, tmp_path: Path) -> Path:
    return shutil.copytree(handed_in, tmp_path / "course")


def same_end(one: Path, other: Path, task: str) -> None:
    """Log, gradebook and marked notebooks are the same."""
    assert log_path(one, task).read_bytes() == log_path(other, task).read_bytes()
    books = []
    for folder in (one, other):
        with open_gradebook(folder) as grades:
            books.append(grades.scores(task))
    assert books[0] == books[1]
    for path in sorted((other / "autograded").glob(f"*/{task}/*")):
        assert path.read_bytes() == (one / path.relative_to(other)).read_bytes()


def disturbed(
    address: str, at: int, strike: Callable[[], None], told: list[str]
) -> Callable[..., list[Child]]:
    """Return seats at the cluster; once so many submissions are judged, one of them strikes and asks on."""

    def bench(*arguments: Any, **options: Any) -> list[Child]:
        places = seats(*arguments, address=address, tell=told.append, **options)
        count, lock = [0], threading.Lock()

        def judge(really: Callable[[Submission], dict[str, Any]], submission: Submission) -> dict[str, Any]:
            with lock:
                count[0] += 1
                now = count[0] == at
            if now:
                strike()
            return really(submission)

        for place in places:
            place.judge = partial(judge, place.judge)  # type: ignore[method-assign]
        return places

    return bench


def test_a_cluster_marks_honest_and_hostile_as_one_machine_does(
    course: Path, at_home: Path, running: Programs
) -> None:
    assert len(HOSTILE) > 10
    told: list[str] = []
    summary = mark(course, PLANS, bench=partial(seats, address=running.address, tell=told.append))
    assert (summary.refused > 2, summary.failed, told) == (True, 0, [])
    assert running.kits == []
    same_end(course, at_home, PLANS)


def test_a_worker_that_is_killed_costs_nothing(course: Path, at_home: Path, running: Programs) -> None:
    told: list[str] = []
    mark(course, LABELS, bench=disturbed(running.address, 12, running.kill_worker, told))
    assert told == []
    same_end(course, at_home, LABELS)


def test_a_scheduler_that_starts_anew_costs_nothing(course: Path, at_home: Path, running: Programs) -> None:
    def strike() -> None:
        running.kill_scheduler()
        running.start_scheduler()
        running.start_workers(2)

    told: list[str] = []
    mark(course, LABELS, bench=disturbed(running.address, 12, strike, told))
    assert all("waiting up to" in each for each in told)
    same_end(course, at_home, LABELS)


def test_the_command_marks_on_a_cluster(
    course: Path, running: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course)
    for each in course.glob("submitted/*/reading-replies"):
        if each.parent.name not in ("plain", "blank"):
            shutil.rmtree(each)
    done = CliRunner().invoke(main, ["autograde", LABELS, "--cluster", running.address])
    assert (done.exit_code, done.stderr) == (0, "")
    assert "2 graded" in done.stdout
    assert sorted(latest(course, LABELS)) == ["blank", "plain"]


def test_a_regrade_on_a_cluster_shows_and_writes_what_one_machine_does(
    course: Path, at_home: Path, tmp_path: Path, running: Programs
) -> None:
    ends = []
    for place, bench in (("one", None), ("many", partial(seats, address=running.address))):
        folder = shutil.copytree(at_home, tmp_path / place)
        path = folder / "autograders" / "keys" / f"{LABELS}.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace("label: minimises", "label: argues"))
        shown = regrade(folder, LABELS, bench=bench)
        assert shown.diff.changes, "else nothing is compared"
        done = regrade(folder, LABELS, approve=shown.diff.token, because="the key was wrong", bench=bench)
        assert done.written
        ends.append((shown, log_path(folder, LABELS).read_bytes()))
    assert ends[0] == ends[1]


def test_no_scheduler_is_told_with_where_what_and_cure(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(course)
    done = CliRunner().invoke(main, ["autograde", LABELS, "--cluster", "tcp://127.0.0.1:1"])
    assert done.exit_code == 1
    assert done.stderr.startswith("--cluster tcp://127.0.0.1:1: no scheduler answers there")
    assert "run this again: nothing was marked" in done.stderr
    assert latest(course, LABELS) == {}


def test_a_worker_that_judges_otherwise_is_refused(handed_in: Path, running: Programs) -> None:
    kit = pack(handed_in, LABELS)
    other = replace(kit, judge={**kit.judge, "numpy": "0.1"})
    cluster = Cluster(running.address, asdict(other), other.name, 10.0, 60.0, lambda _: None)
    cluster.enter(60.0)
    cluster.begin(1)
    try:
        with pytest.raises(ClusterFault, match=r"numpy is .* there and 0\.1 here; install the same"):
            cluster.ask(read_submission(handed_in, "plain", LABELS))
    finally:
        cluster.leave()


def test_a_key_that_was_changed_on_the_way_is_refused(handed_in: Path, tmp_path: Path) -> None:
    kit = pack(handed_in, LABELS)
    key = f"autograders/keys/{LABELS}.yaml"
    spoilt = replace(kit, files={**kit.files, key: kit.files[key] + b"\n# another\n"})
    with pytest.raises(CannotMark, match="another hash"):
        unpack(spoilt, tmp_path / "there")


def test_a_kit_holds_nothing_of_a_learner_and_only_what_judges(handed_in: Path) -> None:
    kit = pack(handed_in, PLANS)
    assert {path.split("/")[0] for path in kit.files} <= {path.split("/")[0] for path in WRITTEN}
    assert f"autograders/keys/{LABELS}.yaml" not in kit.files
    assert not any(b"submitted" in path.encode() for path in kit.files)


WATCHING = """
import os, sys
from autograders.child import main
said = os.fdopen(os.dup(2), "w")
def told(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, os.PathLike)):
        print(os.path.abspath(arguments[0]), file=said, flush=True)
sys.addaudithook(told)
main(*sys.argv[1:])
"""


def test_a_judge_reads_nothing_of_the_course_folder_that_is_not_in_the_kit(
    handed_in: Path, tmp_path: Path
) -> None:
    """A course with lessons, words, scenarios and rubrics of its own, of which a plan may be a copy."""
    course = make_course(tmp_path / "course", assignments=(PLANS,))
    for part in ("scenarios", "words"):
        shutil.copytree(ROOT / "course" / part, course / "course" / part)
    for lesson in (ROOT / "course").glob("*.md"):
        shutil.copy(lesson, course / "course")
    shutil.copytree(ROOT / "autograders" / "rubrics", course / "autograders" / "rubrics")
    asked = json.dumps(question_of(read_submission(handed_in, "perfect", PLANS)))
    judged = subprocess.run(
        [sys.executable, "-P", "-c", WATCHING, str(course), PLANS],
        cwd=course, env=os.environ | {"PYTHONPATH": str(ROOT)},
        input=asked, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert '"cells"' in judged.stdout.splitlines()[-1]
    read = {Path(line) for line in judged.stderr.splitlines() if line.startswith(str(course))}
    names = {path.relative_to(course).as_posix() for path in read if path.is_file()}
    assert {f"autograders/keys/{PLANS}.yaml", "course/05-hear.md"} < names <= {*pack(course, PLANS).files}


def test_a_worker_keeps_the_kit_to_itself_and_deletes_it(handed_in: Path, tmp_path: Path) -> None:
    kit = pack(handed_in, LABELS)
    given = read_submission(handed_in, "plain", LABELS)
    said = judge_here(
        kit.name, asdict(kit), given.notebook, given.answers, seconds=60.0, scratch=str(tmp_path)
    )
    assert said.startswith('{"answer": ')
    (place,) = tmp_path.iterdir()
    assert place.stat().st_mode & 0o077 == 0
    close(kit.name)
    assert list(tmp_path.iterdir()) == []


def test_a_worker_without_room_for_the_kit_asks_for_another(handed_in: Path, tmp_path: Path) -> None:
    kit = pack(handed_in, LABELS)
    said = judge_here(kit.name, asdict(kit), b"{}", None, seconds=1.0, scratch=str(tmp_path / "gone"))
    assert said.startswith('{"again": ')


def test_a_cluster_that_goes_for_good_leaves_what_is_marked_and_the_rest_to_the_next_run(
    course: Path, at_home: Path, running: Programs
) -> None:
    bench = disturbed(running.address, 12, running.kill_scheduler, [])
    with pytest.raises(ClusterFault, match=r"no worker answered for 1 s; .*what is marked is kept"):
        mark(course, LABELS, bench=partial(bench, patience=1.0))
    mark(course, LABELS)
    same_end(course, at_home, LABELS)
