"""What the course hands out, and so may be pasted: the sentences of its lessons, and its other complaints.

For `judge_plan`. Reads the course folder's own files, else those that the package carries, once and only when
a plan asks for them. Refuses to know plans.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import chain, repeat
from pathlib import Path

import yaml

from autograders.judging.copying import Source, source
from autograders.judging.spelling import LOOK_ALIKES, expand
from course.engine.complaint import Complaint
from course.engine.places import PACKAGE, content_file, content_names, course_folder, course_folder_name

_PLAIN = str.maketrans(LOOK_ALIKES)
_ASIDE = re.compile(r"\A---\n.*?^---\n|^```.*?^```|<!--.*?-->|\[\d+\]", re.DOTALL | re.MULTILINE)
_END = re.compile(r"[.!?;:|\n]+")
_WORD = re.compile(r"[a-z0-9]+(?:['-][a-z0-9]+)*")


def lessons(start: Path | None = None) -> Source:
    """Return the lessons of the course folder that `start` (the current folder if not given) lies in."""
    return _lessons_of(course_folder_name(start))


@cache
def _lessons_of(course: str) -> Source:
    own = Path(course, "course") if course else PACKAGE
    return _lessons(own if own.is_dir() else PACKAGE)


@cache
def _lessons(folder: Path) -> Source:
    return source(
        sentence
        for path in sorted(folder.glob("[0-9]*.md"))
        for sentence in _sentences(path.read_text(encoding="utf-8", errors="replace"))
    )


def _sentences(markdown: str) -> Iterator[tuple[str, ...]]:
    """Yield the plain words of each sentence; cells of tables and items of lists are sentences too."""
    said = unicodedata.normalize("NFKD", _ASIDE.sub(" ", markdown).translate(_PLAIN)).lower()
    for piece in _END.split(said):
        words = tuple(chain.from_iterable(map(expand, _WORD.findall(piece), repeat("."))))
        if words:
            yield words


def complaints(start: Path | None = None) -> tuple[Complaint, ...]:
    """Return the complaints of all scenarios of that course folder; what cannot be read is left out."""
    return _complaints(course_folder(start))


@cache
def _complaints(folder: Path | None) -> tuple[Complaint, ...]:
    start = folder or PACKAGE
    files = (content_file("scenarios", name, start) for name in content_names("scenarios", start))
    told = (_complaint(file) for file in files if file)
    return tuple(complaint for complaint in told if complaint)


def _complaint(file: Path) -> Complaint | None:
    """Read the head of a scenario file, which says the complaint, and not the scenes behind it."""
    try:
        head = file.read_text(encoding="utf-8").partition("\nscenes:")[0]
        told = yaml.load(head, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        text, facts = (" ".join(told[key].split()) for key in ("complaint", "facts"))
        return Complaint(text, told["complexity"], told["channel"], facts)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, LookupError, TypeError, AttributeError):
        return None  # `heatproof check` tells what is wrong in it
