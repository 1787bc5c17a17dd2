"""Read a platform's list of people: who has which number, name and address there, and when they handed in.

For `heatproof collect --people FILE`. Takes Canvas's gradebook export and Moodle's grading worksheet as they
are, and a list of one's own, CSV or YAML; every fault of the file at once. Refuses to open a hand-in.

    id,platform_id,name,email,received          a.holm: {platform_id: 812, name: "Holm-Jensen, Anders"}
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from autograders.intake.people import People, Told, people_of
from autograders.roster import Learner
from course.engine.faults import Fault, Faults, did_you_mean, shown

COLUMNS: Final = {
    "id": "id", "platform_id": "number", "name": "name", "email": "email", "received": "received",
    "identifier": "number", "full name": "name", "email address": "email", "id number": "clue",
    "username": "clue", "last modified (submission)": "received",
    "student": "name", "sis user id": "clue", "sis login id": "clue2", "submitted_at": "received",
}  # fmt: skip
"""What each column of a list is; columns that are not here are passed over."""
OWN = ("id", "platform_id", "name", "email", "received")


def read_list(path: Path, learners: Mapping[str, Learner]) -> tuple[Told, ...]:
    """Return what a list tells of the roster's learners; raise Faults with all that is wrong.

    In a platform's own list people who are not on the roster (teachers, test students) are passed over; in
    a list of one's own they are faults.
    """
    name = shown(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        what = f"byte {fault.start} is not UTF-8"
        raise Faults([Fault(name, 0, what, "save it as UTF-8 (in Excel: CSV UTF-8)")]) from None
    except OSError as fault:
        what = f"it cannot be read ({fault.strerror})"
        raise Faults([Fault(name, 0, what, "check its name and your rights")]) from None
    faults: list[Fault] = []
    by_yaml = path.suffix.lower() in (".yaml", ".yml")
    rows = list(_of_yaml(text, name, faults) if by_yaml else _of_csv(text, name, faults))
    known = people_of(learners)
    told = [found for row in rows if (found := _told(row, known, name, faults))]
    faults += _shared(told, name)
    if faults:
        raise Faults(faults)
    return tuple(told)


def _of_csv(text: str, name: str, faults: list[Fault]) -> Iterator[dict[str, str]]:
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        yield from _rows(lines, name, faults)
    except csv.Error as fault:
        cure = "take the list as the platform gave it"
        faults.append(Fault(name, lines.line_num, f"this is not CSV ({fault})", cure))


def _rows(lines: Any, name: str, faults: list[Fault]) -> Iterator[dict[str, str]]:
    head = [cell.strip().lower() for cell in next(lines, [])]
    kinds = [COLUMNS.get(cell, "") for cell in head]
    if "student" in head and "id" in head:
        kinds[head.index("id")] = "number"
    if not {"id", "number", "name", "email", "clue"} & set(kinds):
        faults.append(Fault(name, 1, "no column tells who somebody is", f"begin with: {','.join(OWN)}"))
        return
    for cells in lines:
        row = {kind: cell.strip() for kind, cell in zip(kinds, cells, strict=False) if kind}
        if any(row.values()):
            yield row | {"line": str(lines.line_num)}


def _of_yaml(text: str, name: str, faults: list[Fault]) -> Iterator[dict[str, str]]:
    cure = "write: a.holm: {platform_id: 812, name: Anders Holm}"
    try:
        whole: Any = yaml.safe_load(text) or {}
    except (yaml.YAMLError, ValueError, RecursionError) as fault:
        mark = getattr(fault, "problem_mark", None)
        faults.append(Fault(name, mark.line + 1 if mark else 0, "this is no YAML", cure))
        return
    if not isinstance(whole, dict) or not all(isinstance(each, dict) for each in whole.values()):
        faults.append(Fault(name, 0, "it names no learners by their ids", cure))
        return
    for learner, said in whole.items():
        for column in said:
            if column not in OWN[1:]:
                cure = did_you_mean(str(column), OWN[1:])
                faults.append(Fault(name, 0, f"{learner}: no field {column!r}", cure))
        lists = {column: said[column] for column in OWN[1:] if column in said}
        longest = max((len(each) for each in lists.values() if isinstance(each, list)), default=1)
        for number in range(longest):
            row = {COLUMNS[column]: _nth(value, number) for column, value in lists.items()}
            yield row | {"id": str(learner), "line": "0"}


def _nth(value: Any, number: int) -> str:
    if isinstance(value, list):
        return str(value[number]) if number < len(value) else ""
    return "" if value is None or number else str(value)


def _told(row: dict[str, str], known: People, name: str, faults: list[Fault]) -> Told | None:
    """Return what a row tells, of the one learner that it names; None where it names nobody on the roster."""
    line = int(row["line"])
    if "id" in row:
        if row["id"] not in known.learners:
            what = f"the id {row['id']!r} is not on the roster"
            faults.append(Fault(name, line, what, did_you_mean(row["id"], known.learners)))
            return None
        found = {row["id"]}
    else:
        clues = (row.get("clue", ""), row.get("clue2", ""), row.get("email", ""))
        found = {each for clue in clues if clue for each in known.called_by_id(clue)}
        names = _name_ways(row.get("name", ""))
        found = found or {each for way in names for each in known.called_by_name(way)}
    if len(found) > 1:
        what = f"this line may be {' or '.join(sorted(found))}"
        faults.append(Fault(name, line, what, "give each their own e-mail address in roster.csv"))
    if len(found) != 1:
        return None
    number = row.get("number", "")
    digits = re.search(r"\d+$", number)
    return Told(
        found.pop(), digits[0] if digits else number, row.get("name", ""), row.get("email", ""),
        row.get("received", ""), line,
    )  # fmt: skip


def _name_ways(name: str) -> tuple[str, ...]:
    last, comma, first = name.partition(",")
    return (first + last,) if comma else (name,)


def _shared(told: list[Told], name: str) -> Iterator[Fault]:
    """Yield a fault for each number that two people have."""
    owners: dict[str, str] = {}
    for each in told:
        if each.number and owners.setdefault(each.number, each.learner) != each.learner:
            what = f"the number {each.number} is {owners[each.number]}'s and {each.learner}'s"
            yield Fault(name, each.line, what, "one number is one person; mend the list")
