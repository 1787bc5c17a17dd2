"""Two markers read blind: what their sheets tell, how they are read back, and what becomes of it."""

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from autograders import judge
from autograders.agreement import kappa
from autograders.blind_readings import Readings, agreement, agreement_lines, differing, read_both
from autograders.cli import main
from autograders.decided import bank, write_bank
from autograders.export import FORMULA
from autograders.gradebook import open_gradebook
from autograders.own_agreement import own_agreement
from autograders.people_log import decisions
from autograders.rated import Rating
from autograders.rated_file import read_rated
from autograders.results import CannotMark, log_path
from autograders.roster import Learner
from autograders.rubric import rubric
from autograders.second_reading import NotDrawn, draw, read_draw, sheet_columns, sheets, start
from autograders.settling import COLUMNS, list_path
from autograders.sheets import harmless, without_names
from autograders.written_plans import written_plans
from course.engine.faults import Faults
from tests.people_class import TASK, copy_of, make_class
from tests.small_class import hand_in_answers, model_answers

RULES = rubric()
STEPS = tuple(RULES.components)
Row = dict[str, str]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A marked class of five plans that can be read, all of them drawn."""
    course = make_class(tmp_path_factory.mktemp("blind") / "course")
    start(course, TASK, most=30, seed=7)
    return course


@pytest.fixture
def course(drawn: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = copy_of(drawn, tmp_path)
    monkeypatch.chdir(made)
    return made


def rows_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def rewrite(path: Path, change: Callable[[Row], Row | None], *, separator: str = ",") -> None:
    """Fill a sheet in as a spreadsheet does; a row that becomes None is taken out."""
    rows = [row for each in rows_of(path) if (row := change(dict(each))) is not None]
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows_of_head(path, rows), delimiter=separator)
        table.writeheader()
        table.writerows(rows)


def rows_of_head(path: Path, rows: list[Row]) -> list[str]:
    return list(rows[0]) if rows else list(COLUMNS)


def fill_in(course: Path, first: int = 1, second: int = 1, **apart: int) -> None:
    """Have both markers give one level to everything; `apart` is what the second gives to a step of p01."""
    for path, level in zip(sheets(course, TASK), (first, second), strict=True):
        rewrite(path, lambda row, level=level: row | dict.fromkeys(STEPS, str(level)) | {"flags": "argues"})  # type: ignore[misc]
    own = {name: str(level) for name, level in apart.items()}
    rewrite(sheets(course, TASK)[1], lambda row: row | own if row["id"] == "p01" else row)


def run(*arguments: str) -> str:
    done = CliRunner().invoke(main, list(arguments))
    assert done.exit_code == 0, done.output
    return done.output


def test_the_same_seed_draws_the_same_and_another_one_others(drawn: Path) -> None:
    with open_gradebook(drawn) as grades:
        plans = written_plans(drawn, TASK, grades.scores(TASK))

    def ids(seed: int, most: int) -> list[tuple[str, str]]:
        found = draw(plans, assignment=TASK, rubric="heat-plan", most=most, seed=seed)
        return [(each.learner, each.question) for each in found.plans]

    assert ids(7, 5) == ids(7, 5)
    assert ids(7, 3) == ids(7, 5)[:3]
    assert len({tuple(ids(seed, 2)) for seed in range(20)}) > 5
    assert ("bo", "plan_1") not in ids(7, 99), "there is nothing to read"


def test_a_sheet_holds_no_name_no_mark_of_the_judge_and_no_formula(drawn: Path) -> None:
    for path in sheets(drawn, TASK):
        rows = rows_of(path)
        assert (
            tuple(rows[0])
            == sheet_columns(RULES)
            == ("id", "complaint", "facts", "plan", *STEPS, "flags", "note")
        )
        assert {row[name] for row in rows for name in (*STEPS, "flags", "note")} == {""}
        text = path.read_text(encoding="utf-8-sig")
        assert not re.search(r"\b(ann|bo|cy|Aldridge|Ann)\b", text)
        assert "I sign as [name] [name], '=1+1; '=2+2." in text or "I sign as [name], '=1+1; '=2+2." in text


def test_the_markers_read_in_different_orders(drawn: Path) -> None:
    first, second = ([row["id"] for row in rows_of(path)] for path in sheets(drawn, TASK))
    assert sorted(first) == sorted(second) == ["p01", "p02", "p03", "p04", "p05"]
    assert first != second


def test_a_second_draw_does_not_touch_the_sheets(course: Path) -> None:
    before = [path.read_bytes() for path in sheets(course, TASK)]
    with pytest.raises(NotDrawn, match="drawn already"):
        start(course, TASK, most=3, seed=1)
    assert [path.read_bytes() for path in sheets(course, TASK)] == before


@given(st.text(alphabet=" =+-@＝,;|'\"\t\n\rab", max_size=30))
def test_no_border_between_cells_makes_a_formula(text: str) -> None:
    made = harmless(text)
    assert not [cell for cell in re.split(r"[,;|\t\r\n]", made) if cell.strip(' "').startswith(FORMULA)]
    assert harmless(made) == made
    assert made.replace("'", "") == text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").replace(
        "'", ""
    )


NAMES = [
    ("Best, Ann Aldridge", "", "Best, [name]"),
    ("ann.a wrote to ann.a@example.org", "", "[name] wrote to [name]"),
    ("Ann is annoyed, Anna too", "", "[name] is annoyed, Anna too"),
    ("Dear Ann, I listen", "I am Ann, your customer", "Dear Ann, I listen"),
]


@pytest.mark.parametrize(("text", "spare", "told"), NAMES)
def test_the_writers_name_is_not_told(text: str, spare: str, told: str) -> None:
    ann = Learner("ann.a", "Ann", "Aldridge", "ann.a@example.org")
    assert without_names(text, ann, spare=spare) == told


def at(plan: str, /, **values: str | None) -> Callable[[Row], Row | None]:
    """Change the row of one plan; without values take it out."""
    return lambda row: row if row["id"] != plan else row | values if values else None  # type: ignore[operator]


SPOILED: dict[str, tuple[Callable[[Row], Row | None], str]] = {
    "an empty level": (at("p02", hear=""), "p02: 'hear' is empty; write a whole number from 0 to 2"),
    "too high": (at("p02", hear="3"), "'hear' is '3'; write a whole number from 0 to 2"),
    "a comma number": (at("p02", act="1,0"), "'act' is '1,0'; write a whole number"),
    "a digit of another script": (at("p02", act="²"), "'act' is '²'; write a whole number"),
    "a huge number": (at("p02", act="9" * 5000), "write a whole number from 0 to 2"),
    "an unknown flag": (at("p02", flags="argues minimizes"), "p02: no flag 'minimizes'; did you mean 'mini"),
    "a row too few": (at("p02"), "p02: not there; bring the line back"),
    "a row of another draw": (at("p02", id="p77"), "no plan 'p77' was drawn"),
    "a row twice": (at("p02", id="p01"), "the plan 'p01' stands twice"),
    "a new column": (lambda row: row | {"total": "8"}, "no column 'total' is known"),
    "a column less": (lambda row: {k: v for k, v in row.items() if k != "act"}, "columns act are missing"),
}  # fmt: skip


@pytest.mark.parametrize("name", SPOILED)
def test_a_sheet_with_a_fault_is_not_read_and_the_fault_is_told(course: Path, name: str) -> None:
    change, says = SPOILED[name]
    fill_in(course)
    rewrite(sheets(course, TASK)[0], change)
    with pytest.raises(Faults) as fault:
        read_both(sheets(course, TASK), read_draw(course, TASK), RULES)
    assert says in str(fault.value)
    assert "marker-1.csv" in str(fault.value)


FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "gone": (lambda path: path.unlink(), "is not there"),
    "another encoding": (lambda path: path.write_bytes(b"id;\xff"), "is not UTF-8"),
    "empty": (lambda path: path.write_bytes(b""), "are missing"),
    "a folder": (lambda path: (path.unlink(), path.mkdir()), "cannot be read"),
    "an open quote": (lambda path: path.write_bytes(path.read_bytes() + b'"'), "not CSV"),
    "a zip of a spreadsheet": (lambda path: path.write_bytes(b"PK\x03\x04" * 9), "no column"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_sheet_is_told(course: Path, name: str) -> None:
    spoil, says = FILES[name]
    fill_in(course)
    spoil(sheets(course, TASK)[1])
    with pytest.raises(Faults, match=r"marker-2\.csv") as fault:
        read_both(sheets(course, TASK), read_draw(course, TASK), RULES)
    assert says in str(fault.value)


def test_the_faults_of_both_sheets_are_told_at_once(course: Path) -> None:
    fill_in(course)
    for path in sheets(course, TASK):
        rewrite(path, at("p03", hear="x", act="y"))
    with pytest.raises(Faults) as fault:
        read_both(sheets(course, TASK), read_draw(course, TASK), RULES)
    assert len(fault.value.faults) == 4


def test_a_fault_names_the_row_that_a_spreadsheet_shows_and_the_plan(course: Path) -> None:
    fill_in(course)
    first = sheets(course, TASK)[0]
    rewrite(first, lambda row: row | {"plan": "Dear you,\n\nI listen.\n"})
    last = rows_of(first)[-1]["id"]
    rewrite(first, at(last, hear="", flags="argue"))
    done = CliRunner().invoke(main, ["second-reading", TASK, "--compare"])
    assert done.output.splitlines() == [
        f"second-reading/{TASK}/marker-1.csv:6: {last}: 'hear' is empty; write a whole number from 0 to 2",
        f"second-reading/{TASK}/marker-1.csv:6: {last}: no flag 'argue'; did you mean 'argues'?",
    ]


def test_an_empty_sheet_is_one_fault(course: Path) -> None:
    with pytest.raises(Faults) as fault:
        read_both(sheets(course, TASK), read_draw(course, TASK), RULES)
    assert [each.what for each in fault.value.faults] == ["nothing is filled in yet"] * 2


def test_semicolons_are_read_like_commas(course: Path) -> None:
    fill_in(course, hear=2)
    before = read_both(sheets(course, TASK), read_draw(course, TASK), RULES)
    for path in sheets(course, TASK):
        rewrite(path, lambda row: row, separator=";")
    assert read_both(sheets(course, TASK), read_draw(course, TASK), RULES) == before


def readings(*levels: int) -> Readings:
    return {f"p{n}": Rating(dict.fromkeys(STEPS, level), frozenset()) for n, level in enumerate(levels)}


def test_agreement_is_weighted_kappa_with_its_interval() -> None:
    one, two = (0, 1, 2, 2, 1, 0, 2), (0, 1, 1, 2, 2, 0, 2)
    found = agreement(readings(*one), readings(*two), RULES)
    assert [each.title for each in found] == ["Hear", "Empathise", "Apologise", "Take action", "Total"]
    assert found[0].qwk == kappa(one, [two])
    assert found[-1].qwk.value == pytest.approx(found[0].qwk.value)
    assert (found[0].plans, found[0].alike) == (7, 5)
    lines = list(agreement_lines(found))
    assert lines[1].split() == ["Hear", "7", "71%", f"{found[0].kappa:.2f}", *str(found[0].qwk).split()]


def test_where_all_plans_have_one_level_kappa_says_nothing() -> None:
    lines = list(agreement_lines(agreement(readings(1, 1), readings(1, 1), RULES)))
    assert lines[1].split() == ["Hear", "2", "100%", "–", "–"]


def test_what_differs_most_is_listed_first() -> None:
    found = differing(readings(0, 1, 2), readings(1, 1, 0), RULES)
    assert [(one.id, one.first, one.second) for one in found] == [("p2", 2, 0)] * 4 + [("p0", 0, 1)] * 4


@pytest.fixture
def compared(course: Path) -> Path:
    """Markers who differ on two levels of p01, compared."""
    fill_in(course, hear=2, act=0)
    told = run("second-reading", TASK, "--compare")
    assert "2 levels to settle" in told
    assert "So few plans say little" in told
    return course


def settle_all(row: Row) -> Row:
    return row | {"level": "2", "reason": "They note it “twice”."}


def test_the_list_to_settle_shows_both_levels_and_no_name(compared: Path) -> None:
    rows = rows_of(list_path(compared, TASK))
    assert {(row["row"], row["marker_1"], row["marker_2"]) for row in rows} == {
        ("p01-hear", "1", "2"),
        ("p01-act", "1", "0"),
    }
    assert tuple(rows[0]) == COLUMNS
    assert not re.search(r"\b(ann|bo|cy|Aldridge|Ann)\b", str(rows))


def test_a_list_that_is_begun_is_left_alone(compared: Path) -> None:
    rewrite(list_path(compared, TASK), lambda row: row | {"reason": "Hm."})
    before = list_path(compared, TASK).read_bytes()
    assert "is begun, and was left as it is" in run("second-reading", TASK, "--compare")
    assert list_path(compared, TASK).read_bytes() == before


def test_what_was_settled_becomes_marks_by_hand_once(compared: Path) -> None:
    rewrite(list_path(compared, TASK), settle_all)
    who = read_draw(compared, TASK).plans[0]
    told = run("second-reading", TASK, "--settle", "Ruth")
    assert re.fullmatch(r"heat-plan-a: \d+ marks written by hand\.\n", told)
    marks = [each for each in decisions(compared, TASK) if each.kind == "mark"]
    own = {
        each.component: each for each in marks if (each.learner, each.question) == (who.learner, who.question)
    }
    assert (own["hear"].to, own["hear"].marker, own["hear"].reason) == (2, "Ruth", "They note it “twice”.")
    blind = [each for each in decisions(compared, TASK) if each.kind == "reading"]
    assert len(blind) == 2 * 5 * len(STEPS)
    assert {each.flags for each in blind} == {("argues",)}
    with open_gradebook(compared) as grades:
        plans = written_plans(compared, TASK, grades.scores(TASK))
    assert all(
        part.level == 1
        for key, plan in plans.items()
        if key in {(p.learner, p.question) for p in read_draw(compared, TASK).plans[1:]}
        for part in plan.parts
    )
    assert run("second-reading", TASK, "--settle", "Ruth") == "heat-plan-a: 0 marks written by hand.\n"


def settle_hear(course: Path, level: str, reason: str, marker: str = "Ruth") -> str:
    own = {"level": level, "reason": reason}
    rewrite(list_path(course, TASK), lambda row: row | own if row["row"] == "p01-hear" else settle_all(row))
    return run("second-reading", TASK, "--settle", marker)


def hear_of(course: Path, number: int) -> int | None:
    who = read_draw(course, TASK).plans[number]
    with open_gradebook(course) as grades:
        plans = written_plans(course, TASK, grades.scores(TASK))
    return next(p.level for p in plans[(who.learner, who.question)].parts if p.name == "hear")


def test_a_correction_that_is_taken_back_is_written(compared: Path) -> None:
    settle_hear(compared, "1", "X")
    for level, reason in (("2", "Y"), ("1", "X")):
        assert settle_hear(compared, level, reason) == "heat-plan-a: 1 mark written by hand.\n"
        assert hear_of(compared, 0) == int(level)


def test_what_was_settled_once_is_not_written_over_a_later_decision(compared: Path) -> None:
    settle_hear(compared, "1", "X")
    who = read_draw(compared, TASK).plans[0]
    run("override", TASK, who.learner, who.question, "hear=0", "--marker", "Ann", "--reason", "no")
    for marker in ("Ruth", "Ben"):
        told, written = settle_hear(compared, "1", "X", marker).splitlines()
        assert told.startswith("p01-hear: was settled so before, and somebody gave another level since")
        assert written == "heat-plan-a: 0 marks written by hand."
    assert hear_of(compared, 0) == 0


def test_flags_that_are_taken_back_are_written(compared: Path) -> None:
    rewrite(list_path(compared, TASK), settle_all)
    for number, flags in enumerate(("argues", "hostile", "argues")):
        rewrite(sheets(compared, TASK)[0], lambda row, said=flags: row | {"flags": said})  # type: ignore[misc]
        run("second-reading", TASK, "--settle", "Ruth")
        run("decided", "--as-bank", f"{number}.csv")
        plans = read_rated(compared / f"{number}.csv", RULES, start=compared)
        assert {plan.ratings[0].flags for plan in plans} == {frozenset({flags})}


def test_a_level_that_both_markers_change_alike_is_written(compared: Path) -> None:
    rewrite(list_path(compared, TASK), settle_all)
    run("second-reading", TASK, "--settle", "Ruth")
    who = read_draw(compared, TASK).plans[1]
    for level, marker in (("2", "Ruth"), ("1", "Ben"), ("2", "Ruth")):
        for path in sheets(compared, TASK):
            rewrite(path, at("p02", hear=level))
        assert run("second-reading", TASK, "--settle", marker) == "heat-plan-a: 1 mark written by hand.\n"
        assert hear_of(compared, 1) == int(level)
    run("override", TASK, who.learner, who.question, "hear=0", "--marker", "Ann", "--reason", "no")
    assert run("second-reading", TASK, "--settle", "Ruth") == "heat-plan-a: 0 marks written by hand.\n"
    assert hear_of(compared, 1) == 0


UNSETTLED: dict[str, tuple[Callable[[Row], Row | None], str]] = {
    "nothing": (lambda row: row, "'level' is empty"),
    "no reason": (lambda row: row | {"level": "1"}, "'reason' is empty"),
    "a long reason": (lambda row: row | {"level": "1", "reason": "x" * 501}, "has 501 characters"),
    "a row taken out": (lambda row: settle_all(row) if row["row"] == "p01-act" else None, "p01-hear: not"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNSETTLED)
def test_a_list_that_is_not_filled_in_settles_nothing(compared: Path, name: str) -> None:
    change, says = UNSETTLED[name]
    rewrite(list_path(compared, TASK), change)
    done = CliRunner().invoke(main, ["second-reading", TASK, "--settle", "Ruth"])
    assert (done.exit_code, says in done.output) == (1, True), done.output
    assert decisions(compared, TASK) == ()


def test_a_plan_that_was_handed_in_anew_gets_no_mark(compared: Path) -> None:
    from autograders.marking import mark

    who = read_draw(compared, TASK).plans[0]
    hand_in_answers(
        compared, who.learner, TASK, model_answers(TASK) | {who.question: "I will listen to you now."}
    )
    mark(compared, TASK, workers=1)
    list_path(compared, TASK).unlink()
    told = run("second-reading", TASK, "--compare")
    assert "handed in anew since the draw" in told
    assert "0 levels to settle" in told
    run("second-reading", TASK, "--settle", "Ruth")
    assert (who.learner, who.question) not in {(d.learner, d.question) for d in decisions(compared, TASK)}


@pytest.mark.parametrize("name", ["bank.csv", "bank.jsonl"])
def test_what_was_decided_is_a_bank_that_the_judge_is_measured_by(compared: Path, name: str) -> None:
    rewrite(list_path(compared, TASK), settle_all)
    run("second-reading", TASK, "--settle", "Ruth")
    run(
        "override",
        TASK,
        "bo",
        "plan_1",
        "hear=0",
        "empathise=0",
        "apologise=0",
        "act=0",
        "--marker",
        "R",
        "--reason",
        "No.",
    )
    told = run("decided", "--as-bank", name)
    assert "5 plans in" in told
    assert "1 plan with no text that can be read" in told
    plans = read_rated(compared / name, RULES, start=compared)
    assert sorted(len(plan.ratings) for plan in plans) == [2] * 5
    assert sum(plan.ratings[0] != plan.ratings[1] for plan in plans) == 1
    assert {plan.ratings[0].flags for plan in plans} == {frozenset({"argues"})}
    text = (compared / name).read_text(encoding="utf-8")
    assert not re.search(r"\b(ann|bo|cy|Aldridge|Ann|Ruth)\b", text)
    assert own_agreement(plans, RULES, judge).twice == 5


def test_a_plan_with_every_level_by_one_person_has_one_rating_and_the_judges_flags(course: Path) -> None:
    levels = ["hear=2", "empathise=1", "apologise=0", "act=2"]
    run("override", TASK, "cy", "plan_1", *levels, "--marker", "R", "--reason", "So it is.")
    run("override", TASK, "cy", "plan_2", "hear=1", "--marker", "R", "--reason", "So it is.")
    found = bank(course, (TASK,), RULES)
    (row,) = found.rows
    assert [row[name] for name in STEPS] == [2, 1, 0, 2]
    assert (found.judges_flags, found.left_out) == (1, {"of which people gave some levels only": 1})
    write_bank(course / "one.jsonl", found, RULES)
    assert set(json.loads((course / "one.jsonl").read_text())) == {"id", "complaint", "plan", *STEPS, "flags"}
    for taken, says in (("one.jsonl", "is there already"), ("one.xlsx", "name it .csv or .jsonl")):
        with pytest.raises(CannotMark, match=re.escape(says)):
            write_bank(course / taken, found, RULES)


def test_ids_of_a_bank_stay_and_tell_nobody(course: Path) -> None:
    for question in ("plan_1", "plan_2"):
        give = ["hear=2", "empathise=1", "apologise=0", "act=2"]
        run("override", TASK, "cy", question, *give, "--marker", "R", "--reason", "So it is.")
    ids = [row["id"] for row in bank(course, (TASK,), RULES).rows]
    assert ids == sorted(ids) == [row["id"] for row in bank(course, (TASK,), RULES).rows]
    assert all(re.fullmatch(r"[0-9a-f]{12}", id) for id in ids)


def test_the_queue_and_the_list_of_decisions_are_printed(course: Path) -> None:
    queued = run("queue", TASK)
    assert "bo plan_1 hear=LEVEL empathise=LEVEL apologise=LEVEL act=LEVEL" in queued
    assert {"learner", "question", "complaint", "plan", "steps"} <= json.loads(run("queue", TASK, "--json"))[
        0
    ].keys()
    run("override", TASK, "cy", "plan_1", "hear=0", "--marker", "Ruth", "--reason", "Not heard.")
    assert "cy plan_1 Hear: judge " in (told := run("decided"))
    assert "now 0; Ruth: Not heard." in told
    assert "1 level by hand. Log " in told


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["override", TASK, "cy", "plan_1", "hear", "--marker", "R", "--reason", "x"], "as hear=2"),
        (["second-reading", TASK, "--compare", "--settle", "R"], "give one of them"),
        (["queue", TASK, "--notebook", "q.ipynb"], "go together"),
    ],
)
def test_what_is_not_understood_is_status_2(course: Path, arguments: list[str], says: str) -> None:
    done = CliRunner().invoke(main, arguments)
    assert (done.exit_code, says in done.output) == (2, True)


def test_nothing_to_draw_or_to_read_back_is_a_sentence(course: Path) -> None:
    log_path(course, TASK).unlink()
    for arguments, says in (
        (["second-reading", "reading-replies", "--compare"], "nothing was drawn"),
        (["second-reading", TASK, "--rubric", "my-own"], "drawn already"),
        (["queue", TASK], "nobody is marked yet; run: heatproof autograde heat-plan-a"),
        (["queue", "no-such"], "autograders/keys/no-such.yaml: not there"),
    ):
        done = CliRunner().invoke(main, arguments)
        assert (done.exit_code, says in done.output) == (1, True), done.output


def test_the_queue_as_a_notebook_shows_the_queue(course: Path) -> None:
    run("queue", TASK, "--notebook", "queue.ipynb", "--marker", "Ruth O")
    notebook = nbformat.read(course / "queue.ipynb", as_version=4)
    nbformat.validate(notebook)
    start, cell, end = notebook.cells
    assert ("Shift+Enter" in start.source, f"heatproof feedback {TASK}" in end.source) == (True, True)
    *imports, call = cell.source.splitlines()
    shown: dict[str, Any] = {}
    exec("\n".join([*imports, f"made = {call}"]), shown)
    assert "Plan 1 of" in str(shown["made"])
    for name, says in (("queue.ipynb", "is there already"), ("queue.py", "name it .ipynb")):
        done = CliRunner().invoke(main, ["queue", TASK, "--notebook", name, "--marker", "R"])
        assert (done.exit_code, says in done.output) == (1, True)
    done = CliRunner().invoke(main, ["queue", TASK, "--notebook", "n.ipynb", "--marker", '"); evil("'])
    assert (done.exit_code, "this is no name" in done.output) == (1, True)
