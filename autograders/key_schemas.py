"""The JSON Schemas of the private files: keys.

For the editors of instructors. Committed, and compared with the models by a test:

    python -m autograders.key_schemas
"""

from pathlib import Path

from autograders.keys_reading import Key
from course.engine.schemas import write_schemas

FOLDER = Path(__file__).resolve().parent / "schemas"
MODELS = {"key": Key}

if __name__ == "__main__":
    write_schemas(MODELS, FOLDER)
