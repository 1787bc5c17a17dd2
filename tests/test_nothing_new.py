"""A run with nothing new: it reads every file, believes no shortcut, loads little and writes nothing."""

import json
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from autograders.known import index_path
from autograders.marking import Summary, mark
from autograders.results import LogFault, log_path
from tests.small_class import (
    ROOT,
    answers_file,
    hand_in,
    hand_in_answers,
    make_course,
    model_answers,
    notebook_with,
)

TASK = "reading-replies"
MODEL = model_answers(TASK)
CALLED = notebook_with(TASK, MODEL).replace(b'"replies_3 = ', b'"replies_3 = open() ')
LOADED = """
import sys
from pathlib import Path
from autograders.marking import mark
print(mark(Path(sys.argv[1]), sys.argv[2]).marked_before)
loaded = {name.partition(".")[0] for name in sys.modules}
print(*sorted(loaded & {"nbgrader", "sqlalchemy", "nbformat", "re2"}))
"""


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Summary]:
    """A class of which one of each kind is marked, and what was told of them."""
    course = make_course(tmp_path_factory.mktemp("first") / "course", assignments=(TASK,))
    hand_in_answers(course, "ann", TASK, MODEL)
    hand_in_answers(course, "bob", TASK, {})
    hand_in(course, "cy", TASK, notebook=notebook_with(TASK, {}), answers=answers_file(TASK, MODEL))
    hand_in(course, "dee", TASK, notebook=b"{")
    hand_in(course, "eve", TASK, notebook=CALLED)
    hand_in(course, "fay", TASK)
    os.mkfifo(hand_in(course, "gus", TASK, notebook=CALLED) / "pipe")
    return course, mark(course, TASK)


@pytest.fixture
def course(first: tuple[Path, Summary], tmp_path: Path) -> Path:
    shutil.copytree(first[0], tmp_path / "course", copy_function=copied)
    return tmp_path / "course"


def copied(source: str, target: str) -> None:
    if Path(source).is_fifo():
        os.mkfifo(target)
    else:
        shutil.copy2(source, target)


def everything(course: Path) -> dict[str, bytes]:
    files = (path for path in sorted(course.rglob("*")) if path.is_file())
    return {str(path.relative_to(course)): path.read_bytes() for path in files}


def test_it_tells_of_everybody_as_before_and_writes_nothing(
    course: Path, first: tuple[Path, Summary]
) -> None:
    before, kinds = everything(course), {line.status for line in first[1].lines}
    assert kinds == {"graded", "needs_person", "refused"}
    again = mark(course, TASK)
    assert [line.again for line in again.lines] == [True] * 7
    assert [vars(line) for line in again.lines] == [vars(line) | {"again": True} for line in first[1].lines]
    assert everything(course) == before


def test_it_loads_neither_nbgrader_nor_a_database_nor_the_judge(course: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", LOADED, course, TASK],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert run.stdout.splitlines() == ["7", ""]


def test_a_file_of_the_same_size_and_times_is_read_all_the_same(course: Path) -> None:
    path = course / "submitted" / "ann" / TASK / f"{TASK}.ipynb"
    old, data = path.stat(), path.read_bytes()
    changed = data.replace(b'\\"r1\\": \\"', b'\\"r9\\": \\"', 1)
    assert len(changed) == len(data)
    assert changed != data
    path.write_bytes(changed)
    os.utime(path, ns=(old.st_atime_ns, old.st_mtime_ns))
    ann, *others = mark(course, TASK).lines
    assert (ann.again, ann.points) == (False, 17.0)
    assert all(line.again for line in others)


@pytest.mark.parametrize(
    "file",
    [
        f"submitted/bob/{TASK}/{TASK}.answers.json",
        f"submitted/fay/{TASK}/{TASK}.ipynb",
        f"submitted/bob/{TASK}/timestamp.txt",
    ],
)
def test_a_file_that_comes_or_changes_is_a_new_hand_in(course: Path, file: str) -> None:
    data = {"answers.json": answers_file(TASK, MODEL), "ipynb": notebook_with(TASK, MODEL)}
    kind = file.partition(f"{TASK}/")[2].partition(".")[2]
    (course / file).write_bytes(data.get(kind, b"2026-03-03 09:30:00 UTC"))
    fresh = [line.learner for line in mark(course, TASK).lines if not line.again]
    assert fresh == [file.split("/")[1]]


def test_a_view_that_was_lost_is_made_again(course: Path, first: tuple[Path, Summary]) -> None:
    (course / "autograded" / "cy" / TASK / f"{TASK}.ipynb").unlink()
    (course / "autograded" / "bob" / TASK / f"{TASK}.ipynb").write_bytes(b"{")
    assert mark(course, TASK).marked_before == 7
    for name in ("cy", "bob"):
        path = Path("autograded", name, TASK, f"{TASK}.ipynb")
        assert (course / path).read_bytes() == (first[0] / path).read_bytes()


# -- what stands beside the log -------------------------------------------------------------------


def with_check(data: bytes) -> bytes:
    return sha256(data).hexdigest().encode() + b"\n" + data


def forged(data: bytes) -> bytes:
    """Return an index that calls one hand-in another, and whose own check is right."""
    format, lines, known = json.loads(data.partition(b"\n")[2])
    lines[0][2] = "0" * 64
    return with_check(json.dumps([format, lines, known]).encode())


LIES = {
    "it is gone": None,
    "it is empty": lambda data: b"",
    "it was torn": lambda data: data[:-100],
    "one letter differs": lambda data: data.replace(b"graded", b"Graded", 1),
    "it is of another release": lambda data: with_check(data.partition(b"\n")[2].replace(b"[1,", b"[0,", 1)),
    "it names another hash": forged,
    "it is no list": lambda data: with_check(b"{}"),
}


@pytest.mark.parametrize("lie", LIES)
def test_an_index_that_is_no_good_is_made_anew(course: Path, lie: str) -> None:
    path, change = index_path(log_path(course, TASK)), LIES[lie]
    before = everything(course)
    if change is None:
        path.unlink()
    else:
        path.write_bytes(change(path.read_bytes()))
        assert path.read_bytes() != before[str(path.relative_to(course))]
    assert mark(course, TASK).marked_before == 7
    assert everything(course) == before


def test_a_log_that_grew_behind_its_index_is_read_on_from_there(course: Path) -> None:
    index = index_path(log_path(course, TASK))
    earlier = index.read_bytes()
    hand_in_answers(course, "ann", TASK, {})
    mark(course, TASK)
    later = everything(course)
    index.write_bytes(earlier)
    assert mark(course, TASK).marked_before == 7
    assert everything(course) == later


@pytest.mark.parametrize("line", range(7))
def test_an_edit_of_the_log_is_noticed_beside_its_index(course: Path, line: int) -> None:
    path = log_path(course, TASK)
    lines = path.read_bytes().splitlines(keepends=True)
    lines[line] = lines[line].replace(b'"out_of":6.0', b'"out_of":7.0').replace(b"refused", b"graded.")
    edited = b"".join(lines)
    assert edited != path.read_bytes()
    path.write_bytes(edited)
    # nothing behind the last line names it, but the audit log does
    said = "changed after it was written" if line < 6 else "taken away or written anew"
    with pytest.raises(LogFault, match=said):
        mark(course, TASK)
