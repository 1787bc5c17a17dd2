"""P9: feedback pages and CSV are inert: text escaped, a strict policy, no cell that begins a formula."""

import csv
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from autograders.class_results import class_results
from autograders.export import export_scores, inert
from autograders.feedback import write_feedback
from autograders.gradebook import open_gradebook
from autograders.report import write_report
from tests.promises.conftest import Marked
from tests.promises.handing_in import TASK
from tests.promises.hostile import FAMILIES
from tests.small_class import hand_in_answers, make_course

RUNS = {"script", "iframe", "object", "embed", "form", "link", "base", "img", "svg", "style", "template"}
"""Tags that load or run something; a page of ours has a style of its own, and none of the others."""
OURS = frozenset(
    {
        *("html", "head", "meta", "title", "style", "body", "main", "header", "footer", "nav", "section"),
        *("article", "aside", "div", "p", "h1", "h2", "h3", "h4", "ol", "ul", "li", "a", "small", "strong"),
        *("span", "sup", "mark", "q", "blockquote", "figure", "figcaption", "meter"),
    }
)
"""The tags of a page of ours."""
FETCHES = {"src", "srcset", "href", "action", "formaction", "data", "poster", "background", "style"}
NAME = '=HYPERLINK("https://example.org","<script>alert(1)</script>")'
PLANS = {one.id: one for one in FAMILIES["texts"]}


class Tags(HTMLParser):
    """Collects the tags, attributes and text of a page, as a browser reads them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.targets: set[str] = set()
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.targets |= {value or "" for name, value in attrs if name in FETCHES}

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def pages(disturbed: Marked) -> dict[str, str]:
    """Every page that the class with all hostile submissions gets back, by learner."""
    written = write_feedback(disturbed.course, TASK)
    return {path.parent.parent.name: path.read_text(encoding="utf-8") for path in written}


def test_every_page_runs_and_loads_nothing(pages: dict[str, str]) -> None:
    assert len(pages) > 250
    for learner, page in pages.items():
        tags = Tags(page)
        assert set(tags.tags) <= OURS, learner
        assert tags.tags.count("style") == 1, learner
        assert not {name for name in tags.attributes if name.startswith("on")}, learner
        assert all(target.startswith("#") for target in tags.targets), learner


def test_every_page_has_the_strict_policy_before_anything_else(pages: dict[str, str]) -> None:
    for page in pages.values():
        policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)
        assert policy
        assert page.index("<title>") > policy.end()
        assert policy[1].startswith("default-src &#39;none&#39;; style-src &#39;sha256-")
        assert "unsafe" not in policy[1]
        assert "http" not in policy[1]


@pytest.mark.parametrize("name", PLANS)
def test_a_page_shows_a_hostile_text_as_it_was_written(
    disturbed: Marked, pages: dict[str, str], name: str
) -> None:
    plan = disturbed.records[name].answers.get("plan_1")
    shown = Tags(pages[name]).text.replace("\r\n", "\n")
    assert plan is None or without_marks(str(plan)) in without_marks(shown)


def without_marks(text: str) -> str:
    """Return a text without spaces and without the small letters that stand behind a marked passage."""
    return re.sub(r"[\sHEAT!]", "", text)


def test_the_notebook_that_a_grader_opens_runs_nothing(disturbed: Marked) -> None:
    for path in (disturbed.course / "autograded").rglob("*.ipynb"):
        notebook = json.loads(path.read_bytes())
        for output in (each for cell in notebook["cells"] for each in cell.get("outputs", ())):
            assert set(output["data"]) == {"text/plain", "text/html"}
            tags = Tags(output["data"]["text/html"])
            assert not set(tags.tags) & RUNS, path
            assert not {name for name in tags.attributes if name.startswith("on")}, path
            assert tags.targets <= {"white-space: pre-wrap"}, path


def rows(*paths: Path) -> Iterator[list[str]]:
    for path in paths:
        with path.open(newline="", encoding="utf-8") as file:
            yield from csv.reader(file)


def test_no_cell_of_a_table_is_a_formula(disturbed: Marked) -> None:
    cells = [cell for row in rows(*export_scores(disturbed.course)) for cell in row]
    assert "'=1+1" in cells, "the id of a stranger"
    assert "'=cmd|' !A0" in cells
    for cell in cells:
        assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")), cell
        assert not cell.startswith(("\t", "\r", "\n")), cell


def test_every_row_of_a_table_has_all_its_cells(disturbed: Marked) -> None:
    for path in export_scores(disturbed.course):
        first, *others = rows(path)
        assert len(others) > 300
        assert {len(row) for row in others} == {len(first)}


def test_the_report_runs_and_loads_nothing_whoever_handed_in(disturbed: Marked) -> None:
    page = Tags(write_report(disturbed.course, results=class_results(disturbed.course)).read_text("utf-8"))
    assert not set(page.tags) & {"script", "iframe", "object", "embed", "form", "link", "base"}
    assert not {name for name in page.attributes if name.startswith("on")}
    assert all(target.startswith(("#", "data:image/")) or ":" not in target for target in page.targets)


def test_names_on_the_roster_and_comments_are_inert_too(tmp_path: Path) -> None:
    course = make_course(tmp_path / "course", assignments=(TASK,))
    quoted = NAME.replace('"', '""')
    (course / "roster.csv").write_text(
        f'id,first_name,last_name,email\nann,"{quoted}","{quoted}","{quoted}"\n'
    )
    hand_in_answers(course, "ann", TASK, {})
    from autograders.marking import mark

    mark(course, TASK)
    with open_gradebook(course) as grades:
        comment = grades._book.find_comment("plan_1", TASK, TASK, "ann")
        comment.manual_comment = NAME
        grades._book.db.commit()
    (page,) = write_feedback(course, TASK)
    tags = Tags(page.read_text(encoding="utf-8"))
    assert tags.text.count(NAME) == 3, "first name, last name, comment"
    assert "script" not in tags.tags
    told = [row for row in rows(export_scores(course)[0]) if row[0] == "ann"]
    assert told[0][1:4] == [f"'{NAME}"] * 3


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", "\n=1", " =1", "＝1", "\u00a0=1"]
)
def test_no_cell_is_a_formula(text: str) -> None:
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["x;=cmd|' 'C calc'!A0", "x; +1", "x|@SUM(A1)"])
def test_a_cell_begins_no_formula_for_another_separator_either(text: str) -> None:
    assert not re.search(r"[;|]\s*[=+@-]", inert(text))
    assert inert(text).replace("'", "") == text.replace("'", "")


@pytest.mark.parametrize("text", ["", "6", "1.5", "ann", "a=b", "née"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert inert(text) == text
