"""What the commands share: where they work, how a fault is told, and the console they print on.

For the other modules of this folder. Refuses to know what any command does.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, update_wrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from course.engine.places import MARK, course_folder

if TYPE_CHECKING:
    from autograders.children import Child

WIDTH = 110
"""Columns of a table that goes to a file or a pipe."""
DIRECTORY = click.Path(path_type=Path, file_okay=True)


class Told(click.ClickException):
    """Something that a person can mend, in a sentence; exit status 1."""

    def show(self, file: Any = None) -> None:
        click.echo(self.message, err=True)


@contextmanager
def telling(*kinds: type[Exception]) -> Iterator[None]:
    """Tell faults of these kinds instead of raising them: their message is a sentence."""
    try:
        yield
    except kinds as fault:
        raise Told(str(fault)) from fault


@contextmanager
def telling_programs(*kinds: type[Exception], as_json: bool) -> Iterator[None]:
    """Tell faults of these kinds instead of raising them; to a program, as a line of JSON, too."""
    try:
        yield
    except kinds as fault:
        raise _told(str(fault), as_json=as_json) from fault


def _told(sentence: str, *, as_json: bool) -> Told:
    """Return what tells a fault; to a program it is told at once."""
    if as_json:
        from autograders.lines.line import FaultLine

        click.echo(FaultLine(sentence=sentence, exit_status=Told.exit_code).text)
    return Told(sentence)


AS_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")


CLUSTER = click.option(
    "--cluster", metavar="ADDRESS", default="", help="Judge on the workers of a Dask scheduler."
)


def bench_at(cluster: str) -> "Callable[..., list[Child]] | None":
    """Return what makes the children of a run that judge: those at the cluster of an address, or this
    computer's."""
    if not cluster:
        return None
    from autograders.cluster import seats

    return partial(seats, address=cluster, tell=partial(click.echo, err=True))


def course_command(function: Callable[..., None]) -> Callable[..., None]:
    """Hand the course folder around the current folder to a command; say so where there is none."""

    def run(*arguments: Any, **options: Any) -> None:
        try:
            function(needed(course_folder(), Path.cwd()), *arguments, **options)
        except OSError as fault:
            if fault.filename is None:  # a pipe that nobody reads any more, say
                raise
            said = f"it cannot be used ({fault.strerror}); make room or rights, then run this again."
            as_json = bool(options.get("as_json"))
            raise _told(f"{fault.filename}: {said}", as_json=as_json) from fault

    return update_wrapper(run, function)


def needed(found: Path | None, looked_from: Path) -> Path:
    """Return the course folder that was found; say how to get one where none was."""
    if found is None:
        cure = "go to your course folder, or make one: heatproof new DIR"
        raise click.UsageError(f"no course folder: no {MARK} in {looked_from} or above it; {cure}")
    return found


def console(*, errors: bool = False) -> Any:
    """Return rich's console; a pipe or a file gets plain text of a fixed width. `errors`: on stderr."""
    from rich.console import Console

    plain = not (sys.stderr if errors else sys.stdout).isatty()
    return Console(highlight=False, width=WIDTH if plain else None, stderr=errors)


def progress_for(*, as_json: bool) -> Any:
    """Return what shows progress: bars on stderr at most where stdout is for a program."""
    from autograders.showing import Shown

    return Shown(console(errors=as_json), quiet=as_json)
