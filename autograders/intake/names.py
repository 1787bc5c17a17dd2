"""Read the envelope: what a platform's file or folder name says about a hand-in.

For the intake. Knows how Canvas, Moodle and nbgrader's exchange name what they deliver, and plain folders
and files named by a learner. The outermost name alone tells who: what a learner could choose further in has
no say. Refuses to know the class.

    holmanders_LATE_812_4711_heat-plan-a-1.ipynb          Canvas: name, late, person, file, own file name
    Anders Holm_30512_assignsubmission_file_/x.ipynb      Moodle, in folders, or flat with x.ipynb at the end
    a.holm+heat-plan-a+2026-03-02 09:30:00.000000 UTC+r   nbgrader's exchange
    a.holm/heat-plan-a/x.ipynb, a.holm/x.ipynb, a.holm.ipynb, a.holm_heat-plan-a.zip
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

Kind = Literal["canvas", "moodle", "exchange", "folder", "file"]

CANVAS = re.compile(r"(?P<who>\w+?)(?P<late>_LATE|_late)?_(?P<number>\d+)_(?P<order>\d+)_(?P<file>.+)", re.S)
MOODLE = re.compile(r"(?P<who>[^_]+)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)_?", re.S)
MOODLE_FLAT = re.compile(
    r"(?P<who>[^_]+)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)_(?P<file>.+)", re.S
)
EXCHANGE = re.compile(
    r"(?P<who>.+)\+(?P<assignment>[^+]+)\+(?P<stamp>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[^+]*)(?:\+[^+]*)?", re.S
)
AGAIN = re.compile(r"(?P<base>.+?)(?:-(?P<dash>\d{1,3})| ?\((?P<round>\d{1,3})\))", re.S)
"""What platforms and browsers add to a name that they have already: heat-plan-a-1, heat-plan-a (1)."""
ANSWERS = re.compile(r"(?P<base>.+)\.answers(?P<again>-\d{1,3}| ?\(\d{1,3}\))?\.json", re.S | re.I)
ENDINGS = (".ipynb", ".zip")
HANDED_IN = "-hand-in"
"""What the hand-in button adds to the name of the .zip that it makes."""
JUNK = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini", ".ipynb_checkpoints")


@dataclass(frozen=True)
class Envelope:
    """What a name tells: who, as it stands there, and whatever else the platform says.

    `others` are further readings of who; `number` the platform's number of the person; `order` grows with
    each file of Canvas; `stamp` is the exchange's time, as it stands there.
    """

    kind: Kind
    top: str
    who: str
    others: tuple[str, ...] = ()
    number: str = ""
    late: bool = False
    order: int = 0
    stamp: str = ""
    file: str = ""


def is_junk(parts: tuple[str, ...]) -> bool:
    """Tell what computers leave behind by themselves: it is nobody's hand-in."""
    return any(part in JUNK or part.startswith("._") for part in parts)


def read_envelope(parts: tuple[str, ...], assignment: str, known: Collection[str]) -> Envelope | None:
    """Return what a path (from the source downwards) says; None where it is of another assignment, or junk.

    `known`: the course's other assignments.
    """
    if is_junk(parts):
        return None
    top, file = parts[0], parts[-1]
    if len(parts) == 1:
        return _of_file(top, assignment)
    if match := EXCHANGE.fullmatch(top):
        if match["assignment"] != assignment:
            return None
        return Envelope("exchange", top, match["who"], stamp=match["stamp"], file=file)
    if match := MOODLE.fullmatch(top):
        return Envelope("moodle", top, match["who"].strip(), number=match["number"], file=file)
    if len(parts) > 2 and parts[1] != assignment and parts[1] in known:
        return None
    return Envelope("folder", top, top, file=file)


def _of_file(name: str, assignment: str) -> Envelope:
    if match := MOODLE_FLAT.fullmatch(name):
        who = match["who"].strip()
        return Envelope("moodle", name, who, number=match["number"], file=match["file"])
    if match := CANVAS.fullmatch(name):
        late, order = bool(match["late"]), int(match["order"][:18])
        number, file = match["number"], match["file"]
        return Envelope("canvas", name, match["who"], number=number, late=late, order=order, file=file)
    stem = stem_of(name)
    others = tuple(dict.fromkeys(each for each in _shorter(stem, assignment) if each and each != stem))
    return Envelope("file", name, stem, others, file=name)


def _shorter(stem: str, assignment: str) -> list[str]:
    """Return a plain file's stem without what may follow the person's name."""
    found = [stem]
    if match := AGAIN.fullmatch(stem):
        found.append(match["base"])
    for each in tuple(found):
        base = each.removesuffix(HANDED_IN)
        if base.endswith(assignment):
            found.append(base.removesuffix(assignment).rstrip(" _-"))
    return found


def stem_of(name: str) -> str:
    """Return a file's name without its ending; an answers file has a long one."""
    if match := ANSWERS.fullmatch(name):
        return match["base"] + (match["again"] or "")
    ending = next((each for each in ENDINGS if name.lower().endswith(each)), "")
    return name[: len(name) - len(ending)]


def base_of(name: str, assignment: str) -> tuple[str, int]:
    """Return a file's stem without a platform's number for "again", and that number: "x-2.ipynb" is x, 2.

    A stem that is just the assignment's name keeps its digits.
    """
    stem = stem_of(name)
    for each in (stem, stem.removesuffix(HANDED_IN)):
        if each == assignment:
            return assignment, 0
    if match := AGAIN.fullmatch(stem):
        return match["base"].removesuffix(HANDED_IN), int(match["dash"] or match["round"])
    return stem.removesuffix(HANDED_IN), 0
