"""Read the bank of rated plans: what two raters said of 120 plans on six complaints.

For the demonstration class and for whoever measures the judge. Refuses to know what the judge says.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, cast

from autograders.keys_reading import COMPONENTS
from course.engine.content import Channel, Complaint, Complexity


@dataclass(frozen=True)
class Rating:
    """What one rater said of one plan: a level 0-2 for each component, and the flags."""

    levels: dict[str, int]
    flags: frozenset[str]

    @property
    def total(self) -> int:
        """The sum of the four levels, 0-8."""
        return sum(self.levels.values())


@dataclass(frozen=True)
class RatedPlan:
    """One plan of the bank with its two ratings; `unsure` names the components where a rater hesitated."""

    id: str
    scenario: str
    plan: str
    ratings: tuple[Rating, ...]
    unsure: frozenset[str]

    @property
    def total(self) -> float:
        """The mean of the raters' totals, 0-8."""
        return sum(rating.total for rating in self.ratings) / len(self.ratings)


@cache
def rated_plans() -> tuple[RatedPlan, ...]:
    """Return the plans of the bank in their own order."""
    return tuple(_plan(line) for line in _lines("plans.jsonl"))


@cache
def rated_scenarios() -> dict[str, dict[str, str]]:
    """Return the bank's six complaints by scenario id: complaint, complexity, channel, facts, sector."""
    return {line["id"]: {k: v for k, v in line.items() if k != "id"} for line in _lines("scenarios.jsonl")}


def rated_complaints() -> dict[str, Complaint]:
    """Return the bank's six complaints as a judge reads them, by scenario id."""
    return {id: complaint_of(fields) for id, fields in rated_scenarios().items()}


def complaint_of(fields: Mapping[str, str]) -> Complaint:
    """Return the complaint that fields name: complaint, complexity, channel, facts."""
    return Complaint(
        text=fields["complaint"],
        complexity=cast(Complexity, fields["complexity"]),
        channel=cast(Channel, fields["channel"]),
        facts=fields["facts"],
    )


def _lines(name: str) -> Iterator[dict[str, Any]]:
    text = (files("autograders") / "bank" / name).read_text(encoding="utf-8")
    return (json.loads(line) for line in text.split("\n") if line.strip())


def _plan(line: dict[str, Any]) -> RatedPlan:
    ratings = tuple(Rating({c: r[c] for c in COMPONENTS}, frozenset(r["flags"])) for r in line["ratings"])
    return RatedPlan(line["id"], line["scenario"], line["plan"], ratings, frozenset(line["unsure"]))
