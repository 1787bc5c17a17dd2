"""The results log: one line a submission, chained, safe against a kill and against edits."""

from dataclasses import replace
from pathlib import Path

import pytest

from autograders.known import index_path
from autograders.record import Mark, Record
from autograders.results import LogFault, latest, log_path, open_log

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


def test_records_are_read_alike_with_and_without_what_is_known_of_the_log(tmp_path: Path) -> None:
    log_file = written(tmp_path, record("bob", 0.5), record("ann"))
    with open_log(tmp_path, TASK) as log:
        log.write_down()
        log.add([record("bob", 2.0)])  # not known yet
    assert index_path(log_file).is_file()
    found = latest(tmp_path, TASK)
    index_path(log_file).unlink()
    assert list(found) == ["ann", "bob"]
    assert found["bob"].points == 2.0
    assert dict(found) == dict(latest(tmp_path, TASK))


def test_a_log_that_changes_while_it_is_read_gives_no_record(tmp_path: Path) -> None:
    log_file = written(tmp_path, record("ann", 1.0), record("bob"))
    found = latest(tmp_path, TASK)
    log_file.write_bytes(log_file.read_bytes().replace(b'"points":1.0', b'"points":6.0', 1))
    assert found["bob"].points == 1.0
    with pytest.raises(LogFault, match="changed while it was read"):
        found["ann"]


def test_the_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    one = written(tmp_path / "one", record("ann"), record("bob"))
    two = written(tmp_path / "two", record("ann"))
    written(tmp_path / "two", record("bob"))
    assert one.read_bytes() == two.read_bytes()


def test_no_mark_yet_is_not_zero() -> None:
    assert replace(record("ann"), cells={"c": Mark(None, 6.0, needs_person=True)}).points is None
    assert replace(record("ann"), cells={"c": Mark(0.0, 6.0)}).points == 0.0
