"""One notebook in two windows: the later save wins an answer, not the file, and says so."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Learner
from tests.browser.looking import choice, kept, pen, ready, sorter

Answers = Callable[[], dict[str, str]]


def test_each_window_keeps_what_the_other_has_saved(
    learner: Learner, assignment: Path, answers: Answers
) -> None:
    path = f"{assignment.parent.name}/{assignment.name}"
    one, two = ready(learner.open(path)), ready(learner.open(path))

    choice(sorter(one, 1), 1, "Hears").click()
    pen(one, 1).locator("textarea").first.fill("The plan of the first window.")
    kept(sorter(one, 1))
    kept(pen(one, 1))

    choice(sorter(two, 2), 1, "Argues").click()
    kept(sorter(two, 2))
    expect(pen(two, 1).locator("textarea").first).to_have_value("The plan of the first window.")
    expect(choice(sorter(two, 1), 1, "Hears")).to_be_checked()
    expect(sorter(two, 1).locator(".hp-status")).to_contain_text("changed in another window")

    pen(two, 1).locator("textarea").first.fill("The plan of the second window.")
    kept(pen(two, 1))
    choice(sorter(one, 1), 1, "Blames others").click()
    kept(sorter(one, 1))
    expect(pen(one, 1).locator("textarea").first).to_have_value("The plan of the second window.")

    held = answers()
    assert held["plan_1"] == 'plan_1 = "The plan of the second window."'
    assert '"blames_others"' in held["replies_1"]
    assert '"argues"' in held["replies_2"]
    for page in (one, two):
        expect(page.locator(".jp-Dialog")).to_have_count(0)


def test_a_window_that_comes_to_the_front_shows_what_the_other_has_saved(
    learner: Learner, assignment: Path
) -> None:
    path = f"{assignment.parent.name}/{assignment.name}"
    one, two = ready(learner.open(path)), ready(learner.open(path))
    choice(sorter(one, 1), 1, "Hears").click()
    kept(sorter(one, 1))
    expect(choice(sorter(two, 1), 1, "Hears")).not_to_be_checked()

    two.evaluate("window.dispatchEvent(new Event('focus'))")  # a headless window never leaves the front
    expect(choice(sorter(two, 1), 1, "Hears")).to_be_checked()
    expect(sorter(two, 1).locator(".hp-status")).to_contain_text("changed in another window")
