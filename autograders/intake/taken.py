"""What a run of taking in tells: a line for each thing that arrived, counts, and the exit status.

For the command line and whoever shows progress. Refuses to take anything.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from autograders.intake.keeping import Became
from autograders.intake.refusals import Refused
from autograders.submission import shown_name
from autograders.summary import EXIT_STATUS, counted
from course.engine.faults import shown

Outcome = Literal["new", "replaced", "earlier", "before", "waits", "refused"]
"""What became of one thing that arrived; "waits": for the instructor, "refused": the learner must act."""

NEW: tuple[Outcome, ...] = ("new", "replaced", "earlier")
IN_QUARANTINE: tuple[Outcome, ...] = ("waits", "refused")


@dataclass(frozen=True)
class Arrival:
    """One thing that arrived: its name, whose it is (None: nobody knows), what became of it.

    `received` is in UTC, `place` its folder in quarantine, and `for_the_learner` the sentence to send; all
    three may be empty, as `sentence` is where there is nothing to tell.
    """

    name: str
    learner: str | None
    outcome: Outcome
    received: str = ""
    sentence: str = ""
    for_the_learner: str = ""
    place: str = ""


def kept(name: str, learner: str, became: Became, received: str, assignment: str) -> Arrival:
    """Return the line of a hand-in that was taken."""
    sentence = ""
    if became in ("replaced", "earlier"):
        which = "the earlier one" if became == "replaced" else "this earlier one"
        sentence = (
            f"{learner}: handed in again ({shown_name(name)}); the newest counts, "
            f"and {which} is kept in history/{assignment}/{learner}/."
        )
    return Arrival(shown_name(name), learner, became, received, sentence)


def put_aside(name: str, learner: str | None, why: Refused, place: Path) -> Arrival:
    """Return the line of what lies in quarantine at `place`."""
    own = shown_name(name)
    sentence = f"{why.for_the_instructor(own)} Kept with a sentence for the learner: {shown(place)}/why.txt"
    outcome: Outcome = "waits" if why.waits else "refused"
    return Arrival(own, learner, outcome, "", sentence, why.for_the_learner(own), shown(place))


@dataclass(frozen=True)
class Taken:
    """What a run did. `there`: how many hand-ins of the assignment are in submitted/ now."""

    assignment: str
    arrivals: tuple[Arrival, ...]
    there: int

    def of(self, *outcomes: Outcome) -> tuple[Arrival, ...]:
        """Return what ended so."""
        return tuple(each for each in self.arrivals if each.outcome in outcomes)

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many ended in each way; what nothing ended in is not there."""
        return dict(Counter(each.outcome for each in self.arrivals))

    @property
    def told(self) -> tuple[str, ...]:
        """One sentence for each thing that is in quarantine."""
        return _sentences(self.of(*IN_QUARANTINE))

    @property
    def notes(self) -> tuple[str, ...]:
        """One sentence for each hand-in that came in place of another, or too late for that."""
        return _sentences(self.of(*NEW))

    @property
    def sentence(self) -> str:
        """What became of all that arrived, in one sentence."""
        fresh, again, earlier = (len(self.of(outcome)) for outcome in NEW)
        parts = [
            f"{fresh + again} collected" + (f" ({again} in place of an earlier one)" if again else ""),
            *([f"{earlier} earlier kept in history/"] if earlier else []),
            *([f"{len(self.told)} in quarantine/"] if self.told else []),
            f"{counted(self.there, 'hand-in')} in submitted/",
        ]
        return f"{self.assignment}: {', '.join(parts)}."

    @property
    def exit_status(self) -> int:
        """0 when everything was taken; else the sum of 4 (something waits for you) and 8 (refused)."""
        waits, refused = (bool(self.of(outcome)) for outcome in IN_QUARANTINE)
        return waits * EXIT_STATUS["needs_person"] + refused * EXIT_STATUS["refused"]


def _sentences(arrivals: Iterable[Arrival]) -> tuple[str, ...]:
    return tuple(each.sentence for each in arrivals if each.sentence)
