"""Handing in: nothing is lost on the way, everything is told, and stock nbgrader collects what arrives."""

import io
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from autograders import exchange
from course.engine.answers import answers_of, answers_path, fingerprint, questions_in, write_answer
from course.engine.hand_in import Sent, check_form, hand_in_notebook

NOON = datetime(2026, 3, 4, 12, 0, 0, tzinfo=UTC)

REPLIES = '[{"id": "r1", "text": "Oh."}, {"id": "r2", "text": "Well."}]'
SORT = f"""from course import sort
sort("replies_1", {{"complaint": "Cold, as in x=1 (again)", "replies": {REPLIES}, "labels": ["hear"]}})"""
WRITE = """from course import write
from autograders import judge
write("plan_1", {"complaint": "Cold soup"}, judge=judge, min_words=5)"""


def cell(name: str, source: str, *, solution: bool) -> dict[str, Any]:
    """Return a cell of an assignment as it is built."""
    marks = {"grade": False, "solution": solution, "locked": not solution, "task": False, "grade_id": name}
    metadata = {"nbgrader": {**marks, "schema_version": 3}}
    return {
        "cell_type": "code",
        "id": name,
        "metadata": metadata,
        "execution_count": None,
        "outputs": [],
        "source": source,
    }


def assignment(replies: str = "replies_1 = None", plan: str = "plan_1 = None") -> bytes:
    """Return the bytes of an assignment's notebook with two questions."""
    cells = [
        cell("replies_1", f"{replies}\n# Your answer is kept here for you.", solution=True),
        cell("replies_1_player", SORT, solution=False),
        cell("plan_1", plan, solution=True),
        cell("plan_1_player", WRITE, solution=False),
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": cells}).encode()


DONE = assignment('replies_1 = {"r1": "hear", "r2": "act"}', 'plan_1 = "I would listen to her first"')


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A learner's notebook, in a folder of its own, on a computer without any settings."""
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home" / name))
    for name in ("JPY_SESSION_NAME", "NBGRADER_EXECUTION"):
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "work" / "heat-plan-a" / "heat-plan-a.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes(assignment())
    monkeypatch.chdir(path.parent)
    return path


FORMS: list[tuple[bytes, tuple[str, ...]]] = [
    (DONE, ("Everything is answered.",)),
    (assignment(), ("0 of 2 questions are complete.", "replies_1: nothing yet", "plan_1: nothing yet")),
    (
        assignment('replies_1 = {"r1": "hear"}', 'plan_1 = "I listen"'),
        (
            "0 of 2 questions are complete.",
            "replies_1: 1 of 2 labelled",
            "plan_1: 2 words. 5 or more can be judged.",
        ),
    ),
    (
        assignment('replies_1 = {"r1": "", "r9": "hear"}', 'plan_1 = " \\n"'),
        ("0 of 2 questions are complete.", "replies_1: nothing yet", "plan_1: nothing yet"),
    ),
    (
        assignment('replies_1 = "hear"', "plan_1 = [1]"),
        (
            "0 of 2 questions are complete.",
            "replies_1: what is kept here does not fit this question. Answer it again.",
            "plan_1: what is kept here does not fit this question. Answer it again.",
        ),
    ),
]


@pytest.mark.parametrize(("data", "told"), FORMS)
def test_the_form_says_what_is_answered_and_what_is_not(
    opened: Path, data: bytes, told: tuple[str, ...]
) -> None:
    opened.write_bytes(data)
    assert check_form(opened).told == told


def test_a_notebook_says_what_it_asks() -> None:
    asked = questions_in(json.loads(DONE), "heat-plan-a.ipynb")
    assert {name: (each.replies, each.min_words) for name, each in asked.items()} == {
        "replies_1": (("r1", "r2"), 0),
        "plan_1": ((), 5),
    }


RECEIPT = """{
 "answers_sha256": "%s",
 "assignment": "heat-plan-a",
 "complete": [
  "plan_1"
 ],
 "format": 1,
 "handed_in": "2026-03-04T12:00:00+00:00",
 "notes": [],
 "open": {
  "replies_1": "replies_1: nothing yet"
 }
}
"""


def test_handing_in_packs_everything_and_says_so(opened: Path) -> None:
    write_answer(answers_path(opened), "plan_1", "I would “listen” to her — first")
    before = opened.read_bytes()
    handed = hand_in_notebook(opened, "heat-plan-a", when=NOON)
    assert handed.told == (
        "1 of 2 questions are complete.",
        "replies_1: nothing yet",
        "There is no class folder here, so your answers were packed into a file.",
        "Packed into heat-plan-a-hand-in.zip. Send this file to your instructor.",
    )
    assert not handed.sent
    assert handed.zip == opened.with_name("heat-plan-a-hand-in.zip")
    with zipfile.ZipFile(handed.zip) as archive:
        assert archive.namelist() == ["heat-plan-a.answers.json", "heat-plan-a.ipynb", "receipt.json"]
        hash_ = fingerprint({"replies_1": None, "plan_1": "I would “listen” to her — first"})
        assert archive.read("receipt.json").decode() == RECEIPT % hash_
        archive.extractall(opened.parent / "out")
    assert opened.read_bytes() == before
    (opened.parent / "out" / "heat-plan-a.answers.json").unlink()
    alone = answers_of(opened.parent / "out" / "heat-plan-a.ipynb", ["plan_1"])
    assert alone.values == {"plan_1": "I would “listen” to her — first"}


def test_the_handed_in_notebook_and_the_file_beside_it_agree(opened: Path) -> None:
    opened.write_bytes(assignment(plan='plan_1 = "old"'))
    write_answer(answers_path(opened), "plan_1", "new", "old")
    handed = hand_in_notebook(opened, "heat-plan-a", when=NOON)
    assert handed.zip is not None
    with zipfile.ZipFile(handed.zip) as archive:
        archive.extractall(opened.parent / "out")
    read = answers_of(opened.parent / "out" / "heat-plan-a.ipynb", ["plan_1"])
    assert (read.values, read.notes) == ({"plan_1": "new"}, ())


def test_the_same_answers_give_the_same_bytes(opened: Path, tmp_path: Path) -> None:
    opened.write_bytes(DONE)
    first = hand_in_notebook(opened, "heat-plan-a", when=NOON).zip
    assert first is not None
    bytes_ = first.read_bytes()
    os.utime(opened, (1, 1))
    elsewhere = tmp_path / "elsewhere" / opened.name
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(DONE)
    in_another_zone = NOON.astimezone(timezone(timedelta(hours=5)))
    second = hand_in_notebook(elsewhere, "heat-plan-a", when=in_another_zone).zip
    assert second is not None
    assert second.read_bytes() == bytes_


def test_a_renamed_notebook_is_handed_in_under_its_own_name(opened: Path) -> None:
    copy = opened.rename(opened.with_name("my plan (1).ipynb"))
    handed = hand_in_notebook(copy, "heat-plan-a", when=NOON)
    assert "Your notebook is called my plan (1).ipynb. It is handed in as heat-plan-a.ipynb." in handed.told
    assert handed.zip is not None
    with zipfile.ZipFile(handed.zip) as archive:
        assert "heat-plan-a.ipynb" in archive.namelist()


UNREADABLE = [
    (b"", "the file is empty"),
    (DONE[:-5], "half-written"),
    (b"\xff", "UTF-8"),
    (None, "no such file"),
]


@pytest.mark.parametrize(("data", "sentence"), UNREADABLE, ids=["empty", "half", "bytes", "missing"])
def test_an_unreadable_notebook_is_told_and_nothing_is_sent(
    opened: Path, data: bytes | None, sentence: str
) -> None:
    opened.unlink()
    if data is not None:
        opened.write_bytes(data)
    post = Post()
    handed = hand_in_notebook(opened, "heat-plan-a", when=NOON, through=post)
    assert (handed.receipt, handed.zip, handed.sent, post.sent) == (None, None, False, [])
    assert handed.told[0].startswith("Nothing was handed in. heat-plan-a.ipynb: ")
    assert sentence in handed.told[0]


def test_a_broken_file_beside_the_notebook_stops_nothing(opened: Path) -> None:
    opened.write_bytes(DONE)
    answers_path(opened).write_bytes(b"\xff" * 300_000)
    handed = hand_in_notebook(opened, "heat-plan-a", when=NOON)
    assert handed.receipt is not None
    assert handed.receipt.complete == ("replies_1", "plan_1")
    assert any("larger than 256 KiB" in note for note in handed.receipt.notes)
    assert answers_path(opened).read_bytes() == b"\xff" * 300_000


@dataclass
class Post:
    """A way to send that keeps what it was given."""

    sent: list[dict[str, bytes]] = field(default_factory=list)

    def submit(
        self, folder: Path, assignment: str, *, learner: str | None, when: datetime, course: Path
    ) -> Sent:
        """Keep the files of the folder."""
        self.sent.append({file.name: file.read_bytes() for file in folder.iterdir()})
        return Sent(done=True, told=f"{assignment} of {learner} at {when:%H:%M}.")


class Broken:
    """A way to send that fails."""

    def submit(self, folder: Path, assignment: str, **_: Any) -> Sent:
        """Fail."""
        raise ConnectionError("the line is cut")


def test_what_is_sent_is_what_is_packed_and_nothing_else_of_the_folder(opened: Path) -> None:
    (opened.parent / "nbgrader_config.py").write_text("raise SystemExit('never read')", encoding="utf-8")
    (opened.parent / "private.txt").write_text("private", encoding="utf-8")
    post = Post()
    handed = hand_in_notebook(opened, "heat-plan-a", when=NOON, through=post, learner="mira")
    assert handed.sent
    assert handed.told[-2:] == (
        "heat-plan-a of mira at 12:00.",
        "heat-plan-a-hand-in.zip is your own copy of it.",
    )
    assert handed.zip is not None
    with zipfile.ZipFile(io.BytesIO(handed.zip.read_bytes())) as archive:
        assert post.sent == [{name: archive.read(name) for name in archive.namelist()}]


def test_when_sending_fails_the_answers_are_packed_and_it_is_told(opened: Path) -> None:
    handed = hand_in_notebook(opened, "heat-plan-a", when=NOON, through=Broken())
    assert not handed.sent
    assert handed.told[-2:] == (
        "Sending it went wrong on our side (ConnectionError: the line is cut).",
        "Packed into heat-plan-a-hand-in.zip. Send this file to your instructor.",
    )


# -- nbgrader's exchange --------------------------------------------------------------------------

SETTINGS = "c = get_config()\nc.CourseDirectory.course_id = 'heat'\nc.Exchange.root = {root!r}\n"

EXCHANGES = [
    ("no settings", "No course is set up on this computer, so nothing was sent."),
    ("no exchange", "The class's exchange did not take it: Unwritable directory"),
    ("no course", "The class's exchange did not take it: Inbound directory doesn't exist"),
    ("not released", "The class's exchange did not take it: Assignment not found"),
    ("bad settings", "The settings of the exchange have a fault (NameError: name 'oops' is not defined)."),
    ("settings that stop", "The settings of the exchange have a fault (SystemExit"),
]


@pytest.mark.parametrize(("state", "sentence"), EXCHANGES)
def test_where_there_is_no_exchange_it_is_said_and_nothing_breaks(
    opened: Path, capfd: pytest.CaptureFixture[str], state: str, sentence: str
) -> None:
    root = opened.parents[1] / "exchange"
    settings = {"bad settings": "oops", "settings that stop": "raise SystemExit(3)"}
    if state != "no settings":
        text = settings.get(state, SETTINGS.format(root=str(root)))
        (opened.parents[1] / "nbgrader_config.py").write_text(text, encoding="utf-8")
    if state in ("no course", "not released"):
        (root / "heat" / "inbound" if state == "not released" else root).mkdir(parents=True)
        root.chmod(0o777)
    handed = hand_in_notebook(opened, "heat-plan-a", when=NOON, through=exchange)
    assert not handed.sent
    assert handed.told[-2].startswith(sentence)
    assert handed.told[-1].startswith("Packed into")
    assert capfd.readouterr() == ("", "")
    assert Path.cwd() == opened.parent


@pytest.mark.nbgrader
def test_stock_nbgrader_collects_what_the_button_hands_in(
    root: Path, opened: Path, environment: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    """One course, two learners, one of them twice: the later hand-in counts, and the file arrives too."""
    course = opened.parents[1]
    place = course / "exchange"
    place.mkdir()
    place.chmod(0o777)
    settings = (root / "nbgrader_config.py").read_text(encoding="utf-8")
    settings += f"\nc.Exchange.root = {str(place)!r}\nc.Exchange.cache = {str(course / 'cache')!r}\n"
    settings += "c.ExchangeCollect.check_owner = False\n"
    (course / "nbgrader_config.py").write_text(settings, encoding="utf-8")
    released = course / "assignments" / "heat-plan-a" / "heat-plan-a.ipynb"
    released.parent.mkdir(parents=True)
    released.write_bytes(assignment())
    nbgrader("release_assignment", course, environment)

    for learner, minutes, plan in (("mira", 0, "first"), ("ben", 1, "only"), ("mira", 2, "second")):
        home = course / "home" / learner / "heat-plan-a"
        home.mkdir(parents=True, exist_ok=True)
        (home / "heat-plan-a.ipynb").write_bytes(assignment())
        write_answer(home / "heat-plan-a.answers.json", "plan_1", plan)
        handed = hand_in_notebook(
            home / "heat-plan-a.ipynb",
            "heat-plan-a",
            when=NOON + timedelta(minutes=minutes),
            through=exchange,
            learner=learner,
        )
        assert handed.sent, handed.told
    assert capfd.readouterr() == ("", "")

    told = nbgrader("collect", course, environment)
    assert "Processing 2 submissions" in told
    for learner, plan, moment in (("mira", "second", "12:02"), ("ben", "only", "12:01")):
        arrived = course / "submitted" / learner / "heat-plan-a"
        assert {"heat-plan-a.ipynb", "heat-plan-a.answers.json", "receipt.json", "timestamp.txt"} <= {
            file.name for file in arrived.iterdir()
        }
        assert (arrived / "timestamp.txt").read_text().startswith(f"2026-03-04 {moment}:00")
        read = answers_of(arrived / "heat-plan-a.ipynb", ["replies_1", "plan_1"])
        assert (read.values, read.notes) == ({"replies_1": None, "plan_1": plan}, ())
        receipt = json.loads((arrived / "receipt.json").read_bytes())
        assert receipt["answers_sha256"] == fingerprint(dict(read.values))


def nbgrader(command: str, course: Path, environment: dict[str, str]) -> str:
    """Run a stock nbgrader command in a course folder and return what it says."""
    told = subprocess.run(
        [sys.executable, "-m", "nbgrader", command, "heat-plan-a"],
        cwd=course,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stderr
    return told.stderr
