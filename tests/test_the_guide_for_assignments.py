"""The key in docs/write-an-assignment.md is one that can be used, and earns what the page says."""

from pathlib import Path

import pytest

from autograders.blueprints import items_of
from autograders.checking import check_file
from autograders.keys_reading import read_key
from course.engine.markdown_cells import read_notebook_text


@pytest.fixture
def key(root: Path, tmp_path: Path) -> Path:
    guide = (root / "docs" / "write-an-assignment.md").read_text(encoding="utf-8")
    path = tmp_path / "soup-for-marek.yaml"
    path.write_text(guide.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    return path


def test_the_key_in_the_guide_has_no_fault(key: Path) -> None:
    assert [str(fault) for fault in check_file(key, "key")] == []


def test_the_key_in_the_guide_shows_items_worth_what_its_blueprint_says(key: Path) -> None:
    read = read_key(key)
    assert [question.kind for question in read.questions.values()] == ["call", "labels", "labels"]
    assert sum(item.points for item in items_of(read)) == 13


def test_the_text_in_the_guide_builds_with_its_question(root: Path, tmp_path: Path) -> None:
    guide = (root / "docs" / "write-an-assignment.md").read_text(encoding="utf-8")
    path = tmp_path / "soup-for-marek.md"
    path.write_text(guide.split("```markdown\n")[1].split("```")[0], encoding="utf-8")
    words = [(piece.word, piece.argument) for piece in read_notebook_text(path).pieces if piece.word]
    assert words == [("question", "call_1"), ("hand-in", "")]
