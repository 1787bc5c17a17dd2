"""Load what a program needs for as long as it runs, and nothing that it never asks for.

For marking, which is over in seconds: nbgrader alone would take half a second of them. Refuses to know what
the loaded modules do.
"""

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

SERVER_PAGES = tuple(
    f"nbgrader.server_extensions.{name}"
    for name in ("assignment_list", "course_list", "validate_assignment", "formgrader")
)
"""What nbgrader loads to show in JupyterLab, each with a program that asks for it there."""
AT_NEED = {
    "setuptools": (),
    "setuptools.archive_util": ("unpack_archive", "unpack_tarfile", "unpack_zipfile"),
    "requests": ("request",),
} | dict.fromkeys(SERVER_PAGES, ("load_jupyter_server_extension",))
"""Modules that nbgrader loads for what is not asked for here, with the functions that it takes from them."""
CHECKS = ("rfc3986_validator", "rfc3987_syntax", "isoduration", "webcolors")
"""What jsonschema loads to check web addresses, colours and the like, and goes on without."""


@contextmanager
def for_good() -> Iterator[None]:
    """Take it that what is loaded meanwhile stays: it is never looked through for what could be freed."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def load_nbgrader() -> None:
    """Import nbgrader's database part. What it would load for other parts is loaded when they ask for it."""
    if "nbgrader" in sys.modules:
        return
    stand_ins = {name: _at_need(name) for name in AT_NEED if name not in sys.modules}
    left_out = [name for name in CHECKS if name not in sys.modules]
    sys.modules.update(stand_ins)
    sys.modules.update(dict.fromkeys(left_out))  # type: ignore[arg-type]
    try:
        with for_good():
            import nbgrader.api
            import nbgrader.coursedir  # noqa: F401
    finally:
        for name in (*left_out, *stand_ins):
            del sys.modules[name]


def _at_need(name: str) -> ModuleType:
    """Return a module in whose functions the real one is loaded."""
    module = ModuleType(name)
    vars(module).update({function: _calls(name, function) for function in AT_NEED[name]})
    return module


def _calls(name: str, function: str) -> Callable[..., Any]:
    def call(*given: Any, **by_name: Any) -> Any:
        return getattr(import_module(name), function)(*given, **by_name)

    return call
