"""What the learned model tells of a sentence and of a plan, in the order of its weights.

Refuses to know texts.
"""

from autograders.judging.verdict import COMPONENTS
from autograders.rubric import FLAGS

BEHAVIOURS = (
    "lets_finish", "takes_notes", "restates", "asks", "attention", "bare_listening", "names_feeling",
    "takes_perspective", "generic_empathy", "acknowledges", "ties_to_case", "apology_explicit",
    "apology_specific", "ownership", "remedy", "choice", "time_remedy", "news", "news_time", "named_owner",
    "interim_help",
)  # fmt: skip
LABELS = (*BEHAVIOURS, *FLAGS)
"""Of a sentence."""
OUTCOMES = (*((name, level) for level in (1, 2) for name in COMPONENTS), *((flag, 1) for flag in FLAGS))
"""Of a plan: a component is at least at a level, or a flag is committed."""
