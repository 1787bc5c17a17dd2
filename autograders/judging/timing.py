"""Bind every time to the nearest remedy or news: commitments, and promises that nobody can keep.

For `tying`. Refuses to know levels.
"""

from autograders.judging.behaviours import FEELING, HEARING, Findings, Hit
from autograders.judging.bind import Case

_ACTS = ("remedy", "news")


def tie_times(findings: Findings, case: Case) -> None:
    text = findings.text
    promised: list[Hit] = []
    for time in findings.of("time"):
        first, last = text.sentences[time.sentence]
        near = _nearest(
            time, findings.within(first, last, "remedy", "news", *(() if case.simple else ("resolution",)))
        )
        if near is None:
            near = _of_neighbours(findings, time)
        if near is None:
            continue
        if near.name == "remedy" and case.simple:
            findings.add(Hit(time.first, time.last, "commitment", time.sentence))
        if near.name == "resolution" and not case.simple:
            promised.append(time)
    if not case.simple:
        for news in findings.of("news"):
            findings.add(Hit(news.first, news.last, "commitment", news.sentence))
    _add_overpromises(findings, case, promised)


def _nearest(time: Hit, others: list[Hit]) -> Hit | None:
    def gap(other: Hit) -> tuple[int, int]:
        distance = max(0, other.first - time.last, time.first - other.last)
        return distance, 0 if other.name != "resolution" else 1

    return min(others, key=gap, default=None)


def _of_neighbours(findings: Findings, time: Hit) -> Hit | None:
    text = findings.text
    first, last = text.sentences[time.sentence]
    if findings.within(first, last, *HEARING, *FEELING, "apology", "listens"):
        return None
    for number in (time.sentence - 1, time.sentence + 1, time.sentence - 2):
        if 0 <= number < len(text.sentences):
            acts = findings.within(*text.sentences[number], *_ACTS)
            if acts:
                return acts[-1] if number < time.sentence else acts[0]
    return None


def _add_overpromises(findings: Findings, case: Case, promised: list[Hit]) -> None:
    text = findings.text
    for time in promised:
        first, last = text.sentences[time.sentence]
        words = set(text.words[first:last])
        if text.words[last - 1] == "?" or words & {"if", "hope", "try", "maybe", "perhaps", "might"}:
            continue
        if findings.within(first, last, *HEARING):
            continue
        if words & {"will", "promise", "going", "guarantee", "have", "be", "is", "get", "can"}:
            findings.add(Hit(first, last, "overpromises", time.sentence))
    for hit in findings.of("guarantee"):
        first, last = text.sentences[hit.sentence]
        sure = {"guarantee", "100", "pass", "never"} & set(text.words[hit.first : hit.last])
        if case.simple and not sure and findings.within(first, last, "remedy", "time"):
            continue
        findings.add(Hit(hit.first, hit.last, "overpromises", hit.sentence))
