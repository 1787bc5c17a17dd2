"""An instructor's rated plans: each bad file draws the complaints that stand beside it, all at once, and
nothing of it is read; a good file says the same in every format."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograders.rated import Rating
from autograders.rated_file import OwnPlan, read_rated
from autograders.rubric import rubric
from course.engine.content import Complaint, scenario
from course.engine.faults import Faults

BAD = sorted(path for path in (Path(__file__).parent / "bad" / "rated").iterdir() if path.suffix != ".told")
RULES = rubric()
STEPS = ("hear", "empathise", "apologise", "act")
SOUP = {"complexity": "simple", "channel": "phone", "facts": "It can be refunded."}
ROWS: list[tuple[Any, ...]] = [
    # id, complaint, more of the complaint, plan, first levels and flags, second levels and flags
    ("p1", "cold-soup", {}, "I listen,\nand I “note” it.", (1, 0, 0, 0), [], (2, 0, 0, 0), []),
    ("p2", "The soup was cold!", SOUP, "Calm down; it's soup.", (0,) * 4, ["minimises", "hostile"], None, []),
]  # fmt: skip


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_file_draws_exactly_its_complaints(path: Path) -> None:
    with pytest.raises(Faults) as caught:
        read_rated(path, RULES)
    promised = path.with_suffix(f"{path.suffix}.told").read_text(encoding="utf-8").splitlines()
    assert [str(fault).removeprefix(fault.file) for fault in caught.value.faults] == promised


def columns() -> list[dict[str, object]]:
    """The rows as one flat dictionary each; flags are lists."""
    found: list[dict[str, object]] = []
    for id, complaint, more, plan, first, flags, second, second_flags in ROWS:
        row: dict[str, object] = {"id": id, "complaint": complaint, **dict.fromkeys(SOUP, ""), **more}
        row |= {"plan": plan, **dict(zip(STEPS, first, strict=True)), "flags": flags}
        names = [f"{name}_2" for name in STEPS]
        row |= dict(zip(names, second or [""] * 4, strict=True)) | {"flags_2": second_flags}
        found.append(row)
    return found


def as_csv(separator: str) -> str:
    """The rows as a table; flags stand with spaces between."""
    out = io.StringIO(newline="")
    rows = [
        {k: " ".join(map(str, v)) if isinstance(v, list) else v for k, v in row.items()} for row in columns()
    ]
    table = csv.DictWriter(out, rows[0].keys(), delimiter=separator)
    table.writeheader()
    table.writerows(rows)
    return out.getvalue()


def as_jsonl() -> str:
    """The rows as JSON lines, without what is empty."""
    rows = [{k: v for k, v in row.items() if v != "" or k in ("facts",)} for row in columns()]
    rows[1] = {k: v for k, v in rows[1].items() if not k.endswith("_2")}
    return "\n".join(json.dumps(row) for row in rows)


FORMATS = [
    ("plans.csv", as_csv(","), "utf-8"),
    ("semicolons.CSV", as_csv(";"), "utf-8"),
    ("from-a-spreadsheet.csv", as_csv(","), "utf-8-sig"),
    ("plans.jsonl", as_jsonl(), "utf-8"),
]


@pytest.mark.parametrize(("name", "text", "encoding"), FORMATS, ids=[name for name, *_ in FORMATS])
def test_a_good_file_says_the_same_in_every_format(
    tmp_path: Path, name: str, text: str, encoding: str
) -> None:
    (tmp_path / name).write_bytes(text.encode(encoding))
    rude = frozenset({"minimises", "hostile"})
    assert read_rated(tmp_path / name, RULES) == (
        OwnPlan(
            "p1",
            scenario("cold-soup").as_complaint(),
            "I listen,\nand I “note” it.",
            (_rating(1, 0, 0, 0), _rating(2, 0, 0, 0)),
        ),
        OwnPlan(
            "p2",
            Complaint("The soup was cold!", "simple", "phone", "It can be refunded."),
            "Calm down; it's soup.",
            (_rating(0, 0, 0, 0, flags=rude),),
        ),
    )


def _rating(*levels: int, flags: frozenset[str] = frozenset()) -> Rating:
    return Rating(dict(zip(STEPS, levels, strict=True)), flags)


def test_a_file_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Faults, match="cannot be read"):
        read_rated(tmp_path / "gone.csv", RULES)


@given(st.binary(max_size=300) | st.text('id,"plan\n{}[]:;1 ', max_size=200).map(str.encode))
@pytest.mark.parametrize("name", ["any.csv", "any.jsonl"])
def test_whatever_a_file_holds_it_is_read_or_its_faults_are_told(
    tmp_path_factory: pytest.TempPathFactory, name: str, held: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(held)
    with pytest.raises(Faults):
        read_rated(path, RULES)
