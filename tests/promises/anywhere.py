"""Mark, give feedback and export a class: `python -m tests.promises.anywhere COURSE WORKERS BATCH`."""

import sys
from pathlib import Path

from autograders.export import export_scores
from autograders.feedback import write_feedback
from autograders.marking import mark
from tests.promises.handing_in import TASK

if __name__ == "__main__":
    course, workers, batch = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    mark(course, TASK, workers=workers, batch=batch)
    write_feedback(course, TASK)
    export_scores(course)
