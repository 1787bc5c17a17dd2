"""The JupyterLab extension's files: what JupyterLab loads is there, and its name changes with its text."""

import hashlib
import json
from pathlib import Path

import pytest


@pytest.fixture
def extension(root: Path) -> Path:
    return root / "course/engine/labextension"


def test_the_name_of_the_script_holds_the_hash_of_its_text(extension: Path) -> None:
    """A browser keeps a script by its name; so a changed script needs a new one."""
    load = json.loads((extension / "package.json").read_text(encoding="utf-8"))["jupyterlab"]["_build"][
        "load"
    ]
    scripts = list((extension / "static").iterdir())
    assert len(scripts) == 1
    name = f"remoteEntry.{hashlib.sha256(scripts[0].read_bytes()).hexdigest()[:12]}.js"
    cure = f"rename the script to {name} and say so in package.json"
    assert (scripts[0].name, load) == (name, f"static/{name}"), cure


def test_the_container_is_registered_under_the_name_of_the_package(extension: Path) -> None:
    package = json.loads((extension / "package.json").read_text(encoding="utf-8"))
    script = (extension / package["jupyterlab"]["_build"]["load"]).read_text(encoding="utf-8")
    assert f'const MARK = "{package["name"]}";' in script
    assert "(window._JUPYTERLAB = window._JUPYTERLAB || {})[MARK]" in script


def test_it_has_the_version_of_the_distribution(root: Path, extension: Path) -> None:
    version = json.loads((extension / "package.json").read_text(encoding="utf-8"))["version"]
    assert f'version = "{version}"' in (root / "pyproject.toml").read_text(encoding="utf-8")


def test_no_news_and_an_autosave(root: Path) -> None:
    settings = json.loads((root / "course/engine/labconfig/default_setting_overrides.json").read_text())
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
    assert settings["@jupyterlab/docmanager-extension:plugin"]["autosave"] is True
