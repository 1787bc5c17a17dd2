"""Taking a class in: from Canvas, Moodle and plain folders, honest beside hostile, twice, and killed.

Real files and archives in real folders. One class for all that only looks on.
"""

import json
import os
import re
import resource
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

from autograders.intake.keeping import standing
from autograders.intake.pieces import CannotTake, pieces_of
from autograders.intake.receipts import Receipt, open_ledger, receipts_of
from autograders.intake.refusals import Refused
from autograders.intake.taking import Taken, take
from autograders.marking import mark
from course.engine.packing import packed
from tests.small_class import answers_file, make_course, model_answers, notebook_with
from tests.test_intake_archives import BAD as BAD_ARCHIVES
from tests.test_intake_archives import zipped

TASK = "reading-replies"
OTHER = "heat-plan-a"
FULL = notebook_with(TASK, model_answers(TASK))
EMPTY = notebook_with(TASK, {})
FILE = answers_file(TASK, model_answers(TASK))
ZIP = packed({f"{TASK}.ipynb": FULL, f"{TASK}.answers.json": FILE, "receipt.json": b"{}"})
MARCH = 1_772_443_800.0
"""2026-03-02 09:30 UTC in seconds."""
ROSTER = """id,first_name,last_name,email
ann,Ann,Holm,ann@x.org
bo,Bo,Berg,bo@x.org
cy,Cy,Vang,cy@x.org
dee,Dee,Sol,dee@x.org
eli,Eli,Ravn,eli@x.org
twin.1,Kim,Dahl,
twin.2,Kim,Dahl,
"""


def put(path: Path, data: bytes, seconds: float = MARCH) -> Path:
    """Write a file that came at this time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (seconds, seconds))
    return path


def snapshot(course: Path) -> dict[str, bytes]:
    """Return every file that a course folder holds of a class, by name."""
    places = [course / name for name in ("submitted", "history", "receipts", "quarantine")]
    files = (path for place in places for path in place.rglob("*") if path.is_file())
    return {path.relative_to(course).as_posix(): path.read_bytes() for path in files}


def new_course(place: Path) -> Path:
    """Make as much of a course folder as taking in needs."""
    course = place / "course"
    for name in (TASK, OTHER):
        (course / "source" / name).mkdir(parents=True)
    (course / "roster.csv").write_text(ROSTER)
    return course


def submitted(course: Path, learner: str) -> dict[str, bytes]:
    place = course / "submitted" / learner / TASK
    return {path.name: path.read_bytes() for path in place.iterdir()}


HONEST: dict[str, dict[str, bytes]] = {
    "ann": {"holmann_77_4711_reading-replies.ipynb": FULL},
    "bo": {"bergbo_LATE_78_4712_reading-replies-hand-in.zip": ZIP},
    "cy": {
        "Cy Vang_30512_assignsubmission_file_/reading-replies.ipynb": EMPTY,
        "Cy Vang_30512_assignsubmission_file_/reading-replies.answers.json": FILE,
        "Cy Vang_30512_assignsubmission_onlinetext_/onlinetext.html": b"<p>Hello</p>",
    },
    "dee": {"dee/reading-replies/reading-replies.ipynb": FULL, "dee/heat-plan-a/heat-plan-a.ipynb": EMPTY},
    "eli": {"eli@x.org.zip": ZIP},
}


@dataclass(frozen=True)
class Bad:
    """A file that is refused: whose (None: nobody's), under which name, what is in it, and why not."""

    name: str
    data: bytes | Callable[[Path], object]
    kind: str
    learner: str | None = ""


def linked(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def folder_linked(path: Path) -> None:
    path.symlink_to(path.parent / "dee")


def many(path: Path) -> None:
    for number in range(51):
        put(path / f"{number}.txt", b"")


def large(path: Path) -> None:
    with put(path, b"").open("wb") as file:
        file.truncate(11 << 20)


BAD = {
    "x.pdf": Bad("onepetra_{n}_5_essay.pdf", b"%PDF", "nothing"),
    "x.rar": Bad("onepetra_{n}_5_reading-replies.rar", b"Rar!", "packing"),
    "renamed zip": Bad("onepetra_{n}_5_reading-replies.ipynb", ZIP, "mislabelled"),
    "renamed notebook": Bad("onepetra_{n}_5_reading-replies.zip", FULL, "mislabelled"),
    "empty": Bad("onepetra_{n}_5_reading-replies.ipynb", b"", "empty"),
    "large": Bad("onepetra_{n}_5_reading-replies.ipynb", FULL + b" " * (2 << 20), "large"),
    "huge": Bad("onepetra_{n}_5_reading-replies.ipynb", large, "large"),
    "other": Bad("onepetra_{n}_5_heat-plan-a-1.ipynb", FULL, "other"),
    "link": Bad("h{n}/reading-replies.ipynb", linked, "link"),
    "pipe": Bad("h{n}/reading-replies.ipynb", os.mkfifo, "odd"),
    "many": Bad("h{n}", many, "many"),
    "several": Bad(
        "h{n}", lambda path: [put(path / name, FULL) for name in ("a.ipynb", "b.ipynb")], "several"
    ),
    "nothing": Bad("h{n}", lambda path: path.mkdir(), "nothing"),
    "stranger": Bad("strangersam_99_5_reading-replies.ipynb", FULL, "unknown", None),
    "twins": Bad("dahlkim_98_5_reading-replies.ipynb", FULL, "ambiguous", None),
    "line break": Bad("a\nb/reading-replies.ipynb", FULL, "unknown", None),
    "no unicode": Bad(os.fsdecode(b"\xff\xfe.ipynb"), FULL, "unknown", None),
    "bidi": Bad("\u202eann.ipynb", FULL, "unknown", None),
    "formula": Bad("=HYPERLINK(1).ipynb", FULL, "unknown", None),
    "star": Bad("*/reading-replies.ipynb", FULL, "unknown", None),
    "linked folder": Bad("linked", folder_linked, "link", None),
} | {
    name: Bad("onepetra_{n}_5_reading-replies-hand-in.zip", data, kind)
    for name, (data, kind) in BAD_ARCHIVES.items()
    if kind not in ("other", "several", "empty", "large")
    if name not in ("no archive", "many that are large")
}  # fmt: skip


@dataclass(frozen=True)
class Class:
    """A class that was taken in twice: what the runs said, and what stood after each."""

    course: Path
    source: Path
    first: Taken
    second: Taken
    after: tuple[dict[str, bytes], dict[str, bytes]]


def hostile_name(name: str) -> tuple[str, str]:
    """Return what a bad file is called in the source, and its learner's id."""
    number = list(BAD).index(name) + 1000
    return BAD[name].name.format(n=number).replace("onepetra", f"one{number}petra"), f"h{number}"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Class:
    place = tmp_path_factory.mktemp("intake")
    hostile = "".join(f"{hostile_name(name)[1]},petra,one{hostile_name(name)[1][1:]},\n" for name in BAD)
    course, source = make_course(place / "course", assignments=(TASK, OTHER)), place / "download"
    (course / "roster.csv").write_text(ROSTER + hostile)
    for files in HONEST.values():
        for name, data in files.items():
            put(source / name, data)
    for name, bad in BAD.items():
        path = source / hostile_name(name)[0]
        path.parent.mkdir(exist_ok=True)
        put(path, bad.data) if isinstance(bad.data, bytes) else bad.data(path)
    first = take(course, TASK, source)
    after = snapshot(course)
    return Class(course, source, first, take(course, TASK, source), (after, snapshot(course)))


@pytest.mark.parametrize("learner", HONEST)
def test_the_honest_are_taken_beside_whatever_else_arrives(room: Class, learner: str) -> None:
    found = submitted(room.course, learner)
    assert found[f"{TASK}.ipynb"] == (EMPTY if learner == "cy" else FULL)
    assert found["timestamp.txt"] == b"2026-03-02 09:30:00.000000 UTC"
    beside = {"cy": {f"{TASK}.answers.json"}}
    zipped = {f"{TASK}.answers.json", "receipt.json"}
    more = beside.get(learner, zipped if learner in ("bo", "eli") else set())
    assert set(found) == {f"{TASK}.ipynb", "timestamp.txt", *more}


@pytest.mark.parametrize("name", BAD)
def test_each_bad_hand_in_is_in_quarantine_with_two_sentences(room: Class, name: str) -> None:
    bad, (path, learner) = BAD[name], hostile_name(name)
    top = path.split("/")[0]
    whys = [json.loads(data) for place, data in room.after[0].items() if place.endswith("/why.json")]
    (why,) = [each for each in whys if each["envelope"] == top]
    assert why["kind"] == bad.kind
    assert why["learner"] == (None if bad.learner is None else learner)
    (told,) = [each for each in room.first.told if each.startswith(why["for_the_instructor"])]
    assert told.isprintable()
    assert not (room.course / "submitted" / learner).exists()


@pytest.mark.parametrize("name", [name for name, bad in BAD.items() if isinstance(bad.data, bytes)])
def test_what_is_refused_is_kept_byte_for_byte(room: Class, name: str) -> None:
    data = BAD[name].data
    assert isinstance(data, bytes)
    top = hostile_name(name)[0].split("/")[0]
    for why in (room.course / "quarantine" / TASK).glob("*/why.json"):
        reason = json.loads(why.read_bytes())
        if reason["envelope"] == top:
            (file,) = reason["files"]
            assert (why.parent / "files" / file["kept_as"]).read_bytes() == data
            assert file["sha256"] == sha256(data).hexdigest()
            text = (why.parent / "why.txt").read_text(encoding="utf-8")
            assert reason["for_the_learner"] in text
            assert reason["for_the_instructor"] in text
            return
    raise AssertionError(name)


def test_everyone_is_counted_and_the_exit_status_tells(room: Class) -> None:
    waits = sum(bad.kind in ("unknown", "ambiguous") for bad in BAD.values())
    assert room.first.counts == {"new": len(HONEST), "waits": waits, "refused": len(BAD) - waits}
    assert len(room.first.told) == len(BAD)
    assert room.first.exit_status == 12
    assert room.first.sentence == f"{TASK}: 5 collected, {len(BAD)} in quarantine/, 5 hand-ins in submitted/."


def test_a_second_run_changes_nothing(room: Class) -> None:
    assert room.after[0] == room.after[1]
    again = {"before" if outcome == "new" else outcome: n for outcome, n in room.first.counts.items()}
    assert room.second.counts == again
    assert room.second.notes == ()
    assert room.second.sentence.startswith(f"{TASK}: 0 collected, ")


def test_the_source_is_only_read(room: Class) -> None:
    for files in HONEST.values():
        assert all((room.source / name).read_bytes() == data for name, data in files.items())


def test_each_has_a_receipt_as_a_line_and_as_a_text(room: Class) -> None:
    found = {receipt.learner: receipt for receipt in receipts_of(room.course, TASK)}
    assert set(found) == set(HONEST)
    bo = found["bo"]
    assert bo.sha256 == sha256(ZIP).hexdigest()
    assert bo.taken == {
        f"{TASK}.answers.json": sha256(FILE).hexdigest(),
        f"{TASK}.ipynb": sha256(FULL).hexdigest(),
    }
    assert (bo.late_on_the_platform, found["ann"].late_on_the_platform) == (True, False)
    assert found["cy"].left_out == ("onlinetext.html",)
    (page,) = (room.course / "receipts" / TASK).glob("bo-*.txt")
    text = page.read_text(encoding="utf-8")
    for part in ("Bo Berg (bo)", TASK, "2026-03-02 09:30:00", bo.sha256, "marked it as late", "counts"):
        assert part in text


def test_what_was_taken_is_marked(room: Class) -> None:
    summary = mark(room.course, TASK)
    assert {line.learner: (line.status, line.points) for line in summary.lines} == dict.fromkeys(
        HONEST, ("graded", 18.0)
    )


def test_a_receipt_that_was_changed_is_noticed(tmp_path: Path) -> None:
    course, source = new_course(tmp_path), tmp_path / "in"
    put(source / "ann.ipynb", FULL)
    put(source / "bo.ipynb", FULL)
    take(course, TASK, source)
    ledger = course / "receipts" / f"{TASK}.jsonl"
    ledger.write_bytes(ledger.read_bytes().replace(b"09:30", b"08:30", 1))
    with pytest.raises(CannotTake, match=r"reading-replies.jsonl, line 2: .* was changed"):
        take(course, TASK, source)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return new_course(tmp_path)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def statuses(course: Path, learner: str = "ann") -> list[tuple[str, str]]:
    found: list[Receipt] = [each for each in receipts_of(course, TASK) if each.learner == learner]
    return [(each.received[:16], each.status) for each in found]


def test_handing_in_again_keeps_the_earlier_one(course: Path, source: Path) -> None:
    put(source / "1" / "holmann_7_41_reading-replies.ipynb", EMPTY, MARCH)
    put(source / "2" / "holmann_7_42_reading-replies-1.ipynb", FULL, MARCH + 3600)
    take(course, TASK, source / "1")
    taken = take(course, TASK, source / "2")
    assert taken.sentence == f"{TASK}: 1 collected (1 in place of an earlier one), 1 hand-in in submitted/."
    assert "ann: handed in again" in taken.notes[0]
    assert submitted(course, "ann")[f"{TASK}.ipynb"] == FULL
    (kept,) = (course / "history" / TASK / "ann").iterdir()
    assert kept.name.startswith("2026-03-02T093000")
    assert (kept / f"{TASK}.ipynb").read_bytes() == EMPTY
    before = snapshot(course)
    take(course, TASK, source / "1")
    take(course, TASK, source / "2")
    assert snapshot(course) == before, "the older download again does not bring the older hand-in back"
    assert statuses(course) == [("2026-03-02 09:30", "counts"), ("2026-03-02 10:30", "counts")]
    assert "takes the place of the hand-in received 2026-03-02 09:30" in receipts_of(course, TASK)[1].notes[0]


def test_an_earlier_one_that_comes_later_goes_to_history(course: Path, source: Path) -> None:
    take(course, TASK, put(source / "2" / "ann.ipynb", FULL, MARCH + 3600).parent)
    taken = take(course, TASK, put(source / "1" / "ann.ipynb", EMPTY, MARCH).parent)
    assert taken.counts == {"earlier": 1}
    assert submitted(course, "ann")[f"{TASK}.ipynb"] == FULL
    assert statuses(course) == [("2026-03-02 10:30", "counts"), ("2026-03-02 09:30", "earlier")]
    (kept,) = (course / "history" / TASK / "ann").iterdir()
    assert (kept / f"{TASK}.ipynb").read_bytes() == EMPTY


def test_of_several_in_one_download_the_platforms_numbers_tell_the_last(course: Path, source: Path) -> None:
    for order, (again, data) in enumerate({"": EMPTY, "-1": FULL.replace(b"1", b"2"), "-2": FULL}.items()):
        put(source / f"holmann_7_{99 + order}_reading-replies{again}.ipynb", data)
    take(course, TASK, source)
    assert submitted(course, "ann")[f"{TASK}.ipynb"] == FULL
    assert len(list((course / "history" / TASK / "ann").iterdir())) == 2
    assert [receipt.left_out for receipt in receipts_of(course, TASK)] == [()] * 3
    before = snapshot(course)
    take(course, TASK, source)
    assert snapshot(course) == before


def test_the_same_again_later_keeps_the_earlier_time(course: Path, source: Path) -> None:
    put(source / "ann.ipynb", FULL)
    for time in ("2026-03-02T12:00Z", "2026-03-02T18:00Z", "2026-03-02T11:00Z", "2026-03-02T18:00Z"):
        take(course, TASK, source, received=time)
    assert submitted(course, "ann")["timestamp.txt"] == b"2026-03-02 11:00:00.000000 UTC"
    assert statuses(course) == [
        ("2026-03-02 12:00", "counts"),
        ("2026-03-02 18:00", "same"),
        ("2026-03-02 11:00", "counts"),
    ]
    assert not (course / "history").exists()


def test_a_copy_of_the_files_with_a_new_time_is_no_new_hand_in(course: Path, source: Path) -> None:
    put(source / "ann.ipynb", FULL)
    take(course, TASK, source)
    before = snapshot(course)
    os.utime(source / "ann.ipynb", (MARCH + 9e6, MARCH + 9e6))
    assert take(course, TASK, source).counts == {"before": 1}
    assert snapshot(course) == before


def test_no_time_and_no_name_from_inside_is_believed(course: Path, source: Path) -> None:
    inside = packed({f"{TASK}.ipynb": FULL, "timestamp.txt": b"2020-01-01 00:00:00.000000 UTC",
                     "receipt.json": b'{"handed_in": "2020-01-01", "learner": "bo"}'})  # fmt: skip
    put(source / "ann.zip", inside)
    put(source / "cy" / TASK / f"{TASK}.ipynb", FULL)
    put(source / "cy" / TASK / "timestamp.txt", b"2020-01-01 00:00:00.000000 UTC")
    take(course, TASK, source)
    for learner in ("ann", "cy"):
        assert submitted(course, learner)["timestamp.txt"].startswith(b"2026-03-02 09:30")
    assert not (course / "submitted" / "bo").exists()


def test_a_platforms_list_tells_who_and_when(course: Path, source: Path, tmp_path: Path) -> None:
    worksheet = tmp_path / "worksheet.csv"
    worksheet.write_text(
        "Identifier,Full name,Email address,Last modified (submission)\n"
        'Participant 77,Annie H,ann@x.org,"Monday, 2 March 2026, 5:00 PM"\n'
    )
    put(source / "Annie H_77_assignsubmission_file_" / f"{TASK}.ipynb", FULL)
    first = take(course, TASK, source)
    assert (first.counts, first.exit_status) == ({"waits": 1}, 4)
    taken = take(course, TASK, source, lists=[worksheet], zone="Europe/Copenhagen")
    assert (taken.counts, taken.told) == ({"new": 1}, ())
    assert submitted(course, "ann")["timestamp.txt"] == b"2026-03-02 16:00:00.000000 UTC"
    (settled,) = (course / "quarantine" / TASK).glob("*/settled.txt")
    assert "a hand-in of ann" in settled.read_text()
    with pytest.raises(ValueError, match="no time zone; add --zone"):
        take(course, TASK, source, lists=[worksheet])


def test_two_people_of_one_name_there_are_not_one_here(course: Path, source: Path) -> None:
    put(source / "Ann Holm_1_assignsubmission_file_" / f"{TASK}.ipynb", FULL)
    put(source / "Ann Holm_2_assignsubmission_file_" / f"{TASK}.ipynb", EMPTY)
    taken = take(course, TASK, source)
    assert (taken.counts, taken.exit_status) == ({"waits": 2}, 4)
    assert "has the numbers 1 and 2 there" in taken.told[0]


def test_where_nothing_tells_which_came_last_a_person_is_asked(course: Path, source: Path) -> None:
    put(source / "ann.ipynb", FULL)
    put(source / "ann@x.org.ipynb", EMPTY)
    put(source / "bo.ipynb", FULL)
    put(source / "Bo Berg.ipynb", FULL)
    taken = take(course, TASK, source)
    assert (taken.counts, len(taken.told)) == ({"new": 1, "before": 1, "refused": 2}, 2)
    assert all("several notebooks, ann.ipynb, ann@x.org.ipynb" in told for told in taken.told)
    assert os.listdir(course / "submitted") == ["bo"]


def test_a_download_with_one_name_twice_is_no_ones_choice(course: Path, tmp_path: Path) -> None:
    (tmp_path / "two.zip").write_bytes(zipped(("ann.ipynb", FULL), ("ann.ipynb", EMPTY), ("bo.ipynb", FULL)))
    taken = take(course, TASK, tmp_path / "two.zip")
    assert (taken.counts, taken.exit_status) == ({"new": 1, "refused": 1}, 8)
    assert "ann.ipynb is there twice" in taken.told[0]


def test_a_notebook_and_the_zip_made_from_it_are_one_hand_in_and_the_zip_counts(
    course: Path, source: Path
) -> None:
    place = source / "Ann Holm_1_assignsubmission_file_"
    put(place / f"{TASK}.ipynb", EMPTY)
    put(place / f"{TASK}-hand-in.zip", ZIP)
    take(course, TASK, source)
    assert submitted(course, "ann")[f"{TASK}.ipynb"] == FULL


def download(path: Path, files: dict[str, bytes]) -> Path:
    """Write what a platform lets an instructor download, with dates in it that mean nothing."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (1999, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    os.utime(path, (MARCH, MARCH))
    return path


def test_a_platforms_download_is_taken_as_it_is(course: Path, tmp_path: Path) -> None:
    files = {name: data for each in HONEST.values() for name, data in each.items()}
    bad = {"../../bo/reading-replies.ipynb": FULL, "solly_1_2_reading-replies.zip": b" " * (1 << 20)}
    taken = take(course, TASK, download(tmp_path / "submissions.zip", files | bad))
    assert taken.counts == {"new": 5, "refused": 2}
    for learner in HONEST:
        assert submitted(course, learner)["timestamp.txt"] == b"2026-03-02 09:30:00.000000 UTC"
    before = snapshot(course)
    take(course, TASK, tmp_path / "submissions.zip")
    assert snapshot(course) == before


def test_what_stock_nbgrader_collected_gets_its_receipt(course: Path, source: Path) -> None:
    put(course / "submitted" / "ann" / TASK / f"{TASK}.ipynb", FULL)
    put(course / "submitted" / "ann" / TASK / "timestamp.txt", b"2026-03-01 08:00:00.000000 UTC")
    put(source / "ann.ipynb", FULL)
    assert take(course, TASK, source).counts == {"before": 1}
    assert statuses(course) == [("2026-03-01 08:00", "counts")]


def test_what_stands_there_unread_is_moved_and_kept(course: Path, source: Path) -> None:
    put(course / "submitted" / "ann" / TASK / "Reading replies.ipynb", EMPTY)
    put(source / "ann.ipynb", FULL)
    assert take(course, TASK, source).counts == {"replaced": 1}
    (kept,) = (course / "history" / TASK / "ann").iterdir()
    assert (kept / "Reading replies.ipynb").read_bytes() == EMPTY


def test_a_full_disk_is_told_and_what_stood_there_stands(course: Path, source: Path) -> None:
    take(course, TASK, put(source / "1" / "ann.ipynb", EMPTY).parent)
    before = snapshot(course)
    put(source / "2" / "ann.ipynb", FULL, MARCH + 60)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(FULL) // 2, hard))
    try:
        with pytest.raises(CannotTake, match=r"cannot be written \(.*\); make room or rights"):
            take(course, TASK, source / "2")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert snapshot(course) == before
    assert take(course, TASK, source / "2").counts == {"replaced": 1}


def test_a_folder_that_became_a_link_after_it_was_seen_is_not_followed(course: Path, source: Path) -> None:
    key = put(course / "keys" / f"{TASK}.ipynb", b"the key")
    put(source / "ann" / f"{TASK}.ipynb", FULL)
    with pieces_of(source, lambda _: True) as found:
        (piece,) = found
        assert piece.read(len(FULL)) == FULL
        (source / "ann").rename(source / "away")
        (source / "ann").symlink_to(key.parent)
        with pytest.raises(Refused, match="unreadable"):
            piece.read(len(FULL))


def test_nothing_is_put_through_a_link(course: Path, source: Path) -> None:
    (course / "elsewhere").mkdir()
    (course / "submitted").mkdir()
    (course / "submitted" / "ann").symlink_to(course / "elsewhere")
    put(source / "ann.ipynb", FULL)
    taken = take(course, TASK, source)
    assert taken.counts == {"waits": 1}
    assert list((course / "elsewhere").iterdir()) == []


def test_a_place_that_is_taken_stops_nobody_else(course: Path, source: Path) -> None:
    put(course / "submitted" / "ann", b"a file")
    put(source / "ann.ipynb", FULL)
    put(source / "bo.ipynb", FULL)
    taken = take(course, TASK, source)
    assert taken.counts == {"new": 1, "waits": 1}
    assert "submitted/ann is no folder of ours and is in the way" in taken.told[0]
    assert (course / "submitted" / "ann").read_bytes() == b"a file"


def test_a_submitted_that_was_deleted_comes_back(course: Path, source: Path) -> None:
    put(source / "ann.ipynb", FULL)
    take(course, TASK, source)
    before = snapshot(course)
    for path in (course / "submitted" / "ann" / TASK).iterdir():
        path.unlink()
    (course / "submitted" / "ann" / TASK).rmdir()
    assert take(course, TASK, source).counts == {"before": 1}
    assert snapshot(course) == before


class Killed(BaseException):
    """What stops a run in the middle, as a kill does."""


def kill_at(number: int, patch: pytest.MonkeyPatch) -> None:
    """Stop at the so-manieth time that something is to be on the disk or is moved."""
    left = [number]

    def counting(real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            left[0] -= 1
            if left[0] == 0:
                raise Killed
            return real(*arguments, **options)

        return call

    for name in ("sync", "fsync", "rename", "mkdir", "write"):
        patch.setattr(os, name, counting(getattr(os, name)))


def test_a_run_that_was_killed_anywhere_is_run_again_to_the_same_end(tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    for source, data, when in ((first, EMPTY, MARCH), (second, FULL, MARCH + 60)):
        put(source / "ann.ipynb", data, when)
        put(source / "bo.zip", ZIP if data is FULL else packed({f"{TASK}.ipynb": EMPTY}), when)
        put(source / "dee" / "x.ipynb", data, 2 * MARCH - when)
        put(source / "cy.ipynb", b"", when)

    def end(place: Path, kill: int) -> tuple[dict[str, bytes], bool]:
        course = new_course(place)
        take(course, TASK, first)
        killed = False
        with pytest.MonkeyPatch.context() as patch:
            kill_at(kill, patch)
            try:
                take(course, TASK, second)
            except Killed:
                killed = True
        take(course, TASK, second)
        return snapshot(course), killed

    undisturbed, _ = end(tmp_path / "undisturbed", 0)
    for number in range(1, 100):
        found, killed = end(tmp_path / f"killed-{number}", number)
        assert found.keys() == undisturbed.keys(), number
        assert found == undisturbed, number
        if not killed:
            break
    assert number > 20


def test_a_torn_last_receipt_is_written_anew(course: Path, source: Path) -> None:
    put(source / "ann.ipynb", FULL)
    take(course, TASK, source)
    before = snapshot(course)
    ledger = course / "receipts" / f"{TASK}.jsonl"
    ledger.write_bytes(ledger.read_bytes()[:-20])
    take(course, TASK, source)
    assert snapshot(course) == before


def test_receipts_whose_line_breaks_an_editor_changed_still_count(course: Path, source: Path) -> None:
    put(source / "ann.ipynb", FULL)
    put(source / "bo.ipynb", FULL)
    take(course, TASK, source)
    ledger = course / "receipts" / f"{TASK}.jsonl"
    ledger.write_bytes(ledger.read_bytes().replace(b"\n", b"\r\n"))
    before = snapshot(course)
    take(course, TASK, source)
    assert snapshot(course) == before


def test_two_runs_at_once_are_told_to_wait(course: Path, source: Path) -> None:
    with open_ledger(course, TASK), pytest.raises(CannotTake, match="another run is collecting it"):
        take(course, TASK, source)


def test_nothing_there_is_nothing_taken(course: Path, source: Path) -> None:
    taken = take(course, TASK, source)
    assert (taken.exit_status, taken.sentence) == (0, f"{TASK}: 0 collected, 0 hand-ins in submitted/.")
    assert standing(course, "ann", TASK) is None


CANNOT: dict[str, tuple[str, str]] = {
    "nowhere": (TASK, "there is no such folder or .zip"),
    "homework.zip": (TASK, "this is no .zip that can be opened"),
    "in": ("reading-replys", "no assignment 'reading-replys' in source/; did you mean 'reading-replies'?"),
}


@pytest.mark.parametrize("name", CANNOT)
def test_a_source_or_assignment_that_is_none_is_told(course: Path, source: Path, name: str) -> None:
    task, said = CANNOT[name]
    (source.parent / "homework.zip").write_bytes(b"here is my homework")
    with pytest.raises(CannotTake, match=re.escape(said)):
        take(course, task, source.parent / name)


def test_a_platforms_names_need_a_roster(course: Path, source: Path) -> None:
    (course / "roster.csv").unlink()
    put(source / "holmann_7_41_reading-replies.ipynb", FULL)
    with pytest.raises(CannotTake, match=r"roster.csv: not there"):
        take(course, TASK, source)
