"""Find out from a notebook alone what it asks: its answer cells, and the player below each.

For handing in and for the text twin, on a learner's machine, where there is no key. Refuses to run
anything and to judge: an answer is there or not, complete or not, and no more.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from course.engine.dialogue import CannotSay, walk
from course.engine.faults import Faults
from course.engine.notebook_file import PLAYER, cell_text, cells_of, grade_id
from course.engine.values import Value
from course.engine.words import word

MIN_WORDS: Final = 20


@dataclass(frozen=True)
class Question:
    """A question as a learner meets it: the replies to sort, the words that a plan needs at least, or a call.

    `customer`: the scenario that is played.
    """

    name: str
    replies: tuple[str, ...] = ()
    min_words: int = 0
    customer: str = ""

    def lacks(self, value: Value | None) -> str:
        """Return in words what an answer lacks in form; nothing if it is complete."""
        if value is None or value in ("", [], {}) or (isinstance(value, str) and not value.strip()):
            return word("handin.empty", question=self.name)
        if self.replies:
            return self._lacks_labels(value)
        if self.min_words:
            return self._lacks_words(value)
        return self._lacks_an_end(value) if self.customer else ""

    def _lacks_labels(self, value: Value) -> str:
        if not isinstance(value, dict):
            return word("handin.wrong-kind", question=self.name)
        done = sum(bool(value.get(reply)) for reply in self.replies)
        if not done:
            return word("handin.empty", question=self.name)
        if done < len(self.replies):
            return word("handin.replies-missing", question=self.name, done=done, all=len(self.replies))
        return ""

    def _lacks_words(self, value: Value) -> str:
        if not isinstance(value, str):
            return word("handin.wrong-kind", question=self.name)
        count = len(value.split())
        if count < self.min_words:
            return word("handin.plan-short", question=self.name, count=count, min=self.min_words)
        return ""

    def _lacks_an_end(self, value: Value) -> str:
        if not isinstance(value, list) or not all(isinstance(step, str | dict) for step in value):
            return word("handin.wrong-kind", question=self.name)
        try:
            ended = walk(self.customer, value).ending  # type: ignore[arg-type]
        except (CannotSay, Faults):
            return word("handin.wrong-kind", question=self.name)
        return "" if ended else word("handin.call-open", question=self.name)


def questions_in(read: Any, where: str) -> dict[str, Question]:
    """Return the questions of a notebook's JSON, in its order. Raise Refused if it is no notebook."""
    cells = cells_of(read, where)
    players = {name: cell_text(cell) or "" for cell in cells if (name := grade_id(cell))}
    names = dict.fromkeys(name for cell in cells if _is_answer(cell) and (name := grade_id(cell)))
    return {name: _question(name, players.get(name + PLAYER, "")) for name in names}


def _is_answer(cell: Any) -> bool:
    for key in ("metadata", "nbgrader", "solution"):
        cell = cell.get(key) if isinstance(cell, dict) else None
    return cell is True


def _question(name: str, player: str) -> Question:
    lines = player.strip().splitlines()
    call, _, rest = lines[-1].partition("(") if lines else ("", "", "")
    plain, named = _arguments(rest)
    if call == "sort":
        shown = next((each for each in plain if isinstance(each, dict)), {})
        replies = shown.get("replies")
        ids = (
            [each.get("id") for each in replies if isinstance(each, dict)]
            if isinstance(replies, list)
            else []
        )
        return Question(name, replies=tuple(each for each in ids if isinstance(each, str)))
    if call == "write":
        least = named.get("min_words")
        return Question(name, min_words=least if type(least) is int else MIN_WORDS)
    if call == "play":
        shown = next((each for each in plain if isinstance(each, dict)), {})
        customer = shown.get("scenario")
        return Question(name, customer=customer if isinstance(customer, str) else "")
    return Question(name)


def _arguments(text: str) -> tuple[list[Any], dict[str, Any]]:
    """Return the JSON arguments of a call, plain ones and named ones; a bare name counts as nothing."""
    plain: list[Any] = []
    named: dict[str, Any] = {}
    while (text := text.strip().removeprefix(",").lstrip()) and text[0] != ")":
        keyword, equals, rest = text.partition("=")
        is_named = bool(equals) and keyword.strip().isidentifier()
        try:
            value, end = json.JSONDecoder().raw_decode(text := rest.lstrip() if is_named else text)
        except (ValueError, RecursionError):
            value, end = None, len(text.partition(",")[0])
        text = text[end:]
        if is_named:
            named[keyword.strip()] = value
        else:
            plain.append(value)
    return plain, named
