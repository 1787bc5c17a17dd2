"""Read an instructor's own rated plans from CSV or JSON lines: strictly, and every fault of the file at once.

For `heatproof judge --agreement`. One plan a line:

    id, complaint, complexity, channel, facts, plan, hear, empathise, apologise, act, flags
    and for a second rater: hear_2, empathise_2, apologise_2, act_2, flags_2

`complaint` is a scenario's id, or with complexity, channel and facts the complaint's own words. The steps
are the rubric's. A file with a fault is not read at all. Refuses to know what the judge says.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from autograders.rated import Rating, complaint_of
from autograders.rated_lines import SUFFIXES, Line, lines_of
from autograders.rubric import FLAGS, Rubric
from course.engine.content import Channel, Complaint, Complexity, scenario
from course.engine.faults import Fault, Faults, did_you_mean, shown
from course.engine.places import content_names

MOST_BYTES = 16 * 1024 * 1024
MOST_CHARACTERS = 4000
ABOUT = ("complexity", "channel", "facts")
"""What must be told of a complaint that is given in its own words."""
CHOICES = {"complexity": get_args(Complexity), "channel": get_args(Channel)}


@dataclass(frozen=True)
class OwnPlan:
    """One plan with the readings of one or two people."""

    id: str
    complaint: Complaint
    plan: str
    ratings: tuple[Rating, ...]


def read_rated(path: Path, rules: Rubric, *, start: Path | None = None) -> tuple[OwnPlan, ...]:
    """Return the plans of a file, in its order; raise `Faults` with all that is wrong."""
    reading = _Reading(shown(path), rules, start)
    plans = reading.read(path)
    if not plans and not reading.faults:
        reading.tell(0, "there is no plan in it", "write a line for each plan")
    if reading.faults:
        raise Faults(reading.faults)
    return tuple(plans)


@dataclass
class _Reading:
    """One reading of one file; `faults` is what was found wrong so far."""

    file: str
    rules: Rubric
    start: Path | None
    faults: list[Fault] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)
    known: dict[str, Complaint] = field(default_factory=dict)

    def tell(self, line: int, what: str, cure: str) -> None:
        self.faults.append(Fault(self.file, line, what, cure))

    def read(self, path: Path) -> list[OwnPlan]:
        """Return the plans of the lines with no fault, for whoever finds no fault in the others either."""
        text = self.whole(path)
        plans = []
        for line in lines_of(text, path.suffix.lower(), self.tell) if text is not None else ():
            if line.kind != "row":
                self.look_at_columns(line)
            if line.kind != "head" and (plan := self.plan(line)):
                plans.append(plan)
        return plans

    def whole(self, path: Path) -> str | None:
        """Return the text of a file that may be one of ours."""
        if path.suffix.lower() not in SUFFIXES:
            self.tell(0, "is neither CSV nor JSON lines", "name it .csv or .jsonl")
            return None
        try:
            with path.open("rb") as opened:
                raw = opened.read(MOST_BYTES + 1)
            if len(raw) <= MOST_BYTES:
                return raw.decode("utf-8-sig")
            self.tell(0, "is larger than 16 MiB", "divide it")
        except OSError as fault:
            self.tell(0, f"cannot be read ({fault.strerror})", "check its name and your rights")
        except UnicodeDecodeError as fault:
            line = fault.object.count(b"\n", 0, fault.start) + 1
            self.tell(
                line,
                f"the byte 0x{fault.object[fault.start]:02X} is not UTF-8",
                "save it as UTF-8 (in Excel: CSV UTF-8)",
            )
        return None

    def look_at_columns(self, line: Line) -> None:
        """Tell which columns are missing and which are unknown."""
        parts = (*self.rules.components, "flags")
        second = tuple(f"{part}_2" for part in parts)
        known = ("id", "complaint", *ABOUT, "plan", *parts, *second)
        for name in line.values:
            if name not in known:
                cure = did_you_mean(name, known) if name.strip() else "give it a name, or take it out"
                self.tell(line.number, f"no column {name[:40]!r} is known", cure)
        asked = ["id", "complaint", "plan", *parts]
        asked += second if any(name in second for name in line.values) else ()
        if missing := [name for name in asked if name not in line.values]:
            listed = ", ".join(map(repr, missing))
            what = f"the column {listed} is" if len(missing) == 1 else f"the columns {listed} are"
            self.tell(line.number, f"{what} missing", "add what is missing")

    def plan(self, line: Line) -> OwnPlan | None:
        """Return the plan of a line, or tell what is wrong with it; a missing column was told already."""
        before = len(self.faults)
        id = self.text(line, "id", most=200)
        first = self.seen.setdefault(id, line.number)
        if id and first != line.number:
            self.tell(line.number, f"the id {id!r} stands twice (first in line {first})", "make it unique")
        plan = self.text(line, "plan", most=MOST_CHARACTERS)
        complaint = self.complaint(line)
        ratings = [self.rating(line, "")]
        if any(_there(line.values.get(f"{part}_2")) for part in (*self.rules.components, "flags")):
            ratings.append(self.rating(line, "_2"))
        if len(self.faults) > before or complaint is None:
            return None
        return OwnPlan(id, complaint, plan, tuple(ratings))

    def text(self, line: Line, name: str, *, most: int, empty: bool = False) -> str:
        value = line.values.get(name)
        if name not in line.values and not empty:
            return ""
        if not isinstance(value, str):
            self.tell(line.number, f"{name!r} is no text", "put it in quotes")
        elif any("\ud800" <= letter <= "\udfff" for letter in value):
            self.tell(line.number, f"{name!r} holds half a character (a lone surrogate)", "take it out")
        elif not value.strip() and not empty:
            self.tell(line.number, f"{name!r} is empty", "write it, or take the line out")
        elif len(value) > most:
            self.tell(line.number, f"{name!r} has {len(value)} characters", f"give at most {most}")
        else:
            return value.strip() if name != "plan" else value
        return ""

    def complaint(self, line: Line) -> Complaint | None:
        """Return the complaint: by its scenario's id, or as it stands in the line."""
        told = self.text(line, "complaint", most=MOST_CHARACTERS)
        if not told:
            return None
        own = [name for name in ABOUT if _there(line.values.get(name))]
        if not own:
            return self.scenario(line, told)
        if told in content_names("scenarios", self.start):
            what = f"{told!r} is a scenario, and {own[0]!r} is told as well"
            self.tell(line.number, what, "leave complexity, channel and facts empty")
            return None
        for name, words in CHOICES.items():
            value = line.values.get(name, "")
            if not _there(value):
                self.tell(
                    line.number, f"{name!r} is empty, and the complaint is in its own words", "write it"
                )
            elif not isinstance(value, str) or value.strip() not in words:
                self.tell(line.number, f"no {name} {str(value)[:40]!r}", did_you_mean(str(value), words))
        facts = self.text(line, "facts", most=MOST_CHARACTERS, empty=True) if "facts" in line.values else ""
        fields = {"complaint": told, "facts": facts} | {
            name: str(line.values.get(name)).strip() for name in CHOICES
        }
        return complaint_of(fields)

    def scenario(self, line: Line, name: str) -> Complaint | None:
        if name not in self.known:
            names = content_names("scenarios", self.start)
            if name not in names:
                words = len(name.split()) > 1
                cure = "give complexity, channel and facts as well" if words else did_you_mean(name, names)
                self.tell(line.number, f"no scenario {name[:60]!r}", cure)
                return None
            self.known[name] = scenario(name, start=self.start).as_complaint()
        return self.known[name]

    def rating(self, line: Line, of: str) -> Rating:
        levels = {
            name: self.level(line, f"{name}{of}", step.top) for name, step in self.rules.components.items()
        }
        return Rating(levels, frozenset(self.flags(line, f"flags{of}")))

    def level(self, line: Line, name: str, top: int) -> int:
        value = line.values.get(name)
        if name not in line.values:
            return 0
        whole = value.strip() if isinstance(value, str) else value
        if isinstance(whole, str) and line.kind == "row" and whole.isascii() and whole.isdigit():
            whole = int(whole)
        if isinstance(whole, int) and not isinstance(whole, bool) and 0 <= whole <= top:
            return whole
        given = repr(value) if line.kind == "row" else json.dumps(value)
        said = given[:40] if _there(value) else "empty"
        self.tell(line.number, f"{name!r} is {said}", f"write a whole number from 0 to {top}")
        return 0

    def flags(self, line: Line, name: str) -> Sequence[str]:
        value = line.values.get(name) if name in line.values else ""
        given = value.replace(",", " ").replace(";", " ").split() if isinstance(value, str) else value
        if not isinstance(given, list) or not all(isinstance(flag, str) for flag in given):
            self.tell(line.number, f"{name!r} is no list of flags", 'write ["argues", "hostile"], or []')
            return ()
        known = list(dict.fromkeys((*FLAGS, *self.rules.flags)))
        for flag in dict.fromkeys(given):
            if flag not in known:
                self.tell(line.number, f"no flag {flag[:40]!r} in {name!r}", did_you_mean(flag, known))
            elif given.count(flag) > 1:
                self.tell(line.number, f"the flag {flag!r} stands twice in {name!r}", "take one out")
        return given


def _there(value: Any) -> bool:
    return value is not None and value != [] and (not isinstance(value, str) or bool(value.strip()))
