"""People's word: it is written down unchangeably, stands in nbgrader's gradebook, and is never lost."""

import csv
import errno
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograders import desk
from autograders.backups import make_backup
from autograders.chained import START
from autograders.decided import given_by_people
from autograders.desk import id_of, item_of, least_sure_first, queue_of, waiting_elsewhere
from autograders.export import export_scores
from autograders.feedback import write_feedback
from autograders.gradebook import course_directory, open_gradebook
from autograders.marking import mark
from autograders.overrides import Choice, NotDecided, as_it_stands, decide
from autograders.people_log import (
    Decision,
    decisions,
    is_behind,
    open_people_log,
    people_head,
    people_path,
)
from autograders.restore_shown import as_lines as restore_lines
from autograders.restore_shown import listed
from autograders.restoring import restore as bring_back
from autograders.results import CannotMark, LogFault, assignments_marked
from autograders.rubric import FLAGS, rubric
from autograders.verifying import verify
from autograders.written_plans import Plans, WrittenPlan, written_plans
from course import queue
from course.engine.queue import Queue
from course.engine.queue_text import as_lines
from course.engine.words import word
from tests.people_class import TASK, WHEN, copy_of, make_class
from tests.small_class import ROOT, empty_gradebook, hand_in_answers, model_answers

WHY = "You hear her <b>out</b>: “I note it.”"
FULL = {"hear": 2, "empathise": 2, "apologise": 2, "act": 2}


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_class(tmp_path_factory.mktemp("people") / "course")


@pytest.fixture
def course(marked: Path, tmp_path: Path) -> Path:
    return copy_of(marked, tmp_path)


def plans_of(course: Path) -> Plans:
    with open_gradebook(course) as grades:
        return written_plans(course, TASK, grades.scores(TASK))


def give(course: Path, learner: str = "cy", reason: str = WHY, **levels: int) -> None:
    decide(course, TASK, [Choice(learner, "plan_1", levels, reason)], marker="Ruth", when=WHEN)


def grade(course: Path, learner: str, cell: str) -> tuple[float | None, bool]:
    """Return a manual score and whether it waits, as nbgrader's own formgrader reads them."""
    from nbgrader.api import Gradebook

    directory = course_directory(course)
    with Gradebook(directory.db_url, directory.course_id) as book:
        found = book.find_grade(cell, TASK, TASK, learner)
        return found.manual_score, found.needs_manual_grade


def in_the_formgrader(course: Path, learner: str, cell: str, points: float | None) -> None:
    """Give a manual score as the formgrader does."""
    from nbgrader.api import Gradebook

    directory = course_directory(course)
    with Gradebook(directory.db_url, directory.course_id) as book:
        found = book.find_grade(cell, TASK, TASK, learner)
        found.manual_score, found.needs_manual_grade = points, False
        book.db.commit()


def test_an_override_is_a_manual_score_and_a_line_of_the_log(course: Path) -> None:
    before = plans_of(course)[("cy", "plan_1")]
    give(course, hear=2, act=1)
    assert grade(course, "cy", "plan_1_hear") == (2.0, False)
    assert grade(course, "cy", "plan_1_act") == (1.0, False)
    assert grade(course, "cy", "plan_1_empathise")[0] is None
    first, second = decisions(course, TASK)
    assert (first.marker, first.cell, first.to, first.reason) == ("Ruth", "plan_1_hear", 2, WHY)
    assert (first.was, second.was) == (before.parts[0].level, before.parts[3].level)
    assert (first.evidence, first.plan, first.when) == (before.evidence, before.hash, WHEN)
    raw = json.loads(people_path(course, TASK).read_bytes().splitlines()[0])
    assert {"marker", "learner", "question", "component", "from", "to", "reason", "evidence"} <= raw.keys()


def test_the_log_of_people_is_no_assignment(course: Path) -> None:
    give(course, hear=2)
    assert assignments_marked(course) == (TASK,)


REFUSED: dict[str, tuple[Choice, str, str]] = {
    "nobody": (Choice("dee", "plan_1", {"hear": 1}, WHY), "Ruth", "no plan of theirs is marked"),
    "a name near by": (Choice("any", "plan_1", {"hear": 1}, WHY), "Ruth", "did you mean 'ann'?"),
    "another question": (Choice("cy", "plan_9", {"hear": 1}, WHY), "Ruth", "did you mean 'plan_"),
    "no component": (Choice("cy", "plan_1", {"heer": 1}, WHY), "Ruth", "did you mean 'hear'?"),
    "too high": (Choice("cy", "plan_1", {"hear": 3}, WHY), "Ruth", "a whole number from 0 to 2"),
    "too low": (Choice("cy", "plan_1", {"hear": -1}, WHY), "Ruth", "a whole number from 0 to 2"),
    "no level": (Choice("cy", "plan_1", {}, WHY), "Ruth", "no level is given"),
    "no reason": (Choice("cy", "plan_1", {"hear": 1}, " \n\u202e"), "Ruth", "there is no reason"),
    "a long reason": (Choice("cy", "plan_1", {"hear": 1}, "x" * 501), "Ruth", "more than 500 characters"),
    "no marker": (Choice("cy", "plan_1", {"hear": 1}, WHY), "=cmd()", "this is no name"),
    "other evidence": (Choice("cy", "plan_1", {"hear": 1}, WHY, "0" * 64), "Ruth", "marked anew since"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_written_is_refused_whole(marked: Path, name: str) -> None:
    choice, marker, says = REFUSED[name]
    good = Choice("ann", "plan_1", FULL, WHY)
    with pytest.raises(NotDecided) as fault:
        decide(marked, TASK, [good, choice], marker=marker, when=WHEN)
    assert says in str(fault.value)
    assert "?." not in str(fault.value)
    assert decisions(marked, TASK) == ()
    assert grade(marked, "ann", "plan_1_hear")[0] is None


def test_a_mark_of_the_formgrader_is_read_and_not_overwritten_by_another(course: Path) -> None:
    in_the_formgrader(course, "cy", "plan_1_hear", 1.0)
    in_the_formgrader(course, "cy", "plan_1_act", 0.5)
    found = {one.part.name: one for one in given_by_people(course, TASK)}
    assert {name: (one.part.level, one.decision) for name, one in found.items()} == {
        "hear": (1, None),
        "act": (None, None),
    }
    give(course, empathise=2)
    assert grade(course, "cy", "plan_1_hear")[0] == 1.0


def test_a_later_mark_of_the_formgrader_counts_and_has_no_reason_of_ours(course: Path) -> None:
    give(course, hear=2)
    in_the_formgrader(course, "cy", "plan_1_hear", 0.0)
    give(course, act=2)
    (hear, act) = given_by_people(course, TASK)
    assert (hear.part.level, hear.decision, grade(course, "cy", "plan_1_hear")[0]) == (0, None, 0.0)
    assert act.decision is not None


NEXT: dict[str, Callable[[Path], object]] = {
    "a decision": lambda course: give(course, "ann", act=2),
    "the queue": lambda course: queue_of(course, TASK),
    "the list": lambda course: given_by_people(course, TASK),
    "marking": lambda course: mark(course, TASK, workers=1),
}


@pytest.mark.parametrize("bring", NEXT.values(), ids=NEXT.keys())
def test_what_a_killed_run_wrote_down_comes_to_the_gradebook_with_the_next(
    course: Path, bring: Callable[[Path], object]
) -> None:
    give(course, hear=1)
    with open_people_log(course, TASK) as log:
        log.add([replace(decisions(course, TASK)[0], to=2, was=1)])
    assert grade(course, "cy", "plan_1_hear")[0] == 1.0
    bring(course)
    assert grade(course, "cy", "plan_1_hear")[0] == 2.0
    in_the_formgrader(course, "cy", "plan_1_hear", 0.0)
    give(course, "ann", act=1)
    assert grade(course, "cy", "plan_1_hear")[0] == 0.0, "what is in step is not written again"


def test_a_gradebook_that_was_lost_gets_the_marks_back(course: Path) -> None:
    give(course, hear=2)
    give(course, "ann", reason="No.", act=0)
    (course / "gradebook.db").write_bytes(empty_gradebook())
    mark(course, TASK, workers=1)
    assert grade(course, "cy", "plan_1_hear") == (2.0, False)
    assert grade(course, "ann", "plan_1_act") == (0.0, False)
    assert {one.decision.reason for one in given_by_people(course, TASK) if one.decision} == {WHY, "No."}


def test_a_lost_gradebook_gets_back_a_mark_on_a_plan_that_changed_since_and_a_person_looks(
    course: Path,
) -> None:
    give(course, hear=0)
    hand_in_answers(course, "cy", TASK, model_answers(TASK))
    mark(course, TASK, workers=1)
    before = grade(course, "cy", "plan_1_hear")
    assert before == (0.0, True)
    (course / "gradebook.db").unlink()
    mark(course, TASK, workers=1)
    assert grade(course, "cy", "plan_1_hear") == before


@pytest.mark.parametrize("read", [queue_of, given_by_people, lambda folder, _: export_scores(folder)])
def test_a_gradebook_that_is_gone_is_told_and_no_empty_one_takes_its_place(
    course: Path, read: Callable[[Path, str], object]
) -> None:
    (course / "gradebook.db").unlink()
    with pytest.raises(CannotMark, match=r"it is not there, so marks by hand cannot be seen; .* --repair"):
        read(course, TASK)
    with pytest.raises(CannotMark, match="it is not there"):
        give(course, hear=0)
    assert not (course / "gradebook.db").exists()
    assert not people_path(course, TASK).read_bytes()


def test_a_plan_that_the_gradebook_lost_is_not_decided_and_stops_nobody_else(course: Path) -> None:
    with open_gradebook(course) as grades:
        grades._book.remove_submission(TASK, "cy")
    with pytest.raises(NotDecided, match="lacks its marks; run heatproof autograde heat-plan-a"):
        give(course, hear=0)
    give(course, "ann", hear=1)
    mark(course, TASK, workers=1)
    give(course, hear=0)
    assert (grade(course, "ann", "plan_1_hear"), grade(course, "cy", "plan_1_hear")) == (
        (1.0, False),
        (0.0, False),
    )


def test_a_decision_that_could_not_come_to_a_lost_learner_comes_with_the_next_run(course: Path) -> None:
    with open_people_log(course, TASK) as log:
        first = replace(decision_of(course), to=0)
        log.add([first])  # and the run was killed here
    with open_gradebook(course) as grades:
        grades._book.remove_submission(TASK, "cy")
    mark(course, TASK, workers=1)
    assert grade(course, "cy", "plan_1_hear") == (0.0, False)


def test_a_mark_of_the_formgrader_after_a_stop_is_the_later_one(course: Path) -> None:
    with open_people_log(course, TASK) as log:
        log.add([replace(decision_of(course), to=0)])  # and the run was killed here
    in_the_formgrader(course, "cy", "plan_1_hear", 1.5)
    mark(course, TASK, workers=1)
    assert grade(course, "cy", "plan_1_hear") == (1.5, False)


def decision_of(course: Path) -> Decision:
    plan = plans_of(course)[("cy", "plan_1")]
    return as_it_stands(plan, plan.parts[0], marker="Ruth", when=WHEN)


NOT_AS_DECIDED: dict[str, tuple[Callable[[Path], object], str]] = {
    "a line was edited": (
        lambda course: people_path(course, TASK).write_bytes(
            people_path(course, TASK).read_bytes().replace(b'"to":2', b'"to":1', 1)
        ),
        "line 2: this line or one before it was changed",
    ),
    "lines were cut": (
        lambda course: people_path(course, TASK).write_bytes(
            people_path(course, TASK).read_bytes().splitlines(keepends=True)[0]
        ),
        "decisions were taken away or written anew",
    ),
    "the file is gone": (
        lambda course: people_path(course, TASK).unlink(),
        "decisions were taken away or written anew",
    ),
    "another mark stands": (
        lambda course: in_the_formgrader(course, "cy", "plan_1_hear", 99.0),
        "gradebook, cy, plan_1_hear: 99 of 2 stands, and Ruth wrote down 2; give the right one, "
        "with a reason: heatproof override heat-plan-a cy plan_1 hear=LEVEL.",
    ),
    "no mark stands": (
        lambda course: in_the_formgrader(course, "cy", "plan_1_hear", None),
        "no mark by hand stands, and Ruth wrote down 2",
    ),
}


@pytest.mark.parametrize("name", NOT_AS_DECIDED)
def test_verify_tells_where_marks_are_not_as_people_wrote_them_down(course: Path, name: str) -> None:
    spoil, said = NOT_AS_DECIDED[name]
    give(course, hear=2, act=1)
    assert verify(course, TASK).differences == ()
    spoil(course)
    book = (course / "gradebook.db").read_bytes()
    (told,) = verify(course, TASK, repair=True).left
    assert said in told.sentence
    assert told.part == "people"
    assert (course / "gradebook.db").read_bytes() == book


def test_an_override_settles_what_verify_told(course: Path) -> None:
    give(course, hear=2)
    in_the_formgrader(course, "cy", "plan_1_hear", 1.0)
    assert len(verify(course, TASK).left) == 1
    give(course, hear=1)
    assert verify(course, TASK).left == ()


def test_decisions_that_are_later_than_a_restored_backup_come_back_with_the_next_run(course: Path) -> None:
    people_path(course, TASK).unlink(missing_ok=True)
    earlier = make_backup(course, "a test").name
    give(course, hear=2)
    done = bring_back(course, earlier, really=True)
    assert (
        "heat-plan-a: the first decision came after this backup; the log stays, "
        "and heatproof autograde shows its marks again"
    ) in list(restore_lines(done))
    assert grade(course, "cy", "plan_1_hear")[0] is None
    assert "before the gradebook showed all that was decided" in verify(course, TASK).left[0].what
    mark(course, TASK, workers=1)
    assert grade(course, "cy", "plan_1_hear") == (2.0, False)
    assert verify(course, TASK).left == ()


def test_a_restore_that_is_taken_back_leaves_nothing_to_show_again(course: Path) -> None:
    people_path(course, TASK).unlink(missing_ok=True)
    earlier = make_backup(course, "a test").name
    give(course, hear=2)
    done = bring_back(course, earlier, really=True)
    lines = list(restore_lines(bring_back(course, done.undo, really=True)))
    assert "heat-plan-a: 1 decision → 1" in lines
    assert not is_behind(course, TASK)
    assert grade(course, "cy", "plan_1_hear") == (2.0, False)
    assert verify(course, TASK).left == ()


def test_a_backup_from_between_a_decision_and_the_gradebook_is_caught_up_with(course: Path) -> None:
    with open_people_log(course, TASK) as log:
        log.add([replace(decision_of(course), to=2)])  # and the run was killed here
    between = make_backup(course, "a test")
    assert between.assignments == (TASK, f"{TASK}.people")
    assert listed(between).endswith("(gradebook, heat-plan-a)")
    mark(course, TASK, workers=1)
    give(course, hear=1)
    lines = list(restore_lines(bring_back(course, between.name, really=True)))
    assert "heat-plan-a: 2 decisions → 1" in lines
    assert grade(course, "cy", "plan_1_hear")[0] != 2.0
    mark(course, TASK, workers=1)
    assert grade(course, "cy", "plan_1_hear") == (2.0, False)


def test_while_somebody_decides_nothing_is_restored(course: Path) -> None:
    people_path(course, TASK).unlink(missing_ok=True)
    earlier = make_backup(course, "a test").name
    give(course, hear=2)
    told = "heat-plan-a: somebody is writing down what they decided; restore again in a moment."
    with open_people_log(course, TASK), pytest.raises(CannotMark, match=told):
        bring_back(course, earlier, really=True)
    assert grade(course, "cy", "plan_1_hear") == (2.0, False)


def test_a_full_disk_is_a_sentence_and_loses_nothing(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int, lines: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("autograders.people_log.add", full)
    with pytest.raises(CannotMark, match=r"heat-plan-a\.people\.jsonl: it cannot be written \(No space"):
        give(course, hear=2)
    monkeypatch.undo()
    assert grade(course, "cy", "plan_1_hear")[0] is None
    give(course, hear=2)
    assert grade(course, "cy", "plan_1_hear") == (2.0, False)


def test_the_learner_reads_the_reason_and_the_export_names_the_marker(course: Path) -> None:
    give(course, hear=2)
    give(course, "ann", reason="=1+1 is no plan", act=0)
    (page,) = write_feedback(course, TASK, learners=["cy"])
    html = page.read_text(encoding="utf-8")
    assert "A person marked this part: You hear her &lt;b&gt;out&lt;/b&gt;: “I note it.”" in html
    assert "Ruth" not in html
    section = html.partition('<section class="part" id="plan_1"')[2].partition("</section>")[0]
    hear = section.partition('class="step hear"')[2].partition("</article>")[0]
    empathise = section.partition('class="step empathise"')[2].partition("</article>")[0]
    parts = plans_of(course)[("cy", "plan_1")].parts
    assert parts[0].judged != 2, "else nothing was overruled"
    assert parts[0].because.partition("“")[0] not in hear
    assert parts[1].because.partition("“")[0] in empathise
    _, questions = export_scores(course)
    with questions.open(encoding="utf-8", newline="") as file:
        rows = {(row["learner"], row["question"]): row for row in csv.DictReader(file)}
    assert (rows["cy", "plan_1_hear"]["marker"], rows["cy", "plan_1_hear"]["reason"]) == ("Ruth", WHY)
    assert rows["ann", "plan_1_act"]["reason"] == "'=1+1 is no plan"
    assert (rows["ann", "plan_1_hear"]["marker"], rows["ann", "plan_1_hear"]["reason"]) == ("", "")


EDITS: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "a level was raised": lambda lines: [lines[0].replace(b'"to":1', b'"to":2'), *lines[1:]],
    "a reason was changed": lambda lines: [lines[0].replace(b"Why", b"Not"), *lines[1:]],
    "a line was taken out": lambda lines: [lines[0], lines[2]],
    "two lines changed places": lambda lines: [lines[1], lines[0], lines[2]],
    "a field was added": lambda lines: [lines[0].replace(b'{"before"', b'{"x":1,"before"'), *lines[1:]],
    "a space was added": lambda lines: [lines[0].replace(b":", b": ", 1), *lines[1:]],
    "a line is no JSON": lambda lines: [lines[0], b"hello", lines[2]],
    "a line break in the middle": lambda lines: [lines[0], lines[1][:40] + b"\r" + lines[1][40:], lines[2]],
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_an_edit_of_the_log_is_noticed(course: Path, edit: Callable[[list[bytes]], list[bytes]]) -> None:
    give(course, reason="Why", hear=1, act=1, empathise=1)
    path = people_path(course, TASK)
    path.write_bytes(b"".join(line + b"\n" for line in edit(path.read_bytes().splitlines())))
    for use in (decisions, people_head, given_by_people, write_feedback):
        with pytest.raises(LogFault, match=r"heat-plan-a\.people\.jsonl, line [123]: .* changed"):
            use(course, TASK)  # type: ignore[operator]


def test_a_torn_last_line_is_cut_off_and_the_log_goes_on(course: Path) -> None:
    give(course, hear=1)
    path = people_path(course, TASK)
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:50])
    assert len(decisions(course, TASK)) == 1
    give(course, act=1)
    assert [one.component for one in decisions(course, TASK)] == ["hear", "act"]
    assert path.read_bytes().startswith(whole)


def test_the_head_moves_with_every_decision(course: Path) -> None:
    heads = [people_head(course, TASK)]
    for level in (0, 1, 1):
        give(course, hear=level)
        heads.append(people_head(course, TASK))
    assert heads[0] == START
    assert len(set(heads)) == 4


def test_two_people_cannot_write_at_once(course: Path) -> None:
    with open_people_log(course, TASK), pytest.raises(LogFault, match="try again in a moment"):
        give(course, hear=1)


def test_the_least_sure_comes_first_and_what_does_not_wait_is_not_there(marked: Path) -> None:
    ann = plans_of(marked)[("ann", "plan_1")]

    def plan(learner: str, sure: float | None, *, waits: bool = True) -> WrittenPlan:
        first = replace(ann.parts[0], sure=sure, waits=waits)
        rest = [replace(part, sure=0.01, waits=False) for part in ann.parts[1:]]
        return replace(ann, learner=learner, parts=(first, *rest))

    made = [plan("a", 0.5), plan("b", 0.2), plan("c", None), plan("d", 0.1, waits=False), plan("e", 0.2)]
    found = least_sure_first({(each.learner, each.question): each for each in made})
    assert [each.learner for each in found] == ["c", "b", "e", "a"]


def test_what_a_person_decided_leaves_the_queue_and_a_new_hand_in_brings_it_back(course: Path) -> None:
    assert ("bo", "plan_1") in [(each.learner, each.question) for each in queue_of(course, TASK)]
    give(course, "bo", **FULL)
    assert "bo" not in [each.learner for each in queue_of(course, TASK)]
    hand_in_answers(course, "bo", TASK, model_answers(TASK))
    mark(course, TASK, workers=1)
    again = next(each for each in queue_of(course, TASK) if each.learner == "bo")
    assert all(part.by_hand and part.waits and part.level == 2 for part in again.parts)


def test_what_waits_beside_the_plans_is_counted(course: Path) -> None:
    from nbgrader.api import Gradebook

    assert waiting_elsewhere(course, TASK) == 0
    directory = course_directory(course)
    with Gradebook(directory.db_url, directory.course_id) as book:
        book.find_grade("replies_1_check", TASK, TASK, "ann").needs_manual_grade = True
        book.db.commit()
    assert waiting_elsewhere(course, TASK) == 1
    assert "ann" not in [each.learner for each in queue_of(course, TASK)]


def test_a_plan_in_the_queue_tells_nobodys_name_and_shows_complaint_and_evidence(marked: Path) -> None:
    plan = replace(plans_of(marked)[("ann", "plan_1")], learner="quux-77")
    item = item_of(plan)
    assert "quux" not in json.dumps(item)
    assert "".join(piece["text"] for piece in item["plan"]) == plan.text
    lines = "\n".join(as_lines(item))
    assert " ".join(plan.complaint.text.split())[:60] in " ".join(lines.split())
    assert any(piece["marked"] for piece in item["plan"])
    assert "](" in lines
    assert "H Hear: 2 It is there" in lines


def test_no_letter_of_a_learner_moves_the_cursor(marked: Path) -> None:
    plan = replace(plans_of(marked)[("ann", "plan_1")], text="I hear \x1b[2Jyou\x07\r\nsorry")
    told = "\n".join(as_lines(item_of(replace(plan, parts=plan.parts[:0]))))
    assert not {"\x1b", "\x07", "\r"} & set(told)
    assert "sorry" in told


@pytest.fixture
def widget(course: Path, monkeypatch: pytest.MonkeyPatch) -> Queue:
    monkeypatch.chdir(course)
    return queue(TASK, desk=desk, marker="Ruth")


def said(widget: Queue, **message: Any) -> dict[str, Any]:
    answers: list[dict[str, Any]] = []
    widget.send = answers.append
    widget.hear({"kind": "decide", "id": widget.item.get("id"), **message})
    return answers[0]


def test_the_widget_writes_a_decision_and_goes_on(widget: Queue, course: Path) -> None:
    number = widget.place["of"]
    first = widget.item
    answer = said(widget, levels=FULL, reason=WHY)
    assert answer == {"kind": "decided", "ok": True, "say": word("queue.written"), "draft": first["draft"]}
    assert grade(course, "bo", "plan_1_act") == (2.0, False)
    assert (widget.place["of"], widget.place["decided"]) == (number - 1, 1)
    assert widget.item != first


REFUSED_THERE: dict[str, tuple[dict[str, Any], str]] = {
    "no level": ({"levels": {}, "reason": WHY}, word("queue.choose")),
    "not all that wait": ({"levels": {"hear": 1}, "reason": WHY}, word("queue.choose")),
    "true is no level": ({"levels": {**FULL, "act": True}, "reason": WHY}, word("queue.choose")),
    "no reason": ({"levels": FULL, "reason": "  "}, word("queue.why")),
    "too high": ({"levels": {**FULL, "act": 3}, "reason": WHY}, "act=3 is no level"),
    "another plan": ({"levels": FULL, "reason": WHY, "id": "0"}, word("queue.gone")),
}


@pytest.mark.parametrize("name", REFUSED_THERE)
def test_the_widget_says_why_nothing_was_written(widget: Queue, course: Path, name: str) -> None:
    message, says = REFUSED_THERE[name]
    answer = said(widget, **message)
    assert not answer["ok"]
    assert says in answer["say"]
    assert "bo" not in answer["say"].split()
    assert decisions(course, TASK) == ()


def test_what_was_decided_elsewhere_meanwhile_is_told_and_shown(widget: Queue, course: Path) -> None:
    number, before = widget.place["of"], widget.item
    give(course, "bo", **FULL)
    answer = said(widget, levels={**FULL, "act": 0}, reason="mine")
    assert not answer["ok"]
    assert "Hear 2 by Ruth; Empathise 2 by Ruth" in answer["say"]
    assert grade(course, "bo", "plan_1_act") == (2.0, False)
    assert widget.place["of"] == number, "it stays on the page, so nothing typed is lost"
    assert (widget.item["plan"], widget.item["draft"]) == (before["plan"], before["draft"])
    assert [step["level"] for step in widget.item["steps"]] == [2, 2, 2, 2]
    assert said(widget, levels={}, reason="mine")["say"] == word("queue.same")
    assert said(widget, levels={"act": 0}, reason="mine")["ok"], "once it was seen"
    assert grade(course, "bo", "plan_1_act") == (0.0, False)


def test_what_somebody_else_decided_since_is_not_written_over(course: Path) -> None:
    bo = plans_of(course)[("bo", "plan_1")]
    assert sum(part.waits for part in bo.parts) > 2
    seen = item_of(bo)
    give(course, "bo", hear=2, empathise=2)
    in_the_formgrader(course, "bo", "plan_1_act", 1)
    levels = {part.name: 0 for part in bo.parts}
    fault, now = desk.give(TASK, seen, levels, "mine", marker="Ben", course=course)
    assert "Hear 2 by Ruth; Empathise 2 by Ruth; Take action 1 by somebody in the formgrader." in fault
    choice = Choice("bo", "plan_1", levels, "mine", stands=bo.stands)
    with pytest.raises(NotDecided, match="somebody decided on it since you read it"):
        decide(course, TASK, [choice], marker="Ben", when=WHEN)
    assert grade(course, "bo", "plan_1_hear") == (2.0, False)
    assert now == item_of(plans_of(course)[("bo", "plan_1")])
    assert now is not None
    assert now["draft"] == seen["draft"], "what was typed is found again"
    assert desk.give(TASK, now, levels, "mine", marker="Ben", course=course) == ("", None)


def test_a_plan_that_was_handed_in_anew_is_not_decided_by_what_was_read(widget: Queue, course: Path) -> None:
    hand_in_answers(course, "bo", TASK, model_answers(TASK))
    mark(course, TASK, workers=1)
    assert said(widget, levels=FULL, reason=WHY)["say"] == word("queue.gone")
    assert decisions(course, TASK) == ()


def test_a_second_press_hears_what_the_first_did(widget: Queue, course: Path) -> None:
    first = widget.item["id"]
    answer = said(widget, levels=FULL, reason=WHY)
    assert said(widget, id=first, levels=FULL, reason=WHY) == answer
    assert len(decisions(course, TASK)) == len(FULL)


def test_a_full_disk_is_told_on_the_page(
    widget: Queue, course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr("autograders.people_log.add", full)
        answer = said(widget, levels=FULL, reason=WHY)
    assert not answer["ok"]
    assert "it cannot be written (No space left on device)" in answer["say"]
    assert is_behind(course, TASK)
    with monkeypatch.context() as patch:
        patch.setattr("autograders.overrides.open_people_log", full)
        again = said(widget, levels=FULL, reason=WHY)
        shown = str(queue(TASK, desk=desk, marker="Ruth"))
    assert "make room or rights" in again["say"], "where a stopped run is to be caught up with, too"
    assert "make room or rights" in shown
    assert said(widget, levels=FULL, reason=WHY)["ok"]


def test_extra_credit_is_no_level(course: Path) -> None:
    give(course, hear=2)
    with open_gradebook(course) as grades:
        for cell in ("plan_1_hear", "plan_1_act"):
            grades._book.find_grade(cell, TASK, TASK, "cy").extra_credit = 0.5
        grades._book.db.commit()
    parts = {part.name: part for part in plans_of(course)[("cy", "plan_1")].parts}
    assert parts["hear"].level == 2
    assert parts["act"].level == parts["act"].judged
    (given,) = given_by_people(course, TASK)
    assert (given.decision is not None and given.decision.marker) == "Ruth"
    assert verify(course, TASK).differences == ()


def test_the_widget_prints_what_it_shows(widget: Queue) -> None:
    assert word("queue.place", number=1, of=widget.place["of"]) in str(widget)
    assert word("queue.waits") in str(widget)
    widget.hear({"kind": "go", "by": 1})
    assert widget.place["number"] == (2 if widget.place["of"] > 1 else 1)


def test_without_a_course_folder_the_widget_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert str(queue(TASK, desk=desk, marker="Ruth")).startswith("no course folder:")


def test_an_id_of_the_desk_is_one_plans_own(marked: Path) -> None:
    plans = plans_of(marked)
    assert len({id_of(plan) for plan in plans.values()}) == len(plans)


def test_every_flag_has_its_line_in_the_guide() -> None:
    guide = (ROOT / "docs" / "markers.md").read_text(encoding="utf-8")
    table = guide.split("| flag | the plan |")[1].split("\n\n")[0].splitlines()[2:]
    told = {line.split("`")[1]: line for line in table}
    assert tuple(told) == FLAGS
    for name, flag in rubric().flags.items():
        assert name not in told or flag.says.removeprefix("is ").removeprefix("an ") in told[name]
