"""A plan of the grader's queue as text: complaint, plan with its evidence in brackets, what the judge found.

For the queue in a notebook, whose text twin this is, and for the command line. Pure: plain data in, lines
out. Refuses to know where a plan comes from.
"""

import textwrap
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from course.engine.words import word

WIDTH = 100


def as_lines(item: Mapping[str, Any]) -> Iterator[str]:
    """Yield a plan's lines. No character of a learner moves the cursor or colours the screen."""
    yield from _block(word("sorter.customer"), item["complaint"])
    if item["facts"]:
        yield from _block(word("queue.facts"), item["facts"])
    yield from _block(word("queue.plan"), item["unread"] or _marked(item) or word("page.empty-plan"))
    for step in item["steps"]:
        yield f"{step['letter']} {step['title']}: {standing(step)}"
        yield from _wrapped(step["because"], "    ")
    for flag in item["flags"]:
        yield f"! {flag['title']}"
        yield from _wrapped(flag["because"], "    ")


def standing(step: Mapping[str, Any]) -> str:
    """Return the level that stands, how sure the judge was, and whether a person is waited for."""
    level = word("queue.no-level") if step["level"] is None else step["levels"][step["level"]]
    sure = None if step["sure"] is None or step["by_hand"] else word("queue.sure", percent=step["sure"])
    by_hand = word("queue.by-hand") if step["by_hand"] else None
    waits = word("queue.waits") if step["waits"] else None
    return ", ".join(filter(None, (level, by_hand, sure, waits)))


def _marked(item: Mapping[str, Any]) -> str:
    """Return the plan with its evidence in brackets, each behind its letter."""
    text = ""
    on = False
    for piece in item["plan"]:
        text += "[" if piece["marked"] and not on else ""
        text += piece["text"]
        on = piece["marked"] and not piece["ends"]
        text += f"]({piece['ends']})" if piece["ends"] else ""
    return text


def visible(text: str) -> str:
    """Return a text in which no control character is left but the line break."""
    return "".join("�" if unicodedata.category(c) == "Cc" and c != "\n" else c for c in text)


def _block(title: str, text: str) -> Iterator[str]:
    yield f"{title}:"
    yield from _wrapped(text, "  ")
    yield ""


def _wrapped(text: str, indent: str) -> Iterator[str]:
    for line in visible(text).split("\n"):
        yield from textwrap.wrap(line, WIDTH, initial_indent=indent, subsequent_indent=indent) or [""]
