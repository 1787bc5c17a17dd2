"""The report: one file, nothing from outside, words for every picture, and learners' text stays text."""

import base64
import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from rich.console import Console

from autograders import judge
from autograders.bank_agreement import BankAgreement, bank_agreement
from autograders.class_results import ClassResults, class_results
from autograders.contested import contested_readings
from autograders.keys_reading import COMPONENTS
from autograders.record import Mark, Record
from autograders.report import NothingMarked, names_shown, report_html, write_report
from autograders.results import open_log
from autograders.roster import Learner, write_roster
from autograders.showing import class_table

ANN, BO, CAT = Learner("ann", "Ann", "O'Hara"), Learner("bo", "<b>Bo</b>", "Li"), Learner("cat")
EVIL = '<script>alert("x")</script><img src="http://example.org/x.png" onerror=alert(1)>'


def record(learner: str, labels: dict[str, str], level: int, *, flags: tuple[str, ...] = ()) -> Record:
    """A hand-in of heat-plan-a with labels for its first question and one plan at one level."""
    detail = {"because": EVIL, "flags": [{"name": name} for name in flags]}
    cells = {"replies_1_check": Mark(2.0, 4.0)}
    cells |= {
        f"plan_1_{c}": Mark(float(level), 2.0, c == "act" and level == 1, "", detail) for c in COMPONENTS
    }
    answers = {"replies_1": labels, "plan_1": EVIL}
    status = "needs_person" if level == 1 else "graded"
    return Record(
        "heat-plan-a", learner, status, "2026-03-02 09:00:00.000000 UTC", answers=answers, cells=cells
    )


def test_a_name_is_no_markup_on_a_terminal_and_steers_none(folder):
    write_roster(folder / "roster.csv", [Learner("ann", "[/b]", "\x1b[31mO'Hara[red]")])
    console = Console(record=True, width=100, file=io.StringIO())
    console.print(class_table(class_results(folder)))
    shown = console.export_text()
    assert "[/b]  [31mO'Hara[red]" in shown
    assert "\x1b" not in shown


@pytest.fixture
def folder(tmp_path, root):
    """A course folder with three learners: two marked, one refused."""
    for name in ("course", "autograders/keys", "autograders/rubrics"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).symlink_to(root / name)
    (tmp_path / "nbgrader_config.py").write_text("")
    write_roster(tmp_path / "roster.csv", [ANN, BO, CAT])
    with open_log(tmp_path, "heat-plan-a") as log:
        log.add(
            [
                record("ann", {"r1": "argues", "r2": "empathise"}, 2),
                record("bo", {"r1": "argues", "r2": "hear"}, 1, flags=("argues", "hostile")),
                Record("heat-plan-a", "cat", "refused", reason="heat-plan-a.ipynb: <half> written"),
            ]
        )
    return tmp_path


@pytest.fixture
def results(folder) -> ClassResults:
    return class_results(folder)


@pytest.fixture(scope="module")
def agreement() -> BankAgreement:
    return bank_agreement(judge)


class Page(HTMLParser):
    """Collects tags with their attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


def test_points_are_counted_and_a_refusal_is_no_zero(results):
    ann, bo, cat = results.rows
    assert (ann.points, ann.out_of, ann.waiting) == (10.0, 12.0, 0)
    assert (bo.points, bo.waiting) == (6.0, 1)
    assert cat.share is None
    assert [(row.learner.id, part.reason) for row, part in results.refused] == [
        ("cat", "heat-plan-a.ipynb: <half> written")
    ]


def test_levels_flags_and_plans_are_counted_once_a_plan(results):
    assert results.plans == 2
    assert results.levels == dict.fromkeys(COMPONENTS, (0, 1, 1))
    assert results.flags == (("argues", 1), ("hostile", 1))


def test_the_most_missed_reply_comes_first_with_what_was_said_instead(results):
    shares = [item.share for item in results.items]
    assert shares == sorted(shares)
    second = next(item for item in results.items if (item.question, item.reply.id) == ("replies_1", "r2"))
    assert (second.asked, second.right, second.instead) == (2, 1, ("hear", 1))
    assert second.reason == second.reply.wrong["hear"]
    never = next(item for item in results.items if (item.question, item.reply.id) == ("replies_1", "r4"))
    assert (never.right, never.skipped, never.instead, never.reason) == (0, 2, None, never.reply.why)


def test_what_waits_for_a_person_is_listed_with_the_plan(results):
    (waits,) = results.waiting
    assert (waits.learner.id, waits.cell, waits.points, waits.text) == ("bo", "plan_1_act", 1.0, EVIL)


def test_the_page_asks_nothing_of_the_network_and_runs_nothing(results, agreement):
    page = Page(report_html(results, agreement))
    (policy,) = [m["content"] for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; img-src data:")
    assert "unsafe" not in policy
    assert not page.all("script")
    assert not page.all("link")
    assert not page.all("iframe")
    addresses = [
        value
        for _, attributes in page.tags
        for name in ("src", "srcset", "href")
        if (value := attributes.get(name))
    ]
    assert addresses
    assert all(address.startswith("data:image/svg+xml;base64,") for address in addresses)
    assert not [
        name for _, attributes in page.tags for name in attributes if name.startswith("on") or name == "style"
    ]


def test_the_pictures_themselves_ask_nothing_of_the_network(results, agreement):
    for image in Page(report_html(results, agreement)).all("img"):
        svg = base64.b64decode(image["src"].partition(",")[2]).decode()
        assert not re.findall(r'(?:href|src)="(?!#)', svg)
        assert "<script" not in svg


def test_what_a_learner_wrote_is_shown_and_stays_text(results, agreement):
    html = report_html(results, agreement)
    page = Page(html)
    assert EVIL in page.text
    assert "<b>Bo</b> Li" in page.text
    assert "<half> written" in page.text
    assert not page.all("b")


def test_every_picture_has_its_numbers_in_words(results, agreement):
    words = [image["alt"] for image in Page(report_html(results, agreement)).all("img")]
    assert len(words) == 4
    scores, components, flags, trust = words
    assert "2 learners" in scores
    assert "50-60 %: 1" in scores
    assert "Hear: 0 plans at level 0, 1 at level 1, 1 at level 2" in components
    assert "Argues 1" in flags
    assert f"Hear {agreement.judge['hear']}" in trust


def test_every_component_label_and_flag_has_a_name(results, agreement):
    names = names_shown()
    assert set(agreement.flags) <= set(names)
    assert set(agreement.judge) <= set(names)
    assert all(name and "." not in name for name in names.values())


def test_the_same_results_give_the_same_bytes(results, agreement):
    assert report_html(results, agreement) == report_html(results, agreement)


def test_a_class_where_nothing_waits_and_nothing_is_missed_is_told_so(results, agreement):
    page = Page(report_html(replace(results, waiting=(), items=(), rows=()), agreement))
    assert "Nothing waits for a person." in page.text
    assert "No reply was missed." in page.text


def test_nothing_marked_is_told_with_the_cure(tmp_path):
    with pytest.raises(NothingMarked, match="run: heatproof autograde"):
        write_report(tmp_path)


def test_the_judge_agrees_with_the_raters_far_beyond_chance(agreement):
    assert agreement.plans == 120
    for component in COMPONENTS:
        assert agreement.judge[component].low > 0.5
        assert agreement.tables[component].sum() == 240
    assert agreement.macro_f1 > 0.5
    assert agreement.sent < 0.15


# what stands in an answer, whether it is a reading that was contested
STEPS: list[tuple[object, bool]] = [
    ({"text": EVIL, "move": "empathise", "detail": 0, "read_as": "minimise", "contested": 1}, True),
    ({"text": "Hm.", "move": "hear", "detail": 0, "read_as": "unsure", "contested": 1}, True),
    ({"text": "Hm.", "move": "hear", "detail": 0}, False),
    ({"text": "Hm.", "move": "hum", "read_as": "hear", "contested": 1}, False),
    ({"text": ["Hm."], "move": "hear", "read_as": "hear", "contested": 1}, False),
    ({"text": "Hm.", "move": ["hear"], "read_as": {}, "contested": 1}, False),
    ("is-the-laptop-dry", False),
]


@pytest.mark.parametrize(("step", "contested"), STEPS)
def test_a_contested_reading_is_listed_for_the_instructor(results, agreement, step, contested):
    asked = Record("calls", "ann", "graded", answers={"call_1": ["an-option", step]})
    found = tuple(contested_readings([asked], {"ann": ANN}))
    assert len(found) == contested
    page = report_html(replace(results, contested=found), agreement)
    assert ("Readings that learners contested" in page) == contested
    assert EVIL not in page
    if contested:
        assert "call_1" in page
