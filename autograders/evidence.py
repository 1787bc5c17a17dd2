"""Turn a score and the judge's verdict into plain data, for the results log and the feedback page.

For the child process. Refuses to judge: it only writes down what was found.
"""

from functools import cache
from typing import Any

from autograders.keys_reading import LabelsQuestion, PlanQuestion
from autograders.plans import verdict_on
from autograders.score import Score
from course.engine.content import Complaint, scenario


def detail_of(
    score: Score, question: LabelsQuestion | PlanQuestion, component: str | None, value: Any
) -> dict[str, Any]:
    """Return the reasons of a score; for a component of a plan evidence, next step and flags too."""
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
