"""The command `collect`: hand-ins from nbgrader's exchange, a learning platform's download, or folders."""

import sys
from pathlib import Path

import click

from autograders.commands.common import AS_JSON, course_command, progress_for, telling_programs

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
@AS_JSON
@course_command
def collect(
    folder: Path,
    assignment: str,
    source: Path | None,
    *,
    lists: tuple[Path, ...],
    received: str,
    zone: str,
    as_json: bool,
) -> None:
    """Take hand-ins from the exchange, or from SOURCE.

    SOURCE is the folder or .zip of submissions that a learning platform (Canvas, Moodle) lets you download,
    or a folder with a folder or file a learner. Hand-ins come to submitted/, with a receipt each in
    receipts/; an earlier one goes to history/, and what cannot be taken to quarantine/.

    Exit status: 0 all was taken; else the sum of 4 (something in quarantine/ waits for you) and 8 (something
    was refused, and the learner must hand in again); 1 when nothing could be taken.
    """
    from autograders.intake.from_exchange import take_from_exchange
    from autograders.intake.taken_shown import taken_table
    from autograders.intake.taking import take
    from autograders.results import CannotMark
    from autograders.stock import StockFault
    from course.engine.faults import Faults

    if source is None and (lists or received or zone):
        raise click.UsageError("--people, --received and --zone go with a SOURCE")
    shown = progress_for(as_json=as_json)
    with (
        telling_programs(StockFault, CannotMark, Faults, as_json=as_json),
        shown.counting(f"{assignment}: hand-ins looked at") as count,
    ):
        if source is None:
            taken = take_from_exchange(folder, assignment, progress=count)
        else:
            taken = take(
                folder, assignment, source, lists=lists, received=received, zone=zone, progress=count
            )
    for sentence in (*taken.told, *taken.notes):
        click.echo(sentence, err=True)
    if as_json:
        from autograders.lines.of_intake import of_arrival, of_taken

        for arrival in taken.arrivals:
            click.echo(of_arrival(assignment, arrival).text)
        click.echo(of_taken(taken).text)
        sys.exit(taken.exit_status)
    if taken.arrivals:
        shown.console.print(taken_table(taken))
    click.echo(taken.sentence)
    sys.exit(taken.exit_status)
