"""Graded calls: the walk is taken again, never trusted; outcome, moves and order are marked and told."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograders import check_call
from autograders.call_keys import PARTS, CallQuestion
from autograders.call_proofs import table_holds
from autograders.calls import mark_call
from autograders.checking import check_file
from autograders.checks import taken_again
from autograders.evidence import detail_of
from autograders.feedback_html import render
from autograders.feedback_page import make_page
from autograders.keys_reading import read_key
from autograders.masters import tasks_of
from autograders.record import Mark, Record
from autograders.replaying import MOST_LETTERS, replay
from autograders.roster import Learner
from autograders.score import Score
from course import play
from course.engine.cells import question_cells
from course.engine.content import Complaint, scenario, scenarios
from course.engine.questions import questions_in
from course.engine.words import all_words, word
from course.engine.yaml_reading import read_document

KEY = Path(__file__).parent / "good" / "whole-call.yaml"
MARKED = read_key(KEY)
ASKED = MARKED.questions["call_1"]
assert isinstance(ASKED, CallQuestion)
SOUP = scenario("cold-soup")
BEST = list(SOUP.walks.best.path)
SORRY = "I am so sorry that our driver tipped your soup over your laptop, and that was our fault."


def marks(value: Any) -> dict[str, Score]:
    """Return the score of each part of a walk."""
    assert isinstance(ASKED, CallQuestion)
    replayed = taken_again(ASKED, value)
    return {part: mark_call(ASKED, SOUP, part, replayed) for part in PARTS}


def points(value: Any) -> tuple[float, ...]:
    return tuple(round(score.points, 2) for score in marks(value).values())


def own(text: str, move: str = "hear", **more: Any) -> dict[str, Any]:
    return {"text": text, "move": move, "detail": 1, **more}


# the walk, its points for outcome, moves and order, what is told
WALKS: tuple[tuple[Any, tuple[float, float, float], str], ...] = (
    (
        BEST,
        (4, 4, 2),
        "It ended: Settled, with anger 0 of 10 and trust 10 of 10. It is settled, and Marek goes",
    ),
    (list(SOUP.walks.worst.path), (0, 0, 0), "Marek left without help."),
    (BEST[:1], (0, 0.67, 0.5), "The call has not come to an end, so it has no outcome yet."),
    (BEST[:3], (0, 2, 1), "The steps came in this order: Hear, Empathise."),
    (None, (0, 0, 0), "Not answered: nobody has talked to this customer yet"),
    ([], (0, 0, 0), "Not answered: nobody has talked to this customer yet"),
    ("settled", (0, 0, 0), "The answer is not a call: settled."),
    ({"outcome": 4}, (0, 0, 0), "The answer is not a call: {…}."),
    ([*BEST, BEST[0]], (4, 4, 2), "Turn 7 comes after the end of the call."),
    ([BEST[0], BEST[5]], (0, 0.67, 0.5), f"Turn 2: “{BEST[5]}” could not be said at that moment."),
    (["<b>", *BEST], (0, 0, 0), "Turn 1: “<b>” could not be said at that moment."),
    ([BEST[0], 7], (0, 0.67, 0.5), "Turn 2 is nothing that can be said: 7."),
    ([BEST[0], {"move": "act"}], (0, 0.67, 0.5), "Turn 2 is nothing that can be said: {…}."),
    ([own("a" * (MOST_LETTERS + 1))], (0, 0, 0), f"Turn 1 has more than {MOST_LETTERS} letters."),
)


@pytest.mark.parametrize(("value", "earned", "told"), WALKS, ids=range(len(WALKS)))
def test_a_walk_is_marked_as_far_as_the_customer_allows_it(
    value: Any, earned: tuple[float, float, float], told: str
) -> None:
    assert points(value) == earned
    assert told in "\n".join(map(str, marks(value).values()))


def test_each_move_is_told_with_its_words_and_its_reason() -> None:
    told = str(marks(BEST)["moves"])
    assert "✓ “You paid us to be first and we came last" in told
    assert "You said sorry and owned it. One apology, for this very evening" in told


@pytest.mark.parametrize("claimed", ["hear", "act", "settled", 7, None, ["act"]])
def test_what_the_notebook_says_of_own_words_earns_nothing(claimed: Any) -> None:
    honest, forged = marks([own(SORRY, "apologise")]), marks([own(SORRY, claimed)])
    assert {part: score.points for part, score in forged.items()} == {
        part: score.points for part, score in honest.items()
    }
    assert "were read again, as “You said sorry and owned it”" in str(forged["moves"])
    assert forged["moves"].needs_person
    assert not honest["moves"].needs_person


def test_a_contested_reading_goes_to_a_person_and_earns_what_we_read() -> None:
    score = marks([own("Calm down, it's only soup.", "empathise", read_as="minimise", contested=1)])["moves"]
    assert (score.points, score.needs_person) == (0.0, True)
    assert "You said that you meant “You understood”. A person will look at it." in str(score)


def test_whoever_reads_a_doubtful_reading_finds_the_words_and_both_readings() -> None:
    value = [own("Calm down, it's only soup.", "empathise", read_as="minimise", contested=1)]
    assert isinstance(ASKED, CallQuestion)
    because = detail_of(marks(value)["order"], ASKED, "order", value)["because"]
    assert because.startswith(
        "“Calm down, it's only soup.” Turn 1: we read your own words as “You made it small”."
    )


def test_own_words_that_fit_lead_on_as_the_option_does() -> None:
    said = [own("Soup in your laptop bag, an hour and a half late. Is the laptop dry? Tell me the rest.")]
    assert points(said)[1] > 0


def test_no_more_moves_are_marked_than_the_key_allows() -> None:
    def nobody(_text: str, _complaint: Complaint) -> None:
        raise LookupError

    taken = replay(SOUP, BEST, nobody, most=4)
    assert list(taken.talk.path) == BEST[:4]
    assert taken.stopped == "A call has at most 4 turns. What comes after them does not count."


STEPS = st.one_of(
    st.sampled_from(BEST),
    st.sampled_from(SOUP.walks.worst.path),
    st.text(max_size=8),
    st.integers(),
    st.dictionaries(st.sampled_from(["text", "move", "detail"]), st.text(max_size=5) | st.integers()),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(STEPS, max_size=8), st.lists(STEPS, max_size=4))
def test_nothing_counts_behind_the_first_step_that_cannot_be_taken(walk: list[Any], more: list[Any]) -> None:
    scores = marks(walk)
    assert all(0 <= score.points <= score.out_of for score in scores.values())
    if "does not count, and neither" in str(scores["order"]):
        assert points([*walk, *more]) == points(walk)


@pytest.mark.parametrize("customer", scenarios(), ids=lambda each: each.id)
def test_the_best_walk_of_every_customer_earns_all_for_moves_and_order_and_beats_the_usual_one(
    customer: Any,
) -> None:
    assert isinstance(ASKED, CallQuestion)
    earned = {}
    for name in ("best", "usual", "worst"):
        taken = replay(customer, list(getattr(customer.walks, name).path), _nobody, most=24)
        earned[name] = [mark_call(ASKED, customer, part, taken).points for part in ("moves", "order")]
    assert earned["best"] == [4.0, 2.0]
    assert sum(earned["best"]) > sum(earned["usual"]) > sum(earned["worst"])


def _nobody(_text: str, _complaint: Complaint) -> None:
    raise LookupError("no own words here")


# a change of the table, what is told
TABLES = (
    (
        "{ends: settled, anger",
        "{ends: lost, anger",
        "the best walk of 'cold-soup' earns 2 of 4 for 'outcome'",
    ),
    ("- {points: 0,", "- {points: 4,", "the worst walk of 'cold-soup' earns 4 of 10 points"),
    ("- {points: 0,", "- {ends: ended, points: 0,", "line 4 of the table is never met"),
    ("ends: settled", "ends: setled", "no ends 'setled'; did you mean 'settled'?"),
    ("kind: call", "kind: cal", "no kind 'cal' in questions.call_1; did you mean 'call'?"),
    ("scenario: cold-soup", "scenario: cold-soop", "no scenario 'cold-soop'; did you mean 'cold-soup'?"),
)


@pytest.mark.parametrize(("old", "new", "told"), TABLES, ids=range(len(TABLES)))
def test_a_table_that_marks_wrongly_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tmp_path / "whole-call.yaml"
    text = KEY.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert told in "\n".join(map(str, check_file(path, "key")))


def test_the_sample_call_is_sound() -> None:
    assert check_file(KEY, "key") == ()
    assert isinstance(ASKED, CallQuestion)
    assert not list(table_holds("call_1", ASKED, KEY, read_document(KEY)))


def test_a_learners_notebook_holds_the_customers_name_and_nothing_of_the_table() -> None:
    task = tasks_of(MARKED)["call_1"]
    assert dict(task.shows) == {"kind": "call", "scenario": "cold-soup"}
    assert [(check.grade_id, check.points) for check in task.checks] == [
        ("call_1_outcome", 4),
        ("call_1_moves", 4),
        ("call_1_order", 2),
    ]
    _, player = question_cells(task)
    assert player.source.splitlines() == [
        "from course import play",
        "from autograders import judge",
        'play("call_1", {"kind": "call", "scenario": "cold-soup"}, judge=judge)',
    ]


# what is handed in, what it lacks
HANDED_IN = (
    (None, "call_1: nothing yet"),
    (BEST[:2], "call_1: the call has not come to an end yet"),
    (BEST, ""),
    ({"r1": "hear"}, "call_1: what is kept here does not fit this question. Answer it again."),
    ([7], "call_1: what is kept here does not fit this question. Answer it again."),
    (["no-such-option"], "call_1: what is kept here does not fit this question. Answer it again."),
)


@pytest.mark.parametrize(("value", "lacks"), HANDED_IN, ids=range(len(HANDED_IN)))
def test_handing_in_tells_what_a_call_lacks(value: Any, lacks: str) -> None:
    cells = [dict(cell) for cell in question_cells(tasks_of(MARKED)["call_1"])]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    assert questions_in(notebook, "whole-call.ipynb")["call_1"].lacks(value) == lacks


def graded() -> Any:
    return play("call_1", {"kind": "call", "scenario": "cold-soup"})


def test_a_graded_call_shows_the_talk_and_nothing_that_tells_how_it_goes() -> None:
    player = graded()
    player.hear({"kind": "answer", "value": BEST})
    assert player.value == BEST
    assert len(player.talk["turns"]) == 2 * len(BEST) + 1
    assert (player.talk["state"], player.talk["read"], player.talk["debrief"], player.plot) == (
        None,
        None,
        [],
        {},
    )
    assert player.talk["ending"] == {"id": "settled", "after": ""}
    assert all(word(id_) not in str(player) for id_ in ("state.anger", "player.debrief", "move.hear"))
    assert str(SOUP.scenes[SOUP.walks.best.ends].after) not in str(player)


def test_a_reading_cannot_be_contested_in_a_graded_call() -> None:
    player = graded()
    player.hear({"kind": "answer", "value": [own("Calm down.", "minimise")]})
    player.hear({"kind": "meant", "move": "empathise"})
    assert player.value == [own("Calm down.", "minimise")]


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    keys = tmp_path / "autograders" / "keys"
    keys.mkdir(parents=True)
    (tmp_path / "nbgrader_config.py").touch()
    shutil.copy(KEY, keys)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("part", PARTS)
def test_the_check_of_a_cell_marks_with_a_key(course: Path, part: str) -> None:
    score = check_call("whole-call", "call_1", part, BEST)
    assert score.points == score.out_of > 0


def test_a_check_that_the_key_does_not_know_is_our_fault(course: Path) -> None:
    score = check_call("whole-call", "call_1", "manners", BEST)
    assert score.our_fault
    assert score.needs_person


def test_without_a_key_only_the_form_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "Complete" in check_call("whole-call", "call_1", "outcome", BEST).summary


def test_the_feedback_page_shows_the_talk_with_the_reason_of_each_move() -> None:
    assert isinstance(ASKED, CallQuestion)
    value = [*BEST[:1], own("<script>alert(1)</script> Calm down, it's only soup.", "minimise")]
    scores = marks(value)
    cells = {
        f"call_1_{part}": Mark(s.points, s.out_of, s.needs_person, "", detail_of(s, ASKED, part, value))
        for part, s in scores.items()
    }
    record = Record("whole-call", "ada", "graded", cells=cells, answers={"call_1": value})
    page = make_page(MARKED, record, Learner("ada"), [], {}, {"cold-soup": SOUP})
    html = render(page, all_words())
    assert "Is the laptop dry?" in html
    assert "It gives his own words back and asks the question a friend would ask first." in html
    assert "You made it small. Your own words made it worse." in html
    assert "&lt;script&gt;alert(1)" in html
    assert "<script" not in html
    assert "How it ended" in html
