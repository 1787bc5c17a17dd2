"""References inside one file: ids that stand once, scenes that exist, walks that lead where they say.

For the readers of scenarios, exercises and keys. Looks at a document that may be half wrong, so that an
author is told everything at once; refuses to know the models.
"""

from collections.abc import Iterator
from pathlib import Path

from course.engine.faults import Fault, did_you_mean
from course.engine.places import content_names
from course.engine.yaml_reading import Document, Steps


def named_as_its_file(document: Document, key: str = "id") -> Iterator[Fault]:
    """Yield a fault where a file's id is not its name."""
    for place, value in document.find(key):
        if isinstance(value, str) and value != Path(document.file).stem:
            yield document.fault(
                place, f"the {key} {value!r} is not the file's name", f"name the file {value}.yaml"
            )


def scenarios_exist(document: Document, pattern: str) -> Iterator[Fault]:
    """Yield a fault for every scenario that is named and is nowhere."""
    known = content_names("scenarios", Path(document.file).resolve().parent)
    for place, value in document.find(pattern):
        if isinstance(value, str) and value not in known:
            yield document.fault(place, f"no scenario {value!r}", did_you_mean(value, known))


def replies_hold(document: Document, where: str) -> Iterator[Fault]:
    """Yield the faults of a list of replies: an id twice, part credit for the right label."""
    yield from ids_stand_once(document, f"{where}.*.id")
    for place, reply in document.find(f"{where}.*"):
        if isinstance(reply, dict):
            near = reply.get("near")
            if isinstance(near, dict) and str(reply.get("label")) in near:
                what = f"{reply['label']!r} is the right label and stands in 'near' as well"
                yield document.fault(
                    (*place, "near", reply["label"]), what, "delete it there: it earns the whole point"
                )


def ids_stand_once(document: Document, pattern: str) -> Iterator[Fault]:
    """Yield a fault for every id that an earlier item of the same list has."""
    first: dict[tuple[Steps, str], int] = {}
    for place, value in document.find(pattern):
        known = first.setdefault((place[:-2], str(value)), document.line(place))
        if known != document.line(place):
            yield document.fault(
                place, f"the id {value!r} stands twice (first in line {known})", "give it its own id"
            )


def scenes_hold_together(document: Document) -> Iterator[Fault]:
    """Yield the faults of a graph of scenes: steps into nowhere, dead ends, endings that go on."""
    scenes = [str(place[-1]) for place, _ in document.find("scenes.*")]
    yield from ids_stand_once(document, "scenes.*.options.*.id")
    for pattern in ("start", "walks_out", "scenes.*.options.*.to", "walks.*.ends"):
        for place, value in document.find(pattern):
            if isinstance(value, str) and value not in scenes:
                yield document.fault(place, f"no scene {value!r}", did_you_mean(value, scenes))
    for place, scene in document.find("scenes.*"):
        if not isinstance(scene, dict):
            continue
        name = place[-1]
        if scene.get("ending") is not None and scene.get("options"):
            yield document.fault(
                (*place, "options"), f"the ending {name!r} has options", "delete them or its 'ending'"
            )
        if scene.get("ending") is None and not scene.get("options"):
            yield document.fault(
                place, f"the scene {name!r} is a dead end", "give it options, or an 'ending'"
            )
        if scene.get("ending") is not None and not scene.get("after"):
            yield document.fault(place, f"the ending {name!r} teaches nothing", "add 'after: …'")
    for place, value in document.find("walks_out"):
        for _, scene in document.find(f"scenes.{value}"):
            if isinstance(scene, dict) and scene.get("ending") is None:
                yield document.fault(
                    place, f"{value!r} is not an ending", "lead a customer who walks out to an ending"
                )


def walks_can_be_walked(document: Document) -> Iterator[Fault]:
    """Follow each walk from scene to scene; that the state allows it is proved by playing it."""
    scenes = {str(place[-1]): scene for place, scene in document.find("scenes.*")}
    walks_out = next((str(value) for _, value in document.find("walks_out")), None)
    for place, walk in document.find("walks.*"):
        here = str(document.data.get("start"))
        if not isinstance(walk, dict) or not isinstance(walk.get("path"), tuple) or here not in scenes:
            continue
        for step, choice in enumerate(walk["path"]):
            options = _options(scenes[here])
            if str(choice) not in options:
                what = f"no option {choice!r} in the scene {here!r}, where the walk {place[-1]!r} stands"
                yield document.fault((*place, "path", step), what, did_you_mean(str(choice), options))
                break
            here = options[str(choice)]
            if here not in scenes:
                break
        else:
            ends = str(walk.get("ends"))
            if ends not in (here, walks_out) and ends in scenes:
                what = f"the walk {place[-1]!r} ends in {here!r}, not in {ends!r}"
                yield document.fault((*place, "ends"), what, "correct its path or its 'ends'")


def _options(scene: object) -> dict[str, str]:
    listed = scene.get("options") if isinstance(scene, dict) else None
    options = [option for option in listed if isinstance(option, dict)] if isinstance(listed, tuple) else []
    return {
        str(option["id"]): str(option.get("to")) for option in options if isinstance(option.get("id"), str)
    }
