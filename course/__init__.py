"""What a learner meets: customers to play, replies to sort, plans to write, and a button to hand in.

    from course import play
    play("play_1", "cold-soup")

Widgets are loaded only when one is asked for, so that marking runs on a bare server.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from course.engine.answers import answer as answer
    from course.engine.content import scenario as scenario
    from course.engine.dialogue import walk as walk
    from course.engine.hand_in_button import hand_in as hand_in
    from course.engine.pen import write as write
    from course.engine.player import play as play
    from course.engine.queue import queue as queue
    from course.engine.sorter import sort as sort

_HOME = {
    "play": "player",
    "sort": "sorter",
    "write": "pen",
    "hand_in": "hand_in_button",
    "queue": "queue",
    "answer": "answers",
    "scenario": "content",
    "walk": "dialogue",
}

__all__ = ["answer", "hand_in", "play", "queue", "scenario", "sort", "walk", "write"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'course' has no {name!r}; it offers {', '.join(sorted(_HOME))}")
    return getattr(import_module(f"course.engine.{_HOME[name]}"), name)
