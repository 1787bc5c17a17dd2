"""A lesson as a web page: what it leaves out, and whose answers it finds."""

from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograders.serving import NotServed, serve
from autograders.web_pages import COOKIE, FOLDER, lessons, page_of, place_of, visitor

NOT_OURS = ("", "../../autograders/keys", "0" * 31, "G" * 32, "0" * 32 + "/..")


class Browser:
    """A browser's cookies, as a request shows them."""

    def __init__(self, cookie: str = "") -> None:
        self.cookies = {COOKIE: cookie}
        self.options: dict[str, Any] = {}

    def get_cookie(self, name: str) -> str | None:
        return self.cookies.get(name)

    def set_cookie(self, name: str, value: str, **options: Any) -> None:
        self.cookies[name], self.options = value, options


def cell(source: str, *tags: str) -> Any:
    return nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)})


def test_answers_and_test_cells_are_left_out() -> None:
    title = nbformat.v4.new_markdown_cell("# A question")
    cells = [title, cell("a = 1", "heatproof-answer"), cell("play()", "heatproof-player")]
    notebook = nbformat.v4.new_notebook(cells=[*cells, cell("check()", "heatproof-check")])
    page = page_of(notebook, Path("somewhere") / "a.ipynb")
    assert [one.source for one in page.cells[1::2]] == ["# A question", "play()"]
    assert "chdir('somewhere')" in page.cells[0].source
    assert "for this browser alone" in page.cells[2].source
    assert len(notebook.cells) == 4


def test_a_browser_is_known_again_by_a_cookie_that_no_script_can_read() -> None:
    browser = Browser()
    first = visitor(browser)
    assert visitor(browser) == first
    assert visitor(Browser()) != first
    assert browser.options["httponly"]


@pytest.mark.parametrize("cookie", NOT_OURS)
def test_a_cookie_that_is_not_ours_names_no_folder(cookie: str) -> None:
    assert visitor(Browser(cookie)) != cookie


def test_a_visitor_has_a_folder_of_their_own_and_a_new_visit_leaves_the_answers(tmp_path: Path) -> None:
    (tmp_path / "course").mkdir()
    (tmp_path / "course/01-a.ipynb").write_text("{}", encoding="utf-8")
    copy = place_of("a" * 32, tmp_path, "01-a.ipynb")
    answers = copy.with_name("01-a.answers.json")
    answers.write_text("kept", encoding="utf-8")
    assert place_of("a" * 32, tmp_path, "01-a.ipynb") == copy
    assert answers.read_text(encoding="utf-8") == "kept"
    assert copy.parent == tmp_path / FOLDER / ("a" * 32)


def test_only_lessons_are_listed(root: Path, tmp_path: Path) -> None:
    assert "HEAT in fifteen minutes" in lessons(root).values()
    (tmp_path / "course").mkdir()
    nbformat.write(nbformat.v4.new_notebook(), tmp_path / "course/01-own.ipynb")
    assert lessons(tmp_path) == {}
    with pytest.raises(NotServed, match="heatproof build"):
        serve(tmp_path)
