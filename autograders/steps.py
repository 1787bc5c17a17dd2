"""The steps of a plan: the components of the rubric that reads it, and what people see of each.

For the builder of masters, both marking doors, the feedback page and the report. The key names the rubric;
HEAT has four steps, an instructor's rubric may have others. Refuses to judge.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from autograders.keys_reading import HOUSE_RUBRIC, PlanQuestion

if TYPE_CHECKING:
    from autograders.rubric import Component


def steps_of(question: PlanQuestion, *, start: Path | None = None) -> Mapping[str, "Component"]:
    """Return the components of a plan in their order; raise `Faults` where the rubric is wrong."""
    from autograders.rubric import rubric  # a learner's notebook never needs it

    return rubric(question.rubric or HOUSE_RUBRIC, start=start).components


def worth(question: PlanQuestion, component: str, *, start: Path | None = None) -> float:
    """Return the points that a component of this plan can earn; raise `Faults` where the rubric is wrong."""
    return steps_of(question, start=start)[component].points


def step_title(words: Mapping[str, str], name: str, own: str) -> str:
    """Return what a component is called: by the words file where it has the id, else by its rubric."""
    return words.get(f"component.{name}") or own or name.capitalize()


def step_meaning(words: Mapping[str, str], name: str, own: str) -> str:
    """Return what a component is about, in one sentence; empty where neither file says it."""
    return words.get(f"component.{name}.meaning") or own


def flag_title(words: Mapping[str, str], name: str, own: str) -> str:
    """Return what a flag is called: as a label of replies, as a flag, by its rubric, or by its id."""
    spelled = name.replace("_", " ").capitalize()
    return words.get(f"label.{name}") or words.get(f"flag.{name}") or own or spelled


def standing(level: int, most: int) -> int:
    """Return a level as one of three, whatever the highest is: 0 not yet, 1 a start, 2 it is there."""
    return 2 if level >= most else min(1, level)
