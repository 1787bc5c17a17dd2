"""What every test shares: where the project is, a clean home for what we start, a browser or a clear skip."""

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

# No test is timed: a slow machine is not a fault.
settings.register_profile("heatproof", deadline=None)
settings.load_profile("heatproof")

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class ByFile(LoadScopeScheduling):  # type: ignore[misc]
    """The tests of a file stay with one worker, and so does each half of those with a browser, which share a
    JupyterLab."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        folder, _, name = file.rpartition("/")
        return f"browser {name < 'test_l'}" if folder.endswith("browser") else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Hand out the tests so."""
    return ByFile(config, log)


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's root folder."""
    return ROOT


def clean_environment(home: Path) -> dict[str, str]:
    """Return an environment for a program we start: empty home, our Python's programs first, nothing else."""
    home.mkdir(parents=True, exist_ok=True)
    kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TMPDIR", "CI") if name in os.environ}
    places = {
        "HOME": "",
        "JUPYTER_CONFIG_DIR": "jupyter-config",
        "JUPYTER_DATA_DIR": "jupyter-data",
        "JUPYTER_RUNTIME_DIR": "jupyter-runtime",
        "IPYTHONDIR": "ipython",
        "MPLCONFIGDIR": "matplotlib",
    }
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return kept | {"PATH": programs} | {name: str(home / folder) for name, folder in places.items()}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A clean environment for one test's programs, with its home under tmp_path."""
    return clean_environment(tmp_path / "home")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium. Without one the test is skipped, and on CI it fails."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found:
        return found
    reason = f"no browser: none of {', '.join(BROWSERS)} is on PATH (on Debian: apt-get install chromium)"
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
