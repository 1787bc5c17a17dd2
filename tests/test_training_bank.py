"""The training bank holds what its card says, and is read strictly."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from autograders.judging.learned.labels import BEHAVIOURS
from autograders.rated import rated_scenarios
from autograders.rubric import FLAGS
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


@pytest.mark.parametrize("split", ["train", "test"])
def test_each_split_has_every_voice_level_and_flag(split: str) -> None:
    bank = training_bank()
    plans = [plan for plan in bank.plans if bank.complaints[plan.scenario].split == split]
    assert {plan.voice for plan in plans} == VOICES
    assert {plan.kind for plan in plans} == {"ordinary", "hard"}
    assert {flag for plan in plans for flag in plan.ratings[0].flags} == set(FLAGS)
    for component in COMPONENTS:
        assert {getattr(plan.ratings[0], component) for plan in plans} == {0, 1, 2}


def test_every_behaviour_and_flag_has_its_sentences() -> None:
    sentences = training_bank().sentences
    for label in (*BEHAVIOURS, *FLAGS):
        assert sum(label in (*s.shows, *s.flags) for s in sentences) >= 10, label


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
    ("plans", {"author": "M"}, "did not write"),
    ("plans", {"ratings": []}, "ratings"),
    ("plans", {"ratings": [rating(2, 2, 2, 3)]}, "act"),
    ("plans", {"ratings": [rating(1, 0, 0, 0, flags=("rude",))]}, "flags"),
    ("plans", {"ratings": [rating(1, 0, 0, 0, flags=("interrupts",))]}, "interrupts, yet hear is 1"),
    ("plans", {"ratings": [rating(0, 0, 0, 1, flags=("copied",))]}, "copied, yet not all levels are 0"),
    ("plans", {"ratings": [rating(0, 0, 0, 2, flags=("overpromises",))]}, "overpromises, yet act is 2"),
    ("plans", {"id": "K-P002"}, "stands twice"),
    ("sentences", {"shows": ["smiles"]}, "shows"),
    ("sentences", {"text": ""}, "text"),
    ("complaints", {"split": "dev"}, "split"),
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
