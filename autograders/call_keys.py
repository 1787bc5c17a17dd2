"""What a key says of a graded call: how the call may end and what that earns, and what the moves earn.

For the readers of keys and for the marking of calls. Refuses to play and to mark.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from autograders.objectives import Described
from course.engine.content import Ending, Id, Text
from course.engine.guards import Wording, meets
from course.engine.model_reading import Written

PARTS: Final = ("outcome", "moves", "order")
"""What a call is marked for, each in a cell of its own."""

Points = Annotated[float, Field(ge=0, le=100)]
_ENDINGS = ["settled", "promised", "lost", "ended", "protected"]
Endings = Annotated[
    tuple[Ending, ...],
    BeforeValidator(lambda given: (given,) if isinstance(given, str) else given),
    WithJsonSchema({"anyOf": [{"enum": _ENDINGS}, {"type": "array", "items": {"enum": _ENDINGS}}]}),
]


class Outcome(Written):
    """One line of the table: how a call ended, and in which state, and what that earns."""

    ends: Endings = Field(default=(), description="An ending or several; without it, any.")
    anger: Wording | None = None
    trust: Wording | None = None
    points: Points
    because: Text = Field(description="Why it earns this, shown after marking.")

    def fits(self, ending: str, anger: int, trust: int) -> bool:
        """Say whether a call that ended so stands in this line."""
        ends = not self.ends or ending in self.ends
        return ends and meets(self.anger, anger) and meets(self.trust, trust)


class Worth(Written):
    """What a whole part earns, and the rule that learners are told with it."""

    points: Points
    because: Text


class CallQuestion(Described):
    """A call with one customer; the learner's walk through it is the answer."""

    kind: Literal["call"]
    scenario: Id
    most_moves: int = Field(
        default=24, ge=4, le=40, description="What comes after so many moves is not marked."
    )
    outcome: tuple[Outcome, ...] = Field(min_length=1, description="The first line that fits counts.")
    moves: Worth = Field(description="The share of moves that help, seen beside the scenario's best walk.")
    order: Worth = Field(description="The steps of HEAT in their order, seen beside the best walk.")

    @property
    def parts(self) -> Mapping[str, float]:
        """The points of each part."""
        best = max(line.points for line in self.outcome)
        return {"outcome": best, "moves": self.moves.points, "order": self.order.points}

    @property
    def points(self) -> float:
        """The points of the whole call."""
        return sum(self.parts.values())


def is_call(question: Any) -> bool:
    """Say whether a question, as data that may be half wrong, is a call."""
    return isinstance(question, dict) and question.get("kind") == "call"
