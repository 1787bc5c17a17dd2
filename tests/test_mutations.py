"""Seed faults into good scenarios, one at a time, and see how many `heatproof check` finds.

Each fault is a function that spoils the plain data of a scenario. Some cannot be found without understanding
what is said; they stand here as well, so that nobody believes the check to be more than it is.
"""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from autograders.checking import check_file

Data = dict[str, Any]
Spoil = Callable[[Data], None]

SEEDED, FOUND = 40, 36
"""At least so many faults are seeded, and at least so many of them must be found."""

SOUP, LIST, LIGHT = "cold-soup", "eight-hundred-contacts", "the-brake-light"
HARD = (
    "Unconditional acknowledgement facilitates organisational accountability, notwithstanding "
    "contractual particularities. "
)
FAULTS: dict[str, tuple[str, Spoil]] = {}


def fault(name: str, *, into: str = SOUP) -> Callable[[Spoil], Spoil]:
    """Note a way to spoil a scenario under a name that says what is wrong then."""

    def note(spoil: Spoil) -> Spoil:
        FAULTS[name] = (into, spoil)
        return spoil

    return note


def option(data: Data, scene: str, id_: str) -> Data:
    return next(one for one in data["scenes"][scene]["options"] if one["id"] == id_)


def options(data: Data) -> list[Data]:
    return [one for scene in data["scenes"].values() for one in scene.get("options", ())]


def on_the_best_walk(data: Data) -> list[tuple[list[Data], Data]]:
    """Return, for each step of the best walk, the options of its scene and the one that is taken."""
    here, taken = data["start"], []
    for id_ in data["walks"]["best"]["path"]:
        taken.append((data["scenes"][here]["options"], option(data, here, id_)))
        here = taken[-1][1]["to"]
    return taken


# -- the graph -------------------------------------------------------------------------------------


@fault("a scene is a dead end")
def _(data: Data) -> None:
    data["scenes"]["rain"]["options"] = []


@fault("a scene cannot be reached")
def _(data: Data) -> None:
    for one in options(data):
        one["to"] = "order-number" if one["to"] == "rain" else one["to"]


@fault("an option leads nowhere")
def _(data: Data) -> None:
    option(data, "opening", "rainy-night")["to"] = "sunshine"


@fault("it starts nowhere")
def _(data: Data) -> None:
    data["start"] = "begin"


@fault("an ending goes on")
def _(data: Data) -> None:
    data["scenes"]["gone"]["options"] = deepcopy(data["scenes"]["rain"]["options"][:1])


@fault("an ending teaches nothing")
def _(data: Data) -> None:
    del data["scenes"]["gone"]["after"]


@fault("whoever walks out walks on")
def _(data: Data) -> None:
    data["walks_out"] = "rain"


@fault("the talk goes round in circles")
def _(data: Data) -> None:
    del data["walks_out"]
    option(data, "laptop", "only-an-estimate")["to"] = "laptop"


@fault("every option of a scene is shut")
def _(data: Data) -> None:
    for one in data["scenes"]["card"]["options"]:
        one["when"] = {"trust": ">= 5"}


@fault("an option waits for a state that never comes")
def _(data: Data) -> None:
    option(data, "opening", "rainy-night")["when"] = {"anger": "<= 2"}


@fault("a guard shuts the best walk out")
def _(data: Data) -> None:
    option(data, "owned", "whole-order-and-fee")["when"] = {"anger": ">= 9"}


@fault("a guard is turned round")
def _(data: Data) -> None:
    option(data, "card", "stay-until-you-see-it")["when"] = {"trust": "<= 5"}


@fault("a guard is no comparison")
def _(data: Data) -> None:
    option(data, "card", "stay-until-you-see-it")["when"] = {"trust": "at least 5"}


@fault("it has too few endings")
def _(data: Data) -> None:
    for one in options(data):
        one["to"] = "gone" if one["to"] in ("closed", "settled-cool") else one["to"]


@fault("the talk is too short")
def _(data: Data) -> None:
    for one in data["scenes"]["laptop"]["options"]:
        one["to"] = "owned"
    data["walks"]["best"]["path"] = ["is-the-laptop-dry", "the-time-before", "whole-order-and-fee"]


# -- what is offered -------------------------------------------------------------------------------


@fault("an option's id stands twice")
def _(data: Data) -> None:
    data["scenes"]["rain"]["options"][0]["id"] = data["scenes"]["rain"]["options"][1]["id"]


@fault("an option's words stand twice")
def _(data: Data) -> None:
    first, second, *_ = data["scenes"]["rain"]["options"]
    first["say"] = second["say"]


@fault("every option of a scene does harm")
def _(data: Data) -> None:
    del data["scenes"]["rain"]["options"][0]


@fault("a move is none that the customer knows")
def _(data: Data) -> None:
    option(data, "opening", "rainy-night")["move"] = "minimize"


@fault("the best option is always the first")
def _(data: Data) -> None:
    for offered, taken in on_the_best_walk(data):
        offered.sort(key=lambda one: one is not taken)


@fault("the best option is always the last")
def _(data: Data) -> None:
    for offered, taken in on_the_best_walk(data):
        offered.sort(key=lambda one: one is taken)


@fault("the best option is always the longest")
def _(data: Data) -> None:
    for offered, taken in on_the_best_walk(data):
        longest = max(len(one["say"]) for one in offered)
        while len(taken["say"]) <= longest:
            taken["say"] += " I see it."


@fault("the right reply is called harmful")
def _(data: Data) -> None:
    option(data, "laptop", "the-time-before")["move"] = "argue"


@fault("a hurtful reply is called kind")
def _(data: Data) -> None:
    option(data, "rain", "please-calm")["move"] = "hear"


@fault("a reply without any detail is said to have one")
def _(data: Data) -> None:
    option(data, "order-number", "sorry-for-the-wait")["detail"] = True


@fault("an option has no reason")
def _(data: Data) -> None:
    del option(data, "rain", "please-calm")["because"]


@fault("a reason says the opposite")
def _(data: Data) -> None:
    option(data, "rain", "please-calm")["because"] = "It calms him down at once."


# -- the remedy ------------------------------------------------------------------------------------


@fault("no remedy is offered for a simple complaint")
def _(data: Data) -> None:
    for one in options(data):
        one["move"] = "ask" if one["move"] in ("act", "act_choice") else one["move"]


@fault("no news is promised for a complex complaint", into=LIST)
def _(data: Data) -> None:
    for one in options(data):
        one["move"] = "hand_over" if one["move"] == "news" else one["move"]


@fault("a complex complaint gets a day for its solution", into=LIST)
def _(data: Data) -> None:
    option(data, "owned", "nobody-knows-yet")["say"] = "Your list will be restored by Monday."


@fault("a complex complaint is called simple", into=LIGHT)
def _(data: Data) -> None:
    data["complexity"] = "simple"
    for one in options(data):
        one["move"] = "news" if one["move"] in ("act", "act_choice") else one["move"]


@fault("the best walk acts before it apologises")
def _(data: Data) -> None:
    option(data, "exactly", "sorry-for-both")["move"] = "act"
    option(data, "owned", "whole-order-and-fee")["move"] = "apologise"


@fault("the best walk never listens")
def _(data: Data) -> None:
    for _offered, taken in on_the_best_walk(data):
        taken["move"] = "empathise" if taken["move"] == "hear" else taken["move"]


@fault("the best walk apologises twice")
def _(data: Data) -> None:
    option(data, "doormat", "a-thief-of-your-own-dinner")["move"] = "apologise"


# -- who the customer is ---------------------------------------------------------------------------


@fault("a cause is misspelled")
def _(data: Data) -> None:
    data["cause"] = "produkt"


@fault("the cause is another one")
def _(data: Data) -> None:
    data["cause"] = "temperament"


@fault("the cause is missing")
def _(data: Data) -> None:
    del data["cause"]


@fault("a profile is none that is known")
def _(data: Data) -> None:
    data["profile"] = "rude"


@fault("an aggressive customer is hardly angry", into=LIST)
def _(data: Data) -> None:
    data["customer"]["anger"] = 4


@fault("an impatient customer has all the time in the world")
def _(data: Data) -> None:
    data["profile"] = "impatient"
    data["customer"]["patience"] = 10


@fault("a second failure leaves trust")
def _(data: Data) -> None:
    data["customer"]["trust"] = 7


@fault("a customer who is wrong is never told so")
def _(data: Data) -> None:
    data["the_customer_is_wrong"] = True
    for one in options(data):
        one["move"] = "minimise" if one["move"] in ("argue", "blame_customer") else one["move"]


@fault("a measure is off the scale")
def _(data: Data) -> None:
    data["customer"]["anger"] = 11


@fault("abuse meets no limit", into=LIST)
def _(data: Data) -> None:
    option(data, "name-calling", "limit-and-way-back")["move"] = "empathise"


@fault("abuse has no ending that protects", into=LIST)
def _(data: Data) -> None:
    data["scenes"]["closed-with-care"]["ending"] = "ended"


@fault("an ending protects from nothing", into=LIST)
def _(data: Data) -> None:
    del data["abuse"]


@fault("a tell is never said")
def _(data: Data) -> None:
    data["tells"][0]["says"] = "THIRD"


@fault("a tell stands twice")
def _(data: Data) -> None:
    data["tells"][1]["says"] = data["tells"][0]["says"]


@fault("there are only two tells")
def _(data: Data) -> None:
    data["tells"] = data["tells"][:2]


@fault("no tell can be seen early")
def _(data: Data) -> None:
    data["tells"] = [*data["tells"][3:], {"says": "EXACTLY", "shows": "He agrees.", "kind": "manner"}]


@fault("what the customer does is called words", into=LIST)
def _(data: Data) -> None:
    next(tell for tell in data["tells"] if tell["says"].startswith("("))["kind"] = "words"


@fault("an unsure customer asks nothing")
def _(data: Data) -> None:
    data["reactions"]["unsure"] = "I see."


@fault("a customer has no answer to harm")
def _(data: Data) -> None:
    del data["reactions"]["harms"]


@fault("a reaction is to nothing that is known")
def _(data: Data) -> None:
    data["reactions"]["empathize"] = "Thanks."


# -- the walks -------------------------------------------------------------------------------------


@fault("a walk does not end where it says")
def _(data: Data) -> None:
    data["walks"]["usual"]["ends"] = "closed"


@fault("a walk stops half way")
def _(data: Data) -> None:
    data["walks"]["best"]["path"].pop()


@fault("a walk takes what is not offered")
def _(data: Data) -> None:
    data["walks"]["usual"]["path"][1] = "one-last-time"


@fault("a walk ends in another state than it says")
def _(data: Data) -> None:
    data["walks"]["best"]["anger"] = ">= 6"


@fault("the best walk and the worst are exchanged")
def _(data: Data) -> None:
    walks = data["walks"]
    walks["best"], walks["worst"] = walks["worst"], walks["best"]


@fault("the best walk and the usual one are exchanged")
def _(data: Data) -> None:
    walks = data["walks"]
    walks["best"], walks["usual"] = walks["usual"], walks["best"]


@fault("one of three walks is missing")
def _(data: Data) -> None:
    del data["walks"]["usual"]


# -- the words -------------------------------------------------------------------------------------


@fault("the reasons are hard to read")
def _(data: Data) -> None:
    for one in options(data):
        one["because"] = HARD + one["because"]


@fault("the customer speaks like a contract")
def _(data: Data) -> None:
    for scene in data["scenes"].values():
        scene["says"] = f"{HARD * 2} {scene['says']}"


@fault("one reply is a speech")
def _(data: Data) -> None:
    option(data, "rain", "please-calm")["say"] = "Please stay calm, and I will help you. " * 9


@fault("a key is misspelled")
def _(data: Data) -> None:
    data["titel"] = data.pop("title")


@fault("a text is empty")
def _(data: Data) -> None:
    option(data, "rain", "please-calm")["say"] = ""


@fault("a text is a number")
def _(data: Data) -> None:
    data["scenes"]["rain"]["says"] = 42


@fault("the file has another name than the customer")
def _(data: Data) -> None:
    data["id"] = "warm-soup"


def written(data: Data, name: str, folder: Path) -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


@pytest.fixture
def good(root: Path) -> Callable[[str], Data]:
    """A function that returns the plain data of a shipped scenario, fresh each time."""

    known: dict[str, Data] = {}

    def read(name: str) -> Data:
        if name not in known:
            text = (root / "course" / "scenarios" / f"{name}.yaml").read_text(encoding="utf-8")
            known[name] = yaml.safe_load(text)
        return deepcopy(known[name])

    return read


@pytest.mark.parametrize("name", sorted({into for into, _ in FAULTS.values()}))
def test_without_a_fault_nothing_is_found(good: Callable[[str], Data], tmp_path: Path, name: str) -> None:
    assert check_file(written(good(name), name, tmp_path), "scenario") == ()


def test_the_check_finds_nearly_every_fault(
    good: Callable[[str], Data], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missed = []
    for what, (name, spoil) in FAULTS.items():
        data = good(name)
        spoil(data)
        assert data != good(name), what
        if not check_file(written(data, name, tmp_path), "scenario"):
            missed.append(what)
    with capsys.disabled():
        print(
            f"\n{len(FAULTS) - len(missed)} of {len(FAULTS)} seeded faults found; missed: {missed or 'none'}"
        )
    assert len(FAULTS) >= SEEDED
    assert len(FAULTS) - len(missed) >= FOUND
    assert len(missed) <= (SEEDED - FOUND) * len(FAULTS) / SEEDED
