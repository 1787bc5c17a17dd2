"""The command `collect`: hand-ins from nbgrader's exchange, a learning platform's download, or folders."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograders.commands.common import course_command, telling

if TYPE_CHECKING:
    from autograders.intake.taking import Taken

SOURCE = click.Path(path_type=Path)
LIST = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("assignment")
@click.argument("source", required=False, type=SOURCE)
@click.option(
    "--people",
    "lists",
    type=LIST,
    metavar="FILE",
    multiple=True,
    help="The platform's list of people (.csv or .yaml): numbers, names, times.",
)
@click.option("--received", metavar="TIME", default="", help="When all that no list tells was received.")
@click.option(
    "--zone", metavar="NAME", default="", help="The zone of times that name none: Europe/Copenhagen."
)
@course_command
def collect(
    folder: Path, assignment: str, source: Path | None, *, lists: tuple[Path, ...], received: str, zone: str
) -> None:
    """Take hand-ins from the exchange, or from SOURCE.

    SOURCE is the folder or .zip of submissions that a learning platform (Canvas, Moodle) lets you download,
    or a folder with a folder or file a learner. Hand-ins come to submitted/, with a receipt each in
    receipts/; an earlier one goes to history/, and what cannot be taken to quarantine/.
    """
    from autograders.intake.taking import take
    from autograders.results import CannotMark
    from autograders.stock import StockFault
    from course.engine.faults import Faults

    with telling(StockFault, CannotMark, Faults):
        if source is None:
            if lists or received or zone:
                raise click.UsageError("--people, --received and --zone go with a SOURCE")
            _from_exchange(folder, assignment)
            return
        taken = take(folder, assignment, source, lists=lists, received=received, zone=zone)
    _tell(taken)


def _from_exchange(folder: Path, assignment: str) -> None:
    """Take from nbgrader's exchange; by nbgrader's own collect where the exchange is of another kind."""
    from autograders.intake.inbound import inbound_of
    from autograders.intake.taking import take
    from autograders.stock import Stock
    from autograders.summary import counted

    inbound = inbound_of(folder)
    released = folder / "assignments" / assignment / f"{assignment}.ipynb"
    if inbound is None or not released.is_file():
        new, there = Stock(folder).collect(assignment)
        click.echo(f"{assignment}: {new} collected, {counted(there, 'hand-in')} in submitted/.")
        return
    _tell(take(folder, assignment, inbound.folder, inbound=inbound))


def _tell(taken: "Taken") -> None:
    for sentence in (*taken.told, *taken.notes):
        click.echo(sentence, err=True)
    click.echo(taken.sentence)
    sys.exit(taken.exit_status)
