"""The commands that make, prove, build and open a course: new, demo, check, build, lab, serve, wheel."""

import shlex
import sys
from pathlib import Path

import click

from autograders.commands.common import DIRECTORY, Told, console, course_command, needed, telling
from autograders.summary import counted
from course.engine.places import course_folder


@click.command()
@click.argument("folder", metavar="DIR", type=DIRECTORY)
def new(folder: Path) -> None:
    """Make a course folder of your own.

    DIR gets lessons, customers, exercises, words, assignments, private keys and rubrics, a roster and
    nbgrader's settings: all yours to change.
    """
    from autograders.new import NotMade, new_course

    with telling(NotMade):
        new_course(folder)
    go = f"cd {shlex.quote(str(folder))} && heatproof check"
    click.echo(f"{folder} is yours. Read {folder / 'README.md'}, then: {go}")


@click.command()
@click.option("--into", type=DIRECTORY, default="demo", show_default=True, help="The folder to make.")
@click.option(
    "--learners", type=click.IntRange(1, 60), default=60, show_default=True, help="Size of the class."
)
def demo(into: Path, learners: int) -> None:
    """Take an invented class of 60 through the course.

    Assignments are released, answered, handed in, collected and marked; each learner gets feedback, you get
    the scores and a report. The folder stays, for nbgrader and the formgrader to open. What an earlier
    demonstration left there is made anew; any other folder in use is refused.
    """
    from autograders.class_results import class_results
    from autograders.demo import clear_old, run_demo
    from autograders.new import NotMade
    from autograders.showing import Shown, class_line, class_table

    screen = console()
    with telling(NotMade):
        if clear_old(into):
            click.echo(f"{into} was left by an earlier demonstration; it is made anew.")
        made = run_demo(into, learners=learners, show=Shown(screen))
    results = class_results(made.folder)
    screen.print(class_table(results))
    screen.print(class_line(results))
    for summary in made.summaries:
        for line in summary.told:
            click.echo(line, err=True)
    click.echo(f"Scores:   {into / made.scores.relative_to(made.folder)}")
    click.echo(f"Feedback: {into / 'feedback'} ({counted(len(made.feedback), 'page')})")
    click.echo(f"Report:   {into / made.report.name}")
    click.echo(f"Look on:  heatproof lab {shlex.quote(str(into))}   (then Nbgrader > Formgrader)")
    sys.exit(1 if any(summary.problems for summary in made.summaries) else 0)


@click.command()
@click.argument("folder", metavar="[DIR]", required=False, type=DIRECTORY)
@click.option("--map", "show_map", is_flag=True, help="Print which lesson, exercise and item has each point.")
def check(folder: Path | None, *, show_map: bool) -> None:
    """Prove every file that people write.

    Scenarios, exercises, keys, rubrics, words, roster and notebooks of the course folder DIR (default: around
    here). What is wrong is told with file, line and cure.
    """
    from autograders.checking import check as faults_of
    from autograders.checking import written_files

    found = needed(course_folder(folder), folder or Path.cwd())
    if show_map:
        from autograders.course_map import as_markdown, course_map

        click.echo(as_markdown(course_map(found)), nl=False)
        return
    faults = faults_of(found)
    for fault in faults:
        click.echo(str(fault))
    if faults:
        raise Told(f"{len(faults)} to mend.")
    click.echo(f"{counted(len(list(written_files(found))), 'file')} checked: all is well.")


@click.command()
@course_command
def build(folder: Path) -> None:
    """Make notebooks and releases from the texts.

    Lessons and masters from their Markdown and keys, then assignments/ from source/.
    """
    from autograders.masters import write_notebooks, write_releases
    from course.engine.faults import Faults, shown

    with telling(Faults):
        changed = write_notebooks(folder) + write_releases(folder)
    for path in changed:
        click.echo(shown(path))
    click.echo(f"{counted(len(changed), 'notebook')} changed.")


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("folder", metavar="[DIR]", required=False, type=DIRECTORY)
@click.argument("options", metavar="[JUPYTER OPTIONS]...", nargs=-1, type=click.UNPROCESSED)
def lab(folder: Path | None, options: tuple[str, ...]) -> None:
    """Open JupyterLab on the course.

    DIR is the folder to open (default: the course folder around here); what follows goes to JupyterLab.
    """
    from autograders.laboratory import NoFolder, open_lab

    with telling(NoFolder):
        open_lab(folder, options)


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("folder", metavar="[DIR]", required=False, type=DIRECTORY)
@click.argument("options", metavar="[VOILA OPTIONS]...", nargs=-1, type=click.UNPROCESSED)
def serve(folder: Path | None, options: tuple[str, ...]) -> None:
    """Serve the lessons as web pages, without code.

    DIR is a course folder (default: the one around here); what follows goes to Voilà, as --no-browser or
    --port=8866. Each browser keeps its own answers, under visitors/ in the course folder. Assignments are not
    served: learners answer and hand them in in JupyterLab.
    """
    from autograders.serving import NotServed
    from autograders.serving import serve as serve_pages

    found = needed(course_folder(folder), folder or Path.cwd())
    with telling(NotServed):
        serve_pages(found, options)


@click.command()
@click.argument("folder", metavar="DIR", type=DIRECTORY)
def wheel(folder: Path) -> None:
    """Make the wheel that learners install.

    It holds lessons, players and the judge, but no key, no model answer and no rated plan.
    """
    from autograders.learner_wheel import NotPacked, write_learner_wheel

    with telling(NotPacked):
        click.echo(str(write_learner_wheel(folder)))
