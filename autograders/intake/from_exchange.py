"""Take the hand-ins of nbgrader's exchange; by nbgrader's own collect where the exchange is of another kind.

For `heatproof collect` and the demonstration. Refuses to know what an exchange looks like inside.
"""

from pathlib import Path

from autograders.intake.inbound import inbound_of
from autograders.intake.taken import Arrival, Taken
from autograders.intake.taking import Progress, take
from autograders.stock import Stock


def take_from_exchange(folder: Path, assignment: str, *, progress: Progress | None = None) -> Taken:
    """Take from the exchange that the settings name; CannotTake, Faults or StockFault when that cannot be."""
    inbound = inbound_of(folder)
    released = folder / "assignments" / assignment / f"{assignment}.ipynb"
    if inbound is not None and released.is_file():
        return take(folder, assignment, inbound.folder, inbound=inbound, progress=progress)
    came, there = Stock(folder).collect(assignment)
    arrivals = [Arrival(learner, learner, "new" if learner in came else "before") for learner in there]
    return Taken(assignment, tuple(arrivals), len(there))
