"""The envelope: what the names of Canvas, Moodle, the exchange and plain folders say, and who that is."""

import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograders.intake.names import Envelope, base_of, read_envelope
from autograders.intake.people import People, Told, people_of, squashed
from autograders.intake.platform_list import read_list
from autograders.intake.refusals import SENTENCES, Refused
from autograders.intake.times import read_stamp, read_time, stamp
from autograders.roster import Learner
from course.engine.faults import Faults

TASK = "heat-plan-a"
OTHERS = ("reading-replies",)
ANN = Learner("a.holm", "Ann", "Holm", "ann@x.org")
LEARNERS = {
    each.id: each
    for each in (
        ANN,
        Learner("812", "Bo", "Li", "bo@x.org"),
        Learner("li.anna", "Anna", "Li"),
        Learner("al.ann", "Ann", "Ali"),
        Learner("li.anna.2", "Anna", "Li"),
        Learner("jø", "Jørgen", "Ærø-Sol"),
        Learner("رضا", "رضا", "کریمی"),
    )
}

Row = tuple[tuple[str, ...], tuple[str, str, str, str] | None]

ENVELOPES: list[Row] = [
    (("holmann_77_4711_heat-plan-a.ipynb",), ("canvas", "holmann", "77", "heat-plan-a.ipynb")),
    (("holmann_LATE_77_4711_heat-plan-a-2.ipynb",), ("canvas", "holmann", "77", "heat-plan-a-2.ipynb")),
    (("holmann_late_77_4711_my_1_2_x.zip",), ("canvas", "holmann", "77", "my_1_2_x.zip")),
    (("de_la_cruz_77_4711_x.ipynb",), ("canvas", "de_la_cruz", "77", "x.ipynb")),
    (("ærøsoljørgen_5_6_x.ipynb",), ("canvas", "ærøsoljørgen", "5", "x.ipynb")),
    (("Ann Holm_30512_assignsubmission_file_", "x.ipynb"), ("moodle", "Ann Holm", "30512", "x.ipynb")),
    (("Ann Holm_30512_assignsubmission_file", "in", "x.ipynb"), ("moodle", "Ann Holm", "30512", "x.ipynb")),
    (("Ann Holm_30512_assignsubmission_file_x_1_2_y.zip",), ("moodle", "Ann Holm", "30512", "x_1_2_y.zip")),
    (("Ann Holm_3_assignsubmission_onlinetext_", "t.html"), ("moodle", "Ann Holm", "3", "t.html")),
    (("a+b+heat-plan-a+2026-03-02 09:30:00.000000 UTC+r", "x.ipynb"), ("exchange", "a+b", "", "x.ipynb")),
    (("a.holm+heat-plan-a+2026-03-02 09:30:00 UTC", "x.ipynb"), ("exchange", "a.holm", "", "x.ipynb")),
    (("a.holm+reading-replies+2026-03-02 09:30:00 UTC", "x.ipynb"), None),
    (("a.holm", TASK, "x.ipynb"), ("folder", "a.holm", "", "x.ipynb")),
    (("a.holm", "x.ipynb"), ("folder", "a.holm", "", "x.ipynb")),
    (("a.holm", "li_9_9_x.ipynb"), ("folder", "a.holm", "", "li_9_9_x.ipynb")),
    (("a.holm", "reading-replies", "x.ipynb"), None),
    (("ann@x.org.ipynb",), ("file", "ann@x.org", "", "ann@x.org.ipynb")),
    (("__MACOSX", "._x.ipynb"), None),
    (("a.holm", ".ipynb_checkpoints", "x.ipynb"), None),
]


@pytest.mark.parametrize(("parts", "said"), ENVELOPES)
def test_the_outermost_name_says_who_it_is_from(parts: tuple[str, ...], said: tuple[str, ...] | None) -> None:
    found = read_envelope(parts, TASK, OTHERS)
    assert (found and (found.kind, found.who, found.number, found.file)) == said


def test_canvas_says_what_was_late_and_in_which_order() -> None:
    late, again = (
        read_envelope((name,), TASK, OTHERS)
        for name in ("holmann_LATE_7_41_x.ipynb", "holmann_7_42_x-1.ipynb")
    )
    assert late
    assert again
    assert (late.late, again.late) == (True, False)
    assert late.order < again.order


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("heat-plan-a.ipynb", ("heat-plan-a", 0)),
        ("heat-plan-a-1.ipynb", ("heat-plan-a", 1)),
        ("heat-plan-a (2).ipynb", ("heat-plan-a", 2)),
        ("heat-plan-a-hand-in.zip", ("heat-plan-a", 0)),
        ("heat-plan-a-hand-in-3.zip", ("heat-plan-a", 3)),
        ("heat-plan-a.answers.json", ("heat-plan-a", 0)),
        ("heat-plan-a.answers-1.json", ("heat-plan-a", 1)),
        ("Homework.IPYNB", ("Homework", 0)),
    ],
)
def test_what_a_platform_adds_to_a_files_name_is_told_from_it(name: str, base: tuple[str, int]) -> None:
    assert base_of(name, TASK) == base


def test_an_assignments_own_digits_stay() -> None:
    assert base_of("week-1.ipynb", "week-1") == ("week-1", 0)
    assert base_of("week-1-2.ipynb", "week-1") == ("week-1", 2)


def envelope(path: str) -> Envelope:
    found = read_envelope(tuple(path.split("/")), TASK, OTHERS)
    assert found
    return found


WHO = [
    ("holmann_77_1_x.ipynb", "a.holm"),
    ("annholm_77_1_x.ipynb", "a.holm"),
    ("ærøsoljørgen_9000_6_x.ipynb", "jø"),
    ("کریمیرضا_5_6_x.ipynb", "رضا"),
    ("Ann Holm_3_assignsubmission_file_/x.ipynb", "a.holm"),
    ("HOLM ann_3_assignsubmission_file_x.ipynb", "a.holm"),
    ("a.holm/x.ipynb", "a.holm"),
    ("A.Holm/x.ipynb", "a.holm"),
    ("Ann Holm/x.ipynb", "a.holm"),
    ("ann@x.org.ipynb", "a.holm"),
    ("a.holm_heat-plan-a.ipynb", "a.holm"),
    ("a.holm-heat-plan-a-hand-in.zip", "a.holm"),
    ("a.holm_heat-plan-a-1.ipynb", "a.holm"),
    ("a.holm.answers.json", "a.holm"),
    ("a.holm+heat-plan-a+2026-03-02 09:30:00 UTC/x.ipynb", "a.holm"),
    ("libo_812_1_x.ipynb", "812"),
]
NOBODY = [
    ("nobody_77_1_x.ipynb", "unknown", "“nobody” (number 77)"),
    ("somebody_812_1_x.ipynb", "unknown", "“somebody” (number 812)"),
    ("annali_77_1_x.ipynb", "ambiguous", "al.ann or li.anna or li.anna.2"),
    ("Anna Li_4_assignsubmission_file_/x.ipynb", "ambiguous", "al.ann or li.anna or li.anna.2"),
    ("../x.ipynb", "unknown", "“..”"),
    ("Ann Holm+heat-plan-a+2026-03-02 09:30:00 UTC/x.ipynb", "unknown", "“Ann Holm”"),
    ("holmann_9000_1_x.ipynb", "contradiction", "number 9000 is jø by the list"),
    ("ærøsoljørgen_9001_1_x.ipynb", "contradiction", "has number 9001 here, and by the list jø is 9000"),
]


@pytest.fixture(scope="module")
def people() -> People:
    return people_of(LEARNERS, [Told("jø", "9000"), Told("li.anna", "31", "Li, A.")])


@pytest.mark.parametrize(("path", "learner"), WHO)
def test_who_it_is_is_told_by_id_address_or_name(people: People, path: str, learner: str) -> None:
    assert people.learner_of(envelope(path)) == learner


@pytest.mark.parametrize(("path", "kind", "what"), NOBODY)
def test_who_is_not_exactly_one_goes_to_a_person(people: People, path: str, kind: str, what: str) -> None:
    with pytest.raises(Refused) as refused:
        people.learner_of(envelope(path))
    assert refused.value.kind == kind
    assert what in refused.value.what


def test_a_platforms_list_decides_between_two_of_one_name(people: People) -> None:
    assert people.learner_of(envelope("annali_31_1_x.ipynb")) == "li.anna"
    assert people.learner_of(envelope("ali_31_1_x.ipynb")) == "li.anna"


def test_without_a_roster_a_folder_is_an_id_and_nothing_is_guessed() -> None:
    class_of_nobody = people_of({})
    assert class_of_nobody.learner_of(envelope("a.holm/x.ipynb")) == "a.holm"
    for name in ("two words/x.ipynb", "a.holm-1.ipynb"):
        with pytest.raises(Refused):
            class_of_nobody.learner_of(envelope(name))


@given(st.text())
def test_a_name_is_the_same_however_its_accents_are_written(name: str) -> None:
    assert squashed(unicodedata.normalize("NFD", name)) == squashed(unicodedata.normalize("NFC", name))


@given(st.text("abcXYZ-'. ,"), st.text("abcXYZ-'. ,"))
def test_a_name_run_together_forgets_case_and_signs(first: str, last: str) -> None:
    letters = [letter for letter in last + first if letter.isalpha()]
    assert squashed(f"{last}, {first}") == "".join(letters).lower()


LISTS = {
    "own.csv": (
        'id,platform_id,name,email,received\na.holm,77,"Holm-Jensen, Ann",ann@y.org,2026-03-02T10:00Z\n'
    ),
    "own.yaml": (
        "a.holm: {platform_id: [77], name: 'Holm-Jensen, Ann', email: ann@y.org,\n"
        "  received: '2026-03-02T10:00Z'}\n"
    ),
    "canvas.csv": (
        "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n"
        '"Holm-Jensen, Ann",77,a.holm,ann@y.org,Mon\n"Student, Test",99,,,Mon\n'
    ),
    "moodle.csv": (
        "Identifier;Full name;Email address;Status;Last modified (submission)\n"
        'Participant 77;Ann Holm;ann@x.org;Submitted;"Monday, 2 March 2026, 10:00 AM"\n'
        "Participant 78;A Teacher;t@x.org;;-\n"
    ),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_platforms_list_is_read_as_it_is(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(LISTS[name], encoding="utf-8")
    told = read_list(tmp_path / name, LEARNERS)
    assert [(each.learner, each.number) for each in told] == [("a.holm", "77")]
    people = people_of(LEARNERS, told)
    assert people.learner_of(envelope("whatever_77_1_x.ipynb")) == "a.holm"
    assert read_time(told[0].received or "2026-03-02 10:00", ZoneInfo("UTC")).hour == 10


FAULTY = {
    "a.csv": (
        "id,platform_id\nb.holm,77\n",
        ":2: the id 'b.holm' is not on the roster; did you mean 'a.holm'?",
    ),
    "b.csv": ("platform_id,name\n77,Ann Holm\n77,Bo Li\n", ":3: the number 77 is a.holm's and 812's"),
    "c.csv": ("room,seat\n1,2\n", ":1: no column tells who somebody is"),
    "d.csv": ("name,platform_id\nAnna Li,7\n", ":2: this line may be al.ann or li.anna or li.anna.2"),
    "e.yaml": ("a.holm: [77\n", "this is no YAML"),
    "f.yaml": ("- a.holm\n", "it names no learners by their ids"),
    "g.yaml": ("a.holm: {number: 77}\n", "no field 'number'"),
    "h.csv": ("", ":1: no column tells who"),
}


@pytest.mark.parametrize("name", FAULTY)
def test_a_fault_in_a_list_is_told_with_place_and_cure(tmp_path: Path, name: str) -> None:
    text, said = FAULTY[name]
    (tmp_path / name).write_text(text)
    with pytest.raises(Faults) as told:
        read_list(tmp_path / name, LEARNERS)
    assert name in str(told.value)
    assert said in str(told.value)


HALF_PAST_NINE = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("2026-03-02T09:30Z", None),
        ("2026-03-02 09:30:00 UTC", None),
        ("2026-03-02T10:30+01:00", None),
        ("2026-03-02 10:30", "Europe/Copenhagen"),
        ("Monday, 2 March 2026, 9:30 AM", "UTC"),
        ("2 Mar 2026 10:30", "Europe/Copenhagen"),
    ],
)
def test_a_time_of_receipt_is_read(text: str, zone: str | None) -> None:
    assert read_time(text, ZoneInfo(zone) if zone else None) == HALF_PAST_NINE


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-03-02 09:30", "has no time zone; add --zone"),
        ("02/03/2026 09:30", "no time can be read"),
        ("yesterday", "no time can be read"),
        ("", "no time can be read"),
    ],
)
def test_a_time_is_never_guessed(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_time(text)


@given(st.datetimes(min_value=datetime(1000, 1, 1)))
def test_a_stamp_is_read_as_it_was_written(when: datetime) -> None:
    assert read_stamp(stamp(when.replace(tzinfo=UTC))) == when.replace(tzinfo=UTC)


@pytest.mark.parametrize("kind", SENTENCES)
def test_every_refusal_has_one_sentence_for_each_of_the_two(kind: str) -> None:
    refused = Refused(kind, "x.zip")
    learner, instructor = refused.for_the_learner("y.zip"), refused.for_the_instructor("y.zip")
    assert instructor.startswith("y.zip: ")
    for sentence in (learner, instructor):
        assert sentence.endswith(".")
        assert "{" not in sentence
        assert "\n" not in sentence
