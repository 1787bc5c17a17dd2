"""Turn what was found into passages of the learner's own text that can be quoted.

For `reading`. A passage is a clause, holds the words that it is quoted for, and no half of a quotation.
Refuses to know what it shows.
"""

from collections.abc import Iterable

from autograders.judging.behaviours import Hit
from autograders.judging.text import Text
from autograders.judging.verdict import Evidence

LONG = 78
"""Letters of a quotation that are shown: it must hold the words that it is quoted for."""
REACH = 6
"""Words before the hit among which the quotation of a long clause may begin, behind one that joins."""
_JOINING = ("and", "but", "so", "then", "or", "n")
_HINGES = (*_JOINING, "that", "because", "as", "while", "when")


def evidence_of(hit: Hit, text: Text) -> Evidence:
    """Return the clause that a hit stands in; of a very long one, from shortly before the hit."""
    first, last = text.clause(hit.first, hit.last)
    if text.spans[hit.last - 1][1] - text.spans[first][0] > LONG:
        before = range(hit.first, max(first, hit.first - REACH) - 1, -1)
        first = next((i + 1 for i in before if text.words[i] in _HINGES and i < hit.first), hit.first)
    while last - first > 3 and text.words[first] in _JOINING and first < hit.first:
        first += 1
    start, _, words = text.quoted(first, last)
    left, right = _inside_one_quotation(words)
    return Evidence(hit.name.removesuffix(" here"), start + left, start + right, words[left:right])


def _inside_one_quotation(words: str) -> tuple[int, int]:
    """Return the part of a passage that holds no half of a pair of quotation marks."""
    for opens, closes in (('"', '"'), ("“", "”")):
        first, last = words.find(opens), words.rfind(closes)
        if opens == closes and words.count(opens) % 2 == 0:
            continue
        if first >= 0 and (last < 0 or last <= first):
            inside = len(words) - len(words[first + 1 :].lstrip())
            before = len(words[:first].rstrip(" ,:;-–\n"))
            return (inside, len(words)) if len(words) - inside > before else (0, before)
        if opens != closes and first < 0 <= last:
            return 0, last
    return 0, len(words)


def distinct(pieces: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys(pieces))
