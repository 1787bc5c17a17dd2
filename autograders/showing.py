"""Show on a terminal how far a run has come, and a class as a table; plain lines where there is no terminal.

For the command line. Refuses to know what is being done.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from autograders.class_results import ClassResults, Part, Row
from autograders.summary import counted


class Shown:
    """Progress bars on a terminal; one line a finished step elsewhere."""

    def __init__(self, console: Console) -> None:
        self.console = console

    @contextmanager
    def step(self, title: str, of: int) -> Iterator[Callable[[], None]]:
        """Show one step of so many parts, if any; call what it yields after each part."""
        if not of:
            yield lambda: None
            return
        if not self.console.is_terminal:
            yield lambda: None
            self.console.print(f"{title}: {of}", highlight=False)
            return
        columns = (TextColumn(f"{title:<34}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self.console) as progress:
            task = progress.add_task(title, total=of)
            yield lambda: progress.advance(task)


def class_table(results: ClassResults, *, title: str = "The class") -> Table:
    """Return the class as a table: a learner a line, in the roster's order."""
    table = Table(title=title, title_justify="left", header_style="bold")
    for column, justify in (("Learner", "left"), ("Handed in", "left"), ("Points", "right"), ("%", "right")):
        table.add_column(column, justify=justify)  # type: ignore[arg-type]
    table.add_column("For a person", justify="right")
    for row in results.rows:
        table.add_row(row.learner.name, _parts(row), *_numbers(row))
    return table


def class_line(results: ClassResults) -> str:
    """Return the class in one line: how many, how it went, and what is still to be done by hand."""
    parts = [part for row in results.rows for part in row.parts]
    shares = [row.share for row in results.rows if row.share is not None]
    middle = f"{100 * median(shares):.0f} %" if shares else "none yet"
    waiting = sum(part.waiting for part in parts)
    refused = sum(part.status == "refused" for part in parts)
    return (
        f"{counted(len(results.rows), 'learner')}, {counted(len(parts), 'hand-in')}, {refused} refused. "
        f"Median score {middle}. Waiting for a person: {counted(waiting, 'cell')}."
    )


def _parts(row: Row) -> str:
    return ", ".join(f"{part.assignment} {_points(part)}" for part in row.parts) or "nothing"


def _points(part: Part) -> str:
    if part.points is None:
        return "refused" if part.status == "refused" else "not marked"
    return f"{part.points:g}/{part.out_of:g}"


def _numbers(row: Row) -> tuple[str, str, str]:
    if row.share is None:
        return "–", "–", str(row.waiting or "")
    return f"{row.points:g}/{row.out_of:g}", f"{100 * row.share:.0f}", str(row.waiting or "")
