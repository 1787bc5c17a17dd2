"""Write the page that a learner gets back: the score, a reason for each item, evidence in their own words.

For `heatproof feedback`. One file a learner, put where nbgrader's release_feedback finds it. Refuses to know
what stands on a page (`feedback_page`) and how it looks (`feedback_html`).
"""

from collections.abc import Callable, Collection
from pathlib import Path

from autograders.beside import copy_beside
from autograders.feedback_html import render, template
from autograders.feedback_page import make_page
from autograders.gradebook_quick import marks_and_comments
from autograders.keyless import keys_in_feedback
from autograders.people_log import standing_marks
from autograders.released import read_key_of
from autograders.results import latest
from autograders.roster import Learner, is_id, roster
from autograders.two_cores import answers
from autograders.whole_files import replace_file
from course.engine.content import scenario
from course.engine.words import all_words

MANY = 40
"""Pages from which on a second core helps."""


def write_feedback(
    folder: Path,
    assignment: str,
    *,
    learners: Collection[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
    keys: bool | None = None,
) -> tuple[Path, ...]:
    """Write the pages of all learners with a result, or of those named; return their paths.

    `keys`: whether they show what the key holds; None: as the course folder's settings say. `progress` is
    called with (done, of).
    """
    folder = folder.resolve()
    people = roster(folder)
    key = read_key_of(folder, assignment)
    records = latest(folder, assignment)
    ids = {question.scenario for question in key.questions.values() if question.scenario}
    scenarios = {each: scenario(each, start=folder) for each in ids}
    scores, comments = marks_and_comments(folder, assignment)
    decided = standing_marks(folder, assignment)
    words = all_words(start=folder)
    shows_keys = keys_in_feedback(folder) if keys is None else keys
    template("feedback")  # once, for both cores
    (folder / "feedback").mkdir(exist_ok=True)

    def write(learner: str) -> bool:
        who, own = people.get(learner, Learner(learner)), (scores.get(learner, []), comments.get(learner, {}))
        page = make_page(
            key, records[learner], who, *own, scenarios, start=folder, keys=shows_keys, decided=decided
        )
        target = page_path(folder, learner, assignment)
        target.parent.parent.mkdir(exist_ok=True)
        target.parent.mkdir(exist_ok=True)
        copy_beside(folder / "submitted" / learner / assignment, target.parent)
        replace_file(target, render(page, words).encode("utf-8"))
        return True

    wanted = [each for each in records if is_safe(each) and (learners is None or each in learners)]

    def tell(done: int) -> None:
        if progress and done < len(wanted):
            progress(done, len(wanted))

    answers(write, wanted, many=MANY, told=tell)
    if progress and wanted:
        progress(len(wanted), len(wanted))
    return tuple(page_path(folder, learner, assignment) for learner in wanted)


def page_path(folder: Path, learner: str, assignment: str) -> Path:
    """Return where nbgrader looks for a learner's page."""
    return folder / "feedback" / learner / assignment / f"{assignment}.html"


def is_safe(learner: str) -> bool:
    """True when a learner's id is one plain folder name."""
    return is_id(learner)
