"""Label replies by mouse and by keyboard alone; the notebook on disk holds the answer, and gives it back."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Learner
from tests.browser.looking import choice, kept, ready, sorter

Answers = Callable[[], dict[str, str]]


def test_by_mouse_and_by_keyboard_alone_and_both_come_back(
    learner: Learner, assignment: Path, answers: Answers
) -> None:
    page = ready(learner.open(f"{assignment.parent.name}/{assignment.name}"))
    one = sorter(page, 1)
    choice(one, 1, "Hears").click()
    choice(one, 2, "Makes it small").click()
    expect(one.locator(".hp-count")).to_contain_text("2 of 4")
    kept(one)
    assert answers()["replies_1"].startswith("replies_1 = {")
    assert '"minimises"' in answers()["replies_1"]

    two = sorter(page, 2)
    choice(two, 1, "Hears").focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(choice(two, 1, "Apologises")).to_be_focused()
    expect(two.locator("[role=radio][aria-checked=true]")).to_have_count(0)
    page.keyboard.press("Space")
    expect(choice(two, 1, "Apologises")).to_be_checked()
    page.keyboard.press("Tab")
    expect(choice(two, 2, "Hears")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(choice(two, 2, "Hits back")).to_be_checked()
    kept(two)

    before = answers()
    page.reload()
    ready(page)
    expect(choice(sorter(page, 1), 1, "Hears")).to_be_checked()
    expect(choice(sorter(page, 1), 2, "Makes it small")).to_be_checked()
    expect(choice(sorter(page, 2), 2, "Hits back")).to_be_checked()
    assert answers() == before
    assert not list(assignment.parent.glob("*.answers.json"))
