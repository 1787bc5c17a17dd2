"""Lint a customer's portrait: do the numbers, scenes and tells show what the file says of the customer?

For `heatproof check`, through `pedagogy`. Each rule says which point it holds, where there is one. Refuses to
know files: a portrait that quotes what is never said is told by the strict reader.
"""

from collections.abc import Iterator

from autograders.proving import Explored
from course.engine.content import Scenario
from course.engine.faults import Fault
from course.engine.yaml_reading import Document

HOT_PROFILES, LEAST_HEAT = ("aggressive", "threatening"), 6
MOST_PATIENCE = 8
"""The most patience with which a customer may be called impatient."""

MOST_TRUST = 4
"""The most trust that a second failure leaves (EVIDENCE 14)."""


def portrait_holds(scenario: Scenario, explored: Explored, document: Document) -> Iterator[Fault]:
    """Yield what in a portrait is not borne out by the talk."""
    yield from _the_numbers_show_it(scenario, document)
    yield from _tells_can_be_seen(scenario, document)
    if "?" not in scenario.reactions["unsure"]:
        what = "the reaction 'unsure' asks nothing"
        yield document.fault(("reactions", "unsure"), what, "let the customer ask back, with a question mark")
    moves = {option.move for scene in scenario.scenes.values() for option in scene.options}
    if scenario.the_customer_is_wrong and not moves & {"argue", "blame_customer"}:
        what = "the customer is wrong, and no option tempts to say so"
        cure = "write one with the move argue or blame_customer"
        yield document.fault(("the_customer_is_wrong",), what, cure)
    yield from _abuse_has_a_limit(scenario, explored, document)


def _the_numbers_show_it(scenario: Scenario, document: Document) -> Iterator[Fault]:
    """SEEDS E1, E9; EVIDENCE 14: a profile and a second failure can be felt from the first line."""
    customer = scenario.customer
    if scenario.profile in HOT_PROFILES and customer.anger < LEAST_HEAT:
        what = f"a customer called {scenario.profile!r} comes with an anger of {customer.anger}"
        yield document.fault(("profile",), what, f"give {LEAST_HEAT} or more, or another profile")
    if scenario.profile == "impatient" and customer.patience > MOST_PATIENCE:
        what = f"a customer called 'impatient' comes with a patience of {customer.patience}"
        yield document.fault(("profile",), what, f"give {MOST_PATIENCE} or less, or another profile")
    if scenario.second_failure and customer.trust > MOST_TRUST:
        what = f"after a second failure the customer comes with a trust of {customer.trust}"
        yield document.fault(("second_failure",), what, f"give {MOST_TRUST} or less")


def _tells_can_be_seen(scenario: Scenario, document: Document) -> Iterator[Fault]:
    """SEEDS E5: red flags are spotted early, and words are told from manner."""
    first = _line(f"{scenario.complaint} {scenario.scenes[scenario.start].says}")
    if not any(_line(tell.says) in first for tell in scenario.tells):
        what = "no tell can be seen in the customer's first words"
        yield document.fault(("tells",), what, "quote one from the complaint")
    for number, tell in enumerate(scenario.tells):
        if tell.kind == "words" and tell.says.startswith("(") and tell.says.endswith(")"):
            what = f"the tell {tell.says!r} is something that the customer does"
            yield document.fault(("tells", number, "kind"), what, "call it 'manner'")


def _abuse_has_a_limit(scenario: Scenario, explored: Explored, document: Document) -> Iterator[Fault]:
    """SEEDS B4, E8; EVIDENCE 22: abuse is met by a limit, and there is a way out that protects the agent."""
    if not scenario.abuse:
        for name, scene in scenario.scenes.items():
            if scene.ending == "protected":
                what = f"the ending {name!r} protects the agent, and the file tells of no abuse"
                yield document.fault(
                    ("scenes", name, "ending"), what, "add 'abuse: true', or let it end otherwise"
                )
        return
    if not any(option == "boundary" for option in _moves_met(scenario, explored)):
        what = "it turns to abuse, and no option sets a limit"
        yield document.fault(("abuse",), what, "write one with the move boundary")
    elif not any(
        talk.ending == "protected" and {"boundary", "hand_over"} & set(talk.state.done)
        for talk in explored.ended
    ):
        what = "it turns to abuse, and no talk that sets a limit ends where the agent is protected"
        yield document.fault(("abuse",), what, "lead one to a scene with 'ending: protected'")


def _moves_met(scenario: Scenario, explored: Explored) -> Iterator[str]:
    for name, scene in scenario.scenes.items():
        yield from (option.move for option in scene.options if (name, option.id) in explored.options)


def _line(text: str) -> str:
    return " ".join(text.split())
