"""The command `heatproof`: each command is a thin call of the module that does the work.

For instructors and graders. Knows how to find the course folder and how to say what went wrong; refuses to
decide anything. Exit status: 0 all is well, 1 something was refused or failed, 2 the command was not
understood.
"""

import sys
from collections.abc import Callable
from functools import update_wrapper
from pathlib import Path
from typing import Any

import click

from course.engine.places import MARK, course_folder

AGAIN = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
WIDTH = 110
"""Columns of a table that goes to a file or a pipe."""
DIRECTORY = click.Path(path_type=Path, file_okay=True)


class Told(click.ClickException):
    """Something that a person can mend, in a sentence; exit status 1."""

    def show(self, file: Any = None) -> None:
        click.echo(self.message, err=True)


class InOrder(click.Group):
    """Commands in the order in which a course needs them, not by the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=InOrder, context_settings=AGAIN)
@click.version_option(package_name="heatproof", message="heatproof %(version)s")
def main() -> None:
    """Heatproof: take the heat out of a complaint. A course, its assignments, and the marking of both.

    Start with `heatproof new my-course` or look on with `heatproof demo`. Every other command works in the
    course folder around the folder you are in.
    """


def course_command(function: Callable[..., None]) -> Callable[..., None]:
    """Hand the course folder around the current folder to a command; say so where there is none."""

    def run(*arguments: Any, **options: Any) -> None:
        folder = course_folder()
        if folder is None:
            cure = "go to your course folder, or make one: heatproof new DIR"
            raise click.UsageError(f"no course folder here: no {MARK} in {Path.cwd()} or above it; {cure}")
        function(folder, *arguments, **options)

    return update_wrapper(run, function)


@main.command()
@click.argument("folder", metavar="DIR", type=DIRECTORY)
def new(folder: Path) -> None:
    """Make a course folder of your own.

    DIR gets lessons, customers, exercises, words, assignments, private keys and rubrics, a roster and
    nbgrader's settings: all yours to change.
    """
    from autograders.new import NotMade, new_course

    try:
        new_course(folder)
    except NotMade as fault:
        raise Told(str(fault)) from fault
    click.echo(f"{folder} is yours. Read {folder / 'README.md'}, then: cd {folder} && heatproof check")


@main.command()
@click.option("--into", type=DIRECTORY, default="demo", show_default=True, help="The folder to make.")
@click.option(
    "--learners", type=click.IntRange(1, 60), default=60, show_default=True, help="Size of the class."
)
def demo(into: Path, learners: int) -> None:
    """Take an invented class of 60 through the course.

    Assignments are released, answered, handed in, collected and marked; each learner gets feedback, you get
    the scores and a report. The folder stays, for nbgrader and the formgrader to open.
    """
    from autograders.class_results import class_results
    from autograders.demo import run_demo
    from autograders.new import NotMade
    from autograders.showing import Shown, class_table

    console = _console()
    try:
        made = run_demo(into, learners=learners, show=Shown(console))
    except NotMade as fault:
        raise Told(str(fault)) from fault
    console.print(class_table(class_results(made.folder)))
    for summary in made.summaries:
        for line in summary.problems:
            click.echo(line, err=True)
    click.echo(f"Scores:   {into / made.scores.relative_to(made.folder)}")
    click.echo(f"Feedback: {into / 'feedback'} ({len(made.feedback)} pages)")
    click.echo(f"Report:   {into / made.report.name}")
    click.echo(f"Look on:  heatproof lab {into}   (then Nbgrader > Formgrader)")
    sys.exit(max(summary.exit_status for summary in made.summaries))


@main.command()
@click.argument("folder", metavar="[DIR]", required=False, type=DIRECTORY)
def check(folder: Path | None) -> None:
    """Prove every file that people write.

    Scenarios, exercises, keys, rubrics, words and notebooks of the course folder DIR (default: around
    here). What is wrong is told with file, line and cure.
    """
    from autograders.checking import check as faults_of
    from autograders.checking import written_files

    found = course_folder(folder)
    if found is None:
        raise click.UsageError(f"no course folder at {folder or Path.cwd()}; make one: heatproof new DIR")
    faults = faults_of(found)
    for fault in faults:
        click.echo(str(fault))
    if faults:
        raise Told(f"{len(faults)} to mend.")
    click.echo(f"{len(list(written_files(found)))} files checked: all is well.")


@main.command()
@course_command
def build(folder: Path) -> None:
    """Make notebooks and releases from the texts.

    Lessons and masters from their Markdown and keys, then assignments/ from source/.
    """
    from autograders.masters import write_notebooks, write_releases
    from course.engine.faults import Faults, shown

    try:
        changed = write_notebooks(folder) + write_releases(folder)
    except Faults as faults:
        raise Told(str(faults)) from faults
    for path in changed:
        click.echo(shown(path))
    click.echo(f"{len(changed)} notebooks changed.")


@main.command()
@click.argument("assignment")
@course_command
def collect(folder: Path, assignment: str) -> None:
    """Take hand-ins from nbgrader's exchange.

    They come to submitted/, as with nbgrader collect.
    """
    from autograders.stock import Stock, StockFault

    try:
        click.echo(Stock(folder).collect(assignment))
    except StockFault as fault:
        raise Told(str(fault)) from fault


@main.command()
@click.argument("assignment")
@course_command
def autograde(folder: Path, assignment: str) -> None:
    """Mark hand-ins, without running them.

    Marks what is new in submitted/ and writes the scores into nbgrader's gradebook. What the judge is unsure
    of waits for a person in the formgrader.
    """
    from autograders.marking import CannotMark, mark
    from autograders.showing import Shown
    from autograders.submission import learners_with

    shown = Shown(_console())
    try:
        with shown.step(f"{assignment} marked", len(learners_with(folder, assignment))) as done:
            summary = mark(folder, assignment, progress=lambda _: done())
    except CannotMark as fault:
        raise Told(str(fault)) from fault
    for sentence in (*summary.problems, *summary.notes):
        click.echo(sentence, err=True)
    again = f" ({summary.marked_before} as before)" if summary.marked_before else ""
    click.echo(
        f"{assignment}: {summary.graded} graded{again}, {summary.needs_person} for a person, "
        f"{summary.refused} refused, {summary.failed} failed."
    )
    sys.exit(summary.exit_status)


@main.command()
@click.argument("assignment")
@course_command
def feedback(folder: Path, assignment: str) -> None:
    """Write each learner's feedback page.

    The pages come to feedback/, where nbgrader release_feedback finds them.
    """
    from autograders.feedback import write_feedback
    from autograders.marking import CannotMark
    from course.engine.faults import Faults

    try:
        pages = write_feedback(folder, assignment)
    except (CannotMark, Faults) as fault:
        raise Told(str(fault)) from fault
    if not pages:
        raise Told(f"{assignment}: nobody is marked yet; run: heatproof autograde {assignment}")
    pages_ = "page" if len(pages) == 1 else "pages"
    click.echo(f"{len(pages)} {pages_} in feedback/<learner>/{assignment}/.")


@main.command()
@course_command
def export(folder: Path) -> None:
    """Write the scores as CSV.

    exports/scores.csv has a line a learner and assignment, exports/questions.csv a line a question.
    """
    from autograders.export import export_scores
    from course.engine.faults import Faults, shown

    try:
        for path in export_scores(folder):
            click.echo(shown(path))
    except Faults as fault:
        raise Told(str(fault)) from fault


@main.command()
@course_command
def report(folder: Path) -> None:
    """Write report.html: the class at a glance.

    One file with pictures, the replies most missed, the queue for a person, and how far the judge can be
    trusted.
    """
    from autograders.class_results import class_results
    from autograders.report import NothingMarked, write_report
    from autograders.results import LogFault
    from autograders.showing import class_table
    from course.engine.faults import Faults, shown

    try:
        path = write_report(folder)
        _console().print(class_table(class_results(folder)))
    except (NothingMarked, LogFault, Faults) as fault:
        raise Told(str(fault)) from fault
    click.echo(shown(path))


@main.command()
@click.option("--explain", is_flag=True, help="Add why each level and flag was given, and the next step.")
def judge(*, explain: bool) -> None:
    """Judge plans: JSON lines in, JSON lines out.

    A line is {"id", "plan", "scenario": {"complaint", "complexity": "simple" or "complex", "channel",
    "facts"}}. A line that cannot be judged gets {"id", "error"}, and the rest goes on.
    """
    from autograders import judge as judge_plan
    from autograders.judge_stream import judge_stream

    refused = judge_stream(sys.stdin.buffer, sys.stdout.buffer, judge=judge_plan, explain=explain)
    sys.exit(1 if refused else 0)


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("folder", metavar="[DIR]", required=False, type=DIRECTORY)
@click.argument("options", metavar="[JUPYTER OPTIONS]...", nargs=-1, type=click.UNPROCESSED)
def lab(folder: Path | None, options: tuple[str, ...]) -> None:
    """Open JupyterLab on the course.

    DIR is the folder to open (default: the course folder around here); what follows goes to JupyterLab.
    """
    from autograders.laboratory import NoFolder, open_lab

    try:
        open_lab(folder, options)
    except NoFolder as fault:
        raise Told(str(fault)) from fault


@main.command()
@click.argument("folder", metavar="DIR", type=DIRECTORY)
def wheel(folder: Path) -> None:
    """Make the wheel that learners install.

    It holds lessons, players and the judge, but no key, no model answer and no rated plan.
    """
    from autograders.learner_wheel import NotPacked, write_learner_wheel

    try:
        click.echo(str(write_learner_wheel(folder)))
    except NotPacked as fault:
        raise Told(str(fault)) from fault


def _console() -> Any:
    from rich.console import Console

    plain = not sys.stdout.isatty()
    return Console(highlight=False, width=WIDTH if plain else None)


if __name__ == "__main__":
    main()
