"""The states of our widgets that a learner meets, one after the other, for whoever looks at each of them."""

import re
from collections.abc import Iterator

from playwright.sync_api import Page, expect

from tests.browser.looking import pen, play_on_by_keyboard, sorter

OWN_WORDS = "Calm down, it's only soup."
NOTE = "Next time I ask first."
PLAN = (
    "I would let her finish and write it all down. Then I'd say: calm down, it is only a list. "
    "I am so sorry that our update wiped your contacts; that was our mistake."
)

NO_PLAN = "lorem ipsum dolor sit amet consectetur"


def in_a_lesson(page: Page) -> Iterator[str]:
    """Play, look back, breathe, sort and write; yield the selector of the widget whenever it looks new."""
    player = page.locator(".hp-player")
    yield from (".hp-player", ".hp-sorter", ".hp-pen")
    player.locator(".hp-own textarea").fill(OWN_WORDS)
    player.get_by_role("button", name="Say it").click()
    player.get_by_role("button", name="That is not what I meant").click()
    player.get_by_text("It was not meant kindly").click()
    yield ".hp-player"
    player.get_by_role("button", name="Leave it as it is").click()
    play_on_by_keyboard(page)
    expect(player.locator(".hp-plot img:visible")).to_be_visible()
    player.get_by_role("button", name="Take a minute").click()
    player.locator(".hp-note textarea").fill(NOTE)
    yield ".hp-player"

    cards = page.locator(".hp-sorter .hp-card")
    for number in range(cards.count()):
        radios = cards.nth(number).get_by_role("radio", name=re.compile("Hears|Argues"))
        radios.nth(number % 2).click()
        expect(cards.nth(number).locator(".hp-reason")).to_be_visible()
    page.locator(".hp-sorter summary").last.click()
    yield ".hp-sorter"
    page.locator(".hp-pen textarea").fill(PLAN)
    expect(page.locator(".hp-pen .hp-flag").first).to_be_visible()
    yield ".hp-pen"
    page.locator(".hp-pen textarea").fill(NO_PLAN)
    expect(page.locator(".hp-pen .hp-found:not(.hp-old)")).to_contain_text("This does not answer")
    yield ".hp-pen"


def in_an_assignment(page: Page) -> Iterator[str]:
    """Answer a part and hand in; yield the selector of the widget whenever it looks new."""
    sorter(page, 1).get_by_role("radio", name=re.compile("Hears")).first.click()
    pen(page, 1).locator("textarea").fill(PLAN)
    button = page.locator(".hp-hand-in")
    expect(button).to_contain_text("1 of 4 labelled")
    yield from (".hp-sorter", ".hp-pen", ".hp-hand-in")
    button.locator(".hp-main").click()
    expect(button.get_by_role("alertdialog")).to_be_visible()
    yield ".hp-hand-in"
    button.get_by_role("button", name="Hand in all the same").click()
    expect(button.locator(".hp-receipt")).to_be_visible()
    yield ".hp-hand-in"
