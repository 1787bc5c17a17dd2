"""A kernel slow to say what was answered before: nothing is answered over that, and nothing newer is lost.

Here the kernel is played by the test, which says its word when it likes; the players are the real ones.
"""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from course import sort, write
from course.engine.answering import Answering
from tests.browser.looking import choice, sorter

SET = {
    "complaint": "My soup is cold again!",
    "replies": [{"id": "r1", "text": "Tell me more."}, {"id": "r2", "text": "Not my fault."}],
    "labels": ["hear", "argues"],
}
KERNEL = """({ code, state }) => {
    const hearers = {};
    const hear = (what, ...said) => (hearers[what] || []).forEach((f) => f(...said));
    window.asked = [];
    window.say = (message, changed = {}) => {
        Object.assign(state, changed);
        hear("msg:custom", message);
    };
    const model = {
        get: (key) => state[key],
        send: (message) => window.asked.push(message),
        on: (what, f) => (hearers[what] ||= []).push(f),
        off: () => {},
    };
    const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
    return import(address).then((made) => void made.default.render({ model, el: document.body }));
}"""
"""A page with one player and no kernel but `say(message, {what changed})`; `asked` is what it was sent."""
RESTORED = {"kind": "restored", "again": False, "store": False, "say": "saved.restored"}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def page(browser: Browser) -> Any:
    page = browser.new_page()
    page.clock.install()
    yield page
    page.close()


def show(page: Page, player: Answering) -> None:
    """Show a player whose kernel has not said anything yet."""
    state = {
        key: getattr(player, key)
        for key in player.keys
        if key in ("name", "value", "words", "told", "reasons")
    }
    page.evaluate(KERNEL, {"code": player._esm, "state": state})


def say(page: Page, message: dict[str, Any], **changed: Any) -> None:
    page.evaluate("([message, changed]) => window.say(message, changed)", [message, changed])


def answered(page: Page) -> list[Any]:
    """Return the answers that the player has sent."""
    return [one["value"] for one in page.evaluate("window.asked") if one["kind"] == "answer"]


def test_nothing_is_answered_before_the_earlier_answer_is_there(page: Page) -> None:
    show(page, sort("q", SET))
    one = sorter(page, 1)
    choice(one, 2, "Argues").dispatch_event("focus")
    assert one.evaluate("(node) => node.inert")
    say(page, RESTORED, value={"r1": "hear"})
    expect(choice(one, 1, "Hears")).to_be_checked()
    choice(one, 2, "Argues").click()
    assert answered(page) == [{"r1": "hear", "r2": "argues"}]


def test_a_kernel_that_stays_silent_holds_nobody_up_for_long_and_takes_nothing_back(page: Page) -> None:
    show(page, sort("q", SET))
    one = sorter(page, 1)
    page.clock.fast_forward(10_000)
    choice(one, 1, "Hears").click()
    say(page, RESTORED, value={"r1": "argues"})
    expect(choice(one, 1, "Hears")).to_be_checked()
    choice(one, 2, "Argues").click()
    assert answered(page) == [{"r1": "hear"}, {"r1": "hear", "r2": "argues"}]


def test_what_is_typed_while_the_kernel_thinks_stays(page: Page) -> None:
    show(page, write("q", "cold-soup"))
    page.clock.fast_forward(10_000)
    area = page.locator("textarea")
    area.fill("I would let her finish")
    say(page, RESTORED, value="an older plan")
    expect(area).to_have_value("I would let her finish")


def test_what_another_window_said_later_still_wins(page: Page) -> None:
    show(page, sort("q", SET))
    one = sorter(page, 1)
    say(page, RESTORED, value=None)
    choice(one, 1, "Hears").click()
    say(page, {**RESTORED, "again": True}, value={"r1": "argues"})
    expect(choice(one, 1, "Argues")).to_be_checked()
