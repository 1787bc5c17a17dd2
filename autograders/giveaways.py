"""Find out whether a set of items gives its labels away: by the length of a text, or by its good manners.

For `heatproof check`, of keys with enough items to classify. A learner who never reads must not do well by
choosing the longest, or the politest. Knows counts alone; refuses to read what a text means.

The measure is the chance that an item of one side is longer (politer) than one of the other, ties counted
half: 1/2 says that length tells nothing. Allowed is a distance of 0.2 from it, or of two standard deviations
of pure chance where the set is small.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from math import sqrt

from autograders.keys_reading import KeyReply, LabelsQuestion
from course.engine.labels import STEPS

FEWEST = 4
"""Items that each side needs, or else nothing can be said."""
ALLOWED = 0.2

MANNERS = (
    "please", "thank", "sorry", "apolog", "sir", "madam", "kindly", "certainly", "of course", "gladly",
    "happy to", "glad to", "i understand", "appreciate", "would you", "could you", "may i", "with pleasure",
    "i do see", "i hear you",
)  # fmt: skip
"""What makes a text sound polite, whatever it does."""

Side = Sequence[KeyReply]


def giveaways(questions: Sequence[LabelsQuestion]) -> Iterator[str]:
    """Yield in words what gives the labels of these questions away; nothing where all is well."""
    for name, one, other in sides(questions):
        if min(len(one), len(other)) < FEWEST:
            continue
        for measured, more in ((length, "longer"), (politeness, "politer")):
            chance = chance_of_more([measured(item) for item in one], [measured(item) for item in other])
            if abs(chance - 0.5) > allowed(len(one), len(other)):
                side = more if chance > 0.5 else {"longer": "shorter", "politer": "ruder"}[more]
                share = round(100 * max(chance, 1 - chance))
                yield f"items that are {name} are {side} than the others {share} times of 100"


def sides(questions: Sequence[LabelsQuestion]) -> Iterator[tuple[str, Side, Side]]:
    """Yield what can be told apart: helping from harming, a scale's ends, one own label from the rest."""
    of_heat = [item for question in questions if not question.labels for item in question.replies]
    helps = [item for item in of_heat if item.label in STEPS]
    yield "a step of HEAT", helps, [item for item in of_heat if item.label not in STEPS]
    upper: list[KeyReply] = []
    lower: list[KeyReply] = []
    for question in questions:
        scale = question.scale
        if scale:
            half = len(scale) // 2
            upper += [item for item in question.replies if item.label in scale[:half]]
            lower += [item for item in question.replies if item.label in scale[len(scale) - half :]]
            continue
        for label in question.labels:
            one = [item for item in question.replies if item.label == label]
            yield repr(label), one, [item for item in question.replies if item.label != label]
    yield "at the upper end of their scale", upper, lower


def length(item: KeyReply) -> int:
    """Return how many words an item has."""
    return len(item.text.split())


def politeness(item: KeyReply) -> int:
    """Return how many polite turns of phrase an item has."""
    text = " ".join(item.text.lower().split())
    return sum(text.count(phrase) for phrase in MANNERS)


def chance_of_more(one: Sequence[int], other: Sequence[int]) -> float:
    """Return the chance that a number of one list is larger than one of the other, ties counted half."""
    pairs = [(a > b) + 0.5 * (a == b) for a, b in product(one, other)]
    return sum(pairs) / len(pairs)


def allowed(one: int, other: int) -> float:
    """Return how far from 1/2 the chance may be: two standard deviations of chance, 0.2 at the least."""
    return max(ALLOWED, 2 * sqrt((one + other + 1) / (12 * one * other)))
