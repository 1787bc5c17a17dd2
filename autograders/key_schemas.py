"""The JSON Schemas of the private files, keys, rubrics and deadlines, and of the lines that `--json` writes.

For the editors of instructors and for programs that read our output. Committed, and compared with the models
by a test:

    python -m autograders.key_schemas
"""

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel

from autograders.deadlines_form import Deadlines
from autograders.keys_reading import Key
from autograders.lines.all_lines import OutputLine
from autograders.rubric_form import Rubric
from course.engine.schemas import write_schemas

FOLDER = Path(__file__).resolve().parent / "schemas"
MODELS: Mapping[str, type[BaseModel]] = {
    "key": Key,
    "rubric": Rubric,
    "deadlines": Deadlines,
    "lines": OutputLine,
}

if __name__ == "__main__":
    write_schemas(MODELS, FOLDER)
