"""Answers are never lost and never run: what a cell, a notebook and an answers file may say."""

import json
import os
import random
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from course.engine.answers import (
    Entry,
    Keeper,
    Refused,
    answer,
    answers_from,
    answers_of,
    answers_path,
    canonical,
    cell_source,
    check_value,
    find_notebook,
    fingerprint,
    merge,
    notes_on,
    questions_in,
    read_answers_file,
    read_cell,
    read_notebook,
    remove_answer,
    settle,
    write_answer,
)
from course.engine.values import TURNING

RELEASED = "plan_1 = None\n# Your answer is kept here for you."

CELLS = [
    ("", None),
    ("# only a comment", None),
    (RELEASED, None),
    ("plan_1 = None\n### BEGIN SOLUTION\nplan_1 = 'I listen'\n### END SOLUTION", "I listen"),
    ('plan_1 = "I listen"', "I listen"),
    ('plan_1 = "I listen"  # my plan\r\n', "I listen"),
    ('plan_1 = ""', ""),
    ("plan_1 = '''two\nlines'''", "two\nlines"),
    ('plan_1 = ("one "\n  "text")', "one text"),
    ('plan_1 = r"a\\d"', r"a\d"),
    ('plan_1 = "\\u2028\\t\\x41"', "\u2028\tA"),
    ("plan_1 = {'r1': 'hear', \"r2\": \"act\"}", {"r1": "hear", "r2": "act"}),
    ("plan_1 = ['a', [1, -2, 2.5e-3, -.5], {}]", ["a", [1, -2, 0.0025, -0.5], {}]),
    ("plan_1 = [\n  1,\n  2,\n]", [1, 2]),
    ("plan_1 = 9223372036854775807", 2**63 - 1),
    ('plan_1 = "می\u200cروم 🙂"', "می\u200cروم 🙂"),
    ("plan_1 = " + "[" * 8 + "]" * 8, [[[[[[[[]]]]]]]]),
]

DEEP = 5_000
BAD_CELLS = [
    ('plan_1 = open("/etc/passwd").read()', "the word 'open'"),
    ('__import__("os").system("true")', "the word '__import__'"),
    ('import os\nplan_1 = "x"', "an import"),
    ('plan_1 = "x"\nimport os', "line 2: the answer cell holds an import"),
    ("plan_1 = 1 + 1", "the sign '+'"),
    ("plan_1 = 1-1", "a calculation"),
    ("plan_1 = --1", "the sign '-'"),
    ('plan_1 = "a" * 9', "the sign '*'"),
    ("plan_1 = {1, 2}", "a set"),
    ("plan_1 = 1, 2", "round brackets"),
    ("plan_1 = (1, 2)", "round brackets"),
    ('plan_1 = f"{1}"', "a text of a special kind"),
    ('plan_1 = b"x"', "a text of a special kind"),
    ("plan_1 = 1j", "something that is no text"),
    ("plan_1 = True", "True or False"),
    ("plan_1 = [None]", "something that is no text"),
    ("plan_1 = ...", "the sign '.'"),
    ("plan_1 = [1 for x in y]", "a loop"),
    ("plan_1 = [1][0]", "a look-up"),
    ('plan_1 = "a"("b")', "a call"),
    ('plan_1 = {"a": 1, "a": 2}', "the entry 'a' stands twice"),
    ("plan_1 = {1: 2}", "must be a text in quotes"),
    ("plan_1 = {**{}}", "the sign '*'"),
    ("plan_1 = 1\nplan_1 = 2", "more than one answer"),
    ("plan_1 = 1; plan_1 = 2", "the sign ';'"),
    ("plan_1 = plan_1 = 1", "must hold one line"),
    ("plan_1 = plan_1", "something that is no text"),
    ("plan_1: None = 1", "must hold one line"),
    ("plan_2 = 1", "the word 'plan_2'"),
    ("ｐlan_1 = 1", "the sign '\\uff50'"),
    ('plan_1 = "half', "closing quote is missing"),
    ("plan_1 = [1, 2", "incomplete"),
    ("plan_1 = 1]", "a closing bracket without"),
    (" plan_1 = 1", "incomplete"),
    ("plan_1 = 9223372036854775808", "a number is too large"),
    ("plan_1 = 1e400", "a number is too large"),
    ("plan_1 = 0x" + "f" * 60, "a number that is too long"),
    ('plan_1 = "\\ud800"', "is broken"),
    ('plan_1 = "\ud800"', "broken letter"),
    ('plan_1 = "a\0b"', "broken letter"),
    ('plan_1 = "a\\0b"', "is broken"),
    ('plan_1 = "a\u202eb"', "turns the writing direction"),
    ('plan_1 = "e' + "\u0301" * 9 + '"', "carries 9 accents"),
    ('plan_1 = "' + "x" * 4001 + '"', "4,001 characters, and 4,000 fit"),
    ('plan_1 = "' + "x" * 17_000 + '"', "larger than 16 KiB"),
    ("plan_1 = [" + "1," * 2001 + "]", "more than 2,000 parts"),
    ("plan_1 = " + "[" * 9 + "]" * 9, "more than 8 deep"),
    ("plan_1 = " + "[" * DEEP, "more than 8 deep"),
    ("plan_1 = " + "(" * DEEP + ")" * DEEP, "more than 8 deep"),
    ("plan_1 = " + "-" * DEEP + "1", "the sign '-'"),
    ("plan_1 = 1" + "-1" * DEEP, "a calculation"),
    ("plan_1 = None" + "[1]" * DEEP, "a look-up"),
    ("plan_1 = None" + "(1)" * DEEP, "a call"),
    ("plan_1 = None" + ".x" * DEEP, "the sign '.'"),
    ("plan_1 = " + "not " * 3_000, "the word 'not'"),
    ("plan_1 = " + "lambda: " * 2_000, "a function"),
    ("plan_1 = " + "9" * 16_000, "a number that is too long"),
]


@pytest.mark.parametrize(("source", "value"), CELLS)
def test_a_cell_says_its_answer(source: str, value: Any) -> None:
    assert read_cell(source, "plan_1") == value


@pytest.mark.parametrize(("source", "sentence"), BAD_CELLS, ids=lambda text: ascii(text[:30]))
def test_a_cell_that_is_no_answer_is_refused_in_a_sentence(source: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        read_cell(source, "plan_1")
    assert sentence in str(refused.value)
    assert str(refused.value).startswith("plan_1")
    assert str(refused.value).endswith(".")
    assert len(str(refused.value)) < 250


def test_reading_a_cell_is_silent_about_odd_escapes(recwarn: pytest.WarningsRecorder) -> None:
    assert read_cell('plan_1 = "50\\% off"', "plan_1") == "50\\% off"
    assert len(recwarn) == 0


# -- any value survives ---------------------------------------------------------------------------

letters = st.characters(
    exclude_categories=["Cs", "Mn", "Mc", "Me"], exclude_characters="\0" + "".join(TURNING)
)
texts = st.text(letters, max_size=80) | st.sampled_from(
    [
        "",
        "'",
        '"',
        '"""',
        "\\",
        "\\u",
        "a\nb\r\nc\td",
        "# no comment",
        "\u2028\u2029\x85\x0b\x1c",
        "می\u200cروم",
        "🙂👩‍🚀",
        "é" + "\u0301" * 8,
    ]
)
numbers = st.integers(-(2**63) + 1, 2**63 - 1) | st.floats(-9.2e18, 9.2e18)
values = st.recursive(
    texts | numbers,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(texts, inner, max_size=5),
    max_leaves=20,
)


def fits(value: Any) -> bool:
    """Tell whether a value is not deeper than an answer may be."""
    try:
        check_value(value, "any")
    except Refused:
        return False
    return True


@given(values)
def test_any_value_comes_back_from_its_cell(value: Any) -> None:
    assume(fits(value))
    source = cell_source("plan_1", value)
    assert len(source.splitlines()) == 1
    back = read_cell(source, "plan_1")
    assert back == value
    assert canonical(back) == canonical(value)


@given(values)
def test_any_value_comes_back_from_the_answers_file(
    tmp_path_factory: pytest.TempPathFactory, value: Any
) -> None:
    assume(fits(value))
    path = tmp_path_factory.mktemp("file") / "a.answers.json"
    write_answer(path, "plan_1", value, "before")
    assert read_answers_file(path).entries["plan_1"] == Entry(value, fingerprint("before"))


@given(st.text(max_size=60))
def test_any_text_in_a_cell_is_read_or_refused(text: str) -> None:
    for source in (text, f"plan_1 = {text}", f'plan_1 = "{text}"'):
        with suppress(Refused):
            read_cell(source, "plan_1")


@given(st.text(st.sampled_from("plan_1=[]{}():,'\"\\-+.0eErfbN \n#"), max_size=40))
def test_what_a_cell_says_is_what_python_would_say(text: str) -> None:
    try:
        value = read_cell(f"p = {text}", "p")
    except Refused:
        return
    said: dict[str, Any] = {}
    exec(f"p = {text}", {"__builtins__": {}}, said)
    assert said["p"] == value


# -- notebooks ------------------------------------------------------------------------------------


def cell(name: str | None, source: Any, **metadata: Any) -> dict[str, Any]:
    """Return a cell of a notebook: an answer cell if it has a name."""
    marks = {
        "grade": False,
        "solution": True,
        "locked": False,
        "task": False,
        "grade_id": name,
        "schema_version": 3,
    }
    return {
        "cell_type": "code",
        "id": name or "c001",
        "metadata": ({"nbgrader": marks} if name else {}) | metadata,
        "execution_count": None,
        "outputs": [],
        "source": source,
    }


def notebook(*cells: Any, **metadata: Any) -> bytes:
    """Return the bytes of a notebook with these cells."""
    return json.dumps(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": list(cells)}
    ).encode()


ONE = notebook(cell("plan_1", 'plan_1 = "mine"'))

BAD_NOTEBOOKS = [
    (b"", "the file is empty"),
    (b" \n", "the file is empty"),
    (ONE[:-9], "may be half-written"),
    (b"\xff\xfe{\0}\0", "byte 1 is not UTF-8 text"),
    (b"{}", "it has no list of cells"),
    (b"[]", "it has no list of cells"),
    (b'{"cells": {}}', "it has no list of cells"),
    (b'{"worksheets": []}', "in an old format"),
    (b'{"cells": [], "cells": []}', "the key 'cells' stands twice"),
    (b'{"cells": [], "metadata": {"x": NaN}}', "NaN is no number"),
    (b'{"cells": [], "metadata": {"x": -Infinity}}', "-Infinity is no number"),
    (b'{"cells": ' + b"[" * 100 + b"]" * 100 + b"}", "nested too deeply"),
    (b"[" * 1_000_000, "nested too deeply"),
    (b'{"a":' * 300_000, "nested too deeply"),
    (ONE + b" " * (2 * 1024 * 1024), "larger than 2 MiB"),
]


@pytest.mark.parametrize(("data", "sentence"), BAD_NOTEBOOKS, ids=lambda each: ascii(each[:24]))
def test_a_file_that_is_no_notebook_is_refused_in_a_sentence(
    tmp_path: Path, data: bytes, sentence: str
) -> None:
    path = tmp_path / "heat-plan-a.ipynb"
    path.write_bytes(data)
    with pytest.raises(Refused, match=r"^heat-plan-a\.ipynb: .*\.$") as refused:
        read_notebook(path, ["plan_1"])
    assert sentence in str(refused.value)
    with pytest.raises(Refused):
        read_notebook(data, ["plan_1"])


def test_only_a_regular_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "real.ipynb").write_bytes(ONE)
    (tmp_path / "link.ipynb").symlink_to(tmp_path / "real.ipynb")
    (tmp_path / "folder.ipynb").mkdir()
    os.mkfifo(tmp_path / "pipe.ipynb")
    for name in ("link", "folder", "pipe", "missing"):
        with pytest.raises(Refused, match=rf"^{name}\.ipynb: "):
            read_notebook(tmp_path / f"{name}.ipynb", ["plan_1"])
    assert read_notebook(tmp_path / "real.ipynb", ["plan_1"]).values == {"plan_1": "mine"}


ODD_NOTEBOOKS = [
    (b"\xef\xbb\xbf" + ONE, "mine"),
    (notebook(cell("plan_1", ["plan_1 = ", '"mine"'])), "mine"),
    (notebook(cell("plan_1", 'plan_1 = "mine"'), cell("plan_1", 'plan_1 = "mine"')), "mine"),
    (notebook(cell("plan_1", 'plan_1 = "mine"'), cell("plan_1", "plan_1 = 'mine'")), "mine"),
    (notebook(cell("plan_1", RELEASED), cell("plan_1", 'plan_1 = "mine"')), "mine"),
    (notebook("no cell", None, {"metadata": []}, {"source": 3}, cell("plan_1", 'plan_1 = "mine"')), "mine"),
    (notebook(cell("plan_1", 3)), None),
    (notebook(cell("plan_1", [3])), None),
    (notebook(cell(None, 'plan_1 = "mine"')), None),
    (notebook(cell("other", 'plan_1 = "mine"')), None),
    (notebook(cell("plan_1", 'plan_1 = "mine"'), big=int("9" * 4000), tiny=1e-300), "mine"),
]


@pytest.mark.parametrize(("data", "value"), ODD_NOTEBOOKS)
def test_an_odd_notebook_is_read_all_the_same(data: bytes, value: Any) -> None:
    read = read_notebook(data, ["plan_1"])
    assert read.values == {"plan_1": value}
    assert read.refusals == {}


def test_a_cell_that_stands_twice_with_different_answers_is_told_with_both() -> None:
    data = notebook(cell("plan_1", 'plan_1 = "mine"'), cell("plan_1", 'plan_1 = "other"'), cell("q", "q = 1"))
    read = read_notebook(data, ["plan_1", "q"])
    assert read.values == {"plan_1": None, "q": 1}
    assert read.doubles == {"plan_1": ("mine", "other")}
    assert "stands twice with different answers" in read.refusals["plan_1"]
    counted = answers_from(data, None, ["plan_1", "q"])
    assert any("“mine” and “other”" in note for note in counted.notes)


def test_of_very_many_doubles_a_few_are_named() -> None:
    data = notebook(*(cell("plan_1", f'plan_1 = "number {n}"') for n in range(300)))
    counted = answers_from(data, None, ["plan_1"])
    assert max(map(len, counted.notes)) < 400
    assert any("and more" in note for note in counted.notes)


def test_a_name_that_is_half_a_letter_is_left_out_with_a_note() -> None:
    file = b'{"format": 1, "answers": {"\\ud800": {"value": "x"}, "plan_1": {"value": "mine"}}}'
    counted = answers_from(notebook(cell("plan_1", RELEASED)), file, ["plan_1"])
    assert counted.values == {"plan_1": "mine"}
    assert any("\\ud800" in note for note in counted.notes)


def test_one_bad_cell_hurts_no_other() -> None:
    data = notebook(cell("plan_1", "plan_1 = open()"), cell("plan_2", 'plan_2 = "fine"'))
    read = read_notebook(data, ["plan_1", "plan_2", "plan_3"])
    assert read.values == {"plan_1": None, "plan_2": "fine", "plan_3": None}
    assert list(read.refusals) == ["plan_1"]
    assert read.missing == ("plan_3",)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_notebook_or_refused(data: bytes) -> None:
    with suppress(Refused):
        read_notebook(data, ["plan_1"])


@given(st.integers(0, len(ONE)), st.integers(0, len(ONE)), st.binary(max_size=8))
def test_any_damage_to_a_notebook_is_read_or_refused(start: int, end: int, junk: bytes) -> None:
    with suppress(Refused):
        read_notebook(ONE[:start] + junk + ONE[end:], ["plan_1"])


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["cells", "metadata", "nbgrader", "grade_id", "source", "solution"]), inner
        )
    ),
    max_leaves=25,
)


@given(anything, anything)
def test_any_json_is_a_notebook_or_refused(whole: Any, one: Any) -> None:
    for read in (
        whole,
        {"cells": whole},
        {"cells": [one, whole]},
        {"cells": [{"metadata": one, "source": whole}]},
    ):
        with suppress(Refused):
            read_notebook(json.dumps(read).encode(), ["plan_1"])
            questions_in(read, "notebook")


@given(
    answers=st.dictionaries(st.sampled_from(["p", "q", "r"]), texts), noise=anything, seed=st.integers(0, 99)
)
def test_metadata_outputs_order_and_extra_cells_change_nothing(
    answers: dict[str, str], noise: Any, seed: int
) -> None:
    plain = [cell(name, cell_source(name, text)) for name, text in answers.items()]
    noisy = [{**each, "outputs": noise, "execution_count": noise, "cell_type": noise} for each in plain]
    for each in noisy:
        each["metadata"] = {"noise": noise, "tags": noise, **each["metadata"]}
    noisy += [cell(None, 'p = "not this one"'), cell("p_check", "p = 1"), {"metadata": noise}]
    random.Random(seed).shuffle(noisy)
    assert (
        read_notebook(notebook(*noisy, noise=noise), ["p", "q", "r"]).values
        == read_notebook(notebook(*plain), ["p", "q", "r"]).values
    )


# -- notes ----------------------------------------------------------------------------------------

NOTED = [
    ("plain", ()),
    ("می\u200cروم", ("U+200C",)),
    ("I am s\u043erry", ("look-alike",)),
    ("Привет и добро пожаловать", ()),
    ({"r1": ["s\u043erry\ufeff"]}, ("U+FEFF", "look-alike")),
]


@pytest.mark.parametrize(("value", "parts"), NOTED)
def test_unseen_and_look_alike_letters_are_noted_and_not_refused(value: Any, parts: tuple[str, ...]) -> None:
    notes = notes_on(check_value(value, "plan_1"), "plan_1")
    assert len(notes) == len(parts)
    assert all(part in note and "allowed" in note for part, note in zip(parts, notes, strict=True))


# -- the file beside the notebook -----------------------------------------------------------------

MERGED = [
    (None, None, None, False),
    ("cell", None, "cell", False),
    (None, Entry("file"), "file", False),
    (None, Entry("file", fingerprint("gone")), "file", False),
    ("cell", Entry("file", fingerprint("cell")), "file", False),
    ("cell", Entry("file"), "cell", True),
    ("cell", Entry("file", fingerprint("older")), "cell", True),
    ("same", Entry("same"), "same", False),
    ("", Entry("file", fingerprint("")), "file", False),
    ({"a": 1, "b": 2}, Entry({"a": 2}, fingerprint({"b": 2, "a": 1})), {"a": 2}, False),
]


@pytest.mark.parametrize(("in_cell", "entry", "counts", "told"), MERGED)
def test_the_file_counts_only_over_what_it_replaces(
    in_cell: Any, entry: Any, counts: Any, told: bool
) -> None:
    assert merge(in_cell, entry) == counts
    value, sentence = settle(in_cell, entry, "plan_1")
    assert value == counts
    assert bool(sentence) == told
    if told:
        assert "“cell”" in sentence
        assert "“file”" in sentence


BAD_FILES = [
    (b"", "the file is empty"),
    (b'{"format": 1, "answers": {', "may be half-written"),
    (b'{"format": 2, "answers": {}}', "not an answers file of format 1"),
    (b'{"format": 1, "answers": []}', "not an answers file of format 1"),
    (b"[1]", "not an answers file of format 1"),
    (b"\xff", "not UTF-8"),
    (b'{"format": 1, "answers": {}}' + b" " * 256 * 1024, "larger than 256 KiB"),
]


@pytest.mark.parametrize(("data", "sentence"), BAD_FILES, ids=lambda each: ascii(each[:24]))
def test_a_broken_answers_file_is_told_put_aside_and_never_overwritten(
    tmp_path: Path, data: bytes, sentence: str
) -> None:
    path = tmp_path / "a.ipynb"
    path.write_bytes(ONE)
    beside = answers_path(path)
    for number in (1, 2):
        beside.write_bytes(data)
        answers = answers_of(path, ["plan_1"])
        assert answers.values == {"plan_1": "mine"}
        assert sentence in answers.notes[0]
        told = write_answer(beside, "plan_1", "new", "mine")
        assert f"put aside as a.answers.json.broken-{number}" in told
        assert (tmp_path / f"a.answers.json.broken-{number}").read_bytes() == data
        assert answers_of(path, ["plan_1"]).values == {"plan_1": "new"}


BAD_ENTRIES = [
    '{"value": null, "replaces": null}',
    '{"value": true, "replaces": null}',
    '{"value": "a", "replaces": 3}',
    '{"replaces": null}',
    '"a"',
    '{"value": 1e999, "replaces": null}',
    '{"value": ' + "9" * 3000 + "}",
    '{"value": "\\ud800"}',
    '{"value": "\\u202e"}',
    '{"value": [' + ", ".join(['"' + "x" * 4000 + '"'] * 5) + "]}",
]


@pytest.mark.parametrize("entry", BAD_ENTRIES)
def test_one_bad_entry_hurts_no_other_and_is_kept_aside(tmp_path: Path, entry: str) -> None:
    path = tmp_path / "a.answers.json"
    path.write_text(
        f'{{"format": 1, "answers": {{"p": {entry}, "q": {{"value": "fine"}}}}}}', encoding="utf-8"
    )
    read = read_answers_file(path)
    assert dict(read.entries) == {"q": Entry("fine")}
    assert read.refusals["p"].startswith("a.answers.json, p: ")
    assert "broken-1" in write_answer(path, "p", "new")
    assert {name: each.value for name, each in read_answers_file(path).entries.items()} == {
        "q": "fine",
        "p": "new",
    }


def test_an_entry_goes_when_the_notebook_holds_it_and_the_empty_file_with_it(tmp_path: Path) -> None:
    path = tmp_path / "a.answers.json"
    write_answer(path, "p", "one")
    write_answer(path, "q", "two")
    remove_answer(path, "p", "older")
    assert read_answers_file(path).entries["p"] == Entry("one", fingerprint("older"))
    remove_answer(path, "p", "one")
    assert list(read_answers_file(path).entries) == ["q"]
    remove_answer(path, "q", "two")
    assert list(tmp_path.iterdir()) == []
    remove_answer(path, "q", "two")


def test_a_bad_cell_gives_way_to_a_good_entry_and_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_bytes(notebook(cell("p", "p = open()"), cell("q", "q = open()")))
    write_answer(answers_path(path), "p", "kept")
    write_answer(answers_path(path), "stranger", "x")
    answers = answers_of(path, ["p", "q"])
    assert answers.values == {"p": "kept", "q": None}
    assert list(answers.refused) == ["q"]
    assert "The other copy counts: “kept”." in answers.notes[0]
    assert "there is no question 'stranger'" in answers.notes[-1]


# -- writers that are killed, writers at the same time -----------------------------------------------

WRITER = """
import os, signal, sys
from pathlib import Path
from course.engine.answers import write_answer
real = getattr(os, sys.argv[2])
def and_then_the_power_fails(*arguments):
    if sys.argv[3] == "after":
        real(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(os, sys.argv[2], and_then_the_power_fails)
write_answer(Path(sys.argv[1]), "p", "new")
"""


@pytest.mark.parametrize(
    ("call", "moment", "left"),
    [
        ("fsync", "before", "old"),
        ("fsync", "after", "old"),
        ("replace", "before", "old"),
        ("replace", "after", "new"),
    ],
)
def test_a_killed_writer_leaves_the_old_file_or_the_new_one(
    root: Path, tmp_path: Path, call: str, moment: str, left: str
) -> None:
    path = tmp_path / "a.answers.json"
    write_answer(path, "p", "old")
    killed = subprocess.run(
        [sys.executable, "-c", WRITER, str(path), call, moment], cwd=root, capture_output=True
    )
    assert killed.returncode == -9, killed.stderr
    assert dict(read_answers_file(path).entries) == {"p": Entry(left)}
    write_answer(path, "p", "next")
    assert [each.name for each in tmp_path.iterdir()] == ["a.answers.json"]


MANY = """
import sys
from pathlib import Path
from course.engine.answers import write_answer
for number in range(15):
    write_answer(Path(sys.argv[1]), f"{sys.argv[2]}{number}", number)
"""


def test_two_writers_at_once_lose_no_field(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.answers.json"
    writers = [subprocess.Popen([sys.executable, "-c", MANY, str(path), name], cwd=root) for name in "ab"]
    assert [writer.wait() for writer in writers] == [0, 0]
    assert set(read_answers_file(path).entries) == {
        f"{name}{number}" for name in "ab" for number in range(15)
    }


# -- what widgets and the text twin call ---------------------------------------------------------------


@pytest.fixture
def open_notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A released notebook with two questions, in the folder that we run in."""
    for name in ("JPY_SESSION_NAME", "NBGRADER_EXECUTION"):
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "heat-plan-a.ipynb"
    path.write_bytes(notebook(cell("plan_1", RELEASED), cell("plan_2", "plan_2 = None")))
    monkeypatch.chdir(tmp_path)
    return path


def test_a_click_is_safe_before_the_notebook_knows_and_restored_after(open_notebook: Path) -> None:
    first = Keeper("plan_1")
    assert (first.notebook, first.restored, first.told) == (open_notebook, None, ())
    assert first.put("one").safe
    assert first.put("two").safe
    assert Keeper("plan_1").restored == "two"
    assert Keeper("plan_2").restored is None


def test_the_copy_goes_only_when_the_notebook_really_holds_it(open_notebook: Path) -> None:
    keeper = Keeper("plan_1")
    keeper.put("one")
    keeper.stored_in_notebook("one")
    assert answers_path(open_notebook).exists()
    open_notebook.write_bytes(notebook(cell("plan_1", 'plan_1 = "one"')))
    keeper.stored_in_notebook("one")
    assert not answers_path(open_notebook).exists()
    assert Keeper("plan_1").restored == "one"


def test_a_later_click_outlives_the_acknowledgement_of_an_earlier_one(open_notebook: Path) -> None:
    keeper = Keeper("plan_1")
    keeper.put("one")
    keeper.put("two")
    open_notebook.write_bytes(notebook(cell("plan_1", 'plan_1 = "one"')))
    keeper.stored_in_notebook("one")
    assert Keeper("plan_1").restored == "two"
    assert Keeper("plan_1").told == ()


def test_two_windows_share_the_file_and_are_told(open_notebook: Path) -> None:
    left, right, other = Keeper("plan_1"), Keeper("plan_1"), Keeper("plan_2")
    assert left.put("left").told == ""
    assert other.put("other").told == ""
    assert "another window" in right.put("right").told
    assert right.put("right again").told == ""
    assert answers_of(open_notebook, ["plan_1", "plan_2"]).values == {
        "plan_1": "right again",
        "plan_2": "other",
    }


def test_what_cannot_be_kept_is_told_and_what_was_kept_stays(open_notebook: Path) -> None:
    keeper = Keeper("plan_1")
    keeper.put("good")
    refused = keeper.put("x" * 4001)
    assert not refused.safe
    assert "4,000 fit" in refused.told
    assert Keeper("plan_1").restored == "good"


def test_a_notebook_that_cannot_be_found_is_told_with_the_cure(
    open_notebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (open_notebook.parent / "second.ipynb").write_bytes(ONE)
    keeper = Keeper("plan_1")
    assert keeper.notebook is None
    assert "there are 2 notebooks" in keeper.put("text").told
    monkeypatch.setenv("JPY_SESSION_NAME", str(open_notebook))
    assert find_notebook() == open_notebook
    open_notebook.unlink()
    assert find_notebook().name == "second.ipynb"
    find_notebook().unlink()
    with pytest.raises(Refused, match="there is no notebook in this folder"):
        find_notebook()


def test_nothing_is_written_while_nbgrader_grades(
    open_notebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    monkeypatch.setattr(sys.modules["__main__"], "plan_1", "from the cell", raising=False)
    keeper = Keeper("plan_1")
    assert keeper.restored == "from the cell"
    assert not keeper.put("other").safe
    keeper.stored_in_notebook("other")
    assert [each.name for each in open_notebook.parent.iterdir()] == ["heat-plan-a.ipynb"]


TOLD = [
    (("plan_1", "I listen"), "Kept: plan_1, in heat-plan-a.answers.json."),
    (("plan_3", "I listen"), "there is no question 'plan_3'; did you mean 'plan_2'?"),
    (("zebra", "I listen"), "there is no question 'zebra'; it has plan_1, plan_2."),
    (("plan_1", None), "this holds 'NoneType'"),
]


@pytest.mark.parametrize(("arguments", "sentence"), TOLD)
def test_the_text_twin_says_what_it_did(
    open_notebook: Path, capsys: pytest.CaptureFixture[str], arguments: Any, sentence: str
) -> None:
    answer(*arguments)
    told = capsys.readouterr()
    assert sentence in told.out
    assert told.err == ""
    kept = answers_of(open_notebook, ["plan_1"]).values["plan_1"]
    assert kept == ("I listen" if told.out.startswith("Kept") else None)
