"""Keep what the marking door decided: one line a submission, added at the end, never changed.

For marking, feedback, export and the report. The log `results/<assignment>.jsonl` is the truth; nbgrader's
gradebook and the autograded notebooks are views of it. Each line carries the hash of the line before, so
that an edit is noticed. Refuses to know how a mark is made, and asks no clock: one class, the same bytes.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

from autograders.chained import START, Chain, InUse, add, cut, hash_of, held, lock
from autograders.known import Known, Place, read_index, write_index
from autograders.record import Record, known_of, read_record
from course.engine.faults import Faults


class CannotMark(Exception):
    """Nothing of an assignment can be marked or shown. The text is one sentence: where, what, cure."""


class LogFault(CannotMark):
    """The log cannot be trusted or is in use. The text is one sentence: where, what, cure."""


class LogInUse(LogFault):
    """Another run is marking the assignment. The text is one sentence: where, what, cure."""


@contextmanager
def told_in_a_sentence(writing: str, again: str = "mark again") -> Iterator[None]:
    """Turn what stops a whole run into a CannotMark with its sentence.

    `writing`: the file, where the disk does not name one. `again`: what to do once there is room.
    """
    try:
        yield
    except Faults as fault:
        raise CannotMark(str(fault)) from fault
    except OSError as fault:
        where = fault.filename or writing
        message = f"{where}: it cannot be written ({fault.strerror}); make room or rights, then {again}."
        raise CannotMark(message) from fault


def log_path(folder: Path, assignment: str) -> Path:
    """Return where a course folder keeps the log of an assignment."""
    return folder / "results" / f"{assignment}.jsonl"


def assignments_marked(folder: Path) -> tuple[str, ...]:
    """Return the assignments of which something was marked, sorted; other logs have a dot in their names."""
    logs = (path for path in (folder / "results").glob("*.jsonl") if path.stat().st_size)
    return tuple(sorted(path.stem for path in logs if "." not in path.stem))


def latest(folder: Path, assignment: str) -> Mapping[str, Record]:
    """Return every learner's last record, the one that counts, each read from the file when it is asked for.

    LogFault when the log was edited: now, or between this and the asking.
    """
    path = log_path(folder, assignment)
    return Latest(path) if path.is_file() else {}


def head(folder: Path, assignment: str) -> str:
    """Return the hash of the log's last line, which receipts and exports print."""
    return _chain(log_path(folder, assignment)).head()


def _chain(path: Path) -> Chain[Record]:
    cure = (
        f"bring back your copy of {path} (heatproof restore lists the backups), "
        "or move the file away and mark the assignment again"
    )
    return Chain(path, read_record, LogFault, cure)


def _placed(path: Path, file: BinaryIO, known: Sequence[Place]) -> Iterator[tuple[Place, Record | None]]:
    """Yield the place of each line of a log, and the records of those that are not known already."""
    end, before = 0, START
    for place in known:
        yield place, None
        end, before = end + place.length, place.hash
    file.seek(end)
    for line in _chain(path).lines(file, known=len(known), end=end, before=before):
        yield Place(line.says.learner, line.end - end, line.hash), _hashed(line.says, line.hash)
        end = line.end


def _hashed(record: Record, hash_: str) -> Record:
    """Return a record with its hash, where it is known, as it is long to work out."""
    vars(record)["hash"] = hash_
    return record


class Latest(Mapping[str, Record]):
    """The last record of each learner, sorted, as they stood when this was made."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as file:
            known, _ = read_index(path, file)
            places = [place for place, _ in _placed(path, file, known)]
        ends = accumulate(place.length for place in places)
        last = {place.learner: (end - place.length, place) for end, place in zip(ends, places, strict=True)}
        self._places = dict(sorted(last.items()))

    def __getitem__(self, learner: str) -> Record:
        start, place = self._places[learner]
        with self._path.open("rb") as file:
            file.seek(start)
            line = file.read(place.length)
        if hash_of(line[:-1]) != place.hash:
            raise LogFault(f"{self._path.name}: this log was changed while it was read; run this again.")
        return _hashed(read_record(line), place.hash)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


class Log:
    """The log of one assignment, held open by the one run that may add to it, or by some that only read.

    `torn`: the last line was torn by a stop. Who may write cuts it off, and `repaired` says so.
    """

    def __init__(self, path: Path, descriptor: int, *, writing: bool) -> None:
        self._path = path
        self._descriptor = descriptor
        self._places: dict[str, tuple[int, int]] = {}
        self._earlier: dict[str, tuple[int, int]] = {}
        self._heads = {START}
        self._lines: list[Place] = []
        self._known: dict[str, Known] = {}
        self._written_down = 0
        self.head = START
        self.torn = False
        self._end = self._read(writing=writing)
        self.repaired = writing and cut(descriptor, self._end)

    def _read(self, *, writing: bool) -> int:
        """Learn where each learner's last record stands; return where the last whole line ends."""
        end = 0
        with open(self._descriptor, "rb", closefd=False) as file:
            known, self._known = read_index(self._path, file) if writing else ([], {})
            self._written_down = len(known)
            for place, record in _placed(self._path, file, known):
                self._stands(place, end)
                if writing and record:
                    self._known[record.learner] = known_of(record)
                end += place.length
        self.torn = os.fstat(self._descriptor).st_size > end
        return end

    def was_at(self, head: str) -> bool:
        """True when this hash was the head of the log at some time: nothing before it was taken out."""
        return head in self._heads

    @property
    def learners(self) -> tuple[str, ...]:
        """Every learner with a record, sorted."""
        return tuple(sorted(self._places))

    def last(self, learner: str) -> Record | None:
        """Return the record that counts for a learner, read from the file; None when there is none."""
        return self._at(self._places.get(learner))

    def previous(self, learner: str) -> Record | None:
        """Return the record before the one that counts; None when there is none."""
        return self._at(self._earlier.get(learner))

    def _at(self, place: tuple[int, int] | None) -> Record | None:
        return None if place is None else read_record(os.pread(self._descriptor, place[1], place[0]))

    def known(self, learner: str) -> Known | None:
        """Return what is known of the record that counts for a learner; None when there is none."""
        return self._known.get(learner)

    def _stands(self, place: Place, start: int) -> None:
        learner = place.learner
        if learner in self._places:
            self._earlier[learner] = self._places[learner]
        self._places[learner] = start, place.length
        self._lines.append(place)
        self._heads.add(place.hash)
        self.head = place.hash

    def write_down(self) -> None:
        """Keep beside the log what the next run must know of it."""
        if self._written_down != len(self._lines):
            write_index(self._path, self._lines, self._known.values())
            self._written_down = len(self._lines)

    def add(self, records: Iterable[Record]) -> tuple[Record, ...]:
        """Write records at the end, each chained to the one before; return them once they are on the disk."""
        lines, written, head, end = [], [], self.head, self._end
        for record in records:
            chained = record.after(head)
            line = chained.line()
            head = hash_of(line)
            vars(chained)["hash"] = head
            lines.append(line)
            written.append(chained)
        if lines:
            add(self._descriptor, lines)
        for record, line in zip(written, lines, strict=True):
            self._stands(Place(record.learner, len(line) + 1, record.hash), end)
            self._known[record.learner] = known_of(record)
            end += len(line) + 1
        self._end = end
        return tuple(written)


@contextmanager
def read_log(folder: Path, assignment: str) -> Iterator[Log]:
    """Open the log for reading while no run adds to it. LogFault as for `open_log`, or where none is."""
    path = log_path(folder, assignment)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        raise LogFault(f"{assignment}: nobody is marked yet; run: heatproof autograde {assignment}") from None
    try:
        lock(descriptor, path, fcntl.LOCK_SH | fcntl.LOCK_NB)
        yield Log(path, descriptor, writing=False)
    except InUse:
        raise _in_use(assignment) from None
    finally:
        os.close(descriptor)


def _in_use(assignment: str) -> LogInUse:
    return LogInUse(f"{assignment}: another run is marking it; wait until that one has finished.")


@contextmanager
def open_log(folder: Path, assignment: str) -> Iterator[Log]:
    """Open the log for adding, alone. LogFault when another run holds it or when it was edited."""
    with hold_log(folder, assignment) as descriptor:
        yield Log(log_path(folder, assignment), descriptor, writing=True)


@contextmanager
def hold_log(folder: Path, assignment: str) -> Iterator[int]:
    """Hold the log alone, whatever is in it, and yield its descriptor. LogFault when another run has it."""
    try:
        with held(log_path(folder, assignment)) as descriptor:
            yield descriptor
    except InUse:
        raise _in_use(assignment) from None
