"""Strict reading: what a person writes becomes a value, or every fault of the file at once."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograders.keys_reading import key, keys, read_key
from course.engine.content import LABELS, MOVES, read_exercise, read_scenario, scenario, scenarios
from course.engine.faults import Fault, Faults, did_you_mean
from course.engine.words import UnknownWord, all_words, read_words, values_of, word
from course.engine.yaml_reading import MOST_BYTES, read_document

HERE = Path(__file__).parent
ROOT = HERE.parent
PARCEL = HERE / "good" / "the-late-parcel.yaml"
KEY = ROOT / "autograders" / "keys" / "heat-plan-a.yaml"
EXERCISE = ROOT / "course" / "exercises" / "heat-sorting.yaml"
LAUGHS = "a0: &a0 [ha]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 30))

# bytes of a file, what is told of it
UNREADABLE = [
    (b"", "the file is empty; write it, or delete it"),
    (b"# only a comment\n", "the file is empty; write it, or delete it"),
    (b"a: b\nc: caf\xe9\n", ":2: the byte 0xE9 is not UTF-8; save the file with the encoding UTF-8"),
    (b"a: " + b"x" * MOST_BYTES, "is larger than 1 MiB; split it, or look what got pasted into it"),
    (LAUGHS.encode(), ":1: anchors and aliases (& and *) are not used here; write the text out"),
    (b"[" * 100_000, ":1: lists and maps are nested more than 16 deep; write the text out"),
    (b"a: !!python/object/apply:os.system [ls]\n", ":1: tags such as"),
    (b"a: 1\n---\nb: 2\n", ":2: not YAML: but found another document; delete the line '---'"),
    (b"a:\n\t- b\n", "indent with spaces, not with tabs"),
    (b'a: "open\n', "close the quotes"),
    (b"a: \x07\n", ":1: the character U+0007 cannot stand in a YAML file; delete it"),
    (b"\xff\xfea\x00", ":1: the byte 0xFF is not UTF-8"),
]


@pytest.mark.parametrize(("content", "told"), UNREADABLE, ids=[told[:40] for _, told in UNREADABLE])
def test_what_cannot_be_read_is_told_in_one_sentence(tmp_path, content, told):
    path = tmp_path / "odd.yaml"
    path.write_bytes(content)
    with pytest.raises(Faults) as wrong:
        read_document(path)
    assert told in str(wrong.value)
    assert len(wrong.value.faults) == 1


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(Faults, match="there is no such file; check its name and folder"):
        read_scenario(tmp_path / "gone.yaml")


# a scalar, what is read
SCALARS = [("12:30", "12:30"), ("2024-01-01", "2024-01-01"), ("007", 7), ("-4", -4), ("1e3", "1e3")]
SCALARS += [("0.5", 0.5), ("true", True), ("'true'", "true"), ("'no'", "no"), ("", None), ("1_000", "1_000")]


@pytest.mark.parametrize(("written", "read"), SCALARS)
def test_a_scalar_is_read_as_editors_read_it(tmp_path, written, read):
    path = tmp_path / "scalar.yaml"
    path.write_text(f"it: {written}\n", encoding="utf-8")
    assert read_document(path).data == {"it": read}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.sampled_from([(PARCEL, read_scenario), (KEY, read_key), (EXERCISE, read_exercise)]), st.data())
def test_a_half_wrong_file_is_told_and_never_crashes(tmp_path, file, data):
    written, read = file
    lines = written.read_text(encoding="utf-8").splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        number = data.draw(st.integers(2, len(lines) - 1))
        head = lines[number].partition(":")[0]
        odd = [
            "",
            f"{head}:",
            f"{head}: [1, {{a: b}}]",
            f"{head}: {{x: 1}}",
            f"{head}: 7",
            f"{head}x: no",
            "  - -",
            f'{head}: "\\ud800"',
        ]
        lines[number] = data.draw(st.sampled_from(odd))
    path = tmp_path / written.name
    path.write_text("\n".join(lines), encoding="utf-8")
    told = _faults(read, path)
    assert all(str(fault).encode() for fault in told)
    assert all(fault.what and "\n" not in str(fault) for fault in told)
    assert told == tuple(sorted(set(told)))


def _faults(read: Callable[[Path], object], path: Path) -> tuple[Fault, ...]:
    try:
        read(path)
    except Faults as wrong:
        return wrong.faults
    return ()


def test_a_scenario_cannot_be_changed():
    parcel = read_scenario(PARCEL)
    with pytest.raises(ValueError, match="frozen"):
        parcel.title = "Another"


def test_a_complaint_is_one_line_of_plain_text():
    complaint = read_scenario(PARCEL).as_complaint()
    assert "\n" not in complaint.text
    assert (complaint.complexity, complaint.channel) == ("simple", "phone")


def test_every_shipped_scenario_is_found_by_its_id():
    assert {found.id for found in scenarios()} >= {"cold-soup", "the-quiet-room", "paid-and-cut-off"}


def test_an_unknown_scenario_is_told_with_its_cure():
    with pytest.raises(Faults, match=r"no scenario 'cold-soap'; did you mean 'cold-soup'\?"):
        scenario("cold-soap")


def test_a_course_folder_has_its_own_scenarios_before_the_shipped_ones(tmp_path):
    (tmp_path / "nbgrader_config.py").touch()
    own = tmp_path / "course" / "scenarios"
    own.mkdir(parents=True)
    (own / "the-late-parcel.yaml").write_bytes(PARCEL.read_bytes())
    assert scenario("the-late-parcel", start=tmp_path).customer.name == "Ines"
    assert scenario("cold-soup", start=tmp_path).customer.name == "Marek"


def test_a_word_is_found_and_filled_in(tmp_path):
    assert word("label.hear") == "Hears"
    with pytest.raises(
        UnknownWord, match=r"no word 'label.herr' in words/en.yaml; did you mean 'label.hear'\?"
    ):
        word("label.herr")
    with pytest.raises(UnknownWord, match="needs a value for 'number'"):
        word("common.question.replies")


def test_a_course_folder_can_reword_one_word(tmp_path):
    (tmp_path / "nbgrader_config.py").touch()
    own = tmp_path / "course" / "words"
    own.mkdir(parents=True)
    (own / "en.yaml").write_text("label.hear: Listens\n", encoding="utf-8")
    words = all_words(start=tmp_path)
    assert (words["label.hear"], words["label.argues"]) == ("Listens", word("label.argues"))


def test_words_are_read_whole(tmp_path):
    path = tmp_path / "en.yaml"
    path.write_text("a.b: 'No'\nc: Hello {name}\n", encoding="utf-8")
    assert dict(read_words(path)) == {"a.b": "No", "c": "Hello {name}"}


def test_a_learner_has_no_key(tmp_path):
    assert key("heat-plan-a", start=tmp_path) is None
    assert keys(start=tmp_path) == ()
    (tmp_path / "nbgrader_config.py").touch()
    assert key("heat-plan-a", start=tmp_path) is None


def test_the_key_of_a_course_folder_is_found():
    found = read_key(HERE.parent / "autograders" / "keys" / "heat-plan-a.yaml")
    assert list(found.questions) == ["replies_1", "plan_1", "replies_2", "plan_2"]
    assert key("heat-plan-a", start=HERE) == found


@pytest.mark.parametrize(
    ("wrong", "known", "cure"),
    [
        ("cuase", ["cause", "effect"], "did you mean 'cause'?"),
        ("zebra", ["cause", "effect"], "choose one of: cause, effect"),
        ("zebra", [], "there is none to choose from"),
    ],
)
def test_an_unknown_word_gets_the_nearest_known_one(wrong, known, cure):
    assert did_you_mean(wrong, known) == cure


def _asked_words() -> list[tuple[str, str, frozenset[str]]]:
    """Return (file, id, names of values) of every `word("…")` in the code that names its id outright."""
    found = []
    for path in sorted([*(ROOT / "course").rglob("*.py"), *(ROOT / "autograders").rglob("*.py")]):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "word":
                id_ = node.args[0] if node.args else None
                if isinstance(id_, ast.Constant):
                    values = frozenset(str(keyword.arg) for keyword in node.keywords)
                    found.append((path.name, str(id_.value), values - {"language"}))
    return found


def test_every_word_that_the_code_asks_for_is_there_with_its_values():
    words = all_words()
    asked = _asked_words()
    assert len(asked) > 20
    assert [(file, id_) for file, id_, _ in asked if id_ not in words] == []
    short = [
        (file, id_) for file, id_, values in asked if "None" not in values and values_of(words[id_]) - values
    ]
    assert short == [], "these words need values that the code does not give"


@pytest.mark.parametrize(
    "id_", [*(f"label.{label}" for label in LABELS), *(f"move.{move}" for move in MOVES)]
)
def test_every_label_and_move_has_a_word(id_):
    assert word(id_)
