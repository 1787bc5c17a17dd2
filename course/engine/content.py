"""The content of the course as values: scenarios with their customers, and exercises for practice.

For every room of the house: the player reads scenarios, the sorter exercises, the judge a `Complaint`. Knows
what a file may say and that its references hold; refuses to know how a customer reacts (`dialogue` does) and
anything of marking.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field

from course.engine.complaint import Channel as Channel
from course.engine.complaint import Complaint as Complaint
from course.engine.complaint import Complexity as Complexity
from course.engine.faults import Fault, Faults, did_you_mean
from course.engine.guards import Guard, Wording
from course.engine.labels import LABELS as LABELS
from course.engine.labels import STEPS as STEPS
from course.engine.labels import Label as Label
from course.engine.labels import LabelId, OwnLabels, Scale, labels_fit, scale_holds
from course.engine.model_reading import Written, read_model
from course.engine.places import content_file, content_names
from course.engine.portrait import (
    FEWEST_TELLS,
    Cause,
    Profile,
    Tell,
    reactions_are_complete,
    tells_quote_the_text,
)
from course.engine.references import (
    named_as_its_file,
    replies_hold,
    scenarios_exist,
    scenes_hold_together,
    walks_can_be_walked,
)
from course.engine.yaml_reading import Document

Ending = Literal["settled", "promised", "lost", "ended", "protected"]
Move = Literal[
    "hear", "empathise", "apologise", "act", "act_choice", "news", "ask", "boundary", "hand_over",
    "overpromise", "argue", "interrupt", "minimise", "blame_customer", "blame_others", "non_apology",
    "pass_the_buck", "policy", "hostile", "filler",
]  # fmt: skip
"""What a reply does to the customer; `moves.yaml` says how much."""

Reaction = Literal["unsure", "helps", "harms", Move]
"""What a customer may have an answer for when own words do what no option of the scene does."""

MOVES: tuple[Move, ...] = get_args(Move)

Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Text = Annotated[str, Field(min_length=1)]
Measure = Annotated[int, Field(ge=0, le=10)]
Share = Annotated[float, Field(gt=0, lt=1)]


class Customer(Written):
    """Who complains, and the state (each 0-10) in which they come."""

    name: Text
    anger: Measure
    trust: Measure
    patience: Measure


class Option(Written):
    """Something that the learner may say or do in a scene."""

    id: Id
    say: Text
    move: Move
    detail: bool = Field(default=False, description="It names this customer's own concrete detail.")
    to: Id = Field(description="The scene that follows.")
    when: Guard | None = Field(default=None, description="It is offered only in such a state.")
    because: Text = Field(description="One sentence why this helps or hurts.")


class Scene(Written):
    """What the customer says, and what can be answered; an ending has no options but a lesson, `after`."""

    says: Text
    options: tuple[Option, ...] = ()
    ending: Ending | None = None
    after: Text | None = None


class Walk(Written):
    """A proof: whoever takes this path ends there, in that state."""

    path: tuple[Id, ...] = Field(min_length=1)
    ends: Id
    anger: Wording | None = None
    trust: Wording | None = None
    patience: Wording | None = None


class Walks(Written):
    """Three learners: one who does it well, one who does what most do, one who makes it worse."""

    best: Walk
    usual: Walk
    worst: Walk


class Scenario(Written):
    """A customer with a complaint, as a graph of scenes that proves itself by its walks."""

    id: Id
    title: Text
    trade: Text
    channel: Channel
    complexity: Complexity
    complaint: Text = Field(description="What the customer says first.")
    facts: Text = Field(description="What the agent knows and can do.")
    cause: Cause = Field(description="What lies behind the anger.")
    profile: Profile = Field(description="How it shows.")
    customer: Customer
    tells: tuple[Tell, ...] = Field(
        min_length=FEWEST_TELLS, description="The red flags, quoted from the complaint and the scenes."
    )
    reactions: Mapping[Reaction, Text] = Field(
        description="What the customer says to own words: 'unsure' asks back; 'helps' and 'harms' answer "
        "what no option of the scene does; the name of a move, if you like, answers just that move."
    )
    the_customer_is_wrong: bool = Field(
        default=False, description="The claim does not hold; the person counts."
    )
    second_failure: bool = Field(
        default=False, description="It went wrong, was put right, and went wrong again."
    )
    abuse: bool = Field(
        default=False, description="It turns to abuse; a limit leads to an ending that protects."
    )
    start: Id
    walks_out: Id | None = Field(default=None, description="Where it goes when the patience is used up.")
    scenes: Mapping[Id, Scene] = Field(min_length=1)
    walks: Walks

    def as_complaint(self) -> Complaint:
        """Return what a judge needs to know of this scenario."""
        return Complaint(_line(self.complaint), self.complexity, self.channel, _line(self.facts))


class Reply(Written):
    """One reply of an agent, with its label and the reason for it."""

    id: Id
    text: Text
    label: LabelId
    why: Text
    near: Mapping[LabelId, Share] = Field(
        default_factory=dict, description="Part credit for a defensible label."
    )


class Exercise(Written):
    """Replies, or other things, to sort for practice, with feedback at once; nothing in it is secret."""

    id: Id
    title: Text
    scenario: Id | None = Field(default=None, description="Whose customer is answered.")
    asks: Text | None = Field(default=None, description="What is asked, in a sentence or two.")
    labels: OwnLabels = Field(default_factory=dict, description="Labels of its own; else those of HEAT.")
    scale: Scale = Field(default=(), description="Its labels in order, for part credit by distance.")
    objective: tuple[Text, ...] = Field(
        default=(), description="The points that it practises; else those of the lesson that it stands in."
    )
    replies: tuple[Reply, ...] = Field(min_length=1)


def read_scenario(path: Path) -> Scenario:
    """Read a scenario file; raise `Faults` with all that is wrong in it."""
    return read_model(
        path,
        Scenario,
        named_as_its_file,
        scenes_hold_together,
        walks_can_be_walked,
        tells_quote_the_text,
        reactions_are_complete,
    )


def read_exercise(path: Path) -> Exercise:
    """Read an exercise file; raise `Faults` with all that is wrong in it."""
    return read_model(path, Exercise, named_as_its_file, _replies_hold)


def _replies_hold(document: Document) -> Iterator[Fault]:
    yield from replies_hold(document, "replies")
    yield from labels_fit(document, (), document.data)
    yield from scale_holds(document, (), document.data)
    yield from scenarios_exist(document, "scenario")


def scenario(name: str, *, start: Path | None = None) -> Scenario:
    """Return the scenario of that id, the course folder's own before the shipped one."""
    return read_scenario(_file("scenarios", name, start))


def exercise(name: str, *, start: Path | None = None) -> Exercise:
    """Return the exercise of that id, the course folder's own before the shipped one."""
    return read_exercise(_file("exercises", name, start))


def scenarios(*, start: Path | None = None) -> tuple[Scenario, ...]:
    """Return all scenarios, sorted by id."""
    return tuple(scenario(name, start=start) for name in content_names("scenarios", start))


def _file(kind: str, name: str, start: Path | None) -> Path:
    found = content_file(kind, name, start)
    if found is None:
        what = f"no {kind.removesuffix('s')} {name!r}"
        raise Faults([Fault(f"{kind}/{name}.yaml", 0, what, did_you_mean(name, content_names(kind, start)))])
    return found


def _line(text: str) -> str:
    return " ".join(text.split())
