"""The three checks that an assignment's test cells call, on a grader's machine and in a learner's hands.

    check_labels("heat-plan-a", "replies_1", replies_1)
    check_plan("heat-plan-a", "plan_1", "hear", plan_1)
    check_call("whole-call", "call_1", "outcome", call_1)

With a course folder and its key they mark. A learner has neither: there they look at the form only (is it
answered, is it long enough). They never fail on a value, whatever it is. A fault of our own is told as ours,
keeps the answer and calls a person. Printing is swallowed: nbgrader takes a word on stderr for a failed test.
"""

import io
import os
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from autograders.call_keys import CallQuestion
from autograders.calls import mark_call
from autograders.keys_reading import PLAN_LEVEL, Key, LabelsQuestion, PlanQuestion, keys_folder, read_key
from autograders.labels import mark_labels
from autograders.plans import mark_plan, verdict_on
from autograders.replaying import Replay, replay
from autograders.score import Complete, NotComplete, Reason, Score
from autograders.steps import worth
from course.engine.answers import Refused, read_answers_file, settle
from course.engine.content import Complaint, Scenario, scenario
from course.engine.notebook_file import MAX_NOTEBOOK, read_bytes, read_json
from course.engine.places import content_file, course_folder, looked_up
from course.engine.questions import questions_in
from course.engine.words import word

Marker = Callable[[Key, Any], Score]


def check_labels(assignment: str, question: str, value: Any) -> Score:
    """Return the score of the labels given to a question's replies, one point a reply."""

    def mark(key: Key, answer: Any) -> Score:
        asked = key.questions[question]
        if not isinstance(asked, LabelsQuestion):
            raise TypeError(f"{question} is a {asked.kind}, and was checked as labels")
        return mark_labels(asked, answer)

    return _check(assignment, question, value, mark)


def check_plan(assignment: str, question: str, component: str, value: Any) -> Score:
    """Return the score of one component of a plan: by its name in the plan's rubric: hear, empathise …"""

    def mark(key: Key, answer: Any) -> Score:
        asked = key.questions[question]
        if not isinstance(asked, PlanQuestion):
            raise TypeError(f"{question} is a question of {asked.kind}, and was checked as a plan")
        return mark_plan(asked, _complaint(asked.scenario), component, answer)

    return _check(assignment, question, value, mark, component)


def check_call(assignment: str, question: str, part: str, value: Any) -> Score:
    """Return the score of one part of a call: "outcome", "moves" or "order"."""

    def mark(key: Key, answer: Any) -> Score:
        asked = key.questions[question]
        if not isinstance(asked, CallQuestion):
            raise TypeError(f"{question} is no call, and was checked as one")
        return mark_call(asked, _scenario(asked.scenario), part, taken_again(asked, answer))

    return _check(assignment, question, value, mark, part)


def taken_again(asked: CallQuestion, answer: Any) -> Replay:
    """Return a walk as far as the customer allows it, own words read by the judge of plans."""
    return replay(
        _scenario(asked.scenario), [] if answer is None else answer, verdict_on, most=asked.most_moves
    )


def _check(assignment: str, question: str, value: Any, mark: Marker, component: str = "") -> Score:
    try:
        with redirect_stderr(io.StringIO()), redirect_stdout(io.StringIO()):
            answer, notes = _counted(assignment, question, value)
            key = _key(assignment)
            if key is not None:
                return _with_notes(mark(key, answer), notes)
            if _marking():
                raise LookupError(word("score.no-key"))
    except Exception as fault:
        return _our_fault(_worth(assignment, question, component), fault)
    return _form(assignment, question, answer)


def _counted(assignment: str, question: str, value: Any) -> tuple[Any, tuple[str, ...]]:
    """Return the answer that counts, the cell's or the file's, and what is to be told of it."""
    path = Path(f"{assignment}.answers.json")
    if not os.path.lexists(path):
        return value, ()
    try:
        kept = read_answers_file(path)
        counted, told = settle(value, kept.entries.get(question), question)
    except Refused as refused:
        return value, (str(refused),)
    except (TypeError, ValueError):
        return value, ()
    return counted, tuple(note for note in (told, kept.refusals.get(question, "")) if note)


def _with_notes(score: Score, notes: tuple[str, ...]) -> Score:
    return (
        replace(score, reasons=(*(Reason("plain", note) for note in notes), *score.reasons))
        if notes
        else score
    )


def _marking() -> bool:
    """True where a missing key is a fault: in a course folder, or while nbgrader marks."""
    return course_folder() is not None or os.environ.get("NBGRADER_EXECUTION") == "autograde"


def _key(assignment: str) -> Key | None:
    path, changed = _key_file(assignment)
    return _key_as_of(path, changed) if path else None


@looked_up
def _key_file(assignment: str) -> tuple[Path | None, int]:
    """Return where a key lies, and when it was changed."""
    folder = keys_folder()
    path = folder / f"{assignment}.yaml" if folder else None
    return (path, path.stat().st_mtime_ns) if path and path.is_file() else (None, 0)


@lru_cache(maxsize=32)
def _key_as_of(path: Path, _changed: int) -> Key:
    return read_key(path)


def _complaint(name: str) -> Complaint:
    return _scenario(name).as_complaint()


def _scenario(name: str) -> Scenario:
    return _scenario_as_of(name, *_scenario_file(name))


@looked_up
def _scenario_file(name: str) -> tuple[Path | None, int]:
    """Return where a scenario lies, and when it was changed."""
    path = content_file("scenarios", name)
    return path, path.stat().st_mtime_ns if path else 0


@lru_cache(maxsize=64)
def _scenario_as_of(name: str, _path: Path | None, _changed: int) -> Scenario:
    return scenario(name)


def _worth(assignment: str, question: str, component: str) -> float:
    """Return the points of a question, or of one component of a plan, where they can be found."""
    try:
        key = _key(assignment)
        asked = key.questions[question] if key else None
        if isinstance(asked, PlanQuestion):
            return worth(asked, component)
        if isinstance(asked, CallQuestion):
            return asked.parts[component]
        return float(asked.points) if asked else 0.0
    except Exception:
        return PLAN_LEVEL if component else 0.0


def _our_fault(out_of: float, fault: Exception) -> Score:
    reasons = (Reason("person", f"({type(fault).__name__}: {str(fault)[:300]})"),)
    said = word("check.our-fault")
    return Score(0.0, out_of, "", said, reasons, needs_person=True, our_fault=True)


def _form(assignment: str, question: str, answer: Any) -> Score:
    """Return `Complete`, or raise `NotComplete` with one sentence: all that can be said without a key."""
    lacks = word("check.not-answered", question=question) if answer is None else ""
    try:
        path = Path(f"{assignment}.ipynb")
        asked = questions_in(read_json(read_bytes(path, MAX_NOTEBOOK), path.name), path.name)
        lacks = asked[question].lacks(answer)
    except (Refused, KeyError):
        pass
    if lacks:
        raise NotComplete(lacks)
    return Complete(0.0, 0.0, "", word("check.complete"))
