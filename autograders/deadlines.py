"""Read deadlines.yaml strictly, and gather the rules that bear on one learner's hand-in.

For both marking doors and `heatproof check`. Where two rules speak of one thing the kinder one counts: the
later due time, the greater multiplier, any waiver. Refuses to work out what late work loses (`lateness`).
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from autograders.deadlines_form import Deadlines, Granted, Nothing, Task
from autograders.lateness import Rules, Start
from autograders.roster import roster
from autograders.wall_time import NO_TIME, Span, instant, read_span, read_wall_time, read_zone, skipped
from course.engine.faults import Fault, Faults, did_you_mean
from course.engine.model_faults import named
from course.engine.model_reading import read_model
from course.engine.yaml_reading import Document

FILE = "deadlines.yaml"
GRADEBOOK = "nbgrader's gradebook"
"""Where an extension stands that was granted in nbgrader itself."""


def deadlines(folder: Path) -> Deadlines | None:
    """Return the deadlines of a course folder, None where it has none; raise `Faults` with every fault."""
    path = folder / FILE
    return read_deadlines(path) if path.exists() else None


def deadlines_read_once(folder: Path) -> Deadlines | None:
    """Return the same, read again only after the file was changed."""
    path = folder / FILE
    return _read_once(path, path.stat().st_mtime_ns) if path.exists() else None


@lru_cache(maxsize=8)
def _read_once(path: Path, changed: int) -> Deadlines:
    return read_deadlines(path)


def read_deadlines(path: Path) -> Deadlines:
    """Read one file of deadlines; raise `Faults` with all that is wrong in it."""
    return read_model(path, Deadlines, _assignments_exist, _learners_exist, _times_exist, _nothing_is_empty)


def rules_for(
    rules: Deadlines, assignment: str, learner: str, *, granted: timedelta | None = None
) -> Rules | None:
    """Return the rules of one hand-in; None where the file says nothing of the assignment.

    `granted`: an extension that stands in nbgrader's gradebook.
    """
    task = rules.assignments.get(assignment)
    if task is None:
        return None
    here = f"assignments.{assignment}"
    due = Start(f"{here}.due", read_wall_time(task.due), read_zone(task.time_zone or rules.time_zone))
    grants = dict(_grants(rules, assignment, learner))
    extensions = [start for place, grant in grants.items() for start in _extensions(place, grant, due)]
    if granted is not None and granted > timedelta():
        extensions.append(Start(GRADEBOOK, due.wall, due.zone, Span(passing=granted)))
    slow = max(grants.items(), key=lambda each: each[1].multiplier or 1.0, default=("", Granted()))
    waived = next(((place, grant.waiver) for place, grant in grants.items() if grant.waiver), None)
    names = {"due": due.rule, "grace": _said(task, "grace", here), "policy": _said(task, "late", here)}
    names |= {"multiplier": f"{slow[0]}.multiplier"} | ({"waiver": f"{waived[0]}.waiver"} if waived else {})
    grace = task.grace or rules.grace
    return Rules(
        due=due,
        policy=task.late or rules.late or Nothing(policy="none"),
        grace=read_span(grace) if grace else NO_TIME,
        extensions=tuple(extensions),
        multiplier=slow[1].multiplier or 1.0,
        waiver=waived[1] if waived else None,
        named=names,
        reasons={"multiplier": slow[1].why} if slow[1].why else {},
    )


def _grants(rules: Deadlines, assignment: str, learner: str) -> Iterator[tuple[str, Granted]]:
    """Yield what a learner is granted, with where it stands: for the assignment before for all of them."""
    own = rules.learners.get(learner)
    if own is not None and assignment in own.assignments:
        yield f"learners.{learner}.assignments.{assignment}", own.assignments[assignment]
    if own is not None:
        yield f"learners.{learner}", own


def _extensions(place: str, grant: Granted, due: Start) -> Iterator[Start]:
    why = grant.why or ""
    if grant.extension:
        yield Start(f"{place}.extension", due.wall, due.zone, read_span(grant.extension), why)
    own = getattr(grant, "due", None)
    if own:
        yield Start(f"{place}.due", read_wall_time(own), due.zone, why=why)


def _said(task: Task, key: str, here: str) -> str:
    """Return where a rule stands: with the assignment, or at the top for all."""
    return f"{here}.{key}" if getattr(task, key) else key


def _assignments_exist(document: Document) -> Iterator[Fault]:
    folder = Path(document.file).resolve().parent
    places = (folder / "source", folder / "assignments")
    known = sorted({path.name for place in places if place.is_dir() for path in place.glob("*/")})
    for pattern in ("assignments.*", "learners.*.assignments.*"):
        for place, _ in document.find(pattern):
            if str(place[-1]) not in known:
                yield document.fault(
                    place, f"no assignment {place[-1]!r}", did_you_mean(str(place[-1]), known)
                )
    due = {str(place[-1]) for place, _ in document.find("assignments.*")}
    for place, _ in document.find("learners.*.assignments.*"):
        if str(place[-1]) in known and str(place[-1]) not in due:
            cure = "add it under 'assignments' with 'due: …', or delete it here"
            yield document.fault(place, f"{place[-1]!r} has no due time", cure)


def _learners_exist(document: Document) -> Iterator[Fault]:
    """Yield learners that are not on the roster, where there is one that can be read."""
    try:
        people = roster(Path(document.file).resolve().parent)
    except Faults:
        return
    for place, _ in document.find("learners.*"):
        if people and str(place[-1]) not in people:
            what = f"nobody on the roster has the id {place[-1]!r}"
            yield document.fault(place, what, did_you_mean(str(place[-1]), people))


def _times_exist(document: Document) -> Iterator[Fault]:
    """Yield due times that the clocks skip, and those of a learner that come before everybody's."""
    everybody = {str(place[1]): (place, due) for place, due in document.find("assignments.*.due")}
    zones = {str(place[1]): zone for place, zone in document.find("assignments.*.time_zone")}
    own = [(place, due) for place, due in document.find("learners.*.assignments.*.due")]
    for place, due in (*everybody.values(), *own):
        name = str(place[-2])
        try:
            zone = read_zone(str(zones.get(name) or document.data.get("time_zone")))
            wall = read_wall_time(str(due))
            first = read_wall_time(str(everybody[name][1]))
        except (ValueError, KeyError):
            continue
        if skipped(wall, zone):
            what = f"the clocks of {zone.key} skip {due}"
            yield document.fault(place, what, "write a time an hour later")
        elif instant(wall, zone) < instant(first, zone):
            what = f"{due} is before everybody's due time, {everybody[name][1]}"
            yield document.fault(place, what, "write a later one, or delete it")


def _nothing_is_empty(document: Document) -> Iterator[Fault]:
    """Yield keys without a value: a waiver that somebody forgot to finish must not go by unseen."""
    for pattern in ("*", "assignments.*.*", "learners.*.*", "learners.*.assignments.*.*"):
        for place, value in document.find(pattern):
            if value is None:
                what = f"{named(document.data, place)} is empty"
                yield document.fault(place, what, "write it, or delete the key")
