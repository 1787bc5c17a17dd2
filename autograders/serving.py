"""Serve the lessons of a course folder as web pages without code, by Voilà, where that is installed.

For `heatproof serve`. Only lessons are served: assignments and all that is private stay out of reach, as the
folder that Voilà sees holds copies of the lessons and nothing else. Refuses to know what a lesson holds.
"""

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from autograders.programs import own_programs_first
from autograders.web_pages import lessons, page_of, place_of, visitor
from course.engine.words import word

TEMPLATES = Path(__file__).resolve().parent / "templates"
"""Jupyter looks here for voila/templates/heatproof."""

IDLE = 3600
"""Seconds after which Python ends for a page that is closed."""


OURS = ["anywidget", "@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8"]
"""What the page loads of JupyterLab's extensions: all that our players need."""


class NotServed(Exception):
    """The course cannot be served; the message is one sentence."""


def serve(course: Path, options: Sequence[str] = ()) -> None:
    """Serve the lessons of a course folder until somebody presses Ctrl-C."""
    titles = lessons(course)
    if not titles:
        raise NotServed(f"{course.name} has no lesson to serve; make its notebooks first: heatproof build")
    with TemporaryDirectory(prefix="heatproof-pages-") as place, own_programs_first():
        for name in titles:
            shutil.copy(course / "course" / name, place)
        os.environ["JUPYTER_PATH"] = os.pathsep.join(
            filter(None, (str(TEMPLATES), os.environ.get("JUPYTER_PATH")))
        )
        app = _pages(course, titles)
        app.initialize([place, *options])
        app.start()


def _pages(course: Path, titles: Mapping[str, str]) -> Any:
    """Return Voilà, set up for our pages. Raise NotServed, with the cure, where it is not installed."""
    try:
        from voila.app import Voila
    except ImportError:
        raise NotServed(
            "Voilà is not installed, and it makes the pages; run: pip install 'heatproof[pages]'"
        ) from None
    from traitlets.config import Config

    class Pages(Voila):  # type: ignore[misc]
        """Voilà with our words on its list of pages."""

        def init_settings(self) -> Any:
            settings = super().init_settings()
            settings["voila_jinja2_env"].globals.update(lessons=titles, word=word)
            return settings

    def before(request: Any, *, notebook: Any, cwd: str) -> Any:
        lesson = f"{notebook.metadata['heatproof']['name']}.ipynb"
        return page_of(notebook, place_of(visitor(request), course, lesson))

    return Pages(
        config=Config(
            Voila={"open_browser": True},
            VoilaConfiguration={
                "template": "heatproof",
                "classic_tree": True,
                "allow_template_override": "NO",
                "prelaunch_hook": before,
                "extension_allowlist": OURS,
                "file_allowlist": [],
            },
            MappingKernelManager={"cull_interval": 60, "cull_idle_timeout": IDLE},
        )
    )
