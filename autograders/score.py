"""A score with its evidence: a bare number for nbgrader, words for the learner, data for both doors.

For the checks and whoever shows their result. Knows how evidence is laid out, not how it was found.
Everything that a person wrote is escaped here, in one place.
"""

import html
from dataclasses import dataclass
from typing import Any, Literal

MIME = "application/vnd.heatproof.score+json"
"""Under this name a score stands in a cell's output as data, for `nbgrader_door.AskAPerson`."""

Sign = Literal["right", "near", "wrong", "missing", "quote", "flag", "next", "person", "plain"]
_SIGNS = {"right": "✓", "near": "◐", "wrong": "✗", "missing": "–", "flag": "!", "next": "→", "person": "?"}


@dataclass(frozen=True)
class Reason:
    """A piece of evidence: what is quoted (a reply, or the learner's own words), and what is said of it."""

    sign: Sign
    said: str
    quote: str = ""

    def __str__(self) -> str:
        parts = [_SIGNS.get(self.sign, ""), f"“{self.quote}”" if self.quote else "", self.said]
        return " ".join(part for part in parts if part)

    def as_html(self) -> str:
        """Return the reason as a list item, with every character of it escaped."""
        sign = _SIGNS.get(self.sign)
        parts = [f'<span aria-hidden="true">{sign}</span>'] if sign else []
        parts += [f'<q dir="auto">{html.escape(self.quote)}</q>'] if self.quote else []
        parts += [html.escape(self.said)] if self.said else []
        return f'<li class="heatproof-{self.sign}">{" ".join(parts)}</li>'


@dataclass(frozen=True)
class Score:
    """Points with their reasons. `needs_person`: they may change. `our_fault`: they are no points yet.

    Its `repr` is the bare number, nbgrader's partial credit (`nbgrader.utils.get_partial_grade`).
    """

    points: float
    out_of: float
    title: str = ""
    summary: str = ""
    reasons: tuple[Reason, ...] = ()
    needs_person: bool = False
    our_fault: bool = False

    def __repr__(self) -> str:
        return repr(float(self.points))

    def __str__(self) -> str:
        """Return the text twin: the same evidence, line by line."""
        return "\n".join([self._heading(), *map(str, self.reasons)])

    def as_data(self) -> dict[str, Any]:
        """Return what a gradebook needs to know, as JSON."""
        return {
            "points": float(self.points),
            "out_of": float(self.out_of),
            "needs_person": self.needs_person,
            "our_fault": self.our_fault,
        }

    def _repr_html_(self) -> str:
        items = "".join(reason.as_html() for reason in self.reasons)
        listed = f"<ul>{items}</ul>" if items else ""
        heading = f"<p><strong>{html.escape(self._heading())}</strong></p>"
        return f'<section class="heatproof-score">{heading}{listed}</section>'

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {"text/plain": repr(self), "text/html": self._repr_html_(), MIME: self.as_data()}

    def _heading(self) -> str:
        return ". ".join(part.rstrip(".") for part in (self.title, self.summary) if part)


class Complete(Score):
    """What a learner gets for a complete answer: no number, so that nbgrader's validation passes."""

    def __repr__(self) -> str:
        return self.summary

    def _ipython_display_(self) -> None:
        """Show it, but leave no result in the cell: nbgrader would read that as points, and complain."""
        from IPython.display import HTML, display

        display(HTML(self._repr_html_()))


class NotComplete(AssertionError):
    """What a learner gets for an answer that is not complete: one sentence, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]
