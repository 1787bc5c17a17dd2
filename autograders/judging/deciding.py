"""Decide levels and flags from what the rules found and what the learned model reads, and say how sure.

For `judge_plan`. Whatever is decided stands on words of the plan: where the model sees more than the rules,
the sentence that shows it is the evidence. Refuses to know how either of them reads.
"""

from autograders.judging.behaviours import Hit
from autograders.judging.bind import case, tables
from autograders.judging.confidence import confidence
from autograders.judging.gates import Gate
from autograders.judging.learned import findings
from autograders.judging.learned.combining import A_FEW_WORDS, decide, known_parts, stands
from autograders.judging.learned.marks import ranges
from autograders.judging.learned.model import Reading, model
from autograders.judging.levels import Level
from autograders.judging.ruling import Ruled, by_rules
from autograders.judging.text import Text
from autograders.judging.verdict import ComplaintLike
from autograders.rubric import FLAGS, SHIPPED, Rubric, load

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
        "acknowledges": "formula",
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
CLEARLY = 0.5
MOST_SHOWN = 2

BELITTLING = "minimises"
"""A sentence in which the rules find it raises nothing: "calm down" makes no step better."""
MOST_LEFT_OUT = 3

Decided = tuple[dict[str, Level], dict[str, tuple[Hit, ...]], dict[str, float]]


def held(ruled: Ruled, complaint: ComplaintLike, rules: Rubric) -> Gate | None:
    """Return the gate that holds the plan back: one that goes by words alone must be the model's finding too,
    where there is enough to read."""
    if ruled.held is None or not ruled.held.by_words or left_to_rules(ruled):
        return ruled.held
    reading = _read(ruled, complaint, rules)
    return ruled.held if stands(ruled.held, reading, _known(rules)) else None


def left_to_rules(ruled: Ruled) -> bool:
    """True of a few words."""
    return len(ruled.findings.text.plain) <= A_FEW_WORDS


def _known(rules: Rubric) -> frozenset[str]:
    return known_parts(rules, load(SHIPPED / "heat-plan.yaml"))


def decided(ruled: Ruled, complaint: ComplaintLike, rules: Rubric) -> Decided:
    """Return the levels with their evidence, the flags with theirs, and how sure each level is, 0-1."""
    levels, flags, sure = _decided(ruled, complaint, rules)
    without = ruled
    for _ in range(MOST_LEFT_OUT):
        if BELITTLING not in without.flags:
            break
        without = by_rules(_without_the_last(BELITTLING, without), complaint, rules)
        if held(without, complaint, rules):
            break
        most, _, _ = _decided(without, complaint, rules)
        levels = {name: min(level, most[name], key=lambda one: one.level) for name, level in levels.items()}
    return levels, flags, sure


def _without_the_last(flag: str, ruled: Ruled) -> str:
    """Return the plan without the last sentence that commits an anti-pattern."""
    text = ruled.findings.text
    last = max(hit.first for hit in ruled.flags[flag])
    first, end = next(place for place in text.sentences if place[0] <= last < place[1])
    return text.written[: text.spans[first][0]] + text.written[text.spans[end - 1][1] :]


def _decided(ruled: Ruled, complaint: ComplaintLike, rules: Rubric) -> Decided:
    text = ruled.findings.text
    if left_to_rules(ruled):
        return as_ruled(ruled)
    known = _known(rules)
    reading = _read(ruled, complaint, rules)
    decision = decide(
        ruled.levels,
        ruled.flags,
        ruled.findings.found,
        reading,
        known,
        rules.components,
        sum(map(len, ruled.findings.aside.values())),
    )
    order = [*rules.flags, *(flag for flag in FLAGS if flag not in rules.flags)]
    flags = {
        name: ruled.flags.get(name) or (_sentence(name, reading, text),)
        for name in order
        if name in decision.flags
    }
    levels, sure = {}, {}
    for name, level in decision.levels.items():
        held_by = decision.held_by.get(name, "")
        levels[name] = Level(level, _hits(name, level, ruled.levels[name], reading, text), held_by)
        sure[name] = reading.likely(name, level) if name in known else _by_cues(name, ruled)
    return levels, flags, sure


def as_ruled(ruled: Ruled) -> Decided:
    """Return what the rules decide alone."""
    return dict(ruled.levels), ruled.flags, {name: _by_cues(name, ruled) for name in ruled.levels}


def _by_cues(name: str, ruled: Ruled) -> float:
    return confidence(name, ruled.levels[name], ruled.findings, ruled.flags)


def _read(ruled: Ruled, complaint: ComplaintLike, rules: Rubric) -> Reading:
    text, weights = ruled.findings.text, model()
    plain = {name: level.level for name, level in ruled.levels.items()}
    numbers = findings.numbers(weights.findings, plain, ruled.flags, ruled.findings)
    return weights.read(text, ruled.frames, case(complaint, rules), tables(rules), numbers)


def _hits(name: str, level: int, by_rules: Level, reading: Reading, text: Text) -> tuple[Hit, ...]:
    """Return the words that earned a level: those of the rules, and where they are too few the model's."""
    if level == 0:
        return ()
    if level <= by_rules.level:
        return by_rules.hits
    shown = sorted(((reading.best(label)[1], label) for label in SHOWS.get(name, ())), reverse=True)
    clear = [label for likely, label in shown if likely >= CLEARLY] or [label for _, label in shown[:1]]
    seen = [_sentence(label, reading, text, SHOWS[name][label]) for label in clear[:MOST_SHOWN]]
    new = [hit for hit in seen if not any(hit.overlaps(other) for other in by_rules.hits)]
    return tuple(sorted({*by_rules.hits, *new}))


def _sentence(label: str, reading: Reading, text: Text, name: str = "") -> Hit:
    """Return the sentence that shows a label most clearly."""
    number, _ = reading.best(label)
    first, last = ranges(text)[number]
    return Hit(first, last, name or label, text.sentence[first])
