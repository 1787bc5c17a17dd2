"""Say why, and what next: short, kind, in the learner's own words where there are any.

For learners and graders. The words are the rubric's, and what joins them stands in words/; refuses to know
how anything was found.
"""

from functools import lru_cache

import re2

from autograders.judging.levels import Level
from autograders.judging.verdict import ComplaintLike, Evidence
from autograders.rubric import Component
from course.engine.words import word

_LEAST, _MOST = 15, 80
_NOT_YET = ("must", "before anyone", "nobody", "no one")


def because(component: Component, level: Level, evidence: tuple[Evidence, ...], held_words: str) -> str:
    """Return one or two sentences: what earned the level, in quotation."""
    if level.held_by:
        return word("judge.undone", quote=f"“{shortened(held_words)}”")
    said = component.because[str(level.level)]
    quotes = list(dict.fromkeys(f"“{shortened(piece.text)}”" for piece in evidence))[:2]
    if len(quotes) == 2:
        return f"{said} {word('judge.wrote-both', one=quotes[0], other=quotes[1])}"
    return f"{said} {word('judge.wrote', quote=quotes[0])}" if quotes else said


def next_step(component: Component, level: Level, complaint: ComplaintLike, better: str) -> str:
    """Return one next act with a model sentence for this complaint; nothing at the top level."""
    if level.held_by:
        return better
    if level.level >= component.top:
        return ""
    step = component.next_step[str(level.level)]
    if "{commitment_step}" in step:
        step = step.replace("{commitment_step}", commitment(complaint))
    return f"{step} {word('judge.example', model=model(component, complaint))}"


def flagged(quote: str, says: str) -> str:
    """Return the sentence for a flag: the learner's words, and what they do; without a word for that, they
    come too early."""
    return word("judge.flag", quote=f"“{quote}”", says=says or word("judge.too-early"))


def commitment(complaint: ComplaintLike) -> str:
    """Return the next step where a commitment is missing: a time, or news."""
    return word("judge.when-now" if complaint.complexity == "simple" else "judge.when-news")


def in_english() -> str:
    """Return the next step for a plan in another language."""
    return word("judge.in-english")


def model(component: Component, complaint: ComplaintLike) -> str:
    """Return the component's model sentence, filled with this complaint's own words."""
    said = component.model
    for place, words in (("{problem}", problem), ("{remedy_model}", remedy)):
        if place in said:
            said = said.replace(place, words(complaint))
    return said


def problem(complaint: ComplaintLike) -> str:
    """Return a sentence that takes up the customer's own words; nothing where none will do."""
    said = _short_sentence(complaint.text)
    return f"{word('judge.told-me', said=said)} " if said else ""


@lru_cache(maxsize=256)
def _short_sentence(text: str) -> str:
    """Return the first whole sentence that is short and no question."""
    for said in re2.findall(r"[^.!?]+[.!?]+", text):
        words = " ".join(said.split())
        if _LEAST <= len(words) <= _MOST and words.endswith(".") and words[0].isupper() and '"' not in words:
            return words.replace("“", "").replace("”", "")
    return ""


def remedy(complaint: ComplaintLike) -> str:
    """Return a model sentence for the remedy that the facts allow."""
    what = _able(complaint.facts) or word("judge.put-right")
    return word("judge.now" if complaint.complexity == "simple" else "judge.news", what=what)


@lru_cache(maxsize=256)
def _able(facts: str) -> str:
    """Return what the agent can do without asking anybody."""
    told = [said.strip() for said in facts.split(".") if " can " in said]
    able = next((said for said in told if not any(word in said.lower() for word in _NOT_YET)), "")
    return able.partition(" can ")[2]


def shortened(words: str) -> str:
    """Return a quotation of a bearable length, on one line."""
    words = " ".join(words.split())
    if len(words) <= _MOST:
        return words
    return words[:_MOST].rsplit(" ", 1)[0] + " …"
