"""roster.csv: what spreadsheets do to it is forgiven; what is wrong is told, all at once."""

import pytest

from autograders.roster import Learner, read_roster, roster, write_roster
from course.engine.faults import Faults

ONE = {"a.holm": Learner("a.holm", "Anders", "Holm", "a@x.org")}
FORGIVEN = [
    b"id,first_name,last_name,email\na.holm,Anders,Holm,a@x.org\n",
    b"\xef\xbb\xbfid,first_name,last_name,email\r\na.holm,Anders,Holm,a@x.org\r\n",
    b"ID;First_Name;Last_Name;Email\na.holm;Anders;Holm;a@x.org\n;;;\n\n",
    b"email,id,last_name,first_name,room\na@x.org, a.holm ,Holm,Anders,12\n",
]
TOLD = [
    (b"", ":1: the first line names no column 'id'"),
    (b"id\na\na\n", ":3: the id 'a' is there twice"),
    (b"id\na+b\n../x\n.x\na b\n", "cannot be a folder's name"),
    (b"id\no'hara\n", "the id \"o'hara\" cannot be a folder's name"),
    (b"id\n-x\n_y\n", "begin with a letter or digit"),
    (b"id,first_name\n,Ann\n", ":2: a learner without an id"),
    (b'id,first_name\na,"Ann\nb,Bo\n', "this is not CSV (unexpected end of data)"),
    (b"id\na\n" + b"x" * 140_000 + b"\n", ":3: this is not CSV (field larger than field limit"),
    (("id\n" + "名" * 80 + "\n").encode(), "cannot be a folder's name"),
    (b"id\n\xff\n", "byte 3 is not UTF-8; save it as 'CSV UTF-8'"),
]


@pytest.mark.parametrize("content", FORGIVEN)
def test_what_a_spreadsheet_does_to_a_roster_is_forgiven(tmp_path, content):
    (tmp_path / "roster.csv").write_bytes(content)
    assert roster(tmp_path) == ONE


@pytest.mark.parametrize(("content", "sentence"), TOLD)
def test_a_fault_in_a_roster_is_told_with_its_place(tmp_path, content, sentence):
    path = tmp_path / "roster.csv"
    path.write_bytes(content)
    with pytest.raises(Faults, match=r"roster\.csv") as told:
        read_roster(path)
    assert sentence in str(told.value)


def test_all_faults_of_a_roster_are_told_at_once(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_bytes(b"id\na+b\nc\nc\n/\n")
    with pytest.raises(Faults) as told:
        read_roster(path)
    assert [fault.line for fault in told.value.faults] == [2, 4, 5]


def test_what_is_written_is_read_again(tmp_path):
    people = [Learner("é.x", 'Ann "Annie"', "O'Brien, Jr", ""), Learner("b")]
    write_roster(tmp_path / "roster.csv", people)
    assert list(roster(tmp_path).values()) == people


def test_no_roster_is_an_empty_class(tmp_path):
    assert roster(tmp_path) == {}


def test_a_folder_in_its_place_is_told(tmp_path):
    (tmp_path / "roster.csv").mkdir()
    with pytest.raises(Faults, match=r"roster\.csv: cannot be read"):
        roster(tmp_path)
