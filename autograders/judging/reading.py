"""Judge one plan: the steps in their order.

For everybody who asks for a verdict. Refuses to know files and people.
"""

from collections.abc import Iterable, Mapping

from autograders.judging.behaviours import Hit
from autograders.judging.confidence import THRESHOLD
from autograders.judging.deciding import Decided, as_ruled, decided
from autograders.judging.explain import because, flagged, in_english, next_step
from autograders.judging.gates import Gate
from autograders.judging.levels import Level
from autograders.judging.ruling import Ruled, by_rules
from autograders.judging.text import Text
from autograders.judging.verdict import ComplaintLike, ComponentVerdict, Evidence, Flag, Verdict
from autograders.rubric import Rubric
from autograders.rubric import rubric as rubric_named


def judge_plan(plan: str, complaint: ComplaintLike, *, rubric: Rubric | None = None) -> Verdict:
    """Return the verdict on a plan for a complaint. Any string will do; nothing is raised for a learner's
    text."""
    rules = rubric or rubric_named()
    ruled = by_rules(plan, complaint, rules)
    if ruled.held:
        return _held_back(ruled.held, ruled.findings.text, rules)
    return _verdict(ruled, decided(ruled, complaint, rules), complaint, rules)


def judge_reply(said: str, complaint: ComplaintLike) -> Verdict:
    """Return the reading of one reply in a talk, which need not say all of a plan: by the rules alone, as the
    learned model has seen whole plans only."""
    rules = rubric_named()
    ruled = by_rules(said, complaint, rules)
    if ruled.held:
        return _held_back(ruled.held, ruled.findings.text, rules)
    return _verdict(ruled, as_ruled(ruled), complaint, rules)


judge_plan.reply = judge_reply  # type: ignore[attr-defined]
"""Whoever is handed the judge, as a player is, finds the reader of single replies with it."""


def _verdict(ruled: Ruled, decision: Decided, complaint: ComplaintLike, rules: Rubric) -> Verdict:
    levels, flags, sure = decision
    text = ruled.findings.text
    parts = {
        name: _part(name, level, sure[name], flags, text, complaint, rules) for name, level in levels.items()
    }
    return Verdict(parts, tuple(_flag(name, hits, text, rules) for name, hits in flags.items()))


def _held_back(held: Gate, text: Text, rules: Rubric) -> Verdict:
    whole = _evidence(Hit(0, len(text.words), held.flag), text) if text.words else None
    flags: tuple[Flag, ...] = ()
    if held.flag:
        flags = (Flag(held.flag, (whole,) if whole else (), held.because, rules.flag_words[held.flag]),)
    sure = 0.9 if held.flag else 0.2
    step = rules.flag_words[held.flag] if held.flag else in_english()
    parts = {
        name: ComponentVerdict(
            0, (), held.because, step, sure, sure < THRESHOLD, most=component.top, title=component.name
        )
        for name, component in rules.components.items()
    }
    return Verdict(parts, flags)


def _part(
    name: str,
    level: Level,
    sure: float,
    flags: Mapping[str, tuple[Hit, ...]],
    text: Text,
    complaint: ComplaintLike,
    rules: Rubric,
) -> ComponentVerdict:
    component = rules.components[name]
    evidence = _distinct(_evidence(hit, text) for hit in level.hits)
    guilty = flags.get(level.held_by, ())
    words = text.quoted(*text.clause(guilty[0].first, guilty[0].last))[2] if guilty else ""
    better = rules.flag_words.get(level.held_by, "")
    return ComponentVerdict(
        level=level.level,
        evidence=evidence,
        because=because(component, level, evidence, words),
        next_step=next_step(component, level, complaint, better),
        confidence=sure,
        needs_person=sure < THRESHOLD,
        most=component.top,
        title=component.name,
    )


def _flag(name: str, hits: tuple[Hit, ...], text: Text, rules: Rubric) -> Flag:
    evidence = _distinct(_evidence(hit, text) for hit in hits)
    own = rules.flags.get(name)
    because_ = flagged(evidence[0].text, own.says if own else "")
    return Flag(name, evidence, because_, rules.flag_words[name], title=own.name if own else "")


def _evidence(hit: Hit, text: Text) -> Evidence:
    start, end, words = text.quoted(*text.clause(hit.first, hit.last))
    return Evidence(hit.name.removesuffix(" here"), start, end, words)


def _distinct(pieces: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys(pieces))
