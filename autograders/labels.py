"""Mark the labels that a learner gave to replies: one point a reply, a part of it for a defensible label.

A part is earned by what the key says of a label (`near`), or on a scale by the distance from the right label.

For the checks. Knows a question of the key and a value of any kind; refuses to know where either came from.
"""

from typing import Any

from autograders.keys_reading import KeyReply, LabelsQuestion
from autograders.score import Reason, Score, Sign
from course.engine.labels import credit, known_labels
from course.engine.words import word

MOST_SHOWN = 60
_KINDS = {"dict": "{…}", "list": "[…]", "tuple": "(…)"}


def mark_labels(question: LabelsQuestion, value: Any) -> Score:
    """Return the score of a value, which may be anything: what is no label earns nothing and is told so."""
    given = value if type(value) is dict else {}
    marks = [_mark(question, reply, given.get(reply.id)) for reply in question.replies]
    points = round(sum(share for share, _ in marks), 4)
    summary = word("feedback.points", points=f"{points:g}", out_of=question.points)
    odd = _odd(question, value)
    if not odd and not any(given.get(reply.id) for reply in question.replies):
        summary = f"{word('feedback.not-answered')}: {summary}"
    return Score(points, float(question.points), "", summary, (*odd, *(reason for _, reason in marks)))


def not_asked_for(question: LabelsQuestion, value: Any) -> tuple[str, ...]:
    """Return one sentence for each thing in a value that no sorter would write, for whoever marks."""
    given = value if type(value) is dict else {}
    labels = {
        shown_value(label): None
        for reply in question.replies
        if (label := given.get(reply.id)) not in (None, "", *known_labels(question.labels))
    }
    odd = (reason.said for reason in _odd(question, value))
    return (*odd, *(word("score.unknown-label", label=label) for label in labels))


def label_title(question: LabelsQuestion, label: str) -> str:
    """Return what a learner reads for a label of this question."""
    return question.labels[label] if question.labels else word(f"label.{label}")


def _mark(question: LabelsQuestion, reply: KeyReply, label: Any) -> tuple[float, Reason]:
    if label is None or label == "":
        return 0.0, Reason("missing", word("score.no-label"), reply.text)
    if type(label) is not str or label not in known_labels(question.labels):
        said = word("score.unknown-label", label=shown_value(label))
        return 0.0, Reason("wrong", said, reply.text)
    share = credit(label, reply.label, reply.near, question.scale)
    sign: Sign = "right" if share == 1 else "near" if share else "wrong"
    return share, _reason(sign, question, reply, label, word(f"feedback.{sign}"))


def _reason(sign: Sign, question: LabelsQuestion, reply: KeyReply, label: str, verdict: str) -> Reason:
    chosen = label_title(question, label)
    parts = [word("score.you-chose", label=chosen, verdict=verdict)]
    if label in reply.wrong:
        parts.append(reply.wrong[label])
    elif sign == "wrong" and not question.labels:
        parts.append(word("score.this-label-means", label=chosen, meaning=word(f"label.{label}.meaning")))
    if sign != "right":
        parts.append(word("score.our-label", label=label_title(question, reply.label)))
    return Reason(sign, " ".join((*parts, reply.why)), reply.text)


def _odd(question: LabelsQuestion, value: Any) -> tuple[Reason, ...]:
    """Return what is to be said of a value that no sorter would write."""
    if value is None:
        return ()
    if type(value) is not dict:
        return (Reason("plain", word("score.not-labels", value=shown_value(value))),)
    known = {reply.id for reply in question.replies}
    unknown = [name for name in value if type(name) is not str or name not in known]
    if not unknown:
        return ()
    return (
        Reason("plain", word("score.unknown-replies", count=len(unknown), first=shown_value(unknown[0]))),
    )


def shown_value(value: Any) -> str:
    """Return the beginning of a value that may be of any kind and any size, in one printable line."""
    if type(value) is str:
        text = value[: MOST_SHOWN + 1]
    elif type(value) in (int, float, bool):
        text = str(value) if type(value) is not int or value.bit_length() < 200 else word("score.huge-number")
    else:
        text = _KINDS.get(type(value).__name__, type(value).__name__)
    text = "".join(letter if letter.isprintable() else " " for letter in text)
    return text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + "…"
