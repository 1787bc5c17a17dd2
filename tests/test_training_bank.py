"""The training bank holds what its card says, and is read strictly."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from autograders.judging.learned.labels import BEHAVIOURS, LABELS
from autograders.judging.learned.left_out import STEERED_BY, unseen_cases
from autograders.rated import rated_scenarios
from autograders.rubric import FLAGS
from autograders.training_agreement import agreed, counted, main, of_plans, sentences_agree
from autograders.training_bank import Misread, read_bank, training_bank

HERE = Path(__file__).resolve().parent.parent / "autograders" / "training"
COMPONENTS = ("hear", "empathise", "apologise", "act")
VOICES = {"terse", "rambling", "bullets", "spoken", "esl", "chat", "formal", "plain"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the bank that a test may spoil."""
    for name in ("complaints", "plans", "sentences"):
        shutil.copy(HERE / f"{name}.jsonl", tmp_path)
    return tmp_path


def spoil(path: Path, **changes: Any) -> None:
    """Change keys of a file's first line."""
    first, _, rest = path.read_text(encoding="utf-8").partition("\n")
    path.write_text(json.dumps(json.loads(first) | changes) + "\n" + rest, encoding="utf-8")


def rating(*levels: int, flags: tuple[str, ...] = ()) -> dict[str, Any]:
    return dict(zip(COMPONENTS, levels, strict=True)) | {"flags": list(flags)}


def test_it_is_as_large_as_it_should_be() -> None:
    bank = training_bank()
    assert len(bank.complaints) >= 25
    assert len(bank.plans) >= 400
    assert len(bank.plans) + len(bank.sentences) >= 3000


def test_no_complaint_of_the_rated_bank_is_in_it() -> None:
    said = {fields["complaint"] for fields in rated_scenarios().values()}
    assert not said & {complaint.complaint for complaint in training_bank().complaints.values()}


@pytest.mark.parametrize("steered", [True, False])
def test_plans_that_steered_the_rules_and_others_have_every_voice_level_and_flag(steered: bool) -> None:
    plans = [plan for plan in training_bank().plans if (plan.author in STEERED_BY) is steered]
    assert {plan.voice for plan in plans} == VOICES
    assert {plan.kind for plan in plans} == {"ordinary", "hard"}
    assert {flag for plan in plans for flag in plan.ratings[0].flags} == set(FLAGS)
    for component in COMPONENTS:
        assert {getattr(plan.ratings[0], component) for plan in plans} == {0, 1, 2}


def test_all_is_read_twice_but_the_plans_that_the_rules_were_made_on() -> None:
    bank = training_bank()
    assert {plan.author for plan in bank.plans if len(plan.ratings) == 1} == {"J"}
    assert all(len(sentence.readings) == 2 for sentence in bank.sentences)


def test_no_complaint_or_plan_of_the_unseen_is_in_it() -> None:
    bank, unseen = training_bank(), unseen_cases()
    assert len(unseen) >= 100
    assert not {case.complaint.text for case in unseen} & {c.complaint for c in bank.complaints.values()}
    assert not {case.plan.plan for case in unseen} & {plan.plan for plan in bank.plans}
    assert all(len(case.plan.ratings) == 2 for case in unseen)


def test_every_behaviour_and_flag_has_its_sentences() -> None:
    sentences = training_bank().sentences
    for label in (*BEHAVIOURS, *FLAGS):
        assert sum(label in sentence.labels[0] for sentence in sentences) >= 10, label


def test_no_text_stands_twice() -> None:
    bank = training_bank()
    plans = [plan.plan for plan in bank.plans if "copied" not in plan.ratings[0].flags]
    assert len(set(plans)) == len(plans)


def test_a_pair_is_of_one_complaint_in_several_voices() -> None:
    groups: dict[str, list[tuple[str, str]]] = {}
    for plan in training_bank().plans:
        if plan.pair:
            groups.setdefault(plan.pair, []).append((plan.scenario, plan.voice))
    for name, members in groups.items():
        assert len({scenario for scenario, _ in members}) == 1, name
        assert len({voice for _, voice in members}) > 1, name


FAULTS: list[tuple[str, dict[str, Any], str]] = [
    ("plans", {"voice": "loud"}, "voice"),
    ("plans", {"mood": 1}, "mood"),
    ("plans", {"scenario": "K99"}, "no complaint 'K99'"),
    ("plans", {"ratings": []}, "ratings"),
    ("plans", {"ratings": [rating(2, 2, 2, 3)]}, "act"),
    ("plans", {"ratings": [rating(1, 0, 0, 0, flags=("rude",))]}, "flags"),
    ("plans", {"ratings": [rating(1, 0, 0, 0, flags=("interrupts",))]}, "interrupts, yet hear is 1"),
    ("plans", {"ratings": [rating(0, 0, 0, 1, flags=("copied",))]}, "copied, yet not all levels are 0"),
    ("plans", {"ratings": [rating(0, 0, 0, 2, flags=("overpromises",))]}, "overpromises, yet act is 2"),
    ("plans", {"id": "K-P002"}, "stands twice"),
    ("sentences", {"text": ""}, "text"),
    ("sentences", {"readings": []}, "readings"),
    ("sentences", {"readings": [{"shows": ["smiles"], "flags": [], "negates": []}]}, "shows"),
    ("complaints", {"split": "train"}, "split"),
    ("complaints", {"channel": "fax"}, "channel"),
]


@pytest.mark.parametrize(("name", "changes", "told"), FAULTS)
def test_a_fault_is_told_with_its_place(folder: Path, name: str, changes: dict[str, Any], told: str) -> None:
    spoil(folder / f"{name}.jsonl", **changes)
    with pytest.raises(Misread, match=told):
        read_bank(folder)


def test_all_faults_are_told_at_once(folder: Path) -> None:
    spoil(folder / "plans.jsonl", voice="loud")
    spoil(folder / "sentences.jsonl", voice="loud")
    with pytest.raises(Misread) as caught:
        read_bank(folder)
    assert "plans.jsonl:1" in str(caught.value)
    assert "sentences.jsonl:1" in str(caught.value)


def test_a_key_written_twice_is_a_fault(folder: Path) -> None:
    path = folder / "plans.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("{", '{"kind": "hard", ', 1), encoding="utf-8")
    with pytest.raises(Misread, match="twice"):
        read_bank(folder)


def test_two_readings_are_compared_label_by_label() -> None:
    first = [{"remedy"}, {"remedy", "news"}, set(), {"remedy"}]
    second = [{"remedy"}, {"news"}, set(), {"remedy"}]
    told = agreed(first, second, "remedy")
    assert (told.first, told.second, told.both, told.f1) == (3, 2, 2, 0.8)
    assert told.kappa == pytest.approx(0.5)
    assert agreed(first, second, "news").f1 == 1.0


def test_the_card_says_what_the_bank_holds() -> None:
    bank = training_bank()
    card = (HERE / "README.md").read_text(encoding="utf-8")
    for row in counted(bank):
        assert row in card, row
    twice = [plan.as_rated() for plan in bank.plans if len(plan.ratings) > 1]
    apart = of_plans(twice)[2]
    assert f"{apart} plans of {len(twice):,} are rated differently" in card
    told = list(sentences_agree(bank, each=True))
    assert re.findall(r"[\d,]+(?= \()", told[0])[0] in card
    assert sum(row.startswith("| `") for row in told) == len(LABELS)


def test_the_card_of_the_unseen_says_how_many_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--unseen"])
    told, card = capsys.readouterr().out, (HERE.parent / "unseen" / "README.md").read_text(encoding="utf-8")
    cases = unseen_cases()
    assert f"{len(cases)} HEAT plans ({sum(case.kind == 'ordinary' for case in cases)} ordinary" in card
    assert f"{len(cases)} plans rated twice" in told
