"""A graded call in the browser: played without a hint of how it goes, handed in, and marked by its walk."""

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from autograders.marking import mark
from autograders.masters import released, write_notebooks
from autograders.results import latest
from course.engine.content import scenario
from tests.browser.conftest import Lab, Learner
from tests.browser.looking import choice, kept, ready, sorter
from tests.browser.test_accessibility import faults_in

NAME = "whole-call"
GOOD = Path(__file__).parent.parent / "good"
SOUP = scenario("cold-soup")
BEST = SOUP.walks.best.path


@pytest.fixture
def course(root: Path, tmp_path: Path) -> Path:
    """A course folder with the sample call, released by stock nbgrader."""
    folder = tmp_path / "course"
    (folder / "source" / NAME).mkdir(parents=True)
    (folder / "autograders" / "keys").mkdir(parents=True)
    shutil.copy(root / "nbgrader_config.py", folder)
    shutil.copy(GOOD / f"{NAME}.md", folder / "source" / NAME)
    shutil.copy(GOOD / f"{NAME}.yaml", folder / "autograders" / "keys")
    write_notebooks(folder)
    into = tmp_path / "into"
    into.mkdir()
    (folder / "assignments" / NAME).mkdir(parents=True)
    (folder / "assignments" / NAME / f"{NAME}.ipynb").write_bytes(released(folder, into)[NAME])
    return folder


@pytest.fixture
def call(course: Path, lab: Lab) -> Iterator[str]:
    """A learner's copy of it: its path for JupyterLab."""
    shutil.copytree(course / "assignments" / NAME, lab.folder / NAME)
    yield f"{NAME}/{NAME}.ipynb"
    for session in lab.api("sessions"):
        lab.api(f"sessions/{session['id']}", "DELETE")


def test_a_call_is_played_without_hints_handed_in_and_marked(
    learner: Learner, course: Path, call: str
) -> None:
    page = ready(learner.open(call))
    player = page.locator(".hp-player")
    expect(player).to_contain_text("This call is marked.")
    expect(player.get_by_role("meter")).to_have_count(0)
    for turn, option in enumerate(BEST, start=1):
        player.locator(f"[data-option={option}]").press("Enter")
        expect(player.locator(".hp-line")).to_have_count(1 + 2 * turn)
    expect(player).to_contain_text("The call is over.")
    expect(player.locator(".hp-turn, .hp-plot img, .hp-ending")).to_have_count(0)
    kept(player)

    items = sorter(page, 1)
    expect(items).to_contain_text("How much does each of these help Marek?")
    expect(items.get_by_role("radiogroup", name="Tell me all of it. Is the laptop dry?")).to_be_visible()
    choice(items, 1, "Helps much").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(choice(items, 1, "Helps a little")).to_be_checked()
    choice(items, 2, "Does much harm").click()
    expect(items.locator(".hp-count")).to_contain_text("All labelled")
    expect(items.locator(".hp-reason:visible")).to_have_count(0)
    kept(items)
    assert (faults_in(page, ".hp-player"), faults_in(page, ".hp-sorter")) == ([], [])

    page.reload()
    ready(page)
    expect(player.locator(".hp-line")).to_have_count(1 + 2 * len(BEST))
    expect(choice(sorter(page, 1), 2, "Does much harm")).to_be_checked()

    button = page.locator(".hp-hand-in")
    expect(button.locator(".hp-list")).to_contain_text("Call 1: answered")
    button.get_by_role("button", name="Hand in").click()
    with page.expect_download() as download:
        button.locator(".hp-receipt").get_by_role("link").click()
    with zipfile.ZipFile(download.value.path()) as packed:
        packed.extractall(course / "submitted" / "ada" / NAME)
    assert mark(course, NAME).failed == 0
    found = {name: cell.points for name, cell in latest(course, NAME)["ada"].cells.items()}
    assert found == {
        "call_1_outcome": 4,
        "call_1_moves": 4,
        "call_1_order": 2,
        "helpful_1_check": pytest.approx(1.3333),
    }
