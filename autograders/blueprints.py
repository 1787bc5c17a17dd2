"""Prove that the items of a key cover its blueprint, and that a parallel form has the same one.

For `heatproof check`, of keys that carry `blueprint:`. An item is counted under its first objective: a reply
to classify is one item of one point, a plan or a call one item with all its points. Refuses to read what an
item asks.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograders.giveaways import giveaways
from autograders.keys_reading import Key, LabelsQuestion, PlanQuestion, Question, read_key
from autograders.objectives import Described
from autograders.steps import steps_of
from course.engine.faults import Fault, Faults, did_you_mean
from course.engine.yaml_reading import Document, Steps

ASKED_OF_ITEMS = ("objective", "component", "difficulty", "provenance")


@dataclass(frozen=True)
class Item:
    """One item of a key: where it stands, its kind and points, and what is known of it."""

    place: Steps
    kind: str
    points: float
    objective: tuple[str, ...]
    component: str | None
    difficulty: str | None
    provenance: str | None


def items_of(key: Key, *, start: Path | None = None) -> tuple[Item, ...]:
    """Return the items of a key; what a question says of itself holds for items that say nothing."""
    return tuple(item for name, question in key.questions.items() for item in _items(name, question, start))


def _items(name: str, question: Question, start: Path | None) -> Iterator[Item]:
    place: Steps = ("questions", name)
    if isinstance(question, LabelsQuestion):
        for at, reply in enumerate(question.replies):
            yield _item((*place, "replies", at), "labels", 1.0, reply, question)
    elif isinstance(question, PlanQuestion):
        points = sum(step.points for step in steps_of(question, start=start).values())
        yield _item(place, "plan", points, question, question)
    else:
        yield _item(place, "call", question.points, question, question)


def _item(place: Steps, kind: str, points: float, own: Described, around: Described) -> Item:
    return Item(
        place,
        kind,
        points,
        own.objective or around.objective,
        own.component or around.component,
        own.difficulty or around.difficulty,
        own.provenance or around.provenance,
    )


def blueprint_holds(key: Key, document: Document) -> Iterator[Fault]:
    """Yield the faults of a key with a blueprint, and of its classification items; nothing if all is well."""
    labels = [question for question in key.questions.values() if isinstance(question, LabelsQuestion)]
    for what in giveaways(labels):
        yield document.fault(("questions",), what, "write some items anew, so that only the sense tells")
    if not key.blueprint:
        if key.parallel_to:
            what = "a parallel form without a blueprint"
            yield document.fault(("parallel_to",), what, "add the 'blueprint' of the other form")
        return
    items = items_of(key, start=Path(document.file).resolve().parent)
    for item in items:
        yield from _all_is_known(item, document)
    yield from _covered(key, items, document)
    yield from _every_option_has_a_reason(key, document)
    if key.parallel_to:
        yield from _parallel(key, items, document)


def _all_is_known(item: Item, document: Document) -> Iterator[Fault]:
    for name in ASKED_OF_ITEMS:
        if not getattr(item, name):
            named = (
                item.place[1] if item.kind != "labels" else f"{item.place[1]}, item {int(item.place[3]) + 1}"
            )
            yield document.fault(item.place, f"{name!r} is not said of {named}", f"add '{name}: …'")


def _covered(key: Key, items: tuple[Item, ...], document: Document) -> Iterator[Fault]:
    counted = Counter(item.objective[0] for item in items if item.objective)
    points = {
        point: sum(item.points for item in items if item.objective[:1] == (point,)) for point in key.blueprint
    }
    for name, row in key.blueprint.items():
        if (counted[name], points[name]) != (row.items, row.points):
            what = f"{name} has {_counted(counted[name])} and {points[name]:g} points"
            cure = (
                f"the blueprint says {_counted(row.items)} and {row.points:g} points; change one of the two"
            )
            yield document.fault(("blueprint", name), what, cure)
    for item in items:
        if item.objective and item.objective[0] not in key.blueprint:
            what = f"{item.objective[0]} is asked for and not in the blueprint"
            yield document.fault(
                item.place, what, f"add '{item.objective[0]}: …' there, or ask for another one"
            )


def _counted(number: int) -> str:
    return f"{number} item" if number == 1 else f"{number} items"


def _every_option_has_a_reason(key: Key, document: Document) -> Iterator[Fault]:
    """HEAT's labels explain themselves, a scale by its order, and of two labels `why` says both."""
    for name, question in key.questions.items():
        if not isinstance(question, LabelsQuestion) or question.scale or len(question.labels) < 3:
            continue
        for at, reply in enumerate(question.replies):
            silent = [each for each in question.labels if each not in (reply.label, *reply.wrong)]
            if silent:
                what = f"{reply.id!r} has no reason for {', '.join(map(repr, silent))}"
                place = ("questions", name, "replies", at)
                yield document.fault(place, what, f"add 'wrong: {{{silent[0]}: …}}'")


def _parallel(key: Key, items: tuple[Item, ...], document: Document) -> Iterator[Fault]:
    folder = Path(document.file).resolve().parent
    path = folder / f"{key.parallel_to}.yaml"
    if not path.is_file():
        known = [other.stem for other in folder.glob("*.yaml") if other.stem != key.assignment]
        what = f"no assignment {key.parallel_to!r}"
        yield document.fault(("parallel_to",), what, did_you_mean(str(key.parallel_to), known))
        return
    try:
        other = read_key(path)
        others = items_of(other, start=folder)
    except Faults:
        return  # told where that key itself is checked
    if other.blueprint != key.blueprint:
        differ = sorted(
            point
            for point in {*key.blueprint, *other.blueprint}
            if key.blueprint.get(point) != other.blueprint.get(point)
        )
        what = f"the blueprint differs from that of {key.parallel_to!r} in {', '.join(differ)}"
        yield document.fault(("blueprint",), what, "parallel forms have one blueprint")
    for what_of in ("kind", "component", "difficulty"):
        here, there = (Counter(getattr(item, what_of) for item in form) for form in (items, others))
        for value in sorted({*here, *there} - {None}):
            if here[value] != there[value]:
                what = f"{here[value]} of {what_of} {value!r}, and {there[value]} in {key.parallel_to!r}"
                yield document.fault(("parallel_to",), what, "parallel forms have the same counts")
    mine, theirs = (sum(item.points for item in form) for form in (items, others))
    if mine != theirs:
        what = f"{mine:g} points, and {theirs:g} in {key.parallel_to!r}"
        yield document.fault(("parallel_to",), what, "parallel forms have the same points")
