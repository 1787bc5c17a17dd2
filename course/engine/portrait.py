"""Who a customer is beyond the numbers: what lies behind the anger, how it shows, what can be seen early.

For `content`, which holds a portrait in every scenario. Knows the words for causes and profiles (SEEDS E1,
E2, E9) and that a tell quotes the customer; refuses to know scenes and moves beyond their text.
"""

from collections.abc import Iterator
from typing import Annotated, Literal, get_args

from pydantic import Field

from course.engine.faults import Fault
from course.engine.model_reading import Written
from course.engine.yaml_reading import Document

Cause = Literal["product", "communication", "expectations", "stress", "temperament"]
"""Why people are difficult (SEEDS E2)."""

Profile = Literal[
    "aggressive", "disrespectful", "threatening", "manipulative", "indecisive", "demanding", "impatient",
    "never_content",
]  # fmt: skip
"""How it shows (SEEDS E1, E9)."""

CAUSES: tuple[Cause, ...] = get_args(Cause)
PROFILES: tuple[Profile, ...] = get_args(Profile)
FEWEST_TELLS = 3
NEEDED_REACTIONS = ("unsure", "helps", "harms")


class Tell(Written):
    """A red flag: what the customer says or does, and what it tells whoever is listening (SEEDS E5)."""

    says: Annotated[str, Field(min_length=1)] = Field(
        description="Words that stand exactly so in the complaint or in a scene."
    )
    shows: Annotated[str, Field(min_length=1)] = Field(description="What they tell you.")
    kind: Literal["words", "manner"] = Field(
        description="words: what is said. manner: how, such as capital letters or a long silence."
    )


def tells_quote_the_text(document: Document) -> Iterator[Fault]:
    """Yield a fault for every tell that quotes what the customer never says, or that stands twice."""
    texts = [_line(text) for pattern in ("complaint", "scenes.*.says") for _, text in document.find(pattern)]
    first: dict[str, int] = {}
    for place, said in document.find("tells.*.says"):
        line = first.setdefault(_line(said), document.line(place))
        if not any(_line(said) in text for text in texts):
            what = f"the customer never says {_short(said)!r}"
            yield document.fault(place, what, "copy the words out of the complaint or a scene's 'says'")
        elif line != document.line(place):
            yield document.fault(
                place, f"the same tell stands in line {line}", "find another one, or delete it"
            )


def reactions_are_complete(document: Document) -> Iterator[Fault]:
    """Yield a fault where a customer has no words for a reply that no option foresees."""
    for place, reactions in document.find("reactions"):
        for needed in NEEDED_REACTIONS:
            if isinstance(reactions, dict) and needed not in reactions:
                yield document.fault(
                    place, f"the key {needed!r} is missing in reactions", f"add '{needed}: …'"
                )


def _line(text: object) -> str:
    return " ".join(str(text).split())


def _short(text: object) -> str:
    line = _line(text)
    return line if len(line) <= 50 else line[:49] + "…"
