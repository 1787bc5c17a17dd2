"""Take the README's pictures anew. Needs Chromium.

    heatproof demo --into DIR
    heatproof lab DIR                                   in another window; it prints an address with a token
    python docs/pictures/make.py DIR ADDRESS

Plays, sorts and writes in DIR's own lesson, as a learner does.
"""

import sys
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Locator, Page, expect, sync_playwright

HERE = Path(__file__).parent
COLOURS = 128
expect.set_options(timeout=60_000)
OPTIONS = ("is-the-laptop-dry", "the-time-before")
LABELS = ("Hears", "Sorry that isn't", "Argues")
PLAN = (
    "I let Tomas finish and write it down: eight hundred contacts gone, a launch on Monday, and three times "
    "the same useless advice. I say it back. No wonder he is furious: his whole team sits there and cannot "
    "work. Our update did this, and I say: I am sorry, that was our mistake. I'll send you last week's "
    "export now so that your team can start. I promise that everything will be back by Friday."
)
"""Three good steps, and a promise that nobody can keep: something to find of either kind."""

LEARNER = "s.papadaki"


def keep(page: Page | Locator, name: str, height: int | None = None) -> None:
    """Take a picture, cut it to a height in pixels of the page, and make it small."""
    file = HERE / f"{name}.png"
    page.screenshot(path=file)
    picture = Image.open(file).convert("RGB")
    picture = picture.crop((0, 0, picture.width, min(picture.height, 2 * (height or picture.height))))
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)


def lesson(page: Page, address: str) -> None:
    where = urlsplit(address)
    page.goto(where._replace(path="/lab/tree/course/01-heat-in-fifteen-minutes.ipynb").geturl() + "&reset")
    player, sorter, pen = (page.locator(f".hp-{kind}") for kind in ("player", "sorter", "pen"))
    expect(pen).to_be_visible(timeout=90_000)
    page.get_by_role("tab", name="File Browser").click()  # closes it
    for turn, option in enumerate(OPTIONS):
        player.locator(f"[data-option={option}]").click()
        expect(player.locator(".hp-line")).to_have_count(2 * turn + 3)
    player.locator(".hp-log").evaluate("log => log.style.maxHeight = 'none'")
    expect(player.locator(".hp-status")).to_contain_text("kept")
    keep(player, "player")
    for number, label in enumerate(LABELS):
        sorter.locator(".hp-card").nth(number).get_by_role("radio", name=label, exact=True).click()
    expect(sorter.locator(".hp-status")).to_contain_text("kept")
    keep(sorter, "sorter", 792)
    pen.locator("textarea").fill(PLAN)
    expect(pen.locator(".hp-step")).to_have_count(4)
    expect(pen.locator(".hp-status")).to_contain_text("kept")
    page.keyboard.press("Tab")  # out of the sheet
    keep(pen, "pen")


def pages(page: Page, folder: Path) -> None:
    page.goto((folder / f"feedback/{LEARNER}/heat-plan-a/heat-plan-a.html").as_uri())
    keep(page.locator("#plan_1"), "feedback")
    page.goto((folder / "report.html").as_uri())
    keep(page, "report", 812)


def formgrader(page: Page, address: str) -> None:
    where = urlsplit(address)
    page.goto(f"{where.scheme}://{where.netloc}/formgrader/gradebook/heat-plan-a/heat-plan-a")
    expect(page.locator("table tbody tr").nth(5)).to_be_visible()
    for _ in range(2):
        page.get_by_role("columnheader", name="Needs Manual Grade?").click()  # those that wait come first
    keep(page, "formgrader", 640)


if __name__ == "__main__":
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = chromium.new_context(
            device_scale_factor=2, color_scheme="light", reduced_motion="reduce"
        ).new_page()
        page.set_viewport_size({"width": 1080, "height": 3600})
        lesson(page, sys.argv[2])
        page.set_viewport_size({"width": 1240, "height": 1100})
        formgrader(page, sys.argv[2])
        page.set_viewport_size({"width": 960, "height": 1100})
        pages(page, Path(sys.argv[1]).resolve())
        chromium.close()
