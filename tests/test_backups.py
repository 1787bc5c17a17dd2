"""Before each run that writes there is a backup; the newest few stay; what is restored is what was there."""

import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from autograders.audit import audit_path, read_audit
from autograders.backups import (
    GRADEBOOK,
    BackupFault,
    backups,
    backups_folder,
    copy_gradebook,
    damaged,
    make_backup,
    once,
)
from autograders.gradebook import open_gradebook
from autograders.marking import mark
from autograders.restore_shown import as_lines, listed
from autograders.restoring import restore
from autograders.results import CannotMark, latest, log_path, open_log
from autograders.verifying import verify
from tests.small_class import hand_in_answers, make_course, model_answers

TASK = "reading-replies"
MODEL = model_answers(TASK)


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ann was marked, then a person gave her a mark, then Bob was marked and Ann handed in anew."""
    course = make_course(tmp_path_factory.mktemp("marked") / "course", assignments=(TASK,))
    hand_in_answers(course, "ann", TASK, {})
    mark(course, TASK, workers=1)
    by_hand(course, 4.5)
    hand_in_answers(course, "ann", TASK, MODEL)
    hand_in_answers(course, "bob", TASK, MODEL)
    mark(course, TASK, workers=1)
    return course


@pytest.fixture
def course(marked: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(marked, tmp_path / "course"))


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A course folder with a gradebook and a log of two lines, in which nothing was marked."""
    course = make_course(tmp_path / "bare", assignments=())
    log_path(course, TASK).parent.mkdir()
    log_path(course, TASK).write_bytes(b"one\ntwo\n")
    return course


def by_hand(course: Path, points: float) -> None:
    with open_gradebook(course) as grades:
        grade = grades._book.find_grade("replies_1_check", TASK, TASK, "ann")
        grade.manual_score, grade.needs_manual_grade = points, False
        grades._book.db.commit()


def marks_of(course: Path) -> Any:
    with open_gradebook(course) as grades:
        return grades.scores(TASK)


def rows(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as db:
        return list(db.iterdump())


def books(course: Path) -> tuple[bytes, list[str]]:
    return log_path(course, TASK).read_bytes(), rows(course / GRADEBOOK)


def test_each_run_that_writes_is_backed_up_before(marked: Path) -> None:
    first, second = backups(marked)
    assert first.before == second.before == "autograde reading-replies"
    assert (first.folder / "results" / f"{TASK}.jsonl").read_bytes() == b""
    held = (second.folder / "results" / f"{TASK}.jsonl").read_bytes()
    assert len(held.splitlines()) == 1
    assert log_path(marked, TASK).read_bytes().startswith(held)


def test_a_run_with_nothing_new_makes_none(course: Path) -> None:
    before = backups(course)
    mark(course, TASK)
    assert [each.name for each in backups(course)] == [each.name for each in before]


def test_none_are_made_where_none_are_wanted(bare: Path) -> None:
    once(bare, "a test", keep=0)()
    assert backups(bare) == ()


def test_one_run_makes_one(bare: Path) -> None:
    save = once(bare, "a test")
    save()
    save()
    assert len(backups(bare)) == 1


def test_the_newest_stay_by_their_number_whatever_the_clock_says(bare: Path) -> None:
    for number in range(4):
        made = make_backup(bare, f"run {number}", keep=10)
        made.folder.rename(made.folder.with_name(f"{made.name[:6]}-20{90 - number}-01-01"))
    make_backup(bare, "the last run", keep=3)
    assert [each.before for each in backups(bare)] == ["run 2", "run 3", "the last run"]
    assert backups(bare)[-1].name.startswith("000005-")


def test_runs_of_several_assignments_make_theirs_one_after_the_other(bare: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda number: make_backup(bare, f"run {number}"), range(4)))
    assert len({each.name for each in made}) == len(backups(bare)) == 4
    assert [damaged(each) for each in made] == [(), (), (), ()]


def test_folders_that_are_no_backups_are_left_alone(bare: Path) -> None:
    mine = backups_folder(bare) / "my own copy"
    mine.mkdir(parents=True)
    half = backups_folder(bare) / ".part"
    half.mkdir()
    (half / "gradebook.db").write_text("half")
    for number in range(3):
        make_backup(bare, f"run {number}", keep=1)
    assert mine.is_dir()
    assert not half.exists()
    assert len(backups(bare)) == 1


def test_a_backup_holds_a_whole_gradebook_though_others_write_in_it(bare: Path) -> None:
    with closing(sqlite3.connect(bare / GRADEBOOK, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("BEGIN")
        other.execute("INSERT INTO student (id) VALUES ('half-written')")
        made = make_backup(bare, "a test")
        other.execute("COMMIT")
    assert "half-written" not in "".join(rows(made.folder / GRADEBOOK))
    assert "half-written" in "".join(rows(bare / GRADEBOOK))


def test_a_gradebook_that_another_program_holds_is_waited_for_and_then_told(bare: Path) -> None:
    with closing(sqlite3.connect(bare / GRADEBOOK, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError, match="another program holds the gradebook"):
            copy_gradebook(bare / GRADEBOOK, bare / "copy.db", wait=0.0)


def test_where_no_backup_can_be_made_nothing_is_written(course: Path) -> None:
    hand_in_answers(course, "cy", TASK, MODEL)
    shutil.rmtree(backups_folder(course))
    backups_folder(course).write_text("a file in its place")
    before = books(course)
    with pytest.raises(
        CannotMark, match=r"backups/: no backup can be made before this run \(.*\), so nothing"
    ):
        mark(course, TASK, workers=1)
    assert books(course) == before


def test_what_is_restored_is_what_was_there(course: Path) -> None:
    held = make_backup(course, "a test")
    before = books(course)
    hand_in_answers(course, "bob", TASK, {})
    mark(course, TASK, workers=1)
    by_hand(course, 1.0)
    assert books(course) != before
    done = restore(course, held.name, really=True)
    assert books(course) == before
    assert done.results == {TASK: (4, 3)}
    verify(course, TASK, repair=True)
    assert verify(course, TASK).differences == (), "a restore is no missing line"


def test_first_it_only_shows_what_would_change(course: Path) -> None:
    before = books(course), len(backups(course))
    shown = restore(course, "2")
    assert (books(course), len(backups(course))) == before
    assert shown.results == {TASK: (3, 1)}
    assert shown.by_hand == {}, "the mark by hand is in that backup"
    by_hand(course, 1.0)
    assert restore(course, "2").by_hand == {("ann", TASK, "replies_1_check"): (1.0, 4.5)}
    lines = list(as_lines(restore(course, "1")))
    assert lines == [
        "reading-replies: 3 results → 0",
        "reading-replies, ann, replies_1_check: mark by hand 1 → no mark",
        f"Nothing was changed. To bring it back: heatproof restore {backups(course)[0].name} --yes",
    ]


def test_a_restore_can_be_taken_back_and_the_audit_log_goes_on(course: Path) -> None:
    before = books(course)
    done = restore(course, "1", really=True, by="pat", because="wrong class")
    assert latest(course, TASK) == {}
    last = read_audit(course)[-1]
    assert (last.what, last.by, last.because) == ("restore", "pat", "wrong class")
    assert (last.facts["backup"], last.facts["undo"]) == (backups(course)[0].name, done.undo)
    restore(course, done.undo, really=True)
    assert books(course) == before
    assert [entry.what for entry in read_audit(course)] == ["autograde", "autograde", "restore", "restore"]


def test_the_oldest_is_not_deleted_while_it_is_restored(course: Path) -> None:
    for number in range(8):
        make_backup(course, f"run {number}")
    oldest = backups(course)[0]
    assert len(backups(course)) == 10
    restore(course, oldest.name, really=True)
    assert oldest.folder.is_dir()


def test_a_broken_gradebook_and_a_broken_log_are_brought_back(course: Path) -> None:
    before, scores = books(course), marks_of(course)
    held = make_backup(course, "a test")
    (course / GRADEBOOK).write_text("This is a shopping list. " * 99)
    log_path(course, TASK).write_text("{}\n")
    audit_path(course).unlink()
    done = restore(course, held.name, really=True)
    assert (books(course), marks_of(course)) == (before, scores)
    kept = backups_folder(course) / done.undo / GRADEBOOK
    assert kept.read_text().startswith("This is a shopping list."), "nothing is thrown away"
    assert [entry.what for entry in read_audit(course)] == ["autograde", "autograde", "restore"]


def test_a_gradebook_that_is_gone_is_brought_back(course: Path) -> None:
    before = books(course)
    held = make_backup(course, "a test")
    (course / GRADEBOOK).unlink()
    log_path(course, TASK).unlink()
    restore(course, held.name, really=True)
    assert books(course) == before


def test_a_spoilt_backup_is_refused(bare: Path) -> None:
    made = make_backup(bare, "a test")
    assert damaged(made) == ()
    copy = made.folder / "results" / f"{TASK}.jsonl"
    copy.write_bytes(copy.read_bytes() + b"three\n")
    with pytest.raises(BackupFault, match=r"reading-replies\.jsonl changed after the backup was made"):
        restore(bare, made.name, really=True)
    assert log_path(bare, TASK).read_bytes() == b"one\ntwo\n"


@pytest.mark.parametrize("name", ["7", "yesterday", "../..", "000001"])
def test_a_backup_that_is_not_there_is_told(bare: Path, name: str) -> None:
    with pytest.raises(
        BackupFault, match=r"no backup is called .*; to see which there are: heatproof restore"
    ):
        restore(bare, name)


def test_while_a_run_marks_nothing_is_restored(course: Path) -> None:
    before = books(course)
    with open_log(course, TASK), pytest.raises(CannotMark, match="another run is marking it"):
        restore(course, "1", really=True)
    assert books(course) == before


def test_where_a_server_does_not_answer_no_backup_is_made_and_that_is_said(bare: Path) -> None:
    with (bare / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write('c.CourseDirectory.db_url = "postgresql://localhost/none"\n')
    with pytest.raises(CannotMark, match=r"gradebook: it cannot be copied .*; see that its server runs"):
        make_backup(bare, "a test")
    assert backups(bare) == ()


def test_a_backup_is_listed_in_one_line(bare: Path) -> None:
    made = make_backup(bare, "autograde reading-replies")
    assert listed(made) == (
        f"{made.name}  {made.when}, before: autograde reading-replies  (gradebook, reading-replies)"
    )
