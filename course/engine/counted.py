"""Decide which answers count where a notebook and the answers file beside it both speak.

For restoring, handing in and both marking doors: one rule for all. Refuses to know what an answer is worth.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from course.engine.answers_file import AnswersFile, answers_path, read_answers_file, settle, shown
from course.engine.notebook_file import NotebookAnswers, read_notebook
from course.engine.values import Refused, Value, notes_on

FEW = 5
"""So many things of one kind are named in a note."""


@dataclass(frozen=True)
class Answers:
    """The answers that count. `values`: None where nothing was answered. `notes`: sentences for learner and
        grader.

    `refused`: for each question whose answer could not be taken, a sentence that says where, what and the
    cure.
    """

    values: Mapping[str, Value | None]
    notes: tuple[str, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)


def answers_of(notebook: Path, names: Collection[str]) -> Answers:
    """Return the answers that count for the questions `names`, from a notebook and the answers file beside
        it.

    Raise Refused if the notebook cannot be read. Where only the answers file cannot be read, the cells count;
    a question that they leave empty may be answered in that file, so it is refused and not empty.
    """
    cells = read_notebook(notebook, names)
    beside = answers_path(notebook)
    if not beside.exists():
        return settled(cells, AnswersFile(), names)
    return _with_file(cells, beside, names)


def answers_from(notebook: bytes, beside: bytes | None, names: Collection[str]) -> Answers:
    """Return the answers that count, from the bytes of a notebook and of an answers file, if any."""
    cells = read_notebook(notebook, names)
    return settled(cells, AnswersFile(), names) if beside is None else _with_file(cells, beside, names)


def _with_file(cells: NotebookAnswers, beside: Path | bytes, names: Collection[str]) -> Answers:
    try:
        return settled(cells, read_answers_file(beside), names)
    except Refused as fault:
        alone = settled(cells, AnswersFile(), names)
        lost = {name: str(fault) for name, value in alone.values.items() if value is None}
        return Answers(alone.values, (str(fault), *alone.notes), lost | dict(alone.refused))


def settled(cells: NotebookAnswers, file: AnswersFile, names: Collection[str]) -> Answers:
    """Return the answers that count, question by question, and what must be told about them."""
    values: dict[str, Value | None] = {}
    refused: dict[str, str] = {}
    notes: list[str] = []
    for name in names:
        value, told = settle(cells.values.get(name), file.entries.get(name), name)
        values[name] = value
        notes += [told] if told else []
        faults = [each[name] for each in (cells.refusals, file.refusals) if name in each]
        if faults and value is None:
            refused[name] = " ".join(faults)
        else:
            notes += [f"{fault} The other copy counts: {shown(value)}." for fault in faults]
        if name in cells.doubles:
            doubles = [shown(each) for each in cells.doubles[name][:FEW]]
            more = ["more"] if len(cells.doubles[name]) > FEW else []
            notes.append(f"{name}: the cell stands more than once: {' and '.join([*doubles, *more])}.")
        if value is not None:
            notes += notes_on(value, name)
    unknown = sorted({*file.entries, *file.refusals} - set(names))
    if unknown:
        notes.append(
            f"answers file: there is no question {', '.join(map(ascii, unknown[:FEW]))}; it was left out."
        )
    return Answers(values, tuple(notes), refused)
