"""A real JupyterLab on a free port, with an empty home, and a headless Chromium: one of each a session."""

import json
import re
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from tests.conftest import clean_environment

ASSIGNMENT = "heat-plan-a"
LESSON = "01-heat-in-fifteen-minutes.ipynb"
TOKEN = "a-token-for-tests"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder: it needs a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@dataclass
class Lab:
    """A running JupyterLab, and the folder that it shows."""

    url: str
    folder: Path

    def api(self, path: str, method: str = "GET") -> Any:
        """Ask the server's own API."""
        return self._ask(f"api/{path}", method)

    def choose_theme(self, name: str) -> None:
        """Choose a theme of JupyterLab for all pages opened from now on, as its settings do."""
        raw = json.dumps({"raw": json.dumps({"theme": name})})
        self._ask("lab/api/settings/@jupyterlab/apputils-extension:themes", "PUT", raw.encode())

    def _ask(self, path: str, method: str, body: bytes | None = None) -> Any:
        request = urllib.request.Request(f"{self.url}/{path}?token={TOKEN}", method=method, data=body)
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def kernel_of(self, path: str) -> str:
        """Return the id of the kernel that a notebook uses."""
        return next(str(one["kernel"]["id"]) for one in self.api("sessions") if one["path"] == path)


def link_our_extension(root: Path, folder: Path) -> dict[str, str]:
    """Return the variables by which Jupyter finds our extension: none if it is installed as it is here."""
    ours = root / "course/engine/labextension"
    installed = Path(sys.prefix) / "share/jupyter/labextensions/heatproof/package.json"
    if installed.is_file() and installed.read_text() == (ours / "package.json").read_text():
        return {}
    (folder / "share/labextensions").mkdir(parents=True)
    (folder / "share/labextensions/heatproof").symlink_to(ours)
    (folder / "config").mkdir()
    (folder / "config/labconfig").symlink_to(root / "course/engine/labconfig")
    return {"JUPYTER_PATH": str(folder / "share"), "JUPYTER_CONFIG_PATH": str(folder / "config")}


def do_without_our_extension(settings: Path) -> None:
    """Tell JupyterLab, in its own settings, not to load our extension even where it is installed."""
    settings.mkdir(parents=True)
    (settings / "page_config.json").write_text(json.dumps({"disabledExtensions": {"heatproof": True}}))


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def start_lab(root: Path, place: Path, *, extension: bool) -> Iterator[Lab]:
    """Start a JupyterLab under `place`, wait until it answers, and end it afterwards."""
    folder = place / "work"
    folder.mkdir(parents=True)
    environment = clean_environment(place / "home") | {"PYTHONPATH": str(root)}
    if extension:
        environment |= link_our_extension(root, place / "jupyter")
    else:
        do_without_our_extension(Path(environment["JUPYTER_CONFIG_DIR"]) / "labconfig")
    options = ["--allow-root", "--no-browser", "--ServerApp.ip=127.0.0.1", "--ServerApp.port_retries=0"]
    options += ["--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    options += ["--LabApp.extension_manager=readonly", f"--IdentityProvider.token={TOKEN}"]
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        *options,
        f"--ServerApp.port={port}",
        f"--ServerApp.root_dir={folder}",
    ]
    with open(place / "server.log", "wb") as log:
        server = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)
    lab = Lab(f"http://127.0.0.1:{port}", folder)
    try:
        wait_for_answer(lab, server, place / "server.log")
        yield lab
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_for_answer(lab: Lab, server: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(300):
        try:
            lab.api("status")
            return
        except (urllib.error.URLError, ConnectionError):
            with pytest.raises(subprocess.TimeoutExpired):
                server.wait(timeout=0.2)
    pytest.fail(f"JupyterLab did not answer:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="session")
def lab(root: Path, chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A JupyterLab with our extension."""
    yield from start_lab(root, tmp_path_factory.mktemp("lab"), extension=True)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@dataclass
class Learner:
    """Somebody at a browser: opens notebooks, and notes what goes wrong on the page and who else is asked."""

    lab: Lab
    context: BrowserContext
    asked_elsewhere: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def start(self) -> None:
        self.context.on("request", self._only_here)

    def _only_here(self, request: Request) -> None:
        if not request.url.startswith((self.lab.url, "data:", "blob:")):
            self.asked_elsewhere.append(request.url)

    def open(self, path: str, page: Page | None = None) -> Page:
        """Open a notebook in JupyterLab, as a double click does, and wait for nothing."""
        page = page or self.page()
        page.goto(f"{self.lab.url}/lab/tree/{path}?token={TOKEN}&reset", wait_until="commit")
        return page

    def page(self) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        return page


@pytest.fixture
def learner(lab: Lab, browser: Browser) -> Iterator[Learner]:
    """A learner with a browser of their own; nothing but our server may be asked."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    someone = Learner(lab, context)
    someone.start()
    yield someone
    context.close()
    assert someone.asked_elsewhere == []
    assert someone.faults == []


@pytest.fixture
def assignment(lab: Lab, root: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A learner's copy of the released assignment, in a folder of the test's name; kernels end with it."""
    folder = lab.folder / re.sub(r"\W+", "-", request.node.name)
    shutil.copytree(root / "assignments" / ASSIGNMENT, folder)
    yield folder / f"{ASSIGNMENT}.ipynb"
    for session in lab.api("sessions"):
        lab.api(f"sessions/{session['id']}", "DELETE")


@pytest.fixture
def lesson(lab: Lab, root: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A learner's own copy of the first lesson: its path for JupyterLab."""
    folder = lab.folder / re.sub(r"\W+", "-", request.node.name)
    folder.mkdir()
    shutil.copy(root / "course" / LESSON, folder)
    yield f"{folder.name}/{LESSON}"
    for session in lab.api("sessions"):
        lab.api(f"sessions/{session['id']}", "DELETE")


@pytest.fixture
def answers(assignment: Path) -> Callable[[], dict[str, str]]:
    """A function that reads, from disk, the last line of each answer cell."""

    def read() -> dict[str, str]:
        cells = json.loads(assignment.read_text(encoding="utf-8"))["cells"]
        marks = [(cell["metadata"].get("nbgrader", {}), "".join(cell["source"])) for cell in cells]
        return {mark["grade_id"]: source.split("\n")[-1] for mark, source in marks if mark.get("solution")}

    return read
