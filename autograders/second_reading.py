"""Draw plans for two markers who read them blind: the draw, and a sheet for each.

For `heatproof second-reading`. The same seed and the same class give the same draw: plans are put in the
order of a hash, so no generator's version matters. The sheets hold neither names nor what the judge said;
who wrote what stands in draw.json alone. Refuses to read what the markers write.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autograders.gradebook import read_gradebook
from autograders.results import CannotMark
from autograders.roster import Learner, roster
from autograders.rubric import Rubric, rubric
from autograders.sheets import without_names, write_sheet
from autograders.whole_files import replace_file
from autograders.written_plans import Plans, WrittenPlan, written_plans
from course.engine.faults import shown

MARKERS = ("marker-1", "marker-2")
ABOUT = ("id", "complaint", "facts", "plan")
"""What a marker reads; the columns behind are theirs to fill in."""


class NotDrawn(CannotMark):
    """No plans were drawn, or no draw can be read. The text is one sentence: where, what, cure."""


@dataclass(frozen=True)
class DrawnPlan:
    """One plan of a draw: its number on the sheets, whose it is, and the SHA-256 of its text."""

    id: str
    learner: str
    question: str
    plan: str


@dataclass(frozen=True)
class Draw:
    """A draw of some of `among` plans, all read by one rubric."""

    assignment: str
    rubric: str
    seed: int
    among: int
    plans: tuple[DrawnPlan, ...]


def place_of(folder: Path, assignment: str) -> Path:
    """Return the folder of a second reading."""
    return folder / "second-reading" / assignment


def sheet_columns(rules: Rubric) -> tuple[str, ...]:
    """Return the columns of a marker's sheet."""
    return (*ABOUT, *rules.components, "flags", "note")


def draw(plans: Plans, *, assignment: str, rubric: str, most: int, seed: int) -> Draw:
    """Draw up to `most` plans that this rubric reads and that have a text, without putting back."""
    fit = [each for each in plans.values() if each.rubric == rubric and each.text.strip()]
    mixed = sorted(fit, key=lambda each: _order(assignment, seed, each.learner, each.question))
    width = max(2, len(str(min(most, len(fit)))))
    chosen = tuple(
        DrawnPlan(f"p{number:0{width}}", each.learner, each.question, each.hash)
        for number, each in enumerate(mixed[:most], 1)
    )
    return Draw(assignment, rubric, seed, len(fit), chosen)


def _order(*parts: object) -> bytes:
    return hashlib.sha256("\0".join(map(str, parts)).encode("utf-8")).digest()


def start(folder: Path, assignment: str, *, most: int, seed: int, rubric_name: str | None = None) -> Draw:
    """Draw, and write draw.json and a sheet for each marker. NotDrawn where there is a draw already."""
    folder = folder.resolve()
    place = place_of(folder, assignment)
    if (place / "draw.json").exists():
        raise NotDrawn(
            f"{shown(place / 'draw.json')}: plans are drawn already, and sheets may be filled in; go on with "
            f"--compare, or move {shown(place)} away to draw anew."
        )
    with read_gradebook(folder) as grades:
        plans = written_plans(folder, assignment, grades.scores(assignment))
    counts = Counter(each.rubric for each in plans.values() if each.text.strip())
    by = rubric_name or next((name for name, _ in counts.most_common(1)), "")
    if not counts[by]:
        known = f"; plans here are read by {', '.join(sorted(counts))}" if counts else ""
        cure = known or f"; run heatproof autograde {assignment} first"
        raise NotDrawn(f"{assignment}: no plan is marked{f' by the rubric {by}' if by else ''}{cure}.")
    drawn = draw(plans, assignment=assignment, rubric=by, most=most, seed=seed)
    people, rules = roster(folder), rubric(by, start=folder)
    for number, name in enumerate(MARKERS, 1):
        own = sorted(drawn.plans, key=lambda each: _order(number, seed, each.id))
        rows = [_row(each, plans[(each.learner, each.question)], people) for each in own]
        write_sheet(place / f"{name}.csv", sheet_columns(rules), rows)
    text = json.dumps({"format": 1} | asdict(drawn), indent=1, ensure_ascii=False) + "\n"
    replace_file(place / "draw.json", text.encode("utf-8"))
    return drawn


def _row(drawn: DrawnPlan, plan: WrittenPlan, people: Mapping[str, Learner]) -> dict[str, str]:
    complaint = plan.complaint
    return {
        "id": drawn.id,
        "complaint": complaint.text,
        "facts": complaint.facts,
        "plan": blind_text(plan, people),
    }


def blind_text(plan: WrittenPlan, people: Mapping[str, Learner]) -> str:
    """Return a plan without its writer's name."""
    who = people.get(plan.learner, Learner(plan.learner))
    return without_names(plan.text, who, spare=f"{plan.complaint.text} {plan.complaint.facts}")


def read_draw(folder: Path, assignment: str) -> Draw:
    """Return the draw of a second reading; NotDrawn where there is none, or it was changed by hand."""
    path = place_of(folder, assignment) / "draw.json"
    try:
        raw: dict[str, Any] = json.loads(path.read_bytes())
        if raw.pop("format") != 1:
            raise ValueError("another format")
        return Draw(**raw | {"plans": tuple(DrawnPlan(**each) for each in raw["plans"])})
    except FileNotFoundError:
        raise NotDrawn(
            f"{shown(path)}: not there, so nothing was drawn; run heatproof second-reading {assignment}."
        ) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise NotDrawn(f"{shown(path)}: this is not the draw that was written; bring it back.") from fault


def sheets(folder: Path, assignment: str) -> Sequence[Path]:
    """Return where the markers' sheets lie."""
    return [place_of(folder, assignment) / f"{name}.csv" for name in MARKERS]
