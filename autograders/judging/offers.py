"""Read in a fact sheet what the agent can do, as the agent would offer it: "open a file and lend a car".

For the model sentences of `explain`. Takes what stands behind "the agent can", without news (which is
promised by itself) and without what is said of third persons. Refuses to know what a plan says.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import re2

from autograders.judging.spelling import bag

_MOST = 100
_ABLE = re2.compile(
    r"(?:, and |, but |, | and |^)((?:[Aa]n? |[Tt]he |[Oo]ur |[Yy]our )?[A-Za-z-]+(?: [a-z]+)?) (?:can|"
    r"may) (?:also |still |only )?"
)
_NOT_THE_AGENT = bag(
    "nobody nothing anybody only he she they who which that data money bus presser engineers driver courier "
    "customer card results part tin everybody patient guest board insurer surveyor"
)
_VERBS = bag(
    "borrow delete e-mail email re-check re-cement reinstate settle put serve waive pay add admit advance "
    "arrange ask attach attend become block book bring call cancel carry change charge check close "
    "collect confirm cook correct credit cut deliver drive enrol exchange extend fetch file find fit flag "
    "free freeze "
    "get give go grant hand have hide hold issue keep lend let lift load lodge look make mark move name "
    "note offer "
    "open order own pay place press print promise pull put raise reach rebook refund release remove "
    "repair replace "
    "report reprint request reserve restore retouch return reverse ring run search secure seat send set "
    "show sign "
    "start stay stop swap switch take text tint trace transfer unblock unlock waive write"
)
_NEWS = re2.compile(
    r"\bnews\b|^(ring|call|text|write (to|every)|report|keep)\b.*\b(news|every|day|daily|weekly|twice|"
    r"fixed|friday|monday|customer|informed|back|state|each)\b|"
    r"^(ring|call|promise|report back|report weekly)\b|\brings?$"
)
_THIRD = re2.compile(r"\b(she|he|him|his|her|hers|himself|herself)\b")
_CALLED = re2.compile(
    r"\bthe (customer|guest|passenger|patient|applicant|caller|client)((?: (?:and|at|on|by|for|now|to|in|"
    r"with|may)\b|,|$))"
)
_SHE = re2.compile(r"\b(she|her|mother|mum|mam|daughter|girl|wife|sister|gran|granny|aunt|niece|lady)\b")
_HE = re2.compile(r"\b(he|him|his|father|dad|son|boy|lad|husband|brother|grandad|uncle|nephew)\b")
_HER_AS_OBJECT = re2.compile(
    r"\bher( (?:an?|the|at|in|on|by|for|now|home|today|tonight|to|and|or|with)\b|[,.]|$)"
)
_DONE = re2.compile(r"(\w+ed|sent|brought|made|put|cut|given|taken|done|found|rebuilt|reset) ")
_LOOSE = re2.compile(r"\b(it|them|they|these|both)\b")
_TIMED = re2.compile(
    r"\b(now|today|tonight|tomorrow|this (morning|afternoon|evening|week)|at once|on the spot|immediately|"
    r"straight away|within (an?|the|\d+|two|three|five|ten|fifteen|twenty|thirty|forty) |until|"
    r"quarter of an hour|(before|by|after|at) (\d|noon|one|two|three|four|five|six|seven|eight|nine|ten|"
    r"eleven|twelve)|"
    r"minutes?|(mon|tues|wednes|thurs|fri|satur|sun)day)\b"
)


@dataclass(frozen=True)
class Offer:
    """What the agent can do: `acts` behind "I can"; `choice`: the customer chooses; `timed`: it says when."""

    acts: str
    choice: bool
    timed: bool


NOTHING = Offer("", choice=False, timed=False)


@lru_cache(maxsize=256)
def offer(facts: str, complaint: str) -> Offer:
    """Return what the agent can offer by a fact sheet, in one or two acts.

    A "she" or "he" of the facts is the customer where the complaint speaks of no other woman or man.
    """
    told = re2.sub(r"\([^)]*\)", "", complaint.lower())
    you = frozenset(who for who, other in (("she", _SHE), ("he", _HE)) if not other.search(told))
    acts = [(place, joined, act) for place, (joined, act) in enumerate(_acts(facts, you))]
    fit = sorted((_cost(act), place, joined, act) for place, joined, act in acts if _cost(act) < _UNFIT)
    chosen = sorted((place, joined, act) for _, place, joined, act in fit[:2])
    if len(chosen) == 2 and len(chosen[0][2]) + len(chosen[1][2]) > _MOST:
        chosen = [(place, joined, act) for _, place, joined, act in fit[:1]]
    if not chosen:
        return NOTHING
    choice = len(chosen) == 2 and chosen[1][1] == "or" and chosen[1][0] == chosen[0][0] + 1
    long = any(" and " in act or "," in act for _, _, act in chosen)
    joint = " or " if choice else ", and " if long else " and "
    told = joint.join(act for _, _, act in chosen)
    return Offer(told, choice or ", or " in told, bool(_TIMED.search(told)))


_UNFIT = 3.0


def _cost(act: str) -> float:
    """Say how little an act says by itself: one with a time is best, one with an "it" hangs in the air."""
    if len(act) > _MOST or act.startswith(("see the ", "see one ", "book either")):
        return _UNFIT
    third = 2.0 * bool(_THIRD.search(act.lower()))
    return third + 1.0 * bool(_LOOSE.search(act.lower())) - 1.2 * bool(_TIMED.search(act.lower()))


def _acts(facts: str, you: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield how each act is joined to the one before it ("", "and" or "or"), and the act."""
    plain = re2.sub(r" ?\([^)]*\)", "", " ".join(facts.split()))
    plain = re2.sub(r"(,| and|, and) can ", r"\1 ", plain)
    for sentence in re2.split(r"[.;:](?: |$)", plain):
        pieces = _ABLE.split(sentence)
        for subject, able in zip(pieces[1::2], pieces[2::2], strict=True):
            if subject.split()[-1].lower() in _NOT_THE_AGENT or able.startswith(("not ", "have to ")):
                continue
            if able.startswith("be "):
                able = f"have {subject[0].lower()}{subject[1:]} {able[3:]}" if _DONE.match(able[3:]) else ""
            for joined, act in _parted(able):
                told = _to_the_customer(act, you)
                if told and not _NEWS.search(told.lower()):
                    yield joined, told


def _parted(able: str) -> Iterator[tuple[str, str]]:
    """Part "A, B and C" where a verb begins again; what begins with none belongs to the one before it."""
    pieces = re2.split(r"(,? and |,? or |, )", able)
    acts = [("", pieces[0].strip())]
    named = False
    for between, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        verb = piece.split(" ", 1)[0].lower() in _VERBS and " " in piece
        if verb and not (named and acts[-1][1].startswith("have ")):
            acts.append(("or" if " or" in between else "and", piece.strip()))
            named = False
            continue
        named = piece[:1].isupper() and not verb
        acts[-1] = acts[-1][0], acts[-1][1] + between + piece
    yield from acts


def _to_the_customer(act: str, you: frozenset[str]) -> str:
    """Return an act as it is said to the customer, and of oneself."""
    act = _CALLED.sub(r"you\2", act)
    act = re2.sub(r"\bwhile (she|he|the customer) (waits|is)\b", "while you are there", act).replace(
        "while you are there on", "while you are on"
    )
    act = re2.sub(r"\b(himself|herself|yourself)\b", "myself", act)
    if re2.search(r"\b(Dr|Mr|Mrs|Ms) [A-Z]", act):
        return act
    if "he" in you:
        act = re2.sub(r"\bhis\b", "your", re2.sub(r"\bhim\b", "you", act))
    if "she" in you:
        act = re2.sub(r"\bher\b", "your", _HER_AS_OBJECT.sub(r"you\1", act))
    for who in you:
        act = re2.sub(rf"\b{who} (wanted|wants|chooses|ordered|paid)\b", r"you \1", act)
    return act
