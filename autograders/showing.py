"""Show on a terminal how far a run has come, and a class as a table; plain lines where there is no terminal.

For the command line. Refuses to know what is being done.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from autograders.summary import Summary, counted

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from autograders.class_results import ClassResults, Part, Row

MANY = 50
"""A step of so many parts or more is told a tenth at a time where there is no terminal."""


OFTEN = 0.1
"""Seconds after which a bar is drawn anew."""


class Shown:
    """Progress bars with the time left on a terminal; plain lines elsewhere, or nothing when `quiet`."""

    def __init__(
        self, console: "Console", *, quiet: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.console = console
        self._quiet = quiet
        self._clock = clock

    @contextmanager
    def step(self, title: str, of: int) -> Iterator[Callable[[], None]]:
        """Show one step of so many parts, if any; call what it yields after each part."""
        done = 0

        def one() -> None:
            nonlocal done
            done += 1
            tell(done, of)

        with self.counting(title) as tell:
            yield one
            if of and done < of:
                tell(of, of)

    @contextmanager
    def counting(self, title: str) -> Iterator[Callable[[int, int], None]]:
        """Show one step whose parts are counted elsewhere; call what it yields with (done, of)."""
        if self.console.is_terminal:
            with self._bar(title) as tell:
                yield tell
        elif self._quiet:
            yield lambda _, __: None
        else:
            yield self._log(title)

    @contextmanager
    def _bar(self, title: str) -> Iterator[Callable[[int, int], None]]:
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        columns = (
            TextColumn(f"{title:<34}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            TextColumn("left"), TimeRemainingColumn(),
        )  # fmt: skip
        # Drawn when something is told: a thread that draws would stop us from sharing out work by forking.
        progress = Progress(*columns, console=self.console, auto_refresh=False)
        drawn = 0.0

        def tell(done: int, of: int) -> None:
            nonlocal drawn
            if not progress.task_ids:
                progress.add_task(title, total=of)
                progress.start()
            progress.update(progress.task_ids[0], completed=done, total=of)
            now = self._clock()
            if done >= of or now - drawn >= OFTEN:
                progress.refresh()
                drawn = now

        try:
            yield tell
        finally:
            if progress.task_ids:
                progress.stop()

    def _log(self, title: str) -> Callable[[int, int], None]:
        began, last = self._clock(), 0
        told = began

        def tell(done: int, of: int) -> None:
            nonlocal last, told
            if done >= of:
                self.console.print(f"{title}: {of}", highlight=False)
            elif of >= MANY and 10 * done // of > last:
                last, now = 10 * done // of, self._clock()
                if now - told >= 1:  # what is quicker needs no line
                    told = now
                    left = (now - began) * (of - done) / done
                    self.console.print(f"{title}: {done} of {of}, about {left:.0f} s left", highlight=False)

        return tell


def outcome_table(summary: Summary) -> "Table":
    """Return what became of all hand-ins of a run as a table, with what to do about each kind."""
    table = _table(summary.assignment)
    table.add_column("Outcome")
    for column in ("Hand-ins", "As before", "By an earlier key"):
        table.add_column(column, justify="right")
    table.add_column("What to do")
    for status, (name, cure) in OUTCOMES.items():
        lines = [line for line in summary.lines if line.status == status]
        numbers = (len(lines), sum(line.again for line in lines), sum(line.earlier for line in lines))
        table.add_row(name, *map(str, numbers), cure if lines else "")
    return table


OUTCOMES = {
    "graded": ("graded", "nothing"),
    "needs_person": ("for a person", "read them in the formgrader: heatproof lab"),
    "refused": ("refused", "do what its sentence says, then mark again"),
    "failed": ("failed", "our fault: mark again, or read them in the formgrader"),
}


def class_table(results: "ClassResults", *, title: str = "The class") -> "Table":
    """Return the class as a table: a learner a line, in the roster's order."""
    table = _table(title)
    for column, justify in (("Learner", "left"), ("Handed in", "left"), ("Points", "right"), ("%", "right")):
        table.add_column(column, justify=justify)  # type: ignore[arg-type]
    table.add_column("For a person", justify="right")
    for row in results.rows:
        table.add_row(_inert(row.learner.name), _parts(row), *_numbers(row))
    return table


def _inert(text: str) -> str:
    """Return text that is shown as it stands, and steers no terminal."""
    from rich.markup import escape

    return escape("".join(each if each.isprintable() else " " for each in text))


def _table(title: str) -> "Table":
    from rich.table import Table  # a run without a table, or without a terminal, needs little of rich

    return Table(title=title, title_justify="left", header_style="bold")


def class_line(results: "ClassResults") -> str:
    """Return the class in one line: how many, how it went, and what is still to be done by hand."""
    share = results.median_share
    middle = "none yet" if share is None else f"{100 * share:.0f} %"
    return (
        f"{counted(len(results.rows), 'learner')}, {counted(results.hand_ins, 'hand-in')}, "
        f"{len(results.refused)} refused. Median score {middle}. "
        f"Waiting for a person: {counted(results.cells_waiting, 'cell')}."
    )


def _parts(row: "Row") -> str:
    return ", ".join(f"{part.assignment} {_points(part)}" for part in row.parts) or "nothing"


def _points(part: "Part") -> str:
    if part.points is None:
        return "refused" if part.status == "refused" else "not marked"
    return f"{part.points:g}/{part.out_of:g}"


def _numbers(row: "Row") -> tuple[str, str, str]:
    if row.share is None:
        return "–", "–", str(row.waiting or "")
    return f"{row.points:g}/{row.out_of:g}", f"{100 * row.share:.0f}", str(row.waiting or "")
