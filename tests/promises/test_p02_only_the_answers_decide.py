"""P2: the score depends on the answers only: metadata, outputs, cell order and extra cells change nothing."""

import pytest

from tests.promises.conftest import Marked
from tests.promises.hostile import HOSTILE
from tests.promises.the_class import HONEST, in_gradebook, shown_notebook

SAME_ANSWERS = tuple(name for name, one in HOSTILE.items() if one.like)


def test_many_try() -> None:
    assert len(SAME_ANSWERS) > 60
    assert {HOSTILE[name].like for name in SAME_ANSWERS} <= set(HONEST)


@pytest.mark.parametrize("name", SAME_ANSWERS)
def test_the_same_answers_get_the_same_marks(disturbed: Marked, name: str) -> None:
    twin = str(HOSTILE[name].like)
    record, honest = disturbed.records[name], disturbed.records[twin]
    points = {cell: mark.points for cell, mark in honest.cells.items()}
    assert {cell: mark.points for cell, mark in record.cells.items()} == points
    assert record.cells == honest.cells or record.answers != honest.answers
    assert record.status == honest.status
    assert [each.points for each in in_gradebook_of(disturbed)[name]] == [
        each.points for each in in_gradebook_of(disturbed)[twin]
    ]


@pytest.mark.parametrize("name", SAME_ANSWERS)
def test_the_marked_notebook_holds_nothing_but_the_release_and_the_answers(
    disturbed: Marked, name: str
) -> None:
    shown = shown_notebook(disturbed.course, name)
    twin = shown_notebook(disturbed.course, str(HOSTILE[name].like))
    if disturbed.records[name].answers == disturbed.records[str(HOSTILE[name].like)].answers:
        assert shown == twin
    assert [cell["id"] for cell in shown["cells"]] == [cell["id"] for cell in twin["cells"]]
    assert "600" not in str(shown["metadata"])


def test_answers_that_differ_are_marked_differently(disturbed: Marked) -> None:
    points = {disturbed.records[name].points for name in HONEST}
    assert len(points) > 8
    assert disturbed.records["perfect"].points == max(each or 0.0 for each in points)


_READ: dict[str, object] = {}


def in_gradebook_of(marked: Marked) -> dict[str, list[object]]:
    """Return the gradebook's marks, read once."""
    if not _READ:
        _READ.update(in_gradebook(marked.course))
    return _READ  # type: ignore[return-value]
