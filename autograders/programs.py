"""Find the programs of our own environment, activated or not.

For whoever starts nbgrader or JupyterLab: both call their neighbours (`alembic`, `jupyter`) by bare name.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def own_path() -> str:
    """Return PATH with the folder of this Python's programs first."""
    return f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"


@contextmanager
def own_programs_first() -> Iterator[None]:
    """Set PATH to `own_path()` for a while."""
    before = os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = own_path()
    try:
        yield
    finally:
        os.environ["PATH"] = before
