"""Type a plan: it is kept as it is typed, character by character, and read at once where a judge is there."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Route, expect

from course.engine.answers import read_cell
from tests.browser.conftest import Lab, Learner
from tests.browser.looking import kept, pen, ready

Answers = Callable[[], dict[str, str]]

PLAN = (
    'First I would let her finish and take notes: "paid on the first", cut off today.\n'
    "I'd say: I'm so sorry that we cut you off – that was our mistake 🙏.\\n "
    "Then I switch you back on within fifteen minutes."
)


def test_a_plan_is_kept_to_the_letter_and_comes_back(
    learner: Learner, assignment: Path, answers: Answers
) -> None:
    page = ready(learner.open(f"{assignment.parent.name}/{assignment.name}"))
    sheet = pen(page, 1).locator("textarea").first
    sheet.click()
    page.keyboard.insert_text(PLAN)
    page.keyboard.press("d")  # a shortcut of the notebook's, were it to hear it
    page.keyboard.press("d")
    expect(pen(page, 1).locator(".hp-count")).to_contain_text("words")
    kept(pen(page, 1))
    assert read_cell(answers()["plan_1"], "plan_1") == PLAN + "dd"

    page.reload()
    ready(page)
    expect(pen(page, 1).locator("textarea").first).to_have_value(PLAN + "dd")


def test_what_was_typed_in_the_last_moment_is_kept_when_the_page_goes(
    lab: Lab, learner: Learner, assignment: Path, answers: Answers
) -> None:
    """No kernel, no save, and the page goes: the browser holds the answer until the next opening."""
    path = f"{assignment.parent.name}/{assignment.name}"
    page = ready(learner.open(path))
    lab.api(f"kernels/{lab.kernel_of(path)}", "DELETE")
    page.route("**/api/contents/**", refuse_to_save)
    pen(page, 2).locator("textarea").fill("I would hear him out, and own it to the end.")
    page.close(run_before_unload=False)
    assert answers()["plan_2"].startswith("#")

    page = ready(learner.open(path))
    expect(pen(page, 2).locator("textarea")).to_have_value("I would hear him out, and own it to the end.")


def refuse_to_save(route: Route) -> None:
    """Let the page read files and write none."""
    if route.request.method == "PUT":
        route.abort()
    else:
        route.continue_()
