"""Who judges a learner: the checks that the notebooks call, and the judge that reads a plan.

    from autograders import check_call, check_labels, check_plan, judge

Loaded on demand: a check of labels does not wait for the judge of plans, and a player that is lent the judge
is there before it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import autograders.exchange as exchange
    from autograders.checks import check_call as check_call
    from autograders.checks import check_labels as check_labels
    from autograders.checks import check_plan as check_plan
    from autograders.judging.verdict import ComplaintLike, Verdict
    from autograders.rubric import Rubric

_HOME = {
    "check_call": ("autograders.checks", "check_call"),
    "check_labels": ("autograders.checks", "check_labels"),
    "check_plan": ("autograders.checks", "check_plan"),
}

__all__ = ["check_call", "check_labels", "check_plan", "exchange", "judge"]


def judge(plan: str, complaint: "ComplaintLike", *, rubric: "Rubric | None" = None) -> "Verdict":
    """Return the verdict on a plan for a complaint; the judge itself is loaded with the first plan."""
    from autograders.judging import judge_plan

    return judge_plan(plan, complaint, rubric=rubric)


def _reply(said: str, complaint: "ComplaintLike") -> "Verdict":
    """Return the reading of one reply in a talk; a player that is lent the judge finds it with it."""
    from autograders.judging.reading import judge_reply

    return judge_reply(said, complaint)


judge.reply = _reply  # type: ignore[attr-defined]


def __getattr__(name: str) -> Any:
    if name == "exchange":
        return import_module("autograders.exchange")
    if name not in _HOME:
        raise AttributeError(f"module 'autograders' has no {name!r}; it offers {', '.join(__all__)}")
    module, attribute = _HOME[name]
    return getattr(import_module(module), attribute)
