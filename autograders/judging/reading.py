"""Judge one plan: the steps in their order.

For everybody who asks for a verdict. Refuses to know files and people.
"""

from dataclasses import replace

from autograders.judging.apologies import what_it_says, with_who_takes_it_on
from autograders.judging.behaviours import Hit
from autograders.judging.bind import case
from autograders.judging.confidence import THRESHOLD
from autograders.judging.deciding import Decided, as_ruled, decided, held
from autograders.judging.explain import because, doubted, flagged, held_down, in_english, next_step, undone
from autograders.judging.gates import Gate
from autograders.judging.levels import Level
from autograders.judging.quoting import distinct, evidence_of
from autograders.judging.ruling import Ruled, by_rules
from autograders.judging.text import Text
from autograders.judging.verdict import ComplaintLike, ComponentVerdict, Flag, Verdict
from autograders.rubric import Rubric
from autograders.rubric import rubric as rubric_named


def judge_plan(plan: str, complaint: ComplaintLike, *, rubric: Rubric | None = None) -> Verdict:
    """Return the verdict on a plan for a complaint. Any string will do; nothing is raised for a learner's
    text."""
    rules = rubric or rubric_named()
    ruled = by_rules(plan, complaint, rules)
    if gate := held(ruled, complaint, rules):
        return _held_back(gate, ruled.findings.text, rules)
    return read_as(ruled, decided(ruled, complaint, rules), complaint, rules)


def judge_reply(said: str, complaint: ComplaintLike) -> Verdict:
    """Return the reading of one reply in a talk, which need not say all of a plan: by the rules alone, as the
    learned model has seen whole plans only."""
    rules = rubric_named()
    ruled = by_rules(said, complaint, rules)
    if ruled.held:
        return _held_back(ruled.held, ruled.findings.text, rules)
    return read_as(ruled, as_ruled(ruled), complaint, rules)


judge_plan.reply = judge_reply  # type: ignore[attr-defined]
"""Whoever is handed the judge, as a player is, finds the reader of single replies with it."""


def read_as(ruled: Ruled, decision: Decided, complaint: ComplaintLike, rules: Rubric) -> Verdict:
    text = ruled.findings.text
    parts = {name: _part(name, decision, ruled, complaint, rules) for name in decision.levels}
    flags = [_flag(name, hits, text, rules) for name, hits in decision.flags.items()]
    flags = [
        replace(flag, because=_perhaps(flag, rules)) if flag.name in decision.faint else flag
        for flag in flags
    ]
    if decision.doubted:
        flags = [replace(flag, because=doubted(flag.name)) for flag in flags]
    return Verdict(parts, tuple(flags))


def _held_back(gate: Gate, text: Text, rules: Rubric) -> Verdict:
    whole = evidence_of(Hit(0, len(text.words), gate.flag), text) if text.words else None
    why = gate.because if gate.sure else doubted(gate.flag)
    flags: tuple[Flag, ...] = ()
    if gate.flag:
        flags = (Flag(gate.flag, (whole,) if whole else (), why, rules.flag_words[gate.flag]),)
    sure = 0.9 if gate.flag and gate.sure else 0.2
    step = rules.flag_words[gate.flag] if gate.flag else in_english()
    parts = {
        name: ComponentVerdict(
            0, (), why, step, sure, sure < THRESHOLD, most=component.top, title=component.name
        )
        for name, component in rules.components.items()
    }
    return Verdict(parts, flags)


def _part(
    name: str, decision: Decided, ruled: Ruled, complaint: ComplaintLike, rules: Rubric
) -> ComponentVerdict:
    component, level, sure = rules.components[name], decision.levels[name], decision.sure[name]
    text = ruled.findings.text
    hits = with_who_takes_it_on(level.hits, ruled.findings) if name == "apologise" else level.hits
    evidence = distinct(evidence_of(hit, text) for hit in hits)
    sorry = name == "apologise" and level.level == 1
    also = what_it_says(level.hits, ruled.findings) if sorry else frozenset[str]()
    if (
        name == "empathise"
        and level.level == 1
        and case(complaint, rules).special_ties(
            word for piece in evidence for word in text.between(piece.start, piece.end)
        )
    ):
        also = frozenset({"acknowledges"})
    better = rules.flag_words.get(level.held_by, "")
    held = _held(level, decision, text, rules)
    caps = (cap.flag for cap in component.caps if level.level == cap.at_most and cap.flag in decision.flags)
    flag = level.held_by or next(caps, "")
    return ComponentVerdict(
        level=level.level,
        evidence=evidence,
        because=because(name, component, level, evidence, also=also, held=held),
        next_step=next_step(name, component, level, complaint, better, also=also, flag=flag),
        confidence=sure,
        needs_person=sure < THRESHOLD,
        most=component.top,
        title=component.name,
    )


def _held(level: Level, decision: Decided, text: Text, rules: Rubric) -> str:
    """Return what holds a step down, in the learner's words; nothing where nothing does."""
    if decision.doubted:
        return doubted(decision.doubted)
    if not (guilty := decision.flags.get(level.held_by, ())):
        return ""
    words = evidence_of(guilty[0], text).text
    says = rules.flags[level.held_by].says if level.held_by in rules.flags else ""
    return held_down(words, says) if level.level and says else undone(words)


def _flag(name: str, hits: tuple[Hit, ...], text: Text, rules: Rubric) -> Flag:
    evidence = distinct(evidence_of(hit, text) for hit in hits)
    own = rules.flags.get(name)
    because_ = flagged(evidence[0].text, own.says if own else "")
    return Flag(name, evidence, because_, rules.flag_words[name], title=own.name if own else "")


def _perhaps(flag: Flag, rules: Rubric) -> str:
    """Return the sentence for a flag of the model's that no sentence commits clearly."""
    own = rules.flags.get(flag.name)
    return flagged(flag.evidence[0].text, own.says if own else "", faintly=True)
