"""A lone .ipynb, copied to another place: it brings its answers along and is ready to play there."""

import shutil
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Lab, Learner
from tests.browser.looking import choice, kept, pen, ready, sorter


def test_a_copy_in_an_empty_folder_has_all_answers(
    lab: Lab, learner: Learner, assignment: Path, answers: Callable[[], dict[str, str]]
) -> None:
    page = ready(learner.open(f"{assignment.parent.name}/{assignment.name}"))
    choice(sorter(page, 1), 4, "Takes action").click()
    pen(page, 2).locator("textarea").fill("A plan that travels.")
    kept(sorter(page, 1))
    kept(pen(page, 2))
    page.close()

    elsewhere = lab.folder / "elsewhere"
    elsewhere.mkdir()
    shutil.copy(assignment, elsewhere / "sent by mail.ipynb")
    page = ready(learner.open("elsewhere/sent by mail.ipynb"))
    expect(choice(sorter(page, 1), 4, "Takes action")).to_be_checked()
    expect(pen(page, 2).locator("textarea")).to_have_value("A plan that travels.")
    assert [file.name for file in elsewhere.iterdir() if not file.name.startswith(".")] == [
        "sent by mail.ipynb"
    ]
