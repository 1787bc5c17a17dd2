"""What is offered: remedies that are none are set aside, and remedies in the fact sheet's words are added.

For `judge_plan`, between finding and tying. Knows what the agent can do; refuses to know levels.
"""

from collections.abc import Iterable, Sequence

from autograders.judging.behaviours import FEELING, HEARING, Findings, Hit
from autograders.judging.bind import Case, Tables
from autograders.judging.frames import Frame, Frames
from autograders.judging.spelling import bag
from autograders.judging.stems import stem
from autograders.judging.text import Text

_UNKIND = ("policy_shield", "argues", "minimises", "blames_customer", "passes_the_buck", "hostile")
_NOT_REMEDIES = (
    *HEARING,
    *FEELING,
    "apology",
    "remedy",
    "passes_the_buck",
    "policy_shield",
    "argues",
    "hostile",
)
_WILL = bag("will go goes leave leaves get gets have has")
_DUE = bag("will is are goes comes get gets stands leaves be go i we")
_NOT_OURS = bag("you she he her his your they their")
_DOUBT = bag("may might if should")
_SUBJECTS = bag("i we you she he they it")
_PAST = bag(
    "was were came went had did failed should happened told said broke lost wrong means mean never asked "
    "forgot"
)
_OFFERING = bag("i we will now today tonight tomorrow gets get goes comes there immediately would")
_GREETINGS = bag("dear yours regards faithfully sincerely hello hi team welcome")
_GETS = bag("goes gets go get will receives leaves is are")
_AGENTS = bag(
    "agent adviser advisor employee clerk receptionist representative assistant officer operator staff"
)
_BEING = bag("is are be am all just looks feels quite very")
_TAKES = bag("take takes taking took accept accepts bear own owns hold carry")
_OBJECTS = bag("it her him them you the your his this that all both a an")


def drop_what_is_no_remedy(findings: Findings) -> None:
    """Set aside remedies that only tell what went wrong, or that stand in the problem said back."""
    text = findings.text
    owned, asked = findings.of("ownership"), findings.of("restates", "asks")
    for hit in findings.of("remedy"):
        first, last = text.sentences[hit.sentence]
        told_back = [other for other in asked if other.sentence == hit.sentence and other.first <= hit.first]
        own = {"will", "am", "are", "would", "can"} & set(text.words[first : hit.last])
        if any(hit.overlaps(other) and other.first <= hit.first for other in owned) or (
            told_back and not own and (text.words[last - 1] == "?" or told_back[0].first <= first + 1)
        ):
            findings.drop(hit)
    for hit in findings.of("remedy"):
        if any(other.sentence == hit.sentence for other in findings.of("passes_the_buck")):
            before = text.words[max(0, hit.first - 4) : hit.first + 1]
            if not {"i", "we", "i'll"} & set(before):
                findings.drop(hit)
    for hit in findings.of("asks", "restates"):
        if any(other.sentence == hit.sentence for other in findings.of(*_UNKIND)):
            findings.drop(hit)
    for hit in findings.of(*FEELING):
        if any(hit.overlaps(other) for other in findings.of("asks", "non_apology")):
            findings.drop(hit)


def add_remedies_of_the_facts(findings: Findings, seen: Frames, case: Case, known: Tables) -> None:
    """Add as `remedy` every sentence that offers what the fact sheet says can be done."""
    text = findings.text
    solved = () if case.simple else ("resolution",)
    busy = findings.of(*_NOT_REMEDIES, "news", *solved)
    busy += [hit for hit in findings.of("ownership") if text.words[hit.first] in _TAKES]
    agent = bool(_AGENTS & set(text.words))
    meant = [stem(word) in case.able_near for word in text.words]
    for number, (first, last) in enumerate(text.sentences):
        if text.words[last - 1] == "?" or not any(meant[first:last]):
            continue
        for start, end in _free_runs(text, first, last, busy):
            words = text.words[start:end]
            gets = len(words) > 1 and words[1] in _GETS
            timed = bool(findings.within(start, end, "time"))
            due = case.simple and timed
            theirs = words[0] in _NOT_OURS and not gets and not (agent and words[0] in ("he", "she"))
            if (theirs and not (due and _WILL & set(words))) or _DOUBT & set(words[:4]) or _PAST & set(words):
                continue
            able = [
                index
                for index in range(start, end)
                if meant[index]
                and not (text.words[index] == "fine" and text.words[index - 1] in _BEING)
                and seen.denied[index] == 0
                and seen.frame[index] is Frame.PLAN
            ]
            said = [stem(text.words[index]) for index in able]
            if able and (
                _offers(said, words, case, known)
                or _says_in_brief(said, words, case, known, timed)
                or (due and _is_due(said, words, known))
            ):
                findings.add(Hit(able[0], able[-1] + 1, "remedy", number))


def _free_runs(text: Text, first: int, last: int, busy: Sequence[Hit]) -> Iterable[tuple[int, int]]:
    """Cut a sentence at commas and "and", and return the runs of clauses in which nothing else was found."""
    cuts = [first] + [
        i for i in range(first + 1, last) if text.pause[i] or (text.words[i] == "and" and i + 1 < last)
    ]
    clauses = [(a, b) for a, b in zip(cuts, [*cuts[1:], last], strict=True) if b > a]
    start: int | None = None
    end = first
    for a, b in clauses:
        if any(hit.first < b and a < hit.last for hit in busy):
            if start is not None:
                yield start, end
            start = None
            continue
        new_subject = text.words[a + (text.words[a] == "and") if a + 1 < b else a] in _SUBJECTS
        if start is not None and new_subject:
            yield start, end
            start = None
        start = a if start is None else start
        end = b
    if start is not None:
        yield start, end


def _says_in_brief(said: Sequence[str], words: Sequence[str], case: Case, known: Tables, timed: bool) -> bool:
    """Say whether a few words name one thing that only the fact sheet has: "Heaters tonight"."""
    fresh = any(
        word in case.able and word not in case.told and (word not in known.general or word.isdigit())
        for word in said
    )
    return fresh and not _GREETINGS & set(words) and 2 <= len(words) <= (8 if timed else 4)


def _is_due(said: Sequence[str], words: Sequence[str], known: Tables) -> bool:
    """Say whether a thing of the fact sheet is given a time, and no more is said: "Inhaler, five minutes"."""
    named = any(word not in known.general and not word.isdigit() for word in said)
    return (
        named
        and not _GREETINGS & set(words)
        and (len(words) <= 8 or (len(words) <= 12 and bool(_DUE & set(words))))
    )


def _offers(said: Sequence[str], words: Sequence[str], case: Case, known: Tables) -> bool:
    """Say whether the words name two things of the fact sheet, or do one of its verbs to something."""
    meant = {tuple(sorted(case.able_near[word])) for word in said}
    strong = [word for word in said if word not in known.general or word.isdigit()]
    fresh = any(case.able_near[word] - case.told for word in strong)
    sounds_like_one = fresh or bool(case.verbs & set(said)) or bool(_OFFERING & set(words)) or len(words) <= 6
    if len(set().union(*meant)) >= 2 and len(meant) >= 2 and strong and sounds_like_one:
        return True
    doing = [i for i, word in enumerate(words[:-1]) if stem(word) in case.verbs]
    return any(
        words[i + 1] in _OBJECTS
        and (
            i == 0
            or words[i - 1] in ("will", "can", "would", "i", "we", "and", "then", "am", "now", "just", "are")
        )
        for i in doing
    )
