"""The JSON Schemas of the files that people write, made from the models that read them.

For editors, which complete keys and underline slips while somebody types; the first line of a file names its
schema. Knows the content models; refuses to know the private ones (`autograders.key_schemas`). Committed,
and compared with the models by a test:

    python -m course.engine.schemas
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from course.engine.content import Exercise, Scenario
from course.engine.places import PACKAGE
from course.engine.words_form import Words

FOLDER = PACKAGE / "schemas"
MODELS: Mapping[str, type[BaseModel]] = {"scenario": Scenario, "exercise": Exercise, "words": Words}
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_text(model: type[BaseModel]) -> str:
    """Return the JSON Schema of a model as the text of a file: the same bytes each time."""
    schema: dict[str, Any] = {"$schema": DIALECT, **model.model_json_schema()}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write_schemas(models: Mapping[str, type[BaseModel]], folder: Path) -> None:
    """Write one schema file a model into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, model in models.items():
        (folder / f"{name}.json").write_text(schema_text(model), encoding="utf-8")


if __name__ == "__main__":
    write_schemas(MODELS, FOLDER)
