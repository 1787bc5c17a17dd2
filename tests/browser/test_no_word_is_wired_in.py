"""A pseudo-language: each of our words stands in ⟦brackets⟧; a word outside of them is wired in somewhere."""

import json
import re
import shutil
from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Page

from course.engine.words import read_words
from tests.browser.conftest import ASSIGNMENT, LESSON, Lab, Learner
from tests.browser.looking import ready
from tests.browser.states import NO_PLAN, NOTE, OWN_WORDS, PLAN, in_a_lesson, in_an_assignment

BRACKETS = re.compile(r"⟦[^⟦⟧]*⟧")
CONTENT = ("course/scenarios", "course/exercises", "course/engine/moves.yaml", "autograders/rubrics")

SPOKEN = ("aria-label", "aria-valuetext", "aria-description", "alt", "placeholder", "title")
BLOCKS = "p, h3, h4, li, dt, dd, button, label, summary, figcaption, blockquote, div"
SHOWN = """(widget, [blocks, spoken]) => {
    const texts = [], lines = new Map();
    const walker = document.createTreeWalker(widget, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.currentNode; node; node = walker.nextNode()) {
        if (node.nodeType === Node.TEXT_NODE) {
            const block = node.parentElement.closest(blocks);
            lines.set(block, (lines.get(block) || "") + "␟" + node.textContent);
            continue;
        }
        texts.push(...spoken.map((name) => node.getAttribute(name) || ""));
        for (const side of ["::before", "::after"]) {
            const drawn = getComputedStyle(node, side).content;
            if (drawn.startsWith('"')) texts.push(drawn);
        }
    }
    return [...texts, ...lines.values()];
}"""
"""All that a widget shows or tells a screen reader, but for what somebody typed."""

Open = Callable[[str], Page]


@pytest.fixture
def pseudo(lab: Lab, root: Path, learner: Learner, request: pytest.FixtureRequest) -> Iterator[Open]:
    """A function that opens a notebook in a course folder whose words all stand in brackets."""
    course = lab.folder / request.node.name
    (course / "course/words").mkdir(parents=True)
    (course / "nbgrader_config.py").write_text("c = get_config()\n")
    words = {id_: f"⟦{text}⟧" for id_, text in read_words(root / "course/words/en.yaml").items()}
    (course / "course/words/en.yaml").write_text(yaml.safe_dump(words, allow_unicode=True), encoding="utf-8")

    def open_there(notebook: str) -> Page:
        place = course / Path(notebook).stem
        place.mkdir()
        shutil.copy(root / notebook, place)
        return ready(learner.open(f"{course.name}/{place.name}/{Path(notebook).name}"))

    yield open_there
    for session in lab.api("sessions"):
        lab.api(f"sessions/{session['id']}", "DELETE")


def one_line(text: object) -> str:
    return " ".join(str(text).split())


def texts_in(value: Any) -> Iterator[str]:
    """Yield all texts in lists and dictionaries."""
    if isinstance(value, dict):
        value = [*value.values()]
    if isinstance(value, list):
        for part in value:
            yield from texts_in(part)
    elif isinstance(value, str):
        yield one_line(value)


def content(root: Path, notebook: str) -> set[str]:
    """Return what authors wrote into scenarios, exercises, rules and rubrics, and into a notebook's cells."""
    places = [root / place for place in CONTENT]
    files = [file for place in places for file in ([place] if place.is_file() else place.glob("*.yaml"))]
    known = {f"{Path(notebook).stem}-hand-in.zip"}
    known |= {text for file in files for text in texts_in(yaml.safe_load(file.read_text(encoding="utf-8")))}
    for cell in json.loads((root / notebook).read_text(encoding="utf-8"))["cells"]:
        call = re.search(r"\{.*\}", "".join(cell["source"]))
        if cell["cell_type"] == "code" and call:
            known |= set(texts_in(json.loads(call[0])))
    return {piece for text in known for piece in (text, *pieces(text))}


def pieces(text: str) -> set[str]:
    """Return the parts of a text between nodes of the page, quotation marks and gaps that are filled in."""
    return {piece.strip(" .,:;") for piece in re.split(r"[␟“”]|\{\w+\}", text)}


def bare(text: str, known: set[str]) -> str:
    """Return the words of a text that stand neither in brackets nor in what authors or learners wrote."""
    text = one_line(text)
    while (shorter := BRACKETS.sub("“", text)) != text:
        text = shorter
    found = {piece for piece in pieces(text) if re.search(r"[^\W\d_]", piece)}
    typed = " ".join((OWN_WORDS, NOTE, PLAN, NO_PLAN))
    return " | ".join(sorted(piece for piece in found - known if piece not in typed))


def bare_words(page: Page, widget: str, known: set[str]) -> list[str]:
    shown = [text for one in page.locator(widget).all() for text in one.evaluate(SHOWN, [BLOCKS, SPOKEN])]
    assert any("⟦" in text for text in shown)
    return [rest for text in shown if (rest := bare(text, known))]


def test_in_player_debrief_breather_sorter_and_pen(root: Path, pseudo: Open) -> None:
    notebook = f"course/{LESSON}"
    page, known = pseudo(notebook), content(root, notebook)
    for state, widget in enumerate(in_a_lesson(page)):
        assert (state, widget, bare_words(page, widget, known)) == (state, widget, [])
    picture = page.locator(".hp-plot img:visible").get_attribute("src") or ""
    written = re.findall(r"<!-- (.*?) -->", b64decode(picture.partition(",")[2]).decode())
    assert any("⟦" in text for text in written)
    assert [text for text in written if bare(text, known)] == []


def test_a_word_that_is_wired_in_would_be_found() -> None:
    known = {"An owner's sentence", "Marek"}
    assert bare("⟦You wrote ⟦one⟧ and two⟧. “An owner's sentence.” Marek", known) == ""
    assert bare("⟦Reply 3⟧ Send", known) == "Send"


def test_in_handing_in(root: Path, pseudo: Open) -> None:
    notebook = f"assignments/{ASSIGNMENT}/{ASSIGNMENT}.ipynb"
    page, known = pseudo(notebook), content(root, notebook)
    for state, widget in enumerate(in_an_assignment(page)):
        assert (state, widget, bare_words(page, widget, known)) == (state, widget, [])
