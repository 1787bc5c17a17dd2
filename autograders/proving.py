"""Prove a scenario by playing it: its walks lead where they say, and every scene and option can be met.

For `heatproof check`. Knows dialogues; refuses to judge what is good teaching (`pedagogy` does).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from course.engine.content import Option, Scenario, Walk
from course.engine.dialogue import CannotSay, Dialogue, walk
from course.engine.faults import Fault
from course.engine.guards import meets
from course.engine.yaml_reading import Document

MOST_TURNS = 14
"""A talk that is not over after so many turns goes round in circles."""

MOST_STATES = 60_000


@dataclass(frozen=True)
class Explored:
    """What can happen in a scenario: scenes met, options offered, talks that ended or stand still."""

    scenes: frozenset[str]
    options: frozenset[tuple[str, str]]
    ended: tuple[Dialogue, ...]
    stuck: tuple[Dialogue, ...]
    endless: Dialogue | None


def explore(scenario: Scenario) -> Explored:
    """Play every talk that the options allow, each scene and state once."""
    open_ = [Dialogue.begin(scenario)]
    met = {(open_[0].at, open_[0].state)}
    scenes, options = {scenario.start}, set[tuple[str, str]]()
    ended: list[Dialogue] = []
    stuck: list[Dialogue] = []
    endless: Dialogue | None = None
    while open_:
        dialogue = open_.pop()
        scenes.add(dialogue.at)
        options.update((dialogue.at, option.id) for option in dialogue.options)
        if dialogue.ending:
            ended.append(dialogue)
        elif not dialogue.options:
            stuck.append(dialogue)
        elif len(dialogue.path) >= MOST_TURNS:
            endless = endless or dialogue
        else:
            for following in map(dialogue.say, _ids(dialogue.options)):
                key = (following.at, following.state)
                if key not in met and len(met) < MOST_STATES:
                    met.add(key)
                    open_.append(following)
    return Explored(frozenset(scenes), frozenset(options), tuple(ended), tuple(stuck), endless)


def walks_hold(scenario: Scenario, document: Document) -> Iterator[Fault]:
    """Play the walks; yield a fault where one cannot be played, ends elsewhere, or in another state."""
    for name in ("best", "usual", "worst"):
        written: Walk = getattr(scenario.walks, name)
        try:
            dialogue = walk(scenario, written.path)
        except CannotSay as wrong:
            what, _, cure = str(wrong).partition("; ")
            yield document.fault(("walks", name), f"the walk {name!r} cannot be walked: {what}", cure)
            continue
        yield from _ends(name, written, dialogue, document)


def played(scenario: Scenario, name: str) -> Dialogue | None:
    """Return one of the scenario's walks as a dialogue; None where it cannot be walked."""
    try:
        return walk(scenario, getattr(scenario.walks, name).path)
    except CannotSay:
        return None


def _ends(name: str, written: Walk, dialogue: Dialogue, document: Document) -> Iterator[Fault]:
    if dialogue.at != written.ends:
        what = f"the walk {name!r} ends in {dialogue.at!r}, not in {written.ends!r}"
        yield document.fault(("walks", name, "ends"), what, "correct its path or its 'ends'")
    elif not dialogue.ending:
        what = f"the walk {name!r} stops in {dialogue.at!r}, which is not an ending"
        yield document.fault(("walks", name, "ends"), what, "walk it to an ending")
    for measure in ("anger", "trust", "patience"):
        wording, value = getattr(written, measure), getattr(dialogue.state, measure)
        if not meets(wording, value):
            what = f"the walk {name!r} ends with {measure} {value}, not {wording}"
            yield document.fault(
                ("walks", name, measure), what, "correct the number, or the moves on the way"
            )


def _ids(options: tuple[Option, ...]) -> list[str]:
    return [option.id for option in options]
