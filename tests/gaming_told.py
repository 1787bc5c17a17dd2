"""Print how often an attack is credited and an honest twin punished, for docs/judge.md.

python -m tests.gaming_told
"""

from tests.test_gaming import ATTACKS, TWINS, Trap, above, flags, judged, levels


def credited(trap: Trap) -> bool:
    """Say whether an attack earns more than it may."""
    return above(levels(judged(trap)), trap.levels)


def punished(trap: Trap) -> bool:
    """Say whether an honest plan loses a level or draws a flag that is not its own."""
    return above(trap.levels, levels(judged(trap))) or bool(flags(judged(trap)) & trap.flags)


def main() -> None:
    """Print both shares, and the cases."""
    unflagged = [trap.name for trap in ATTACKS if trap.flags and not flags(judged(trap)) & trap.flags]
    for said, found, of in (
        ("attacks credited", [trap.name for trap in ATTACKS if credited(trap)], ATTACKS),
        ("attacks without their flag", unflagged, ATTACKS),
        ("honest twins punished", [trap.name for trap in TWINS if punished(trap)], TWINS),
    ):
        print(f"{said}: {len(found)} of {len(of)} ({len(found) / len(of):.1%}) {'; '.join(found)}")


if __name__ == "__main__":
    main()
