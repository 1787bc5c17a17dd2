"""The command `collect`: nbgrader's exchange and a source of one's own, as a person types it."""

import os
import pwd
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from autograders.cli import main
from autograders.intake.inbound import foreign_owner
from autograders.intake.receipts import receipts_of
from autograders.intake.taking import take
from autograders.intake.times import read_stamp
from autograders.roster import ID
from autograders.submission import read_submission
from tests.small_class import ROOT, empty_gradebook
from tests.test_for_programs import lines_of
from tests.test_intake import EMPTY, FULL, OTHER, ROSTER, TASK, new_course, put, snapshot, submitted

EARLY, LATER = "2026-03-02 09:30:00.000000 UTC", "2026-03-02 11:30:00.123456 CET"
SECRET = b"1f0e"
ELSEWHERE = next(
    each.pw_name for each in pwd.getpwall() if each.pw_uid != os.getuid() and ID.fullmatch(each.pw_name)
)
"""An account of this computer that is not ours."""


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course folder with an exchange, and nobody's settings but its own."""
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    course = new_course(tmp_path)
    with (course / "roster.csv").open("a") as file:
        file.write(f"{ELSEWHERE},El,Se,\n")
    settings = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    exchange = tmp_path / "exchange"
    (course / "nbgrader_config.py").write_text(f"{settings}\nc.Exchange.root = {str(exchange)!r}\n")
    (course / "assignments" / TASK).mkdir(parents=True)
    shutil.copy(ROOT / "assignments" / TASK / f"{TASK}.ipynb", course / "assignments" / TASK)
    (exchange / "heatproof" / "inbound").mkdir(parents=True)
    monkeypatch.chdir(course)
    return course


def sent(course: Path, learner: str, when: str, notebook: bytes = FULL, task: str = TASK) -> Path:
    """Put a hand-in into the exchange, as nbgrader's submit does."""
    inbound = course.parent / "exchange" / "heatproof" / "inbound"
    folder = inbound / f"{learner}+{task}+{when}+Rf8"
    put(folder / f"{task}.ipynb", notebook)
    put(folder / "timestamp.txt", b"1999-01-01 00:00:00.000000 UTC")
    put(folder / "submission_secret.txt", SECRET)
    put(folder / "course.py", b"raise SystemExit")
    return folder


def collect(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["collect", *arguments])


def rows_of(result: Result) -> dict[str, str]:
    """Return the numbers of the table by outcome."""
    rows = [line.split("│") for line in result.stdout.splitlines() if line.startswith("│")]
    return {cells[1].strip(): cells[2].strip() for cells in rows}


def test_the_exchange_is_taken_with_the_times_that_its_folders_name(course: Path) -> None:
    sent(course, "ann", EARLY, EMPTY)
    sent(course, "ann", LATER)
    sent(course, "bo", EARLY)
    sent(course, "cy", EARLY, task=OTHER)
    done = collect(TASK)
    assert done.exit_code == 0, done.output
    assert done.stdout.endswith(
        f"{TASK}: 3 collected (1 in place of an earlier one), 2 hand-ins in submitted/.\n"
    )
    found = submitted(course, "ann")
    assert found == {
        f"{TASK}.ipynb": FULL,
        "submission_secret.txt": SECRET,
        "timestamp.txt": LATER.encode(),
    }
    (kept,) = (course / "history" / TASK / "ann").iterdir()
    assert (kept / f"{TASK}.ipynb").read_bytes() == EMPTY
    assert [receipt.received for receipt in receipts_of(course, TASK)] == [
        "2026-03-02 09:30:00.000000 UTC",
        "2026-03-02 10:30:00.123456 UTC",
        "2026-03-02 09:30:00.000000 UTC",
    ]
    assert receipts_of(course, TASK)[0].left_out == ("course.py",)
    before = snapshot(course)
    again = collect(TASK)
    assert (again.exit_code, rows_of(again)["as before"]) == (0, "3")
    assert again.stdout.endswith(f"\n{TASK}: 0 collected, 2 hand-ins in submitted/.\n")
    assert snapshot(course) == before


def test_in_the_exchange_only_what_nbgrader_names_and_the_learner_owns_counts(course: Path) -> None:
    inbound = sent(course, "ann", EARLY).parent
    put(inbound / "bo" / TASK / f"{TASK}.ipynb", FULL)
    put(inbound / "bo.ipynb", FULL)
    (inbound / f"dee+{TASK}+{EARLY}+x").symlink_to(inbound / f"ann+{TASK}+{EARLY}+Rf8")
    linked = sent(course, "cy", EARLY)
    (linked / f"{TASK}.ipynb").unlink()
    (linked / f"{TASK}.ipynb").symlink_to(course / "assignments" / TASK / f"{TASK}.ipynb")
    sent(course, "stranger", EARLY)
    sent(course, "eli", "2026-99-99 99:99:99 UTC")
    sent(course, ELSEWHERE, EARLY)
    done = collect(TASK)
    assert done.exit_code == 12
    assert (rows_of(done)["waiting for you"], rows_of(done)["refused"]) == ("3", "2")
    assert done.stdout.endswith(f"{TASK}: 1 collected, 5 in quarantine/, 1 hand-in in submitted/.\n")
    assert os.listdir(course / "submitted") == ["ann"]
    told = done.stderr.splitlines()
    assert len(told) == 5
    for start, said in (
        ("cy+", "is a link, and links are never followed"),
        ("dee+", "is a link, and links are never followed"),
        ("stranger+", "nobody on the roster fits “stranger”"),
        ("eli+", "no time can be read"),
        (f"{ELSEWHERE}+", f"belongs to the account {pwd.getpwuid(os.getuid()).pw_name}"),
    ):
        (line,) = [line for line in told if line.startswith(start)]
        assert said in line
        assert "Kept with a sentence for the learner: quarantine/" in line


def test_one_account_may_hand_in_for_all_where_the_settings_say_so(course: Path) -> None:
    with (course / "nbgrader_config.py").open("a") as file:
        file.write("c.ExchangeCollect.check_owner = False\n")
    sent(course, ELSEWHERE, EARLY)
    assert collect(TASK).exit_code == 0
    assert submitted(course, ELSEWHERE)[f"{TASK}.ipynb"] == FULL


def test_an_owner_is_foreign_only_where_the_learner_has_an_account(tmp_path: Path) -> None:
    own = pwd.getpwuid(os.getuid()).pw_name
    assert foreign_owner(tmp_path, own) == ""
    assert foreign_owner(tmp_path, "nobody.of.this.name") == ""
    assert foreign_owner(tmp_path, ELSEWHERE) == own


def test_a_source_of_ones_own_is_typed_after_the_assignment(course: Path) -> None:
    put(course.parent / "in" / "Ann Holm_7_assignsubmission_file_" / "my work.ipynb", FULL)
    done = collect(TASK, "../in", "--received", "2026-03-02 17:00", "--zone", "Europe/Copenhagen")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(f"{TASK}: hand-ins looked at: 1\n")
    assert done.stdout.endswith(f"\n{TASK}: 1 collected, 1 hand-in in submitted/.\n")
    assert submitted(course, "ann")["timestamp.txt"] == b"2026-03-02 16:00:00.000000 UTC"


TYPED: list[tuple[tuple[str, ...], int, str]] = [
    (("--zone", "UTC"), 2, "go with a SOURCE"),
    (("nowhere",), 1, "nowhere: there is no such folder or .zip"),
    (("in", "--received", "noon"), 1, "--received: no time can be read in 'noon'"),
    (("in", "--received", "2026-03-02 17:00"), 1, "has no time zone; add --zone"),
    (("in", "--zone", "Mars/Base"), 1, "--zone Mars/Base: no such time zone"),
    (("in", "--people", "nobody.csv"), 1, "nobody.csv: it cannot be read"),
]


@pytest.mark.parametrize(("arguments", "status", "said"), TYPED)
def test_what_cannot_be_done_is_one_sentence(
    course: Path, arguments: tuple[str, ...], status: int, said: str
) -> None:
    (course / "in").mkdir()
    done = collect(TASK, *arguments)
    assert (done.exit_code, said in done.stderr) == (status, True), done.stderr


def test_a_program_gets_a_line_for_each_and_a_summary(course: Path) -> None:
    source = course.parent / "in"
    put(source / "ann.ipynb", FULL)
    put(source / "bo.zip", b"PK\3\4")
    put(source / "nobody.ipynb", FULL)
    done = collect(TASK, "../in", "--received", "2026-03-02T17:00Z", "--json")
    *arrivals, last = lines_of(done)
    assert {each["name"]: (each["learner"], each["outcome"]) for each in arrivals} == {
        "ann.ipynb": ("ann", "new"),
        "bo.zip": ("bo", "refused"),
        "nobody.ipynb": (None, "waits"),
    }
    by_name = {each["name"]: each for each in arrivals}
    assert by_name["ann.ipynb"]["received"] == "2026-03-02 17:00:00.000000 UTC"
    assert by_name["bo.zip"]["for_the_learner"].startswith("Your .zip cannot be opened; ")
    assert (course / by_name["bo.zip"]["place"] / "why.txt").is_file()
    assert (last["new"], last["waits"], last["refused"], last["there"]) == (1, 1, 1, 1)
    assert done.exit_code == last["exit_status"] == 12
    assert done.stderr.splitlines() == [each["sentence"] for each in arrivals if each["sentence"]]


def test_a_program_hears_why_nothing_was_taken(course: Path) -> None:
    done = collect(TASK, "nowhere", "--json")
    (line,) = lines_of(done)
    assert (done.exit_code, line["kind"], done.stderr) == (1, "fault", f"{line['sentence']}\n")


def test_progress_counts_everything_that_arrived_to_its_end(course: Path) -> None:
    source = course.parent / "in"
    for name in ("ann.ipynb", "bo.ipynb", "cy.pdf", "nobody.ipynb"):
        put(source / name, FULL)
    seen: list[tuple[int, int]] = []
    take(course, TASK, source, progress=lambda done, of: seen.append((done, of)))
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_the_roster_of_the_gradebook_counts_too(course: Path) -> None:
    (course / "roster.csv").write_text(ROSTER.replace("ann,Ann,Holm,ann@x.org\n", ""))
    from autograders.gradebook import open_gradebook

    (course / "gradebook.db").write_bytes(empty_gradebook())
    with open_gradebook(course) as grades:
        grades._book.update_or_create_student("ann")
    sent(course, "ann", EARLY)
    assert collect(TASK).exit_code == 0
    assert submitted(course, "ann")[f"{TASK}.ipynb"] == FULL


@pytest.mark.parametrize("likeness", [ELSEWHERE.upper(), "{0}@example.org"])
def test_a_likeness_of_somebodys_id_is_not_taken_for_them(course: Path, likeness: str) -> None:
    roster = course / "roster.csv"
    roster.write_text(roster.read_text() + "victim,Vic,Tim,victim@example.org\n")
    victim, name = ("victim", likeness.format("victim")) if "@" in likeness else (ELSEWHERE, likeness)
    sent(course, name, "2026-03-03 09:30:00.000000 UTC")
    sent(course, "ann", EARLY)
    done = collect(TASK)
    assert (done.exit_code & 8 or done.exit_code & 4) != 0
    assert not (course / "submitted" / victim).exists()
    assert (course / "submitted" / "ann").exists()


@pytest.mark.parametrize("roster", [True, False])
def test_a_plain_file_in_the_exchange_is_nobodys_and_stops_nobody(course: Path, *, roster: bool) -> None:
    if not roster:
        (course / "roster.csv").unlink()
    inbound = sent(course, "ann", EARLY).parent
    put(inbound / f"x_1_1_+{TASK}+{EARLY}", FULL)
    put(inbound / f"bo_1_1_+{TASK}+{EARLY}.ipynb", FULL)
    assert collect(TASK).exit_code == 0
    assert [each.name for each in (course / "submitted").iterdir()] == ["ann"]


@pytest.mark.parametrize(
    "stamp", ["2026-03-03 09:30:00 \udcff", f"2026-03-03 09:30:00\n{'9' * 42}m", "2026-03-03 09:30:00 1"]
)
def test_a_stamp_that_is_no_time_is_refused_alone(course: Path, stamp: str) -> None:
    for learner in ("bo", "cy"):
        sent(course, learner, EARLY)
    sent(course, "ann", stamp)
    done = collect(TASK)
    assert done.exit_code in (4, 8)
    assert "no time can be read in the folder's name" in done.stderr
    assert sorted(each.name for each in (course / "submitted").iterdir()) == ["bo", "cy"]
    assert len(receipts_of(course, TASK)) == 2


def test_the_short_name_of_the_exchanges_zone_is_understood_by_intake_and_marking(course: Path) -> None:
    with (course / "nbgrader_config.py").open("a") as file:
        file.write("c.Exchange.timezone = 'Europe/Copenhagen'\n")
    sent(course, "ann", "2026-07-02 09:30:00.000000 CEST")
    sent(course, "bo", "2026-07-02 09:30:00.000000 EDT")
    done = collect(TASK)
    assert [each.received for each in receipts_of(course, TASK)] == ["2026-07-02 07:30:00.000000 UTC"]
    assert read_submission(course, "ann", TASK).received == "2026-07-02 07:30:00.000000 UTC"
    assert "EDT" in done.stderr


@pytest.mark.parametrize("zone", ["localtime", "posixrules", "-03"])
def test_a_zone_that_each_machine_reads_otherwise_is_none(zone: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_stamp(f"2026-03-02 09:30:00 {zone}")


def test_the_course_folder_itself_is_no_source(course: Path) -> None:
    done = collect(TASK, ".")
    assert (done.exit_code, "this is the course folder itself" in done.stderr) == (1, True)
    assert not (course / "submitted").exists()


def test_an_id_that_is_too_long_for_a_file_is_refused_alone(course: Path) -> None:
    (course / "roster.csv").unlink()
    source = course.parent / "in"
    for learner in ("ann", "名" * 80):
        put(source / learner / f"{TASK}.ipynb", FULL)
    assert collect(TASK, str(source)).exit_code in (4, 8)
    assert [each.learner for each in receipts_of(course, TASK)] == ["ann"]


@pytest.mark.parametrize("name", ["._x.ipynb", ".DS_Store"])
def test_a_learners_folder_with_nothing_of_theirs_is_told(course: Path, name: str) -> None:
    put(course.parent / "in" / "ann" / name, b"x")
    done = collect(TASK, str(course.parent / "in"))
    assert (done.exit_code, "there is no notebook" in done.stderr) == (8, True)
