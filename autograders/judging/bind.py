"""What ties a plan to THIS complaint: the words of the complaint and its facts, and other words for them.

For `behaviours` and `gates`. Refuses to know levels.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from autograders.judging.kept import kept
from autograders.judging.spelling import bag
from autograders.judging.stems import stem, stems
from autograders.judging.text import Text, read
from autograders.judging.verdict import ComplaintLike
from autograders.rubric import Rubric

_MUST = bag("must need needs cannot nobody unknown investigate decide decided decides yet")
_CAN = bag("can could may able offer")


@dataclass(frozen=True, eq=False)
class Tables:
    """General words and kin, as stems; `first` has for each stem one word that stands for it and its kin.

    Like a `Case` they are compared by identity, so that caches need not look at every word.
    """

    general: frozenset[str]
    kin: Mapping[str, frozenset[str]]
    first: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Case:
    """A complaint as the judge knows it; all words are stems. `near` is what belongs to it, `special` what of
    that is not everybody's."""

    own: frozenset[str]
    told: frozenset[str]
    said: frozenset[str]
    near: frozenset[str]
    special: frozenset[str]
    able: frozenset[str]
    able_near: Mapping[str, frozenset[str]]
    verbs: frozenset[str]
    open: frozenset[str]
    complaint: Text
    facts: Text
    simple: bool

    def ties(self, words: Iterable[str]) -> frozenset[str]:
        """Return the stems of the words that belong to this complaint."""
        return self.near.intersection(map(stem, words))

    def special_ties(self, words: Iterable[str]) -> frozenset[str]:
        """Return the stems of the words that belong to this complaint and to few others."""
        return self.special.intersection(map(stem, words))

    @cached_property
    def runs(self) -> frozenset[tuple[str, ...]]:
        """The runs of three words that the complaint has."""
        return frozenset(runs(self.complaint.plain))


def runs(words: Sequence[str]) -> Iterable[tuple[str, ...]]:
    """Return the runs of three words."""
    return zip(words, words[1:], words[2:], strict=False)


@dataclass(frozen=True)
class About:
    """How the words of a text that say something lie to a complaint; all are stems.

    `telling`: those that not everybody uses. Of them `own` are the complaint's or its facts', `ties` reach it
    by other words for the same, and `strange` have nothing of it; of these `kin` belong to some other trade.
    """

    telling: frozenset[str]
    own: frozenset[str]
    ties: frozenset[str]
    strange: frozenset[str]
    kin: frozenset[str]


@kept
def tables(rubric: Rubric) -> Tables:
    """Return the rubric's tables."""
    near: dict[str, set[str]] = {}
    first: dict[str, str] = {}
    for group in rubric.kin:
        members = stems(group)
        for member in members:
            near.setdefault(member, set()).update(members)
            first.setdefault(member, stem(group[0]))
    return Tables(stems(rubric.general), {word: frozenset(others) for word, others in near.items()}, first)


def case(complaint: ComplaintLike, rubric: Rubric) -> Case:
    """Read a complaint."""
    return _case(complaint.text, complaint.facts, complaint.complexity, tables(rubric))


@lru_cache(maxsize=256)
def _case(text: str, facts: str, complexity: str, known: Tables) -> Case:
    told, sheet = read(text), read(facts)
    able, unsettled = _split(sheet)
    complaint_words = _content(told.plain, known)
    own = complaint_words | _content(sheet.plain, known)
    near = _widened(own, known)
    return Case(
        own=own,
        told=complaint_words,
        said=frozenset(stem(word) for word in told.plain if len(word) > 3) - _LIGHT - _FAINT,
        near=near,
        special=near - known.general,
        able=_content(able, known, keep_general=True),
        able_near=_reached(_content(able, known, keep_general=True), known),
        verbs=_verbs(sheet),
        open=_content(unsettled, known),
        complaint=told,
        facts=sheet,
        simple=complexity == "simple",
    )


def about_case(bases: frozenset[str], case: Case, known: Tables) -> About:
    """Return how the stems of a text lie to a complaint."""
    telling = bases - known.general
    strange = frozenset(s for s in telling - case.near if len(s) > 2 and not s[0].isdigit())
    kin = frozenset(s for s in strange if s in known.kin)
    return About(telling, telling & case.own, bases & case.special, strange, kin)


def _split(sheet: Text) -> tuple[list[str], list[str]]:
    """Return the words of what the agent can do, and of what others must settle first."""
    able: list[str] = []
    unsettled: list[str] = []
    for first, last in sheet.sentences:
        words = list(sheet.words[first:last])
        if set(words) & _CAN and not set(words[:4]) & {"nobody", "must", "engineers"}:
            at = next(i for i, word in enumerate(words) if word in _CAN)
            before = words[:at]
            if set(before) & _MUST:
                unsettled += before
                before = []
            able += before + words[at + 1 :]
        elif set(words) & _MUST:
            unsettled += words
        else:
            able += words if _there(words) else []
    return [w for w in able if w not in ".?:"], [w for w in unsettled if w not in ".?:"]


_PRESENT = bag("is are stands stand lies lie has have keeps free available stock waits hangs opens runs")
_NOT_THERE = bag("was were had did shows show nobody no not only says failed missing lost broken")


def _there(words: list[str]) -> bool:
    """Say whether a sentence of the facts tells of something that is there to be given."""
    return bool(set(words) & _PRESENT) and not set(words) & _NOT_THERE


_FAINT = bag("your you with what have been that this they them there their very would could will from were")
_LIGHT = bag(
    "the a an and or to of in on at for with by once one it them they he she him her can be is are that "
    "this have within now from as up off out back so what who agent customer must before anyone say not "
    "yet"
)


def _content(words: Iterable[str], known: Tables, *, keep_general: bool = False) -> frozenset[str]:
    found = set()
    for word in words:
        base = stem(word)
        if base in _LIGHT or word in _LIGHT or len(base) < 2:
            continue
        if keep_general or (base not in known.general and word not in known.general):
            found.add(base)
    return frozenset(found)


def _reached(words: frozenset[str], known: Tables) -> Mapping[str, frozenset[str]]:
    """Return for each stem that speaks of something the agent can do, which of the fact sheet's words it
    means."""
    reached: dict[str, set[str]] = {}
    for word in words:
        for other in {word, *known.kin.get(word, ())}:
            reached.setdefault(other, set()).add(word)
    return {word: frozenset(meant) for word, meant in reached.items()}


_NO_VERB = bag("have get give offer put make let name this that last all two one take do ask tell say")


def _verbs(sheet: Text) -> frozenset[str]:
    """Return the verbs of what the agent can do: behind "can", and behind "and" or a comma."""
    found: set[str] = set()
    for first, last in sheet.sentences:
        able = False
        for index in range(first, last - 1):
            word, following = sheet.words[index], sheet.words[index + 1]
            able = able or word in _CAN
            if able and (word in _CAN or word == "and" or sheet.pause[index + 1]):
                found.add(stem(following))
    return frozenset(verb for verb in found if verb.isalpha()) - _NO_VERB - _LIGHT


def _widened(words: frozenset[str], known: Tables) -> frozenset[str]:
    return words.union(*(known.kin.get(word, frozenset()) for word in words))
