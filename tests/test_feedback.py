"""The page that a learner gets back: what it shows, that it is inert, and a golden copy of all its parts."""

import os
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograders import feedback_html
from autograders.feedback_page import Page, make_page
from autograders.gradebook_reading import Score
from autograders.keys_reading import read_key
from autograders.record import Mark, Record
from autograders.roster import Learner
from autograders.spans import Span, pieces
from course.engine.content import scenario
from course.engine.words import all_words

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = Path(__file__).parent / "golden" / "feedback-heat-plan-a.html"

PLAN = (
    "I let him tell me everything and note the date of his payment.\n"
    "I say: “You paid and still sat in the dark with the freezer thawing. I am so sorry that we missed it.” "
    "Then I ask him to calm down & <b>switch the power on</b> within the hour."
)


def at(words: str, behaviour: str) -> dict[str, Any]:
    start = PLAN.index(words)
    return {"behaviour": behaviour, "start": start, "end": start + len(words), "text": words}


HEAR = [at("let him tell me everything", "lets_finish"), at("You paid and still sat in the dark", "restates")]
EMPATHISE = [at("still sat in the dark with the freezer thawing", "ties_to_case")]
SORRY = [at("I am so sorry that we missed it", "apology_specific")]
ACT = [at("switch the power on</b> within the hour", "remedy")]
CALM = [at("ask him to calm down", "minimises")]
FLAG = {
    "name": "minimises",
    "because": "“Calm down” tells him that his anger is the problem.",
    "better": "Say what you see: “You have every reason to be angry.”",
    "evidence": CALM,
}


def component(level: int, evidence: list[dict[str, Any]], because: str, next_step: str) -> dict[str, Any]:
    return {
        "level": level, "because": because, "next_step": next_step, "confidence": 0.9,
        "evidence": evidence, "flags": [FLAG],
    }  # fmt: skip


REASONS = [
    {
        "sign": "wrong",
        "quote": "Did you look at the dates?",
        "said": "You chose “Hears”. We call it “Argues”.",
    },
    {"sign": "right", "quote": "That would make me so angry too.", "said": "You chose “Empathises”."},
    {"sign": "near", "quote": "We are sorry for any inconvenience.", "said": "Close."},
    {"sign": "missing", "quote": "The payment is on your account now.", "said": "It has no label yet."},
]

RECORD = Record(
    assignment="heat-plan-a",
    learner="ann",
    status="needs_person",
    received="2026-03-02 09:30:00.000000 UTC",
    notebook_sha256="0" * 64,
    marked_with="1" * 64,
    answers={"replies_1": {"r1": "hear"}, "plan_1": PLAN},
    unread={"replies_2": "replies_2: the answer cell is not complete: a quote is missing."},
    cells={
        "replies_1_check": Mark(1.5, 4.0, detail={"because": "", "reasons": REASONS}),
        "plan_1_hear": Mark(2.0, 2.0, detail=component(2, HEAR, "You let him finish and say it back.", "")),
        "plan_1_empathise": Mark(
            1.0,
            2.0,
            needs_person=True,
            detail=component(1, EMPATHISE, "You see his night.", "Name the feeling."),
        ),
        "plan_1_apologise": Mark(2.0, 2.0, detail=component(2, SORRY, "A whole apology.", "")),
        "plan_1_act": Mark(1.0, 2.0, detail=component(1, ACT, "The remedy fits.", "Offer a choice.")),
        "replies_2_check": Mark(None, 4.0, needs_person=True),
        **{
            f"plan_2_{each}": Mark(0.0, 2.0, detail={"because": "There is nothing to read.", "reasons": []})
            for each in ("hear", "empathise", "apologise", "act")
        },
    },
    notes=("submitted/ann/heat-plan-a: plan_1: the text holds letters that cannot be seen.",),
)
BY_HAND = Score("plan_1_act", 2.0, 2.0, 1.0, by_hand=True, waiting=False)


def page(record: Record = RECORD, name: str = "Ann <i>Arbor</i>") -> Page:
    key = read_key(ROOT / "autograders" / "keys" / "heat-plan-a.yaml")
    scenarios = {question.scenario: scenario(question.scenario) for question in key.questions.values()}
    comments = {"plan_1": "A kind plan. <script>alert(1)</script>"}
    return make_page(key, record, Learner("ann", name), [BY_HAND], comments, scenarios)


def render(made: Page) -> str:
    return feedback_html.render(made, all_words())


class Tags(HTMLParser):
    """Collects the tags, attributes and text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_looks_as_we_agreed() -> None:
    html = render(page())
    if os.environ.get("HEATPROOF_GOLDEN") == "write":
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(html, encoding="utf-8")
    assert html == GOLDEN.read_text(encoding="utf-8"), (
        "look at the page, then: HEATPROOF_GOLDEN=write pytest …"
    )


def test_the_page_can_run_and_load_nothing() -> None:
    tags = Tags(render(page()))
    assert not tags.tags & {"script", "img", "iframe", "link", "form", "object", "embed", "b", "i"}
    assert not {name for name in tags.attributes if name.startswith("on")} | tags.attributes & {
        "style",
        "src",
    }
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', render(page()))
    assert policy
    assert policy[1].startswith("default-src &#39;none&#39;")
    assert "unsafe" not in policy[1]


def test_what_people_wrote_is_shown_as_they_wrote_it() -> None:
    text = Tags(render(page())).text
    for written in ("<b>switch the power on</b>", "<script>alert(1)</script>", "Ann <i>Arbor</i>"):
        assert written in text


def test_a_mark_by_hand_counts_and_is_said() -> None:
    made = page()
    assert made.parts[1].steps[3].points.got == 2.0
    assert "A person marked this part." in render(made)


def test_refused_is_not_a_zero() -> None:
    html = render(
        page(Record("heat-plan-a", "ann", "refused", reason="heat-plan-a.ipynb: the file is empty."))
    )
    assert "the file is empty." in html
    assert "This is not a zero." in html
    assert "0 of" not in html


def test_a_question_that_could_not_be_read_has_no_points_yet() -> None:
    made = page()
    assert made.parts[2].points.got is None
    assert "no points yet" in render(made)
    assert "a quote is missing" in render(made)


@pytest.mark.parametrize(
    ("spans", "wanted"),
    [
        ([], [("abcdef", (), ())]),
        ([(0, 6, "a")], [("abcdef", ("a",), ("a",))]),
        (
            [(0, 4, "a"), (2, 6, "b")],
            [("ab", ("a",), ()), ("cd", ("a", "b"), ("a",)), ("ef", ("b",), ("b",))],
        ),
        ([(1, 2, "a"), (1, 2, "a")], [("a", (), ()), ("b", ("a",), ("a",)), ("cdef", (), ())]),
        ([(3, 3, "a"), (-1, 2, "a"), (5, 9, "a"), (4, 2, "a")], [("abcdef", (), ())]),
    ],
)
def test_marks_may_overlap_and_bad_ones_are_left_out(spans: Any, wanted: Any) -> None:
    found = pieces("abcdef", [Span(*span) for span in spans])
    assert [(piece.text, piece.kinds, piece.ending) for piece in found] == wanted


@given(st.text(), st.lists(st.tuples(st.integers(-2, 40), st.integers(-2, 40), st.sampled_from("abc"))))
def test_every_letter_is_shown_once_and_in_order(text: str, spans: list[tuple[int, int, str]]) -> None:
    assert "".join(piece.text for piece in pieces(text, [Span(*span) for span in spans])) == text
