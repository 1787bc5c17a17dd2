"""A course notebook opens ready to play: no cell to run, no code in sight."""

import json
import re
from pathlib import Path

from playwright.sync_api import Route, expect

from tests.browser.conftest import Learner
from tests.browser.looking import code_in_sight, ready


def test_it_opens_ready_to_play_with_no_code_in_sight(learner: Learner, assignment: Path) -> None:
    page = ready(learner.open(f"{assignment.parent.name}/{assignment.name}"))
    expect(page.locator(".hp-sorter")).to_have_count(2)
    expect(page.locator(".hp-pen")).to_have_count(2)
    expect(page.locator(".hp-hand-in")).to_have_count(1)
    assert code_in_sight(page) == []
    expect(page.locator(".jp-Notification, .jp-Dialog")).to_have_count(0)


def test_a_double_click_on_a_text_opens_no_editor(learner: Learner, assignment: Path) -> None:
    page = ready(learner.open(f"{assignment.parent.name}/{assignment.name}"))
    page.get_by_role("heading", name="Your HEAT plan").dblclick()
    expect(page.locator(".jp-MarkdownCell.jp-mod-active")).to_contain_text("Two people ring.")
    page.keyboard.press("Enter")
    page.keyboard.press("x")
    page.get_by_role("heading", name="Your HEAT plan").click()
    assert code_in_sight(page) == []


def test_a_file_that_goes_away_while_the_folder_is_listed_troubles_nobody(
    learner: Learner, assignment: Path
) -> None:
    """The server then refuses the whole list, once; JupyterLab would say that the folder is gone."""
    refused: list[str] = []

    def refuse_once(route: Route) -> None:
        if refused:
            route.fallback()
        else:
            refused.append(route.request.url)
            route.fulfill(status=404, json={"message": "No such file or directory"})

    page = learner.page()
    page.route(re.compile(rf"/api/contents/{assignment.parent.name}\?"), refuse_once)
    ready(learner.open(f"{assignment.parent.name}/{assignment.name}", page))
    expect(page.locator(".jp-DirListing-item", has_text=assignment.name)).to_be_visible()
    assert refused
    expect(page.locator(".jp-Dialog")).to_have_count(0)


def test_answer_and_test_cells_are_never_run_nor_a_learners_own_cell(
    learner: Learner, assignment: Path
) -> None:
    notebook = json.loads(assignment.read_text(encoding="utf-8"))
    own = {"cell_type": "code", "id": "own", "metadata": {}, "execution_count": None, "outputs": []}
    touch = "open('it-ran', 'w')"
    traps = [
        touch,
        f'from course import sort\nsort("a", {{"replies": []}}) or {touch}',
        f'from course import sort\n{touch}\nsort("a", "b")',
        f'from course import sort\nsort("a", {touch})',
        'from os import mkdir as sort\nsort("it-ran", 448)',
        f'from course import play as sort\nsort("a", "b"); {touch}',
    ]
    notebook["cells"][1:1] = [
        {**own, "id": f"own{number}", "source": source} for number, source in enumerate(traps)
    ]
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution") or cell["metadata"].get("nbgrader", {}).get(
            "grade"
        ):
            cell["source"] = touch
    assignment.write_text(json.dumps(notebook), encoding="utf-8")

    page = ready(learner.open(f"{assignment.parent.name}/{assignment.name}"))
    expect(page.locator(".hp-hand-in")).to_have_count(1)
    assert not (assignment.parent / "it-ran").exists()
    expect(page.locator(".jp-CodeCell .jp-InputArea-editor:visible")).to_have_count(len(traps))


def test_a_notebook_without_our_mark_is_left_alone(learner: Learner, assignment: Path) -> None:
    notebook = json.loads(assignment.read_text(encoding="utf-8"))
    del notebook["metadata"]["heatproof"]
    assignment.write_text(json.dumps(notebook), encoding="utf-8")
    page = learner.open(f"{assignment.parent.name}/{assignment.name}")
    expect(
        page.locator(".jp-NotebookPanel .jp-Notebook-ExecutionIndicator[data-status=idle]")
    ).to_be_visible()
    expect(page.locator(".hp, .heatproof-notebook")).to_have_count(0)


def test_code_beside_the_notebook_is_not_run(learner: Learner, assignment: Path) -> None:
    """Whoever opens what somebody handed in must not run what lies beside it under the name of a library."""
    for name in ("course", "anywidget"):
        (assignment.parent / f"{name}.py").write_text("open('it-ran', 'w')\n")
    ready(learner.open(f"{assignment.parent.name}/{assignment.name}"))
    assert not (assignment.parent / "it-ran").exists()
