"""Notebooks from text: what a block becomes, what an author is told, and committed ones are fresh."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

from autograders.masters import built, released
from course.engine.build import build
from course.engine.cells import STUB, Check, Task, player_source
from course.engine.faults import Faults
from course.engine.literal import read_cell

FRONT = "---\ntitle: T\nheatproof: {kind}\n---\n"
TASKS = {
    "replies_1": Task(
        "replies_1",
        "sort",
        {
            "complaint": "Cold!",
            "labels": ["hear"],
            "replies": [{"id": "r1", "text": 'He said "no".\nTwice.'}],
        },
        {"r1": "hear"},
        (Check("replies_1_check", "1", 1),),
    ),
    "plan_1": Task(
        "plan_1", "write", {"complaint": "Cold!"}, "I'd listen.", (Check("plan_1_hear", "2", 2),), 20
    ),
}


def made(tmp_path: Path, body: str, kind: str = "lesson", tasks: dict[str, Task] | None = None) -> list[Any]:
    """Return the cells that a text becomes."""
    text = tmp_path / "one.md"
    text.write_text(FRONT.format(kind=kind) + body, encoding="utf-8")
    cells: list[Any] = json.loads(build(text, tasks=tasks))["cells"]
    return cells


def shape(cells: list[Any]) -> list[tuple[str, str]]:
    """Return (id, first line) of each cell."""
    return [(cell["id"], "".join(cell["source"]).split("\n")[0]) for cell in cells]


def source(cells: list[Any], name: str) -> str:
    return "".join(next(cell["source"] for cell in cells if cell["id"] == name))


TEXTS: tuple[tuple[str, list[str]], ...] = (
    ("One.\n\n+++\n\nTwo.", ["One.", "Two."]),
    ("+++\n+++\n\nOne.\n+++\n", ["One."]),
    ("One.\n\n```text\n+++\n```\n\nStill one.", ["One.\n\n```text\n+++\n```\n\nStill one."]),
    ("> ```play cold-soup\n> ```\n", ["> ```play cold-soup\n> ```"]),
    ("A +++ b\n+++ c", ["A +++ b\n+++ c"]),
    ("~~~\n```play cold-soup\n```\n~~~", ["~~~\n```play cold-soup\n```\n~~~"]),
    ("```python\nprint(1)\n```\nAfter.", ["print(1)", "After."]),
    ("A line\x85with\u2028odd breaks", ["A line\x85with\u2028odd breaks"]),
)


@pytest.mark.parametrize(("body", "cells"), TEXTS, ids=range(len(TEXTS)))
def test_text_is_cut_where_the_author_says(tmp_path: Path, body: str, cells: list[str]) -> None:
    assert ["".join(cell["source"]) for cell in made(tmp_path, body)] == cells


def test_windows_line_ends_make_the_same_notebook(tmp_path: Path) -> None:
    text = FRONT.format(kind="lesson") + "One.\n\n+++\n\n```play cold-soup\n```\n\nTwo.\n"
    unix, windows = tmp_path / "a" / "n.md", tmp_path / "b" / "n.md"
    for path, data in ((unix, text), (windows, "\ufeff" + text.replace("\n", "\r\n"))):
        path.parent.mkdir()
        path.write_bytes(data.encode())
    assert build(unix) == build(windows)


def test_blocks_of_a_lesson_become_an_answer_cell_and_a_player(tmp_path: Path) -> None:
    body = "```play cold-soup\n```\n```write cold-soup\nname: mine\n```\n```play cold-soup\n```\n"
    cells = made(tmp_path, body)
    assert shape(cells) == [
        ("play_1", "play_1 = None"),
        ("play_1_player", "from course import play"),
        ("mine", "mine = None"),
        ("mine_player", "from course import write"),
        ("play_2", "play_2 = None"),
        ("play_2_player", "from course import play"),
    ]
    assert source(cells, "mine_player").splitlines()[1:] == [
        "from autograders import judge",
        'write("mine", "cold-soup", judge=judge)',
    ]


def test_an_assignment_asks_first_and_checks_last(tmp_path: Path) -> None:
    body = "# Go\n```question replies_1\n```\n```question plan_1\n```\nDone?\n```hand-in\n```\n"
    cells = made(tmp_path, body, "assignment", TASKS)
    assert [name for name, _ in shape(cells)] == [
        "c001", "replies_1", "replies_1_player", "plan_1", "plan_1_player", "c006",
        "replies_1_check", "plan_1_hear", "hand_in",
    ]  # fmt: skip
    assert source(cells, "hand_in").splitlines()[-1] == 'hand_in("one", through=exchange)'
    assert source(cells, "plan_1_player").endswith(", min_words=20)")


def test_the_front_matter_promises_after_the_first_text(tmp_path: Path) -> None:
    text = tmp_path / "one.md"
    text.write_text(
        "---\ntitle: T\nheatproof: lesson\nminutes: 15\nable_to:\n  - stay calm\n---\n# Why?\n+++\nSo."
    )
    cells = json.loads(build(text))["cells"]
    assert [line for _, line in shape(cells)] == ["# Why?", "*About 15 minutes.*", "So."]
    assert "- stay calm" in "".join(cells[1]["source"])


CANONICAL = re.compile(
    r"from course import (play|sort|write|hand_in)\n(?:from autograders import (?:judge|exchange)\n)*"
    r"\1\((.*?)(?:, min_words=\d+)?(?:, judge=judge|, through=exchange)?\)"
)


def players(notebook: bytes) -> list[str]:
    cells = json.loads(notebook)["cells"]
    return [
        "".join(cell["source"]) for cell in cells if "heatproof-player" in cell["metadata"].get("tags", ())
    ]


def test_every_player_that_we_ship_is_in_the_form_that_runs_unasked(root: Path) -> None:
    sources = [source for notebook in built(root).values() for source in players(notebook)]
    assert len(sources) > 15
    for source in sources:
        call = CANONICAL.fullmatch(source)
        assert call, source
        arguments = json.loads(f"[{call[2]}]")
        assert ast.literal_eval(f"[{call[2]}]") == arguments


def test_a_player_is_the_same_in_json_and_in_python() -> None:
    shows = {"text": "\x85\u2028\u2029\x00\x7f \\ \" ' 😀 é \t"}
    line = player_source("sort", "a", shows).split("\n")
    assert len(line) == 2
    assert len(line[1].splitlines()) == 1
    given = line[1].removeprefix("sort(").removesuffix(")")
    assert json.loads(f"[{given}]") == ["a", shows] == list(ast.literal_eval(f"[{given}]"))


WRONG: tuple[tuple[str, str, str], ...] = (
    (
        "lesson",
        "One.\n\n```play cold-sopu\n```\n",
        "one.md:7: no scenario 'cold-sopu'; did you mean 'cold-soup'?",
    ),
    ("lesson", "```paly cold-soup\n```\n", "one.md:5: no block is called 'paly'; did you mean 'play'?"),
    (
        "lesson",
        "```play cold-soup\n",
        "one.md:5: the block that opens with '```play cold-soup' is never closed",
    ),
    ("lesson", "```play cold-soup\nnam: x\n```\n", "one.md:6: unknown key 'nam'"),
    ("lesson", "```play cold-soup\nname: 1x\n```\n", "one.md:5: '1x' cannot name an answer"),
    (
        "lesson",
        "```play cold-soup\nname: a\n```\n```play cold-soup\nname: a\n```\n",
        "one.md:8: 'a' stands twice",
    ),
    ("lesson", "```question replies_1\n```\n", "one.md:5: a lesson has no 'question'"),
    ("lesson", "```hand-in\n```\n", "one.md:5: a lesson has no 'hand-in'"),
    (
        "lesson",
        "```python\n### BEGIN SOLUTION\n```\n",
        "one.md:6: '### BEGIN SOLUTION' is nbgrader's own mark",
    ),
    ("lesson", "A\n\n### begin hidden tests\n", "one.md:7: '### begin hidden tests' is nbgrader's own mark"),
    ("assignment", "```play cold-soup\n```\n", "one.md:5: an assignment has no 'play'"),
    (
        "assignment",
        "```question replies_2\n```\n",
        "one.md:5: the key has no question 'replies_2'; did you mean",
    ),
    ("assignment", "```question replies_1\n```\n", "one.md: the key's question 'plan_1' is not asked"),
    ("assignment", "```question\n```\n", "one.md:5: a question without a name"),
    ("assignment", "A\n", "one.md: nobody can hand this in"),
    ("assignment", "```hand-in\n```\nMore.\n", "one.md:7: something stands after the hand-in"),
)


@pytest.mark.parametrize(("kind", "body", "told"), WRONG, ids=[case[2] for case in WRONG])
def test_an_author_is_told_where_what_and_the_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, body: str, told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Faults) as raised:
        made(tmp_path, body, kind, TASKS)
    line = next((line for line in str(raised.value).splitlines() if line.startswith(told)), "")
    assert line, str(raised.value)
    assert "; " in line


FRONTS: tuple[tuple[str, str], ...] = (
    ("# No front matter\n", "one.md:1: the notebook does not begin with its title"),
    ("---\ntitle: T\nheatproof: lecture\n---\n", "one.md:3:"),
    ("---\ntitle: T\nheatproof: lesson\nminuets: 3\n---\n", "one.md:4: unknown key 'minuets'"),
    ("---\ntitle: [\n---\n", "one.md:"),
)


@pytest.mark.parametrize(("text", "told"), FRONTS, ids=range(len(FRONTS)))
def test_front_matter_is_read_strictly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "one.md").write_text(text)
    with pytest.raises(Faults) as raised:
        build(tmp_path / "one.md")
    assert str(raised.value).startswith(told)


def test_all_faults_of_a_text_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(Faults) as raised:
        made(tmp_path, "```play no-such\n```\n```sort no-such\n```\n```hand-in\n```\n")
    assert len(raised.value.faults) == 3


def test_committed_lessons_and_masters_are_what_their_texts_build(root: Path) -> None:
    notebooks = built(root)
    assert {path.stem for path in notebooks} >= {
        "reading-replies",
        "heat-plan-a",
        "heat-plan-b",
        "heat-plan-c",
    }
    stale = [path.name for path, data in notebooks.items() if not path.is_file() or path.read_bytes() != data]
    assert stale == [], "run `heatproof build`"


def test_committed_releases_are_what_stock_nbgrader_makes(root: Path, tmp_path: Path) -> None:
    made = released(root, tmp_path)
    assert sorted(made) == sorted(folder.name for folder in (root / "source").iterdir() if folder.is_dir())
    stale = [n for n, data in made.items() if (root / "assignments" / n / f"{n}.ipynb").read_bytes() != data]
    assert stale == [], "run `python -m autograders.masters --release`"


def test_a_released_answer_cell_is_empty_and_its_stub_is_python(root: Path) -> None:
    for path in sorted((root / "assignments").glob("*/*.ipynb")):
        for cell in json.loads(path.read_bytes())["cells"]:
            if "heatproof-answer" in cell["metadata"].get("tags", ()):
                stub = "".join(cell["source"])
                assert stub == f"{cell['id']} = None\n{STUB}"
                assert read_cell(stub, cell["id"]) is None
