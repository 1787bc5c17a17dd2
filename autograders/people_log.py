"""Keep what people decided: one line a level, added at the end, never changed.

For overrides, second readings, export and feedback. The log `results/<assignment>.people.jsonl` is the truth
about what people decided here, nbgrader's manual scores are its view; each line carries the hash of the line
before. A run that was killed between the two leaves a small file that says from which line on the view is
behind. Refuses to know what a level is worth, and asks no clock: the time comes in.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from autograders.chained import START, Chain, InUse, add, hash_of, held
from autograders.gradebook_reading import Score
from autograders.results import LogFault
from autograders.whole_files import replace_file

Kind = Literal["mark", "reading"]
NAMES = {"was": "from"}
"""What a field is called in the file, where Python keeps the word for itself."""


@dataclass(frozen=True)
class Decision:
    """What one person decided on one component of one plan.

    A "mark" counts as a manual mark, with its reason; a "reading" is a blind one, of which agreement is
    measured, and `flags` are those that its marker gave to the plan. `was` is the level that stood before,
    None where there was none. `plan` and `evidence` are SHA-256: of the plan, and of what the judge had said
    of it. `most` is the highest level. `when` is a time in UTC.
    """

    kind: Kind
    marker: str
    learner: str
    question: str
    component: str
    was: int | None
    to: int
    most: int
    reason: str
    plan: str
    evidence: str
    when: str
    flags: tuple[str, ...] | None = None
    before: str = START

    @property
    def cell(self) -> str:
        """The graded cell that it decides."""
        return f"{self.question}_{self.component}"

    def points(self, out_of: float) -> float:
        """Return what its level is worth of so many points."""
        return out_of * self.to / self.most

    def line(self) -> bytes:
        """Return the decision as one line of the log, with no line break: the same bytes everywhere."""
        values = {NAMES.get(name, name): value for name, value in asdict(self).items()}
        return json.dumps(values, sort_keys=True, separators=(",", ":")).encode("ascii")


Standing = Mapping[tuple[str, str], Decision]
"""The last mark of each learner and cell."""


def people_path(folder: Path, assignment: str) -> Path:
    """Return where a course folder keeps what people decided on an assignment."""
    return folder / "results" / f"{assignment}.people.jsonl"


def plan_hash(plan: object) -> str:
    """Return the SHA-256 of a plan's text; of an empty one where the answer is no text."""
    return hashlib.sha256((plan if isinstance(plan, str) else "").encode("utf-8")).hexdigest()


def decisions(folder: Path, assignment: str) -> tuple[Decision, ...]:
    """Return all decisions in their order. LogFault when the log was edited."""
    return tuple(line.says for line in _chain(people_path(folder, assignment)).stored())


def standing_marks(folder: Path, assignment: str) -> Standing:
    """Return the last mark of each learner and cell. LogFault when the log was edited."""
    marks = (each for each in decisions(folder, assignment) if each.kind == "mark")
    return {(each.learner, each.cell): each for each in marks}


def reason_for(learner: str, score: Score, marks: Standing) -> str:
    """Return why a person gave a score; empty where another mark stands by now, or nobody wrote it down."""
    found = decision_for(learner, score, marks)
    return found.reason if found else ""


def decision_for(learner: str, score: Score, marks: Standing) -> Decision | None:
    """Return the decision that a manual score shows; None where it was given elsewhere."""
    found = marks.get((learner, score.cell))
    if found is None or not score.by_hand or score.earned is None:
        return None
    return found if abs(found.points(score.out_of) - score.earned) < 1e-6 else None


def people_head(folder: Path, assignment: str) -> str:
    """Return the hash of the log's last line; that of an empty log where nobody decided anything."""
    return _chain(people_path(folder, assignment)).head()


def _chain(path: Path) -> Chain[Decision]:
    return Chain(path, _read, LogFault, f"bring back your copy of results/{path.name}")


def _read(line: bytes) -> Decision:
    raw: dict[str, Any] = json.loads(line)
    flags = raw.pop("flags")
    values = {"was" if name == "from" else name: value for name, value in raw.items()}
    found = Decision(**values, flags=None if flags is None else tuple(flags))
    if found.line() != line[:-1]:
        raise ValueError("not as a decision is written")
    return found


class PeopleLog:
    """The log of one assignment, held open by the one run that may add to it."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path, self._descriptor = path, descriptor
        self._behind = _behind_path(path)
        self._all = [line.says for line in _chain(path).taken_up(descriptor)]

    @property
    def head(self) -> str:
        return hash_of(self._all[-1].line()) if self._all else START

    @property
    def behind(self) -> tuple[Decision, ...]:
        """Return the marks, in their order, that a killed run may not have brought to the gradebook."""
        if not self._behind.is_file():
            return ()
        since = self._behind.read_text(encoding="ascii").strip()
        befores = [each.before for each in self._all]
        start = befores.index(since) if since in befores else len(befores)
        return tuple(each for each in self._all[start:] if each.kind == "mark")

    def add(self, new: Sequence[Decision]) -> tuple[Decision, ...]:
        """Write decisions at the end, chained; return them once they are on the disk.

        Until `in_step` is called they count as not yet in the gradebook.
        """
        replace_file(self._behind, self.head.encode("ascii"), durable=True)
        lines, head = [], self.head
        for each in new:
            chained = replace(each, before=head)
            lines.append(chained)
            head = hash_of(chained.line())
        add(self._descriptor, (each.line() for each in lines))
        self._all += lines
        return tuple(lines)

    def in_step(self) -> None:
        """Say that the gradebook shows every mark, as far as it has the learners."""
        self._behind.unlink(missing_ok=True)


def is_behind(folder: Path, assignment: str) -> bool:
    """True when a run was killed before the gradebook showed all that it had written down."""
    return _behind_path(people_path(folder, assignment)).is_file()


def fall_behind(folder: Path, assignment: str) -> None:
    """Say that the gradebook may show none of the decisions, as it was set back; the next run shows them."""
    replace_file(_behind_path(people_path(folder, assignment)), START.encode("ascii"), durable=True)


def _behind_path(path: Path) -> Path:
    return path.with_name(f".{path.name}.behind")


@contextmanager
def open_people_log(folder: Path, assignment: str) -> Iterator[PeopleLog]:
    """Open the log for adding, alone. LogFault when another run holds it or when it was edited."""
    path = people_path(folder, assignment)
    try:
        with held(path) as descriptor:
            yield PeopleLog(path, descriptor)
    except InUse:
        raise LogFault(
            f"{assignment}: somebody else is writing down what they decided; try again in a moment."
        ) from None
