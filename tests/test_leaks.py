"""Nothing of a key reaches what a learner gets: releases, lessons, and everything else beside them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograders.call_keys import CallQuestion
from autograders.keys_reading import Key, LabelsQuestion, read_key
from autograders.masters import tasks_of

ROOT = Path(__file__).parent.parent
WORDS = 6
"""So many words in a row that stand in a key and nowhere else do not come together by chance."""


def plain(text: str) -> str:
    """Return a text as it reads, whatever its line breaks and JSON escapes."""
    return " ".join(text.replace("\\n", " ").replace('\\"', '"').replace("\\\\", "\\").split())


def whole(path: Path) -> str:
    """Return everything that a file says: of a notebook every text in it, wherever it stands."""
    text = path.read_text(encoding="utf-8")
    return plain(" ".join(strings(json.loads(text))) if path.suffix == ".ipynb" else text)


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inside in value.items():
            yield key
            yield from strings(inside)
    elif isinstance(value, list) and all(isinstance(one, str) for one in value):
        yield "".join(value)
    elif isinstance(value, list):
        for inside in value:
            yield from strings(inside)


def windows(text: str) -> Iterator[str]:
    """Yield every run of a few words of a text: a leak of a half-sentence is a leak."""
    words = plain(text).split()
    for start in range(max(1, len(words) - WORDS + 1)):
        yield " ".join(words[start : start + WORDS])


def private_texts(key: Key) -> Iterator[str]:
    for question in key.questions.values():
        if isinstance(question, LabelsQuestion):
            for reply in question.replies:
                yield reply.why
                yield from reply.wrong.values()
        elif isinstance(question, CallQuestion):
            yield from (line.because for line in question.outcome)
            yield from (question.moves.because, question.order.because)
        else:
            yield question.model


def canaries(key: Key, *, public: str) -> set[str]:
    """Return runs of words of a key's private texts that the public text does not happen to hold as well."""
    return {run for text in private_texts(key) for run in windows(text) if run not in public}


def public_of(key: Key, root: Path) -> str:
    """Return what a learner of the assignment may read: its text, the complaints, and the replies."""
    shown = [json.dumps(task.shows, ensure_ascii=False) for task in tasks_of(key, start=root).values()]
    text = root / "source" / key.assignment / f"{key.assignment}.md"
    return plain(" ".join([text.read_text(encoding="utf-8"), *shown]))


def learners_files(root: Path) -> list[Path]:
    """Return every file of the releases, and every lesson."""
    released = [path for path in (root / "assignments").rglob("*") if path.is_file()]
    return sorted([*released, *(root / "course").glob("*.ipynb"), *(root / "course").glob("*.md")])


KEYS = tuple(path.stem for path in sorted((ROOT / "autograders" / "keys").glob("*.yaml")))
PUBLIC = {"complaint", "channel", "complexity", "facts", "asks", "labels", "replies"}
"""What a question of labels may show of itself."""


@pytest.mark.parametrize("name", KEYS)
def test_no_reason_and_no_model_answer_is_released(root: Path, name: str) -> None:
    key = read_key(root / "autograders/keys" / f"{name}.yaml")
    secret = canaries(key, public=public_of(key, root))
    assert len(secret) > 20
    files = learners_files(root)
    assert len(files) >= len(KEYS)
    leaks = [(path.name, run) for path in files for text in [whole(path)] for run in secret if run in text]
    assert leaks == []


def test_the_search_finds_a_model_answer_where_there_is_one(root: Path) -> None:
    key = read_key(root / "autograders/keys/heat-plan-a.yaml")
    master = whole(root / "source/heat-plan-a/heat-plan-a.ipynb")
    model = key.questions["plan_2"].model  # type: ignore[union-attr]
    assert all(run in master for run in windows(model))


@pytest.mark.parametrize("name", KEYS)
def test_a_released_reply_carries_its_id_and_text_and_no_label(root: Path, name: str) -> None:
    notebook = json.loads((root / "assignments" / name / f"{name}.ipynb").read_bytes())
    key = read_key(root / "autograders/keys" / f"{name}.yaml")
    for cell in notebook["cells"]:
        call = "".join(cell["source"]).split("\n")[-1]
        if call.startswith("sort("):
            question, shows = json.loads(f"[{call.removeprefix('sort(').removesuffix(')')}]")
            assert {frozenset(reply) for reply in shows["replies"]} == {frozenset({"id", "text"})}
            assert {"labels", "replies"} <= set(shows) <= PUBLIC
            asked = key.questions[question]
            assert isinstance(asked, LabelsQuestion)
            assert [reply["text"] for reply in shows["replies"]] == [reply.text for reply in asked.replies]


@pytest.mark.parametrize("name", KEYS)
def test_a_release_folder_holds_the_notebook_and_nothing_else(root: Path, name: str) -> None:
    assert [path.name for path in (root / "assignments" / name).iterdir()] == [f"{name}.ipynb"]
