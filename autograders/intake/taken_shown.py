"""Show what became of all that arrived as a table, with what to do about each kind.

For the command line. Refuses to print.
"""

from rich.table import Table

from autograders.intake.taken import Outcome, Taken

ROWS: dict[Outcome, tuple[str, str]] = {
    "new": ("collected", "mark them: heatproof autograde {task}"),
    "replaced": ("in place of an earlier one", "mark them; the earlier ones are in history/{task}/"),
    "earlier": ("earlier than the one that counts", "nothing; they are in history/{task}/"),
    "before": ("as before", "nothing"),
    "waits": ("waiting for you", "do what their sentences say, then collect again"),
    "refused": ("refused", "send each learner the sentence in why.txt, in quarantine/"),
}
"""What each outcome is called, and what to do about it."""

SELDOM: tuple[Outcome, ...] = ("replaced", "earlier")
"""Rows that are left out where they are empty."""


def taken_table(taken: Taken) -> Table:
    """Return what became of all that arrived."""
    table = Table(title=taken.assignment, title_justify="left", header_style="bold")
    table.add_column("Outcome")
    table.add_column("Hand-ins", justify="right")
    table.add_column("What to do")
    for outcome, (name, cure) in ROWS.items():
        number = len(taken.of(outcome))
        if number or outcome not in SELDOM:
            table.add_row(name, str(number), cure.format(task=taken.assignment) if number else "")
    return table
