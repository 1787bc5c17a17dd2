"""What the written content promises: points taught, sources, length of cells; and the guide for authors."""

import re
from pathlib import Path

import pytest

from autograders.checking import check_file
from course.engine.markdown_cells import Piece, read_notebook_text

ROOT = Path(__file__).parent.parent
LESSONS = sorted((ROOT / "course").glob("[0-9]*.md"))
TEXTS = [*LESSONS, *sorted((ROOT / "source").glob("*/*.md"))]
MOST_WORDS = 90

TAUGHT = {
    "01-heat-in-fifteen-minutes": "A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13",
    "02-why-people-shout": "A1 B1 B2 B3 E1 E2 E3 E4 E10",
    "03-reading-the-red-flags": "E5 E9",
    "04-keeping-your-own-calm": "B2 C1 C2 E4 E8",
    "05-hear": "A2 A3 A4 B5 C3 C4",
    "06-empathise": "A5 A6 B3 B4 B5 B6",
    "07-apologise": "A7 A8 C5",
    "08-take-action": "A9 A10 A11 A12 B7 B8 C6 C7",
    "09-the-order-of-things": "A13",
    "10-respect-time-and-honest-promises": "A10 A11 D1 D2 D3 D4",
    "11-kindness-and-its-limits": "B4 E6 E7 E8",
    "12-let-go-and-learn": "B9 B10 C1",
}
"""Which points of the source documents a lesson teaches; each is marked beside the sentence: <!-- A4 -->."""


def texts(path: Path) -> list[Piece]:
    return [piece for piece in read_notebook_text(path).pieces if not piece.word]


def visible(text: str) -> str:
    return re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_each_point_is_marked_beside_the_sentence_that_teaches_it(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert set(TAUGHT.get(path.stem, "").split()) <= {point for line in lines for point in points_of(line)}


def points_of(line: str) -> list[str]:
    return re.findall(r"<!-- ([A-E]\d+) -->", line) if visible(line).strip() else []


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_number_in_a_lesson_leads_to_a_source_and_every_source_is_used(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    listed = re.findall(r"^- \[(\d+)\] ", text, flags=re.MULTILINE)
    used = re.findall(r"(?<!- )\[(\d+)\]", text)
    assert set(used) == set(listed)
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_a_text_cell_stays_under_ninety_words(path: Path) -> None:
    long = [piece.body for piece in texts(path) if len(visible(piece.body).split()) >= MOST_WORDS]
    assert long == []


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_opens_with_a_question_and_closes_with_three_things_to_keep(path: Path) -> None:
    first, text = texts(path)[0].body.strip(), path.read_text(encoding="utf-8")
    assert first.splitlines()[0].endswith("?")
    kept = text.split("## Three things to keep")[1].split("\n## ")[0]
    assert re.findall(r"^(\d)\. ", kept, flags=re.MULTILINE) == ["1", "2", "3"]


def guide() -> str:
    return (ROOT / "docs" / "add-a-scenario.md").read_text(encoding="utf-8")


def test_the_customer_in_the_guide_for_authors_has_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "the-torn-coat.yaml"
    path.write_text(guide().split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    assert check_file(path, "scenario") == ()


def test_the_customer_that_learners_copy_is_the_one_in_the_guide() -> None:
    copied = ROOT / "course" / "scenarios" / "the-torn-coat.txt"
    assert copied.read_text(encoding="utf-8") == guide().split("```yaml\n")[1].split("```")[0]


def test_the_fault_in_the_guide_for_authors_reads_as_it_is_told(tmp_path: Path) -> None:
    path = tmp_path / "the-torn-coat.yaml"
    example = guide().split("```yaml\n")[1].split("```")[0]
    path.write_text(example.replace("to: once-a-year", "to: once-a-yaer", 1), encoding="utf-8")
    told = str(check_file(path, "scenario")[0])
    assert told.split("the-torn-coat.yaml", 1)[1] in guide()
