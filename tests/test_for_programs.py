"""What a run tells: exit statuses apart, bars or plain lines for people, a JSON line for programs."""

import io
import json
import shutil
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator
from rich.console import Console

from autograders.cli import main
from autograders.showing import Shown, outcome_table
from autograders.summary import EXIT_STATUS, Line, Status, Summary
from tests.small_class import hand_in, hand_in_answers, make_course, model_answers, notebook_with

ROOT = Path(__file__).resolve().parent.parent
TASK = "reading-replies"
MODEL = model_answers(TASK)
SCHEMA = json.loads((ROOT / "autograders" / "schemas" / "lines.json").read_text(encoding="utf-8"))
GUIDE = (ROOT / "docs" / "regrade-and-verify.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """One class marked by the command: one graded, one for a person, one refused."""
    course = make_course(tmp_path_factory.mktemp("class") / "course", assignments=(TASK,))
    hand_in_answers(course, "ann", TASK, MODEL)
    program = notebook_with(TASK, MODEL).replace(b"replies_1 = {", b"replies_1 = print() or {", 1)
    hand_in(course, "bob", TASK, notebook=program)
    hand_in(course, "cy", TASK, notebook=b"{")
    return course, run(course, "autograde", TASK, "--json")


@pytest.fixture
def course(first: tuple[Path, Result], tmp_path: Path) -> Path:
    return Path(shutil.copytree(first[0], tmp_path / "course"))


def run(course: Path, *arguments: str) -> Result:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(course)
        return CliRunner().invoke(main, arguments)


def lines_of(result: Result) -> list[dict[str, Any]]:
    """Return the lines of a program's output, each valid by the schema."""
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    for line in lines:
        assert [fault.message for fault in Draft202012Validator(SCHEMA).iter_errors(line)] == []
    return lines


def new_key(course: Path) -> None:
    """Change what one reply is keyed as: ann's label no longer fits."""
    key = course / "autograders" / "keys" / f"{TASK}.yaml"
    text = key.read_text(encoding="utf-8")
    head, _, rest = text.partition("label: hear")
    end = rest.index("          empathise:")
    key.write_text(
        f"{head}label: empathise{rest[:end]}{rest[rest.index(chr(10), end) + 1 :]}", encoding="utf-8"
    )


def summary_of(*statuses: Status) -> Summary:
    return Summary(TASK, tuple(Line(str(n), each, None, 6.0) for n, each in enumerate(statuses)), "")


@pytest.mark.parametrize(
    ("statuses", "exit_status"),
    [
        ((), 0),
        (("graded", "graded"), 0),
        (("graded", "needs_person"), 4),
        (("graded", "refused", "refused"), 8),
        (("failed",), 16),
        (("needs_person", "refused"), 12),
        (("graded", "needs_person", "refused", "failed"), 28),
    ],
)
def test_the_exit_status_tells_outcomes_apart(statuses: tuple[Status, ...], exit_status: int) -> None:
    assert summary_of(*statuses).exit_status == exit_status


def test_no_two_kinds_of_outcome_have_the_same_exit_status_and_the_guide_names_each() -> None:
    kinds: list[Status] = ["needs_person", "refused", "failed"]
    some = [each for size in range(4) for each in combinations(kinds, size)]
    assert len({summary_of(*each).exit_status for each in some}) == 8
    assert not {1, 2} & {summary_of(*each).exit_status for each in some}
    assert all(f"| {number} |" in GUIDE for number in (*EXIT_STATUS.values(), 1, 2))


def test_a_marking_run_is_a_line_a_hand_in_and_a_summary(first: tuple[Path, Result]) -> None:
    result = first[1]
    *submissions, summary = lines_of(result)
    assert [(each["learner"], each["status"], each["points"]) for each in submissions] == [
        ("ann", "graded", 18.0),
        ("bob", "needs_person", 12.0),
        ("cy", "refused", None),
    ]
    assert (summary["kind"], summary["graded"], summary["refused"]) == ("summary", 1, 1)
    assert result.exit_code == summary["exit_status"] == 12
    assert "submitted/cy" in result.stderr, "the sentences for people are on stderr"


def test_for_people_there_is_a_table_and_a_sentence(course: Path) -> None:
    result = run(course, "autograde", TASK)
    assert result.exit_code == 12
    told = result.stdout.splitlines()
    assert told[0] == "reading-replies: hand-ins read: 3"
    assert told[-1] == "reading-replies: 1 graded, 1 for a person, 1 refused, 0 failed; 3 as before."
    assert any("formgrader" in line and "for a person" in line for line in told)


def test_a_changed_key_is_told_and_regraded_once_approved(course: Path) -> None:
    new_key(course)
    marked = run(course, "autograde", TASK, "--json")
    assert lines_of(marked)[-1]["by_an_earlier_key"] == 2
    assert "heatproof regrade reading-replies" in marked.stderr

    shown = run(course, "regrade", TASK, "--json")
    change, diff = lines_of(shown)
    assert (shown.exit_code, diff["exit_status"], diff["written"]) == (4, 4, False)
    assert (change["learner"], change["before"], change["now"]) == ("ann", 18.0, 17.0)
    assert change["cells"][0]["why"][0]["now"].startswith("✗ You chose “Hears”.")

    without = run(course, "regrade", TASK, "--approve", diff["token"])
    assert (without.exit_code, "--because" in without.stderr) == (2, True)

    done = run(course, "regrade", TASK, "--approve", diff["token"], "--because", "a slip", "--by", "pat")
    assert done.exit_code == 0
    assert done.stdout.splitlines()[-1] == (
        "Written, with a line in audit.jsonl; the feedback pages are made by heatproof feedback."
    )
    assert run(course, "regrade", TASK).stdout.endswith("nothing to regrade.\nNothing was written.\n")


def test_what_cannot_be_done_is_a_sentence_and_a_line(course: Path) -> None:
    result = run(course, "regrade", "heat-plan-a", "--json")
    (line,) = lines_of(result)
    assert (result.exit_code, line["kind"], line["exit_status"]) == (1, "fault", 1)
    assert result.stderr == f"{line['sentence']}\n"
    assert "'heat-plan-a'" in line["sentence"]


def test_verify_tells_and_repairs(course: Path) -> None:
    well = run(course, "verify")
    assert (well.exit_code, well.stdout.splitlines()[-1]) == (
        0,
        "reading-replies: 3 results compared: all is as the log says.",
    )
    (course / "autograded" / "ann" / TASK / f"{TASK}.ipynb").write_text("{}")
    ill = run(course, "verify", "--json")
    difference, verified = lines_of(ill)
    assert (ill.exit_code, difference["part"], verified["left"]) == (1, "notebook", 1)
    mended = run(course, "verify", TASK, "--repair")
    assert (mended.exit_code, "made anew from the log." in mended.stdout) == (0, True)
    assert run(course, "verify").exit_code == 0


def test_an_edited_audit_log_is_one_line_of_verify(course: Path) -> None:
    (course / "audit.jsonl").write_text("{}\n")
    ill = run(course, "verify", "--json")
    assert (ill.exit_code, lines_of(ill)[0]["part"]) == (1, "audit")


def test_pages_tables_and_report_are_lines_too(course: Path) -> None:
    *pages, last = lines_of(run(course, "feedback", TASK, "--json"))
    assert [each["learner"] for each in pages] == ["ann", "bob", "cy"]
    assert all((course / each["path"]).is_file() for each in pages)
    assert (last["kind"], last["pages"]) == ("feedback", 3)

    *rows, last = lines_of(run(course, "export", "--json"))
    scores = {each["learner"]: each for each in rows if each["kind"] == "score"}
    assert (scores["ann"]["points"], scores["ann"]["status"]) == (18.0, "graded")
    assert (scores["cy"]["points"], scores["cy"]["status"]) == (None, "refused")
    questions = {(each["learner"], each["question"]): each for each in rows if each["kind"] == "question"}
    unread = questions["bob", "replies_1_check"]
    assert (unread["points"], unread["waiting"], unread["by_hand"]) == (None, True, False)
    assert last["rows"] == {"exports/scores.csv": len(scores), "exports/questions.csv": len(questions)}

    (line,) = lines_of(run(course, "report", "--json"))
    assert (line["learners"], line["hand_ins"], line["refused"]) == (3, 3, 1)
    assert line["median_share"] == pytest.approx((18 + 12) / 2 / 18)
    assert (course / line["path"]).is_file()


def test_nobody_marked_is_a_fault_for_a_program(tmp_path: Path) -> None:
    empty = make_course(tmp_path / "course", assignments=(TASK,))
    for arguments in (("feedback", TASK), ("report",)):
        told = run(empty, *arguments, "--json")
        (line,) = lines_of(told)
        assert (told.exit_code, line["kind"]) == (1, "fault")
        assert "marked" in line["sentence"]


def test_a_head_needs_its_assignment(course: Path) -> None:
    assert run(course, "verify", "--head", "f" * 64).exit_code == 2
    assert run(course, "verify", "--accept", "--because", "so").exit_code == 2
    assert run(course, "verify", TASK, "--accept").exit_code == 2
    assert run(course, "verify", TASK, "--head", "f" * 64).exit_code == 1


def test_restore_lists_shows_and_does(course: Path) -> None:
    (backup,) = lines_of(run(course, "restore", "--json"))
    assert (backup["kind"], backup["before"]) == ("backup", "autograde reading-replies")
    (shown,) = lines_of(run(course, "restore", backup["name"], "--json"))
    assert (shown["results"], shown["undo"]) == ({TASK: [3, 0]}, "")
    assert run(course, "restore").stdout.endswith("1 backup in backups/.\n")
    done = run(course, "restore", "1", "--yes")
    assert (done.exit_code, "To take it back: heatproof restore 000002-" in done.stdout) == (0, True)
    assert run(course, "restore", "yesterday").exit_code == 1


def test_no_backup_is_made_where_none_is_wanted(course: Path) -> None:
    hand_in_answers(course, "ann", TASK, {})
    run(course, "autograde", TASK, "--backups", "0")
    assert len(lines_of(run(course, "restore", "--json"))) == 1


def test_the_guide_names_each_kind_of_line() -> None:
    kinds = set(SCHEMA["discriminator"]["mapping"])
    rows = [line.split("|")[1] for line in GUIDE.splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in row.split("`")[1::2]} >= kinds


def told_by(*, terminal: bool, quiet: bool = False, of: int = 200) -> str:
    out = io.StringIO()
    seconds = iter(range(1000))
    shown = Shown(
        Console(file=out, width=110, force_terminal=terminal), quiet=quiet, clock=lambda: float(next(seconds))
    )
    with shown.step("Hand-ins marked", of) as done:
        for _ in range(of):
            done()
    return out.getvalue()


def test_a_plain_log_tells_each_tenth_and_the_time_left() -> None:
    lines = told_by(terminal=False).splitlines()
    assert len(lines) == 10
    assert lines[0] == "Hand-ins marked: 20 of 200, about 9 s left", "the clock went on by one second"
    assert lines[8] == "Hand-ins marked: 180 of 200, about 1 s left"
    assert lines[9] == "Hand-ins marked: 200"


def test_a_small_step_is_one_plain_line_and_none_where_a_program_reads() -> None:
    assert told_by(terminal=False, of=6) == "Hand-ins marked: 6\n"
    assert told_by(terminal=False, quiet=True) == ""


def test_a_terminal_gets_a_bar_with_the_time_left() -> None:
    told = told_by(terminal=True)
    assert "200/200" in told
    assert "left" in told


def test_the_table_names_each_outcome_and_what_to_do() -> None:
    out = io.StringIO()
    Console(file=out, width=110).print(outcome_table(summary_of("graded", "failed", "failed")))
    rows = {
        cells[1].strip(): cells for line in out.getvalue().splitlines() if len(cells := line.split("│")) > 5
    }
    assert rows["failed"][2].strip() == "2"
    assert "our fault" in rows["failed"][5]
    assert (rows["refused"][2].strip(), rows["refused"][5].strip()) == ("0", "")


@pytest.mark.parametrize(
    ("command", "place"),
    [("report", "report.html"), ("export", "exports/scores.csv"), ("feedback", "feedback/ann")],
)
def test_a_place_that_is_taken_is_a_sentence_for_both(course: Path, command: str, place: str) -> None:
    taken = course / place
    taken.parent.mkdir(exist_ok=True)
    if command == "feedback":
        taken.write_bytes(b"a file")
    else:
        taken.mkdir()
    task = [TASK] if command == "feedback" else []
    done = run(course, command, *task, "--json")
    (line,) = lines_of(done)
    assert (done.exit_code, line["kind"]) == (1, "fault")
    assert "it cannot be used" in line["sentence"]
    assert line["sentence"] in done.stderr
