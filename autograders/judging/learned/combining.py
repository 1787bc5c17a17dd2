"""Join the rules and the learned model into one decision: which flags, which levels, held down by what.

For the judge and for `comparing`. Where a gate of the rules stands, nothing is decided here. The rubric's
caps hold for every flag, whoever found it. Of what an instructor has changed in the rubric the model knows
nothing: there the rules decide alone. Refuses to know words.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from autograders.judging.gates import Gate
from autograders.judging.learned.labels import SHOWS
from autograders.judging.learned.model import Reading
from autograders.judging.levels import Level
from autograders.rubric import DERIVED, GATES, OF_THE_WHOLE, Behaviour, Component, Rubric, named

KEPT_FROM = 0.1
"""A flag of the rules stays unless the model finds it less likely than this."""
RULES_SHARE = 0.45
"""The rules' say where the model would lower a level: they quote words for it. To raise one it needs nobody's
leave (docs/judge.md)."""
A_FEW_WORDS = 20
"""Of a text that is no longer the rules decide alone: a sentence or two is what they were made for."""
MOST_STEPS, AGAINST_QUOTES = 3, 0.75
"""Where the rules quote words for so many steps, a flag that takes away all levels must be so likely."""
ELSEWHERE_FROM = 0.3
"""A gate that goes by words alone stands where the model finds it at least so likely (docs/judge.md)."""
PERHAPS_ELSEWHERE = 0.2
"""From here on to there, a person must agree."""
DOUBTED = 0.3
"""So sure at most is the judge of a plan that the model alone finds to be none: a person reads it."""
FAINTLY = 0.2
"""Below it a sentence shows next to nothing of what is looked for."""
UNSHOWN = 0.5
"""So sure at most is the judge of a level that it raises while no sentence shows what earns it: a person
reads it."""
DENIED = 2
"""Where the rules find nothing done and so many things set aside, the model raises nothing."""


@dataclass(frozen=True)
class Decision:
    """The levels, the flags, and which flag held a component down; `doubted`: the model alone finds that the
    plan is none, and no gate of the rules agrees; `unshown`: raised, and no sentence shows what for."""

    levels: Mapping[str, int]
    flags: frozenset[str]
    held_by: Mapping[str, str]
    doubted: str = ""
    unshown: frozenset[str] = frozenset()

    def sure(self, name: str, reading: Reading) -> float:
        """Return how likely raters give a component's level, 0-1."""
        most = DOUBTED if self.doubted else UNSHOWN if name in self.unshown else 1.0
        return min(reading.likely(name, self.levels[name]), most)


def standing(held: Gate, reading: Reading, known: Collection[str]) -> Gate | None:
    """Return what is left of a gate of the rules, now that the model has read the plan too."""
    if not held.by_words or held.flag not in known or reading.flags[held.flag] >= ELSEWHERE_FROM:
        return held
    if reading.flags[held.flag] >= PERHAPS_ELSEWHERE:
        return replace(held, sure=False)
    return None


def decide(
    levels: Mapping[str, Level],
    flags: Collection[str],
    found: Collection[str],
    reading: Reading,
    known: Collection[str],
    components: Mapping[str, Component],
    aside: int = 0,
) -> Decision:
    """Return the decision. What the rules say: `levels`, `flags`, `found` (behaviours) and `aside`, how many
    things were denied or are nobody's plan. `known`: the components and flags that the model may speak of."""
    told = {flag for flag in flags if flag not in known or reading.flags[flag] >= KEPT_FROM}
    quoted = sum(level.level > 0 for level in levels.values())
    told |= {
        flag
        for flag in reading.given
        if flag in known
        and (flag not in GATES or quoted < MOST_STEPS or reading.flags[flag] >= AGAINST_QUOTES)
    }
    if gate := next((flag for flag in GATES if flag in told), ""):
        return Decision(dict.fromkeys(levels, 0), frozenset({gate}), dict.fromkeys(levels, gate), gate)
    only_denied = aside >= DENIED and not any(level.level for level in levels.values())
    made: dict[str, int] = {}
    held_by: dict[str, str] = {}
    for name, level in levels.items():
        made[name] = level.level
        if name in known:
            read = reading.expected(name)
            share = RULES_SHARE if read < level.level else 0.0
            made[name] = int(share * level.level + (1 - share) * read + 0.5)
            if only_denied:
                made[name] = min(made[name], level.level)
        for cap in components[name].caps:
            if cap.flag in told and cap.unless not in found and made[name] > cap.at_most:
                made[name], held_by[name] = cap.at_most, cap.flag
        if name not in known and level.held_by:
            held_by[name] = level.held_by
    unshown = {
        name for name, level in levels.items() if made[name] > level.level and _nothing_shows(name, reading)
    }
    return Decision(made, frozenset(told), held_by, unshown=frozenset(unshown))


def _nothing_shows(name: str, reading: Reading) -> bool:
    return all(reading.best(label)[1] < FAINTLY for label in SHOWS.get(name, ()))


def known_parts(rules: Rubric, learned: Rubric) -> frozenset[str]:
    """Return the components and flags that stand in a rubric as they stood when the model learned them."""
    key = (id(rules), id(learned))
    if key not in _KNOWN:
        if len(_KNOWN) > _MOST_KEPT:
            _KNOWN.clear()
        _KNOWN[key] = (_same(rules, learned), rules, learned)
    return _KNOWN[key][0]


_KNOWN: dict[tuple[int, int], tuple[frozenset[str], Rubric, Rubric]] = {}
"""By identity, as a rubric is large; the rubrics are kept so that no other takes their identity."""
_MOST_KEPT = 16


def _same(rules: Rubric, learned: Rubric) -> frozenset[str]:
    same = {
        name
        for name, part in rules.behaviours.items()
        if _means(part) == _means(learned.behaviours.get(name))
    }
    parts = {
        name
        for name, part in rules.components.items()
        if (was := learned.components.get(name))
        and (part.levels, part.caps, part.top) == (was.levels, was.caps, was.top)
        and {n.removesuffix(" here") for row in part.levels for n in named(row.when)} <= same | set(DERIVED)
    }
    flags = {name for name, flag in rules.flags.items() if _means(flag) == _means(learned.flags.get(name))}
    return frozenset(parts | flags | set(OF_THE_WHOLE))


def _means(part: Behaviour | None) -> tuple[object, ...] | None:
    """Return what decides where a behaviour or a flag is found: an example more changes nothing."""
    return (part.patterns, part.unless, part.bound) if part else None
