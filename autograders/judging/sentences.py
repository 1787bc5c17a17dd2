"""Measure the judge on labelled sentences: how much it finds of each behaviour and flag, and
how much of that is right.

    python -m autograders.judging.measure --sentences SENTENCES.jsonl COMPLAINTS.jsonl [--of feeling]

For whoever changes the rules: a sentence alone shows which family of meaning was misread. Refuses to
know levels.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograders.judging.levels import flags_of
from autograders.judging.ruling import found_in
from autograders.rubric import GATES, Rubric
from course.engine.content import Complaint

Labels = Collection[str]


@dataclass(frozen=True)
class Aspect:
    """Something to measure: what the rules must have found, and which labels of a sentence ask for it."""

    found: tuple[str, ...]
    asked: Callable[[Labels, bool], bool]


_NOBODYS = Complaint("", "simple", "chat", "")


def _one(*labels: str) -> Callable[[Labels, bool], bool]:
    return lambda told, simple: any(label in told for label in labels)


_EMPATHY = _one("names_feeling", "takes_perspective")
ASPECTS = {
    "lets_finish": Aspect(("lets_finish",), _one("lets_finish")),
    "takes_notes": Aspect(("takes_notes",), _one("takes_notes")),
    "restates": Aspect(("restates",), _one("restates")),
    "asks": Aspect(("asks",), _one("asks")),
    "attends": Aspect(("attends",), _one("attention")),
    "listens": Aspect(("listens",), _one("bare_listening")),
    "empathy": Aspect(("feeling", "perspective"), _EMPATHY),
    "empathy tied": Aspect(
        ("feeling here", "perspective here"),
        lambda told, simple: _EMPATHY(told, simple) and "ties_to_case" in told,
    ),
    "any empathy": Aspect(
        ("feeling", "perspective", "formula"),
        _one("names_feeling", "takes_perspective", "generic_empathy", "acknowledges"),
    ),
    "apology": Aspect(("apology",), _one("apology_explicit")),
    "owned apology": Aspect(
        ("owned apology",),
        lambda told, simple: {"apology_explicit", "apology_specific", "ownership"} <= set(told),
    ),
    "remedy": Aspect(("remedy",), _one("remedy", "interim_help", "named_owner", "choice")),
    "commitment": Aspect(("commitment",), lambda told, simple: ("time_remedy" if simple else "news") in told),
}


def sentence_table(
    lines: Sequence[Mapping[str, Any]], complaints: Mapping[str, Complaint], rules: Rubric, of: str = ""
) -> Iterable[str]:
    """Yield precision and recall by behaviour and flag; with `of`, the misread sentences of one of them."""
    names = [*ASPECTS, *(flag for flag in rules.flags if flag not in GATES)]
    counts = {name: [0, 0, 0] for name in names}
    misread: list[str] = []
    for line in lines:
        complaint = complaints.get(line["scenario"]) or _NOBODYS
        findings, _ = found_in(line["text"], complaint, rules)
        told = {**findings.found, **flags_of(findings, rules)}
        simple = complaint.complexity == "simple"
        for name in names:
            aspect = ASPECTS.get(name) or Aspect((name,), _one(name))
            has = any(told.get(key) for key in aspect.found)
            wanted = aspect.asked({*line["shows"], *line["flags"]}, simple)
            counts[name][0 if has and wanted else 1 if has else 2] += has or wanted
            if name == of and has != wanted:
                words = [
                    findings.text.quoted(hit.first, hit.last)[2]
                    for key in aspect.found
                    for hit in told.get(key, ())
                ]
                misread.append(f"{'false ' if has else 'missed'} {line['id']} {line['text']!r} {words or ''}")
    for name, (hits, false, missed) in counts.items():
        precision, recall = hits / max(1, hits + false), hits / max(1, hits + missed)
        yield f"{name:16} P {precision:.2f} R {recall:.2f}  hits {hits} false {false} missed {missed}"
    yield from sorted(misread)
