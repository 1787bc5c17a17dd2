"""P8: edits of the results log are detected: a hash chain, and its head on what is given out."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from autograders.chained import START, hash_of
from autograders.class_results import class_results
from autograders.export import export_scores
from autograders.feedback import write_feedback
from autograders.marking import mark
from autograders.record import Mark, Record
from autograders.results import LogFault, head, latest, log_path, open_log
from tests.small_class import hand_in_answers, make_course, model_answers

TASK = "reading-replies"
Lines = list[bytes]


def record(learner: str, points: float = 1.0) -> Record:
    return Record(TASK, learner, "graded", cells={"replies_1_check": Mark(points, 6.0)}, answers={"a": "é\n"})


def written(folder: Path, *records: Record) -> Path:
    with open_log(folder, TASK) as log:
        log.add(records)
    return log_path(folder, TASK)


def rewrite(path: Path, edit: Callable[[Lines], Lines]) -> None:
    lines = edit(path.read_bytes().splitlines())
    path.write_bytes(b"".join(line + b"\n" for line in lines))


def chained_anew(lines: Lines) -> Lines:
    """Raise a mark and mend the whole chain after it, as somebody would who knows how."""
    before, made = START, []
    for line in lines:
        values = json.loads(line) | {"before": before}
        values["cells"] = {name: each | {"points": 6.0} for name, each in values["cells"].items()}
        made.append(json.dumps(values, sort_keys=True, separators=(",", ":")).encode())
        before = hash_of(made[-1])
    return made


def test_each_line_names_the_hash_of_the_line_before(tmp_path: Path) -> None:
    lines = written(tmp_path, record("ann"), record("bob")).read_bytes().splitlines()
    assert json.loads(lines[0])["before"] == START
    assert json.loads(lines[1])["before"] == latest(tmp_path, TASK)["ann"].hash
    assert head(tmp_path, TASK) == latest(tmp_path, TASK)["bob"].hash


EDITS: dict[str, Callable[[Lines], Lines]] = {
    "a mark was raised": lambda lines: [lines[0].replace(b'"points":1.0', b'"points":6.0'), *lines[1:]],
    "a status was changed": lambda lines: [lines[0].replace(b"graded", b"refused"), *lines[1:]],
    "a name was changed": lambda lines: [lines[0].replace(b'"ann"', b'"eve"'), *lines[1:]],
    "a space was added": lambda lines: [lines[0] + b" ", *lines[1:]],
    "a line was taken out": lambda lines: [lines[0], lines[2]],
    "the first line was taken out": lambda lines: lines[1:],
    "two lines changed places": lambda lines: [lines[1], lines[0], lines[2]],
    "a line was written twice": lambda lines: [lines[0], lines[0], *lines[1:]],
    "a line is no record": lambda lines: [b"{}", *lines[1:]],
    "a line is no JSON": lambda lines: [lines[0], b"hello", lines[2]],
    "an empty line": lambda lines: [lines[0], b"", *lines[1:]],
    "a line of another chain": lambda lines: [*lines, record("eve").line()],
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_an_edit_is_noticed(tmp_path: Path, edit: Callable[[Lines], Lines]) -> None:
    path = written(tmp_path, record("ann"), record("bob"), record("cy"))
    rewrite(path, edit)
    with pytest.raises(LogFault, match=r"reading-replies\.jsonl, line [12345]: .* changed"):
        latest(tmp_path, TASK)
    with pytest.raises(LogFault, match="mark the assignment again"), open_log(tmp_path, TASK):
        pass


def test_every_single_byte_counts(tmp_path: Path) -> None:
    path = written(tmp_path, record("ann"), record("bob"))
    whole = path.read_bytes()
    first = whole.index(b"\n")
    for at in range(first):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(LogFault):
            latest(tmp_path, TASK)


@pytest.fixture
def marked(tmp_path: Path) -> Path:
    course = make_course(tmp_path / "course", assignments=(TASK,))
    hand_in_answers(course, "ann", TASK, {})
    hand_in_answers(course, "bob", TASK, model_answers(TASK))
    mark(course, TASK)
    return course


def exported_head(course: Path) -> str:
    scores, _ = export_scores(course)
    with scores.open(newline="", encoding="utf-8") as file:
        (told,) = {row["log_head"] for row in csv.DictReader(file)}
    return told


def test_whoever_reads_the_log_notices(marked: Path) -> None:
    given_out = exported_head(marked)
    assert given_out == head(marked, TASK) == mark(marked, TASK).head
    path = log_path(marked, TASK)
    whole = path.read_bytes()
    rewrite(path, lambda lines: [lines[0].replace(b'"points":0.0', b'"points":6.0'), *lines[1:]])
    readers: tuple[Callable[[], object], ...] = (
        lambda: mark(marked, TASK),
        lambda: write_feedback(marked, TASK),
        lambda: export_scores(marked),
        lambda: class_results(marked),
    )
    for reads in readers:
        with pytest.raises(LogFault, match="changed after it was written"):
            reads()
    for edit in (chained_anew, lambda lines: lines[:-1]):
        path.write_bytes(whole)
        rewrite(path, edit)
        assert exported_head(marked) != given_out, "a chain that is made anew has another head"
    pages = write_feedback(marked, TASK)
    assert latest(marked, TASK)["ann"].hash[:16] in pages[0].read_text(encoding="utf-8")
