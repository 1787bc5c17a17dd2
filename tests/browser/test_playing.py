"""Play a customer: closed in the middle and reopened, to the end by keyboard alone, and another way."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Learner
from tests.browser.looking import code_in_sight, kept, lines, play_on_by_keyboard, ready

SECONDS_ON_DEMAND = """() => {
    const real = window.setInterval;
    window.setInterval = (f, wait) => wait === 1000 ? ((window.heartbeat = f), 0) : real(f, wait);
}"""
"""What beats once a second beats when the test says so."""


def test_a_talk_goes_on_where_it_was_left_and_is_looked_back_on(learner: Learner, lesson: str) -> None:
    page = ready(learner.open(lesson))
    assert code_in_sight(page) == []
    player = page.locator(".hp-player")
    thermometer = player.get_by_role("meter")
    expect(thermometer).to_have_attribute("aria-valuetext", re.compile("anger is 8 of 10: "))

    player.locator("[data-option=is-the-laptop-dry]").click()
    expect(player.locator(".hp-line")).to_have_count(3)
    expect(thermometer).to_have_attribute("aria-valuenow", "6")
    kept(player)
    player.locator(".hp-option").first.click()
    page.close(run_before_unload=False)

    page = ready(learner.open(lesson))
    player = page.locator(".hp-player")
    expect(player.locator(".hp-line")).to_have_count(5)

    play_on_by_keyboard(page)
    picture = player.locator(".hp-plot img:visible")
    expect(picture).to_have_attribute("alt", re.compile(r"Anger begins at 8 and ends at \d+"))
    turns = player.locator(".hp-turn").count()
    assert turns == (lines(page) - 1) // 2

    expect(player.get_by_label("Say it in your own words")).to_be_hidden()

    page.reload()
    ready(page)
    expect(player.locator(".hp-turn")).to_have_count(turns)
    expect(player.get_by_label("Say it in your own words")).to_be_hidden()

    player.get_by_role("button", name="Back to turn 2").click()
    expect(player.locator(".hp-line")).to_have_count(3)
    expect(player.locator(".hp-option").first).to_be_in_viewport()
    expect(player.locator(".hp-option").first).to_be_focused()
    player.locator(".hp-option").last.click()
    expect(player.locator(".hp-line")).to_have_count(5)
    kept(player)


def test_own_words_move_the_customer_and_stay(learner: Learner, lesson: str) -> None:
    page = ready(learner.open(lesson))
    player = page.locator(".hp-player")
    player.get_by_label("Say it in your own words").fill("Calm down, it's only soup.")
    player.get_by_role("button", name="Say it").click()
    expect(player.locator(".hp-agent")).to_contain_text("Calm down, it's only soup.")
    expect(player.get_by_role("meter")).to_have_attribute("aria-valuenow", re.compile("9|10"))
    kept(player)
    page.reload()
    ready(page)
    expect(page.locator(".hp-player .hp-agent")).to_contain_text("Calm down, it's only soup.")


def test_a_reading_is_contested_with_one_click_and_a_meaning(learner: Learner, lesson: str) -> None:
    page = ready(learner.open(lesson))
    player = page.locator(".hp-player")
    say = player.get_by_label("Say it in your own words")
    say.fill("The weather in Porto is mild in spring.")
    player.get_by_role("button", name="Say it", exact=True).click()
    expect(player.locator(".hp-customer").last).to_contain_text("say that again in normal words")
    expect(player.get_by_role("meter")).to_have_attribute("aria-valuenow", "8")

    player.get_by_role("button", name="Say what I meant").click()
    player.get_by_role("button", name="Ask a question").press("Enter")
    expect(player.locator(".hp-customer").last).to_contain_text("laptop is ok I think")
    expect(player.locator(".hp-talk")).to_contain_text('You said that you meant "You asked"')
    expect(player.locator(".hp-option").first).to_be_focused()
    kept(player)
    page.reload()
    ready(page)
    expect(player.locator(".hp-talk")).to_contain_text('You said that you meant "You asked"')


def test_after_a_talk_there_is_a_minute_to_breathe_and_a_note_that_stays_here(
    learner: Learner, lesson: str
) -> None:
    page = ready(learner.open(lesson))
    page.evaluate(SECONDS_ON_DEMAND)
    player = page.locator(".hp-player")
    play_on_by_keyboard(page)

    player.get_by_role("button", name="Take a minute").press("Enter")
    breath = player.locator(".hp-breath")
    expect(breath).to_have_text("Breathe in")
    page.evaluate("for (let second = 0; second < 5; second++) heartbeat()")
    expect(breath).to_have_text("Breathe out")
    page.evaluate("for (let second = 0; second < 56; second++) heartbeat()")
    expect(breath).to_contain_text("That was a minute.")
    page.keyboard.press("Escape")
    expect(breath).to_be_hidden()
    expect(player.get_by_role("button", name="Take a minute")).to_be_focused()

    label = "What went well, and what would you do another way next time?"
    player.get_by_label(label).fill("Next time I ask first.")
    expect(player.locator(".hp-note")).to_contain_text("It is not handed in, and nobody marks it.")
    expect(player.locator(".hp-note")).to_contain_text("Kept in this browser.")
    kept(player)
    page.reload()
    ready(page)
    expect(player.get_by_label(label)).to_have_value("Next time I ask first.")
    stored = (learner.lab.folder / lesson).parent
    files = [file for file in stored.rglob("*") if file.is_file()]
    assert files
    assert not any(b"ask first" in file.read_bytes() for file in files)


def test_practice_gives_a_reason_and_a_plan_is_read_at_once(learner: Learner, lesson: str) -> None:
    page = ready(learner.open(lesson))
    card = page.locator(".hp-sorter .hp-card").first
    card.get_by_role("radio", name="Hears", exact=True).click()
    expect(card.locator(".hp-reason")).to_contain_text(re.compile(r"^\W*(Yes|Close|Look again)\."))

    pen = page.locator(".hp-pen")
    pen.locator("textarea").fill(
        "I would let her finish and write it all down. Then I'd say: calm down, it is only a list. "
        "I am so sorry that our update wiped your contacts; that was our mistake."
    )
    expect(pen.locator(".hp-step")).to_have_count(4)
    expect(pen.locator(".hp-flag")).to_contain_text("Makes it small")
    expect(pen.locator(".hp-flag .hp-evidence", has_text=re.compile("calm down", re.I))).to_be_visible()
