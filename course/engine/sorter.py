"""Sort an agent's replies by what they do: one label each, of the four HEAT steps or the harm that is done.
Other things are sorted by labels of their own: true or not so, which red flag, first to fourth.

    sort("sort_1", "warm-or-cold")               practice: a reason comes with each choice
    sort("replies_1", {"complaint": …, "replies": [{"id": …, "text": …}], "labels": […]})     assessment

For lessons and assignments. Knows a reply's right label only where an exercise of the course says it; an
assignment embeds none, and the sorter then says only that the answer is kept.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import traitlets

from course.engine.answering import Answering, script, style
from course.engine.content import Exercise, Reply, exercise, scenario
from course.engine.labels import LABELS, STEPS, credit
from course.engine.words import word


class Sorter(Answering):
    """Replies as cards, each with its labels; the answer is `{reply id: label}`."""

    _esm = script("sorter")
    _css = style("sorter")
    sections: ClassVar[tuple[str, ...]] = ("sorter", "label", "channel")

    reasons = traitlets.Dict().tag(sync=True)
    """What each choice is told, where a key is given: `{reply id: {label, verdict, why}}`."""

    def __init__(self, name: str, told: dict[str, Any], key: Exercise | None = None) -> None:
        self._key = {reply.id: reply for reply in key.replies} if key else {}
        self._scale = key.scale if key else ()
        super().__init__(name, told=told)

    def accepts(self, value: Any) -> bool:
        """Say whether a value is a dictionary of this sorter's replies and labels."""
        replies = {reply["id"] for reply in self.told["replies"]}
        labels = {label for group in self.told["groups"] for label in group["labels"]}
        if not isinstance(value, dict) or not value.keys() <= replies:
            return False
        return all(isinstance(label, str) and label in labels for label in value.values())

    def draw(self) -> None:
        """Tell the reasons for the labels chosen, as far as there is a key."""
        chosen = self.value or {}
        self.reasons = {
            id_: reason(self._key[id_], label, self._scale)
            for id_, label in chosen.items()
            if id_ in self._key
        }

    def as_text(self) -> str:
        """Return the replies, each with its label and, where there is a key, the reason."""
        chosen = self.value or {}
        lines = [self.told["title"], *([self.told["asks"]] if self.told["asks"] else [])]
        if self.told.get("complaint"):
            lines += [f"{word('sorter.customer')}: {self.told['complaint']}"]
        for number, reply in enumerate(self.told["replies"], start=1):
            label = chosen.get(reply["id"])
            lines += ["", f"{self._numbered(number)}: {reply['text']}"]
            lines += [f"  {self._called(label) if label else word('feedback.not-answered')}"]
            if told := self.reasons.get(reply["id"]):
                lines += [f"  {word('sorter.' + told['verdict'])} {told['why']}"]
        return "\n".join(
            [*lines, "", word("sorter.progress", done=len(chosen), all=len(self.told["replies"]))]
        )

    def _called(self, label: str) -> str:
        return str(self.told["named"].get(label) or word(f"label.{label}"))

    def _numbered(self, number: int) -> str:
        return word("sorter.item" if self.told["named"] else "sorter.reply", number=number)


def reason(reply: Reply, label: str, scale: Sequence[str] = ()) -> dict[str, str]:
    """Return what to say to a label: right, near or wrong, and why."""
    share = credit(label, reply.label, reply.near, scale)
    verdict = "right" if share == 1 else "near" if share else "wrong"
    return {"label": label, "verdict": verdict, "why": reply.why}


def sort(name: str, exercise: str | dict[str, Any]) -> Sorter:
    """Return a sorter for the question `name`: of an exercise, or of replies given as a dictionary."""
    if isinstance(exercise, str):
        return _practice(name, exercise)
    replies = [{"id": str(reply["id"]), "text": str(reply["text"])} for reply in exercise["replies"]]
    told = _told(exercise, replies, exercise.get("labels") or LABELS)
    return Sorter(name, told | {"folded": True})


def _practice(name: str, id_: str) -> Sorter:
    known: Exercise = exercise(id_)
    given: dict[str, Any] = {"asks": " ".join((known.asks or "").split()), "title": known.title}
    if known.scenario:
        customer = scenario(known.scenario).as_complaint()
        given |= {"complaint": customer.text, "channel": customer.channel}
    replies = [{"id": reply.id, "text": reply.text} for reply in known.replies]
    told = _told(given, replies, known.labels or LABELS)
    return Sorter(name, told, known)


def _told(
    given: Mapping[str, Any], replies: list[dict[str, str]], labels: Sequence[str] | Mapping[str, str]
) -> dict[str, Any]:
    own = dict(labels) if isinstance(labels, Mapping) else {}
    groups = {
        "own": list(own),
        "helps": [label for label in LABELS if not own and label in labels and label in STEPS],
        "harms": [label for label in LABELS if not own and label in labels and label not in STEPS],
    }
    return {
        "title": (given.get("title") or word("sorter.title.own")) if own else word("sorter.title"),
        "help": word("sorter.help.own") if own else word("sorter.help"),
        "asks": given.get("asks"),
        "complaint": given.get("complaint"),
        "channel": given.get("channel"),
        "replies": replies,
        "named": own,
        "groups": [{"id": id_, "labels": members} for id_, members in groups.items() if members],
    }
