"""Decide levels and flags from what the rules found and what the learned model reads, and say how sure.

For `judge_plan`. Whatever is decided stands on words of the plan: where the model sees more than the rules,
the sentence that shows it is the evidence. Refuses to know how either of them reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from autograders.judging.behaviours import Hit
from autograders.judging.bind import case, tables
from autograders.judging.confidence import confidence
from autograders.judging.gates import Gate
from autograders.judging.learned import findings
from autograders.judging.learned.combining import A_FEW_WORDS, FAINTLY, decide, known_parts, standing
from autograders.judging.learned.labels import SHOWS
from autograders.judging.learned.marks import ranges
from autograders.judging.learned.model import Reading, model
from autograders.judging.levels import Level
from autograders.judging.ruling import Ruled, by_rules
from autograders.judging.text import Text
from autograders.judging.verdict import ComplaintLike
from autograders.rubric import FLAGS, SHIPPED, Rubric, load

READ_AS = {
    rule: tuple(label for label, meant in names.items() if meant == rule)
    for names in SHOWS.values()
    for rule in names.values()
}
"""The model's names for what a rule finds."""
CLEARLY = 0.5
HARDLY = 0.05
"""Where no sentence shows more, that one is quoted without which the plan would read most otherwise."""
MOST_SHOWN = 2

EMPTY = ("minimises", "hostile")
"""A sentence in which the rules find one of these raises nothing: neither "calm down" nor scorn makes a step
better."""
MOST_LEFT_OUT = 5
LEAST = 3
"""Words that are worth quoting by themselves."""
ENOUGH = {name: tuple(SHOWS[name]) for name in ("hear", "act")}
"""Steps whose top level asks for two different things: where the model sees one, the next is quoted too."""


@dataclass(frozen=True)
class Decided:
    """The levels with their evidence, the flags with theirs, and how sure each level is, 0-1.

    `doubted`: a flag that takes away all levels and that the model alone gives, so that a person must agree.
    `faint`: flags of the model's that no sentence commits clearly.
    """

    levels: Mapping[str, Level]
    flags: Mapping[str, tuple[Hit, ...]]
    sure: Mapping[str, float]
    doubted: str = ""
    faint: frozenset[str] = frozenset()


def held(ruled: Ruled, complaint: ComplaintLike, rules: Rubric) -> Gate | None:
    """Return the gate that holds the plan back: one that goes by words alone must be the model's finding too,
    where there is enough to read."""
    if ruled.held is None or not ruled.held.by_words or left_to_rules(ruled):
        return ruled.held
    reading = _read(ruled, complaint, rules)
    return standing(ruled.held, reading, _known(rules))


def left_to_rules(ruled: Ruled) -> bool:
    """True of a few words."""
    return len(ruled.findings.text.plain) <= A_FEW_WORDS


def _known(rules: Rubric) -> frozenset[str]:
    return known_parts(rules, load(SHIPPED / "heat-plan.yaml"))


def decided(ruled: Ruled, complaint: ComplaintLike, rules: Rubric) -> Decided:
    """Return what is decided of a plan that no gate holds back."""
    made = _decided(ruled, complaint, rules)
    levels, without = dict(made.levels), ruled
    for _ in range(MOST_LEFT_OUT):
        if without.flags.keys().isdisjoint(EMPTY):
            break
        without = by_rules(_without_the_last(EMPTY, without), complaint, rules)
        if gate := held(without, complaint, rules):
            levels = {name: Level(0, ()) for name in levels} if gate.by_words else levels
            break
        most = _decided(without, complaint, rules).levels
        levels = {name: min(level, most[name], key=lambda one: one.level) for name, level in levels.items()}
    return replace(made, levels=levels)


def _without_the_last(flags: tuple[str, ...], ruled: Ruled) -> str:
    """Return the plan without the last sentence that commits one of some anti-patterns."""
    text = ruled.findings.text
    last = max(hit.first for flag in flags for hit in ruled.flags.get(flag, ()))
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
        name: _clearest(ruled.flags.get(name, ()), reading, text) or (_commits(name, reading, text),)
        for name in order
        if name in decision.flags
    }
    levels, sure = {}, {}
    for name, level in decision.levels.items():
        held_by = decision.held_by.get(name, "")
        doubted = bool(decision.doubted)
        hits = _hits(name, level, ruled.levels[name], reading, text, doubted=doubted)
        levels[name] = Level(level, hits, held_by)
        sure[name] = decision.sure(name, reading) if name in known or doubted else _by_cues(name, ruled)
    faint = frozenset(name for name in flags if name not in ruled.flags and reading.best(name)[1] < FAINTLY)
    return Decided(levels, flags, sure, decision.doubted, faint)


def as_ruled(ruled: Ruled) -> Decided:
    """Return what the rules decide alone."""
    return Decided(ruled.levels, ruled.flags, {name: _by_cues(name, ruled) for name in ruled.levels})


def _by_cues(name: str, ruled: Ruled) -> float:
    return confidence(name, ruled.levels[name], ruled.findings, ruled.flags)


def _read(ruled: Ruled, complaint: ComplaintLike, rules: Rubric) -> Reading:
    text, weights = ruled.findings.text, model()
    plain = {name: level.level for name, level in ruled.levels.items()}
    numbers = findings.numbers(weights.findings, plain, ruled.flags, ruled.findings)
    return weights.read(text, ruled.frames, case(complaint, rules), tables(rules), numbers)


def _hits(
    name: str, level: int, by_rules: Level, reading: Reading, text: Text, *, doubted: bool
) -> tuple[Hit, ...]:
    """Return the words that earned a level: those of the rules, and where they are too few the model's. Where
    the whole plan is doubted, a person sees what the rules found."""
    if level == 0 and not doubted:
        return ()
    if level <= by_rules.level:
        return _clearest(by_rules.hits, reading, text)
    shown = sorted(((reading.best(label)[1], label) for label in SHOWS.get(name, ())), reverse=True)
    clear = [label for likely, label in shown if likely >= CLEARLY]
    seen = [_sentence(label, reading, text, SHOWS[name][label]) for label in clear[:MOST_SHOWN]]
    if not seen and shown:
        number = reading.best(shown[0][1])[0]
        if shown[0][0] < HARDLY:
            number = reading.most_telling(lambda other: other.expected(name))
        label = max((reading.likely_in(number, label), label) for label in SHOWS[name])[1]
        seen = [_whole(number, SHOWS[name][label], text)]
    if level > 1 and len({hit.name for hit in (*seen, *by_rules.hits)}) == 1:
        other = next((label for _, label in shown if SHOWS[name][label] != seen[0].name), "")
        seen += [_sentence(other, reading, text, SHOWS[name][other])] if other in ENOUGH.get(name, ()) else []
    again = [hit for hit in seen if any(hit.overlaps(o) and o.name == hit.name for o in by_rules.hits)]
    new = [part for hit in seen if hit not in again and (part := _beside(hit, by_rules.hits, text))]
    return tuple(sorted({*by_rules.hits, *new}))


def _beside(hit: Hit, others: tuple[Hit, ...], text: Text) -> Hit | None:
    """Return what a sentence has beside the clauses that are quoted already; nothing where that is little."""
    first, last = hit.first, hit.last
    for other in others:
        if hit.overlaps(other):
            begins, ends = text.clause(other.first, other.last)
            first, last = (
                (max(ends, first), last) if last - ends >= begins - first else (first, min(begins, last))
            )
    return Hit(first, last, hit.name, hit.sentence) if last - first >= LEAST else None


def _clearest(hits: tuple[Hit, ...], reading: Reading, text: Text) -> tuple[Hit, ...]:
    """Order hits by how clearly the model sees in their sentence what they were found for, and leave out
    those in which it sees next to nothing, where it sees more in another."""
    places = ranges(text)
    seen: dict[Hit, float] = {}
    for hit in hits:
        plain = _AS.get(hit.name, hit.name).removesuffix(" here")
        labels = READ_AS.get(plain, (plain,) if plain in FLAGS else ())
        where = [number for number, (first, last) in enumerate(places) if first <= hit.first < last]
        seen[hit] = max((reading.likely_in(at, label) for at in where for label in labels), default=1.0)
    best = {hit.name: max(seen[one] for one in hits if one.name == hit.name) for hit in hits}
    kept = [hit for hit in hits if seen[hit] >= FAINTLY or best[hit.name] < FAINTLY]
    return tuple(sorted(kept, key=lambda hit: -seen[hit]))


_AS = {"owned apology": "apology"}


def _sentence(label: str, reading: Reading, text: Text, name: str) -> Hit:
    """Return the sentence that shows a label most clearly."""
    return _whole(reading.best(label)[0], name, text)


def _commits(flag: str, reading: Reading, text: Text) -> Hit:
    """Return the sentence that commits a flag of the model's: where none does clearly, the one without which
    the plan would be furthest from it."""
    number, likely = reading.best(flag)
    if likely < HARDLY:
        number = reading.most_telling(lambda other: other.flags[flag])
    return _whole(number, flag, text)


def _whole(number: int, name: str, text: Text) -> Hit:
    first, last = ranges(text)[number]
    return Hit(first, last, name, text.sentence[first])
