"""`heatproof verify` finds each difference between the log and its views, says its cure, and mends views."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from autograders.audit import FILE, AuditFault, note, read_audit
from autograders.autograded import autograded_path
from autograders.backups import backups
from autograders.chained import held
from autograders.compared_views import Difference
from autograders.gradebook import open_gradebook
from autograders.gradebook_rows import Rows
from autograders.marking import mark
from autograders.regrading import regrade
from autograders.restoring import restore as bring_back
from autograders.results import CannotMark, head, latest, log_path, open_log
from autograders.verifying import accept, to_verify, verify, verify_audit
from tests.small_class import (
    empty_gradebook,
    hand_in,
    hand_in_answers,
    make_course,
    model_answers,
    poor_answers,
)

TASK = "reading-replies"
MODEL = model_answers(TASK)
REPAIR = "heatproof verify reading-replies --repair makes it anew from the log"


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    course = make_course(tmp_path_factory.mktemp("marked") / "course", assignments=(TASK,))
    hand_in_answers(course, "ann", TASK, MODEL)
    hand_in_answers(course, "bob", TASK, poor_answers(TASK, ""))
    hand_in_answers(course, "cy", TASK, {})
    hand_in(course, "dee", TASK, notebook=b"{")
    mark(course, TASK, workers=1)
    return course


@pytest.fixture
def course(marked: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(marked, tmp_path / "course"))


def grade_of(grades: Any, learner: str, cell: str = "replies_1_check") -> Any:
    return grades._book.find_grade(cell, TASK, TASK, learner)


def changed(change: Callable[[Any], None]) -> Callable[[Path], None]:
    """Return what changes something in the gradebook, behind our back."""

    def run(course: Path) -> None:
        with open_gradebook(course) as grades:
            change(grades)
            grades._book.db.commit()

    return run


def handed_in(grades: Any, learner: str) -> None:
    rows = Rows(grades._book, TASK)
    rows.new(learner)
    rows.write({})


def raised(grades: Any) -> None:
    grade_of(grades, "bob").auto_score = 6.0


def taken_away(grades: Any) -> None:
    grade_of(grades, "ann").auto_score = None


def out_of_the_queue(grades: Any) -> None:
    grade = grade_of(grades, "ann")
    grade.auto_score, grade.needs_manual_grade = None, False


def given_to_a_refused_one(grades: Any) -> None:
    handed_in(grades, "dee")
    grade_of(grades, "dee").auto_score = 6.0


def another_time(grades: Any) -> None:
    grades._book.find_submission(TASK, "ann").timestamp = datetime(2026, 1, 1)


def a_penalty(grades: Any) -> None:
    grades._book.find_submission(TASK, "ann").notebooks[0].late_submission_penalty = 2.0


def a_comment(grades: Any) -> None:
    grades._book.find_comment("replies_1", TASK, TASK, "cy").auto_comment = "well done"


def removed(grades: Any) -> None:
    grades._book.remove_submission(TASK, "ann")


def empty(course: Path) -> None:
    (course / "gradebook.db").write_bytes(empty_gradebook())


def other_points(grades: Any) -> None:
    grades._book.find_graded_cell("replies_1_check", TASK, TASK).max_score = 60.0


def notebook(change: Callable[[Path], object]) -> Callable[[Path], None]:
    return lambda course: change(autograded_path(course, "ann", TASK)) and None


def edited(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace("6.0", "60.0", 1), encoding="utf-8")


def of_another(path: Path) -> None:
    shutil.copy(autograded_path(path.parents[3], "bob", TASK), path)


@dataclass(frozen=True)
class Spoilt:
    """How a view is spoilt, where the difference is, and what must be said of it."""

    by: Callable[[Path], None]
    where: str
    what: str


SPOILT = {
    "a mark was raised": Spoilt(
        changed(raised), "gradebook, bob, replies_1_check: automatic mark", "it says 6, the log says 1"
    ),
    "a mark was taken away": Spoilt(
        changed(taken_away), "gradebook, ann, replies_1_check: automatic mark", "says nothing, the log says 6"
    ),
    "a refused one has marks": Spoilt(
        changed(given_to_a_refused_one),
        "gradebook, dee, replies_1_check: automatic mark",
        "it says 6, the log says nothing",
    ),
    "another time of receipt": Spoilt(
        changed(another_time),
        "gradebook, ann, time of receipt",
        "it says 2026-01-01 00:00:00, the log says 2026-03-02 09:30:00",
    ),
    "a late penalty": Spoilt(changed(a_penalty), "gradebook, ann, late penalty", "it says 2, the log says"),
    "an automatic comment": Spoilt(
        changed(a_comment),
        "gradebook, cy, replies_1: comment",
        "it says well done, the log says No response.",
    ),
    "a submission is gone": Spoilt(
        changed(removed), "gradebook, ann, every mark", "it says nothing, the log says that there are some"
    ),
    "the gradebook is new": Spoilt(
        empty, "gradebook", "its cells and points of reading-replies are not those"
    ),
    "a question has other points": Spoilt(
        changed(other_points), "gradebook", "its cells and points of reading-replies are not those"
    ),
    "a marked notebook is gone": Spoilt(
        notebook(Path.unlink), f"autograded/ann/{TASK}/{TASK}.ipynb", "it is not there"
    ),
    "a marked notebook was edited": Spoilt(
        notebook(edited), f"autograded/ann/{TASK}/{TASK}.ipynb", "it is not what the log and the release make"
    ),
    "a marked notebook is another's": Spoilt(
        notebook(of_another), f"autograded/ann/{TASK}/{TASK}.ipynb", "it is not what the log"
    ),
}


def gradebook_of(course: Path) -> Any:
    with open_gradebook(course) as grades:
        return grades.scores(TASK)


def books(course: Path) -> tuple[bytes, Any, dict[str, bytes]]:
    notebooks = {each: autograded_path(course, each, TASK).read_bytes() for each in ("ann", "bob", "cy")}
    return log_path(course, TASK).read_bytes(), gradebook_of(course), notebooks


def test_where_nothing_was_touched_nothing_differs(course: Path) -> None:
    before = books(course)
    found = verify(course, TASK)
    assert (found.differences, found.records, found.head) == ((), 4, head(course, TASK))
    assert found.sentence == "reading-replies: 4 results compared: all is as the log says."
    assert books(course) == before


@pytest.mark.parametrize("name", SPOILT)
def test_a_difference_is_told_and_repaired(course: Path, marked: Path, name: str) -> None:
    spoilt = SPOILT[name]
    spoilt.by(course)
    database = (course / "gradebook.db").read_bytes()
    told = next(each for each in verify(course, TASK).differences if each.where == spoilt.where)
    assert spoilt.what in told.what
    assert told.sentence == f"{told.where}: {told.what}; {REPAIR}."
    assert (course / "gradebook.db").read_bytes() == database, "to compare is not to write"

    repaired = verify(course, TASK, repair=True)
    assert repaired.left == ()
    assert any(each.where == spoilt.where and each.repaired for each in repaired.differences)
    assert verify(course, TASK).differences == ()
    sound = books(marked)
    assert books(course)[0] == sound[0]
    assert books(course)[2] == sound[2]
    scores = {who: own for who, own in gradebook_of(course).items() if who != "dee"}
    assert scores == sound[1]


def test_a_gradebook_that_is_gone_is_told_and_none_is_made(course: Path) -> None:
    (course / "gradebook.db").unlink()
    (told,) = verify(course, TASK).differences
    assert told.sentence == f"gradebook: it is not there; {REPAIR}."
    assert not (course / "gradebook.db").exists()


def test_a_repair_is_backed_up_and_audited_and_none_is_not(course: Path) -> None:
    verify(course, TASK, repair=True)
    assert [entry.what for entry in read_audit(course)] == ["autograde"]
    changed(raised)(course)
    verify(course, TASK, repair=True, by="pat")
    last = read_audit(course)[-1]
    assert (last.what, last.by, last.facts["repaired"]) == ("repair", "pat", 1)
    assert backups(course)[-1].before == "verify reading-replies --repair"


def test_what_a_person_did_is_no_difference_and_no_repair_touches_it(course: Path) -> None:
    def by_hand(grades: Any) -> None:
        grade = grade_of(grades, "bob")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 4.5, 1.0, False
        grades._book.find_comment("replies_1", TASK, TASK, "bob").manual_comment = "see me"
        grade_of(grades, "ann").needs_manual_grade = True  # a person wants to look at it

    changed(by_hand)(course)
    before = gradebook_of(course)
    assert verify(course, TASK).differences == ()
    changed(raised)(course)
    assert len(verify(course, TASK, repair=True).differences) == 1
    assert gradebook_of(course) == before
    with open_gradebook(course) as grades:
        assert grades.comments(TASK)["bob"] == {"replies_1": "see me"}


def test_a_question_without_a_mark_comes_back_into_the_queue(course: Path) -> None:
    with open_log(course, TASK) as log:
        last = log.last("ann")
        assert last is not None
        cells = last.cells | {"replies_1_check": replace(last.cells["replies_1_check"], points=None)}
        log.add([replace(last, cells=cells, status="needs_person")])
    changed(out_of_the_queue)(course)
    where = [each.where for each in verify(course, TASK, repair=True).differences]
    assert "gradebook, ann, replies_1_check: waits for a person" in where
    assert gradebook_of(course)["ann"][0].waiting


def test_marks_that_the_log_does_not_know_are_told_and_kept(course: Path) -> None:
    def stranger(grades: Any) -> None:
        handed_in(grades, "zed")
        grade_of(grades, "zed").auto_score = 6.0

    changed(stranger)(course)
    (told,) = verify(course, TASK, repair=True).left
    assert told.where == "gradebook, zed"
    assert "automatic marks that the log does not know" in told.what
    assert "heatproof autograde reading-replies" in told.cure
    assert gradebook_of(course)["zed"][0].points == 6.0


def lines_of(course: Path) -> list[bytes]:
    return log_path(course, TASK).read_bytes().splitlines(keepends=True)


def write_lines(course: Path, lines: list[bytes]) -> None:
    log_path(course, TASK).write_bytes(b"".join(lines))


def test_an_edited_log_is_told_and_never_repaired(course: Path) -> None:
    lines = lines_of(course)
    write_lines(course, [lines[0].replace(b'"points":6.0', b'"points":5.0'), *lines[1:]])
    before = log_path(course, TASK).read_bytes()
    (told,) = verify(course, TASK, repair=True).left
    assert told.part == "log"
    assert told.where == "reading-replies.jsonl, line 2"
    assert "heatproof restore" in told.cure
    assert log_path(course, TASK).read_bytes() == before


def test_lines_taken_from_the_end_are_noticed_though_the_chain_holds(course: Path) -> None:
    write_lines(course, lines_of(course)[:-1])
    assert len(latest(course, TASK)) == 3, "the chain alone does not tell"
    told = [each for each in verify(course, TASK).differences if each.part == "log"]
    assert len(told) == 1
    assert "lines were taken away or written anew" in told[0].what


def test_who_began_the_log_anew_says_so_and_what_is_taken_away_later_is_noticed(course: Path) -> None:
    log_path(course, TASK).rename(course / "results" / "old log")
    accept(course, TASK, because="we begin anew")
    mark(course, TASK, workers=1)
    assert [each.part for each in verify(course, TASK).left] == [], "the same class has the same log"
    write_lines(course, lines_of(course)[:-1])
    assert [each.part for each in verify(course, TASK).left] == ["log"]
    accept(course, TASK, by="pat", because="dee left")
    assert verify(course, TASK).left == ()
    assert (read_audit(course)[-1].what, read_audit(course)[-1].because) == ("accept", "dee left")
    write_lines(course, lines_of(course)[:-1])
    assert "log" in [each.part for each in verify(course, TASK).left]


def test_the_order_in_which_a_learner_chose_is_no_difference(course: Path) -> None:
    backwards = {
        name: dict(reversed(value.items())) if isinstance(value, dict) else value
        for name, value in MODEL.items()
    }
    assert any(list(backwards[name]) != list(MODEL[name]) for name in MODEL if isinstance(MODEL[name], dict))
    hand_in_answers(course, "eve", TASK, backwards)
    mark(course, TASK, workers=1)
    assert verify(course, TASK).differences == ()


LOST: dict[str, Callable[[Path], object]] = {
    "deleted": Path.unlink,
    "emptied": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes().splitlines(keepends=True)[0]),
    "forged at the end": lambda path: path.write_bytes(
        b'"reason":"?'.join(path.read_bytes().rsplit(b'"reason":"', 1))
    ),
}


@pytest.mark.parametrize("name", LOST)
def test_a_log_that_lacks_what_it_had_is_told_and_nothing_is_made_from_it(course: Path, name: str) -> None:
    path = log_path(course, TASK)
    LOST[name](path)
    database, left = (course / "gradebook.db").read_bytes(), path.read_bytes() if path.exists() else b""
    assert to_verify(course) == (TASK,)
    for repair in (False, True):
        found = verify(course, TASK, repair=repair)
        assert "it once ended with" in found.left[0].what
        assert "heatproof restore" in found.left[0].cure
        assert not any("--repair" in each.cure for each in found.left)
    with pytest.raises(CannotMark, match="taken away or written anew since the last run"):
        mark(course, TASK, workers=1)
    with pytest.raises(CannotMark, match="taken away or written anew since the last run"):
        regrade(course, TASK)
    assert (course / "gradebook.db").read_bytes() == database
    assert path.read_bytes() == left


def test_a_backup_and_a_run_bring_a_lost_log_back(course: Path) -> None:
    hand_in_answers(course, "eve", TASK, MODEL)
    mark(course, TASK, workers=1)
    whole = log_path(course, TASK).read_bytes()
    log_path(course, TASK).unlink()
    bring_back(course, backups(course)[-1].name, really=True)
    mark(course, TASK, workers=1)
    assert log_path(course, TASK).read_bytes() == whole
    assert verify(course, TASK).differences == ()


def test_a_head_from_a_receipt_is_looked_for(course: Path) -> None:
    assert verify(course, TASK, head=latest(course, TASK)["ann"].hash).differences == ()
    (told,) = verify(course, TASK, head="f" * 64).differences
    assert "it never had the head ffffffffffffffff…" in told.what


def test_a_torn_line_is_told_and_cut_off_only_in_a_repair(course: Path) -> None:
    with log_path(course, TASK).open("ab") as file:
        file.write(b'{"answers')
    (told,) = verify(course, TASK).differences
    assert "a stop tore the last line" in told.what
    assert log_path(course, TASK).read_bytes().endswith(b'{"answers')
    assert verify(course, TASK, repair=True).left == ()
    assert verify(course, TASK).differences == ()


def test_without_the_release_no_view_can_be_recomputed_and_that_is_said(course: Path) -> None:
    (course / "assignments" / TASK / f"{TASK}.ipynb").unlink()
    (told,) = verify(course, TASK, repair=True).left
    assert told.sentence.startswith("assignments/reading-replies: the release is gone")


def test_while_a_run_marks_nothing_is_compared(course: Path) -> None:
    with open_log(course, TASK), pytest.raises(CannotMark, match="another run is marking it"):
        verify(course, TASK)


def test_nothing_marked_is_one_sentence(course: Path) -> None:
    with pytest.raises(CannotMark, match="heat-plan-a: nobody is marked yet; run: heatproof autograde"):
        verify(course, "heat-plan-a")
    assert not log_path(course, "heat-plan-a").exists()


def test_the_audit_log_is_chained_and_goes_on_after_a_torn_line(tmp_path: Path) -> None:
    for number in range(2):
        note(tmp_path, "repair", TASK, by="pat", repaired=number)
    with (tmp_path / FILE).open("ab") as file:
        file.write(b'{"torn')
    note(tmp_path, "repair", TASK, repaired=2)
    assert [entry.facts["repaired"] for entry in read_audit(tmp_path)] == [0, 1, 2]


def test_a_note_that_waited_goes_into_the_audit_log_that_was_put_in_place_meanwhile(tmp_path: Path) -> None:
    path, copy = tmp_path / FILE, tmp_path / "copy"
    note(tmp_path, "repair", TASK, repaired=0)
    shutil.copyfile(path, copy)
    waits = Thread(target=note, args=(tmp_path, "repair", TASK), kwargs={"repaired": 1})
    with held(path):
        waits.start()
        opened = [path]
        while len(opened) < 2 and waits.is_alive():
            opened = [each for each in Path("/proc/self/fd").iterdir() if each.resolve() == path]
        os.replace(copy, path)
    waits.join()
    assert [entry.facts["repaired"] for entry in read_audit(tmp_path)] == [0, 1]


def test_an_audit_log_whose_line_breaks_an_editor_changed_is_read_and_goes_on(tmp_path: Path) -> None:
    for number in range(2):
        note(tmp_path, "repair", TASK, repaired=number)
    path = tmp_path / FILE
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    note(tmp_path, "repair", TASK, repaired=2)
    assert [entry.facts["repaired"] for entry in read_audit(tmp_path)] == [0, 1, 2]


AUDIT_EDITS: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "another name": lambda lines: [lines[0].replace(b"pat", b"kim"), *lines[1:]],
    "a line taken out": lambda lines: [lines[0], lines[2]],
    "no JSON": lambda lines: [lines[0], b"hello\n", lines[2]],
}


@pytest.mark.parametrize("edit", AUDIT_EDITS.values(), ids=AUDIT_EDITS.keys())
def test_an_edit_of_the_audit_log_is_noticed(
    tmp_path: Path, edit: Callable[[list[bytes]], list[bytes]]
) -> None:
    for number in range(3):
        note(tmp_path, "repair", TASK, by="pat", repaired=number)
    path = tmp_path / FILE
    path.write_bytes(b"".join(edit(path.read_bytes().splitlines(keepends=True))))
    with pytest.raises(AuditFault, match=r"audit\.jsonl, line [123]: "):
        read_audit(tmp_path)
    (told,) = verify_audit(tmp_path)
    assert isinstance(told, Difference)
    assert (told.part, told.repaired) == ("audit", False)
