"""Judge one plan: the steps in their order.

For everybody who asks for a verdict. Refuses to know files and people.
"""

from autograders.judging.behaviours import (
    FEELING,
    HEARING,
    Findings,
    Hit,
    find,
)
from autograders.judging.bind import case, tables
from autograders.judging.confidence import THRESHOLD, confidence
from autograders.judging.course_texts import complaints, lessons
from autograders.judging.explain import because, next_step
from autograders.judging.frames import Frame, Frames, frames
from autograders.judging.gates import ASTRAY, Gate, gate
from autograders.judging.levels import flags_of, level_of
from autograders.judging.remedies import add_remedies_of_the_facts, drop_what_is_no_remedy
from autograders.judging.text import Text, read
from autograders.judging.tying import tie
from autograders.judging.verdict import ComplaintLike, ComponentVerdict, Evidence, Flag, Verdict
from autograders.rubric import Rubric
from autograders.rubric import rubric as rubric_named

_TIMES_MISSING = {
    "simple": "Say what you will do, and give it a definite time.",
    "complex": "Say what you will do, and promise news of it, solved or not.",
}


def judge_plan(plan: str, complaint: ComplaintLike, *, rubric: Rubric | None = None) -> Verdict:
    """Return the verdict on a plan for a complaint. Any string will do; nothing is raised for a learner's
    text."""
    rules = rubric or rubric_named()
    findings, seen = found_in(plan, complaint, rules)
    text, this, known = findings.text, case(complaint, rules), tables(rules)
    flags = flags_of(findings, rules)
    signs = _signs(findings, flags)
    astray = bool(ASTRAY & set(flags))
    held = gate(
        text,
        this,
        known,
        rules.keywords,
        rules.recitals,
        signs=signs,
        astray=astray,
        lessons=lessons(),
        others=lambda: [case(other, rules) for other in complaints()],
    )
    if held is None and _only_the_grader(text, seen):
        held = Gate("off_topic", "This speaks to the grader and not to the customer.")
    if held:
        return _held_back(held, text, rules)
    return _verdict(findings, flags, complaint, rules)


def found_in(plan: str, complaint: ComplaintLike, rules: Rubric) -> tuple[Findings, Frames]:
    """Return what a text shows, tied to the complaint, before any gate and any level."""
    text = read(plan)
    this, known = case(complaint, rules), tables(rules)
    seen = frames(text)
    findings = find(text, seen, this, rules)
    _without_the_insincere(findings)
    drop_what_is_no_remedy(findings)
    add_remedies_of_the_facts(findings, seen, this, known)
    tie(findings, this, known, bound=rules.tied)
    return findings, seen


def _signs(findings: Findings, flags: dict[str, tuple[Hit, ...]]) -> int:
    names = (*HEARING, *FEELING, "listens", "apology", "remedy", "news")
    avoided = bool(findings.aside)
    return (
        sum(bool(findings.of(name)) for name in names) + sum(len(hits) for hits in flags.values()) + avoided
    )


def _only_the_grader(text: Text, seen: Frames) -> bool:
    graders = sum(frame is Frame.GRADER for frame in seen.frame)
    return graders > 0 and len(text.words) - graders < max(8, graders * 0.5)


def _without_the_insincere(findings: Findings) -> None:
    """What stands beside scorn or a threat is not sincere: it earns nothing."""
    scorn = {hit.sentence + step for hit in findings.of("hostile") for step in (-1, 0, 1)}
    if not scorn:
        return
    for hit in findings.of(*HEARING, *FEELING, "listens", "formula", "apology"):
        if hit.sentence in scorn:
            findings.drop(hit)


def _held_back(held: Gate, text: Text, rules: Rubric) -> Verdict:
    whole = _evidence(Hit(0, len(text.words), held.flag), text) if text.words else None
    flags: tuple[Flag, ...] = ()
    if held.flag:
        flags = (Flag(held.flag, (whole,) if whole else (), held.because, rules.flag_words[held.flag]),)
    sure = 0.9 if held.flag else 0.2
    step = rules.flag_words[held.flag] if held.flag else "Write it in English, if you can."
    parts = {
        name: ComponentVerdict(
            0, (), held.because, step, sure, sure < THRESHOLD, most=component.top, title=component.name
        )
        for name, component in rules.components.items()
    }
    return Verdict(parts, flags)


def _verdict(
    findings: Findings, flags: dict[str, tuple[Hit, ...]], complaint: ComplaintLike, rules: Rubric
) -> Verdict:
    text = findings.text
    parts = {}
    for name, component in rules.components.items():
        level = level_of(component, findings, flags)
        evidence = _distinct(_evidence(hit, text) for hit in level.hits)
        guilty = flags.get(level.held_by, ())
        words = text.quoted(*text.clause(guilty[0].first, guilty[0].last))[2] if guilty else ""
        missing = _TIMES_MISSING["simple" if complaint.complexity == "simple" else "complex"]
        sure = confidence(name, level, findings, flags)
        parts[name] = ComponentVerdict(
            level=level.level,
            evidence=evidence,
            because=because(component, level, evidence, words),
            next_step=next_step(
                component, level, complaint, rules.flag_words.get(level.held_by, ""), missing
            ),
            confidence=sure,
            needs_person=sure < THRESHOLD,
            most=component.top,
            title=component.name,
        )
    told = tuple(_flag(name, hits, text, rules) for name, hits in flags.items())
    return Verdict(parts, told)


def _flag(name: str, hits: tuple[Hit, ...], text: Text, rules: Rubric) -> Flag:
    evidence = _distinct(_evidence(hit, text) for hit in hits)
    own = rules.flags.get(name)
    says = own.says if own else "offers before the customer has been heard"
    because_ = f"“{evidence[0].text}”: this {says}."
    return Flag(name, evidence, because_, rules.flag_words[name], title=own.name if own else "")


def _evidence(hit: Hit, text: Text) -> Evidence:
    start, end, words = text.quoted(*text.clause(hit.first, hit.last))
    return Evidence(hit.name.removesuffix(" here"), start, end, words)


def _distinct(pieces: object) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys(pieces))  # type: ignore[call-overload]
