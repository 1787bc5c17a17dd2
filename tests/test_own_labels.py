"""Lists that bring labels of their own: shown, marked, told, built and released like those of HEAT."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograders.checking import check_file
from autograders.evidence import detail_of
from autograders.feedback_html import render
from autograders.feedback_page import make_page
from autograders.keys_reading import Key, LabelsQuestion
from autograders.labels import mark_labels, not_asked_for
from autograders.masters import tasks_of
from autograders.objectives import objectives
from autograders.record import Mark, Record
from autograders.roster import Learner
from autograders.score import Score
from course import sort
from course.engine.cells import question_cells
from course.engine.content import read_exercise
from course.engine.labels import credit
from course.engine.questions import questions_in
from course.engine.words import all_words

QUIZ = """\
id: what-stuck
title: What do you still know?
asks: Which of these sentences holds?
labels: {so: It is so, not-so: Not so, it-depends: It depends}
replies:
  - {id: r1, text: An angry caller wants to be heard first., label: so, why: Anger falls when it is heard.}
  - id: r2
    text: A third sorry helps.
    label: not-so
    why: The second helped little.
    near: {it-depends: 0.5}
"""

QUESTION: dict[str, Any] = {
    "kind": "labels",
    "asks": "Which of these\nsentences holds?",
    "labels": {"so": "It is so", "not-so": "Not so", "it-depends": "It depends"},
    "replies": (
        {"id": "r1", "text": "Hear first.", "label": "so", "why": "Anger falls when it is heard."},
        {
            "id": "r2",
            "text": "A third sorry helps.",
            "label": "not-so",
            "why": "The second helped little.",
            "near": {"it-depends": 0.5},
            "wrong": {"so": "Count the sorries."},
        },
    ),
}
ASKED = LabelsQuestion.model_validate(QUESTION)
KEY = Key.model_validate({"assignment": "quiz", "title": "A quiz", "questions": {"holds": QUESTION}})

MARKED: tuple[tuple[Any, float, str], ...] = (
    ({"r1": "so", "r2": "not-so"}, 2.0, "2 of 2 points"),
    ({"r1": "so", "r2": "it-depends"}, 1.5, "You chose “It depends”. Close. We call it “Not so”."),
    ({"r1": "so", "r2": "so"}, 1.0, "We see it differently. Count the sorries. We call it “Not so”."),
    ({"r1": "not-so"}, 0.0, "You chose “Not so”. We see it differently. We call it “It is so”. Anger falls"),
    ({"r1": "hear"}, 0.0, "“hear” is not one of the labels"),
)


@pytest.fixture
def quiz(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "course" / "exercises" / "what-stuck.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(QUIZ, encoding="utf-8")
    (tmp_path / "nbgrader_config.py").touch()
    monkeypatch.chdir(tmp_path)
    return path


def test_an_exercise_without_a_customer_is_sound(quiz: Path) -> None:
    assert check_file(quiz, "exercise") == ()
    assert list(read_exercise(quiz).labels) == ["so", "not-so", "it-depends"]


def test_the_sorter_shows_the_labels_in_the_order_of_the_file(quiz: Path) -> None:
    told = sort("sort_1", "what-stuck").told
    assert told["groups"] == [{"id": "own", "labels": ["so", "not-so", "it-depends"]}]
    assert told["named"]["it-depends"] == "It depends"
    assert (told["title"], told["asks"]) == ("What do you still know?", "Which of these sentences holds?")
    assert told["complaint"] is None


def test_the_sorter_tells_a_reason_for_a_label_of_its_own(quiz: Path) -> None:
    sorter = sort("sort_1", "what-stuck")
    sorter.hear({"kind": "answer", "value": {"r2": "it-depends"}})
    assert sorter.reasons["r2"] == {
        "label": "it-depends",
        "verdict": "near",
        "why": "The second helped little.",
    }
    assert "It depends" in str(sorter)
    assert "Number 2: A third sorry helps." in str(sorter)


@pytest.mark.parametrize("value", [{"r1": "hear"}, {"r9": "so"}, {"r1": ["so"]}])
def test_the_sorter_takes_no_label_that_it_does_not_show(quiz: Path, value: Any) -> None:
    assert not sort("sort_1", "what-stuck").accepts(value)


@pytest.mark.parametrize(("value", "points", "told"), MARKED, ids=range(len(MARKED)))
def test_labels_of_its_own_are_marked_and_told(value: Any, points: float, told: str) -> None:
    score = mark_labels(ASKED, value)
    assert (score.points, score.out_of) == (points, 2.0)
    assert told in str(score)


def test_only_a_label_that_was_not_offered_is_told_as_odd() -> None:
    assert not_asked_for(ASKED, {"r1": "so", "r2": "it-depends"}) == ()
    assert not_asked_for(ASKED, {"r1": "hear"}) == ("“hear” is not one of the labels.",)


def test_what_a_learner_gets_holds_the_labels_in_order_and_nothing_of_the_key() -> None:
    (task,) = tasks_of(KEY).values()
    assert set(task.shows) == {"asks", "labels", "replies"}
    assert list(task.shows["labels"].items()) == list(ASKED.labels.items())
    assert task.shows["asks"] == "Which of these sentences holds?"
    assert [set(reply) for reply in task.shows["replies"]] == [{"id", "text"}] * 2


def test_the_cell_of_the_player_shows_what_the_task_says() -> None:
    answer, player = question_cells(tasks_of(KEY)["holds"])
    call = player.source.splitlines()[-1]
    name, shows = json.loads(f"[{call.removeprefix('sort(').removesuffix(')')}]")
    sorter = sort(name, shows)
    assert sorter.accepts({"r1": "so", "r2": "it-depends"})
    assert not sorter.reasons
    notebook = json.loads(json.dumps({"cells": [answer, player], "nbformat": 4, "nbformat_minor": 5}))
    asked = questions_in(notebook, "quiz.ipynb")["holds"]
    assert asked.lacks({"r1": "so"}) == "holds: 1 of 2 labelled"


def test_the_feedback_page_needs_no_customer() -> None:
    value = {"r1": "so", "r2": "so"}
    score = mark_labels(ASKED, value)
    mark = Mark(score.points, score.out_of, detail=detail_of(score, ASKED, None, value))
    record = Record("quiz", "ada", "graded", cells={"holds_check": mark}, answers={"holds": value})
    html = render(make_page(KEY, record, Learner("ada"), [], {}, {}), all_words())
    assert "Which of these sentences holds?" in html
    assert "Count the sorries." in html
    assert "The customer said" not in html


SCALE = ("very-helpful", "helpful", "neither", "harmful", "very-harmful")

# on which scale, the right label, the label given, its share
DISTANCES: tuple[tuple[tuple[str, ...], str, str, float], ...] = (
    (SCALE, "very-helpful", "very-helpful", 1.0),
    (SCALE, "very-helpful", "helpful", 0.5),
    (SCALE, "helpful", "very-helpful", 0.5),
    (SCALE, "very-helpful", "neither", 0.0),
    (SCALE, "very-helpful", "very-harmful", 0.0),
    (("a", "b", "c", "d"), "b", "c", 0.3333),
    (("a", "b", "c", "d"), "a", "c", 0.0),
    (("a", "b", "c"), "a", "b", 0.0),
    (("a", "b", "c", "d", "e", "f"), "a", "c", 0.2),
    (SCALE, "helpful", "cannot-say", 0.0),
)


@pytest.mark.parametrize(("scale", "right", "given", "share"), DISTANCES)
def test_on_a_scale_the_distance_from_the_right_label_counts(
    scale: tuple[str, ...], right: str, given: str, share: float
) -> None:
    assert credit(given, right, {}, scale) == share


def test_what_the_key_says_of_a_label_counts_before_its_distance() -> None:
    assert credit("neither", "very-helpful", {"neither": 0.25}, SCALE) == 0.25


@given(st.permutations(SCALE), st.sampled_from(SCALE), st.sampled_from(SCALE), st.sampled_from(SCALE))
def test_nearer_is_never_worse_and_distance_is_the_same_from_both_sides(
    scale: list[str], right: str, one: str, other: str
) -> None:
    near, far = sorted((one, other), key=lambda label: abs(scale.index(label) - scale.index(right)))
    assert credit(near, right, {}, scale) >= credit(far, right, {}, scale)
    assert credit(one, right, {}, scale) == credit(right, one, {}, scale)


def on_a_scale(value: dict[str, str]) -> Score:
    words = dict(zip(SCALE, ("Very helpful", "Helpful", "Neither", "Harmful", "Very harmful"), strict=True))
    replies = ({"id": "r1", "text": "Tell me.", "label": "very-helpful", "why": "It asks."},)
    asked = {"kind": "labels", "asks": "How helpful?", "labels": words, "scale": SCALE, "replies": replies}
    return mark_labels(LabelsQuestion.model_validate(asked), value)


def test_a_step_beside_the_key_earns_a_part_and_is_told_as_close() -> None:
    score = on_a_scale({"r1": "helpful"})
    assert score.points == 0.5
    assert "You chose “Helpful”. Close. We call it “Very helpful”. It asks." in str(score)


def test_a_scale_is_not_shown_as_a_key() -> None:
    asked = QUESTION | {"scale": ("so", "it-depends", "not-so")}
    key = Key.model_validate({"assignment": "quiz", "title": "A quiz", "questions": {"holds": asked}})
    assert set(tasks_of(key)["holds"].shows) == {"asks", "labels", "replies"}


def test_an_item_names_one_objective_or_several() -> None:
    one, two = {"objective": "A5"}, {"objective": ("A5", "B5")}
    replies = [reply | more for reply, more in zip(QUESTION["replies"], (one, two), strict=True)]
    asked = LabelsQuestion.model_validate(QUESTION | {"replies": tuple(replies)})
    assert [reply.objective for reply in asked.replies] == [("A5",), ("A5", "B5")]


def test_there_are_forty_four_objectives_and_each_says_what_it_is_about() -> None:
    counts = Counter(point[0] for point in objectives())
    assert counts == {"A": 13, "B": 10, "C": 7, "D": 4, "E": 10}
    assert all(words.strip() for words in objectives().values())
