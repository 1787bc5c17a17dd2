"""Mark one component of a HEAT plan by what the judge found in it, and show the learner's own words as proof.

For the checks. Asks the judge once a plan, for all components. Knows which flag belongs to which component;
refuses to know how the judge reads.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from autograders.judging.explain import shortened
from autograders.judging.verdict import ComponentVerdict, Verdict
from autograders.keys_reading import HOUSE_RUBRIC, PlanQuestion
from autograders.labels import shown_value
from autograders.score import Reason, Score
from autograders.steps import flag_title, standing, step_title, steps_of
from course.engine.content import Complaint
from course.engine.words import all_words, word

if TYPE_CHECKING:
    from autograders.rubric import Component

MOST_CHARACTERS = 4000
"""What an answer cell may hold; whatever is longer did not come from our pen."""

SHOWN_WITH = {
    "interrupts": "hear", "argues": "hear", "out_of_order": "hear",
    "off_topic": "hear", "copied": "hear", "stuffed": "hear",
    "minimises": "empathise", "hostile": "empathise",
    "non_apology": "apologise", "blames_customer": "apologise", "blames_others": "apologise",
    "overpromises": "act", "passes_the_buck": "act", "policy_shield": "act",
}  # fmt: skip
"""Which component's evidence tells of a flag, where the rubric has that component."""


@lru_cache(maxsize=256)
def verdict_on(plan: str, complaint: Complaint, by: str | None = None) -> Verdict:
    """Return the judge's verdict by the rubric of that name; the cells of a plan share it."""
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
    steps = steps_of(question)
    if component not in steps:
        raise ValueError(f"no component {component!r}; there are {', '.join(steps)}")
    title, out_of = step_title(all_words(), component, steps[component].name), steps[component].points
    if value is None or (type(value) is str and not value.strip()):
        return Score(0.0, out_of, "", word("score.empty-plan", component=title))
    if type(value) is not str:
        return Score(0.0, out_of, title, word("score.not-text", value=shown_value(value)))
    if len(value) > MOST_CHARACTERS:
        said = word("score.too-long", most=MOST_CHARACTERS)
        return Score(0.0, out_of, title, said, needs_person=True)
    verdict = judge(value, complaint) if judge else verdict_on(value, complaint, question.rubric)
    return _score(component, verdict, steps)


def _score(component: str, verdict: Verdict, steps: "Mapping[str, Component]") -> Score:
    found = verdict.components[component]
    out_of = steps[component].points
    points = out_of * found.level / found.most
    meaning = word(f"level.{standing(found.level, found.most)}.meaning")
    title = step_title(all_words(), component, steps[component].name)
    summary = word("score.component", component=title, level=found.level, most=found.most, meaning=meaning)
    needs_person = bool(found.needs_person)
    reasons = (
        *(Reason("person", word("feedback.person")) for _ in range(needs_person)),
        *(Reason("quote", "", quote) for quote in _more_quotes(found)),
        *(Reason("plain", said) for said in (found.because,) if said),
        *_flags(component, verdict, steps),
        *(Reason("next", said) for said in (found.next_step,) if said and found.level < found.most),
    )
    return Score(points, out_of, "", summary, reasons, needs_person=needs_person)


def _flags(component: str, verdict: Verdict, steps: "Mapping[str, Component]") -> Iterator[Reason]:
    for flag in verdict.flags:
        if _shown_with(flag.name, steps) != component:
            continue
        quote = next((piece.text for piece in flag.evidence if not _is_in(piece.text, flag.because)), "")
        name = flag_title(all_words(), flag.name, flag.title).rstrip(".") + "."
        yield Reason("flag", " ".join(part for part in (name, flag.because, flag.better) if part), quote)


def _more_quotes(found: ComponentVerdict) -> list[str]:
    """Return the evidence that the reason does not quote."""
    return [piece.text for piece in found.evidence if not _is_in(piece.text, found.because)]


def _is_in(quote: str, said: str) -> bool:
    """Say whether a reason quotes these words already, whole or their beginning."""
    return f"“{shortened(quote)}”" in said


def _shown_with(flag: str, steps: "Mapping[str, Component]") -> str:
    """Return the component that tells of a flag: its own, else one that it holds down, else the first."""
    if SHOWN_WITH.get(flag) in steps:
        return SHOWN_WITH[flag]
    holds = (name for name, step in steps.items() if any(cap.flag == flag for cap in step.caps))
    return next(holds, next(iter(steps)))
