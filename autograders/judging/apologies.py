"""What an apology of a plan says, for the explanation: by whose fault, what for, and in which words.

For `reading`. `tying` finds which apology is owned and names a harm; refuses to know levels.
"""

from collections.abc import Sequence
from itertools import takewhile

from autograders.judging.behaviours import Findings, Hit
from autograders.judging.spelling import bag


def with_who_takes_it_on(hits: tuple[Hit, ...], findings: Findings) -> tuple[Hit, ...]:
    """Add to an apology the words that take it on."""
    own = {
        apology.first: taken
        for apology, taken, _ in findings.apologies
        if taken and (taken.sentence == apology.sentence or taken in findings.of("ownership"))
    }
    added = (own[hit.first] for hit in hits if hit.name == "owned apology" and hit.first in own)
    return tuple(dict.fromkeys([*hits, *added]))


def what_it_says(hits: tuple[Hit, ...], findings: Findings) -> frozenset[str]:
    """Return what the best apology says: whose fault it was ("owned"), and what for ("harm")."""
    text = findings.text
    told = []
    for apology, owned, harm in findings.apologies:
        clause = text.clause(apology.first, apology.last)[1]
        for_what = harm or _for_something(text.words[apology.first : clause])
        told.append(frozenset(name for name, said in (("owned", owned), ("harm", for_what)) if said))
    elsewhere = {"owned" for hit in hits if hit.name == "ownership"}
    return max(told, key=len, default=frozenset()) | elsewhere


_STOCK = bag(
    "for about that because this it all any the a an your you his her their our we i is are was were am "
    "have has "
    "had what happened happens everything inconvenience trouble caused causing cause situation issue problem "
    "experience incident matter inconveniences troubles bother so very much really deeply sincerely to of "
    "in and on "
    "here there today everything me us them him may been be sorry hear again . ? : may might some sir "
    "madam ms mr mrs"
)


def _for_something(words: Sequence[str]) -> bool:
    """Say whether words behind an apology name what it is for: more than "for any inconvenience"."""
    at = next((i for i, word in enumerate(words) if word in ("for", "about", "that", "because", "of")), None)
    if at is None:
        return False
    named = takewhile(lambda word: word not in ("and", "but"), words[at:])
    return any(word not in _STOCK and not word.startswith("inconv") for word in named)
