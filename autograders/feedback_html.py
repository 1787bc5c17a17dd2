"""Write a feedback page down as HTML, complete in itself.

For `feedback`. The page runs nothing and loads nothing: a strict Content-Security-Policy stands in it, and
all text is escaped. Refuses to know where its content comes from.
"""

import base64
import hashlib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from autograders.feedback_page import Page, Part, Points
from autograders.late_marks import told
from autograders.steps import flag_title

SIGNS = {"right": "✓", "near": "◐", "wrong": "✗", "missing": "–", "flag": "!", "next": "→", "person": "?"}


class Safe(dict[str, Markup]):
    """Words as HTML, each made when it is first asked for."""

    def __init__(self, words: Mapping[str, str]) -> None:
        super().__init__()
        self._words = words

    def __missing__(self, id_: str) -> Markup:
        self[id_] = escape(self._words[id_])
        return self[id_]


def render(page: Page, words: Mapping[str, str]) -> str:
    """Return the page as HTML, in these words.

    What stands on a page many times is made here and not by the template: so a page takes half the time.
    """
    safe = Safe(words)

    def word(id_: str, **values: object) -> str:
        return words[id_].format(**values)

    def said(points: Points) -> Markup:
        if points.got is None:
            return safe["page.no-points"]
        return escape(word("feedback.points", points=f"{points.got:g}", out_of=f"{points.out_of:g}"))

    def shown(points: Points, *, small: bool = False) -> Markup:
        return Markup(f'<span class="points{" small" if small else ""}">{said(points)}</span>\n')

    def flag_name(flag: Mapping[str, Any]) -> str:
        return flag_title(words, flag["name"], flag.get("title", ""))

    late = told(page.late, words) if page.late else ()
    made = {"word": word, "said": said, "points": shown, "flag_name": flag_name}
    values = {"page": page, "late": late, "csp": _policy(), "style": _style(), "words": safe}
    return template("feedback").render(values, **made, marked=marked, reply=reply)


def marked(part: Part) -> Markup:
    """Return a plan as HTML: the learner's own spaces and lines, each passage marked with its letters."""

    @cache
    def begun(kinds: tuple[str, ...]) -> str:
        return f'<mark class="{escape(part.colours(*kinds))}">'

    @cache
    def letter(kind: str) -> str:
        return f'<sup class="{escape(part.colours(kind))}">{escape(part.letter(kind))}</sup>'

    said = [
        f"{begun(piece.kinds)}{escape(piece.text)}</mark>{''.join(map(letter, piece.ending))}"
        if piece.kinds
        else escape(piece.text)
        for piece in part.plan
    ]
    return Markup("".join(said))


@lru_cache(maxsize=1_000)
def reply(sign: str, quote: str, said: str) -> Markup:
    """Return a sorted reply as HTML; half a class sorts it alike, so each is made once."""
    made: Markup = template("reply").module.reply(sign, quote, said)  # type: ignore[attr-defined]
    return made


@cache
def template(name: str) -> Template:
    """Return a template, read and compiled once."""
    return _environment().get_template(f"{name}.html.j2")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("autograders", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"signs": SIGNS}
    return environment


@cache
def _style() -> Markup:
    return Markup((Path(__file__).parent / "templates" / "feedback.css").read_text(encoding="utf-8"))


@cache
def _policy() -> str:
    """Return the page's policy: nothing is loaded or run, and only our style, known by its hash, applies."""
    style = base64.b64encode(hashlib.sha256(_style().encode("utf-8")).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'"
