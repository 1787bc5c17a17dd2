"""Tie what was found to this complaint: feelings and apologies to what happened, times to the remedy or to
the news.

For `judge_plan`. Adds to the findings `feeling here`, `perspective here`, `harm`, `commitment` and the
over-promises
that no phrase shows. Refuses to know levels.
"""

from collections.abc import Iterator, Sequence

from autograders.judging.behaviours import FEELING, HEARING, Findings, Hit
from autograders.judging.bind import Case, Tables
from autograders.judging.spelling import bag
from autograders.judging.stems import stem
from autograders.judging.timing import tie_times

_CAUSES = bag("when after because with over about at to")
_THEIRS = bag("you your she her he his they their")
_BUSY = (*HEARING, "apology", "remedy", "news", "listens")


def tie(findings: Findings, case: Case, known: Tables, *, bound: Sequence[str] = ()) -> None:
    """Add everything that depends on the complaint; `bound` names further behaviours to tie to the case."""
    _tie_feelings(findings, case, known)
    for hit in findings.of(*bound):
        if ties(findings, *findings.text.sentences[hit.sentence], case, known):
            findings.add(Hit(hit.first, hit.last, f"{hit.name} here", hit.sentence))
    _tie_apologies(findings, case, known)
    tie_times(findings, case)


def ties(findings: Findings, first: int, last: int, case: Case, known: Tables) -> frozenset[str]:
    """Return the words of a range that belong to this complaint and to few others."""
    words = [w for w in findings.text.words[first:last] if w not in ".?:"]
    close = case.special_ties(words)
    if close:
        return close
    faint = {stem(w) for w in words if len(w) > 3} & case.said
    return frozenset(faint) if len(faint) >= 3 else frozenset()


def _tie_feelings(findings: Findings, case: Case, known: Tables) -> None:
    text = findings.text
    for hit in findings.of(*FEELING):
        start, end = text.sentences[hit.sentence]
        bare = _is_formula(findings, hit)
        start, end = _own_part(findings, hit, start, end)
        if bare:
            start = hit.last
        here = ties(findings, start, end, case, known)
        if not here and not bare and _twice(findings, hit):
            here = frozenset([hit.name])
        if not here and not bare:
            here = _specific(findings, start, end, hit, known)
        if not here and not bare:
            here = _neighbours_tie(findings, hit, case, known)
        if here:
            findings.add(Hit(hit.first, hit.last, f"{hit.name} here", hit.sentence))


def _twice(findings: Findings, hit: Hit) -> bool:
    """Say whether the sentence has a feeling and, elsewhere, what the customer went through ("you had to
    …")."""
    others = [o for o in findings.of(*FEELING) if o.sentence == hit.sentence and o.name != hit.name]
    words = findings.text.words
    return any(
        not o.overlaps(hit) and "to" in words[o.first : o.last] and words[o.first] in ("you", "she", "he")
        for o in others
    )


def _specific(findings: Findings, first: int, last: int, hit: Hit, known: Tables) -> frozenset[str]:
    """Return what is told of the case in words that neither the complaint has nor everybody uses; one is too
    few."""
    words = [w for i, w in enumerate(findings.text.words[first:last], first) if not hit.first <= i < hit.last]
    own = frozenset(stem(w) for w in words if len(w) > 2 and stem(w) not in known.general)
    after = findings.text.words[hit.last : min(last, hit.last + 2)]
    addressed = {"must", "would"} & set(findings.text.words[hit.first : hit.last]) and _THEIRS & set(
        findings.text.words[hit.first : hit.last]
    )
    enough = 1 if set(after) & _CAUSES or addressed else 2
    return own if len(own) >= enough else frozenset()


def _is_formula(findings: Findings, hit: Hit) -> bool:
    words = findings.text.words[max(0, hit.first - 3) : hit.last]
    heads = {"understand", "understands", "appreciate", "apologise", "sorry"}
    return bool(set(words) & heads) and hit.last - hit.first <= 6


def _own_part(findings: Findings, hit: Hit, start: int, end: int) -> tuple[int, int]:
    """Cut the sentence where another act begins or ends."""
    for other in findings.of(*_BUSY):
        if other.sentence != hit.sentence:
            continue
        if other.first >= hit.last:
            end = min(end, other.first)
        elif other.last <= hit.first:
            start = max(start, other.last)
    return start, max(end, hit.last)


def _neighbours_tie(findings: Findings, hit: Hit, case: Case, known: Tables) -> frozenset[str]:
    text = findings.text
    for step in (-1, -2, 1, 2):
        number = hit.sentence + step
        if not 0 <= number < len(text.sentences):
            continue
        first, last = text.sentences[number]
        if text.quote[first] != text.quote[hit.first] and text.quote[last - 1] != text.quote[hit.first]:
            continue
        if findings.within(first, last, *_BUSY):
            if abs(step) == 1:
                continue
            continue
        if here := ties(findings, first, last, case, known):
            return here
        own = {stem(w) for w in text.words[first:last] if len(w) > 3} - known.general
        if len(own) >= 3 and _THEIRS & set(text.words[first:last]):
            return frozenset(own)
    return frozenset()


def _tie_apologies(findings: Findings, case: Case, known: Tables) -> None:
    findings.apologies = list(_apologies(findings, case, known))
    findings.found.pop("harm", None)
    for apology, own, harmed in findings.apologies:
        if own and harmed:
            findings.add(Hit(apology.first, apology.last, "owned apology", apology.sentence))


def _apologies(findings: Findings, case: Case, known: Tables) -> Iterator[tuple[Hit, Hit | None, bool]]:
    """Yield each apology; the words that take it on, if any; and whether it says what for."""
    text = findings.text
    for apology in findings.of("apology"):
        zones = [_apology_zone(findings, apology)]
        for number in (apology.sentence + step for step in (1, -1, 2, -2, -3)):
            if 0 <= number < len(text.sentences):
                first, last = text.sentences[number]
                if _taken_on(findings, first, last):
                    zones.append(_cut(findings, first, last))
        taken = [hit for hit in (_taken_on(findings, *zone) for zone in zones) if hit]
        own = next((hit for hit in taken if hit in findings.of("ownership")), taken[0] if taken else None)
        harmed = any(
            ties(findings, first, last, case, known)
            or _says_specific(findings, first, last, known)
            or _we_did(findings, first, last, known)
            for first, last in zones
        )
        down = any(findings.within(first, last, "harm") for first, last in zones)
        yield apology, own, harmed or down


def _taken_on(findings: Findings, first: int, last: int) -> Hit | None:
    """Return the words of a range that take responsibility, or tell what "we" did."""
    if owned := findings.within(first, last, "ownership"):
        return owned[0]
    at = _we_did(findings, first, last)
    return Hit(at - 1, at + 1, "ownership", findings.text.sentence[at]) if at else None


_WE_NOT_YET = bag(
    "are will would can could have understand apologise regret hope want do say know see take shall may "
    "must appreciate value care look need try am feel also always truly really sincerely deeply "
    "all offer ask make work guarantee promise refund credit send call ring get give put move both hear "
    "listen thank like wish fully repair"
)


def _we_did(findings: Findings, first: int, last: int, known: Tables | None = None) -> int:
    """Return the word behind the "we" of a range that tells what "we" did or failed to do, 0 where none does;
    with `known`, in two words of its own."""
    words = findings.text.words
    if "we" not in words[first:last]:
        return 0
    found, many, refused, telling = 0, 0, False, set[str]()
    for index in range(last - 2, first - 1, -1):  # from behind, so that each word is looked at once
        word = words[index + 1]
        if word not in ".?:":
            many += 1
            refused = refused or word == "not"
            if known and len(word) > 2 and (told := stem(word)) not in known.general:
                telling.add(told)
        says = known is None or len(telling) >= 2 or (many >= 5 and (telling or refused))
        if says and words[index] == "we" and word not in _WE_NOT_YET:
            found = index + 1
    return found


def _says_specific(findings: Findings, first: int, last: int, known: Tables) -> bool:
    """Say whether the apology is for something of its own: two words that are not everybody's."""
    words = findings.text.words[first:last]
    at = next((i for i, word in enumerate(words) if word in ("for", "that", "about", "because")), None)
    if at is None:
        return False
    own = {stem(w) for w in words[at + 1 :] if w not in ".?:" and stem(w) not in known.general and len(w) > 3}
    return len(own) >= 2


def _apology_zone(findings: Findings, apology: Hit) -> tuple[int, int]:
    first, last = findings.text.sentences[apology.sentence]
    for other in findings.of(*HEARING, *FEELING, "remedy", "news"):
        if other.sentence != apology.sentence:
            continue
        if other.name in ("remedy", "news", *HEARING) and other.first >= apology.last:
            last = min(last, other.first)
        elif (
            other.last <= apology.first
            and "we" not in findings.text.words[max(0, other.first - 2) : apology.first - 1]
        ):
            first = max(first, other.last)
    return first, max(last, apology.last)


def _cut(findings: Findings, first: int, last: int) -> tuple[int, int]:
    for other in findings.within(first, last, "remedy", "news"):
        last = min(last, max(first + 1, other.first))
    return first, last
