"""P5: keys and expected answers never reach anything that a learner can see.

Runs of words of every key's reasons and model plans are the canaries. They are searched in releases and
lessons, in the wheel that learners install, in the feedback of a whole class and in what is exported. A page
tells the reason of a label to whoever gave a label, after marking; to nobody else, and never a model plan.
"""

import json
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from autograders.autograded import autograded_path
from autograders.call_keys import CallQuestion
from autograders.export import export_scores
from autograders.feedback import write_feedback
from autograders.keys_reading import Key, LabelsQuestion, PlanQuestion, read_key
from autograders.learner_wheel import is_private, write_learner_wheel
from autograders.marking import mark
from autograders.masters import tasks_of
from autograders.results import latest
from tests.promises.conftest import Marked
from tests.promises.handing_in import TASK
from tests.small_class import hand_in_answers, make_course

ROOT = Path(__file__).parent.parent.parent
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


# -- the wheel that learners install --------------------------------------------------------------


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each file of the learners' wheel says."""
    path = write_learner_wheel(tmp_path_factory.mktemp("wheel"))
    with zipfile.ZipFile(path) as packed:
        return {name: plain(packed.read(name).decode("utf-8", "replace")) for name in packed.namelist()}


@pytest.mark.parametrize("name", KEYS)
def test_the_learners_wheel_holds_no_reason_and_no_model_answer(
    wheel: dict[str, str], root: Path, name: str
) -> None:
    key = read_key(root / "autograders/keys" / f"{name}.yaml")
    secret = {plain(text) for text in private_texts(key)}
    assert len(secret) > 5
    assert [(file, text) for file, all_of_it in wheel.items() for text in secret if text in all_of_it] == []


def test_the_learners_wheel_holds_no_private_file(wheel: dict[str, str]) -> None:
    assert len(wheel) > 100
    assert not [name for name in wheel if is_private(name)]


# -- what a learner gets back ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def pages(disturbed: Marked) -> dict[str, str]:
    """Every feedback page of a class with hostile learners in it, as a text, by learner."""
    written = write_feedback(disturbed.course, TASK)
    return {path.parent.parent.name: unescaped(path.read_text(encoding="utf-8")) for path in written}


def unescaped(html: str) -> str:
    """Return a page's text as it reads, tags and marks of passages left out."""
    return plain(unescape(re.sub(r"<[^>]*>", "", re.sub(r"<sup.*?</sup>", "", html))))


def secrets_of(key: Key, kind: type[object], root: Path) -> set[str]:
    """Return the canaries of a key's questions of one kind."""
    some = key.model_copy(
        update={"questions": {name: each for name, each in key.questions.items() if isinstance(each, kind)}}
    )
    return canaries(some, public=public_of(key, root))


def test_no_page_holds_a_model_plan_that_the_learner_did_not_write(
    disturbed: Marked, pages: dict[str, str], root: Path
) -> None:
    secret = secrets_of(read_key(root / f"autograders/keys/{TASK}.yaml"), PlanQuestion, root)
    assert len(secret) > 100
    for learner, page in pages.items():
        wrote = handed_in(disturbed, learner)
        assert [run for run in secret if run in page and run not in wrote] == [], learner


def handed_in(marked: Marked, learner: str) -> str:
    """Return what a learner wrote: every text in the notebook and in the file beside it."""
    folder = marked.course / "submitted" / learner / TASK
    files = (folder / f"{TASK}.ipynb", folder / f"{TASK}.answers.json")
    wrote = [str(value) for value in marked.records[learner].answers.values()]
    for path in files if marked.records[learner].status != "refused" else ():
        if path.is_file():
            data = path.read_text("utf-8-sig", "replace")
            wrote.append(
                plain(" ".join(strings(json.loads(data, parse_int=str))) if path.suffix == ".ipynb" else data)
            )
    return plain(" ".join(wrote))


def test_who_gave_no_label_is_told_no_reason(disturbed: Marked, pages: dict[str, str], root: Path) -> None:
    secret = secrets_of(read_key(root / f"autograders/keys/{TASK}.yaml"), LabelsQuestion, root)
    gave_none = [
        who for who, record in disturbed.records.items() if not labels_of(record.answers) and who in pages
    ]
    assert {"blank", "cut-at-a-half"} <= set(gave_none)
    for learner in gave_none:
        assert [run for run in secret if run in pages[learner]] == [], learner
    assert [run for run in secret if run in pages["perfect"]], "the search finds reasons where they are told"


def labels_of(answers: dict[str, Any]) -> list[Any]:
    """Return the labels that somebody gave to replies, whatever they are."""
    return [one for each in answers.values() if isinstance(each, dict) for one in each.values() if one]


@pytest.mark.parametrize("name", ["two-calls", "first-things-first"])
def test_what_is_exported_and_printed_holds_nothing_of_a_key(root: Path, name: str, tmp_path: Path) -> None:
    key = read_key(root / "autograders/keys" / f"{name}.yaml")
    secret = canaries(key, public=public_of(key, root))
    course = make_course(tmp_path / "course", assignments=(name,))
    hand_in_answers(course, "ann", name, {})
    summary = mark(course, name)
    told = [*summary.told, *summary.notes, summary.sentence, str(latest(course, name)["ann"].notes)]
    texts = [*told, *(path.read_text("utf-8") for path in export_scores(course))]
    texts += [unescaped(path.read_text("utf-8")) for path in write_feedback(course, name)]
    texts.append(whole(autograded_path(course, "ann", name)))
    assert [run for text in texts for run in secret if run in plain(text)] == []
