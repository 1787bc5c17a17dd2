"""By keyboard alone through each widget; new lines are said, nothing moves unasked, no colour alone."""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Learner
from tests.browser.looking import play_on_by_keyboard, ready, sorter
from tests.browser.states import NOTE, OWN_WORDS, PLAN

MOVING = """widget => [...widget.querySelectorAll("*")].filter((node) => {
    const style = getComputedStyle(node);
    const lasts = (times) => times.split(",").some((time) => parseFloat(time) > 0);
    const animated = style.animationName !== "none" && lasts(style.animationDuration);
    return animated || lasts(style.transitionDuration);
}).map((node) => node.className)"""
"""The parts of a widget that move, or will when they change."""


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus: within reach, and never out of the widget on the way."""
    for _ in range(40):
        if target.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
        assert page.evaluate("Boolean(document.activeElement.closest('.hp'))")
    raise AssertionError(f"40 times Tab do not reach {target}")


def outlined(page: Page) -> bool:
    """Say whether one sees where the focus is."""
    return bool(page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2"))


def test_through_a_talk_the_look_back_the_minute_and_the_note(learner: Learner, lesson: str) -> None:
    page = ready(learner.open(lesson))
    player = page.locator(".hp-player")
    player.locator("summary").first.focus()
    page.keyboard.press("Enter")
    expect(player.locator("details").first).to_have_attribute("open", "")
    tab_to(page, player.get_by_role("log"))
    tab_to(page, player.locator(".hp-option").nth(2))
    assert outlined(page)
    page.keyboard.press("Enter")
    expect(player.locator(".hp-line")).to_have_count(3)
    expect(player.locator(".hp-option").first).to_be_focused()

    tab_to(page, player.locator(".hp-own textarea"))
    page.keyboard.insert_text(OWN_WORDS)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(player.locator(".hp-line")).to_have_count(5)
    player.locator(".hp-contest").focus()
    page.keyboard.press("Enter")
    expect(player.get_by_role("button", name="Listen, or say it back")).to_be_focused()
    tab_to(page, player.get_by_role("button", name="Leave it as it is"))
    page.keyboard.press("Enter")
    expect(player.locator(".hp-contest")).to_be_focused()

    play_on_by_keyboard(page)
    expect(player.locator(".hp-ending h4")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(player.get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Escape")
    expect(player.get_by_role("button", name="Take a minute")).to_be_focused()
    tab_to(page, player.locator(".hp-note textarea"))
    page.keyboard.insert_text(NOTE)
    expect(player.locator(".hp-note")).to_contain_text("Kept in this browser.")
    player.get_by_role("button", name="Back to turn 1").focus()
    page.keyboard.press("Enter")
    expect(player.locator(".hp-option").first).to_be_focused()


def test_through_practice_and_a_plan(learner: Learner, lesson: str) -> None:
    page = ready(learner.open(lesson))
    sorting, pen = page.locator(".hp-sorter"), page.locator(".hp-pen")
    sorting.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowRight")
    assert outlined(page)
    page.keyboard.press("Space")
    expect(sorting.locator(".hp-reason").first).to_be_visible()
    tab_to(page, sorting.locator("summary").last)
    page.keyboard.press("Enter")
    expect(sorting.get_by_role("term").first).to_be_visible()

    pen.locator("textarea").focus()
    page.keyboard.insert_text(PLAN)
    page.keyboard.press("Tab")
    expect(pen.locator("textarea")).not_to_be_focused()
    expect(pen.locator(".hp-step")).to_have_count(4)


def test_through_handing_in(learner: Learner, assignment: Path) -> None:
    page = ready(learner.open(f"{assignment.parent.name}/{assignment.name}"))
    button = page.locator(".hp-hand-in")
    main = button.get_by_role("button", name="Hand in", exact=True)
    main.focus()
    page.keyboard.press("Enter")
    expect(button.get_by_role("button", name="Not yet")).to_be_focused()
    page.keyboard.press("Escape")
    expect(button.get_by_role("alertdialog")).to_be_hidden()
    expect(main).to_be_focused()
    page.keyboard.press("Enter")
    expect(button.get_by_role("button", name="Not yet")).to_be_focused()
    tab_to(page, button.get_by_role("button", name="Hand in all the same"))
    page.keyboard.press("Enter")
    expect(button.locator(".hp-receipt h4")).to_be_focused()


def test_the_customers_new_line_is_said_and_the_old_ones_are_not_said_again(
    learner: Learner, lesson: str
) -> None:
    page = ready(learner.open(lesson))
    log = page.locator(".hp-player").get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    first = log.locator(".hp-line").first.element_handle()
    page.locator(".hp-player .hp-option").first.click()
    expect(log.locator(".hp-customer")).to_have_count(2)
    assert first
    assert first.evaluate("node => node.isConnected && node === node.parentElement.firstElementChild")


def test_nothing_moves_where_the_system_asks_for_stillness(learner: Learner, lesson: str) -> None:
    page = ready(learner.open(lesson))
    player = page.locator(".hp-player")
    play_on_by_keyboard(page)
    player.get_by_role("button", name="Take a minute").click()
    for widget in (player, page.locator(".hp-sorter"), page.locator(".hp-pen")):
        assert widget.evaluate(MOVING) == []
    page.emulate_media(reduced_motion="no-preference")
    assert "hp-circle" in player.evaluate(MOVING)


def test_no_state_is_told_by_colour_alone(learner: Learner, lesson: str) -> None:
    page = ready(learner.open(lesson))
    player = page.locator(".hp-player")
    expect(player.locator(".hp-mood")).to_contain_text("8 / 10")
    expect(player.locator(".hp-mood")).to_contain_text("angry")
    play_on_by_keyboard(page)
    signs = {"helped": "✓", "little": "≈", "harmed": "!"}
    for turn in player.locator(".hp-turn").all():
        sign = turn.locator(".hp-step-head > .hp-sign")
        expect(sign).to_have_text(signs[turn.get_attribute("data-effect") or ""])

    verdicts = {"right": "✓", "near": "≈", "wrong": "→"}
    cards = sorter(page, 1).locator(".hp-card")
    for card in (cards.nth(0), cards.nth(1), cards.nth(2)):
        card.get_by_role("radio").first.click()
        expect(card.locator(".hp-reason strong")).not_to_be_empty()
        expect(card.locator(".hp-reason .hp-sign")).to_have_text(
            verdicts[card.get_attribute("data-verdict") or ""]
        )
