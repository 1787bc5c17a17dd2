"""Tell a complaint back in the agent's mouth: "Your update wiped our list" becomes "Our update wiped your
list".

For the model sentences of `explain`. Takes the sentence that says most of what was done to the customer, and
turns I and you about only where it is sure of them. Refuses to know what a plan says.
"""

from collections.abc import Iterator
from functools import lru_cache

import re2

from autograders.judging.spelling import bag

_MOST = 105
_FEWEST = 4
_TURNED = {
    "i": "you", "me": "you", "my": "your", "mine": "yours", "myself": "yourself", "i'm": "you're",
    "i've": "you've", "i'd": "you'd", "i'll": "you'll", "im": "you're", "ive": "you've", "we": "you",
    "us": "you", "our": "your", "ours": "yours", "ourselves": "yourselves", "we're": "you're",
    "we've": "you've", "we'd": "you'd", "we'll": "you'll", "your": "our", "yours": "ours", "ur": "our",
    "yourself": "ourselves", "yourselves": "ourselves",
    "you've": "we've", "you're": "we're", "you'd": "we'd", "you'll": "we'll", "youve": "we've",
}  # fmt: skip
"""Who speaks of whom, turned about; a bare "you" is looked at by itself."""
_BEFORE_A_SUBJECT = bag("and but that because when while then so as since before after until where")
_BEFORE_AN_OBJECT = bag(
    "to from with for at by on of told asked paid rang called sent gave wrote phoned emailed trust trusted "
    "showed owe about behind against near"
)
_SHOUTED = bag(
    "paid again work asked now second third never all not no still wrong late told the every and "
    "day week yellow exam crashed my is now nine hospital closed look two three five no not seven eleven "
    "looks"
)
_DID = bag(
    "put sent sold took gave delivered promised connected packed made cut left told booked wrote charged "
    "fitted "
    "showed lost closed cancelled brought have had are were did repaired installed posted"
)
_OURS = ("you", "your", "you've", "you're", "ur", "youve")
_PARENTS = {name + end for name in ("dad", "mum", "mam", "gran", "grandad") for end in ("", "'s")}
_WRITTEN = {"theres": "there's", "dont": "don't", "didnt": "didn't", "cant": "can't", "wasnt": "wasn't"}
_GENERIC = re2.compile(
    r"\b(you (people|can't|cannot|can|know|want|have to|must|see|get|should|could|would|might|lot)|"
    r"thank you|you[,:]|(do|did|can|could|would|will|are|have) you|i hope you|you tell me)\b"
)
_OUTCRY = re2.compile(
    r"^(look|listen|give|get|tell|explain|fix|stop|please|hello|dear|i want|i need|i demand|i'd like|"
    r"i don't want|"
    r"i expect|don't|do not|not |i am not leaving|i'm not leaving|who|what|how|why|where|when|is|are|do|"
    r"does|did|can|am|so what|imagine|"
    r"it's theft|it is theft|i trusted|i've explained|i have explained|i told|i'm sure|i am sure|i checked|"
    r"i asked|shame|"
    r"seriously)\b"
)
_UNCLEAR = bag("it it's its he he's she she's they they're that that's this and but then so or")
_TELLS = re2.compile(r"\b(tells?|told)\b")
_OF_ANOTHER = re2.compile(r"^the (next|other|first|second|third|last|one)\b")
_HARM = re2.compile(
    r"n't\b|\b(no|not|nobody|never|none|nothing|without|again|twice|third|second|still|gone|lost|warning|"
    r"stopped|frighten\w*|lose|"
    r"wrong|wiped|"
    r"broke\w*|late|closed|cold|missing|missed|fail\w*|refus\w*|declin\w*|rain|ruin\w*|stuck|block\w*|"
    r"cancel\w*|cut|"
    r"leak\w*|hole|crack\w*|empty|stink\w*|mould|brown|dark|locked|froz\w*|dead|unread\w*|swap\w*|stolen|"
    r"disappear\w*|"
    r"wait\w*|weeks|days|hours|minutes|months|charged|took|taken|left|forgot\w*|mistake|double|"
    r"somebody else|someone else|another|twice|past)\b"
)
_VERB = re2.compile(
    r"'(ve|m|re|s|d)\b|n't\b|\b(am|is|are|was|were|have|has|had|did|do|does|im|ive|theres|told|took|take|"
    r"sent|came|"
    r"went|gave|left|put|cut|lost|stood|sat|got|said|says|made|paid|broke|drove|flew|sold|rang|ran|fell|"
    r"let|\w{3,}ed)\b"
)
_SENTENCE = re2.compile(r"[^.!?\n]+(?:[.!?]+[^\s.!?)][^.!?\n]*)*[.!?]*")
_ASIDE = re2.compile(r"\([^)]*[.!?]\) ?|^[Dd]ear [A-Za-z ]+, ")
_BEGINS = re2.compile(r"^(?:[Aa]nd|[Bb]ut|[Ss]o|[Tt]hen|[Nn]ow|[Aa]nyway),? ")
_SHORT = (
    ("incl. ", "including "),
    ("Mr. ", "Mr "),
    ("Mrs. ", "Mrs "),
    ("Dr. ", "Dr "),
    ("approx. ", "about "),
)
_WORDS = re2.compile(r"[A-Za-z']+|[^A-Za-z']+")
_CUTS = re2.compile(r",? (?:and|but|because|so|while|when) |[,;:–—] ?| - ")


@lru_cache(maxsize=256)
def told_back(complaint: str) -> str:
    """Return one sentence of what happened, as the agent would say it; "" where none can be turned about."""
    said = _ASIDE.sub("", complaint.replace("’", "'").replace("‘", "'"))
    for short, long in _SHORT:
        said = said.replace(short, long)
    told = [(_worth(one, place, whole=whole), one) for place, (one, whole) in enumerate(_candidates(said))]
    for worth, one in sorted(told, key=lambda each: -each[0]):
        if worth > 0 and (turned := _turned(one)):
            return turned[0].upper() + turned[1:] + "."
    return ""


def _candidates(complaint: str) -> Iterator[tuple[str, bool]]:
    """Yield the sentences that are no question and quote nobody, and True; of a long one its beginning,
    and False."""
    for found in _SENTENCE.findall(complaint):
        said = " ".join(found.split())
        if said.endswith("?") or "?" in said:
            continue
        said = _BEGINS.sub("", said.rstrip(".!… "))
        whole = len(said) <= _MOST and not _quotes(said)
        said = said if whole else _shortened(said)
        if len(said.split()) >= _FEWEST:
            yield said, whole


def _quotes(said: str) -> bool:
    return any(mark in said for mark in '"“”*<>{}') or bool(re2.search(r"(^|[ (])'|'( |$)|:\)|:\(", said))


def _shortened(said: str) -> str:
    """Return the longest beginning of bearable length that ends where a clause does."""
    ends = [match.start() for match in _CUTS.finditer(said)]
    fits = [said[:end] for end in ends if end <= _MOST and not _quotes(said[:end])]
    return next((one for one in reversed(fits) if _VERB.search(one.lower())), "")


def _worth(said: str, place: int, *, whole: bool) -> float:
    """Say how well a sentence tells what was done to the customer: above 0 it will do."""
    low, words = said.lower(), said.lower().split()
    ours = words[0] in _OURS
    if _OUTCRY.search(low) or not (ours or _VERB.search(low)):
        return 0.0
    worth = 2.0 - 0.15 * place
    plain_state = words[0] == "you" and words[1] in ("have", "are", "got")
    worth -= 2.0 * plain_state + 2.0 * (not _VERB.search(low)) + 1.5 * bool(_TELLS.search(low))
    worth += 3.0 * (ours and not plain_state)
    worth += 1.0 * bool(re2.search(r"\b(your|you|nobody)\b", low))
    worth += 2.0 * bool(_HARM.search(low))
    worth -= 2.0 * bool(_OF_ANOTHER.search(low))
    worth -= 2.0 * (words[0] in _UNCLEAR) + 2.0 * (words[-1] in _UNCLEAR)
    worth -= 1.0 * (len(words) < _FEWEST + 2) + 1.0 * (len(words) == _FEWEST) + 2.0 * (not whole)
    return max(worth, 0.1)


def _turned(said: str) -> str:
    """Return the sentence with I and you turned about; "" where that is not sure."""
    if _GENERIC.search(said.lower()):
        return ""
    parts = _WORDS.findall(said)
    words = [part for part in parts if part[0].isalpha() or part[0] == "'"]
    out: list[str] = []
    at = -1
    for index, part in enumerate(parts):
        if not (part[0].isalpha() or part[0] == "'"):
            out.append(part)
            continue
        at += 1
        low, before = part.lower(), words[at - 1].lower() if at else ""
        after_pause = index > 0 and parts[index - 1].strip() != ""
        if low in ("you", "u"):
            following = words[at + 1].lower() if at + 1 < len(words) else ""
            new = _you(before, following, first=at == 0 or after_pause)
            if not new:
                return ""
        elif low in _TURNED or low in _WRITTEN:
            new = _TURNED.get(low) or _WRITTEN[low]
        elif at == 0 and low in _PARENTS:
            new = f"your {low}"
        elif low in ("am", "was") and before == "i":
            new = {"am": "are", "was": "were"}[low]
        else:
            new = low if part.isupper() and low in _SHOUTED else part
        out.append(new)
    return "".join(out).strip()


def _you(before: str, following: str, *, first: bool) -> str:
    """Return what a "you" of the customer is to the agent: we, us, or "" where it may be either."""
    if first or before in _BEFORE_A_SUBJECT:
        return "we"
    if before in _BEFORE_AN_OBJECT:
        return "us"
    return "we" if following in _DID else ""
