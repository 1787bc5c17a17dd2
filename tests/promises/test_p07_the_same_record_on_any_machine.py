"""P7: same submission, same course, same judge: same record, on any machine, locale, zone or hash seed."""

import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograders.results import latest, log_path
from autograders.submission import RefusedSubmission, read_submission
from tests.promises.handing_in import MODEL, PLAIN, TASK, Hostile, answering
from tests.promises.hostile import FAMILIES
from tests.promises.the_class import HONEST, class_of
from tests.small_class import ROOT, TIME, hand_in

CHOSEN = (
    *FAMILIES["identities"][::3],
    *(one for one in FAMILIES["texts"][::3] if one.most is not None),
    *(one for one in FAMILIES["files"] if "time" in one.tries or "zone" in one.tries or "year" in one.tries),
    Hostile(
        "letters that locales sort in their own way",
        answering(plan_1=f"{MODEL['plan_1']} Iıİi ÄäZz ñ"),
        "marked",
    ),
)
"""Whatever a locale, a zone, a clock or a hash could touch: names, letters, times."""


@dataclass(frozen=True)
class Machine:
    """Where a run stands: its environment, its folder, how many work, and how files lie on the disk."""

    environment: dict[str, str]
    folder: str = "/"
    workers: int = 1
    batch: int = 32
    mask: int = 0o022
    touched: float = 1_700_000_000.0


MACHINES = {
    "here": Machine({"LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0"}, workers=2),
    "an old terminal in Kiritimati": Machine(
        {
            "LC_ALL": "C", "LANG": "C", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1", "COLUMNS": "20",
            "PYTHONIOENCODING": "latin-1",
        },
        folder=str(ROOT), batch=3, mask=0o077, touched=1.0,
    ),
    "a desk in Turkey, before the epoch": Machine(
        {
            "LC_ALL": "tr_TR.UTF-8", "LANGUAGE": "tr", "TZ": "XYZ-05:45", "PYTHONHASHSEED": "4242",
            "HOME": "/nowhere", "PYTHONOPTIMIZE": "1", "PYTHONINTMAXSTRDIGITS": "640",
        },
        folder="/tmp", workers=2, batch=1, touched=4_000_000_000.0,
    ),
}  # fmt: skip


def made(course: Path) -> dict[str, bytes]:
    """Return every file that a run made, but for the gradebook, whose rows have ids by chance."""
    found: Iterable[Path] = (
        path
        for name in ("results", "autograded", "feedback", "exports")
        for path in (course / name).rglob("*")
    )
    return {str(path.relative_to(course)): path.read_bytes() for path in found if path.is_file()}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The course folder of each machine after its run."""
    return {name: run(machine, tmp_path_factory.mktemp("machine")) for name, machine in MACHINES.items()}


def run(machine: Machine, place: Path) -> Path:
    course = class_of(place / "a course folder", CHOSEN)
    for path in (course / "submitted").rglob("*"):
        os.utime(path, (machine.touched, machine.touched), follow_symlinks=False)
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.promises.anywhere",
            str(course),
            str(machine.workers),
            str(machine.batch),
        ],
        env=kept | {"HOME": str(place), "PYTHONPATH": str(ROOT)} | machine.environment,
        cwd=machine.folder,
        umask=machine.mask,
        check=True,
    )
    return course


@pytest.mark.parametrize("name", [name for name in MACHINES if name != "here"])
def test_every_file_is_the_same_to_the_byte(runs: dict[str, Path], name: str) -> None:
    here, there = made(runs["here"]), made(runs[name])
    assert here.keys() == there.keys()
    assert [path for path in here if here[path] != there[path]] == []


def test_there_is_something_to_compare(runs: dict[str, Path]) -> None:
    records = latest(runs["here"], TASK)
    assert len(records) == len(CHOSEN) + len(HONEST) > 60
    assert len(made(runs["here"])) > 150
    assert len(log_path(runs["here"], TASK).read_bytes().splitlines()) == len(records)


TIMES = [
    ("2026-03-02 09:30:00.000000 UTC", TIME),
    ("2026-03-02 09:30:00 UTC\n", TIME),
    ("2026-03-02 09:30", TIME),
    ("2026-03-02T09:30:00Z", TIME),
    ("2026-03-02 09:30:00 GMT", TIME),
    ("2026-03-02T10:30:00+01:00", TIME),
    ("2026-03-02 10:30:00.000000 +0100", TIME),
    ("2026-03-02 10:30:00.000000 Europe/Berlin", TIME),
    ("2026-03-02 10:30:00 CET", TIME),
    ("2026-03-02 04:30:00 EST", TIME),
    ("2026-03-02 18:30:00 JST", None),
    ("12:00", None),
    ("2026", None),
    ("10", None),
    ("today", None),
    ("1969-01-01 00:00:00", None),
    ("2026-02-30 00:00:00", None),
    ("2026-03-02 09:30:00 /etc/localtime", None),
    ("2026-03-02 09:30:00 ../zone", None),
    ("2026-03-02 09:30:00 Europe", None),
    ("2026-03-02 09:30:00 Europe/../UTC", None),
    ("yesterday, I think", None),
]


@pytest.mark.parametrize(("text", "received"), TIMES)
def test_the_time_of_receipt_is_told_in_utc_and_nothing_of_it_is_guessed(
    tmp_path: Path, text: str, received: str | None
) -> None:
    folder = hand_in(tmp_path, "ann", TASK, notebook=PLAIN)
    (folder / "timestamp.txt").write_text(text)
    submission = read_submission(tmp_path, "ann", TASK)
    assert submission.received == received
    assert bool(submission.notes) == (received is None)
    assert all("no time can be read in it" in note for note in submission.notes)


def test_a_refusal_is_the_same_wherever_the_course_stands(tmp_path: Path) -> None:
    told = []
    for place in (tmp_path / "a", tmp_path / "somewhere" / "else"):
        hand_in(place, "ann", TASK)
        with pytest.raises(RefusedSubmission) as refused:
            read_submission(place, "ann", TASK)
        told.append(str(refused.value))
    assert told[0] == told[1]
    assert str(tmp_path) not in told[0]
