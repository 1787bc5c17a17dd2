"""Keep what follows from a whole rubric, so that it is made once for each and not once for each plan.

For `bind` and whoever else asks much of a rubric. Keeps by identity, as a rubric is so large that to compare
two takes longer than to judge a plan. Refuses to know what is kept.
"""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

Thing = TypeVar("Thing")
Made = TypeVar("Made")
MOST = 16
"""Rubrics that are remembered: a class has one or two, a test many."""


def kept(make: Callable[[Thing], Made]) -> Callable[[Thing], Made]:
    """Let a function make its value once for each thing, whatever else is equal to it.

    The thing is kept beside the value, so that no other takes its identity.
    """
    known: dict[int, tuple[Thing, Made]] = {}

    @wraps(make)
    def of(thing: Thing) -> Made:
        found = known.get(id(thing))
        if found is None:
            if len(known) >= MOST:
                known.clear()
            found = known[id(thing)] = thing, make(thing)
        return found[1]

    return of
