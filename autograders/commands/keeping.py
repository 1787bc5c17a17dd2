"""The commands that keep results safe and right: verify, regrade, restore."""

import sys
from pathlib import Path

import click

from autograders.commands.common import (
    AS_JSON,
    CLUSTER,
    bench_at,
    course_command,
    progress_for,
    telling_programs,
)
from autograders.summary import counted

BY = click.option("--by", metavar="NAME", default="", help="Who did it, for the audit log (default: you).")
BECAUSE = click.option("--because", metavar="REASON", default="", help="Why, for the audit log.")


@click.command()
@click.argument("assignments", metavar="[ASSIGNMENT]...", nargs=-1)
@click.option("--repair", is_flag=True, help="Make gradebook and marked notebooks anew from the log.")
@click.option("--head", metavar="HASH", default="", help="A head that a receipt or an export printed.")
@click.option("--accept", is_flag=True, help="Say that you took lines from the end of the log yourself.")
@BECAUSE
@BY
@AS_JSON
@course_command
def verify(
    folder: Path,
    assignments: tuple[str, ...],
    *,
    repair: bool,
    head: str,
    accept: bool,
    because: str,
    by: str,
    as_json: bool,
) -> None:
    """Compare gradebook and marked notebooks with the log.

    Recomputes both from the results log and checks the log's chain, of every assignment that was marked or of
    those named; and compares marks by hand with what people wrote down. Each difference is told with where,
    what and cure. Marks by hand are never touched.

    Exit status: 0 when nothing differs or all was repaired, 1 when something differs still.
    """
    from autograders.compared_views import Difference
    from autograders.lines.of_keeping import of_difference, of_verified
    from autograders.results import CannotMark
    from autograders.verifying import accept as accept_as_it_stands
    from autograders.verifying import to_verify, verify_audit
    from autograders.verifying import verify as compare

    def tell(assignment: str, found: Difference) -> None:
        click.echo(of_difference(assignment, found).text if as_json else found.sentence)

    if (head or accept) and len(assignments) != 1:
        raise click.UsageError("--head and --accept go with the name of one assignment")
    if accept and not because.strip():
        raise click.UsageError('--accept goes with --because "why lines are gone", for the audit log')
    if accept:
        with telling_programs(CannotMark, as_json=as_json):
            accept_as_it_stands(folder, assignments[0], because=because, by=by)
    shown, left = progress_for(as_json=as_json), 0
    for each in verify_audit(folder):
        left += 1
        tell("", each)
    for name in assignments or to_verify(folder):
        with (
            telling_programs(CannotMark, as_json=as_json),
            shown.counting(f"{name}: results compared") as count,
        ):
            found = compare(folder, name, repair=repair, head=head, by=by, progress=count)
        for each in found.differences:
            tell(name, each)
        left += len(found.left)
        click.echo(of_verified(found).text if as_json else found.sentence)
    sys.exit(1 if left else 0)


@click.command()
@click.argument("assignment")
@click.option("--approve", metavar="TOKEN", default="", help="Write the diff that was shown with this token.")
@BECAUSE
@BY
@CLUSTER
@AS_JSON
@course_command
def regrade(
    folder: Path, assignment: str, *, approve: str, because: str, by: str, cluster: str, as_json: bool
) -> None:
    """Show what a new key changes, and write it once approved.

    Judges anew what an earlier key, rubric or judge marked, and shows who would change, by how much, at which
    question and why. Writes nothing until you approve just that, by its token and with a reason. Marks by
    hand stand. With --cluster tcp://HOST:8786 it is judged on a cluster (docs/scale.md).

    Exit status: 0 nothing to do or written, 4 a diff waits to be approved, 1 not approved or not possible; 16
    is added when the judge failed on somebody.
    """
    from autograders.lines.of_keeping import of_regrade
    from autograders.regrade_shown import as_lines
    from autograders.regrading import regrade as compare
    from autograders.results import CannotMark

    if approve and not because.strip():
        raise click.UsageError('--approve goes with --because "why the key changed", for the audit log')
    shown = progress_for(as_json=as_json)
    with (
        telling_programs(CannotMark, as_json=as_json),
        shown.counting(f"{assignment}: marks compared") as count,
    ):
        found = compare(
            folder,
            assignment,
            approve=approve,
            by=by,
            because=because,
            progress=count,
            bench=bench_at(cluster),
        )
    if as_json:
        for each in of_regrade(found):
            click.echo(each.text)
        sys.exit(found.exit_status)
    for line in as_lines(found.diff):
        click.echo(line)
    click.echo(found.sentence)
    sys.exit(found.exit_status)


@click.command()
@click.argument("backup", required=False, default="")
@click.option("--yes", "really", is_flag=True, help="Do it, after you have seen what changes.")
@BECAUSE
@BY
@AS_JSON
@course_command
def restore(folder: Path, backup: str, *, really: bool, because: str, by: str, as_json: bool) -> None:
    """Bring back a backup of gradebook and logs.

    Without BACKUP (a name or a number): lists them, the newest last. With it: shows what would change, and
    does it with --yes. What stands now is backed up before, so that it can be taken back.
    """
    from autograders.backups import backups
    from autograders.lines.of_keeping import of_backup, of_restore
    from autograders.restore_shown import as_lines, listed
    from autograders.restoring import restore as bring_back
    from autograders.results import CannotMark

    if not backup:
        for each in backups(folder):
            click.echo(of_backup(each).text if as_json else listed(each))
        if not as_json:
            click.echo(f"{counted(len(backups(folder)), 'backup')} in backups/.")
        return
    with telling_programs(CannotMark, as_json=as_json):
        found = bring_back(folder, backup, really=really, by=by, because=because)
    if as_json:
        click.echo(of_restore(found).text)
        return
    for line in as_lines(found):
        click.echo(line)
