"""The page about the customer says what the rules say, and in every scenario the rules keep its promises."""

import random
from pathlib import Path

import pytest

from autograders.proving import Explored, explore
from course.engine.content import MOVES, Move, Scenario, scenarios
from course.engine.dialogue import Dialogue, walk
from course.engine.moves import Effect, MoveRule, points_of, rules
from course.engine.reactions import State, react, settle

ALL = scenarios()
MOST_TURNS = 14
WALKS = 60
"""Random walks through each scenario."""

each_scenario = pytest.mark.parametrize("scenario", ALL, ids=[scenario.id for scenario in ALL])


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "the-customer.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def explored() -> dict[str, Explored]:
    return {scenario.id: explore(scenario) for scenario in ALL}


def effect(of: Effect) -> str:
    """Return an effect in words: "anger -1, trust +1"."""
    moved = {"anger": of.anger, "trust": of.trust, "patience": of.patience}
    return ", ".join(f"{name} {by:+}" for name, by in moved.items() if by) or "nothing"


def row(move: Move, rule: MoveRule) -> str:
    """Return the row of the page's table for a move."""
    told = [effect(rule.now)]
    if rule.listens or rule.listens_detail:
        points = {1: "1 point", 2: "2 points"}
        told += [f"{points[rule.listens]} of listening"]
        told += (
            [f"with a detail {points[rule.listens_detail]}"] if rule.listens_detail != rule.listens else []
        )
    told += [f"with a detail {effect(rule.detail)}"] if rule.detail else []
    told += [f"before being heard {effect(rule.unheard)}"] if rule.unheard else []
    told += [f"to a simple complaint {effect(rule.simple)}"] if rule.simple else []
    told += [f"below trust {rule.needs_trust} {effect(rule.distrusted)}"] if rule.needs_trust else []
    times = ("second", "third")
    told += [f"the {times[n]} time {effect(again)}" for n, again in enumerate(rule.again)]
    told += [f"{rule.later.turns} turns later {effect(rule.later)}"] if rule.later else []
    told += [f"softens what is still to come back by {effect(rule.takes_back)}"] if rule.takes_back else []
    return f"| `{move}` | {'; '.join(told)} | {points_of(rule.source)} |"


@pytest.mark.parametrize("move", MOVES)
def test_the_page_tells_every_move_with_its_numbers_and_its_source(page: str, move: Move) -> None:
    assert row(move, rules().moves[move]) in page.splitlines()


def test_the_page_tells_what_every_turn_and_every_point_of_listening_does(page: str) -> None:
    turn, listening = rules().turn, rules().listening
    assert f"Every turn: {effect(turn.costs)}." in page
    assert f"A point of listening: {effect(listening.a_point)}." in page
    assert f"heard from {listening.heard_from} points on" in page
    assert f"full at {listening.most} points" in page
    for source in (turn.source, listening.source):
        assert points_of(source) in page


def test_every_source_is_a_number_of_the_ledger_or_the_seeds() -> None:
    sources = [
        rules().turn.source,
        rules().listening.source,
        *(rule.source for rule in rules().moves.values()),
    ]
    for source in sources:
        seeds, _, rows = points_of(source).partition(" [")
        assert all(point[0] in "ABCDE" for point in seeds.split(", "))
        assert all(1 <= int(number) <= 25 for number in rows.rstrip("]").split(", ") if number)


def test_the_page_is_one_page(page: str) -> None:
    assert len(page.splitlines()) <= 75


@each_scenario
def test_the_state_stays_in_bounds_in_every_talk(scenario: Scenario, explored: dict[str, Explored]) -> None:
    for talk in explored[scenario.id].ended:
        for turn in talk.turns:
            measures = (turn.state.anger, turn.state.trust, turn.state.patience)
            assert all(0 <= measure <= 10 for measure in measures)


@each_scenario
def test_a_random_talk_ends_and_can_be_walked_again(scenario: Scenario) -> None:
    chance = random.Random(scenario.id)
    for _ in range(WALKS):
        talk = Dialogue.begin(scenario)
        while not talk.ending:
            how = chance.choice(("option", "option", "option", "own", "unsure"))
            match how:
                case "option":
                    talk = talk.say(chance.choice(talk.options).id)
                case "own":
                    talk = talk.say_own("…", chance.choice(MOVES), detail=chance.random() < 0.5)
                case _:
                    talk = talk.say_unsure("…")
        assert len(talk.path) <= 2 * MOST_TURNS, "asking back costs nothing, but only once a scene"
        assert walk(scenario, talk.path) == talk


@each_scenario
def test_a_third_apology_never_helps_in_any_talk(scenario: Scenario, explored: dict[str, Explored]) -> None:
    twice = 0
    for talk in explored[scenario.id].ended:
        for before in (turn.state for turn in talk.turns if turn.state.done.count("apologise") >= 2):
            twice += 1
            after, _ = react(before, "apologise", detail=True, complexity=scenario.complexity)
            assert after.raw_anger >= before.raw_anger
            assert after.raw_trust <= before.raw_trust
            assert after.raw_patience <= before.raw_patience
    assert twice, "no talk of this scenario has two apologies"


@each_scenario
def test_hearing_first_is_never_worse_than_hearing_later_on_any_walk(scenario: Scenario) -> None:
    for name in ("best", "usual", "worst"):
        moves = _moves(walk(scenario, getattr(scenario.walks, name).path))
        for at, (move, detail) in enumerate(moves):
            if move != "hear":
                continue
            first = _state(scenario, [(move, detail), *moves[:at], *moves[at + 1 :]])
            later = _state(scenario, moves)
            assert (first.raw_anger, -first.raw_trust) <= (later.raw_anger, -later.raw_trust)


@each_scenario
def test_on_every_walk_an_over_promise_ends_worse_than_honest_news(scenario: Scenario) -> None:
    for name in ("best", "usual", "worst"):
        moves = _moves(walk(scenario, getattr(scenario.walks, name).path))
        for at in range(len(moves) + 1):
            honest = _state(scenario, [*moves[:at], ("news", False), *moves[at:]])
            over = _state(scenario, [*moves[:at], ("overpromise", False), *moves[at:]])
            assert (over.raw_anger, over.raw_trust) != (honest.raw_anger, honest.raw_trust)
            assert over.raw_anger >= honest.raw_anger
            assert over.raw_trust <= honest.raw_trust


@each_scenario
@pytest.mark.parametrize("otherwise", [0, -1], ids=["else-the-first", "else-the-last"])
def test_the_best_walk_beats_whoever_always_makes_the_same_move(scenario: Scenario, otherwise: int) -> None:
    best = walk(scenario, scenario.walks.best.path)
    for move in MOVES:
        talk = Dialogue.begin(scenario)
        while not talk.ending:
            same = [option for option in talk.options if option.move == move]
            talk = talk.say((same or [talk.options[otherwise]])[0].id)
        assert _worth(talk) < _worth(best), move


# what the course's own scenarios are, beyond what an instructor's small one must be
def _size(scenario: Scenario, explored: Explored) -> tuple[int, int, int]:
    endings = {talk.at for talk in explored.ended}
    return len(scenario.scenes), len(endings), max(len(talk.path) for talk in explored.ended)


@each_scenario
def test_a_scenario_of_the_course_has_twelve_scenes_four_endings_and_five_turns(
    scenario: Scenario, explored: dict[str, Explored]
) -> None:
    scenes, endings, turns = _size(scenario, explored[scenario.id])
    assert scenes >= 12
    assert endings >= 4
    assert turns >= 5


def _worth(talk: Dialogue) -> tuple[bool, int]:
    good = talk.ending in ("settled", "promised", "protected")
    return good, talk.state.raw_trust - talk.state.raw_anger


def _moves(talk: Dialogue) -> list[tuple[Move, bool]]:
    options = {option.id: option for scene in talk.scenario.scenes.values() for option in scene.options}
    said = [turn for turn in talk.turns if turn.who == "agent"]
    steps = zip(said, talk.path, strict=True)
    return [(turn.move, options[str(step)].detail) for turn, step in steps if turn.move]


def _state(scenario: Scenario, moves: list[tuple[Move, bool]]) -> State:
    """Return the state at the end of a talk of these moves, whatever scenes they belong to."""
    talk = scenario.customer
    state = State(talk.anger, talk.trust, talk.patience)
    for move, detail in moves:
        state, _ = react(state, move, detail=detail, complexity=scenario.complexity)
    return settle(state)[0]
