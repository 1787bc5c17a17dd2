"""Time the judge on the plans of the bank and the unseen plans: speed, start, memory, the slowest plan.

    python -m benchmarks.judging [--passes 5] [--starts 3] [--verdicts 10000]

As in the process that judges a class, no file of a course is taken to come or go meanwhile. For whoever
changes the judge or its rubric. Times are processor time, so that a busy machine disturbs them little; a
fixed piece of work timed beside them tells how busy it is. Refuses to know whether a verdict is right, and
fails nobody: it prints.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from autograders.judging.reading import judge_plan
from autograders.judging.ruling import by_rules
from autograders.rubric import Rubric, rubric
from course.engine import places
from course.engine.content import Complaint

HOME = Path(__file__).resolve().parent.parent / "autograders"
STEPS = {
    "import": "from autograders.judging.reading import judge_plan",
    "rubric": "from autograders.rubric import rubric; rules = rubric()",
    "its patterns": "rules.programs",
    "weights": "from autograders.judging.learned.model import model; model()",
    "first verdict": "judge_plan(plan, complaint, rubric=rules)",
    "second verdict": "judge_plan(plan, complaint, rubric=rules)",
}
"""What a fresh process does, in this order, up to a verdict."""

Plan = tuple[str, Complaint]


def plans() -> list[Plan]:
    """Return the plans of the bank and the unseen ones, each with its complaint."""
    return [
        *_plans(HOME / "bank" / "scenarios.jsonl", HOME / "bank" / "plans.jsonl"),
        *_plans(HOME / "unseen" / "complaints.jsonl", HOME / "unseen" / "plans.jsonl"),
    ]


def _plans(complaints: Path, written: Path) -> Iterable[Plan]:
    told = {
        one["id"]: Complaint(one["complaint"], one["complexity"], one["channel"], one["facts"])
        for one in _lines(complaints)
    }
    return [(one["plan"], told[one["scenario"]]) for one in _lines(written)]


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time that a piece of work takes."""
    before = time.process_time()
    work()
    return time.process_time() - before


def yardstick() -> float:
    """Return the milliseconds of a fixed piece of work, by which two runs can be compared."""

    def count() -> None:
        table = {}
        for number in range(200_000):
            table[number % 1_000] = str(number)

    return seconds(count) * 1_000


def speeds(read: Callable[[Plan], object], several: Sequence[Plan], passes: int) -> float:
    """Return the plans a second, the median of some passes after one that does not count."""
    taken = [seconds(lambda: [read(one) for one in several]) for _ in range(passes + 1)][1:]
    return len(several) / statistics.median(taken)


def slowest(several: Sequence[Plan], rules: Rubric) -> tuple[float, str]:
    """Return the milliseconds of the slowest plan, the least of three times each, and how it begins."""

    def least(plan: str, complaint: Complaint) -> float:
        return min(seconds(lambda: judge_plan(plan, complaint, rubric=rules)) for _ in range(3))

    return max((least(plan, complaint) * 1_000, plan) for plan, complaint in several)


def starts(several: Sequence[Plan], times: int) -> dict[str, float]:
    """Return the seconds (medians) of each step of a fresh process up to a verdict, Python itself first."""
    plan, complaint = several[0]
    timed = "; ".join(f"exec({code!r}); at.append(time.process_time())" for code in STEPS.values())
    told = (complaint.text, complaint.complexity, complaint.channel, complaint.facts)
    program = (
        "import time; at = [time.process_time()]\n"
        f"class complaint: text, complexity, channel, facts = {told!r}\n"
        f"plan = {plan!r}; {timed}; print(*at)"
    )
    runs = []
    for _ in range(times):
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        at = [0.0, *map(float, done.stdout.split())]
        runs.append([after - before for before, after in pairwise(at)])
    medians = [statistics.median(step) for step in zip(*runs, strict=True)]
    return dict(zip(["Python", *STEPS], medians, strict=True))


def resident() -> float:
    """Return the most memory that this process has held, in MB."""
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--passes", type=int, default=5, help="passes over all plans; the median counts")
    parser.add_argument("--starts", type=int, default=3, help="fresh processes; the median counts")
    parser.add_argument("--verdicts", type=int, default=10_000, help="verdicts before memory is measured")
    options = parser.parse_args(arguments)
    places.stay()
    several, rules = plans(), rubric()

    at_first = yardstick()
    both = speeds(lambda one: judge_plan(*one, rubric=rules), several, options.passes)
    alone = speeds(lambda one: by_rules(*one, rules), several, options.passes)
    print(f"{both:7.0f} plans a second a core, rules and model ({len(several)} plans)")
    print(f"{alone:7.0f} rules alone, without a sentence of explanation: {alone / both:.2f} times as many")
    taken, plan = slowest(several, rules)
    print(f"{taken:7.1f} ms for the slowest plan: {' '.join(plan.split())[:60]} …")

    steps = starts(several, options.starts)
    first = sum(taken for step, taken in steps.items() if step != "second verdict")
    print(f"{first:7.2f} s from a fresh process to the first verdict:")
    for step, taken in steps.items():
        print(f"{taken * 1_000:11.0f} ms  {step}")

    for number in range(options.verdicts):
        judge_plan(*several[number % len(several)], rubric=rules)
    print(f"{resident():7.0f} MB held at most, {options.verdicts:,} verdicts later")
    print(
        f"{at_first:7.0f} ms for the yardstick at first, {yardstick():.0f} at last; less on a quiet machine"
    )


if __name__ == "__main__":
    main()
