"""deadlines.yaml: each fault is told with line and cure; what is right is valid by its schema."""

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from autograders.checking import check_file, written_files
from autograders.deadlines import read_deadlines
from autograders.key_schemas import FOLDER
from course.engine.yaml_reading import document_of, read_document

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "docs" / "deadlines.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
HEAD = "time_zone: Europe/Berlin\nassignments:\n  heat-plan-a: {due: 2026-03-02 23:59}\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course folder with three assignments and a roster."""
    place = tmp_path_factory.mktemp("course")
    for name in ("heat-plan-a", "heat-plan-b", "reading-replies"):
        (place / "source" / name).mkdir(parents=True)
    (place / "roster.csv").write_text("id\nann\nbob\ncy\ndee\n4711\n")
    return place


# what a file says, what is told of it
BAD = [
    ("time_zone: Europe/Berlin\n", ":1: the key 'assignments' is missing; add 'assignments: …'"),
    (
        HEAD.replace("Berlin", "Berlyn"),
        ":1: time_zone: no time zone 'Europe/Berlyn'; did you mean 'Europe/Berlin'?",
    ),
    (
        HEAD.replace("Europe/Berlin", "../secrets"),
        ":1: time_zone: no time zone '../secrets'; write one as 'Europe/Berlin' or 'America/New_York'",
    ),
    (
        HEAD.replace("2026-03-02 23:59", "2 March"),
        ":3: assignments.heat-plan-a.due: '2 March' is no day and time; write it as '2026-03-02 23:59'",
    ),
    (
        HEAD.replace("03-02", "02-30"),
        ":3: assignments.heat-plan-a.due: '2026-02-30 23:59' is no day and time; "
        "write it as '2026-03-02 23:59'",
    ),
    (
        HEAD.replace("2026-03-02 23:59", "2026-03-29 02:30"),
        ":3: the clocks of Europe/Berlin skip 2026-03-29 02:30; write a time an hour later",
    ),
    (HEAD.replace("plan-a", "plam-a"), ":3: no assignment 'heat-plam-a'; did you mean 'heat-plan-a'?"),
    (
        HEAD + "grace: soon\n",
        ":4: grace: 'soon' is no length of time; write it as '30 minutes', '2 hours' or '3 days'",
    ),
    (HEAD + "late: {policy: per-day}\n", ":4: no policy 'per-day' in late; did you mean 'per_day'?"),
    (
        HEAD + "late: {policy: per_day}\n",
        ":4: late: a late day must cost a share or points; write 'share: 0.1' or 'points: 2'",
    ),
    (
        HEAD + "late: {policy: per_day, share: 10}\n",
        ":4: late.share is 10; it must be at most 1",
    ),
    (
        HEAD + "late: {policy: curve, keeps: {24: 0.5, 48: 0.6}}\n",
        ":4: late: more is kept after 48 hours than after 24; let the shares fall or stay",
    ),
    (
        HEAD + "learners:\n  anne: {waiver: Flu.}\n",
        ":5: nobody on the roster has the id 'anne'; did you mean 'ann'?",
    ),
    (
        HEAD + "learners:\n  ann: {multiplier: 0.5}\n",
        ":5: learners.ann.multiplier is 0.5; it must be at least 1",
    ),
    (
        HEAD + "learners:\n  ann: {assignments: {heat-plan-a: {due: 2026-03-01 12:00}}}\n",
        ":5: 2026-03-01 12:00 is before everybody's due time, 2026-03-02 23:59; "
        "write a later one, or delete it",
    ),
    (
        HEAD + "learners:\n  ann: {assignments: {heat-plan-b: {extension: 1 day}}}\n",
        ":5: 'heat-plan-b' has no due time; add it under 'assignments' with 'due: …', or delete it here",
    ),
    (
        HEAD + "learners:\n  ann: {waiver: }\n",
        ":5: learners.ann.waiver is empty; write it, or delete the key",
    ),
    (
        HEAD + "learners:\n  ann: {extention: 1 day}\n",
        ":5: unknown key 'extention' in learners.ann; did you mean 'extension'?",
    ),
]


@pytest.mark.parametrize(("text", "told"), BAD, ids=[told for _, told in BAD])
def test_a_fault_is_told_with_its_line_and_its_cure(folder: Path, text: str, told: str) -> None:
    path = folder / "deadlines.yaml"
    path.write_text(text)
    assert (path, "deadlines") in written_files(folder)
    assert [str(fault).removeprefix(fault.file) for fault in check_file(path, "deadlines")] == [told]


def test_every_fault_is_told_at_once(folder: Path) -> None:
    path = folder / "deadlines.yaml"
    path.write_text("time_zone: Berlin\nassignments:\n  heat-plam-a: {due: soon}\n")
    assert len(check_file(path, "deadlines")) == 3


def test_a_learners_number_is_an_id(folder: Path) -> None:
    path = folder / "deadlines.yaml"
    path.write_text(HEAD + "learners:\n  4711: {extension: 1 day}\n")
    assert read_deadlines(path).learners["4711"].extension == "1 day"


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_guide_is_sound(folder: Path, example: str) -> None:
    path = folder / "deadlines.yaml"
    path.write_text(example)
    assert not check_file(path, "deadlines")
    validator = Draft202012Validator(json.loads((FOLDER / "deadlines.json").read_text(encoding="utf-8")))
    content = json.loads(json.dumps(read_document(path).data))
    assert [error.message for error in validator.iter_errors(content)] == []


def test_the_guide_has_examples() -> None:
    assert len(EXAMPLES) >= 2
    assert "yaml-language-server: $schema=autograders/schemas/deadlines.json" in EXAMPLES[0]


def test_the_schema_refuses_what_the_reader_refuses() -> None:
    validator = Draft202012Validator(json.loads((FOLDER / "deadlines.json").read_text(encoding="utf-8")))
    for text in (HEAD.replace("2026-03-02 23:59", "2 March"), HEAD + "grace: soon\n", HEAD + "lates: 1\n"):
        assert not validator.is_valid(json.loads(json.dumps(document_of(text, "x").data)))
