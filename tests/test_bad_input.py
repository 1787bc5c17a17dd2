"""What stops a whole run, each told in one clear sentence: where, what, cure.

What learners hand in stops none: `tests/promises/` holds that.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograders.marking import CannotMark, mark
from tests.small_class import make_course

TASK = "reading-replies"


def edited_log(course: Path) -> None:
    (course / "results").mkdir()
    (course / "results" / f"{TASK}.jsonl").write_text("{}\n")


WHOLE_RUNS: dict[str, tuple[Callable[[Path], Any], str, tuple[str, ...]]] = {
    "never released": (
        lambda course: (course / "assignments" / TASK / f"{TASK}.ipynb").unlink(),
        TASK,
        ("was never released", f"nbgrader generate_assignment {TASK}"),
    ),
    "no such assignment": (lambda course: None, "reading-replys", ("'reading-replys'", "reading-replies")),
    "no key": (
        lambda course: (course / "autograders" / "keys" / f"{TASK}.yaml").unlink(),
        TASK,
        ("autograders/keys/reading-replies.yaml: not there",),
    ),
    "a broken release": (
        lambda course: (course / "assignments" / TASK / f"{TASK}.ipynb").write_text("{"),
        TASK,
        ("not a released notebook", "--force"),
    ),
    "a key with a fault": (
        lambda course: (course / "autograders" / "keys" / f"{TASK}.yaml").write_text("assignment: [\n"),
        TASK,
        ("reading-replies.yaml:",),
    ),
    "no gradebook": (
        lambda course: (course / "gradebook.db").write_text("This is a shopping list. " * 99),
        TASK,
        ("gradebook cannot be used", "not a database", "no result is lost"),
    ),
    "a log that was edited": (
        edited_log,
        TASK,
        ("reading-replies.jsonl, line 1:", "mark the assignment again"),
    ),
    "results/ is no folder": (
        lambda course: (course / "results").write_text(""),
        TASK,
        ("results", "cannot be written"),
    ),
    "a roster with a fault": (
        lambda course: (course / "roster.csv").write_text("name\n"),
        TASK,
        ("roster.csv",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE_RUNS)
def test_what_stops_a_whole_run_is_one_sentence(tmp_path: Path, name: str) -> None:
    spoil, assignment, says = WHOLE_RUNS[name]
    course = make_course(tmp_path / "course", assignments=(TASK,))
    spoil(course)
    with pytest.raises(CannotMark) as fault:
        mark(course, assignment)
    assert all(part in str(fault.value) for part in says), str(fault.value)
