"""The judge of HEAT plans: rules over words, deterministic, offline, and every point with its evidence.

    from autograders import judge
    judge(plan, complaint).as_json()

For notebooks, the marking run and `heatproof judge`. Text → gates → frames → behaviours → ties to this complaint → the rubric's
tables → words. Refuses to know who the learner is.
"""

from autograders.judging.reading import judge_plan
from autograders.judging.verdict import ComponentVerdict, Evidence, Flag, Verdict

__all__ = ["ComponentVerdict", "Evidence", "Flag", "Verdict", "judge_plan"]
