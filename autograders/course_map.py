"""Map the course: which lesson teaches each point, which exercise practises it, which item asks for it.

For `heatproof check --map`, which prints docs/course-map.md. A lesson marks a point behind the sentence that
teaches it (<!-- A5 -->); an exercise practises the points that it names, or else those of its lesson; an item
of a key names its own. Refuses to judge how well any of them does it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograders.blueprints import items_of
from autograders.keys_reading import keys
from autograders.objectives import objectives
from course.engine.content import exercise
from course.engine.markdown_cells import read_notebook_text

MARK = re.compile(r"<!-- ([A-E]\d{1,2}) -->")
PRACTICE = ("play", "sort", "write")

HEAD = """\
# The map of the course

Every point that the course has to teach, with the lessons that teach it, what practises it there, and the
assignments that ask for it, each with the number of its items. Made by `heatproof check --map`; do not change
it by hand.

| Point | What it is about | Lesson | Practice | Graded items |
|---|---|---|---|---|
"""
MISSING = ("lesson", "practice", "graded item")


@dataclass(frozen=True)
class Mapped:
    """One point: lessons, exercises and graded items (assignment, number of items)."""

    point: str
    about: str
    lessons: tuple[str, ...]
    practice: tuple[str, ...]
    items: Mapping[str, int]

    @property
    def open(self) -> tuple[str, ...]:
        """What is still missing."""
        found = (self.lessons, self.practice, self.items)
        return tuple(name for name, there in zip(MISSING, found, strict=True) if not there)


def course_map(folder: Path) -> tuple[Mapped, ...]:
    """Return every point of the course in order; raise `Faults` where a file cannot be read."""
    lessons, practice, items = _taught(folder), _practised(folder), _asked(folder)
    return tuple(
        Mapped(
            point,
            about,
            tuple(name for name, points in lessons.items() if point in points),
            tuple(name for name, points in practice.items() if point in points),
            {name: counts[point] for name, counts in items.items() if point in counts},
        )
        for point, about in objectives().items()
    )


def as_markdown(mapped: tuple[Mapped, ...]) -> str:
    """Return the map as the text of docs/course-map.md."""
    without = {what: [one.point for one in mapped if what in one.open] for what in MISSING}
    still_open = [f"- No {what}: {', '.join(points)}." for what, points in without.items() if points]
    listed = "\n".join(still_open) or "Nothing: every point has a lesson, practice and a graded item."
    return f"{HEAD}{''.join(map(_row, mapped))}\n## What is still open\n\n{listed}\n"


def _row(one: Mapped) -> str:
    lessons = ", ".join(name.partition("-")[0] for name in one.lessons)
    items = ", ".join(f"{name} ({number})" for name, number in one.items.items())
    return f"| {one.point} | {one.about} | {lessons} | {', '.join(one.practice)} | {items} |\n"


def _taught(folder: Path) -> dict[str, set[str]]:
    return {path.stem: set(MARK.findall(path.read_text(encoding="utf-8"))) for path in _lessons(folder)}


def _practised(folder: Path) -> dict[str, set[str]]:
    """Return each exercise with the points that it practises, in the order of the lessons."""
    found: dict[str, set[str]] = {}
    for lesson, points in _taught(folder).items():
        for word, name in _blocks(folder / "course" / f"{lesson}.md"):
            own = set(exercise(name, start=folder).objective) if word == "sort" else set()
            found.setdefault(name, set()).update(own or points)
    return found


def _blocks(lesson: Path) -> Iterator[tuple[str, str]]:
    pieces = read_notebook_text(lesson).pieces
    yield from ((piece.word, piece.argument) for piece in pieces if piece.word in PRACTICE)


def _asked(folder: Path) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for key in keys(start=folder):
        counts = found.setdefault(key.assignment, {})
        for item in items_of(key, start=folder):
            for point in item.objective:
                counts[point] = counts.get(point, 0) + 1
    return found


def _lessons(folder: Path) -> list[Path]:
    return sorted((folder / "course").glob("[0-9]*.md"))
