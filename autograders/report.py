"""Write report.html: the class at a glance, in one file that asks nothing of the network.

For the teacher and the graders: it names learners and right answers, so it is not for learners. Refuses to
decide anything; the numbers come from `class_results` and `bank_agreement`.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from autograders import figures
from autograders.bank_agreement import TOTAL, BankAgreement, bank_agreement
from autograders.class_results import ClassResults, class_results
from autograders.keys_reading import COMPONENTS
from course.engine.content import LABELS, MOVES
from course.engine.dialogue import UNSURE
from course.engine.words import word

FILE = "report.html"
POLICY = "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'"
MISSED = 12
"""Replies that the report lists as most missed."""

WHOLE_PLAN = ("off_topic", "copied", "stuffed", "out_of_order")
"""The flags that only a whole plan can earn."""


class NothingMarked(Exception):
    """There is nothing to report; the message is one sentence with the cure."""


@dataclass(frozen=True)
class Shown:
    """What the template shows beside the results themselves."""

    scores: figures.Picture
    components: figures.Picture
    flags: figures.Picture
    agreement: figures.Picture
    median: float


def write_report(
    folder: Path, *, results: ClassResults | None = None, agreement: BankAgreement | None = None
) -> Path:
    """Write the report of a course folder and return its path; raise NothingMarked where nothing is."""
    results = results or class_results(folder)
    if not results.assignments:
        raise NothingMarked("nothing is marked here yet; run: heatproof autograde ASSIGNMENT")
    path = folder / FILE
    path.write_text(report_html(results, agreement or bank_agreement()), encoding="utf-8", newline="\n")
    return path


def report_html(results: ClassResults, agreement: BankAgreement) -> str:
    """Return the whole page."""
    style, names = _template("report.css"), names_shown(results)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    page = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    ).from_string(_template("report.html"))
    return page.render(
        results=results,
        agreement=agreement,
        shown=_shown(results, agreement, names),
        names=names,
        moves={move: word(f"meant.{move}") for move in MOVES} | {UNSURE: word("player.asked-back")},
        missed=[item for item in results.items if item.right < item.asked][:MISSED],
        style=Markup(style),
        policy=f"{POLICY}; style-src 'sha256-{digest}'",
    )


def names_shown(results: ClassResults | None = None) -> dict[str, str]:
    """Return what components, labels and flags are called, in the words that learners see too."""
    own = {**results.flag_titles, **results.steps} if results else {}
    named = {f"component.{name}": name for name in COMPONENTS}
    named |= {f"label.{name}": name for name in LABELS if name not in COMPONENTS}
    named |= {f"flag.{name}": name for name in WHOLE_PLAN}
    return own | {name: word(id) for id, name in named.items()} | {TOTAL: TOTAL.capitalize()}


def _shown(results: ClassResults, agreement: BankAgreement, names: Mapping[str, str]) -> Shown:
    return Shown(
        scores=figures.score_distribution(results.shares),
        components=figures.component_levels(results.levels, names),
        flags=figures.commonest_flags(results.flags, names),
        agreement=figures.agreement_dots(agreement.judge, agreement.raters, names),
        median=results.median_share or 0.0,
    )


def _template(name: str) -> str:
    return (files("autograders") / "templates" / name).read_text(encoding="utf-8")
