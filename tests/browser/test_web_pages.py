"""The lessons as web pages: played without JupyterLab, kept for one browser, and nobody else is asked."""

import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import LESSON, Lab, Learner, free_port
from tests.browser.test_accessibility import faults_in
from tests.conftest import clean_environment

pytest.importorskip("voila", reason="the extra heatproof[pages] is not installed")


@pytest.fixture
def pages(root: Path, chromium: str, tmp_path: Path) -> Iterator[Lab]:
    """A course folder with one lesson, served."""
    course = tmp_path / "our course"
    (course / "course").mkdir(parents=True)
    shutil.copy(root / "course" / LESSON, course / "course")
    shutil.copy(root / "nbgrader_config.py", course)
    environment = clean_environment(tmp_path / "home") | {"PYTHONPATH": str(root)}
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "autograders.cli",
        "serve",
        str(course),
        "--no-browser",
        f"--port={port}",
    ]
    with open(tmp_path / "server.log", "wb") as log:
        server = subprocess.Popen(command, env=environment, cwd=course, stdout=log, stderr=log)
    served = Lab(f"http://127.0.0.1:{port}", course)
    try:
        wait_for(served.url, server, tmp_path / "server.log")
        yield served
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_for(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(url, timeout=30).close()
            return
        except (urllib.error.URLError, ConnectionError):
            with suppress(subprocess.TimeoutExpired):
                pytest.fail(f"it ended ({server.wait(timeout=0.2)}):\n{log.read_text()[-3000:]}")
    pytest.fail(f"no page was served:\n{log.read_text()[-3000:]}")


def opened(pages: Lab, learner: Learner) -> Page:
    page = learner.page()
    page.goto(pages.url)
    page.get_by_role("link", name="HEAT in fifteen minutes").click()
    expect(page.locator(".hp-pen")).to_be_visible(timeout=90_000)
    return page


def test_a_lesson_is_played_on_a_page_and_kept_for_this_browser_alone(pages: Lab, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    learner = Learner(pages, context)
    learner.start()
    page = opened(pages, learner)
    expect(page.locator("main")).to_contain_text("is kept on the computer that shows these pages")
    expect(page.locator(".jp-InputArea-editor:visible")).to_have_count(0)
    page.locator("[data-option=is-the-laptop-dry]").click()
    expect(page.locator(".hp-line")).to_have_count(3)
    expect(page.locator(".hp-player .hp-status")).to_contain_text("Your answer is kept")
    assert faults_in(page, "html") == []

    page.reload()
    expect(page.locator(".hp-line")).to_have_count(3, timeout=90_000)
    context.close()
    assert (learner.asked_elsewhere, learner.faults) == ([], [])

    stranger = Learner(pages, browser.new_context())
    expect(opened(pages, stranger).locator(".hp-line")).to_have_count(1)
    stranger.context.close()
    assert len(list((pages.folder / "visitors").iterdir())) == 2


@pytest.mark.parametrize("path", ["course/" + LESSON, "../nbgrader_config.py", "voila/files/" + LESSON])
def test_nothing_but_the_lessons_is_in_reach(pages: Lab, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match=r"HTTP Error 40[34]"):
        urllib.request.urlopen(f"{pages.url}/{'' if path.startswith('voila') else 'voila/render/'}{path}")
