"""Write report.html: the class at a glance, in one file that asks nothing of the network.

For the teacher and the graders: it names learners and right answers, so it is not for learners. Refuses to
decide anything; the numbers come from `class_results` and `bank_agreement`.
"""

import base64
import hashlib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from statistics import median

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from autograders import figures
from autograders.bank_agreement import TOTAL, BankAgreement, bank_agreement
from autograders.class_results import ClassResults, class_results

FILE = "report.html"
POLICY = "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'"
MISSED = 12
"""Replies that the report lists as most missed."""

NAMES = {
    "hear": "Hear",
    "empathise": "Empathise",
    "apologise": "Apologise",
    "act": "Take action",
    TOTAL: "Total (0-8)",
    "interrupts": "interrupts",
    "argues": "argues",
    "minimises": "plays it down",
    "blames_customer": "blames the customer",
    "blames_others": "blames others",
    "non_apology": "non-apology",
    "overpromises": "over-promises",
    "passes_the_buck": "passes the buck",
    "policy_shield": "hides behind rules",
    "hostile": "is hostile",
    "off_topic": "off topic",
    "copied": "copied",
    "stuffed": "key words only",
    "out_of_order": "out of order",
}


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


def write_report(folder: Path, *, agreement: BankAgreement | None = None) -> Path:
    """Write the report of a course folder and return its path; raise NothingMarked where nothing is."""
    results = class_results(folder)
    if not results.assignments:
        raise NothingMarked("nothing is marked here yet; run: heatproof autograde ASSIGNMENT")
    path = folder / FILE
    path.write_text(report_html(results, agreement or bank_agreement()), encoding="utf-8", newline="\n")
    return path


def report_html(results: ClassResults, agreement: BankAgreement) -> str:
    """Return the whole page."""
    style = _template("report.css")
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
        shown=_shown(results, agreement),
        names=NAMES,
        missed=[item for item in results.items if item.right < item.asked][:MISSED],
        style=Markup(style),
        policy=f"{POLICY}; style-src 'sha256-{digest}'",
    )


def _shown(results: ClassResults, agreement: BankAgreement) -> Shown:
    shares = [row.share for row in results.rows if row.share is not None]
    return Shown(
        scores=figures.score_distribution(shares),
        components=figures.component_levels(results.levels, NAMES),
        flags=figures.commonest_flags(results.flags, NAMES),
        agreement=figures.agreement_dots(agreement.judge, agreement.raters, NAMES),
        median=median(shares) if shares else 0.0,
    )


def _template(name: str) -> str:
    return (files("autograders") / "templates" / name).read_text(encoding="utf-8")
