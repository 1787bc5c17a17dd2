"""The players without a browser: what Python makes of a message, keeps, takes up again and prints."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograders import judge
from course import hand_in, play, sort, write
from course.engine.answering import Answering
from course.engine.answers import cell_source
from course.engine.content import MOVES, scenario
from course.engine.debrief import looking_back
from course.engine.dialogue import UNSURE, walk
from course.engine.own_words import as_step
from course.engine.plots import alt_text, talk_plot
from course.engine.talk_shown import curves, readings

REPLIES = {
    "complaint": "My soup is cold <b>again</b>!",
    "replies": [{"id": "r1", "text": "Tell me more."}, {"id": "r2", "text": "Not my fault."}],
    "labels": ["hear", "empathise", "argues"],
}
SOUP = scenario("cold-soup")
PLAN = (
    "I would let Marek finish and write it down. I am so sorry that the soup came cold: that was our mistake."
)

Make = Callable[[], Answering]
PLAYERS: dict[str, tuple[Make, Any, Any]] = {
    "sorter": (lambda: sort("q", REPLIES), {"r1": "hear"}, {"r1": "no-such-label"}),
    "pen": (lambda: write("q", "cold-soup"), PLAN, "x" * 4_001),
    "player": (lambda: play("q", "cold-soup"), ["is-the-laptop-dry"], ["no-such-option"]),
}


@pytest.fixture(autouse=True)
def notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A notebook with one empty answer cell, in the folder where we are."""
    marks = {
        "grade_id": "q",
        "grade": False,
        "solution": True,
        "locked": False,
        "schema_version": 3,
        "task": False,
    }
    cell = {"cell_type": "code", "id": "q", "metadata": {"nbgrader": marks}, "execution_count": None}
    cells = [{**cell, "outputs": [], "source": "q = None\n# Your answer is kept here for you."}]
    file = tmp_path / "lesson.ipynb"
    file.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    return file


def told_by(player: Answering, message: dict[str, Any]) -> list[dict[str, Any]]:
    """Give a player a message of its JavaScript half, and return its answers."""
    answers: list[dict[str, Any]] = []
    player.send = answers.append
    player.hear(message)
    return answers


@pytest.mark.parametrize("kind", PLAYERS)
def test_an_answer_is_filed_at_once_and_the_next_player_takes_it_up(kind: str, notebook: Path) -> None:
    make, good, _ = PLAYERS[kind]
    assert told_by(make(), {"kind": "answer", "value": good}) == [{"kind": "filed", "safe": True, "say": ""}]
    assert json.loads((notebook.parent / "lesson.answers.json").read_text())["answers"]["q"]["value"] == good
    assert make().value == good


@pytest.mark.parametrize("kind", PLAYERS)
def test_the_file_is_gone_once_the_notebook_is_said_to_hold_the_answer(kind: str, notebook: Path) -> None:
    make, good, _ = PLAYERS[kind]
    player = make()
    told_by(player, {"kind": "answer", "value": good})
    saved = json.loads(notebook.read_text())
    saved["cells"][0]["source"] = cell_source("q", good)
    notebook.write_text(json.dumps(saved))
    told_by(player, {"kind": "stored", "value": good})
    assert not (notebook.parent / "lesson.answers.json").exists()


@pytest.mark.parametrize("kind", PLAYERS)
def test_the_live_cell_is_taken_up(kind: str) -> None:
    make, good, _ = PLAYERS[kind]
    player = make()
    answers = told_by(player, {"kind": "cell", "source": cell_source("q", good), "again": False})
    assert (player.value, answers[0]["store"], answers[0]["say"]) == (good, False, "saved.restored")


@pytest.mark.parametrize("kind", PLAYERS)
def test_an_answer_that_only_the_file_holds_goes_back_into_the_notebook(kind: str) -> None:
    make, good, _ = PLAYERS[kind]
    told_by(make(), {"kind": "answer", "value": good})
    player = make()
    answers = told_by(player, {"kind": "cell", "source": "q = None\n# stub", "again": False})
    assert (player.value, answers[0]["store"]) == (good, True)


@pytest.mark.parametrize("kind", PLAYERS)
@pytest.mark.parametrize("source", ["q = open('x')", "q = 1; q = 2", "import os", "q = {1, 2}"])
def test_a_cell_that_is_no_answer_is_told_and_never_run(kind: str, source: str) -> None:
    player = PLAYERS[kind][0]()
    answers = told_by(player, {"kind": "cell", "source": source, "again": False})
    assert player.value is None
    assert answers[0]["say"].startswith("q: ")


@pytest.mark.parametrize("kind", PLAYERS)
def test_a_value_of_another_form_is_neither_kept_nor_shown(kind: str, notebook: Path) -> None:
    make, _, bad = PLAYERS[kind]
    player = make()
    for value in (bad, 7, [[]], {"r1": ["hear"]}):
        assert told_by(player, {"kind": "answer", "value": value}) == []
    assert player.value is None
    assert not (notebook.parent / "lesson.answers.json").exists()


@pytest.mark.parametrize("kind", PLAYERS)
def test_to_a_grader_it_is_escaped_text(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make, good, _ = PLAYERS[kind]
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    monkeypatch.setattr("__main__.q", good, raising=False)
    data, _ = make()._repr_mimebundle_()
    assert sorted(data) == ["text/html", "text/plain"]
    assert "<b>" not in data["text/html"]
    assert data["text/plain"] == str(make())
    assert make().value == good


def test_practice_gives_a_reason_and_an_assignment_none() -> None:
    practice, exam = sort("q", "heat-sorting"), sort("q", REPLIES)
    first = practice.told["replies"][0]["id"]
    practice.take({first: "hear"})
    exam.take({"r1": "hear"})
    assert practice.reasons[first]["verdict"] in ("right", "near", "wrong")
    assert practice.reasons[first]["why"]
    assert exam.reasons == {}


def test_practice_shows_a_learner_no_label_before_they_choose() -> None:
    sorter = sort("q", "heat-sorting")
    assert all(reply.keys() == {"id", "text"} for reply in sorter.told["replies"])


def test_a_judge_that_breaks_costs_the_learner_nothing(notebook: Path) -> None:
    def broken(plan: str, complaint: object) -> object:
        raise RuntimeError(plan)

    pen = write("q", "cold-soup", judge=broken)
    told_by(pen, {"kind": "answer", "value": PLAN})
    assert pen.value == PLAN
    assert pen.verdict["note"].startswith("This is our fault")


def test_the_pen_quotes_the_learners_own_words() -> None:
    pen = write("q", "cold-soup", judge=judge)
    pen.take(PLAN)
    assert [step["name"] for step in pen.verdict["components"]] == ["hear", "empathise", "apologise", "act"]
    quotes = [quote for step in pen.verdict["components"] for quote in step["evidence"]]
    assert quotes
    assert all(quote in PLAN for quote in quotes)


@pytest.mark.parametrize("walk_name", ["best", "usual", "worst"])
def test_looking_back_tells_every_turn_and_never_betters_the_best(walk_name: str) -> None:
    path = getattr(SOUP.walks, walk_name).path
    backs = looking_back(walk(SOUP, path))
    assert [back.turn for back in backs] == list(range(1, len(path) + 1))
    assert [back.anger for back in backs] == list(walk(SOUP, path).anger[1:])
    if walk_name == "worst":
        assert any(back.better for back in backs)
    assert not any(back.better == back.said for back in backs)


@pytest.mark.parametrize(
    ("said", "move"),
    [
        ("Calm down, it's only soup.", "minimise"),
        ("I'm so sorry that your dinner came cold and leaked. That was our mistake.", "apologise"),
        ("I will refund your order and the priority fee right now.", "act"),
    ],
)
def test_own_words_are_taken_for_a_move(said: str, move: str) -> None:
    step = as_step(said, SOUP.as_complaint(), judge)
    assert step is not None
    assert step["move"] == move
    assert walk(SOUP, [step]).turns[1].text == said


# what is said, the move that it is taken for
READ = [
    ("What happened then?", "ask"),
    ("I won't be insulted. Let us go on with the soup, please.", "boundary"),
    ("Anna, my colleague from the kitchen, will take over.", "hand_over"),
    ("I'll call you at five, solved or not.", "news"),
    ("One moment, please.", "filler"),
    ("The weather in Porto is mild in spring.", UNSURE),
    ("asdf", UNSURE),
]


@pytest.mark.parametrize(("said", "move"), READ)
def test_own_words_are_more_than_the_four_steps(said: str, move: str) -> None:
    assert as_step(said, SOUP.as_complaint(), judge)["move"] == move


def test_of_two_things_said_the_one_that_the_scene_offers_counts() -> None:
    said = "Late, cold, and into your bag: that was our fault, and I am sorry. I refund your order right now."
    read = {
        as_step(said, SOUP.as_complaint(), judge, offered=[move])["move"] for move in ("act", "apologise")
    }
    assert read == {"act", "apologise"}


def test_a_learner_says_what_own_words_were_meant_to_do_and_both_are_kept() -> None:
    player = play("q", "cold-soup", judge=judge)
    said = told_by(player, {"kind": "own", "text": "Calm down, it's only soup."})[0]["value"]
    player.take(said)
    assert player.talk["read"] == {"move": "minimise", "unread": False, "contested": False}
    meant = told_by(player, {"kind": "meant", "move": "empathise"})[0]["value"]
    step = {"text": "Calm down, it's only soup.", "move": "empathise", "detail": 0}
    assert meant == [step | {"read_as": "minimise", "contested": 1}]
    assert player.accepts(meant)
    player.take(meant)
    assert player.talk["read"] == {"move": "empathise", "unread": False, "contested": True}
    assert told_by(player, {"kind": "meant", "move": "hear"})[0]["value"][0]["read_as"] == "minimise"


def test_only_own_words_can_be_contested() -> None:
    player = play("q", "cold-soup", judge=judge)
    assert told_by(player, {"kind": "meant", "move": "hear"}) == [{"kind": "said", "value": None}]
    player.take(["is-the-laptop-dry"])
    assert told_by(player, {"kind": "meant", "move": "hear"}) == [{"kind": "said", "value": None}]
    assert told_by(player, {"kind": "meant", "move": "hum"}) == []


def test_every_move_can_be_meant() -> None:
    helps, harms = readings().values()
    assert sorted([*helps, *harms]) == sorted(MOVES)


def test_what_nobody_could_read_is_looked_back_on_as_that() -> None:
    unread = {"text": "asdf", "move": UNSURE, "detail": 0}
    talk = walk(SOUP, [unread, *SOUP.walks.worst.path])
    first = looking_back(talk)[0]
    assert (first.move, first.change, first.rule, first.effect) == (UNSURE, 0, "", "little")


def test_looking_back_names_the_points_of_each_rule() -> None:
    backs = looking_back(walk(SOUP, SOUP.walks.best.path))
    assert backs[0].rule == "A2-A4, C3, C4 [4, 8, 9, 16]"
    assert all(back.rule for back in backs)


NOW = {"anger": (8, 6, 3), "trust": (4, 6, 7), "patience": (8, 8, 7)}
EARLIER = {"anger": (8, 9), "trust": (4, 2), "patience": (8, 6)}


def test_a_plot_says_in_words_what_it_shows_and_is_the_same_each_time() -> None:
    plot = talk_plot(NOW, EARLIER)
    assert plot["alt"] == alt_text(NOW, EARLIER)
    assert all(part in plot["alt"] for part in ("8, 6, 3", "8, 9", "4, 6, 7", "8, 8, 7"))
    assert plot == talk_plot(NOW, EARLIER)
    assert plot["light"].startswith("data:image/svg+xml;base64,")


def test_the_curves_have_the_start_and_every_turn() -> None:
    best = walk(SOUP, SOUP.walks.best.path)
    assert {name: len(curve) for name, curve in curves(best).items()} == {
        "anger": len(best.path) + 1,
        "trust": len(best.path) + 1,
        "patience": len(best.path) + 1,
    }


def test_going_back_keeps_the_earlier_curve_for_the_plot() -> None:
    player = play("q", "cold-soup")
    player.take(list(SOUP.walks.worst.path))
    worst = player.talk["state"]["anger"]
    player.take([])
    player.take(list(SOUP.walks.best.path))
    assert player.talk["state"]["anger"] < worst
    assert "The time before" in player.plot["alt"]


def test_the_button_tells_what_is_missing_and_packs_what_is_there(notebook: Path) -> None:
    told_by(sort("q", REPLIES), {"kind": "answer", "value": {"r1": "hear"}})
    button = hand_in("lesson")
    said: list[dict[str, Any]] = []
    button.send = said.append
    button.hear({"kind": "hand-in"})
    assert said == [{"kind": "handed-in"}]
    assert button.receipt["zip"] == "lesson-hand-in.zip"
    assert (notebook.parent / "lesson-hand-in.zip").is_file()
    assert button.receipt["hash"] in str(button)
