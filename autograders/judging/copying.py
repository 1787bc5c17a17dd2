"""What a plan has copied: the words that stand, in nearly this order, in a sentence of another text.

For `gates` and `course_texts`. Two content words count when a sentence of the source has them in this order
and as close; a word and its synonym are one. So a copy is found with its sentences shuffled or its words
swapped. Refuses to know flags.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from autograders.judging.spelling import bag
from autograders.judging.stems import stem
from autograders.judging.text import Text

PERSONS = bag(
    "i me my mine you your yours he him his he she her hers we us our they them their the a an it that 's"
)
_EMPTY = PERSONS | bag(
    "and or to of in on at for with is are was were be been being am have has had do does did this these "
    "those so then will would can could shall should may might must what when if but as by from no not "
    "there here than too also just very as who which because until till into while"
)
_REACH = 3
_LEAST = 3
_SAME = (
    "customer client guest caller", "angry furious mad cross livid", "anger rage fury wrath",
    "say tell speak talk", "hear listen", "argument quarrel dispute row", "rude impolite",
    "complaint grievance", "company firm", "fault blame guilt", "sorry apology apologise", "mend repair fix",
    "understand grasp", "detail fact", "mean intend", "colleague co-worker coworker", "somebody someone",
    "nobody none", "begin start", "get become", "make do", "usual normal general", "show demonstrate",
    "alone lonely", "good better best", "way method manner", "learn study", "person people human",
    "trouble bother inconvenience problem issue", "take accept", "word phrase", "other different another",
    "leave away go", "less fewer", "answer reply response", "want hope wish", "date time", "new fresh",
    "serious earnest", "sincere honest genuine", "sense feel notice", "hurt pain", "though if",
    "sign hint", "whole entire all", "large big great", "little small", "often frequent", "always ever",
    "grow rise increase", "help assist support", "give offer", "keep hold", "each every", "still even",
    "hundred 100", "really actual actually", "finish end complete", "explain describe",
    "settle solve resolve",
    "book reserve", "over above", "laugh giggle snigger", "erase wipe delete", "stop halt",
    "matter thing", "choose pick select", "try attempt",
)  # fmt: skip


@lru_cache(maxsize=1)
def _classes() -> dict[str, str]:
    return {stem(word): stem(group.split()[0]) for group in reversed(_SAME) for word in group.split()}


@lru_cache(maxsize=20_000)
def _meaning(word: str) -> str:
    """Return the class of a word: its stem, or that of the first of its synonyms."""
    base = stem(word)
    return _classes().get(base, base)


Kin = Mapping[str, str]
"""For a stem of a trade the first of its kin, so that "bill" and "invoice" are one."""
NO_KIN: Kin = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class Source:
    """A text that may be copied: for a content word and one that follows, the sentences that have them close
    together, the sentences that are told by their exact words alone, and the stems of all its words."""

    pairs: Mapping[str, Mapping[str, Sequence[int]]] = field(default_factory=dict)
    exact: frozenset[tuple[str, ...]] = frozenset()
    stems: frozenset[str] = frozenset()


NOTHING = Source()
"""No text at all."""


def source(sentences: Iterable[Sequence[str]], kin: Kin = NO_KIN) -> Source:
    """Read the plain words of a text, sentence by sentence, as a source."""
    pairs: dict[str, dict[str, list[int]]] = {}
    exact: set[tuple[str, ...]] = set()
    known: set[str] = set()
    for number, words in enumerate(sentences):
        known.update(map(stem, words))
        content = content_of(words, kin)
        if len(content) < _LEAST and len(words) > 1:
            exact.add(tuple(words))
        for at, one in enumerate(content):
            after = pairs.setdefault(one, {})
            for other in content[at + 1 : at + 1 + _REACH]:
                after.setdefault(other, []).append(number)
    return Source(pairs, frozenset(exact), frozenset(known))


def verbatim(sentences: Iterable[Sequence[str]]) -> Source:
    """Read a text of which only whole sentences, word for word, count as copied."""
    return Source(exact=frozenset(tuple(words) for words in sentences))


def content_of(words: Iterable[str], kin: Kin = NO_KIN) -> list[str]:
    """Return the meanings of the words that say something."""
    meanings = [_meaning(word) for word in words if word not in _EMPTY]
    return in_kin(meanings, kin) if kin else meanings


def in_kin(meanings: Sequence[str], kin: Kin) -> list[str]:
    """Return for each meaning the first of its kin."""
    return [kin.get(meaning, meaning) for meaning in meanings]


def sentences_of(text: Text) -> list[tuple[str, ...]]:
    """Return the plain words of each sentence."""
    return [
        tuple(word for word in text.words[first:last] if word not in ".?:") for first, last in text.sentences
    ]


def copied_share(
    sentences: Sequence[tuple[str, ...]], contents: Sequence[Sequence[str]], sources: Sequence[Source]
) -> float:
    """Return the share of the content words that stand in sentences of the sources, 0-1; `contents` is what
    `content_of` says of each sentence."""
    taken = 0
    for words, content in zip(sentences, contents, strict=True):
        if any(words in known.exact for known in sources):
            taken += len(content)
        elif len(content) >= _LEAST:
            taken += len(set().union(*(_covered(content, known) for known in sources)))
    total = sum(map(len, contents))
    return taken / total if total else 0.0


def _covered(content: Sequence[str], known: Source) -> set[int]:
    """Return the places of the words that one sentence of the source has, three or more together."""
    by_sentence: dict[int, set[int]] = {}
    for at, one in enumerate(content):
        after = known.pairs.get(one)
        if not after:
            continue
        for behind, other in enumerate(content[at + 1 : at + 1 + _REACH], at + 1):
            for number in after.get(other, ()):
                by_sentence.setdefault(number, set()).update((at, behind))
    return {at for places in by_sentence.values() if len(places) >= _LEAST for at in places}
