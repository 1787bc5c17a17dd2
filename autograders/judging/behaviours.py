"""Find what a plan does: every behaviour and anti-pattern of the rubric, with the words that show it.

For `levels` and `gates`. Knows the rubric's patterns, the frames and the complaint's words; refuses to know
levels.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from autograders.judging.bind import Case, Tables
from autograders.judging.frames import Frame, Frames
from autograders.judging.spelling import bag
from autograders.judging.stems import stem
from autograders.judging.text import Text
from autograders.rubric import Rubric

HEARING = ("lets_finish", "takes_notes", "restates", "asks", "attends")
FEELING = ("feeling", "perspective")
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
_NOT_OURS = bag("you she he her his your they their")
_DOUBT = bag("may might if should")
_SUBJECTS = bag("i we you she he they it")
_PAST = bag("was were came went had did failed should happened told said broke lost wrong means mean")
_OFFERING = bag("i we will now today tonight tomorrow gets get goes comes there immediately would")
_GREETINGS = bag("dear yours regards faithfully sincerely hello hi team welcome")
_GETS = bag("goes gets go get will receives leaves is are")
_AGENTS = bag(
    "agent adviser advisor employee clerk receptionist representative assistant officer operator staff"
)
_LABELS = bag("hear listen empathise empathy apologise apology act action")
_UNKIND = ("policy_shield", "argues", "minimises", "blames_customer", "passes_the_buck", "hostile")
_OBJECTS = bag("it her him them you the your his this that all both a an")


@dataclass(frozen=True, order=True)
class Hit:
    """A behaviour in the words first..last (half-open)."""

    first: int
    last: int
    name: str
    sentence: int = 0

    def overlaps(self, other: "Hit") -> bool:
        """Say whether two hits share a word."""
        return self.first < other.last and other.first < self.last


@dataclass
class Findings:
    """What counts (`found`), and what was found but set aside (`aside`: denied, another's words, a past
    case)."""

    text: Text
    found: dict[str, list[Hit]] = field(default_factory=dict)
    aside: dict[str, list[Hit]] = field(default_factory=dict)

    def of(self, *names: str) -> list[Hit]:
        """Return the hits of some behaviours in order of place."""
        return sorted(hit for name in names for hit in self.found.get(name, ()))

    def within(self, first: int, last: int, *names: str) -> list[Hit]:
        """Return the hits of some behaviours that begin in a range of words."""
        return [hit for hit in self.of(*names) if first <= hit.first < last]

    def add(self, hit: Hit) -> None:
        """Keep a hit."""
        self.found.setdefault(hit.name, []).append(hit)

    def drop(self, hit: Hit) -> None:
        """Set a hit aside."""
        self.found[hit.name].remove(hit)
        self.aside.setdefault(hit.name, []).append(hit)
        if not self.found[hit.name]:
            del self.found[hit.name]


def find(text: Text, seen: Frames, case: Case, rubric: Rubric) -> Findings:
    """Return what the patterns find, with what is denied or somebody else's set aside."""
    findings = Findings(text)
    quoted_complaint = _complaint_words(text, case)
    where = {index: number for number, (a, b) in enumerate(text.sentences) for index in range(a, b)}
    for name, (program, exceptions) in rubric.programs.items():
        hits = list(_matches(text, program, name, where))
        if not hits:
            continue
        barred = list(_matches(text, exceptions, name, where)) if exceptions else []
        for hit in hits:
            if any(hit.overlaps(other) for other in barred) or _is_heading(text, hit):
                continue
            counts = _counts(hit, seen) and not (
                name in rubric.flags and _share(range(hit.first, hit.last), quoted_complaint) >= 0.75
            )
            (findings.found if counts else findings.aside).setdefault(name, []).append(hit)
    return findings


def _is_heading(text: Text, hit: Hit) -> bool:
    """Say whether a hit is no more than a heading: "Apologise: …"."""
    return (
        hit.last - hit.first == 1
        and text.words[hit.first] in _LABELS
        and hit.last < len(text.words)
        and text.words[hit.last] == ":"
        and hit.first == text.sentences[hit.sentence][0]
    )


def _matches(text: Text, program: object, name: str, where: Mapping[int, int]) -> Iterable[Hit]:
    for match in program.finditer(text.encoded):  # type: ignore[attr-defined]
        start, end = match.span()
        if start == end:
            continue
        first, last = text.word_at(start), text.word_at(end - 1) + 1
        while first < last and text.words[first] in ".?:":
            first += 1
        while last > first + 1 and text.words[last - 1] in ".:":
            last -= 1
        if first < last:
            yield Hit(first, last, name, where[first])


def _counts(hit: Hit, seen: Frames) -> bool:
    return seen.frame[hit.first] is Frame.PLAN and seen.denied[hit.first] == 0


def _complaint_words(text: Text, case: Case) -> frozenset[int]:
    """Return the words of the plan that stand in a run of three or more taken from the complaint."""
    source = case.complaint.plain
    runs = {source[i : i + 3] for i in range(len(source) - 2)}
    words = text.words
    return frozenset(
        at for i in range(len(words) - 2) if words[i : i + 3] in runs for at in (i, i + 1, i + 2)
    )


def _share(indices: Sequence[int], chosen: frozenset[int]) -> float:
    return sum(index in chosen for index in indices) / len(indices)


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
    agent = bool(_AGENTS & set(text.words))
    for number, (first, last) in enumerate(text.sentences):
        if text.words[last - 1] == "?":
            continue
        for start, end in _free_runs(text, first, last, busy):
            words = text.words[start:end]
            gets = len(words) > 1 and words[1] in _GETS
            theirs = words[0] in _NOT_OURS and not gets and not (agent and words[0] in ("he", "she"))
            if theirs or _DOUBT & set(words[:4]) or _PAST & set(words):
                continue
            able = [
                index
                for index in range(start, end)
                if stem(text.words[index]) in case.able_near
                and seen.denied[index] == 0
                and seen.frame[index] is Frame.PLAN
            ]
            timed = bool(findings.within(start, end, "time"))
            said = [stem(text.words[index]) for index in able]
            if able and (
                _offers(said, words, case, known) or _says_in_brief(said, words, case, known, timed)
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
