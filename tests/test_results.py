"""The results log: one line a submission, chained, safe against a kill and against edits."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograders.results import START, LogFault, Mark, Record, head, latest, log_path, open_log

TASK = "reading-replies"


def record(learner: str, points: float = 1.0) -> Record:
    return Record(TASK, learner, "graded", cells={"replies_1_check": Mark(points, 6.0)}, answers={"a": "é\n"})


def written(folder: Path, *records: Record) -> Path:
    with open_log(folder, TASK) as log:
        log.add(records)
    return log_path(folder, TASK)


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    written(tmp_path, record("ann"), record("bob", 0.5))
    found = latest(tmp_path, TASK)
    assert found["ann"].says_the_same(record("ann"))
    assert found["bob"].says_the_same(record("bob", 0.5))


def test_the_last_record_of_a_learner_counts(tmp_path: Path) -> None:
    written(tmp_path, record("ann", 1.0))
    written(tmp_path, record("ann", 3.0))
    assert latest(tmp_path, TASK)["ann"].points == 3.0
    with open_log(tmp_path, TASK) as log:
        again = log.last("ann")
    assert again is not None
    assert again.points == 3.0


def test_each_line_names_the_hash_of_the_line_before(tmp_path: Path) -> None:
    lines = written(tmp_path, record("ann"), record("bob")).read_bytes().splitlines()
    assert json.loads(lines[0])["before"] == START
    assert json.loads(lines[1])["before"] == latest(tmp_path, TASK)["ann"].hash
    assert head(tmp_path, TASK) == latest(tmp_path, TASK)["bob"].hash


def test_the_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    one = written(tmp_path / "one", record("ann"), record("bob"))
    two = written(tmp_path / "two", record("ann"))
    written(tmp_path / "two", record("bob"))
    assert one.read_bytes() == two.read_bytes()


@given(cut=st.integers(min_value=0, max_value=10_000))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_log_torn_anywhere_is_repaired_and_goes_on(tmp_path: Path, cut: int) -> None:
    people = [record(name) for name in ("ann", "bob", "cy")]
    log_path(tmp_path, TASK).unlink(missing_ok=True)
    path = written(tmp_path, *people)
    whole = path.read_bytes()
    path.write_bytes(whole[: cut % len(whole)])
    with open_log(tmp_path, TASK) as log:
        log.add(each for each in people if each.learner not in log.learners)
    assert path.read_bytes() == whole


EDITS = {
    "a mark was raised": lambda lines: [lines[0].replace(b'"points":1.0', b'"points":6.0'), *lines[1:]],
    "a line was taken out": lambda lines: [lines[0], lines[2]],
    "two lines changed places": lambda lines: [lines[1], lines[0], lines[2]],
    "a line was written twice": lambda lines: [lines[0], lines[0], *lines[1:]],
    "a line is no record": lambda lines: [b"{}", *lines[1:]],
    "a line is no JSON": lambda lines: [lines[0], b"hello", lines[2]],
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_an_edit_is_noticed(tmp_path: Path, edit: object) -> None:
    path = written(tmp_path, record("ann"), record("bob"), record("cy"))
    lines = edit(path.read_bytes().splitlines())  # type: ignore[operator]
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    with pytest.raises(LogFault, match=r"reading-replies\.jsonl, line [12345]: .* changed"):
        latest(tmp_path, TASK)
    with pytest.raises(LogFault, match="mark the assignment again"), open_log(tmp_path, TASK):
        pass


def test_two_runs_cannot_write_at_once(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from autograders.results import open_log\n"
        "with open_log(Path(sys.argv[1]), 'reading-replies'):\n"
        "    print('open', flush=True); sys.stdin.read()"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parent.parent)}
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(LogFault, match="another run is marking it"), open_log(tmp_path, TASK):
            pass
        other.communicate()
    with open_log(tmp_path, TASK) as log:
        assert log.learners == ()


def test_no_mark_yet_is_not_zero() -> None:
    assert replace(record("ann"), cells={"c": Mark(None, 6.0, needs_person=True)}).points is None
    assert replace(record("ann"), cells={"c": Mark(0.0, 6.0)}).points == 0.0
