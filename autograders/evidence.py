"""Turn a score and the judge's verdict into plain data, for the results log and the feedback page.

For the child process. Refuses to judge: it only writes down what was found.
"""

from functools import cache
from typing import Any

from autograders.call_keys import CallQuestion
from autograders.calls import SIGNS, why
from autograders.checks import taken_again
from autograders.keys_reading import LabelsQuestion, Question
from autograders.plans import verdict_on
from autograders.score import Score
from course.engine.content import Complaint, scenario
from course.engine.debrief import looking_back


def detail_of(score: Score, question: Question, component: str | None, value: Any) -> dict[str, Any]:
    """Return the reasons of a score; for a component of a plan evidence, next step and flags too.

    The outcome of a call holds the whole talk, with the reason of each move.
    """
    if isinstance(question, CallQuestion):
        with_talk = component == "outcome" and not score.our_fault
        asked = " ".join(
            f"“{each.quote}” {each.said}" for each in score.reasons if each.sign == "person" and each.quote
        )
        told = _reasons(score) | ({"because": asked} if asked else {})
        return told | ({"talk": _talk(question, value)} if with_talk else {})
    if component is None or isinstance(question, LabelsQuestion):
        return _reasons(score)
    if score.our_fault or type(value) is not str or not value.strip():
        return _reasons(score)
    try:
        verdict = verdict_on(value, _complaint(question.scenario), question.rubric)
    except Exception:  # the score has told it already
        return _reasons(score)
    found = verdict.components[component]
    return {
        "level": found.level,
        "because": found.because,
        "next_step": found.next_step,
        "confidence": round(found.confidence, 3),
        "evidence": _pieces(found.evidence),
        "flags": [
            {
                "name": flag.name,
                "because": flag.because,
                "better": flag.better,
                "evidence": _pieces(flag.evidence),
                **({"title": flag.title} if flag.title else {}),
            }
            for flag in verdict.flags
        ],
    }


def _talk(question: CallQuestion, value: Any) -> list[dict[str, Any]]:
    """Return the lines of a call as plain data; what the learner said with move, reason and state."""
    talk = taken_again(question, value).talk
    backs = {back.turn: back for back in looking_back(talk)}
    lines: list[dict[str, Any]] = []
    for turn in talk.turns:
        line: dict[str, Any] = {"who": turn.who, "said": turn.text}
        if turn.who == "agent":
            back = backs[1 + sum(each["who"] == "agent" for each in lines)]
            line |= {"turn": back.turn, "move": back.move, "sign": SIGNS[back.effect], "why": why(back)}
            line |= {"anger": back.anger, "trust": back.trust, "better": back.better, "rule": back.rule}
        lines.append(line)
    return lines


@cache
def _complaint(name: str) -> Complaint:
    return scenario(name).as_complaint()


def _reasons(score: Score) -> dict[str, Any]:
    reasons = [{"sign": each.sign, "said": each.said, "quote": each.quote} for each in score.reasons]
    return {"because": score.summary, "reasons": reasons}


def _pieces(evidence: Any) -> list[dict[str, Any]]:
    return [
        {"behaviour": piece.behaviour, "start": piece.start, "end": piece.end, "text": piece.text}
        for piece in evidence
    ]
