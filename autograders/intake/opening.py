"""Open what one learner sent: tell the hand-ins in it, and take of each only what can count.

For the intake. Of a hand-in the notebook, the answers file and the learner's own receipt are taken, under the
names that marking looks for; the rest is named and left. Of several the order is told by the time received,
then by the platform's numbers. Refuses to look inside a notebook.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import PurePosixPath

from autograders.intake.archives import PACKED, unpacked
from autograders.intake.choosing import MAX_RECEIPT, checked, from_archive
from autograders.intake.names import ANSWERS, Envelope, base_of
from autograders.intake.pieces import Piece
from autograders.intake.refusals import Refused
from autograders.intake.times import of_seconds
from autograders.submission import MAX_ANSWERS, MAX_BYTES, MAX_FILES, MAX_NOTEBOOK, shown_name

BESIDE = {"receipt.json": MAX_RECEIPT, "submission_secret.txt": 1024}
"""Small files that nbgrader and the learner keep beside a notebook, and how large they may be."""
SILENT = ("timestamp.txt",)
"""What lies in every hand-in of nbgrader's; the time in it is not asked."""


@dataclass(frozen=True)
class Parcel:
    """What came in one envelope or more of the same kind from one learner, with each file's own name."""

    learner: str
    envelopes: tuple[Envelope, ...]
    pieces: tuple[Piece, ...]

    @property
    def name(self) -> str:
        """The envelope's name, fit for one line."""
        return shown_name(self.envelopes[0].top)


@dataclass(frozen=True)
class HandIn:
    """One hand-in as it will be kept. `sha256` is that of the file as it came, `files` what is taken."""

    learner: str
    envelope: str
    arrived: str
    received: datetime
    sha256: str
    files: Mapping[str, bytes]
    left_out: tuple[str, ...] = ()
    late: bool = False
    order: tuple[int, int, int] = (0, 0, 0)
    stamp: str = ""
    sure: bool = False
    """True when the receiving side names the time; False when only a file's own time tells it."""

    @property
    def hashes(self) -> dict[str, str]:
        """The hash of each file that counts."""
        counting = {name: data for name, data in sorted(self.files.items()) if name not in BESIDE}
        return {name: sha256(data).hexdigest() for name, data in counting.items()}


@dataclass(frozen=True)
class _Main:
    """A file that can be a hand-in, or the answers of one."""

    at: int
    base: str
    again: int
    ending: str


def check_parcel(parcel: Parcel) -> None:
    """Raise Refused where something of a parcel may not be read, or where there is too much of it."""
    for piece in parcel.pieces:
        if piece.fault:
            piece.read(0)
    twice = [path for path, count in Counter(piece.parts for piece in parcel.pieces).items() if count > 1]
    if twice:
        raise Refused("twice", shown_name("/".join(twice[0])))
    if len(parcel.pieces) > MAX_FILES:
        raise Refused("many", parcel.name)
    if sum(piece.size for piece in parcel.pieces) > MAX_BYTES * _copies(parcel):
        raise Refused("large", parcel.name)


def _copies(parcel: Parcel) -> int:
    """Return how many hand-ins the envelopes may hold: each of Canvas's and of plain files is its own."""
    return len(parcel.envelopes) if parcel.envelopes[0].kind in ("canvas", "file") else 1


def open_parcel(
    parcel: Parcel, assignment: str, others: Collection[str]
) -> Iterator[tuple[tuple[int, ...], HandIn | Refused]]:
    """Yield each hand-in of a parcel with the pieces that it is made of, or why it is not taken.

    `others`: the course's other assignments. Raises Refused where the whole parcel is not taken.
    """
    check_parcel(parcel)
    mains, answers = _sorted(parcel, assignment)
    chosen = _chosen(parcel, mains, assignment, others) if mains else answers
    if not chosen or (not mains and len(answers) > 1):
        raise _no_notebook(parcel)
    for main in chosen:
        beside = _answers_of(main, chosen, answers)
        used = (main.at, *([beside.at] if beside else []), *_small(parcel))
        try:
            yield used, _hand_in(parcel, main, beside, assignment, others, chosen)
        except Refused as refused:
            yield used, refused


def _own_name(parcel: Parcel, at: int) -> str:
    return parcel.envelopes[at].file


def _sorted(parcel: Parcel, assignment: str) -> tuple[list[_Main], list[_Main]]:
    mains, answers = [], []
    for at in range(len(parcel.pieces)):
        name = _own_name(parcel, at)
        base, again = base_of(name, assignment)
        if ANSWERS.fullmatch(name):
            answers.append(_Main(at, base, again, ".json"))
        elif name.lower().endswith((".ipynb", ".zip")):
            mains.append(_Main(at, base, again, PurePosixPath(name.lower()).suffix))
    return mains, answers


def _chosen(parcel: Parcel, mains: list[_Main], assignment: str, others: Collection[str]) -> list[_Main]:
    """Return the files that are hand-ins: those named by the assignment, else those of one other name."""
    fitting = [main for main in mains if main.base == assignment]
    if fitting:
        return fitting
    rest = [main for main in mains if main.base not in others]
    if not rest:
        raise Refused("other", shown_name(_own_name(parcel, mains[0].at)))
    books = [main for main in rest if main.ending == ".ipynb"] or rest
    if parcel.envelopes[0].kind != "file" and len({main.base for main in books}) > 1:
        raise Refused("several", ", ".join(shown_name(_own_name(parcel, main.at)) for main in books))
    return rest


def _no_notebook(parcel: Parcel) -> Refused:
    names = [_own_name(parcel, at) for at in range(len(parcel.pieces))]
    packed = [name for name in names if name.lower().endswith(PACKED)]
    if packed:
        return Refused("packing", shown_name(packed[0]))
    return Refused("nothing", ", ".join(map(shown_name, names[:5])) or "its files")


def _answers_of(main: _Main, chosen: list[_Main], answers: list[_Main]) -> _Main | None:
    """Return the answers file that belongs to a notebook; a .zip carries its own."""
    if main.ending != ".ipynb":
        return None
    same = [each for each in answers if (each.base, each.again) == (main.base, main.again)]
    if not same and len(chosen) == 1 and len(answers) == 1:
        same = answers
    return same[-1] if same else None


def _small(parcel: Parcel) -> tuple[int, ...]:
    return tuple(at for at in range(len(parcel.pieces)) if _own_name(parcel, at) in BESIDE)


def _hand_in(
    parcel: Parcel,
    main: _Main,
    beside: _Main | None,
    assignment: str,
    others: Collection[str],
    chosen: list[_Main],
) -> HandIn:
    envelope, piece, name = parcel.envelopes[main.at], parcel.pieces[main.at], _own_name(parcel, main.at)
    used = [main.at, *([beside.at] if beside else [])]
    files: dict[str, bytes] = {}
    left: list[str] = []
    if main.ending == ".zip":
        data = piece.read(MAX_BYTES)
        if not data:
            raise Refused("empty", shown_name(name))
        if not data.startswith(b"PK"):
            raise Refused("mislabelled", shown_name(name))
        files, left = from_archive(name, unpacked(name, data), assignment, others)
    elif main.ending == ".json":
        data = piece.read(MAX_ANSWERS)
        files[f"{assignment}.answers.json"] = data
    else:
        data = piece.read(MAX_NOTEBOOK)
        files[f"{assignment}.ipynb"] = checked(name, data)
    if beside:
        files[f"{assignment}.answers.json"] = parcel.pieces[beside.at].read(MAX_ANSWERS)
    for at in _small(parcel) if len(chosen) == 1 else ():
        files.setdefault(_own_name(parcel, at), parcel.pieces[at].read(BESIDE[_own_name(parcel, at)]))
        used.append(at)
    own = {*used, *(each.at for each in chosen)}
    left += [_own_name(parcel, at) for at in range(len(parcel.pieces)) if at not in own]
    return HandIn(
        learner=parcel.learner,
        envelope=envelope.top,
        arrived="/".join(piece.parts),
        received=of_seconds(max(parcel.pieces[at].changed for at in used)),
        sha256=sha256(data).hexdigest(),
        files=files,
        left_out=tuple(shown_name(each) for each in left if each not in SILENT),
        late=envelope.late,
        order=(int(main.ending == ".zip"), envelope.order, main.again),
    )
