"""The commands of people who mark: queue, override, second-reading, decided."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograders.commands.common import Told, course_command, telling
from autograders.summary import counted

if TYPE_CHECKING:
    from autograders.decided import Given
    from autograders.second_reading import Draw

FILE = click.Path(path_type=Path, dir_okay=False)
MARKER = click.option("--marker", metavar="NAME", required=True, help="Whose decision it is.")
FEW = 30
"""Under so many plans an interval is wide: it is told."""


@click.command()
@click.argument("assignment")
@click.option("--most", type=click.IntRange(1), default=5, show_default=True, help="Plans to show.")
@click.option("--json", "as_json", is_flag=True, help="The whole queue as one JSON list, for programs.")
@click.option("--notebook", type=FILE, metavar="FILE", help="Write a notebook (.ipynb) with the queue in it.")
@click.option("--marker", metavar="NAME", help="With --notebook: whose decisions these will be.")
@course_command
def queue(
    folder: Path, assignment: str, *, most: int, as_json: bool, notebook: Path | None, marker: str | None
) -> None:
    """Show the plans that wait for a person.

    Those come first of which the judge is least sure, each with complaint, plan and evidence. With --notebook
    FILE --marker NAME they are shown, and decided, in a notebook.
    """
    if (notebook is None) != (marker is None):
        raise click.UsageError("--notebook FILE and --marker NAME go together")
    if notebook is not None and marker is not None:
        _notebook(notebook, assignment, marker)
        return
    from autograders.desk import item_of, queue_of, waiting_elsewhere
    from autograders.results import CannotMark, log_path
    from course.engine.faults import Faults
    from course.engine.queue_text import as_lines

    with telling(CannotMark, Faults):
        plans = queue_of(folder, assignment)
        others = waiting_elsewhere(folder, assignment)
    if not log_path(folder, assignment).is_file():
        raise Told(f"{assignment}: nobody is marked yet; run: heatproof autograde {assignment}")
    if as_json:
        items = [{"learner": each.learner, "question": each.question, **item_of(each)} for each in plans]
        click.echo(json.dumps(items, ensure_ascii=False, indent=1))
        return
    for number, plan in enumerate(plans[:most], 1):
        click.echo(f"── {number} of {len(plans)}: {plan.learner} {plan.question} ──")
        for line in as_lines(item_of(plan)):
            click.echo(line)
        waits = " ".join(f"{part.name}=LEVEL" for part in plan.parts if part.waits)
        decide = f"heatproof override {assignment} {plan.learner} {plan.question} {waits}"
        click.echo(f'→ {decide} --marker NAME --reason "…"\n')
    click.echo(f"{assignment}: {counted(len(plans), 'plan')} for a person.")
    if others:
        click.echo(f"{counted(others, 'cell')} that are no plans wait in the formgrader.")


def _notebook(path: Path, assignment: str, marker: str) -> None:
    from autograders.overrides import NotDecided, checked_marker
    from autograders.queue_notebook import NotWritten, write_queue_notebook

    with telling(NotDecided, NotWritten):
        write_queue_notebook(path, assignment, checked_marker(marker))
    click.echo(f"{path}: open it in JupyterLab, and run its cell.")


@click.command()
@click.argument("assignment")
@click.argument("learner")
@click.argument("question")
@click.argument("levels", nargs=-1, required=True, metavar="STEP=LEVEL...")
@MARKER
@click.option("--reason", required=True, help="Why, in a sentence that the learner may read.")
@course_command
def override(
    folder: Path,
    assignment: str,
    learner: str,
    question: str,
    levels: tuple[str, ...],
    *,
    marker: str,
    reason: str,
) -> None:
    """Give levels of a plan by hand, with a reason.

    They become manual scores in nbgrader's gradebook, and a line each in the log of people's decisions, which
    nobody can change unseen. For example: heatproof override heat-plan-a ann plan_1 hear=2 act=1
    """
    from autograders.desk import now
    from autograders.overrides import Choice, decide
    from autograders.results import CannotMark
    from course.engine.faults import Faults

    choice = Choice(learner, question, dict(map(_level, levels)), reason)
    with telling(CannotMark, Faults):
        written = decide(folder, assignment, [choice], marker=marker, when=now())
    for each in written:
        before = "no level" if each.was is None else each.was
        click.echo(f"{learner} {question} {each.component}: {before} → {each.to}")


def _level(said: str) -> tuple[str, int]:
    name, _, level = said.partition("=")
    if not (level.isascii() and level.isdigit() and len(level) < 4):
        raise click.UsageError(f"{said!r}: write a step and its level, as hear=2")
    return name, int(level)


@click.command()
@click.argument("assignment")
@click.option("--plans", type=click.IntRange(2), default=30, show_default=True, help="Plans to draw.")
@click.option("--seed", type=int, default=0, show_default=True, help="Another number draws other plans.")
@click.option("--rubric", "by", help="Draw plans of this rubric, where an assignment has several.")
@click.option("--compare", is_flag=True, help="Read both sheets back: agreement, and what to settle.")
@click.option("--settle", "marker", metavar="NAME", help="Write what NAME settled as marks by hand.")
@course_command
def second_reading(
    folder: Path,
    assignment: str,
    *,
    plans: int,
    seed: int,
    by: str | None,
    compare: bool,
    marker: str | None,
) -> None:
    """Have two markers read a sample blind.

    First it draws plans and writes a sheet for each marker, without names and without the judge's marks.
    Then --compare reads the sheets back, prints the agreement and lists the levels that differ. A third
    person fills in that list, and --settle NAME writes it.
    """
    from autograders.results import CannotMark
    from autograders.second_reading import place_of, read_draw, start
    from course.engine.faults import Faults, shown

    if compare and marker is not None:
        raise click.UsageError("--compare comes first, --settle after it: give one of them")
    with telling(CannotMark, Faults):
        if compare or marker is not None:
            drawn = read_draw(folder, assignment)
            _compare(folder, drawn) if marker is None else _settle(folder, drawn, marker)
            return
        drawn = start(folder, assignment, most=plans, seed=seed, rubric_name=by)
    place = shown(place_of(folder, assignment))
    click.echo(f"{counted(len(drawn.plans), 'plan')} of {drawn.among} drawn with seed {seed}.")
    click.echo(f"Give {place}/marker-1.csv to one marker and {place}/marker-2.csv to another.")
    click.echo(f"When both are filled in: heatproof second-reading {assignment} --compare")


def _read(folder: Path, drawn: "Draw") -> tuple[Any, ...]:
    """Return rubric, both readings, the plans that have not changed, and the levels on which they differ."""
    from autograders.blind_readings import differing, read_both
    from autograders.rubric import rubric
    from autograders.second_reading import sheets
    from autograders.settling import unchanged

    rules = rubric(drawn.rubric, start=folder)
    first, second = read_both(sheets(folder, drawn.assignment), drawn, rules)
    plans = unchanged(folder, drawn)
    found = [one for one in differing(first, second, rules) if one.id in plans]
    if left := len(drawn.plans) - len(plans):
        said = f"{counted(left, 'plan')} handed in anew since the draw: measured, but no mark is written."
        click.echo(said, err=True)
    return rules, first, second, plans, found


def _compare(folder: Path, drawn: "Draw") -> None:
    from autograders.blind_readings import agreement, agreement_lines
    from autograders.settling import list_path, write_list
    from course.engine.faults import shown

    rules, first, second, plans, found = _read(folder, drawn)
    for line in agreement_lines(agreement(first, second, rules)):
        click.echo(line)
    if len(first) < FEW:
        click.echo(f"So few plans say little: look at the intervals, and draw {FEW} or more if you can.")
    path = shown(list_path(folder, drawn.assignment))
    if not write_list(folder, drawn, plans, found):
        click.echo(f"{path} is begun, and was left as it is; move it away to have it written anew.")
    click.echo(f"{counted(len(found), 'level')} to settle in {path}: a level and a reason for each.")
    click.echo(f"Then: heatproof second-reading {drawn.assignment} --settle NAME")


def _settle(folder: Path, drawn: "Draw", marker: str) -> None:
    from autograders.desk import now
    from autograders.settling import not_standing, read_list, settle, unchanged

    rules, first, second, plans, found = _read(folder, drawn)
    settled = read_list(folder, drawn, rules, found)
    marks = settle(folder, drawn, plans, first, second, settled, marker=marker, when=now())
    for row in not_standing(unchanged(folder, drawn), settled):
        said = f"{row}: was settled so before, and somebody gave another level since, which stands."
        click.echo(f"{said} To change it: heatproof override; whose plan it is says draw.json.", err=True)
    click.echo(f"{drawn.assignment}: {counted(len(marks), 'mark')} written by hand.")


@click.command()
@click.argument("assignment", required=False)
@click.option("--as-bank", "file", type=FILE, metavar="FILE", help="Write a rated bank (.csv or .jsonl).")
@click.option("--rubric", "name", default="heat-plan", show_default=True, help="The rubric of the bank.")
@course_command
def decided(folder: Path, assignment: str | None, *, file: Path | None, name: str) -> None:
    """List what people decided, or export it.

    Marks that were given in the formgrader stand in the list as well. With --as-bank FILE the plans of which
    people gave every level become a bank for heatproof judge --agreement FILE, without names.
    """
    from autograders.decided import given_by_people
    from autograders.people_log import people_head
    from autograders.results import CannotMark, assignments_marked
    from course.engine.faults import Faults

    chosen = (assignment,) if assignment else assignments_marked(folder)
    with telling(CannotMark, Faults):
        if file is not None:
            _bank(folder, chosen, file, name)
            return
        for each in chosen:
            given = given_by_people(folder, each)
            for one in given:
                click.echo(f"{each}  {_said(one)}")
            click.echo(
                f"{each}: {counted(len(given), 'level')} by hand. Log {people_head(folder, each)[:16]}."
            )


def _said(one: "Given") -> str:
    from autograders.decided import ELSEWHERE

    made, part = one.decision, one.part
    level = "between two levels" if part.level is None else part.level
    judged = "no level" if part.judged is None else part.judged
    by = f"{made.marker}: {made.reason}" if made else ELSEWHERE
    again = " (changed since: look again)" if part.waits else ""
    return f"{one.plan.learner} {one.plan.question} {part.title}: judge {judged}, now {level}; {by}{again}"


def _bank(folder: Path, assignments: tuple[str, ...], file: Path, name: str) -> None:
    from autograders.decided import bank, write_bank
    from autograders.rubric import rubric

    rules = rubric(name, start=folder)
    found = bank(folder, assignments, rules)
    for why, count in found.left_out.items():
        click.echo(f"Left out: {counted(count, 'plan')} {why}.", err=True)
    if not found.rows:
        raise Told("nobody gave every level of a plan yet; see docs/markers.md")
    write_bank(file, found, rules)
    if found.judges_flags:
        said = (
            f"Of {counted(found.judges_flags, 'plan')} the flags are the judge's: nobody was asked for them."
        )
        click.echo(said, err=True)
    click.echo(f"{counted(len(found.rows), 'plan')} in {file}. Then: heatproof judge --agreement {file}")
