"""axe-core finds nothing to mend in our widgets, in light and in dark, in each state that a learner meets.

Contrast is looked at on a copy that lies over the page: axe-core takes what lies in the notebook's scrolling
panel for invisible to the eye, and leaves that one rule out.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Lab, Learner
from tests.browser.looking import ready
from tests.browser.states import in_a_lesson, in_an_assignment

LAY_OUT = """widget => {
    const copy = document.createElement("div");
    copy.id = "laid-out";
    copy.style = "position: absolute; inset: 0 0 auto 0; z-index: 99999; background: var(--jp-layout-color0)";
    for (const one of document.querySelectorAll(widget)) copy.append(one.cloneNode(true));
    document.body.append(copy);
    document.body.style.overflow = document.documentElement.style.overflow = "visible";
}"""
TAKE_AWAY = """() => {
    document.querySelector("#laid-out").remove();
    document.body.style.overflow = document.documentElement.style.overflow = "";
}"""
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}


@pytest.fixture(params=THEMES)
def theme(lab: Lab, request: pytest.FixtureRequest) -> Iterator[str]:
    """A theme of JupyterLab's own, chosen as the settings do; afterwards the light one again."""
    lab.choose_theme(THEMES[request.param])
    yield request.param
    lab.choose_theme(THEMES["light"])


def faults_in(page: Page, widget: str, theme: str = "light") -> list[str]:
    """Return what axe-core finds in the widgets of a kind: rule, help, and the first places.

    In another theme than the light one only the colours are others, so only contrast is looked at.
    """
    expect(page.locator(widget).first).to_be_visible()
    page.evaluate(LAY_OUT, widget)
    contrast = Axe().run(page, {"include": [["#laid-out"]]}, {"runOnly": ["color-contrast"]}).response
    page.evaluate(TAKE_AWAY)
    assert contrast["passes"], "axe-core looked at no contrast"
    found = list(contrast["violations"])
    if theme == "light":
        all_rules = Axe().run(page, context={"include": [[widget]]}).response
        assert all_rules["passes"], "axe-core looked at nothing"
        found = [*all_rules["violations"], *found]
    return [
        f"{one['id']}: {one['help']}: {[node['html'][:120] for node in one['nodes'][:3]]}" for one in found
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
    for state, widget in enumerate(in_a_lesson(page)):
        assert (state, widget, faults_in(page, widget, theme)) == (state, widget, [])


def test_nothing_to_mend_in_handing_in(learner: Learner, assignment: Path, theme: str) -> None:
    page = ready(learner.open(f"{assignment.parent.name}/{assignment.name}"))
    in_theme(page, theme)
    for state, widget in enumerate(in_an_assignment(page)):
        assert (state, widget, faults_in(page, widget, theme)) == (state, widget, [])


def test_a_fault_would_be_found(learner: Learner, assignment: Path) -> None:
    page = ready(learner.open(f"{assignment.parent.name}/{assignment.name}"))
    button = page.locator(".hp-hand-in")
    title = button.locator(".hp-title")
    title.evaluate("title => title.append(document.createElement('img'))")
    title.evaluate("title => (title.style.color = '#bbb')")
    assert [fault.split(":")[0] for fault in faults_in(page, ".hp-hand-in")] == [
        "image-alt",
        "color-contrast",
    ]
