"""Mark one component of a HEAT plan by what the judge found in it, and show the learner's own words as proof.

For the checks. Asks the judge once a plan, for all four components. Knows the rubric's levels and which flag
belongs to which component; refuses to know how the judge reads.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

from autograders.judging.verdict import Flag, Verdict
from autograders.keys_reading import COMPONENTS, HOUSE_RUBRIC, PLAN_LEVEL, PlanQuestion
from autograders.labels import shown_value
from autograders.score import Reason, Score
from autograders.worth import worth
from course.engine.content import Complaint
from course.engine.words import word

MOST_CHARACTERS = 4000
"""What an answer cell may hold; whatever is longer did not come from our pen."""

SHOWN_WITH = {
    "interrupts": "hear", "argues": "hear", "out_of_order": "hear",
    "off_topic": "hear", "copied": "hear", "stuffed": "hear",
    "minimises": "empathise", "hostile": "empathise",
    "non_apology": "apologise", "blames_customer": "apologise", "blames_others": "apologise",
    "overpromises": "act", "passes_the_buck": "act", "policy_shield": "act",
}  # fmt: skip
"""Which component's evidence tells of a flag."""


@lru_cache(maxsize=256)
def verdict_on(plan: str, complaint: Complaint, by: str | None = None) -> Verdict:
    """Return the judge's verdict by the rubric of that name; the four cells of a plan share it."""
    from autograders import judge
    from autograders.rubric import rubric

    verdict: Verdict = judge(plan, complaint, rubric=rubric(by or HOUSE_RUBRIC))
    return verdict


def mark_plan(
    question: PlanQuestion,
    complaint: Complaint,
    component: str,
    value: Any,
    *,
    judge: Callable[[str, Complaint], Verdict] | None = None,
) -> Score:
    """Return the score of one component. Raises what the judge raises: that is our fault."""
    if component not in COMPONENTS:
        raise ValueError(f"no component {component!r}; there are {', '.join(COMPONENTS)}")
    title, out_of = word(f"component.{component}"), worth(question, component)
    if value is None or (type(value) is str and not value.strip()):
        return Score(0.0, out_of, "", word("score.empty-plan", component=title))
    if type(value) is not str:
        return Score(0.0, out_of, title, word("score.not-text", value=shown_value(value)))
    if len(value) > MOST_CHARACTERS:
        said = word("score.too-long", most=MOST_CHARACTERS)
        return Score(0.0, out_of, title, said, needs_person=True)
    verdict = judge(value, complaint) if judge else verdict_on(value, complaint, question.rubric)
    return _score(component, verdict, out_of)


def _score(component: str, verdict: Verdict, out_of: float) -> Score:
    found = verdict.components[component]
    points = out_of * found.level / PLAN_LEVEL
    meaning = word(f"level.{found.level}.meaning")
    summary = word(
        "score.component", component=word(f"component.{component}"), level=found.level, meaning=meaning
    )
    needs_person = bool(found.needs_person)
    reasons = (
        *(Reason("person", word("feedback.person")) for _ in range(needs_person)),
        *(Reason("quote", "", piece.text) for piece in found.evidence),
        *(Reason("plain", said) for said in (found.because,) if said),
        *_flags(component, verdict.flags),
        *(Reason("next", said) for said in (found.next_step,) if said and found.level < PLAN_LEVEL),
    )
    return Score(points, out_of, "", summary, reasons, needs_person=needs_person)


def _flags(component: str, flags: Iterable[Flag]) -> Iterator[Reason]:
    for flag in flags:
        if SHOWN_WITH.get(flag.name, "hear") != component:
            continue
        quote = next((piece.text for piece in flag.evidence), "")
        said = " ".join(part for part in (_flag_name(flag.name), flag.because, flag.better) if part)
        yield Reason("flag", said, quote)


def _flag_name(name: str) -> str:
    kind = "flag" if name in ("off_topic", "copied", "stuffed", "out_of_order") else "label"
    return word(f"{kind}.{name}").rstrip(".") + "."
