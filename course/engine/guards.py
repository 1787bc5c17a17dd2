"""Conditions on a customer's state, as authors write them: `"<= 6"`.

For options that are offered only in some states, and for walks that say where they end. Knows how a condition
reads and when it holds; refuses to know what moves the state.
"""

import operator
from typing import Annotated, Protocol

from pydantic import Field

from course.engine.model_reading import Written

Wording = Annotated[str, Field(pattern=r"^(<=|>=|==|<|>) ?(10|[0-9])$", examples=["<= 6"])]
"""A comparison with a whole number from 0 to 10."""

_COMPARE = {"<=": operator.le, ">=": operator.ge, "==": operator.eq, "<": operator.lt, ">": operator.gt}


class State(Protocol):
    """What a guard looks at."""

    @property
    def anger(self) -> float: ...
    @property
    def trust(self) -> float: ...
    @property
    def patience(self) -> float: ...
    @property
    def heard(self) -> bool: ...


class Guard(Written):
    """An option's `when`: every condition that is given must hold."""

    anger: Wording | None = None
    trust: Wording | None = None
    patience: Wording | None = None
    heard: bool | None = Field(default=None, description="The customer has been heard, or has not.")

    def holds(self, state: State) -> bool:
        """Return whether a state meets all conditions."""
        measures = ((self.anger, state.anger), (self.trust, state.trust), (self.patience, state.patience))
        return all(meets(wording, value) for wording, value in measures) and self.heard in (None, state.heard)


def meets(wording: str | None, value: float) -> bool:
    """Return whether a number meets a condition such as `"<= 6"`; no condition is always met."""
    if wording is None:
        return True
    sign = wording.rstrip("0123456789 ")
    return bool(_COMPARE[sign](value, int(wording[len(sign) :])))
