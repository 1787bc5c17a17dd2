"""What is loaded: a command only what it needs, nbgrader only its database part, and the rest when asked."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.small_class import ROOT


def told_by(program: str, *arguments: str) -> object:
    """Return what a program of its own prints, read as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


LOADED = """
import json, sys
from {module} import {name}
print(json.dumps(sorted({{module.partition(".")[0] for module in sys.modules}})))
"""


def loaded(module: str, name: str) -> set[str]:
    found = told_by(LOADED.format(module=module, name=name))
    assert isinstance(found, list)
    return set(found)


def test_the_command_line_itself_loads_no_large_package() -> None:
    found = loaded("autograders.cli", "main")
    assert "click" in found
    assert not found & {"pydantic", "nbgrader", "numpy", "sqlalchemy", "rich", "yaml"}


NBGRADER = """
import json, sys
from autograders.loading import AT_NEED, CHECKS, load_nbgrader
load_nbgrader()
load_nbgrader()
import nbgrader.api
left = sorted({*AT_NEED, *CHECKS} & {*sys.modules})
print(json.dumps([left, nbgrader.api.Gradebook.__name__]))
"""


def test_nothing_stands_in_for_a_module_once_nbgrader_is_loaded() -> None:
    assert told_by(NBGRADER) == [[], "Gradebook"]


UNZIPS = """
import json, sys
from autograders.loading import load_nbgrader
load_nbgrader()
from nbgrader.utils import unzip
before = "setuptools.archive_util" in sys.modules
unzip(sys.argv[1], sys.argv[2])
print(json.dumps([before, "setuptools.archive_util" in sys.modules]))
"""


def test_what_nbgrader_needs_later_is_loaded_then(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "some.zip", "w") as archive:
        archive.writestr("inside.txt", "here")
    (tmp_path / "out").mkdir()
    assert told_by(UNZIPS, str(tmp_path / "some.zip"), str(tmp_path / "out")) == [False, True]
    assert (tmp_path / "out" / "inside.txt").read_text() == "here"


ASKS = """
import json
from autograders.loading import load_nbgrader
load_nbgrader()
from nbgrader.auth import jupyterhub
try:
    jupyterhub.requests.request("GET", "http://127.0.0.1:9/")
except Exception as fault:
    print(json.dumps(f"{type(fault).__module__}.{type(fault).__name__}"))
"""


def test_a_hub_that_does_not_answer_is_the_fault_that_nbgrader_knows() -> None:
    assert told_by(ASKS) == "requests.exceptions.ConnectionError"


@pytest.mark.parametrize("first", ["requests", "setuptools.archive_util", "jsonschema"])
def test_what_is_there_already_stays(first: str) -> None:
    program = f"import json, sys\nimport {first}\nthere = sys.modules[{first!r}]\n" + (
        "from autograders.loading import load_nbgrader\nload_nbgrader()\n"
        f"print(json.dumps(sys.modules.get({first!r}) is there))"
    )
    assert told_by(program) is True
