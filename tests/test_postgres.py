"""A gradebook on PostgreSQL, a real server of Debian's package: every command, two runs at once, restore."""

import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from autograders.backups import make_backup
from autograders.class_results import class_results
from autograders.cli import main
from autograders.gradebook import GradebookFault, open_gradebook
from autograders.gradebook_server import ServerFault, alone_on_server
from autograders.marking import mark
from autograders.record import Record
from autograders.restoring import restore
from autograders.results import CannotMark, latest, log_path
from autograders.server_copy import CopyFault
from autograders.verifying import verify
from tests.people_class import NAMED, ROSTER, UNREADABLE
from tests.postgres_server import new_database, server
from tests.small_class import hand_in, hand_in_answers, make_course, model_answers, notebook_with

PLANS, LABELS = "heat-plan-a", "reading-replies"
NAMES = count(1)
Make = Callable[..., Path]


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with server() as place:
        yield place


@pytest.fixture(scope="module")
def empty(host: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with an empty gradebook, as nbgrader makes it; made once, for it takes seconds."""
    url = new_database(host, "empty")
    course = on_server(make_course(tmp_path_factory.mktemp("empty") / "course", assignments=()), url)
    with open_gradebook(course) as grades:
        assert grades.people() == {}
    return "empty"


@pytest.fixture
def make(host: str, empty: str, tmp_path: Path) -> Make:
    """What makes a course folder whose gradebook is on the server, empty."""

    def make(*assignments: str) -> Path:
        number = next(NAMES)
        course = make_course(tmp_path / f"course-{number}", assignments=assignments)
        return on_server(course, new_database(host, f"course-{number}", like=empty))

    return make


def on_server(course: Path, url: str) -> Path:
    """Let a course folder name a gradebook on a server."""
    (course / "gradebook.db").unlink(missing_ok=True)
    with (course / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(f"\nc.CourseDirectory.db_url = {url!r}\n")
    return course


def url_of(course: Path) -> str:
    return (
        (course / "nbgrader_config.py").read_text(encoding="utf-8").rpartition("db_url = '")[2].strip("'\n")
    )


def scores(course: Path, task: str = LABELS) -> Any:
    with open_gradebook(course) as grades:
        return grades.scores(task)


def give_by_hand(course: Path, learner: str, points: float) -> None:
    with open_gradebook(course) as grades:
        grades.mark_by_hand(LABELS, {(learner, "replies_1_check"): points})


def people_hand_in(course: Path) -> None:
    """Ann signs a plan, Bo's first is unreadable, Cy leaves things out, Dee's notebook is none."""
    (course / "roster.csv").write_text(ROSTER + "dee,,,\n", encoding="utf-8")
    hand_in_answers(course, "ann", PLANS, model_answers(PLANS) | {"plan_2": NAMED})
    unreadable = json.loads(notebook_with(PLANS, model_answers(PLANS)))
    for cell in unreadable["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "plan_1":
            cell["source"] = UNREADABLE
    hand_in(course, "bo", PLANS, notebook=json.dumps(unreadable).encode())
    hand_in_answers(course, "cy", PLANS, {"plan_1": "I am sorry and I will call back by noon tomorrow."})
    hand_in(course, "dee", PLANS, notebook=b"{")


COMMANDS = (
    ("autograde", PLANS),
    ("autograde", PLANS, "--json"),
    ("queue", PLANS),
    ("override", PLANS, "cy", "plan_1", "hear=1", "--reason", "He listens.", "--marker", "Mo"),
    ("override", PLANS, "bo", "plan_1", "hear=2", "--reason", "It says so.", "--marker", "Mo"),
    ("queue", PLANS, "--json"),
    ("autograde", PLANS),
    ("decided",),
    ("regrade", PLANS),
    ("second-reading", PLANS, "--plans", "3"),
    ("feedback", PLANS),
    ("export",),
    ("verify",),
    ("verify", "--repair"),
)


def test_every_command_says_and_writes_with_a_server_what_it_does_with_a_file(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, here = make(PLANS), make_course(tmp_path / "file", assignments=(PLANS,))
    told: dict[Path, list[Any]] = {there: [], here: []}
    for course in (there, here):
        people_hand_in(course)
        monkeypatch.chdir(course)
        for command in COMMANDS:
            done = CliRunner().invoke(main, command)
            assert not isinstance(done.exception, Exception), done.exception
            said = re.sub(r"Log [0-9a-f]{16}", "Log HEAD", done.stdout)  # its lines say when
            told[course].append((command, done.exit_code, said, done.stderr))
    for one, other in zip(told[there], told[here], strict=True):
        assert one == other
    assert scores(there, PLANS) == scores(here, PLANS)
    assert class_results(there) == class_results(here)  # which heatproof report shows
    assert not (there / "gradebook.db").exists()
    for place in ("results", "exports", "autograded", "feedback", "second-reading"):
        for path in sorted(path for path in (here / place).rglob("*") if path.is_file()):
            if "people" not in path.name:  # it says when
                assert path.read_bytes() == (there / path.relative_to(here)).read_bytes(), path


def test_a_mark_by_hand_stays_when_a_new_hand_in_is_marked(make: Make) -> None:
    course = make(LABELS)
    hand_in_answers(course, "ann", LABELS, {})
    mark(course, LABELS, workers=1)
    give_by_hand(course, "ann", 4.5)
    hand_in_answers(course, "ann", LABELS, model_answers(LABELS))
    mark(course, LABELS, workers=1)
    first = scores(course)["ann"][0]
    assert (first.points, first.automatic, first.by_hand, first.waiting) == (4.5, 6.0, True, True)


def test_a_backup_holds_the_server_s_gradebook_and_restore_brings_it_back(make: Make) -> None:
    course = make(LABELS)
    hand_in_answers(course, "ann", LABELS, model_answers(LABELS))
    mark(course, LABELS, workers=1)
    give_by_hand(course, "ann", 4.5)
    before, log = scores(course), log_path(course, LABELS).read_bytes()
    made = make_backup(course, "a test")
    assert made.has_gradebook
    give_by_hand(course, "ann", 1.0)
    hand_in_answers(course, "bob", LABELS, {})
    mark(course, LABELS, workers=1)
    after = scores(course)

    planned = restore(course, made.name)
    assert planned.by_hand == {("ann", LABELS, "replies_1_check"): (1.0, 4.5)}
    assert scores(course) == after
    done = restore(course, made.name, really=True)
    assert (scores(course), log_path(course, LABELS).read_bytes()) == (before, log)
    assert verify(course, LABELS).left == ()
    restore(course, done.undo, really=True)
    assert scores(course) == after


def test_a_backup_can_be_brought_back_into_a_new_server(make: Make, host: str) -> None:
    course = make(LABELS)
    hand_in_answers(course, "ann", LABELS, model_answers(LABELS))
    mark(course, LABELS, workers=1)
    give_by_hand(course, "ann", 4.5)
    before, made = scores(course), make_backup(course, "a test")
    on_server(course, new_database(host, "new"))
    restore(course, made.name, really=True)
    assert scores(course) == before
    assert mark(course, LABELS, workers=1).marked_before == 1


def test_a_restore_that_would_delete_another_course_is_refused(make: Make) -> None:
    course, other = make(LABELS), make(PLANS)
    hand_in_answers(course, "ann", LABELS, {})
    mark(course, LABELS, workers=1)
    made = make_backup(course, "a test")
    with (other / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(f"\nc.CourseDirectory.db_url = {url_of(course)!r}\n")
    with open_gradebook(other) as grades:
        grades.prepare(PLANS, other / "assignments" / PLANS / f"{PLANS}.ipynb")
        grades.write(PLANS, [Record(PLANS, "zoe", "needs_person")], {})
    with pytest.raises(CopyFault, match=f"also holds {PLANS}, which .* server's own backup"):
        restore(course, made.name, really=True)
    assert list(scores(other, PLANS)) == ["zoe"]
    assert list(scores(course)) == ["ann"]


def test_a_run_on_another_machine_is_told_to_wait(make: Make, tmp_path: Path) -> None:
    one = make(LABELS)
    hand_in_answers(one, "ann", LABELS, {})
    other = Path(shutil.copytree(one, tmp_path / "other-machine"))
    with (
        alone_on_server(one, LABELS),
        pytest.raises(ServerFault, match=f"{LABELS}: another run, on another machine"),
    ):
        mark(other, LABELS, workers=1)
    assert latest(other, LABELS) == {}
    assert mark(other, LABELS, workers=1).graded == 1


def test_two_runs_that_meet_the_same_new_learner_both_end_well(make: Make) -> None:
    """The other run has added Ann and not yet finished when ours adds her."""
    import psycopg

    course = make(LABELS)
    hand_in_answers(course, "ann", LABELS, model_answers(LABELS))
    address = url_of(course).replace("+psycopg", "")
    with psycopg.connect(address) as other, psycopg.connect(address, autocommit=True) as watch:
        other.execute("INSERT INTO student (id) VALUES ('ann')")
        ours = threading.Thread(target=mark, args=(course, LABELS))
        ours.start()
        while ours.is_alive() and not waits_for_a_row(watch):
            watch.execute("SELECT pg_sleep(0.01)")
        assert ours.is_alive()
        other.commit()
        ours.join()
    assert [score.points for score in scores(course)["ann"]] == [6.0, 6.0, 6.0]


def waits_for_a_row(connection: Any) -> bool:
    """True when a transaction waits for another one."""
    asked = "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'"
    return bool(connection.execute(asked).fetchone()[0])


def test_a_server_that_ends_the_connection_loses_nothing(make: Make, tmp_path: Path) -> None:
    import psycopg

    course = make(LABELS)
    for learner in ("ann", "bob", "cy", "dee", "eve", "fay"):
        hand_in_answers(course, learner, LABELS, model_answers(LABELS))
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
    end += "AND pid <> pg_backend_pid()"
    with (
        psycopg.connect(url_of(course).replace("+psycopg", ""), autocommit=True) as admin,
        pytest.raises(GradebookFault, match=r"see that its server runs, .*: no result is lost"),
    ):
        mark(course, LABELS, batch=1, progress=lambda so_far: admin.execute(end))
    assert 1 <= len(latest(course, LABELS)) < 6
    mark(course, LABELS, workers=1)
    undisturbed = make(LABELS)
    shutil.copytree(course / "submitted", undisturbed / "submitted")
    mark(undisturbed, LABELS, workers=1)
    assert log_path(course, LABELS).read_bytes() == log_path(undisturbed, LABELS).read_bytes()
    assert scores(course) == scores(undisturbed)


ADDRESSES = {
    "postgresql+psycopg://heatproof@/none?host=/nowhere": (ServerFault, "see that its server runs"),
    "postgresql+pg8000://heatproof@localhost/none": (ServerFault, "pg8000, is not installed; install pg8000"),
    "postgresql+nothing://localhost/none": (ServerFault, "write it so: postgresql"),
    "no address": (ServerFault, "write it so: postgresql"),
}


@pytest.mark.parametrize("url", ADDRESSES)
def test_a_server_that_cannot_be_used_is_told_in_a_sentence(tmp_path: Path, url: str) -> None:
    kind, says = ADDRESSES[url]
    course = on_server(make_course(tmp_path / "course", assignments=(LABELS,)), url)
    with pytest.raises(kind, match=says) as fault:
        mark(course, LABELS, workers=1)
    assert "\n" not in str(fault.value)
    with pytest.raises(CannotMark):
        make_backup(course, "a test")
