"""The commands of a class's work: collect, autograde, feedback, export, report, judge."""

import sys
from pathlib import Path

import click

from autograders.commands.common import Told, console, course_command, telling
from autograders.summary import counted


@click.command()
@click.argument("assignment")
@course_command
def collect(folder: Path, assignment: str) -> None:
    """Take hand-ins from nbgrader's exchange.

    They come to submitted/, as with nbgrader collect.
    """
    from autograders.results import CannotMark
    from autograders.stock import Stock, StockFault

    with telling(StockFault, CannotMark):
        new, there = Stock(folder).collect(assignment)
    click.echo(f"{assignment}: {new} collected, {counted(there, 'hand-in')} in submitted/.")


@click.command()
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

    shown = Shown(console())
    handed_in = len(learners_with(folder, assignment))
    with telling(CannotMark), shown.step(f"{assignment}: hand-ins read", handed_in) as done:
        summary = mark(folder, assignment, progress=lambda _: done())
    for sentence in (*summary.told, *summary.notes):
        click.echo(sentence, err=True)
    click.echo(summary.sentence)
    sys.exit(summary.exit_status)


@click.command()
@click.argument("assignment")
@course_command
def feedback(folder: Path, assignment: str) -> None:
    """Write each learner's feedback page.

    The pages come to feedback/, where nbgrader release_feedback finds them.
    """
    from autograders.feedback import write_feedback
    from autograders.marking import CannotMark
    from course.engine.faults import Faults

    with telling(CannotMark, Faults):
        pages = write_feedback(folder, assignment)
    if not pages:
        raise Told(f"{assignment}: nobody is marked yet; run: heatproof autograde {assignment}")
    click.echo(f"{counted(len(pages), 'page')} in feedback/<learner>/{assignment}/.")


@click.command()
@course_command
def export(folder: Path) -> None:
    """Write the scores as CSV.

    exports/scores.csv has a line a learner and assignment, exports/questions.csv a line a question.
    """
    from autograders.export import export_scores
    from autograders.results import CannotMark
    from course.engine.faults import Faults, shown

    with telling(CannotMark, Faults):
        paths = export_scores(folder)
    for path in paths:
        click.echo(shown(path))


@click.command()
@course_command
def report(folder: Path) -> None:
    """Write report.html: the class at a glance.

    One file with pictures, the replies most missed, the queue for a person, and how far the judge can be
    trusted.
    """
    from autograders.class_results import class_results
    from autograders.report import NothingMarked, write_report
    from autograders.results import CannotMark
    from autograders.showing import class_line, class_table
    from course.engine.faults import Faults, shown

    with telling(NothingMarked, CannotMark, Faults):
        results = class_results(folder)
        path = write_report(folder, results=results)
    screen = console()
    screen.print(class_table(results))
    screen.print(class_line(results))
    click.echo(shown(path))


@click.command()
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
