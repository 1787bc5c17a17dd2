"""The judge of HEAT plans: rules over words, deterministic, offline, and every point with its evidence.

    from autograders import judge
    judge(plan, complaint).as_json()

For notebooks, the marking run and `heatproof judge`. Text, frames, behaviours, ties to this complaint,
gates, the
rubric's tables, words: in that order. Loaded on demand. Refuses to know who the learner is.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograders.judging.reading import judge_plan as judge_plan
    from autograders.judging.verdict import ComponentVerdict as ComponentVerdict
    from autograders.judging.verdict import Evidence as Evidence
    from autograders.judging.verdict import Flag as Flag
    from autograders.judging.verdict import Verdict as Verdict

__all__ = ["ComponentVerdict", "Evidence", "Flag", "Verdict", "judge_plan"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'autograders.judging' has no {name!r}; it offers {', '.join(__all__)}")
    home = "reading" if name == "judge_plan" else "verdict"
    return getattr(import_module(f"autograders.judging.{home}"), name)
