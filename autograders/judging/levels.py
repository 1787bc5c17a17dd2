"""From what was found to levels and flags: the rubric's decision tables, read row by row.

For `judge_plan`. The tables are the rubric file's; refuses to know words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from autograders.judging.behaviours import HEARING, Findings, Hit
from autograders.judging.spelling import bag
from autograders.judging.text import Text
from autograders.rubric import Component, Rubric

_ORDER = bag("then now after afterwards next finally step first straight before later second third")


@dataclass(frozen=True)
class Level:
    """A level with the hits that earned it and the flag that held it down, if any."""

    level: int
    hits: tuple[Hit, ...]
    held_by: str = ""


def flags_of(findings: Findings, rubric: Rubric) -> dict[str, tuple[Hit, ...]]:
    """Return the anti-patterns that the plan commits, in the rubric's order."""
    flags = {name: tuple(findings.of(name)) for name in rubric.flags if findings.of(name)}
    if order := _out_of_order(findings):
        flags["out_of_order"] = order
    return flags


def _out_of_order(findings: Findings) -> tuple[Hit, ...]:
    """The remedy or the apology comes first, and some hearing comes after it."""
    heard = findings.of(*HEARING, "listens")
    offers = findings.of("apology", "remedy")
    if not heard or not offers or any(hit.sentence <= offers[0].sentence for hit in heard):
        return ()
    first, text = offers[0], findings.text
    late = [hit for hit in heard if hit.name in ("lets_finish", "asks", "listens", "takes_notes")]
    told = any(_says_order(text, hit.sentence) for hit in late) or _says_order(text, first.sentence)
    return (
        (first,) if late and (told or first.name == "remedy") and any(h.name != "asks" for h in late) else ()
    )


def _says_order(text: Text, sentence: int) -> bool:
    """Say whether a sentence tells its place in the order: then, first, step 2, 3) …"""
    first, last = text.sentences[sentence]
    words = text.words[first:last]
    head = text.written[max(0, text.spans[first][0] - 1) : text.spans[first][1] + 1].strip()
    return bool(set(words) & _ORDER) or (words[0].isdigit() and head.endswith((")", ".", ":")))


def level_of(component: Component, findings: Findings, flags: dict[str, tuple[Hit, ...]]) -> Level:
    """Read one component's table."""
    level = 0
    hits: tuple[Hit, ...] = ()
    for row in component.levels:
        held = holds(row.when, findings)
        if held:
            level, hits = row.level, held
            break
    held_by = ""
    for cap in component.caps:
        if cap.flag in flags and not (cap.unless and findings.of(cap.unless)) and level > cap.at_most:
            level, held_by = cap.at_most, cap.flag
    return Level(level, tuple(hits), held_by)


def holds(when: str, findings: Findings) -> tuple[Hit, ...]:
    """Return the hits that make a row hold, or nothing."""
    number, names = _read(when)
    if number is not None:
        return _so_many(number, names, findings)
    found = [findings.of(name) for name in names]
    return tuple(sorted(hit for hits in found for hit in hits)) if all(found) else ()


@lru_cache(maxsize=1_000)
def _read(when: str) -> tuple[int | None, tuple[str, ...]]:
    """Return how many a condition asks for (None: all), and of which behaviours."""
    head, _, rest = when.partition(" of ")
    if rest and head.strip().isdigit():
        return int(head), tuple(name.strip() for name in rest.split(","))
    return None, tuple(name.strip() for name in when.split("+"))


def _same_words(one: Hit, other: Hit) -> bool:
    """Say whether two hits are the same words of the plan, read in two ways."""
    shared = min(one.last, other.last) - max(one.first, other.first)
    return shared * 2 > min(one.last - one.first, other.last - other.first)


def _so_many(number: int, names: Sequence[str], findings: Findings) -> tuple[Hit, ...]:
    """Return the hits of the named behaviours when so many different ones stand in different words."""
    hits = findings.of(*names)
    if number <= 1:
        return tuple(hits)
    chosen: list[Hit] = []
    for start in hits:
        chosen = [start]
        for hit in hits:
            if all(hit.name != other.name and not _same_words(hit, other) for other in chosen):
                chosen.append(hit)
        if len(chosen) >= number:
            return tuple(hits)
    return ()
