"""axe-core finds nothing to mend in our widgets, in light and in dark, in each state that a learner meets."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Lab, Learner
from tests.browser.looking import choice, kept, pen, play_on_by_keyboard, ready, sorter

THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
PLAN = (
    "I would let her finish and write it all down. Then I'd say: calm down, it is only a list. "
    "I am so sorry that our update wiped your contacts; that was our mistake."
)


@pytest.fixture(params=THEMES)
def theme(lab: Lab, request: pytest.FixtureRequest) -> Iterator[str]:
    """A theme of JupyterLab's own, chosen as the settings do; afterwards the light one again."""
    lab.choose_theme(THEMES[request.param])
    yield request.param
    lab.choose_theme(THEMES["light"])


def faults_in(page: Page, widget: str) -> list[str]:
    """Return what axe-core finds in the widgets of a kind: rule, help, and the first places."""
    expect(page.locator(widget).first).to_be_visible()
    found = Axe().run(page, context={"include": [[widget]]}).response
    assert found["passes"], "axe-core looked at nothing"
    return [
        f"{one['id']}: {one['help']}: {[node['html'][:120] for node in one['nodes'][:3]]}"
        for one in found["violations"]
    ]


def in_theme(page: Page, theme: str) -> None:
    """Wait until the page wears the theme."""
    light = "true" if theme == "light" else "false"
    expect(page.locator("body")).to_have_attribute("data-jp-theme-light", light)


def test_nothing_to_mend_in_player_debrief_breather_sorter_and_pen(
    learner: Learner, lesson: str, theme: str
) -> None:
    page = ready(learner.open(lesson))
    in_theme(page, theme)
    player = page.locator(".hp-player")
    untouched = [faults_in(page, widget) for widget in (".hp-player", ".hp-sorter", ".hp-pen")]
    assert untouched == [[], [], []]

    player.get_by_label("Say it in your own words").fill("Calm down, it's only soup.")
    player.get_by_role("button", name="Say it", exact=True).click()
    player.get_by_role("button", name="That is not what I meant").click()
    player.get_by_text("It was not meant kindly").click()
    assert faults_in(page, ".hp-player") == []
    player.get_by_role("button", name="Leave it as it is").click()

    play_on_by_keyboard(page)
    expect(player.locator(".hp-plot img:visible")).to_be_visible()
    player.get_by_role("button", name="Take a minute").click()
    player.locator(".hp-note textarea").fill("Next time I ask first.")
    assert faults_in(page, ".hp-player") == []

    cards = page.locator(".hp-sorter .hp-card")
    for number in range(cards.count()):
        card = cards.nth(number)
        card.get_by_role("radio", name=re.compile("Hears|Argues")).nth(number % 2).click()
        expect(card.locator(".hp-reason")).to_be_visible()
    page.locator(".hp-sorter summary").last.click()
    assert faults_in(page, ".hp-sorter") == []

    page.locator(".hp-pen textarea").fill(PLAN)
    expect(page.locator(".hp-pen .hp-flag").first).to_be_visible()
    assert faults_in(page, ".hp-pen") == []


def test_a_fault_would_be_found(learner: Learner, assignment: Path) -> None:
    page = ready(learner.open(f"{assignment.parent.name}/{assignment.name}"))
    page.locator(".hp-hand-in .hp-title").evaluate(
        "title => { title.style.color = '#bbb'; title.append(document.createElement('img')); }"
    )
    assert [fault.split(":")[0] for fault in faults_in(page, ".hp-hand-in")] == [
        "color-contrast",
        "image-alt",
    ]


def test_nothing_to_mend_in_handing_in(learner: Learner, assignment: Path, theme: str) -> None:
    page = ready(learner.open(f"{assignment.parent.name}/{assignment.name}"))
    in_theme(page, theme)
    choice(sorter(page, 1), 1, "Hears").click()
    kept(sorter(page, 1))
    assert faults_in(page, ".hp-hand-in") == []
    assert faults_in(page, ".hp-sorter") == []
    pen(page, 1).locator("textarea").fill(PLAN)
    kept(pen(page, 1))
    assert faults_in(page, ".hp-pen") == []

    button = page.locator(".hp-hand-in")
    button.get_by_role("button", name="Hand in").click()
    expect(button.get_by_role("alertdialog")).to_be_visible()
    assert faults_in(page, ".hp-hand-in") == []
    button.get_by_role("button", name="Hand in all the same").click()
    expect(button.locator(".hp-receipt")).to_be_visible()
    assert faults_in(page, ".hp-hand-in") == []
