"""P3: one bad submission yields one line in the report; every other one is graded.

All hostile submissions are handed in at once among thirty honest learners, whose ids stand between theirs.
"""

import csv
from collections import Counter
from pathlib import Path

import pytest

from autograders.export import export_scores
from autograders.feedback import write_feedback
from autograders.marking import Line, mark
from autograders.results import log_path
from autograders.submission import kept_name
from tests.promises.conftest import Marked, on_disk
from tests.promises.handing_in import TASK
from tests.promises.hostile import FAMILIES, HOSTILE
from tests.promises.the_class import HONEST, class_of, decided, in_gradebook, shown_notebook

WITHOUT_A_ROSTER = tuple(
    one for one in FAMILIES["identities"] if one.says and one.says[0] != "cannot be a learner's id"
)


def line_of(marked: Marked, learner: str) -> Line:
    (line,) = (line for line in marked.summary.lines if line.learner == learner)
    return line


def test_no_two_come_under_one_name() -> None:
    assert len(HOSTILE) == sum(len(family) for family in FAMILIES.values())
    assert all(len(family) >= 20 for family in FAMILIES.values())
    assert len(HONEST) == 30
    assert not HOSTILE.keys() & HONEST.keys()


def test_the_honest_are_decided_as_without_them(undisturbed: Marked, disturbed: Marked) -> None:
    alone, among = decided(undisturbed.course), decided(disturbed.course)
    assert set(alone) == set(HONEST)
    for learner in HONEST:
        assert among[learner] == alone[learner], learner


def test_the_gradebook_holds_the_same_of_the_honest(undisturbed: Marked, disturbed: Marked) -> None:
    alone, among = in_gradebook(undisturbed.course), in_gradebook(disturbed.course)
    for learner in HONEST:
        assert among[learner] == alone[learner], learner


def test_the_honest_get_the_same_marked_notebook(undisturbed: Marked, disturbed: Marked) -> None:
    for learner in HONEST:
        assert shown_notebook(disturbed.course, learner) == shown_notebook(undisturbed.course, learner), (
            learner
        )


@pytest.mark.parametrize("name", HOSTILE)
def test_each_ends_in_one_way_with_a_sentence(disturbed: Marked, name: str) -> None:
    hostile = HOSTILE[name]
    line, record = line_of(disturbed, kept_name(name)), disturbed.records[kept_name(name)]
    ends = {"marked": {"graded", "needs_person"}}.get(hostile.ends, {hostile.ends})
    assert line.status in ends, line.sentence
    assert record.status in ends
    assert not record.our_fault
    assert all(part in line.sentence for part in hostile.says), line.sentence
    if hostile.ends != "marked":
        assert line.sentence.startswith("submitted/")
        assert line.sentence.endswith(".")
        assert line.sentence.isprintable()
        assert line.sentence in disturbed.summary.told
    if hostile.ends == "refused":
        assert record.points is None, "refused is not zero"
        assert record.cells == {}
    first = [mark.points or 0.0 for cell, mark in record.cells.items() if cell.startswith("plan_1")]
    assert hostile.most is None or sum(first) <= hostile.most


def test_every_folder_is_one_line_and_one_record(disturbed: Marked) -> None:
    folders = {kept_name(path.name) for path in (disturbed.course / "submitted").iterdir()}
    assert Counter(line.learner for line in disturbed.summary.lines) == Counter(folders)
    assert disturbed.records.keys() == folders == HONEST.keys() | {kept_name(name) for name in HOSTILE}


def test_the_summary_counts_each_once_and_the_exit_status_tells(disturbed: Marked) -> None:
    summary = disturbed.summary
    assert summary.refused == sum(one.ends == "refused" for one in HOSTILE.values())
    assert summary.graded + summary.needs_person + summary.refused == len(HOSTILE) + len(HONEST)
    assert (summary.failed, summary.exit_status) == (0, 8 + 4), "refused, and for a person"


def test_nothing_that_was_handed_in_is_changed_or_lost(disturbed: Marked) -> None:
    assert on_disk(disturbed.course) == disturbed.handed_in


def test_a_second_run_adds_nothing(disturbed: Marked) -> None:
    before = log_path(disturbed.course, TASK).read_bytes()
    again = mark(disturbed.course, TASK)
    assert again.marked_before == len(again.lines) == len(disturbed.summary.lines)
    assert log_path(disturbed.course, TASK).read_bytes() == before


def test_refused_is_no_zero_in_the_export(disturbed: Marked) -> None:
    scores, _ = export_scores(disturbed.course)
    with scores.open(newline="", encoding="utf-8") as file:
        rows = {row["learner"]: row for row in csv.DictReader(file)}
    assert (rows["cut-at-a-half"]["status"], rows["cut-at-a-half"]["points"]) == ("refused", "")
    assert (rows["plain"]["points"], rows["plain"]["note"]) == (
        f"{disturbed.records['plain'].points:g}",
        "",
    )


def test_a_page_tells_the_learner_what_was_refused(disturbed: Marked) -> None:
    written = write_feedback(disturbed.course, TASK, learners={"cut-at-a-half", "line\nbreak", "..."})
    assert [path.parent.parent.name for path in written] == ["cut-at-a-half"]
    assert "half-written" in written[0].read_text(encoding="utf-8")


def test_the_answers_beside_an_unreadable_one_are_marked(disturbed: Marked) -> None:
    points = {name: each.points for name, each in disturbed.records["code-1-in-an-answer"].cells.items()}
    plain = {name: each.points for name, each in disturbed.records["plain"].cells.items()}
    assert points == plain | {name: None for name in plain if name.startswith("plan_1")}


def test_without_a_roster_whoever_has_a_folder_is_marked_under_its_name(tmp_path: Path) -> None:
    course = class_of(tmp_path / "course", WITHOUT_A_ROSTER)
    (course / "roster.csv").unlink()
    lines = {line.learner: line for line in mark(course, TASK).lines}
    plain = lines["plain"]
    for one in WITHOUT_A_ROSTER:
        assert (lines[one.id].points, lines[one.id].status) == (plain.points, plain.status), one.tries
