"""Prove the model plan of a key: the judge gives it full marks, and flags nothing.

For `checking`. Knows the judge; refuses to read files itself.
"""

from collections.abc import Iterator
from pathlib import Path

from autograders import judge
from autograders.keys_reading import HOUSE_RUBRIC, PlanQuestion
from autograders.rubric import rubric
from course.engine.content import scenario
from course.engine.faults import Faults


def shortcomings(question: PlanQuestion, *, start: Path | None = None) -> Iterator[str]:
    """Yield in words what the judge does not find in a model plan; nothing where it earns all."""
    try:
        complaint = scenario(question.scenario, start=start).as_complaint()
    except Faults:
        return  # told where the scenario itself is checked
    words = len(question.model.split())
    if words < question.min_words:
        yield f"has {words} words, and learners must write {question.min_words}"
    verdict = judge(question.model, complaint, rubric=rubric(question.rubric or HOUSE_RUBRIC, start=start))
    for name, component in verdict.components.items():
        if component.level < component.most:
            yield f"earns {component.level} of {component.most} for {name!r} ({component.because})"
    for flag in verdict.flags:
        yield f"is flagged {flag.name!r} ({flag.because})"
