"""Say what is wrong with a file that a person wrote: where, what, and the cure.

For every reader of content, and for whoever prints what it found. Knows how a fault is worded;
refuses to know any format.

    cold-soup.yaml:14: no scene 'cuase'; did you mean 'cause'?
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong in one place. `line` counts from 1; 0 means the whole file."""

    file: str
    line: int
    what: str
    cure: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.what}; {self.cure}" if self.cure else f"{where}: {self.what}"


class Faults(ValueError):
    """All faults of one reading. Its message prints one line a fault, in the order of the file."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(sorted(set(faults)))
        super().__init__("\n".join(map(str, self.faults)))


def shown(path: Path) -> str:
    """Return a path as a person here would type it: from the current folder where it lies below it."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except (ValueError, OSError):
        return path.as_posix()


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is most like one; None where none is."""
    return next(iter(get_close_matches(word, sorted(known), n=1, cutoff=0.6)), None)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the cure for an unknown word: the nearest known one, else the list of them."""
    names = list(known)
    near = nearest(word, names)
    if near:
        return f"did you mean {near!r}?"
    if not names:
        return "there is none to choose from"
    few = ", ".join(sorted(names)[:24])
    return f"choose one of: {few}" + (" …" if len(names) > 24 else "")
