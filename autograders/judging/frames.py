"""Who speaks in each word of a plan, and what is denied: own plan, what not to say, the customer's words,
recital, past case.

For `behaviours`. Negation works over words: a negator governs what follows it to the end of its clause, and
a list
of quotations behind it. Refuses to know behaviours.
"""

import itertools
from dataclasses import dataclass
from enum import IntEnum

from autograders.judging.spelling import NEGATORS, bag
from autograders.judging.text import Text


class Frame(IntEnum):
    """In whose mouth, or in what light, a word stands."""

    PLAN = 0
    AVOIDED = 1
    CUSTOMER = 2
    GENERAL = 3
    PAST = 4
    GRADER = 5


@dataclass(frozen=True)
class Frames:
    """For each word its frame, and how many negators govern it from outside."""

    frame: tuple[Frame, ...]
    denied: tuple[int, ...]


_STOPS = bag(
    "but however instead until till because since so although though unless then rather just except "
    "only than once when after while if"
)
_SUBJECTS = bag("i we he she they you it this that there what here")
_NOUN_NEGATORS = bag("no without nor none nothing")
_VERBS_AFTER_A_NOUN = bag("would will is was are can could has must should had were")
_PASSIVE = bag("is are will gets get")
_PRONOUNS = bag("nothing none nowhere nobody")
_AUXILIARIES = bag(
    "will is was would can could should has had in there of here gets tells says ever may shall from like"
)
_NOT_NEGATORS = bag("wonder doubt matter problem only just merely idea surprise hard difficult")
_TELLING = bag("say tell express describe imagine apologise thank")
_BEYOND = bag("how enough")
_SOFT = (
    ("instead", "of"), ("rather", "than"), ("stop", "myself"), ("resist", "the"), ("refuse", "to"),
    ("hold", "back"), ("keep", "from"), ("far", "from"), ("do", "nothing"),
)  # fmt: skip
_AVOID_HEADS = bag(
    "avoid avoids don'ts donts mistakes forbidden taboo taboos worst wrong bad never not no nogo"
)
_NEW_SUBJECTS = bag("i he she they we then instead so but what you")
_HEAD_WORDS = bag(
    "counter desk phone customer her him what i we you the a my to do does say things thing will "
    "would should must can of list go gos nos "
    "definitely here certainly in this case call conversation on replies reply answers words phrases "
    "are is agent one and at all ever"
)
_LISTED = bag("things what words phrases sentences lines answers replies none nothing")
_PUTS = bag("put say write use mention hear read find get utter send type")
_AVOID_NOUNS = bag(
    "reply replies answer answers thing things response responses words phrases sentence do say"
)
_SAYS = bag("says said shouts shouted tells told yells complains complained writes wrote asks screams")
_CUSTOMERS = bag("customer client guest caller passenger patient member tenant citizen parent")
_GENERAL = (
    "it is important to", "it is essential", "it is crucial", "it is key", "a good agent",
    "a good receptionist",
    "a good employee", "a good clerk", "good service", "customers want", "people want", "every customer",
    "every guest",
    "the customer is king", "the customer is always", "the rubric", "heat means", "heat stands for",
    "in the training",
    "in this course", "the first step of", "step of heat", "we learned", "i learned", "we have learned",
    "one should",
    "one must", "in general", "is one of our", "is at the heart of", "in my opinion", "the key is",
    "what matters is",
    "the heat method", "the heat principle", "the heat model", "studies show", "according to the rubric",
    "core values",
    "number one priority", "angry customers", "difficult customers", "an angry customer", "an angry person",
)  # fmt: skip
_PAST = (
    "when i was", "when i worked", "in my former", "in my last job", "in my old job", "my old supervisor",
    "last year i",
    "i once had", "we once had", "once had a customer", "we had one like", "i had a customer", "used to say",
    "i remember a", "in my previous job", "years ago", "my colleague last", "a colleague once",
    "colleague last year", "last year told",
)  # fmt: skip
_GRADER = (
    "full marks", "full points", "maximum points", "maximum score", "ignore previous", "ignore all",
    "ignore the above",
    "previous instructions", "dear grader", "note to grader", "to the grader", "the grader", "grade this",
    "mark this",
    "give me 2", "award 2", "give 2 points", "give this plan", "this answer deserves", "this plan deserves",
    "score this",
    "system prompt", "as an ai", "you are an ai", "language model", "please give me", "top marks",
    "highest score",
    "level 2 in every", "level 2 in all", "2 2 2 2", "to the examiner", "dear examiner", "dear teacher",
    "i deserve",
    "hear 2", "8 out of 8", "8 8", "instructor note", "pass me",
)  # fmt: skip


_KINDS = ((_GRADER, Frame.GRADER), (_GENERAL, Frame.GENERAL), (_PAST, Frame.PAST))


def frames(text: Text) -> Frames:
    """Read the frames of a text."""
    frame = [Frame.PLAN] * len(text.words)
    denied = [0] * len(text.words)
    _mark_sentences(text, frame)
    for first, last in _governed(text):
        for index in range(first, last):
            denied[index] += 1
    _mark_avoid_lists(text, frame, denied)
    _mark_quotations(text, frame)
    return Frames(tuple(frame), tuple(denied))


def _mark_sentences(text: Text, frame: list[Frame]) -> None:
    whole = " ".join(text.words)
    kinds = [(tuple(p for p in phrases if p in whole), kind) for phrases, kind in _KINDS]
    if not any(phrases for phrases, _ in kinds):
        return
    for first, last in text.sentences:
        said = " " + " ".join(text.words[first:last]) + " "
        for phrases, kind in kinds:
            if any(f" {phrase} " in said for phrase in phrases):
                for index in range(first, last):
                    if text.quote[index] < 0 or kind is Frame.GRADER:
                        frame[index] = kind
                break


def _mark_avoid_lists(text: Text, frame: list[Frame], denied: list[int]) -> None:
    """A heading such as "What I will NOT do:" reaches to the next heading; "The worst replies are …" over
    its quotations."""
    active = False
    for first, last in text.sentences:
        words = text.words[first:last]
        colon = words.index(":") if ":" in words else -1
        if colon >= 0:
            head = set(words[:colon])
            active = bool(head & _AVOID_HEADS) and head <= _AVOID_HEADS | _HEAD_WORDS
            listed = words[0] in _LISTED and bool(denied[first + colon - 1]) and bool(head & _PUTS)
            active = active or listed or {"none", "following"} <= head
        elif active and text.lines[first] > text.lines[first - 1] and words and not set(words) & {"say"}:
            active = active and text.written[text.spans[first][0] - 1 : text.spans[first][0]] in "-*• \t"
        start = first + colon + 1 if colon >= 0 else first
        if active and colon < 0 and words[0] in _NEW_SUBJECTS:
            active = False
        if active:
            for index in range(start, last):
                frame[index] = Frame.AVOIDED
        elif set(words) & {"worst", "wrong", "forbidden", "temptation"} and set(words) & _AVOID_NOUNS:
            for index in range(first, last):
                if text.quote[index] >= 0:
                    frame[index] = Frame.AVOIDED


def _mark_quotations(text: Text, frame: list[Frame]) -> None:
    """A quotation that a customer says is the customer's."""
    for index in range(1, len(text.words)):
        if text.quote[index] < 0 or text.quote[index] == text.quote[index - 1]:
            continue
        before = [w for w in text.words[max(0, index - 6) : index] if w not in ".?:"]
        if any(a in _CUSTOMERS and b in _SAYS for a, b in itertools.pairwise(before)):
            for inside in range(index, len(text.words)):
                if text.quote[inside] != text.quote[index]:
                    break
                frame[inside] = Frame.CUSTOMER


def _governed(text: Text) -> list[tuple[int, int]]:
    """Return for each negator the words that it denies, half-open."""
    found = []
    words = text.words
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else "."
        soft = (word, following) in _SOFT
        if not soft and (word not in NEGATORS or following in _NOT_NEGATORS):
            continue
        if word == "not" and index and words[index - 1] in ("why", "or", "if"):
            continue
        if following in _TELLING and _BEYOND & set(words[index + 2 : index + 4]):
            continue  # "I can't say how sorry I am"
        if word in _PRONOUNS and (following not in _AUXILIARIES or (index and words[index - 1] == "for")):
            continue
        start = index + (2 if soft else 1)
        noun = word in _NOUN_NEGATORS and not (word == "no" and _heads_a_clause(text, index))
        found.append((start, _end_of_scope(text, start, noun=noun)))
    return found


def _heads_a_clause(text: Text, index: int) -> bool:
    """Say whether a "no" denies the whole clause: "and no food is credited", and not "no wonder he is" or "no
    problem, I will"."""
    if index and not text.pause[index] and text.words[index - 1] not in (".", "?", ":", "and", "but", "so"):
        return False
    return bool(_PASSIVE & set(text.words[index + 2 : index + 4]))


def _end_of_scope(text: Text, start: int, *, noun: bool) -> int:
    words, quote = text.words, text.quote
    home = quote[start - 1] if start else -1
    listed = _is_or_list(text, start)
    reach = 0
    for index in range(start, len(words)):
        word = words[index]
        if quote[index] >= 0 and quote[index] != home:
            continue
        if home >= 0 and quote[index] != home:
            return index
        if index and quote[index - 1] >= 0 and quote[index - 1] != home and quote[index] == home:
            if word in ("or", "nor", "and", ",") or text.pause[index]:
                continue
            if word in ".?":
                return index
        if word in ".?":
            return index
        if word == ":" and (
            index - start > 2 or not set(words[start:index]) <= _HEAD_WORDS | _LISTED | _PUTS
        ):
            return index
        if index > start and word in _STOPS:
            return index
        if index > start and word == "and" and not listed:
            return index
        if text.pause[index] and not (listed or word in ("or", "nor") or -1 < quote[index] != home):
            return index
        reach += 1
        if noun and word in _VERBS_AFTER_A_NOUN:
            return index
        if noun and reach > 5 and not listed:
            return index
        if reach > 24:
            return index
    return len(words)


def _is_or_list(text: Text, start: int) -> bool:
    """Say whether an "or" follows in the same sentence, before a new subject: "I won't argue, blame or
    threaten"."""
    for index in range(start, min(start + 22, len(text.words))):
        word = text.words[index]
        if word in ".?":
            return False
        if word in ("or", "nor"):
            return True
        if text.pause[index] and word in _SUBJECTS:
            return False
        if word in ("but", "because", "until", "and"):
            return False
    return False
