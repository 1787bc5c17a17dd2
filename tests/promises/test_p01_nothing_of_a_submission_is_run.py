"""P1: no byte of a submission is executed, imported or used as configuration.

An audit hook watches the child that judges, and the parent that reads, keeps and shows.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from autograders.child import _forbid
from autograders.children import question_of
from tests.promises.conftest import Marked
from tests.promises.handing_in import FILE, NOTEBOOK, TASK
from tests.promises.hostile import FAMILIES
from tests.promises.the_class import class_of
from tests.promises.watched import Seen, submissions, watched
from tests.promises.watching import CANARY

TAKEN = {NOTEBOOK, FILE, "timestamp.txt", "submission_secret.txt"}
"""The only names that are ever opened in submitted/."""


@pytest.fixture(scope="module")
def child(disturbed: Marked) -> tuple[Seen, list[dict[str, Any]]]:
    """What a child did once it was loaded, and its answers, when every hostile submission was put to it."""
    asked = [json.dumps(question_of(each)) for each in submissions(disturbed.course, TASK)]
    seen, lines = watched("child", disturbed.course, TASK, asked="\n".join((*asked, "")).encode())
    answers = [json.loads(line) for line in lines]
    assert answers[0] == {"ready": True}
    assert len(answers) == len(asked) + 1 > 200
    return seen, answers[1:]


@pytest.fixture(scope="module")
def parent(tmp_path_factory: pytest.TempPathFactory) -> tuple[Seen, Path]:
    """What the parent did with the submissions that bring files and code with them."""
    course = class_of(
        tmp_path_factory.mktemp("watched") / "course",
        (*FAMILIES["files"], *(one for one in FAMILIES["score tampering"] if one.ends == "needs_person")),
    )
    seen, _ = watched("run", course, TASK)
    return seen, course


def test_the_child_runs_and_imports_nothing_once_the_judge_is_loaded(child: tuple[Seen, Any]) -> None:
    seen, _ = child
    assert not seen.keys() & {"exec", "import", "marshal.loads", "pickle.find_class", "code.__new__"}
    assert seen["compile"] == {"<unknown>"}, (
        "the reader asks Python for the form of a literal, and of no more"
    )


def test_the_child_opens_nothing_but_the_course(child: tuple[Seen, Any], root: Path) -> None:
    seen, _ = child
    scenarios = {str(path) for path in (root / "course" / "scenarios").glob("*.yaml")}
    assert seen["open"] - {"<unknown>"} <= scenarios
    assert seen.keys() <= {"open", "compile", "resource.setrlimit", "pathlib.Path.glob"}


def test_the_child_has_an_answer_for_each(child: tuple[Seen, Any]) -> None:
    assert [answer for answer in child[1] if "fault" in answer] == []


def test_the_parent_opens_four_names_of_a_submission_and_no_other(parent: tuple[Seen, Path]) -> None:
    seen, _ = parent
    opened = {Path(path) for path in seen["open"] if "/submitted/" in path}
    assert {path.name for path in opened} == TAKEN
    assert all(path.parent.name == TASK for path in opened)


def test_the_parent_runs_no_code_of_a_submission(parent: tuple[Seen, Path]) -> None:
    seen, _ = parent
    places = seen["exec"] | seen["compile"] | seen["import"]
    assert not [place for place in places if "submitted" in place]
    assert CANARY not in places
    assert not seen["import"] & {"sitecustomize", "usercustomize", "conftest", "nbgrader_config", "evil"}


def test_what_a_submission_would_have_made_is_not_there(disturbed: Marked, parent: tuple[Seen, Path]) -> None:
    for course in (disturbed.course, parent[1]):
        places = (course, course.parent, Path.cwd(), Path("/tmp"), Path("/"))
        assert [place for place in places if (place / CANARY).exists()] == []
        assert list(course.rglob(CANARY)) == []


def test_many_would_make_it(disturbed: Marked) -> None:
    files = (
        path
        for path in (disturbed.course / "submitted").rglob("*")
        if path.is_file() and not path.is_symlink()
    )
    small = [path for path in files if path.stat().st_size < 1 << 20]
    assert sum(CANARY.encode() in path.read_bytes() for path in small) > 10


@pytest.mark.parametrize("event", ["exec", "import", "marshal.loads", "pickle.find_class", "ctypes.dlopen"])
def test_the_child_may_load_no_code(event: str) -> None:
    with pytest.raises(PermissionError, match="judging does not need"):
        _forbid(event, ("x",))


@pytest.mark.parametrize(
    ("event", "arguments"),
    [
        ("subprocess.Popen", ()),
        ("os.system", (b"true",)),
        ("os.remove", ("x", -1)),
        ("os.rename", ("x", "y", -1, -1)),
        ("open", ("x", "w", os.O_WRONLY | os.O_CREAT)),
        ("open", ("x", None, os.O_RDWR)),
    ],
)
def test_the_child_may_start_and_write_nothing(event: str, arguments: tuple[Any, ...]) -> None:
    with pytest.raises(PermissionError, match="judging does not need"):
        _forbid(event, arguments)


def test_the_child_may_read() -> None:
    _forbid("open", ("key.yaml", "r", os.O_RDONLY | os.O_CLOEXEC))


def test_the_watch_sees_what_it_looks_for(parent: tuple[Seen, Path]) -> None:
    seen, course = parent
    assert str(course / "nbgrader_config.py") in seen["exec"], "the instructor's own settings are a program"
    assert {"exec", "import", "compile", "open"} <= seen.keys()
