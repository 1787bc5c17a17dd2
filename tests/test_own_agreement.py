"""The judge on an instructor's own plans: counted by hand, shown in words, and told to programs as JSON."""

import json
import math
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograders.agreement import FlagScore, confusion, plain_kappa
from autograders.agreement_shown import as_data, as_lines
from autograders.cli import main
from autograders.judging.verdict import ComponentVerdict, Evidence, Flag, Verdict
from autograders.own_agreement import Disagreement, OwnAgreement, own_agreement
from autograders.rated import Rating
from autograders.rated_file import OwnPlan
from autograders.rubric import rubric
from course.engine.content import Complaint

RULES = rubric()
STEPS = ("hear", "empathise", "apologise", "act")
SOUP = Complaint("The soup was cold!", "simple", "phone", "It can be refunded.")

BY_HAND = [
    # first, second, unweighted kappa
    ([0, 1, 2], [0, 1, 2], 1.0),
    ([0, 0, 2, 2], [0, 2, 0, 2], 0.0),
    ([0, 2], [2, 0], -1.0),
    # 3 of 4 agree; by chance (2·1 + 1·2 + 1·1) / 16: (.75 - .3125) / (1 - .3125)
    ([0, 0, 1, 2], [0, 1, 1, 2], 7 / 11),
]


@pytest.mark.parametrize(("first", "second", "expected"), BY_HAND)
def test_unweighted_kappa_is_what_a_hand_works_out(
    first: list[int], second: list[int], expected: float
) -> None:
    assert plain_kappa(confusion(first, second)) == pytest.approx(expected)


def test_unweighted_kappa_says_nothing_where_both_say_one_thing_or_nothing() -> None:
    assert math.isnan(plain_kappa(confusion([1, 1], [1, 1])))
    assert math.isnan(plain_kappa(confusion([], [])))


def judge(plan: str, complaint: Complaint) -> Verdict:
    """A judge whose plans say what it finds: four levels and the flags, "2 1 0 0 argues"."""
    *levels, flags = plan.split(" ", 4)
    whole = Evidence("lets_finish", 0, len(plan), plan)
    parts = {
        name: ComponentVerdict(int(level), (whole,), f"We saw {level}.", "", 0.9, needs_person=level == "1")
        for name, level in zip(STEPS, levels, strict=True)
    }
    named = [name for name in flags.split("+") if name != "none"]
    return Verdict(parts, tuple(Flag(name, (whole,), f"It {name}.", "Do not.") for name in named))


def rated(id: str, plan: str, *ratings: tuple[int, int, int, int], flags: str = "") -> OwnPlan:
    read = tuple(Rating(dict(zip(STEPS, one, strict=True)), frozenset(flags.split())) for one in ratings)
    return OwnPlan(id, SOUP, plan, read)


PLANS = (
    rated("p1", "2 2 2 2 none", (2, 2, 2, 2), (2, 2, 2, 2)),
    rated("p2", "0 0 1 2 argues", (2, 0, 1, 2), (1, 0, 1, 2)),
    rated("p3", "0 1 0 0 none", (0, 1, 0, 0), flags="hostile"),
    rated("p4", "1 0 0 1 argues+hostile", (2, 0, 0, 1), (1, 0, 0, 1), flags="argues"),
)


@pytest.fixture(scope="module")
def found() -> OwnAgreement:
    return own_agreement(PLANS, RULES, judge)


def test_people_stand_in_the_rows_and_the_judge_in_the_columns(found: OwnAgreement) -> None:
    hear = found.steps[0]
    assert hear.table is not None
    # both raters counted: (2, judge 2) twice, (2, 0) and (1, 0), (0, 0), (2, 1) and (1, 1)
    assert hear.table.tolist() == [[1, 0, 0], [1, 1, 0], [1, 1, 2]]
    assert found.steps[-1].table is None


def test_each_rater_is_compared_on_what_that_rater_read(found: OwnAgreement) -> None:
    act = next(step for step in found.steps if step.name == "act")
    assert [pair.n for pair in act.judge] == [4, 3]
    assert [pair.kappa for pair in act.judge] == [1.0, 1.0]
    assert act.raters is not None
    assert (act.raters.n, act.raters.qwk.value) == (3, 1.0)
    assert (found.plans, found.twice) == (4, 3)


def test_the_share_for_a_person_is_counted_by_component(found: OwnAgreement) -> None:
    assert {step.name: step.sent for step in found.steps[:-1]} == {
        "hear": 0.25,
        "empathise": 0.25,
        "apologise": 0.25,
        "act": 0.25,
    }
    assert found.sent == 0.25


def test_flags_are_counted_over_all_ratings(found: OwnAgreement) -> None:
    assert found.flags == {"argues": FlagScore(2, 2, 0), "hostile": FlagScore(0, 2, 1)}
    assert (found.flags["argues"].precision, found.flags["argues"].recall) == (0.5, 1.0)


def test_what_nobody_says_but_the_judge_is_to_be_read_the_farthest_apart_first(found: OwnAgreement) -> None:
    told = [(one.id, one.what, one.kind, one.judge, one.people) for one in found.disagreements]
    assert told == [
        ("p2", "hear", "component", 0, (2, 1)),
        ("p2", "argues", "flag", 1, (0, 0)),
        ("p3", "hostile", "flag", 0, (1,)),
        ("p4", "hostile", "flag", 1, (0, 0)),
    ]
    assert found.disagreements[0].evidence == ("0 0 1 2 argues",)
    assert found.disagreements[0].because == "We saw 0."


def test_a_judge_who_sides_with_one_of_two_people_is_not_told() -> None:
    plans = [rated("p", "1 0 0 0 none", (2, 0, 0, 0), (1, 0, 0, 0))]
    assert own_agreement(plans, RULES, judge).disagreements == ()


def test_the_text_names_components_levels_and_flags_in_words(found: OwnAgreement) -> None:
    text = "\n".join(as_lines(found, RULES, "mine.csv"))
    for said in (
        "mine.csv: 4 plans, 3 of them by two people; read by the rubric 'heat-plan'.",
        "So few plans say little",
        "First and second rater",
        "To a person: 25% of the components",
        "Take action: people in the rows, the judge in the columns",
        "2 it is there",
        "p2  Hear: judge 0, people 2 and 1",
        "p3  Hits back: flagged by people, not by the judge",
    ):
        assert said in text


def test_one_rater_is_not_compared_with_a_second_one() -> None:
    found = own_agreement([rated("p", "1 0 0 0 none", (1, 0, 0, 0))], RULES, judge)
    text = "\n".join(as_lines(found, RULES, "mine.csv"))
    assert "second rater" not in text
    assert "Nothing to read" in text
    assert "Flags: nobody gave one" in text


def test_the_data_is_json_and_no_value_is_null(found: OwnAgreement) -> None:
    data = json.loads(json.dumps(as_data(found, RULES, "mine.csv"), allow_nan=False))
    assert list(data["components"]) == [*STEPS, "total"]
    assert data["components"]["hear"]["people_by_judge"] == [[1, 0, 0], [1, 1, 0], [1, 1, 2]]
    assert data["components"]["empathise"]["judge_and_raters"][0]["qwk"]["value"] == 1.0
    assert data["disagreements"][1] == {
        "id": "p2", "flag": "argues", "judge": 1, "people": [0, 0], "evidence": ["0 0 1 2 argues"],
        "because": "It argues.",
    }  # fmt: skip
    alone = own_agreement([rated("p", "1 1 1 1 none", (1, 1, 1, 1))], RULES, judge)
    assert as_data(alone, RULES, "x")["components"]["hear"]["judge_and_raters"][0]["kappa"] is None


GOOD = "id,complaint,plan,hear,empathise,apologise,act,flags\np1,cold-soup,I let him finish.,1,0,0,0,\n"


def test_the_command_measures_a_file_and_prints_text_or_json(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text(GOOD, encoding="utf-8")
    shown = CliRunner().invoke(main, ["judge", "--agreement", str(tmp_path / "mine.csv")])
    assert shown.exit_code == 0, shown.output
    assert "1 plan; read by the rubric 'heat-plan'" in shown.output
    data = CliRunner().invoke(main, ["judge", "--json", "--agreement", str(tmp_path / "mine.csv")])
    assert json.loads(data.output)["plans"] == 1


def test_the_command_tells_every_fault_and_measures_nothing(tmp_path: Path) -> None:
    bad = GOOD + "p1,cold-soup,I listen.,3,0,0,0,\n"
    (tmp_path / "mine.csv").write_text(bad, encoding="utf-8")
    told = CliRunner().invoke(main, ["judge", "--agreement", str(tmp_path / "mine.csv")])
    assert told.exit_code == 1
    assert "mine.csv:3: 'hear' is '3'; write a whole number from 0 to 2" in told.output
    assert "stands twice" in told.output
    assert "kappa" not in told.output


USAGE = [
    (["judge", "--json"], 2, "--json goes with --agreement"),
    (["judge", "--rubric", "nowhere"], 1, "there is no such file"),
]


@pytest.mark.parametrize(("arguments", "status", "said"), USAGE)
def test_an_option_that_cannot_be_is_told(arguments: list[str], status: int, said: str) -> None:
    told = CliRunner().invoke(main, arguments, input="")
    assert (told.exit_code, said in told.output) == (status, True)


def test_a_disagreement_stands_once() -> None:
    plans = [rated("p", "0 0 0 0 argues", (0, 0, 0, 0), flags="")]
    (one,) = own_agreement(plans, RULES, judge).disagreements
    assert one == Disagreement("p", "argues", "flag", 1, (0,), ("0 0 0 0 argues",), "It argues.")
