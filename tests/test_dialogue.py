"""What the customer's rules promise, whatever their numbers are."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.engine.content import MOVES, Move, read_scenario
from course.engine.dialogue import UNSURE, CannotSay, Dialogue, walk
from course.engine.moves import rules
from course.engine.reactions import State, react, settle

PARCEL = read_scenario(Path(__file__).parent / "good" / "the-late-parcel.yaml")

Said = tuple[Move, bool]
moves = st.tuples(st.sampled_from(MOVES), st.booleans())
talks = st.lists(moves, max_size=8)
states = st.builds(State, st.integers(0, 10), st.integers(0, 10), st.integers(0, 10))
complexities = st.sampled_from(["simple", "complex"])


def talk(state: State, said: list[Said], complexity: str) -> State:
    for move, detail in said:
        state, _ = react(state, move, detail=detail, complexity=complexity)
    return settle(state)[0]


def is_no_worse(one: State, other: State) -> bool:
    return one.anger <= other.anger and one.trust >= other.trust and one.patience >= other.patience


@given(states, talks, complexities)
def test_state_stays_between_0_and_10_whatever_is_said(state, said, complexity):
    for move, detail in said:
        state, _ = react(state, move, detail=detail, complexity=complexity)
        assert all(0 <= measure <= 10 for measure in (state.anger, state.trust, state.patience))


@given(states, talks, st.integers(0, 8), complexities)
def test_hearing_first_is_never_worse_than_hearing_later(state, said, later, complexity):
    heard_later = [*said[:later], ("hear", True), *said[later:]]
    heard_first = [("hear", True), *said]
    assert is_no_worse(talk(state, heard_first, complexity), talk(state, heard_later, complexity))


@given(states, talks, st.booleans(), complexities)
def test_a_third_apology_never_helps(state, said, detail, complexity):
    before = talk(state, [("apologise", True), *said, ("apologise", True)], "complex")
    after, _ = react(before, "apologise", detail=detail, complexity=complexity)
    assert after.anger >= before.anger
    assert after.trust <= before.trust
    assert after.patience <= before.patience


@given(states, talks, talks, st.booleans(), complexities)
def test_an_over_promise_ends_worse_than_honest_news(state, before, after, detail, complexity):
    honest = talk(state, [*before, ("news", detail), *after], complexity)
    over = talk(state, [*before, ("overpromise", detail), *after], complexity)
    assert over.anger >= honest.anger
    assert over.trust <= honest.trust


@given(states, talks, st.sampled_from([move for move in MOVES if rules().moves[move].side == "harms"]))
def test_no_harmful_move_leaves_a_customer_better_off(state, said, move):
    before = talk(state, said, "complex")
    after = settle(react(before, move, detail=True, complexity="complex")[0])[0]
    assert is_no_worse(before, after)


@given(st.lists(st.integers(0, 3), max_size=8), st.lists(moves, max_size=2))
def test_a_replay_gives_the_same_dialogue(choices, own):
    dialogue = Dialogue.begin(PARCEL)
    for choice in choices:
        if dialogue.options:
            dialogue = dialogue.say(dialogue.options[choice % len(dialogue.options)].id)
    for move, detail in own:
        if dialogue.ending is None:
            dialogue = dialogue.say_own("In my own words.", move, detail=detail)
    assert walk(PARCEL, dialogue.path) == dialogue
    assert len(dialogue.anger) == len(dialogue.path) + 1
    assert len(dialogue.turns) == 2 * len(dialogue.path) + 1


# what is done before                       then                what it does: anger, trust
FEELS: list[tuple[list[Said], Said, tuple[int, int]]] = [
    ([], ("apologise", True), (-1, 0)),
    ([("hear", True)], ("apologise", True), (-2, +2)),
    ([("hear", True), ("apologise", True)], ("apologise", True), (0, 0)),
    ([("hear", True), ("apologise", True), ("apologise", True)], ("apologise", True), (+1, -1)),
    ([], ("hear", False), (-1, +1)),
    ([], ("hear", True), (-2, +2)),
    ([("hear", True), ("hear", True)], ("hear", True), (0, 0)),
    ([], ("empathise", True), (-1, 0)),
    ([("hear", True)], ("empathise", True), (-2, +2)),
    ([], ("act", True), (0, 0)),
    ([("hear", True), ("empathise", True)], ("act", True), (-3, +1)),
    ([], ("argue", False), (+3, -2)),
    ([], ("interrupt", False), (+2, -1)),
    ([], ("minimise", False), (+2, -2)),
    ([], ("blame_customer", False), (+3, -2)),
    ([], ("pass_the_buck", False), (+1, -3)),
    ([], ("overpromise", False), (-2, 0)),
    ([], ("news", False), (-1, +2)),
]


@pytest.mark.parametrize(("before", "then", "felt"), FEELS)
def test_what_a_move_does(before, then, felt):
    state = State(6, 3, 6)
    for move, detail in before:
        state, _ = react(state, move, detail=detail, complexity="complex")
    after, _ = react(state, then[0], detail=then[1], complexity="complex")
    assert (after.raw_anger - state.raw_anger, after.raw_trust - state.raw_trust) == felt


def test_an_over_promise_calms_now_and_comes_back_two_turns_later():
    angers, notes = [], []
    state = State(6, 4, 6)
    for move in ("overpromise", "boundary", "hear"):
        state, said = react(state, move, complexity="complex")
        angers.append(state.anger)
        notes.append(said)
    assert angers == [4, 3, 7]
    assert notes[2] == ("came_back",)


def test_an_over_promise_as_the_last_word_comes_back_at_the_end():
    state, _ = react(State(6, 4, 6), "overpromise", complexity="complex")
    state, notes = settle(state)
    assert (state.anger, state.trust, notes) == (9, 0, ("came_back",))


def test_patience_runs_faster_under_filler():
    quiet, _ = react(State(5, 5, 8), "argue", complexity="simple")
    filled, _ = react(State(5, 5, 8), "filler", complexity="simple")
    assert filled.patience < quiet.patience < 8


@pytest.mark.parametrize(
    ("path", "step", "complaint"),
    [
        ([], "lisen", "no option 'lisen' in the scene 'opening'; did you mean 'listen'?"),
        (["rules", "calm-down", "not-us", "somebody-will"], "bring-it", "is over (lost); begin a new one"),
        (
            ["sorry-first", "calm-down", "feel-it", "own-it"],
            "bring-it",
            "'bring-it' is not offered in this state",
        ),
    ],
)
def test_what_cannot_be_said_is_told_with_its_cure(path, step, complaint):
    with pytest.raises(CannotSay, match=r".") as told:
        walk(PARCEL, [*path, step])
    assert complaint in str(told.value)


@pytest.mark.parametrize(
    "step", [{}, {"text": "Hi"}, {"text": 7, "move": "hear"}, {"text": "Hi", "move": "hum"}]
)
def test_own_words_that_somebody_broke_are_told(step):
    with pytest.raises(CannotSay, match="begin the talk again"):
        walk(PARCEL, [step])


def test_a_customer_without_patience_walks_out():
    dialogue = walk(PARCEL, ["rules", "calm-down", "not-us", "somebody-will"])
    assert (dialogue.at, dialogue.ending, dialogue.options) == ("hung-up", "lost", ())


def test_own_words_move_the_customer_as_the_judge_read_them():
    dialogue = Dialogue.begin(PARCEL).say_own(
        "So it was due on Monday, and the party is today.", "hear", detail=True
    )
    assert dialogue.at == "the-rest"
    assert dialogue.state.heard
    assert dialogue.turns[1].text == "So it was due on Monday, and the party is today."


def test_a_detail_in_own_words_is_not_lost_when_the_talk_is_taken_up_again():
    dialogue = Dialogue.begin(PARCEL).say_own("Monday, and the party is today.", "hear", detail=True)
    stored = json.loads(json.dumps(list(dialogue.path)))
    assert walk(PARCEL, stored).state == dialogue.state


# a move that the first scene does not offer, what the customer says to it
ANSWERS: list[tuple[Move, str]] = [
    ("empathise", "helps"),
    ("argue", "harms"),
    ("filler", "filler"),
]


@pytest.mark.parametrize(("move", "answer"), ANSWERS)
def test_what_no_option_does_is_answered_and_the_scene_stays(move, answer):
    before = Dialogue.begin(PARCEL)
    after = before.say_own("Whatever I say.", move)
    assert after.at == before.at
    assert after.turns[-1].text == PARCEL.reactions[answer]
    assert after.state == react(before.state, move, complexity="simple")[0]
    assert after.state.patience < before.state.patience
    assert after.options == before.options


def test_asking_is_a_way_of_listening_where_the_scene_offers_only_that():
    assert Dialogue.begin(PARCEL).say_own("Since when?", "ask").at == "the-rest"


def test_a_customer_asks_back_once_and_then_it_is_lost_time():
    begun = Dialogue.begin(PARCEL)
    once = begun.say_unsure("Porto is mild in spring.")
    assert (once.state, once.at, once.turns[-1].text) == (begun.state, "opening", PARCEL.reactions["unsure"])
    twice = once.say_unsure("Mild, I say.")
    assert twice.state == begun.say_own("Mild, I say.", "filler").state
    assert (twice.turns[-2].move, twice.path[-1]["move"]) == ("filler", UNSURE)
    assert walk(PARCEL, twice.path) == twice
    elsewhere = once.say("listen").say_unsure("Hm.")
    assert elsewhere.state == once.say("listen").state


def test_a_customer_whose_patience_is_used_up_by_own_words_walks_out():
    dialogue = Dialogue.begin(PARCEL)
    while dialogue.ending is None:
        dialogue = dialogue.say_own("One moment.", "filler")
    assert dialogue.at == PARCEL.walks_out
    assert dialogue.turns[-1].text == PARCEL.scenes["hung-up"].says


def test_a_promise_that_is_taken_back_at_once_costs_less_and_still_more_than_none():
    kept, back, late = (
        talk(State(6, 4, 9), said, "complex")
        for said in (
            [("news", False)],
            [("overpromise", False), ("news", False)],
            [("overpromise", False), ("hear", False), ("news", False)],
        )
    )
    assert kept.raw_anger < back.raw_anger < late.raw_anger + 1
    assert kept.raw_trust > back.raw_trust > late.raw_trust - 1
    _, notes = react(
        react(State(6, 4, 9), "overpromise", complexity="complex")[0], "news", complexity="complex"
    )
    assert notes == ("taken_back",)


@given(states, talks, talks, complexities)
def test_taking_a_promise_back_at_once_is_never_worse_than_leaving_it(state, before, after, complexity):
    promised = [*before, ("overpromise", False)]
    back = talk(state, [*promised, ("news", False), *after], complexity)
    left = talk(state, [*promised, ("filler", False), *after], complexity)
    assert is_no_worse(back, left)


def test_going_back_gives_the_talk_as_it_was():
    here = walk(PARCEL, ["listen", "say-it-back"])
    assert here.say("feel-it").back() == here


def test_every_move_names_the_point_that_it_comes_from():
    for move, rule in rules().moves.items():
        assert "SEEDS" in rule.source or "EVIDENCE" in rule.source, move
