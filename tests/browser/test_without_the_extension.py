"""A JupyterLab without our extension: cells are run by hand, and the kernel keeps answers in a file."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import ASSIGNMENT, Lab, Learner, start_lab
from tests.browser.looking import choice, run_all, sorter


@pytest.fixture
def plain_lab(root: Path, chromium: str, tmp_path: Path) -> Iterator[Lab]:
    """A JupyterLab of its own, which does not load our extension."""
    yield from start_lab(root, tmp_path, extension=False)


def test_answers_are_kept_in_the_file_and_come_back(plain_lab: Lab, root: Path, browser: Browser) -> None:
    shutil.copy(root / f"assignments/{ASSIGNMENT}/{ASSIGNMENT}.ipynb", plain_lab.folder)
    file = plain_lab.folder / f"{ASSIGNMENT}.answers.json"
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    learner = Learner(plain_lab, context)
    page = learner.open(f"{ASSIGNMENT}.ipynb")
    run_all(page, ".hp-hand-in")
    choice(sorter(page, 1), 1, "Hears").click()
    expect(sorter(page, 1).locator(".hp-status")).to_contain_text("in a file beside this notebook")
    kept = json.loads(file.read_text(encoding="utf-8"))
    assert list(kept["answers"]["replies_1"]["value"].values()) == ["hear"]

    page.close()
    page = learner.open(f"{ASSIGNMENT}.ipynb")
    run_all(page, ".hp-hand-in")
    expect(choice(sorter(page, 1), 1, "Hears")).to_be_checked()
    context.close()
