"""A course notebook opens ready to play: no cell to run, no code in sight."""

import json
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Learner
from tests.browser.looking import code_in_sight, ready


def test_it_opens_ready_to_play_with_no_code_in_sight(learner: Learner, assignment: Path) -> None:
    page = ready(learner.open(f"{assignment.parent.name}/{assignment.name}"))
    expect(page.locator(".hp-sorter")).to_have_count(2)
    expect(page.locator(".hp-pen")).to_have_count(2)
    expect(page.locator(".hp-hand-in")).to_have_count(1)
    assert code_in_sight(page) == []
    expect(page.locator(".jp-Notification, .jp-Dialog")).to_have_count(0)


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
