"""What a page may show of the key, that it is read quickly and rightly, and where it is put."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from autograders.cli import main
from autograders.feedback import write_feedback
from autograders.gradebook import open_gradebook
from autograders.gradebook_quick import marks_and_comments, sqlite_file
from autograders.keyless import keys_in_feedback, without_keys
from autograders.keys_reading import Key, LabelsQuestion, PlanQuestion, read_key
from autograders.labels import label_title
from autograders.marking import mark
from autograders.results import CannotMark, latest
from course.engine.words import all_words, word
from tests.small_class import LABELS_WRONG, hand_in_answers, make_course, model_answers, poor_answers

ROOT = Path(__file__).resolve().parent.parent
TASK = "heat-plan-a"
MODEL = model_answers(TASK)
PLAN = "I hear him out and say it back. I am sorry that your power was cut. Calm down, it is only one day."
POOR = poor_answers(TASK, PLAN)
SETTING = "\nc.Heatproof.keys_in_feedback = {}\n"


def key() -> Key:
    return read_key(ROOT / "autograders" / "keys" / f"{TASK}.yaml")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course in which one answered badly and one as the model does; a person marked and wrote something."""
    course = make_course(tmp_path_factory.mktemp("feedback") / "course", assignments=(TASK,))
    hand_in_answers(course, "ann", TASK, POOR)
    hand_in_answers(course, "bob", TASK, MODEL)
    hand_in_answers(course, "cy", TASK, {})
    mark(course, TASK)
    with open_gradebook(course) as grades:
        place = (TASK, TASK, "ann")
        grade = grades._book.find_grade("plan_1_hear", *place)
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 1.5, 0.25, False
        grades._book.find_comment("plan_1", *place).manual_comment = "Read lesson 5 again."
        grades._book.db.commit()
    return course


@pytest.fixture(scope="module")
def pages(course: Path) -> dict[bool, str]:
    """Ann's page with keys and without."""
    target = course / "feedback" / "ann" / TASK / f"{TASK}.html"
    found = {}
    for keys in (True, False):
        assert len(write_feedback(course, TASK, keys=keys)) == 3
        found[keys] = target.read_text(encoding="utf-8")
    return found


def expected() -> list[str]:
    """Return the sentences that say which label was expected, and why."""
    labels = [q for q in key().questions.values() if isinstance(q, LabelsQuestion)]
    replies = [(q, reply) for q in labels for reply in q.replies if reply.label != LABELS_WRONG]
    assert replies
    titles = [word("score.our-label", label=label_title(q, reply.label)) for q, reply in replies]
    return [*titles, *(reply.why for _, reply in replies), *(w for _, r in replies for w in r.wrong.values())]


def escaped(text: str) -> str:
    from markupsafe import escape

    return str(escape(text))


def test_a_page_with_keys_says_what_was_expected(pages: dict[bool, str]) -> None:
    assert any(escaped(said) in pages[True] for said in expected())
    assert escaped(all_words()["judge.example"].partition("{model}")[0]) in pages[True]


def test_a_page_without_keys_says_none_of_it(pages: dict[bool, str]) -> None:
    assert [said for said in expected() if escaped(said) in pages[False]] == []
    assert escaped(all_words()["judge.example"].partition("{model}")[0]) not in pages[False]
    for question in key().questions.values():
        if isinstance(question, PlanQuestion):
            assert escaped(question.model[:40]) not in pages[False]


def test_a_page_without_keys_still_says_how_each_item_was_marked(pages: dict[bool, str]) -> None:
    points = re.compile(r'<span class="points[^>]*>([^<]*)</span>')
    assert points.findall(pages[False]) == points.findall(pages[True])
    assert pages[False].count('class="sign"') == pages[True].count('class="sign"') > 0
    assert pages[False].count("<mark") == pages[True].count("<mark") > 0
    assert word("score.you-chose", label=word(f"label.{LABELS_WRONG}"), verdict="")[:12] in pages[False]
    assert word("feedback.next") in pages[False]


def test_a_record_keeps_its_hash_on_a_page_without_keys(course: Path, pages: dict[bool, str]) -> None:
    assert latest(course, TASK)["ann"].hash[:16] in pages[False]


def test_nothing_of_the_key_is_left_in_a_record_without_keys(course: Path) -> None:
    record = without_keys(latest(course, TASK)["ann"], key())
    assert [said for said in expected() if said in repr(record.cells)] == []


# what the settings say, what a page does
SETTINGS = [("", True), (SETTING.format("True"), True), (SETTING.format("False"), False)]


@pytest.mark.parametrize(("said", "shown"), SETTINGS)
def test_the_settings_decide_where_nothing_is_asked_for(tmp_path: Path, said: str, shown: bool) -> None:
    (tmp_path / "nbgrader_config.py").write_text(f"c = get_config(){said}")
    assert keys_in_feedback(tmp_path) is shown


def test_a_setting_that_is_no_truth_value_is_told(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()" + SETTING.format("'no'"))
    with pytest.raises(CannotMark, match=r"keys_in_feedback is 'no'; write True or False"):
        keys_in_feedback(tmp_path)


def test_the_command_leaves_keys_out_when_asked(
    course: Path, pages: dict[bool, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course)
    run = CliRunner().invoke(main, ["feedback", TASK, "--without-keys"])
    assert (run.exit_code, run.output.splitlines()[-1]) == (0, f"3 pages in feedback/<learner>/{TASK}/.")
    page = (course / "feedback" / "ann" / TASK / f"{TASK}.html").read_text(encoding="utf-8")
    assert page == pages[False]


def test_marks_that_are_read_quickly_are_those_of_nbgrader(course: Path) -> None:
    with open_gradebook(course) as grades:
        slowly: Any = grades.scores(TASK), grades.comments(TASK)
    assert sqlite_file(course) == course / "gradebook.db"
    assert marks_and_comments(course, TASK) == slowly
    assert slowly[0]["ann"][0].cell
    assert slowly[1] == {"ann": {"plan_1": "Read lesson 5 again."}}
    assert any(score.by_hand and score.points == 1.75 for score in slowly[0]["ann"])


def test_a_gradebook_that_lies_elsewhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.db_url = 'sqlite:////srv/marks.db'\n"
    )
    assert sqlite_file(tmp_path) == Path("/srv/marks.db")
    (tmp_path / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.db_url = 'postgresql://marks'\n"
    )
    assert sqlite_file(tmp_path) is None


def test_pages_are_made_without_loading_nbgrader(course: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from autograders.feedback import write_feedback\n"
        "write_feedback(Path('.'), 'heat-plan-a'); print('nbgrader' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=course,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == "False\n"
