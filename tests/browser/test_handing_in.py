"""Hand in: what is missing is told, one question is asked, and a receipt and a file to send are there."""

import json
import zipfile
from pathlib import Path

from playwright.sync_api import expect

from autograders.feedback import write_feedback
from autograders.marking import mark
from autograders.new import new_course
from autograders.results import latest
from autograders.roster import Learner as Rostered
from tests.browser.conftest import Lab, Learner
from tests.browser.looking import choice, pen, ready, sorter

PLAN = (
    "I let her finish, write down the day she paid, and say it back. You must be furious, with the freezer "
    "thawing and a working day gone. We booked your money to the wrong account. That was our mistake, and I "
    "am sorry that we cut you off. Your power is back within fifteen minutes."
)


def test_the_list_follows_the_answers_without_being_asked(learner: Learner, assignment: Path) -> None:
    page = ready(learner.open(f"{assignment.parent.name}/{assignment.name}"))
    todo = page.locator(".hp-hand-in .hp-list")
    expect(todo).to_contain_text("Replies to customer 1: nothing yet")
    choice(sorter(page, 1), 2, "Argues").click()
    expect(todo).to_contain_text("Replies to customer 1: 1 of 4 labelled")


def test_with_a_dead_kernel_the_button_says_so_and_comes_back(
    lab: Lab, learner: Learner, assignment: Path
) -> None:
    path = f"{assignment.parent.name}/{assignment.name}"
    page = ready(learner.open(path))
    lab.api(f"kernels/{lab.kernel_of(path)}", "DELETE")
    page.locator(".jp-Toolbar-kernelName", has_text="No Kernel").wait_for()
    button = page.locator(".hp-hand-in")
    button.get_by_role("button", name="Hand in").click()
    expect(button).to_contain_text("Python is not answering")
    expect(button.get_by_role("button", name="Hand in")).to_be_enabled()
    button.get_by_role("button", name="Connect again").click()
    expect(button.get_by_role("button", name="Connect again")).to_have_count(0)
    ready(page)
    button.get_by_role("button", name="Hand in").click()
    expect(button.get_by_role("alertdialog")).to_be_visible()


def test_the_file_holds_what_was_answered_a_moment_ago(learner: Learner, assignment: Path) -> None:
    page = ready(learner.open(f"{assignment.parent.name}/{assignment.name}"))
    for reply in range(1, 5):
        choice(sorter(page, 1), reply, "Hears").click()
    pen(page, 1).locator("textarea").first.fill("I would hear her out. " * 8)

    button = page.locator(".hp-hand-in")
    button.get_by_role("button", name="Hand in").click()
    expect(button.get_by_role("alertdialog")).to_contain_text("Something is not answered yet.")
    button.get_by_role("button", name="Not yet").click()
    expect(button.locator(".hp-receipt")).to_have_count(0)

    button.get_by_role("button", name="Hand in").click()
    button.get_by_role("button", name="Hand in all the same").click()
    receipt = button.locator(".hp-receipt")
    expect(receipt).to_contain_text("Fingerprint")

    with page.expect_download() as download:
        receipt.get_by_role("link").click()
    with zipfile.ZipFile(download.value.path()) as packed:
        assert "heat-plan-a.ipynb" in packed.namelist()
        notebook = json.loads(packed.read("heat-plan-a.ipynb"))
        told = json.loads(packed.read("receipt.json"))
    sources = {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"]}
    assert sources["plan_1"].startswith('plan_1 = "I would hear her out.')
    assert sources["replies_1"].count('"hear"') == 4
    assert told["answers_sha256"] in receipt.inner_text()
    assert sorted(told["open"]) == ["plan_2", "replies_2"]


def test_what_was_handed_in_is_marked_and_the_feedback_page_is_read(
    learner: Learner, assignment: Path, tmp_path: Path
) -> None:
    page = ready(learner.open(f"{assignment.parent.name}/{assignment.name}"))
    choice(sorter(page, 1), 1, "Argues").click()
    pen(page, 1).locator("textarea").first.fill(PLAN)
    button = page.locator(".hp-hand-in")
    button.get_by_role("button", name="Hand in").click()
    button.get_by_role("button", name="Hand in all the same").click()
    with page.expect_download() as download:
        button.locator(".hp-receipt").get_by_role("link").click()

    course = new_course(tmp_path / "course", learners=[Rostered("ada", "Ada", "Byron")])
    handed_in = course / "submitted" / "ada" / assignment.stem
    with zipfile.ZipFile(download.value.path()) as packed:
        packed.extractall(handed_in)
    summary = mark(course, assignment.stem)
    assert (summary.refused, summary.failed) == (0, 0)
    [feedback] = write_feedback(course, assignment.stem)

    assert page.context.browser
    read = page.context.browser.new_context(offline=True).new_page()
    read.goto(feedback.as_uri())
    expect(read.get_by_role("heading", name="Feedback: HEAT plan, form A")).to_be_visible()
    expect(read.locator("body")).to_contain_text("For Ada Byron")
    expect(read.locator("body")).to_contain_text("the freezer")
    expect(read.get_by_text("not answered", exact=False).first).to_be_visible()
    read.context.close()
    marked = latest(course, assignment.stem)["ada"].cells
    assert marked["plan_1_apologise"].points == 2
    assert marked["plan_2_apologise"].points == 0
