"""Kernels come and go; answers stay."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Lab, Learner
from tests.browser.looking import choice, code_in_sight, kept, ready, sorter

Answers = Callable[[], dict[str, str]]


def restart_by_the_menu(page: Page) -> None:
    page.locator(".lm-MenuBar-item", has_text="Kernel").click()
    page.locator(".lm-Menu-item[data-command='kernelmenu:restart']").click()
    page.locator(".jp-Dialog button", has_text="Restart").click()


def test_after_a_restart_the_players_come_back_with_their_answers(
    learner: Learner, assignment: Path, answers: Answers
) -> None:
    page = ready(learner.open(f"{assignment.parent.name}/{assignment.name}"))
    choice(sorter(page, 1), 1, "Hears").click()
    kept(sorter(page, 1))
    old = sorter(page, 1).element_handle()
    assert old is not None

    restart_by_the_menu(page)
    page.wait_for_function("node => !node.isConnected", arg=old, timeout=60_000)
    ready(page)
    expect(choice(sorter(page, 1), 1, "Hears")).to_be_checked()
    choice(sorter(page, 1), 2, "Argues").click()
    kept(sorter(page, 1))
    assert '"argues"' in answers()["replies_1"]
    assert code_in_sight(page) == []


def test_a_click_with_a_dead_kernel_is_kept(
    lab: Lab, learner: Learner, assignment: Path, answers: Answers
) -> None:
    path = f"{assignment.parent.name}/{assignment.name}"
    page = ready(learner.open(path))
    lab.api(f"kernels/{lab.kernel_of(path)}", "DELETE")
    choice(sorter(page, 2), 3, "Empathises").click()
    expect(sorter(page, 2).locator(".hp-status")).to_contain_text(
        "Python is not answering, but your answer is kept."
    )
    assert '"empathise"' in answers()["replies_2"]

    learner.open(path, page)
    ready(page)
    expect(choice(sorter(page, 2), 3, "Empathises")).to_be_checked()


def test_one_click_connects_again_after_the_kernel_died(
    lab: Lab, learner: Learner, assignment: Path, answers: Answers
) -> None:
    path = f"{assignment.parent.name}/{assignment.name}"
    page = ready(learner.open(path))
    dead = lab.kernel_of(path)
    lab.api(f"kernels/{dead}", "DELETE")
    choice(sorter(page, 1), 2, "Argues").click()
    old = sorter(page, 1).element_handle()
    assert old is not None
    sorter(page, 1).get_by_role("button", name="Connect again").click()

    page.wait_for_function("node => !node.isConnected", arg=old, timeout=60_000)
    ready(page)
    assert lab.kernel_of(path) != dead
    expect(page.locator(".jp-Dialog")).to_have_count(0)
    expect(choice(sorter(page, 1), 2, "Argues")).to_be_checked()
    choice(sorter(page, 1), 3, "Hears").click()
    kept(sorter(page, 1))
    assert '"hear"' in answers()["replies_1"]
