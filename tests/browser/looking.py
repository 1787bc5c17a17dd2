"""How a test looks at the page and acts on it: by the words and roles that a person meets."""

from playwright.sync_api import Locator, Page, expect

KEPT = "Your answer is kept."


def ready(page: Page) -> Page:
    """Wait until the notebook has run its calls: what was there before is drawn anew."""
    expect(page.locator(".jp-NotebookPanel[aria-busy=false]")).to_be_visible(timeout=60_000)
    expect(page.locator(".jp-NotebookPanel .hp").first).to_be_visible(timeout=60_000)
    expect(page.locator(".heatproof-soon")).to_have_count(0)
    expect(page.locator(".hp[inert]")).to_have_count(0)
    return page


def run_all(page: Page, last: str) -> Page:
    """Run all cells by the menu, once the kernel is there, and wait for the last widget.

    A cell that is run while JupyterLab starts a kernel makes it start a second one, and no widget is shown.
    """
    expect(page.locator("#jp-main-statusbar")).to_contain_text("| Idle", timeout=60_000)
    page.locator(".lm-MenuBar-item", has_text="Run").click()
    page.locator(".lm-Menu-item[data-command='runmenu:run-all']").click()
    expect(page.locator(last)).to_be_visible(timeout=60_000)
    return page


def code_in_sight(page: Page) -> list[str]:
    """Return all that looks like code, a prompt or a folded cell, and that a person can see."""
    seen = page.locator(
        ".jp-Notebook :is(.jp-InputArea-editor, .jp-OutputPrompt), "
        ".jp-Notebook .jp-CodeCell :is(.jp-Placeholder, .jp-InputPrompt)"
    )
    return [one.inner_text() for one in seen.all() if one.is_visible()]


def sorter(page: Page, number: int) -> Locator:
    """Return the sorter of a question, counted from 1."""
    return page.locator(".hp-sorter").nth(number - 1)


def pen(page: Page, number: int) -> Locator:
    """Return the pen of a question, counted from 1."""
    return page.locator(".hp-pen").nth(number - 1)


def choice(player: Locator, reply: int, label: str) -> Locator:
    """Return the radio button of a label, at a reply counted from 1."""
    return player.locator(".hp-card").nth(reply - 1).get_by_role("radio", name=label, exact=True)


def lines(page: Page) -> int:
    """Return how many lines have been said in the player."""
    return page.locator(".hp-player .hp-line").count()


def play_on_by_keyboard(page: Page) -> None:
    """Choose the last answer on offer, with the keyboard, until the talk has ended."""
    while (options := page.locator(".hp-player .hp-option:enabled")).count():
        before = lines(page)
        options.last.focus()
        page.keyboard.press("Enter")
        expect(page.locator(".hp-player .hp-line")).to_have_count(before + 2)


def kept(player: Locator) -> None:
    """Wait until the player says that the notebook holds the answer."""
    expect(player.locator(".hp-status")).to_contain_text(KEPT)
