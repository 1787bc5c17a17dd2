"""Blueprints, parallel forms and giveaways: what `heatproof check` proves of a set of items."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from autograders.checking import check_file
from autograders.giveaways import allowed, chance_of_more, giveaways
from autograders.keys_reading import LabelsQuestion

KNOWN = {"component": "hear", "difficulty": "easy", "provenance": "own"}


def reply(number: int, label: str = "hear", **more: Any) -> dict[str, Any]:
    text = f"What happened in room {number}?"
    return {"id": f"r{number}", "text": text, "label": label, "why": "It asks.", **more}


def form(name: str, **changes: Any) -> dict[str, Any]:
    """Return a key that covers its blueprint, with changes."""
    replies = [
        reply(number, objective="A2" if number < 3 else ["A5", "A2"], **KNOWN) for number in range(1, 5)
    ]
    question = {"kind": "labels", "scenario": "cold-soup", "replies": replies}
    blueprint = {"A2": {"items": 2, "points": 2}, "A5": {"items": 2, "points": 2}}
    return {
        "assignment": name,
        "title": "T",
        "blueprint": blueprint,
        "questions": {"q_1": question},
    } | changes


def told(folder: Path, key: dict[str, Any]) -> str:
    path = folder / f"{key['assignment']}.yaml"
    path.write_text(yaml.safe_dump(key, sort_keys=False), encoding="utf-8")
    return "\n".join(fault.what for fault in check_file(path, "key"))


def test_a_key_that_covers_its_blueprint_is_sound(tmp_path: Path) -> None:
    assert told(tmp_path, form("one")) == ""


# what is done to the key, what is told
FAULTS: tuple[tuple[Any, str], ...] = (
    (lambda key: key["blueprint"]["A2"].update(items=3), "A2 has 2 items and 2 points"),
    (lambda key: key["blueprint"]["A5"].update(points=4), "A5 has 2 items and 2 points"),
    (lambda key: key["blueprint"].pop("A5"), "A5 is asked for and not in the blueprint"),
    (lambda key: key["blueprint"].update(B9={"items": 1, "points": 1}), "B9 has 0 items and 0 points"),
    (lambda key: key["blueprint"].update(F1={"items": 1, "points": 1}), "no objective 'F1'"),
    (lambda key: item(key).pop("objective"), "'objective' is not said of q_1, item 1"),
    (lambda key: item(key).pop("component"), "'component' is not said of q_1, item 1"),
    (lambda key: item(key).pop("difficulty"), "'difficulty' is not said of q_1, item 1"),
    (lambda key: item(key).pop("provenance"), "'provenance' is not said of q_1, item 1"),
    (lambda key: own_labels(key), "'r1' has no reason for 'ask', 'act'"),
    (lambda key: key.update(parallel_to="other"), "no assignment 'other'"),
)


def item(key: dict[str, Any]) -> dict[str, Any]:
    replies: list[dict[str, Any]] = key["questions"]["q_1"]["replies"]
    return replies[0]


def own_labels(key: dict[str, Any]) -> None:
    key["questions"]["q_1"]["labels"] = {"hear": "Hears", "ask": "Asks", "act": "Acts"}


@pytest.mark.parametrize(("spoil", "what"), FAULTS, ids=range(len(FAULTS)))
def test_what_a_blueprint_misses_is_told(tmp_path: Path, spoil: Any, what: str) -> None:
    key = form("one")
    spoil(key)
    assert what in told(tmp_path, key)


def test_without_a_blueprint_nothing_is_asked_of_the_items(tmp_path: Path) -> None:
    key = form("one")
    key.pop("blueprint")
    item(key).pop("objective")
    assert told(tmp_path, key) == ""


def test_what_a_question_says_of_itself_holds_for_its_items(tmp_path: Path) -> None:
    key = form("one", blueprint={"A2": {"items": 4, "points": 4}})
    key["questions"]["q_1"] |= {"objective": "A2", **KNOWN}
    for one in key["questions"]["q_1"]["replies"]:
        for name in ("objective", *KNOWN):
            one.pop(name)
    assert told(tmp_path, key) == ""


def test_a_plan_and_a_call_are_one_item_with_all_their_points(tmp_path: Path) -> None:
    key = yaml.safe_load((Path(__file__).parent / "good" / "whole-call.yaml").read_text(encoding="utf-8"))
    key["blueprint"] = {"A13": {"items": 1, "points": 10}, "A2": {"items": 2, "points": 2}}
    assert told(tmp_path, key) == ""
    key["blueprint"]["A13"]["points"] = 9
    assert told(tmp_path, key) == "A13 has 1 item and 10 points"


def test_parallel_forms_of_one_blueprint_are_sound(tmp_path: Path) -> None:
    told(tmp_path, form("one"))
    assert told(tmp_path, form("two", parallel_to="one")) == ""


# what is done to the second form, what is told
PARALLEL: tuple[tuple[Any, str], ...] = (
    (lambda key: key["blueprint"]["A2"].update(items=3), "the blueprint differs from that of 'one' in A2"),
    (lambda key: item(key).update(difficulty="hard"), "1 of difficulty 'hard', and 0 in 'one'"),
    (lambda key: item(key).update(component="act"), "3 of component 'hear', and 4 in 'one'"),
    (lambda key: key["questions"]["q_1"]["replies"].pop(), "3 points, and 4 in 'one'"),
    (lambda key: key.pop("blueprint"), "a parallel form without a blueprint"),
)


@pytest.mark.parametrize(("spoil", "what"), PARALLEL, ids=range(len(PARALLEL)))
def test_how_a_parallel_form_differs_is_told(tmp_path: Path, spoil: Any, what: str) -> None:
    told(tmp_path, form("one"))
    key = form("two", parallel_to="one")
    spoil(key)
    assert what in told(tmp_path, key)


def labels(helps: list[str], harms: list[str], **more: Any) -> LabelsQuestion:
    """Return a question whose items help or do harm."""
    right = more.pop("right", ("hear", "argues"))
    texts = [(text, right[0]) for text in helps] + [(text, right[1]) for text in harms]
    items = tuple(reply(at, label, text=text) for at, (text, label) in enumerate(texts))
    asked = {"kind": "labels", "asks": "What does it do?", "replies": items}
    return LabelsQuestion.model_validate(asked | more)


LONG, SHORT = "Tell me all that happened, and take your time for it", "Tell me all"
POLITE = "Would you please tell me"
MIXED = [LONG, SHORT, LONG, SHORT, LONG, SHORT]
SCALE = {"labels": {"much": "Much", "some": "Some", "harm": "Harm"}, "scale": ("much", "some", "harm")}

# items that help, items that harm, what gives them away
SETS: tuple[tuple[list[str], list[str], dict[str, Any], str], ...] = (
    (MIXED, MIXED, {}, ""),
    (
        [LONG] * 6,
        [SHORT] * 6,
        {},
        "items that are a step of HEAT are longer than the others 100 times of 100",
    ),
    (
        [SHORT] * 6,
        [LONG] * 6,
        {},
        "items that are a step of HEAT are shorter than the others 100 times of 100",
    ),
    ([POLITE] * 6, ["What do you want from me"] * 6, {}, "items that are a step of HEAT are politer than"),
    ([LONG] * 3, [SHORT] * 3, {}, ""),
    (
        [LONG] * 6,
        [SHORT] * 6,
        SCALE | {"right": ("much", "harm")},
        "at the upper end of their scale are longer",
    ),
    (
        [LONG] * 6,
        [SHORT] * 6,
        {"labels": {"so": "So", "not": "Not"}, "right": ("so", "not")},
        "'so' are longer",
    ),
)


@pytest.mark.parametrize(("helps", "harms", "more", "what"), SETS, ids=range(len(SETS)))
def test_the_longest_and_the_politest_are_not_the_tell(
    helps: list[str], harms: list[str], more: dict[str, Any], what: str
) -> None:
    found = list(giveaways([labels(helps, harms, **more)]))
    assert what in "\n".join(found)
    assert bool(found) == bool(what)


def test_a_small_set_may_differ_more_by_chance_than_a_large_one() -> None:
    assert allowed(4, 4) > allowed(8, 8) > allowed(60, 60) == 0.2
    assert chance_of_more([1, 2, 3], [1, 2, 3]) == 0.5


def test_a_set_that_gives_itself_away_is_told_by_the_check(tmp_path: Path) -> None:
    key = form("one")
    key.pop("blueprint")
    key["questions"]["q_1"]["replies"] = [
        {"id": f"r{at}", "text": f"{text} {at}", "label": label, "why": "So."}
        for at, (text, label) in enumerate([(LONG, "hear")] * 5 + [(SHORT, "argues")] * 5)
    ]
    assert "are longer than the others" in told(tmp_path, key)
