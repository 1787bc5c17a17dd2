"""Time the judge on texts that try to game or to slow it: milliseconds a 1,000 characters, slowest last.

    python -m benchmarks.judging_attacks [--times 3] [--bound 50]

For whoever changes gates or patterns. Takes the attacks of tests/gaming and texts made to be slow; ends with
status 1 when one takes longer than the bound. Refuses to say whether a verdict is right.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from autograders import judge
from course.engine.content import Complaint, scenario

TABLES = Path(__file__).resolve().parent.parent / "tests" / "gaming"
LEAST = 300
"""Characters of a timed text: a shorter one is repeated up to here."""
SLOW = {
    "negators": "not never no nobody without " * 400,
    "open quotations": "\" ' “ ‘ " * 2_000,
    "commas": "sorry, " * 2_000,
    "one long word": "sorry" * 4_000,
    "ends of sentences": "a. b? c! d: " * 1_500,
    "accents": "ś̈ó̂r̃r̈ÿ " * 2_000,
    "invisible characters": "s\u200bo\u2060r\xadr\u200dy " * 2_000,
    "ors without an end": "I will not argue or " * 800,
    "gaps of patterns": "I will let the the the the the the the the " * 400,
    "the step names": "hear empathise apologise act " * 600,
}


def attacks() -> Iterator[tuple[str, str, Complaint]]:
    """Yield the name, the text and the complaint of every attack."""
    filler = (TABLES / "filler.txt").read_text(encoding="utf-8").strip()
    for path in sorted(TABLES.glob("*.yaml")):
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
        complaint = scenario(table["complaint"]).as_complaint()
        for pair in table["pairs"]:
            attack = pair["attack"]
            text = attack["text"] * attack.get("times", 1) + f"{filler} " * attack.get("filler", 0)
            yield f"{path.stem}, {pair['family']}", text, complaint
    yield from ((name, text, complaint) for name, text in SLOW.items())


def milliseconds(text: str, complaint: Complaint, times: int) -> float:
    """Return the least processor time of so many verdicts, in ms for 1,000 characters."""
    whole = text * -(-LEAST // len(text))
    taken = []
    for _ in range(times):
        before = time.process_time()
        judge(whole, complaint)
        taken.append(time.process_time() - before)
    return min(taken) * 1_000 / (len(whole) / 1_000)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the five slowest attacks, and say by the status whether all stay within the bound."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--times", type=int, default=3, help="verdicts on each text; the fastest counts")
    parser.add_argument("--bound", type=float, default=50, help="ms for 1,000 characters")
    options = parser.parse_args(arguments)
    found = sorted(
        (milliseconds(text, complaint, options.times), name, len(text)) for name, text, complaint in attacks()
    )
    for taken, name, length in found[-5:]:
        print(f"{taken:7.2f} ms for 1,000 characters  {name} ({length:,} characters)")
    print(f"slowest of {len(found)}: {found[-1][0]:.2f} ms; the bound is {options.bound:g} ms")
    return int(found[-1][0] > options.bound)


if __name__ == "__main__":
    sys.exit(main())
