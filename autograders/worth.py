"""What a step of a plan is worth: the key names the rubric, and the rubric gives the points.

For the builder of masters, both marking doors and the checks. Refuses to judge.
"""

from pathlib import Path

from autograders.keys_reading import HOUSE_RUBRIC, PlanQuestion


def worth(question: PlanQuestion, component: str, *, start: Path | None = None) -> float:
    """Return the points that a component of this plan can earn; raise `Faults` where the rubric is wrong."""
    from autograders.rubric import rubric

    return rubric(question.rubric or HOUSE_RUBRIC, start=start).components[component].points
