"""The map of the course: docs/course-map.md is what `heatproof check --map` prints."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from autograders.cli import main
from autograders.course_map import MISSING, as_markdown, course_map

LESSON = """---
title: A lesson
heatproof: lesson
---
# Why?

Hear them out. <!-- A2 -->

```sort first
```

```play cold-soup
```
"""
EXERCISE = """id: first
title: First
asks: Which?
labels: {so: So, not-so: Not so}
objective: [A2, A5]
replies:
  - {id: r1, text: Hear first., label: so, why: It calms.}
  - {id: r2, text: Argue first., label: not-so, why: It stirs.}
"""
KEY = """assignment: quiz
title: Quiz
questions:
  q_1:
    kind: labels
    scenario: cold-soup
    objective: [A2, C4]
    replies:
      - {id: r1, text: Tell me., label: hear, why: It asks.}
      - {id: r2, text: No., label: argues, why: It argues., objective: A7}
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    for name, text in (
        ("course/01-why.md", LESSON),
        ("course/exercises/first.yaml", EXERCISE),
        ("autograders/keys/quiz.yaml", KEY),
        ("nbgrader_config.py", ""),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_point_is_mapped_to_its_lessons_practice_and_items(course: Path) -> None:
    found = {one.point: one for one in course_map(course)}
    assert len(found) == 44
    assert (found["A2"].lessons, found["A2"].practice) == (("01-why",), ("first", "cold-soup"))
    assert (found["A2"].items, found["C4"].items, found["A7"].items) == (
        {"quiz": 1},
        {"quiz": 1},
        {"quiz": 1},
    )
    assert (found["A5"].lessons, found["A5"].practice) == ((), ("first",))
    assert found["A2"].open == ()
    assert found["C4"].open == ("lesson", "practice")
    assert found["E10"].open == MISSING


def test_the_printed_map_has_a_row_a_point_and_names_what_is_open(course: Path) -> None:
    text = as_markdown(course_map(course))
    assert (
        "| A2 | Hear all of it, however angry; argument makes it worse | 01 | first, cold-soup | quiz (1) |"
        in text
    )
    assert "- No practice: A1, A3, A4, A6," in text


def test_the_map_in_the_docs_is_the_one_that_is_printed(root: Path) -> None:
    printed = CliRunner().invoke(main, ["check", "--map", str(root)])
    assert printed.exit_code == 0, printed.output
    kept = (root / "docs" / "course-map.md").read_text(encoding="utf-8")
    assert kept == printed.output, "run: heatproof check --map > docs/course-map.md"


def test_every_point_is_taught_practised_and_asked_for(root: Path) -> None:
    lacking = {one.point: one.open for one in course_map(root) if one.open}
    assert lacking == {}
