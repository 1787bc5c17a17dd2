"""Read a plan by the rules: what it does, which gate holds it back, which levels and flags follow.

For `judge_plan`, and for the training of the learned model beside it. Refuses to know that model.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from autograders.judging.behaviours import FEELING, HEARING, Findings, Hit, find
from autograders.judging.bind import case, tables
from autograders.judging.course_texts import complaints, lessons
from autograders.judging.frames import Frame, Frames, frames
from autograders.judging.gates import ASTRAY, Gate, gate
from autograders.judging.levels import Level, flags_of, level_of
from autograders.judging.remedies import add_remedies_of_the_facts, drop_what_is_no_remedy
from autograders.judging.text import Text, read
from autograders.judging.tying import tie
from autograders.judging.verdict import ComplaintLike
from autograders.rubric import Rubric
from course.engine.words import word


@dataclass(frozen=True)
class Ruled:
    """What the rules say of a plan; where a gate has spoken (`held`), nothing else counts."""

    findings: Findings
    frames: Frames
    flags: dict[str, tuple[Hit, ...]]
    levels: Mapping[str, Level]
    held: Gate | None


def by_rules(plan: str, complaint: ComplaintLike, rules: Rubric) -> Ruled:
    """Return what the rules say. Any string will do."""
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
    if _to_the_grader(text, seen, held):
        held = Gate("off_topic", word("gate.to-the-grader"))
    levels = {name: level_of(part, findings, flags) for name, part in rules.components.items()}
    return Ruled(findings, seen, flags, levels, held)


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


def _to_the_grader(text: Text, seen: Frames, held: Gate | None) -> bool:
    """Say whether a plan speaks to whoever marks it, and either to nobody else or of no complaint."""
    graders = sum(frame is Frame.GRADER for frame in seen.frame)
    if held:
        return graders > 0 and held.by_words
    return graders > 0 and len(text.words) - graders < max(8, graders * 0.5)


def _without_the_insincere(findings: Findings) -> None:
    """What stands beside scorn or a threat is not sincere: it earns nothing."""
    scorn = {hit.sentence + step for hit in findings.of("hostile") for step in (-1, 0, 1)}
    if not scorn:
        return
    for hit in findings.of(*HEARING, *FEELING, "listens", "formula", "apology"):
        if hit.sentence in scorn:
            findings.drop(hit)
