"""Each file in tests/bad draws the complaints that stand at its top and no others; a shipped one, none."""

import shutil
from pathlib import Path

import pytest

from autograders.checking import check, check_file, written_files
from autograders.keys_reading import PlanQuestion
from autograders.model_plans import shortcomings
from autograders.new import new_course
from autograders.pedagogy import promises_a_time
from autograders.reading_level import lix
from autograders.releases import stale

HERE = Path(__file__).parent
ROOT = HERE.parent
BAD = sorted((HERE / "bad").glob("*.yaml"))
SHIPPED = list(written_files(ROOT))


def _head(path: Path) -> tuple[str, list[str]]:
    """Return the kind that a bad file names in its first line, and the complaints that it promises."""
    lines = path.read_text(encoding="utf-8").splitlines()
    promised = [line.removeprefix("# complains: …") for line in lines if line.startswith("# complains: …")]
    return lines[0].removeprefix("# "), promised


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_file_draws_exactly_its_complaints(path):
    kind, promised = _head(path)
    assert promised, "a bad file says what it must draw"
    assert [str(fault).removeprefix(fault.file) for fault in check_file(path, kind)] == promised


@pytest.mark.parametrize(("path", "kind"), SHIPPED, ids=[path.stem for path, _ in SHIPPED])
def test_every_shipped_file_is_sound(path, kind):
    assert not [str(fault) for fault in check_file(path, kind)]


def test_the_sample_scenario_is_sound():
    assert not [str(fault) for fault in check_file(HERE / "good" / "the-late-parcel.yaml", "scenario")]


def test_a_fault_names_its_file_from_here(tmp_path, monkeypatch):
    folder = tmp_path / "course" / "words"
    folder.mkdir(parents=True)
    (folder / "en.yaml").write_text("play.next: {}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    told = [str(fault) for fault in check(tmp_path)]
    assert told == ["course/words/en.yaml:1: play.next must be text, not a map; write text"]


def test_an_empty_folder_is_told(tmp_path):
    assert "nothing to check" in str(*check(tmp_path))


LESSON = "---\ntitle: A lesson\nheatproof: lesson\n---\n# Why?\n"

# the text of a lesson, what is told of it
LESSONS = [
    (
        "word " * 91 + "\n",
        "course/01-why.md:5: 92 words in one text cell; say it in 90, or divide it by a line '+++'",
    ),
    ("```play cold-soop\n```\n", "course/01-why.md:6: no scenario 'cold-soop'; did you mean 'cold-soup'?"),
    (
        "Unconditional acknowledgement facilitates organisational accountability.\n",
        "course/01-why.md: is hard to read (LIX 86); use shorter words and sentences, up to LIX 40",
    ),
    ("Because.\n", "course/01-why.ipynb: the notebook is not what its text says; run 'heatproof build'"),
]


@pytest.mark.parametrize(("text", "told"), LESSONS, ids=["long", "unknown", "hard", "stale"])
def test_a_lesson_is_checked_as_well(tmp_path, monkeypatch, text, told):
    (tmp_path / "course").mkdir()
    (tmp_path / "nbgrader_config.py").touch()
    (tmp_path / "course" / "01-why.md").write_text(LESSON + text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert told in [str(fault) for fault in check(tmp_path)]


def test_an_assignment_without_a_key_is_told(tmp_path, monkeypatch):
    (tmp_path / "source" / "quiz").mkdir(parents=True)
    (tmp_path / "source" / "quiz" / "quiz.md").write_text(
        LESSON.replace("lesson", "assignment"), encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    told = [str(fault) for fault in check(tmp_path)]
    assert told == [
        "source/quiz/quiz.md: there is no key for this assignment; write autograders/keys/quiz.yaml"
    ]


def test_a_release_that_its_master_has_left_behind_is_found(tmp_path):
    for folder in ("source", "assignments"):
        shutil.copytree(ROOT / folder / "heat-plan-a", tmp_path / folder / "heat-plan-a")
    assert not list(stale(tmp_path))
    release = tmp_path / "assignments" / "heat-plan-a" / "heat-plan-a.ipynb"
    written = release.read_text(encoding="utf-8")
    for old, new in (("Your HEAT plan", "Your plan"), ('"points": 2', '"points": 3'), ("{", "")):
        assert old in written
        release.write_text(written.replace(old, new, 1), encoding="utf-8")
        assert list(stale(tmp_path)) == [release]
    release.unlink()
    assert not list(stale(tmp_path)), "what was never released is not stale"


def test_a_stale_release_and_a_faulty_roster_are_told(tmp_path, monkeypatch):
    course = new_course(tmp_path / "mine")
    monkeypatch.chdir(course)
    release = course / "assignments" / "heat-plan-b" / "heat-plan-b.ipynb"
    release.write_bytes((course / "assignments" / "heat-plan-a" / "heat-plan-a.ipynb").read_bytes())
    (course / "roster.csv").write_text("id\nann\nann\n")
    told = [str(fault) for fault in check(course)]
    assert (
        "assignments/heat-plan-b/heat-plan-b.ipynb: the release is not what its master says; "
        "run 'heatproof build'"
    ) in told
    assert "roster.csv:3: the id 'ann' is there twice; take one of the lines out" in told


# a text, its LIX by hand: words a sentence + percentage of words of more than six letters
LEVELS = [
    ("", 0),
    ("The soup was cold.", 4),
    ("The soup was cold. I was hungry!", 3.5),
    ("Unbelievably cold soup", 3 + 100 / 3),
]


@pytest.mark.parametrize(("text", "level"), LEVELS)
def test_how_hard_a_text_is_can_be_worked_out_by_hand(text, level):
    assert lix(text) == pytest.approx(level)


# what an agent says, whether it promises a time for the solution
PROMISES = [
    ("It will all be sorted today.", True),
    ("We'll have it repaired within two hours!", True),
    ("Don't worry. Your list will be restored by Monday.", True),
    ("I will ring you on Friday, solved or not.", False),
    ("I'll call you today, even if it isn't solved.", False),
    ("Nobody knows yet whether it can be restored by Monday.", False),
    ("A loan car will be at your door in thirty minutes.", False),
    ("It will be solved.", False),
]


@pytest.mark.parametrize(("text", "promised"), PROMISES)
def test_a_time_for_the_solution_is_told_from_a_time_for_news(text, promised):
    assert promises_a_time(text) is promised


def test_a_model_plan_that_earns_less_is_told():

    poor = PlanQuestion(
        kind="plan", scenario="cold-soup", min_words=20, model="I would say sorry and calm down."
    )
    told = list(shortcomings(poor))
    assert told[0] == "has 7 words, and learners must write 20"
    assert len(told) > 2
