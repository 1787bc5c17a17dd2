"""The committed JSON Schemas are those of the models, and what people write is valid by its schema."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from autograders import key_schemas
from autograders.checking import written_files
from course.engine import schemas
from course.engine.yaml_reading import read_document

ROOT = Path(__file__).parent.parent
COMMITTED = [
    (folder / f"{name}.json", model)
    for folder, models in ((schemas.FOLDER, schemas.MODELS), (key_schemas.FOLDER, key_schemas.MODELS))
    for name, model in models.items()
]
BY_KIND = {path.stem: path for path, _ in COMMITTED}
WRITTEN = [(path, kind) for path, kind in written_files(ROOT) if kind in BY_KIND]


@pytest.mark.parametrize(("path", "model"), COMMITTED, ids=[path.stem for path, _ in COMMITTED])
def test_a_committed_schema_is_that_of_its_model(path, model):
    assert path.read_text(encoding="utf-8") == schemas.schema_text(model)


@pytest.mark.parametrize(("path", "kind"), WRITTEN, ids=[path.stem for path, _ in WRITTEN])
def test_a_written_file_is_valid_by_its_schema(path, kind):
    validator = Draft202012Validator(json.loads(BY_KIND[kind].read_text(encoding="utf-8")))
    content = json.loads(json.dumps(read_document(path).data))
    assert [error.message for error in validator.iter_errors(content)] == []


@pytest.mark.parametrize(("path", "kind"), WRITTEN, ids=[path.stem for path, _ in WRITTEN])
def test_a_written_file_names_its_schema_for_editors(path, kind):
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema="), "the first line tells editors the schema"
    named = (path.parent / first.partition("=")[2]).resolve()
    assert named == BY_KIND[kind]


def test_a_schema_refuses_what_the_reader_refuses():
    validator = Draft202012Validator(json.loads(BY_KIND["scenario"].read_text(encoding="utf-8")))
    content = json.loads(json.dumps(read_document(ROOT / "tests" / "good" / "the-late-parcel.yaml").data))
    assert validator.is_valid(content)
    content["scenes"]["opening"]["options"][0]["move"] = "listen"
    content["titel"] = content["title"]
    assert len(list(validator.iter_errors(content))) == 2
