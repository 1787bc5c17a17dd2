"""The commands of a class's work: autograde, feedback, export, report, judge."""

import json
import sys
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import click

from autograders.children import loading_early
from autograders.commands.common import (
    AS_JSON,
    CLUSTER,
    bench_at,
    console,
    course_command,
    progress_for,
    telling,
    telling_programs,
)
from autograders.summary import counted

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("assignment")
@AS_JSON
@click.option(
    "--backups",
    type=click.IntRange(0),
    default=10,
    show_default=True,
    help="Keep so many backups; 0: make none.",
)
@CLUSTER
@course_command
def autograde(folder: Path, assignment: str, *, as_json: bool, backups: int, cluster: str) -> None:
    """Mark hand-ins, without running them.

    Marks what is new in submitted/ and writes the scores into nbgrader's gradebook. What the judge is unsure
    of waits for a person in the formgrader. Marks that were given stay when the key changes: see regrade.

    With --cluster tcp://HOST:8786 submissions are judged on a cluster (docs/scale.md); the rest stays here.

    Exit status: 0 all graded; else the sum of 4 (something waits for a person), 8 (something was refused) and
    16 (we failed on something); 1 when nothing could be marked.
    """
    bench = bench_at(cluster)
    with nullcontext(bench) if bench else loading_early(folder, assignment) as bench:
        _autograde(folder, assignment, as_json=as_json, backups=backups, bench=bench)


def _autograde(folder: Path, assignment: str, *, as_json: bool, backups: int, bench: Any) -> None:
    from autograders.marking import CannotMark, Progress, mark
    from autograders.showing import outcome_table

    def tell(progress: Progress) -> None:
        if as_json:
            from autograders.lines.of_marking import of_submission

            click.echo(of_submission(assignment, progress.line).text)
        count(progress.done, progress.of)

    shown = progress_for(as_json=as_json)
    with (
        telling_programs(CannotMark, as_json=as_json),
        shown.counting(f"{assignment}: hand-ins read") as count,
    ):
        summary = mark(folder, assignment, progress=tell, backups=backups, bench=bench)
    for sentence in filter(None, (*summary.told, *summary.notes, summary.to_regrade)):
        click.echo(sentence, err=True)
    if as_json:
        from autograders.lines.of_marking import of_summary

        click.echo(of_summary(summary).text)
        sys.exit(summary.exit_status)
    if summary.lines:
        shown.console.print(outcome_table(summary))
    click.echo(summary.sentence)
    sys.exit(summary.exit_status)


@click.command()
@click.argument("assignment")
@click.option("--keys/--without-keys", default=None, help="Show expected labels and better lines, or not.")
@AS_JSON
@course_command
def feedback(folder: Path, assignment: str, *, keys: bool | None, as_json: bool) -> None:
    """Write each learner's feedback page.

    The pages come to feedback/, where nbgrader release_feedback finds them. Without a word on keys, the
    setting c.Heatproof.keys_in_feedback in nbgrader_config.py decides; they are shown if it is not there.
    """
    from autograders.feedback import write_feedback
    from autograders.results import CannotMark
    from course.engine.faults import Faults

    shown = progress_for(as_json=as_json)
    with (
        telling_programs(CannotMark, Faults, as_json=as_json),
        shown.counting(f"{assignment}: pages written") as count,
    ):
        pages = write_feedback(folder, assignment, keys=keys, progress=count)
        if not pages:
            raise CannotMark(f"{assignment}: nobody is marked yet; run: heatproof autograde {assignment}")
    if as_json:
        from autograders.lines.of_results import of_pages

        for line in of_pages(assignment, pages):
            click.echo(line.text)
        return
    click.echo(f"{counted(len(pages), 'page')} in feedback/<learner>/{assignment}/.")


@click.command()
@AS_JSON
@course_command
def export(folder: Path, *, as_json: bool) -> None:
    """Write the scores as CSV.

    exports/scores.csv has a line a learner and assignment, exports/questions.csv a line a question.
    """
    from autograders.export import score_tables, write_table
    from autograders.results import CannotMark
    from course.engine.faults import Faults, shown

    with telling_programs(CannotMark, Faults, as_json=as_json):
        scores, questions = score_tables(folder)
        paths = [write_table(each) for each in (scores, questions)]
    if as_json:
        from autograders.lines.of_results import of_tables

        for line in of_tables(scores, questions):
            click.echo(line.text)
        return
    for path in paths:
        click.echo(shown(path))


@click.command()
@AS_JSON
@course_command
def report(folder: Path, *, as_json: bool) -> None:
    """Write report.html: the class at a glance.

    One file with pictures, the replies most missed, the queue for a person, and how far the judge can be
    trusted.
    """
    from autograders.bank_agreement import bank_agreement
    from autograders.class_results import class_results
    from autograders.report import NothingMarked, write_report
    from autograders.results import CannotMark
    from autograders.showing import class_line, class_table
    from course.engine.faults import Faults, shown

    with (
        telling_programs(NothingMarked, CannotMark, Faults, as_json=as_json),
        progress_for(as_json=as_json).step("Parts of the report", 3) as done,
    ):
        results = class_results(folder)
        done()
        agreement = bank_agreement() if results.assignments else None
        done()
        path = write_report(folder, results=results, agreement=agreement)
    if as_json:
        from autograders.lines.of_results import of_report

        click.echo(of_report(results, path).text)
        return
    screen = console()
    screen.print(class_table(results))
    screen.print(class_line(results))
    click.echo(shown(path))


@click.command()
@click.option("--explain", is_flag=True, help="Add why each level and flag was given, and the next step.")
@click.option(
    "--agreement",
    type=FILE,
    metavar="FILE",
    help="Measure the judge on your own rated plans (.csv or .jsonl) instead.",
)
@click.option("--rubric", "name", default="heat-plan", show_default=True, help="The rubric to judge by.")
@click.option("--json", "as_json", is_flag=True, help="With --agreement: one JSON object, for programs.")
def judge(*, explain: bool, agreement: Path | None, name: str, as_json: bool) -> None:
    """Judge plans: JSON lines in, JSON lines out.

    A line is {"id", "plan", "scenario": {"complaint", "complexity": "simple" or "complex", "channel",
    "facts"}}. A line that cannot be judged gets {"id", "error"}, and the rest goes on.

    With --agreement FILE nothing is read from outside: the judge reads the plans of FILE and is compared with
    the ratings that stand there. docs/your-own-rubric.md lists its columns.
    """
    from autograders import judge as judge_plan
    from autograders.rubric import rubric
    from course.engine.faults import Faults

    with telling(Faults):
        rules = rubric(name)
    judge_by = partial(judge_plan, rubric=rules)
    if agreement is not None:
        with telling(Faults):
            _compare(agreement, rules, judge_by, as_json=as_json)
        return
    if as_json:
        raise click.UsageError("--json goes with --agreement FILE; without it every line is JSON")
    from autograders.judge_stream import judge_stream

    refused = judge_stream(sys.stdin.buffer, sys.stdout.buffer, judge=judge_by, explain=explain)
    sys.exit(1 if refused else 0)


def _compare(file: Path, rules: Any, judge_by: Any, *, as_json: bool) -> None:
    from autograders.agreement_shown import as_data, as_lines
    from autograders.own_agreement import own_agreement
    from autograders.rated_file import read_rated
    from course.engine.faults import shown

    found = own_agreement(read_rated(file, rules), rules, judge_by)
    if as_json:
        click.echo(json.dumps(as_data(found, rules, shown(file)), ensure_ascii=False, indent=2))
        return
    for line in as_lines(found, rules, shown(file)):
        click.echo(line)
