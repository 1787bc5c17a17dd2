"""A grader at a browser: the queue's notebook, the least sure plan first, and where a decision is found."""

from collections.abc import Collection, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Page, expect

from autograders.cli import main
from autograders.desk import queue_of
from autograders.gradebook import open_gradebook
from autograders.judging import judge_plan
from autograders.marking import mark
from autograders.overrides import Choice, decide
from autograders.people_log import decisions
from course.engine.content import scenario
from course.engine.words import word
from tests.browser.conftest import Lab, Learner
from tests.browser.looking import run_all
from tests.browser.test_accessibility import THEMES, faults_in, in_theme
from tests.people_class import TASK, WHEN, rated
from tests.small_class import hand_in_answers, key_of, make_course

LEARNERS = ("ann", "bo", "cy", "dee")
WHY = "You say what you will not do; the customer waits for what you will."


@pytest.fixture(scope="module")
def course(lab: Lab) -> Path:
    """A marked class in the folder that JupyterLab shows, with its queue in a notebook."""
    folder = make_course(lab.folder / "queue", assignments=(TASK,))
    asked = {name: what["scenario"] for name, what in key_of(TASK).items() if what["kind"] == "plan"}
    numbers = unsure_of_one_step(asked.values())
    assert len(numbers) >= 2, "else there is no queue"
    for learner, number in zip(LEARNERS, numbers, strict=False):
        hand_in_answers(folder, learner, TASK, {name: rated(what)[number] for name, what in asked.items()})
    mark(folder, TASK)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        arguments = ["queue", TASK, "--notebook", "queue.ipynb", "--marker", "Ruth"]
        assert CliRunner().invoke(main, arguments).exit_code == 0
    return folder


def unsure_of_one_step(scenarios: Collection[str]) -> list[int]:
    """Return which of the rated plans leave the judge unsure of one step alone, and with evidence, whatever
    its weights are."""

    def waits(number: int) -> list[bool]:
        verdicts = (judge_plan(rated(each)[number], scenario(each).as_complaint()) for each in scenarios)
        parts = [part for verdict in verdicts for part in verdict.components.values()]
        return [bool(part.evidence) for part in parts if part.needs_person]

    return [number for number in range(len(rated(next(iter(scenarios))))) if waits(number) == [True]]


@pytest.fixture
def grader(lab: Lab, learner: Learner, course: Path) -> Iterator[Learner]:
    """Somebody at a browser; the kernels end with the test."""
    yield learner
    for session in lab.api("sessions"):
        lab.api(f"sessions/{session['id']}", "DELETE")


def opened(grader: Learner) -> Page:
    """Open the notebook and run its cell, as a person does."""
    return run_all(grader.open("queue/queue.ipynb"), ".hp-queue")


def plan_on(page: Page) -> str:
    """Return the plan that is shown, without the letters behind its marked passages."""
    own = "node => [...node.childNodes].filter((one) => one.nodeName !== 'SUP').map((one) => one.textContent)"
    return "".join(page.locator(".hp-written").evaluate(own))


def test_the_least_sure_plan_comes_first_and_a_decision_is_found_everywhere(
    grader: Learner, course: Path
) -> None:
    first, second, *_ = waiting = queue_of(course, TASK)
    assert first.sure < second.sure
    (doubted,) = [part for part in first.parts if part.waits]
    assert doubted.evidence, "else there is no evidence to see"
    page = opened(grader)
    count = page.locator(".hp-count")
    expect(count).to_contain_text(word("queue.place", number=1, of=len(waiting)))
    assert plan_on(page) == first.text, "the plan is shown to the letter"
    seen = "".join(page.locator(".hp-written .hp-doubted").all_text_contents())
    assert doubted.evidence[0]["text"] in seen, "what the judge went by is marked where it is unsure"

    box = page.locator(".hp-choice[data-waits=true]")
    expect(box).to_have_count(1)
    expect(box).to_contain_text(doubted.title)
    expect(box).to_contain_text(word("queue.sure", percent=round(100 * (doubted.sure or 0))))
    assert box.get_by_role("radio", checked=True).count() == 0, "nothing is chosen for the grader"

    write = page.get_by_role("button", name=word("queue.write"))
    write.click()
    expect(page.locator(".hp-status").last).to_contain_text(word("queue.choose"))
    box.get_by_role("radio", name="0").check()
    write.click()
    expect(page.locator(".hp-status").last).to_contain_text(word("queue.why"))
    assert decisions(course, TASK) == ()
    page.get_by_label(word("queue.reason")).fill(WHY)
    write.click()
    expect(page.locator(".hp-status").first).to_contain_text(word("queue.written"))
    expect(page.locator(".hp-status").last).to_be_empty()
    expect(count).to_contain_text(word("queue.place", number=1, of=len(waiting) - 1))
    assert plan_on(page) == second.text

    (line,) = decisions(course, TASK)
    assert (line.marker, line.learner, line.cell, line.was, line.to, line.reason) == (
        "Ruth",
        first.learner,
        doubted.cell,
        doubted.level,
        0,
        WHY,
    )
    with open_gradebook(course) as grades:
        (score,) = [each for each in grades.scores(TASK)[first.learner] if each.cell == doubted.cell]
    assert (score.points, score.by_hand, score.waiting) == (0.0, True, False)
    assert queue_of(course, TASK) == waiting[1:]


def typed(page: Page) -> tuple[int, str]:
    """Return how many levels are chosen of what waits, and the reason."""
    chosen = page.locator(".hp-choice[data-waits=true]").get_by_role("radio", checked=True)
    return chosen.count(), page.get_by_label(word("queue.reason")).input_value()


def choose(page: Page, reason: str) -> None:
    page.locator(".hp-choice[data-waits=true]").get_by_role("radio", name="1").first.check()
    page.get_by_label(word("queue.reason")).fill(reason)


def drafts(page: Page) -> int:
    """Return of how many plans the browser keeps what was typed."""
    names: list[str] = page.evaluate("Object.keys(localStorage)")
    return sum(name.startswith("heatproof-queue") for name in names)


def test_what_is_typed_stays_until_it_is_written_down(grader: Learner, course: Path) -> None:
    page = opened(grader)
    choose(page, WHY)
    page.get_by_role("button", name=word("queue.next")).click()
    expect(page.get_by_label(word("queue.reason"))).to_have_value("")
    assert typed(page) == (0, "")
    page.get_by_role("button", name=word("queue.back")).click()
    expect(page.get_by_label(word("queue.reason"))).to_have_value(WHY)
    assert typed(page) == (1, WHY)
    page = opened(grader)
    expect(page.get_by_label(word("queue.reason"))).to_have_value(WHY)
    assert typed(page) == (1, WHY), "another page, and the cell run again"
    assert drafts(page) == 1


def test_a_kernel_that_is_gone_is_told_and_loses_nothing(lab: Lab, grader: Learner, course: Path) -> None:
    page = opened(grader)
    choose(page, WHY)
    before = decisions(course, TASK)
    status = page.locator(".hp-status").last
    lab.api(f"kernels/{lab.kernel_of('queue/queue.ipynb')}/restart", "POST")
    page.get_by_role("button", name=word("queue.next")).click()
    expect(status).to_contain_text(word("queue.silent"), timeout=20_000)
    lab.api(f"kernels/{lab.kernel_of('queue/queue.ipynb')}", "DELETE")
    write = page.get_by_role("button", name=word("queue.write"))
    write.click()
    expect(status).to_contain_text(word("queue.writing"))
    expect(write).to_have_attribute("aria-disabled", "true")
    expect(write).to_be_focused()
    expect(status).to_contain_text(word("queue.unwritten"), timeout=20_000)
    expect(write).to_have_attribute("aria-disabled", "false")
    expect(page.locator(".hp-status").first).to_be_empty()
    assert decisions(course, TASK) == before
    assert typed(page) == (1, WHY)
    page = opened(grader)
    expect(page.get_by_label(word("queue.reason"))).to_have_value(WHY)


def test_a_double_click_writes_once_and_says_so(grader: Learner, course: Path) -> None:
    before = len(decisions(course, TASK))
    page = opened(grader)
    choose(page, WHY)
    page.get_by_role("button", name=word("queue.write")).dblclick()
    expect(page.locator(".hp-status").first).to_contain_text(word("queue.written"))
    expect(page.locator(".hp-status").last).to_be_empty()
    assert len(decisions(course, TASK)) == before + 1
    assert WHY not in typed(page), "the next plan has none of it"
    assert drafts(page) == 0


@pytest.mark.parametrize("theme", THEMES)
def test_nothing_to_mend_in_the_queue(lab: Lab, grader: Learner, theme: str) -> None:
    lab.choose_theme(THEMES[theme])
    try:
        page = opened(grader)
        in_theme(page, theme)
        page.get_by_role("button", name=word("queue.write")).click()
        expect(page.locator(".hp-status").last).to_contain_text(word("queue.choose"))
        assert faults_in(page, ".hp-queue", theme) == []
    finally:
        lab.choose_theme(THEMES["light"])


def test_what_somebody_else_decided_meanwhile_is_seen_before_it_is_changed(
    grader: Learner, course: Path
) -> None:
    page = opened(grader)
    choose(page, WHY)
    first = queue_of(course, TASK)[0]
    (doubted,) = [part for part in first.parts if part.waits]
    ann = Choice(first.learner, first.question, {doubted.name: 2}, "I see it.")
    decide(course, TASK, [ann], marker="Ann", when=WHEN)
    page.get_by_role("button", name=word("queue.write")).click()
    told = word("queue.gave", step=doubted.title, level=2, who="Ann")
    expect(page.locator(".hp-status").first).to_contain_text(told)
    expect(page.locator(".hp-title").first).to_be_focused()
    assert plan_on(page) == first.text
    assert typed(page) == (0, WHY), "nothing waits, and the reason is still there"
    box = page.locator(".hp-choice", has_text=doubted.title)
    expect(box.get_by_role("radio", name="2")).to_be_checked()
    assert [line.marker for line in decisions(course, TASK)][-1] == "Ann"
