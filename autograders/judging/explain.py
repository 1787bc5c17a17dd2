"""Say why, and what next: short, kind, in the learner's own words where there are any.

For learners and graders. The words are the rubric's, and what joins them stands in words/; refuses to know
how anything was found.
"""

from collections.abc import Collection, Iterable

from autograders.judging.lacking import done, lacks
from autograders.judging.levels import Level
from autograders.judging.offers import NOTHING, Offer, offer
from autograders.judging.retelling import told_back
from autograders.judging.verdict import ComplaintLike, Evidence
from autograders.rubric import GATES, Component
from course.engine.words import word

_MOST = 80
_QUOTED = 2
PLACES = ("{missing}", "{commitment_step}")
"""Where a rubric's sentence takes up what the plan lacks; the second is the older name."""
_WRITTEN = ("chat", "email", "e-mail", "mail", "letter", "message", "post", "social media", "review")


def because(
    name: str,
    component: Component,
    level: Level,
    evidence: tuple[Evidence, ...],
    *,
    also: Collection[str] = (),
    held: str = "",
) -> str:
    """Return one to three sentences: what earned the level, in quotation, and what holds it down.

    `held`: what the words of a flag do; `also`: what was found beside the evidence.
    """
    if level.held_by and not level.level:
        return held
    names = {*(piece.behaviour for piece in evidence), *also}
    said = component.because[str(level.level)]
    if "{done}" in said:
        said = said.replace("{done}", done(name, names))
    return " ".join(part for part in (said, _wrote(evidence), held) if part)


def undone(words: str) -> str:
    """Return the sentence for a step that a flag takes away."""
    return word("judge.undone", quote=_marked(words))


def held_down(words: str, says: str) -> str:
    """Return the sentence for a step that a flag holds down."""
    return word("judge.held", quote=_marked(words), says=says)


def _wrote(evidence: tuple[Evidence, ...]) -> str:
    """Quote the learner: of each behaviour its first words in the order of the evidence, of two at most, and
    nothing twice."""
    chosen: list[Evidence] = []
    for piece in evidence:
        again = any(piece.behaviour == one.behaviour or _same_words(piece, one) for one in chosen)
        if not again and len(chosen) < _QUOTED:
            chosen.append(piece)
    quotes = [_marked(piece.text) for piece in sorted(chosen, key=lambda one: one.start)]
    if len(quotes) == _QUOTED:
        return word("judge.wrote-both", one=quotes[0], other=quotes[1])
    return word("judge.wrote", quote=quotes[0]) if quotes else ""


def _same_words(one: Evidence, other: Evidence) -> bool:
    return one.start < other.end and other.start < one.end


def next_step(
    name: str,
    component: Component,
    level: Level,
    complaint: ComplaintLike,
    better: str,
    *,
    also: Collection[str] = (),
    flag: str = "",
) -> str:
    """Return one next act with a model sentence for this complaint; nothing at the top level. `better`: what
    to do in place of the flag that holds the step down; `flag`: one that would, if the plan had more."""
    if level.level >= component.top:
        return ""
    if level.held_by and not level.level:
        return better if level.held_by in GATES else _with_example(better, component, complaint)
    found = {*(hit.name.removesuffix(" here") for hit in level.hits), *also}
    simple = complaint.complexity == "simple"
    lacking = lacks(name, found, simple=simple, flag=flag)
    if level.held_by and level.held_by != "overpromises":
        lacking = better
    step = component.next_step[str(level.level)]
    for place in PLACES:
        step = step.replace(place, lacking)
    return _with_example(step, component, complaint, found if level.level else ())


def _with_example(
    step: str, component: Component, complaint: ComplaintLike, there: Collection[str] = ()
) -> str:
    return f"{step} {word('judge.example', model=model(component, complaint, there))}"


def flagged(quote: str, says: str, *, faintly: bool = False) -> str:
    """Return the sentence for a flag: the learner's words, and what they do; without a word for that, they
    come too early. `faintly`: they may be meant otherwise."""
    told = "judge.flag-perhaps" if faintly else "judge.flag"
    return word(told, quote=_marked(quote), says=says or word("judge.too-early"))


def doubted(flag: str) -> str:
    """Return the sentence for a plan that may be none; a person decides."""
    return word(f"judge.doubted.{flag}")


def in_english() -> str:
    """Return the next step for a plan in another language."""
    return word("judge.in-english")


def model(component: Component, complaint: ComplaintLike, there: Collection[str] = ()) -> str:
    """Return the component's model sentence, filled with this complaint's own words; of a remedy and its
    promise the half that is not `there`."""
    said = component.model.replace("{problem}", problem(complaint)).replace(
        "{said_back}", said_back(complaint, there)
    )
    return said.replace("{remedy_model}", remedy(complaint, there))


def problem(complaint: ComplaintLike) -> str:
    """Return what happened as the agent would say it, and a blank behind it."""
    return f"{told_back(complaint.text) or word('judge.what-happened')} "


def said_back(complaint: ComplaintLike, there: Collection[str] = ()) -> str:
    """Return the complaint said back with a question; only the question where it is said back already."""
    told = told_back(complaint.text)
    if not told or "restates" in there:
        return word("judge.anything-else")
    return word("judge.said-back", told=told)


def remedy(complaint: ComplaintLike, there: Collection[str] = ()) -> str:
    """Return a model sentence for the remedy that the facts allow, and its promise."""
    able = offer(complaint.facts, complaint.text)
    simple = complaint.complexity == "simple"
    halves = [half for half in ("remedy", "commitment") if half not in there] or ["remedy", "commitment"]
    said = [
        _offered(able, simple=simple) if half == "remedy" else _promised(able, complaint, halves)
        for half in halves
    ]
    return "“" + " ".join(one for one in said if one) + "”"


def _offered(able: Offer, *, simple: bool) -> str:
    if able is NOTHING:
        return word("judge.offer-none-simple" if simple else "judge.offer-none")
    return word("judge.offer-choice" if able.choice else "judge.offer", acts=able.acts)


def _promised(able: Offer, complaint: ComplaintLike, halves: Iterable[str]) -> str:
    if complaint.complexity != "simple":
        return word("judge.news-written" if complaint.channel.lower() in _WRITTEN else "judge.news")
    if "remedy" in halves and able.timed and not able.choice:
        return ""
    return word("judge.now-chosen" if able.choice and "remedy" in halves else "judge.now")


def _marked(words: str) -> str:
    return f"“{shortened(words)}”"


def shortened(words: str) -> str:
    """Return a quotation of a bearable length, on one line, without a comma at its end."""
    words = " ".join(words.split())
    if len(words) <= _MOST:
        return words.rstrip(",;: ")
    return words[:_MOST].rsplit(" ", 1)[0].rstrip(",;: ") + " …"
