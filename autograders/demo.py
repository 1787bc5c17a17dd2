"""Take a class of 60 through the course: release, answer, hand in, collect, mark, feedback, scores, report.

For `heatproof demo`: real nbgrader, the code that a learner's notebook runs, and the marking door. The time
comes in as a fixed date, so that two runs give the same scores and report. Refuses to know how a step works.
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from autograders.classroom import EVERYBODY, FORMS, Pupil, classroom
from autograders.exchange import submit
from autograders.export import export_scores
from autograders.feedback import write_feedback
from autograders.intake.from_exchange import take_from_exchange
from autograders.intake.taken import Taken
from autograders.keys_reading import key
from autograders.marking import Summary, mark
from autograders.new import NotMade, new_course
from autograders.report import write_report
from autograders.stock import Stock
from course.engine.answers import Value, answers_path, cell_source, write_answer
from course.engine.hand_in import Sent, hand_in_notebook
from course.engine.places import MARK

WHEN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""When the first learner of the class hands in; the others follow every few minutes."""

ASSIGNMENTS = (EVERYBODY, *FORMS)
OWN_EXCHANGE = """
# The demonstration has an exchange of its own, and one person hands in for the whole class.
c.Exchange.root = os.path.join(c.CourseDirectory.root, "exchange")
c.Exchange.cache = os.path.join(c.CourseDirectory.root, "exchange", "cache")
c.ExchangeCollect.check_owner = False
"""


LEFT = ".heatproof-demo"
"""The file that marks a folder as left by a demonstration."""
LEFT_SAYS = """\
`heatproof demo` made this folder and makes it anew each time, with all that is in it.
Delete this file if you want to keep what you did here.
"""


class NotHandedIn(Exception):
    """A hand-in of the class did not arrive: our own fault, told with what the exchange said."""


Advance = Callable[[], None]


class Show(Protocol):
    """What shows how far the class has come."""

    def step(self, title: str, of: int) -> AbstractContextManager[Advance]:
        """Announce a step of so many parts; what it yields is called after each part."""


class Quiet:
    """Shows nothing."""

    def step(self, title: str, of: int) -> AbstractContextManager[Advance]:
        return nullcontext(lambda: None)


@dataclass(frozen=True)
class Demonstration:
    """What a demonstration leaves."""

    folder: Path
    pupils: tuple[Pupil, ...]
    summaries: tuple[Summary, ...]
    feedback: tuple[Path, ...]
    scores: Path
    report: Path


def run_demo(into: Path, *, learners: int = 60, show: Show | None = None) -> Demonstration:
    """Make a course folder, take a class through it, and return what it left.

    A folder that an earlier demonstration left is made anew; NotMade for any other that is in use.
    """
    show = show or Quiet()
    pupils = classroom(learners)
    clear_old(into)
    folder = new_course(into, learners=[pupil.learner for pupil in pupils]).resolve()
    (folder / LEFT).write_text(LEFT_SAYS, encoding="utf-8")
    _open_exchange(folder)
    stock = Stock(folder)
    with show.step("Assignments released", len(ASSIGNMENTS)) as done:
        for assignment in ASSIGNMENTS:
            stock.generate(assignment)
            stock.release(assignment)
            done()
    with show.step("Notebooks answered and handed in", 2 * len(pupils)) as done:
        hand_in_all(folder, pupils, done)
    with show.step("Hand-ins collected", 2 * len(pupils)) as done:
        for assignment in ASSIGNMENTS:
            collected(take_from_exchange(folder, assignment, progress=lambda _, __: done()))
    with show.step("Hand-ins marked", 2 * len(pupils)) as done:
        summaries = tuple(mark(folder, name, progress=lambda _: done()) for name in ASSIGNMENTS)
    with show.step("Feedback pages written", 2 * len(pupils)) as done:
        pages = [write_feedback(folder, name, progress=lambda _, __: done()) for name in ASSIGNMENTS]
    with show.step("Scores and report written", 2) as done:
        scores = export_scores(folder)[0]
        done()
        report = write_report(folder)
        done()
    return Demonstration(
        folder, pupils, summaries, tuple(page for some in pages for page in some), scores, report
    )


def collected(taken: Taken) -> None:
    """Raise NotHandedIn where something that the class handed in was not taken."""
    if taken.told:
        raise NotHandedIn(" ".join(taken.told))


def clear_old(folder: Path) -> bool:
    """Empty a folder if an earlier demonstration left it, and say if it did."""
    if not (folder / LEFT).is_file():
        return False
    try:
        for path in folder.iterdir():
            if path.name == LEFT:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
        (folder / LEFT).unlink()  # last, so that a stop half-way leaves a folder that is still known
    except OSError as fault:
        raise NotMade(
            f"{folder}: what an earlier demonstration left cannot be deleted ({fault.strerror}); delete it"
        ) from fault
    return True


def _open_exchange(folder: Path) -> None:
    settings = folder / MARK
    settings.write_text(settings.read_text(encoding="utf-8") + OWN_EXCHANGE, encoding="utf-8")
    for place in (folder / "exchange", folder / "exchange" / "cache"):
        place.mkdir()
        place.chmod(0o777)  # as nbgrader wants it of an exchange


def hand_in_all(folder: Path, pupils: tuple[Pupil, ...], done: Advance) -> None:
    """Have everybody answer a copy of each released notebook and hand it in, by the notebook's own code."""
    keys = {name: found for name in ASSIGNMENTS if (found := key(name, start=folder))}
    with tempfile.TemporaryDirectory(prefix="heatproof-class-") as homes:
        for pupil, assignment, when in _hand_ins(pupils):
            home = Path(homes) / pupil.learner.id / assignment
            notebook = answered(folder, assignment, home, pupil.answers(keys[assignment]))
            given = hand_in_notebook(
                notebook, assignment, when=when, through=_Exchange(folder), learner=pupil.learner.id
            )
            if not given.sent:
                raise NotHandedIn(f"{pupil.learner.id}, {assignment}: {' '.join(given.told)}")
            done()


def _hand_ins(pupils: tuple[Pupil, ...]) -> Iterator[tuple[Pupil, str, datetime]]:
    for place, pupil in enumerate(pupils):
        for day, assignment in enumerate(pupil.assignments):
            yield pupil, assignment, WHEN + timedelta(days=day, minutes=7 * place)


@dataclass(frozen=True)
class _Exchange:
    """The exchange of one course folder, wherever a learner's own folder lies."""

    folder: Path

    def submit(
        self, folder: Path, assignment: str, *, learner: str | None, when: datetime, course: Path
    ) -> Sent:
        return submit(folder, assignment, learner=learner, when=when, course=self.folder)


def answered(folder: Path, assignment: str, home: Path, answers: Mapping[str, Value | None]) -> Path:
    """Copy the released notebook to a learner's home and answer it; return the copy.

    The labels go into their cells, as the JupyterLab extension puts them; the plans into the answers file
    beside the notebook, as the kernel puts them where there is no extension.
    """
    home.mkdir(parents=True)
    notebook = home / f"{assignment}.ipynb"
    cells = json.loads((folder / "assignments" / assignment / notebook.name).read_bytes())
    for cell in cells["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if isinstance(value := answers.get(name), dict):
            cell["source"] = cell_source(name, value)
    notebook.write_text(json.dumps(cells, ensure_ascii=False, indent=1), encoding="utf-8")
    for name, value in answers.items():
        if isinstance(value, str):
            write_answer(answers_path(notebook), name, value)
    return notebook
