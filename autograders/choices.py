"""Lint what a learner can choose: is there always a way to do better, and is the best way HEAT?

For `heatproof check`, through `pedagogy`. Each rule says which point it holds, where there is one. Refuses to
know files.
"""

from collections.abc import Iterator

from autograders.proving import played
from course.engine.content import Move, Option, Scenario
from course.engine.faults import Fault
from course.engine.moves import rules
from course.engine.yaml_reading import Document, Steps

STEPS: tuple[tuple[str, tuple[Move, ...]], ...] = (
    ("hear", ("hear", "ask")),
    ("empathise", ("empathise",)),
    ("apologise", ("apologise",)),
    ("act", ("act", "act_choice", "news")),
)
"""The steps of HEAT in their order (SEEDS A13), each with its moves."""


def choices_teach(scenario: Scenario, document: Document) -> Iterator[Fault]:
    """Yield what is wrong with the choices of a scenario."""
    for name, scene in scenario.scenes.items():
        if scene.options and not any(_helps(option.move) for option in scene.options):
            what = f"every option of the scene {name!r} does harm"
            yield document.fault(("scenes", name, "options"), what, "write one that does better")
        yield from _no_option_stands_twice(scene.options, ("scenes", name, "options"), document)
    yield from _the_best_walk_is_heat(scenario, document)


def _no_option_stands_twice(options: tuple[Option, ...], place: Steps, document: Document) -> Iterator[Fault]:
    """The same words may stand twice only where guards tell two customers apart."""
    for number, option in enumerate(options):
        for other in options[:number]:
            guarded = option.when is not None and other.when is not None and option.when != other.when
            if _plain(option.say) == _plain(other.say) and not guarded:
                what = f"{option.id!r} says the same as {other.id!r}"
                cure = "write another answer, or give both a 'when'"
                yield document.fault((*place, number, "say"), what, cure)


def _the_best_walk_is_heat(scenario: Scenario, document: Document) -> Iterator[Fault]:
    """SEEDS A13 and EVIDENCE 5: the steps come in their order, and one apology is enough."""
    best = played(scenario, "best")
    if best is None:
        return
    moves = [turn.move for turn in best.turns if turn.move]
    first = {name: _first(moves, of) for name, of in STEPS}
    came = [name for name, _ in STEPS if first[name] is not None]
    if came and came[0] != "hear":
        yield document.fault(("walks", "best"), "the best walk never hears the customer", "hear first")
    elif came != sorted(came, key=lambda name: first[name] or 0):
        order = ", ".join(sorted(came, key=lambda name: first[name] or 0))
        what = f"the best walk takes the steps in the order {order}"
        yield document.fault(("walks", "best"), what, "hear, then empathise, then apologise, then act")
    if moves.count("apologise") > 1:
        what = f"the best walk apologises {moves.count('apologise')} times"
        yield document.fault(("walks", "best"), what, "once is enough; use the time for help")


def _first(moves: list[Move], of: tuple[Move, ...]) -> int | None:
    return next((at for at, move in enumerate(moves) if move in of), None)


def _helps(move: Move) -> bool:
    return rules().moves[move].side == "helps"


def _plain(text: str) -> str:
    return " ".join(text.lower().split())
