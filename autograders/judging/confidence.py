"""How sure the judge is where the rules decide alone: fewer cues, cues set aside and cues in conflict make it
less sure. And from where on a person is asked, whoever decides.

For `judge_plan`. A heuristic, put on the scale of being right by plans of authors whom the rules had not seen
(docs/judge.md); refuses to know the plan's words.
"""

from bisect import bisect_right

from autograders.judging.behaviours import Findings, Hit
from autograders.judging.levels import Level

THRESHOLD = 0.55
"""Below it a person is asked. It keeps nine levels of ten with the judge (`learned.reliability`)."""
_RIGHT = ((0.0, 0.05), (0.5, 0.4), (0.62, 0.72), (0.72, 0.76), (0.8, 0.82), (0.92, 0.94), (1.0, 0.97))
"""What the cues say, and how often that was right."""
_HARD = ("hear", "act")
_CUES = {
    "hear": ("lets_finish", "takes_notes", "restates", "asks", "attends", "listens", "interrupts", "argues"),
    "empathise": ("feeling", "perspective", "formula", "minimises"),
    "apologise": ("apology", "ownership", "non_apology", "blames_others", "blames_customer"),
    "act": ("remedy", "time", "news", "overpromises", "passes_the_buck"),
}


def confidence(name: str, level: Level, findings: Findings, flags: dict[str, tuple[Hit, ...]]) -> float:
    """Return a number 0-1 for one component."""
    sure = 0.92
    cues = _CUES.get(name, ())
    aside = sum(len(findings.aside.get(cue, ())) for cue in cues)
    own = findings.of(*(cue for cue in cues if cue not in flags))
    sure -= 0.08 * min(2, aside)
    if level.level and len(level.hits) == 1:
        sure -= 0.12
    if level.held_by:
        sure -= 0.12 if own else 0.04
    if level.level == 0 and own and not level.held_by:
        sure -= 0.2
    if level.level == 0 and not own and len(findings.text.plain) > 60:
        sure -= 0.2
    if level.level == 1:
        sure -= 0.15 if name not in _HARD else 0.18
    if "hostile" in flags and level.level:
        sure -= 0.15
    return round(_right(max(0.05, sure)), 3)


def _right(sure: float) -> float:
    at = min(bisect_right(_RIGHT, (sure, 1.0)), len(_RIGHT) - 1)
    (low, one), (high, two) = _RIGHT[at - 1], _RIGHT[at]
    return one + (two - one) * (sure - low) / (high - low)
