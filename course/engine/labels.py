"""What a learner may call a thing to sort: one of HEAT's labels, or a label of the list's own.

For exercises and for the questions of keys. A list of items brings labels of its own (`labels: {id: words}`)
where it asks for something else: true or not so, which red flag, first to fourth. Refuses to mark.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, WithJsonSchema

from course.engine.faults import Fault, did_you_mean, nearest
from course.engine.model_faults import named
from course.engine.yaml_reading import Document, Steps

Label = Literal[
    "hear", "empathise", "apologise", "act",
    "interrupts", "argues", "minimises", "blames_customer", "blames_others",
    "non_apology", "overpromises", "passes_the_buck", "policy_shield", "hostile",
]  # fmt: skip
"""What a learner may call a reply: the four steps of HEAT, or the anti-pattern that it commits."""

LABELS: tuple[Label, ...] = get_args(Label)
STEPS: tuple[Label, ...] = LABELS[:4]
"""Hear, empathise, apologise, act: in the order that matters (SEEDS A13)."""

OWN = r"^[a-z0-9]+([_-][a-z0-9]+)*$"
"""How the id of a list's own label is written."""
LONGEST_LABEL = 60

LabelId = Annotated[
    str, WithJsonSchema({"anyOf": [{"enum": list(LABELS)}, {"type": "string", "pattern": OWN}]})
]
"""The id of a label that the list knows: of HEAT's, or of its own. `labels_fit` says whether it does."""

OwnLabels = Annotated[
    Mapping[
        Annotated[str, Field(pattern=OWN)], Annotated[str, Field(min_length=1, max_length=LONGEST_LABEL)]
    ],
    Field(min_length=2, max_length=6),
]
"""Labels of a list's own: id, and the words that the learner sees, in the order in which they are shown."""

Scale = Annotated[tuple[str, ...], Field(min_length=3, max_length=6)]
"""Labels of a list's own from one end to the other, for credit by distance; `()` where there is none."""


def known_labels(own: Mapping[str, str]) -> tuple[str, ...]:
    """Return the labels that can be given: the list's own, or else those of HEAT."""
    return tuple(own) or LABELS


def labels_fit(document: Document, place: Steps, held: Any) -> Iterator[Fault]:
    """Yield the faults of the labels in a list of items that may be half wrong; `held` is what holds it."""
    if not isinstance(held, dict):
        return
    yield from _asks_something(document, place, held)
    own, items = held.get("labels"), held.get("replies")
    known = tuple(map(str, own)) if isinstance(own, dict) else LABELS
    for at, item in enumerate(items if isinstance(items, tuple) else ()):
        if not isinstance(item, dict):
            continue
        here, label = (*place, "replies", at), item.get("label")
        if isinstance(label, str) and label not in known:
            yield document.fault((*here, "label"), f"no label {label!r}", did_you_mean(label, known))
        for of in ("near", "wrong"):
            others = item.get(of)
            for other in others if isinstance(others, dict) else ():
                if other not in known:
                    what = f"unknown key {other!r} in {named(document.data, (*here, of))}"
                    yield document.fault((*here, of, other), what, did_you_mean(other, known))


def _asks_something(document: Document, place: Steps, held: dict[str, Any]) -> Iterator[Fault]:
    wanted = ("scenario", "asks")
    if not any(key in wanted or (nearest(key, wanted) and key != "labels") for key in held):
        of = f" in {place[-1]}" if place else ""
        what = f"there is neither 'scenario' nor 'asks'{of}"
        yield document.fault(place, what, "add 'asks: …', or the scenario whose customer is answered")


def credit(given: str, right: str, near: Mapping[str, float], scale: Sequence[str]) -> float:
    """Return the share, 0 to 1, that a label earns: what the key says of it, else its distance on the scale.

    On a scale of n labels, a label that stands d steps from the right one earns 1 - 2d / (n - 1), and from
    half the scale on nothing: 1/2 for one step of five, 1/3 for one of four, nothing for one of three.
    """
    if given == right:
        return 1.0
    if given in near:
        return near[given]
    if given not in scale or right not in scale:
        return 0.0
    distance = abs(scale.index(given) - scale.index(right))
    return round(max(0.0, 1 - 2 * distance / (len(scale) - 1)), 4)


def scale_holds(document: Document, place: Steps, held: Any) -> Iterator[Fault]:
    """Yield the faults of a scale: labels of the list's own, each once."""
    scale = held.get("scale") if isinstance(held, dict) else None
    if not isinstance(scale, tuple):
        return
    own = held.get("labels")
    known = tuple(map(str, own)) if isinstance(own, dict) else ()
    if not known:
        yield document.fault((*place, "scale"), "a scale without labels of its own", "add 'labels: …'")
        return
    for at, label in enumerate(scale):
        if label not in known and isinstance(label, str):
            yield document.fault((*place, "scale", at), f"no label {label!r}", did_you_mean(label, known))
        elif label in scale[:at]:
            what = f"{label!r} stands twice on the scale"
            yield document.fault((*place, "scale", at), what, "delete one")
