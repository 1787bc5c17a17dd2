"""Say why, and what next: short, kind, in the learner's own words where there are any.

For learners and graders. The words are the rubric's; refuses to know how anything was found.
"""

from autograders.judging.levels import Level
from autograders.judging.verdict import ComplaintLike, Evidence
from autograders.rubric import Component

_MOST = 60


def because(component: Component, level: Level, evidence: tuple[Evidence, ...], held_words: str) -> str:
    """Return one or two sentences: what earned the level, in quotation."""
    if level.held_by:
        return f"“{shortened(held_words)}” undoes this step."
    said = component.because[str(level.level)]
    quotes = list(dict.fromkeys(f"“{shortened(piece.text)}”" for piece in evidence))[:2]
    return f"{said} You wrote {' and '.join(quotes)}." if quotes else said


def next_step(component: Component, level: Level, complaint: ComplaintLike, better: str, missing: str) -> str:
    """Return one next act with a model sentence for this complaint; nothing at the top level."""
    if level.held_by:
        return better
    if level.level >= 2:
        return ""
    step = component.next_step[str(level.level)].replace("{commitment_step}", missing)
    return f"{step} For example: {model(component, complaint)}"


def model(component: Component, complaint: ComplaintLike) -> str:
    """Return the component's model sentence, filled with this complaint's own words."""
    return component.model.replace("{problem}", problem(complaint)).replace(
        "{remedy_model}", remedy(complaint)
    )


def problem(complaint: ComplaintLike) -> str:
    """Return the customer's problem in the customer's own first words."""
    first = complaint.text.replace("!", ".").replace("?", ".").split(".")[0].strip()
    return f"“{shortened(first)}”".replace("“", "‘").replace("”", "’")


def remedy(complaint: ComplaintLike) -> str:
    """Return a model sentence for the remedy that the facts allow."""
    able = next((s.strip() for s in complaint.facts.split(".") if " can " in s), "")
    what = able.partition(" can ")[2] or "put this right"
    if complaint.complexity == "simple":
        return f"“I can {what}, and I am doing it now.”"
    return f"“I can {what}, and I will ring you tomorrow with where it stands, solved or not.”"


def shortened(words: str) -> str:
    """Return a quotation of a bearable length, on one line."""
    words = " ".join(words.split())
    if len(words) <= _MOST:
        return words
    return words[:_MOST].rsplit(" ", 1)[0] + " …"
