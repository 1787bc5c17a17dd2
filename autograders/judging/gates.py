"""What is no plan at all: copied, a list of key words, gibberish, one sentence over and over, another
complaint's plan.

For `judge_plan`, before any behaviour counts. A gate gives the rubric's flag with its reason, or asks for a
person.
Refuses to know levels.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from autograders.judging.bind import Case, Tables, about_case
from autograders.judging.copying import (
    NOTHING,
    Source,
    content_of,
    copied_share,
    in_kin,
    sentences_of,
    source,
    verbatim,
)
from autograders.judging.spelling import bag
from autograders.judging.stems import stem, stems
from autograders.judging.text import Text, read
from course.engine.words import word

_FUNCTION = bag(
    "the a an and or to of in on at for with i you he she we it they is are was be have has had do not "
    "that this my your her his our so then will would can what when if but as me him them us by from no"
)
_VERBISH = bag(
    "i we you he she they is are was were be am have has had do does did will would can could let tell "
    "say ask give get take make put send write keep want know need"
)
_STEPS = ("hear", "listen", "empath", "apolog", "owner", "remed", "action")
_HEADINGS = bag("hear empathise empathy apologise apology act action take")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "poiuytrewq", "lkjhgfdsa", "mnbvcxz")
ASTRAY = bag("passes_the_buck policy_shield hostile argues interrupts blames_customer overpromises")
"""Flags of an answer to this customer that needs to say nothing of what happened."""

_FEW = 5
_OF_THE_COMPLAINT = 0.64
_OF_THE_LESSONS = 0.7
_ENOUGH = 20
"""From so many words that say something: a shorter plan says what everybody says, and lessons do."""
_NEARLY_ALL = 0.72


@dataclass(frozen=True)
class Gate:
    """A flag that makes the plan worth nothing, or (without a flag) a doubt that a person must settle.

    `by_words`: it rests on nothing but which words there are; whoever reads what they say may know better.
    `sure`: False where a person must agree.
    """

    flag: str
    because: str
    by_words: bool = False
    sure: bool = True


def gate(
    text: Text,
    case: Case,
    known: Tables,
    keywords: Sequence[str],
    recitals: Sequence[str],
    *,
    signs: int,
    astray: bool = False,
    lessons: Source = NOTHING,
    others: Callable[[], Sequence[Case]] = tuple,
) -> Gate | None:
    """Return the gate that holds the plan back. `signs` counts the credited behaviours and
    committed anti-patterns; a plan that goes `astray` (sends away, shields itself) speaks to this customer
    all the same. `others` are the course's other complaints, asked for only in doubt."""
    words = text.plain
    if not words:
        return Gate("off_topic", word("gate.nothing"))
    if text.foreign_letters and text.foreign_letters > 0.3 * sum(c.isalpha() for c in text.written):
        return Gate("", word("gate.not-english"))
    if len(words) >= 8 and _english(words) < 0.12 and not _listed(text):
        junk = sum(map(gibberish, words)) / len(words)
        if junk >= 0.2:
            return Gate("off_topic", word("gate.no-words"))
        if _keyword_share(words, keywords) < 0.3 and _familiar(words, case, known) < 0.35:
            return Gate("", word("gate.odd-english"))
    if len(words) >= 5 and sum(map(gibberish, words)) / len(words) >= 0.18:
        return Gate("off_topic", word("gate.much-no-word"))
    if _repeated(text):
        return Gate("stuffed", word("gate.repeated"))
    if _copied(text, case, known, recitals, lessons):
        return Gate("copied", word("gate.copied"))
    if _stuffed(text, keywords, case):
        return Gate("stuffed", word("gate.key-words"))
    if len(words) >= 8 and _unheard(words, case, known, keywords, lessons) >= 0.42:
        return Gate("", word("gate.unknown-words"))
    if _meant_for_another(text, case, known, others, astray=astray):
        return _elsewhere("gate.other-complaint")
    if astray and (len(words) < 80 or signs * 50 > len(words)):
        return None
    return _foreign(text, case, known, signs)


def _english(words: Sequence[str]) -> float:
    return sum(word in _FUNCTION for word in words) / len(words)


def _familiar(words: Sequence[str], case: Case, known: Tables) -> float:
    """Return the share of words that are everybody's, this complaint's or another trade's."""
    bases = [stem(word) for word in words]
    return sum(b in known.general or b in case.near or b in known.kin for b in bases) / len(bases)


def _unheard(
    words: Sequence[str], case: Case, known: Tables, keywords: Sequence[str], lessons: Source
) -> float:
    """Return the share of words that nothing here has: no table, no lesson, and not this complaint."""
    said = [stem(word) for word in words if word.isalpha() and word not in _FUNCTION]
    unheard = set(said) - _everybodys(known, tuple(keywords), lessons) - case.near - case.said
    return sum(word in unheard for word in said) / len(words)


@lru_cache(maxsize=8)
def _everybodys(known: Tables, keywords: tuple[str, ...], lessons: Source) -> frozenset[str]:
    return known.general.union(known.kin, _keyword_stems(keywords), lessons.stems)


def _listed(text: Text) -> bool:
    return text.lines[-1] >= 2 or len(text.sentences) * 4 >= len(text.plain)


@lru_cache(maxsize=20_000)
def gibberish(word: str) -> bool:
    """Say whether a word looks struck at random."""
    if len(word) == 3 and len(set(word)) == 1:
        return True
    if len(word) < 4 or not word.isalpha():
        return False
    if any(word[i : i + 4] in row for row in _ROWS for i in range(len(word) - 3)):
        return word not in ("property", "power") and not word.startswith(("prop", "were", "trewq"))
    if not set(word) & set("aeiouy"):
        return True
    run = longest = 0
    for letter in word:
        run = 0 if letter in "aeiouy" else run + 1
        longest = max(longest, run)
    return longest >= 5 and "tchs" not in word and "ghts" not in word and "ngths" not in word


def _copied(text: Text, case: Case, known: Tables, recitals: Sequence[str], lessons: Source) -> bool:
    """Say whether most of the plan is copied. The words of the facts are the words of a good answer, so of
    them only whole sentences count."""
    sentences = sentences_of(text)
    contents = [content_of(words) for words in sentences]
    length = sum(map(len, contents))
    if length < _FEW:
        return False
    complaint, related = _told(case.complaint, known), [in_kin(words, known.first) for words in contents]
    if copied_share(sentences, related, [complaint]) >= _OF_THE_COMPLAINT:
        return True
    taught = [lessons, _recited(tuple(recitals))]
    if length >= _ENOUGH and copied_share(sentences, contents, taught) >= _OF_THE_LESSONS:
        return True
    facts = _as_they_stand(case.facts)
    if facts.exact.isdisjoint(sentences):
        return False
    return copied_share(sentences, related, [complaint, facts]) >= _NEARLY_ALL


@lru_cache(maxsize=256)
def _told(complaint: Text, known: Tables) -> Source:
    return source(sentences_of(complaint), known.first)


@lru_cache(maxsize=256)
def _as_they_stand(facts: Text) -> Source:
    return verbatim(sentences_of(facts))


@lru_cache(maxsize=8)
def _recited(recitals: tuple[str, ...]) -> Source:
    return source(sentence for recital in recitals for sentence in sentences_of(read(recital)))


def _repeated(text: Text) -> bool:
    said = [text.words[first:last] for first, last in text.sentences if last - first > 1]
    if len(text.plain) >= 12:
        commonest = Counter(text.plain).most_common(1)[0]
        if commonest[1] >= 6 and commonest[1] / len(text.plain) >= 0.3:
            return True
    if len(said) < 4:
        return False
    return Counter(said).most_common(1)[0][1] >= max(3, len(said) * 0.5)


def _keyword_share(words: Sequence[str], keywords: Sequence[str]) -> float:
    content = [word for word in words if word not in _FUNCTION and not word.isdigit()]
    known = _keyword_stems(tuple(keywords))
    return sum(stem(word) in known for word in content) / len(content) if content else 0.0


@lru_cache(maxsize=8)
def _keyword_stems(keywords: tuple[str, ...]) -> frozenset[str]:
    return stems(keywords)


def _stuffed(text: Text, keywords: Sequence[str], case: Case) -> bool:
    """Say whether the plan, or what most of it is, are key words without sentences."""
    words = text.plain
    verbless = [
        [word for word in text.words[first:last] if word not in ".?:"]
        for first, last in text.sentences
        if set(text.words[first:last]) & _VERBISH <= {"take"}
    ]
    listed = [word for sentence in verbless for word in sentence]
    most = len(verbless) > 1 and len(listed) < len(words) <= len(listed) / 0.6
    return _only_key_words(words, keywords, case) or (most and _only_key_words(listed, keywords, case))


def _only_key_words(words: Sequence[str], keywords: Sequence[str], case: Case) -> bool:
    """Say whether most content words are key words, and hardly a verb has a subject."""
    content = [word for word in words if word not in _FUNCTION and not word.isdigit()]
    headed = sum(word in _HEADINGS for word in content) > 0.6 * len(content)
    if headed and _steps(words) >= 3 and not case.ties(words):
        return True  # the headings, with nothing under them
    if len(words) < 8:
        return False
    verbs = sum(word in _VERBISH for word in words) / len(words)
    if verbs >= 0.1:
        return False
    share = _keyword_share(words, keywords)
    if verbs <= 0.04 and _steps(words) >= 3 and share >= 0.4:
        return True
    if verbs <= 0.02 and _english(words) <= 0.1 and share >= 0.45:
        return True
    return (share >= 0.55 and verbs < 0.06 and len(case.ties(words)) <= 3) or share >= 0.75


def _steps(words: Sequence[str]) -> int:
    """Return how many steps of the method are named."""
    bases = " ".join(["", *map(stem, words)])
    return sum(f" {step}" in bases for step in _STEPS)


def _meant_for_another(
    text: Text, case: Case, known: Tables, others: Callable[[], Sequence[Case]], *, astray: bool
) -> bool:
    """Say whether the plan has far more words of another complaint of the course than of this one."""
    bases = text.bases - known.general
    own = len(bases & case.own)
    if own > 2 or len(bases) - own < 3:
        return False
    needed = 3 + own * 3 / 2 + 2 * astray
    return any(len((bases & other.own) - case.near) >= needed for other in others())


def _foreign(text: Text, case: Case, known: Tables, signs: int) -> Gate | None:
    words, about = text.plain, about_case(text.bases, case, known)
    ties, strange, own = len(about.ties), len(about.strange), len(about.own)
    if signs == 0 and ties <= len(words) / 15:
        return _elsewhere("gate.no-answer")
    if len(words) >= 200 and ties * 100 <= len(words):
        return Gate("off_topic", word("gate.in-general"))
    if len(words) > 60 and signs <= 2 and strange > 3 * ties:
        return _elsewhere("gate.in-general")
    if len(words) >= 25 and (
        (not own and strange >= max(7, len(words) / 15)) or (own == 1 >= ties and strange >= 8)
    ):
        return _elsewhere("gate.other-complaint")
    if len(about.kin) >= 5 and ties <= 2 and strange > 4 * max(1, ties):
        return _elsewhere("gate.other-complaint")
    # Fitted to plans of the training bank that were judged for a complaint that they were not written for.
    if len(words) >= 15 and strange + 3.5 * len(about.kin) - 8 * own - len(words) / 20 >= 11:
        return _elsewhere("gate.other-complaint")
    return None


def _elsewhere(why: str) -> Gate:
    return Gate("off_topic", word(why), by_words=True)
