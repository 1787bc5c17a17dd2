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
SHOWS = {
    "hear": {
        "lets_finish": "lets_finish",
        "takes_notes": "takes_notes",
        "restates": "restates",
        "asks": "asks",
        "attention": "attends",
        "bare_listening": "listens",
    },
    "empathise": {
        "names_feeling": "feeling",
        "takes_perspective": "perspective",
        "generic_empathy": "formula",
        "acknowledges": "acknowledges",
    },
    "apologise": {"apology_explicit": "apology", "ownership": "ownership"},
    "act": {
        "remedy": "remedy",
        "choice": "remedy",
        "interim_help": "remedy",
        "named_owner": "remedy",
        "time_remedy": "commitment",
        "news": "commitment",
    },
}
"""What the model can see of each component, by its own names and by the rubric's."""
