"""The grader's desk: the plans that wait for a person, the least sure first, and a place to decide on them.

For `heatproof queue` and for the queue in a notebook:

    from autograders import desk
    from course import queue
    queue("heat-plan-a", desk=desk, marker="Ruth")

What it gives is plain data without names. Refuses to draw anything.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograders.feedback_page import LETTERS
from autograders.gradebook import read_gradebook
from autograders.overrides import Choice, catch_up, decide
from autograders.people_log import people_path, standing_marks
from autograders.results import CannotMark, told_in_a_sentence
from autograders.spans import Span, pieces
from autograders.steps import flag_title, standing
from autograders.written_plans import Part, Plans, WrittenPlan, written_plans
from course.engine.faults import Faults
from course.engine.places import MARK, course_folder
from course.engine.words import all_words, word


def now() -> str:
    """Return the time in UTC, as it stands in the log."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def least_sure_first(plans: Plans) -> tuple[WrittenPlan, ...]:
    """Return the plans of which something waits for a person, the least sure ones first."""
    found = [plan for plan in plans.values() if plan.waits]
    return tuple(sorted(found, key=lambda plan: (plan.sure, plan.learner, plan.question)))


def queue_of(folder: Path, assignment: str) -> tuple[WrittenPlan, ...]:
    """Return the queue of an assignment. CannotMark, or Faults, where it cannot be read."""
    return least_sure_first(_plans(folder, assignment))


def _plans(folder: Path, assignment: str) -> Plans:
    """Return all plans, with what a killed run had left to write."""
    folder = folder.resolve()
    log = f"results/{people_path(folder, assignment).name}"
    with told_in_a_sentence(log, "look again"), read_gradebook(folder) as grades:
        catch_up(folder, assignment, grades)
        return written_plans(folder, assignment, grades.scores(assignment))


def waiting_elsewhere(folder: Path, assignment: str) -> int:
    """Return how many cells wait for a person that are no part of a plan in the queue."""
    with read_gradebook(folder) as grades:
        scores = grades.scores(assignment)
    plans = written_plans(folder.resolve(), assignment, scores).values()
    shown = {(plan.learner, part.cell) for plan in plans for part in plan.parts}
    return sum(
        score.waiting and (learner, score.cell) not in shown
        for learner, own in scores.items()
        for score in own
    )


def waiting(assignment: str, *, course: Path | None = None) -> tuple[list[dict[str, Any]], str]:
    """Return the queue as plain data, and a sentence where it cannot be read."""
    try:
        return [item_of(plan) for plan in queue_of(_folder(course), assignment)], ""
    except (CannotMark, Faults) as fault:
        return [], str(fault)


def give(
    assignment: str,
    item: Mapping[str, Any],
    levels: Mapping[str, int],
    reason: str,
    *,
    marker: str,
    when: str | None = None,
    course: Path | None = None,
) -> tuple[str, dict[str, Any] | None]:
    """Write down the levels of a plan; return an empty text, or why nothing was written.

    Beside it stands the plan as it is now, where somebody decided on it since `item` was read; else None.
    """
    own = ""
    try:
        folder = _folder(course)
        found = [plan for plan in _plans(folder, assignment).values() if _same_read(plan) == item["draft"]]
        if not found:
            return word("queue.gone"), None
        plan, own = found[0], found[0].learner
        if id_of(plan) != item["id"]:
            return word("queue.since", what="; ".join(_since(folder, assignment, plan, item))), item_of(plan)
        choice = Choice(own, plan.question, levels, reason, evidence=plan.evidence, stands=plan.stands)
        decide(folder, assignment, [choice], marker=marker, when=when or now())
    except (CannotMark, Faults) as fault:
        return str(fault).replace(f", {own},", ","), None
    return "", None


def _since(folder: Path, assignment: str, plan: WrittenPlan, item: Mapping[str, Any]) -> Iterator[str]:
    """Yield what stands otherwise than it was read, and who gave it."""
    marks = standing_marks(folder, assignment)
    read = {step["name"]: (step["level"], step["by_hand"], step["waits"]) for step in item["steps"]}
    for part in plan.parts:
        if read.get(part.name) != (part.level, part.by_hand, part.waits):
            last = marks.get((plan.learner, part.cell))
            known = last is not None and part.by_hand and last.to == part.level
            who = last.marker if last and known else word("queue.elsewhere")
            level = word("queue.no-level") if part.level is None else part.level
            yield word("queue.gave", step=part.title, level=level, who=who)


def _folder(course: Path | None) -> Path:
    folder = course_folder(course)
    if folder is None:
        raise CannotMark(
            f"no course folder: no {MARK} here or above; open the notebook in your course folder"
        )
    return folder


def id_of(plan: WrittenPlan) -> str:
    """Return what names a plan as somebody sees it at the desk: it tells nobody who wrote it.

    Another one when the plan is marked anew, or somebody decides on a part of it.
    """
    return _name(plan.learner, plan.question, plan.evidence, plan.stands)


def _same_read(plan: WrittenPlan) -> str:
    """Return what names a plan with what the judge said of it, whatever people decided on it."""
    return _name(plan.learner, plan.question, plan.evidence)


def _name(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def item_of(plan: WrittenPlan) -> dict[str, Any]:
    """Return a plan as plain data to draw: its text cut at the borders of the evidence, levels with words."""
    letters = {part.name: LETTERS.get(part.name, part.title[:1].upper()) for part in plan.parts}
    doubted = {letters[part.name] for part in plan.parts if part.waits}
    spans = [Span(e["start"], e["end"], letters[part.name]) for part in plan.parts for e in part.evidence]
    spans += [Span(e["start"], e["end"], LETTERS["flag"]) for f in plan.flags for e in f.get("evidence", ())]
    words = all_words()
    return {
        "id": id_of(plan),
        "draft": _same_read(plan),
        "evidence": plan.evidence,
        "complaint": plan.complaint.text,
        "channel": plan.complaint.channel,
        "facts": plan.complaint.facts,
        "unread": plan.unread,
        "plan": [
            {
                "text": piece.text,
                "marked": bool(piece.kinds),
                "waits": not doubted.isdisjoint(piece.kinds),
                "ends": "".join(piece.ending),
            }
            for piece in pieces(plan.text, spans)
        ],
        "steps": [_step(part, letters[part.name]) for part in plan.parts],
        "flags": [
            {
                "title": flag_title(words, flag["name"], flag.get("title", "")),
                "because": flag.get("because", ""),
                "quotes": [e["text"] for e in flag.get("evidence", ())],
            }
            for flag in plan.flags
        ],
    }


def _step(part: Part, letter: str) -> dict[str, Any]:
    return {
        "name": part.name,
        "letter": letter,
        "title": part.title,
        "levels": [
            f"{level} {word(f'level.{standing(level, part.most)}')}" for level in range(part.most + 1)
        ],
        "judged": part.judged,
        "level": part.level,
        "sure": None if part.sure is None else round(100 * part.sure),
        "because": part.because,
        "quotes": list(dict.fromkeys(e["text"] for e in part.evidence)),
        "waits": part.waits,
        "by_hand": part.by_hand,
    }
