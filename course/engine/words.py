"""Every word that a widget shows, by its id: `word("player.back-to", turn=2)`.

For the widgets. Knows the files `words/<language>.yaml`; refuses to know where a word is shown. A course
folder's own file comes before the shipped one, word by word: whoever rewords three buttons writes three
lines, and a word that a later release adds is still found.
"""

import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import Field, RootModel

from course.engine.faults import Fault, Faults, did_you_mean
from course.engine.model_reading import read_model
from course.engine.places import PACKAGE, course_folder_name
from course.engine.yaml_reading import Document

WordId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.-]*$")]
Wording = Annotated[str, Field(min_length=1)]


class Words(RootModel[Mapping[WordId, Wording]]):
    """A flat map from id to text; `{name}` in a text is filled in when it is shown."""

    model_config = {"frozen": True, "strict": True}


class UnknownWord(KeyError):
    """A program asks for a word that no file holds, or leaves out a value of its text."""

    def __str__(self) -> str:
        return str(self.args[0])


def word(id_: str, /, *, language: str = "en", **values: object) -> str:
    """Return the text of that id with its `{values}` filled in."""
    words = all_words(language)
    if id_ not in words:
        raise UnknownWord(f"no word {id_!r} in words/{language}.yaml; {did_you_mean(id_, words)}")
    try:
        return words[id_].format(**values)
    except KeyError as missing:
        raise UnknownWord(f"the word {id_!r} needs a value for {missing}") from None


def all_words(language: str = "en", *, start: Path | None = None) -> Mapping[str, str]:
    """Return all words of a language, a course folder's own over the shipped ones."""
    folder = course_folder_name(start)
    own = f"{folder}/course/words/{language}.yaml" if folder else ""
    return _of(language, own if os.path.isfile(own) else "")


def read_words(path: Path) -> Mapping[str, str]:
    """Read one words file; raise `Faults` with all that is wrong in it."""
    return read_model(path, Words, _values_are_named).root


@cache
def _of(language: str, own: str) -> Mapping[str, str]:
    """Return the shipped words with those of a course folder's own file, if it has one, over them."""
    shipped = PACKAGE / "words" / f"{language}.yaml"
    files = [file for file in (shipped, Path(own) if own else shipped) if file.is_file()]
    if not files:
        raise Faults(
            [Fault(f"words/{language}.yaml", 0, "no such language", "copy words/en.yaml and translate it")]
        )
    merged: dict[str, str] = {}
    for file in dict.fromkeys(file.resolve() for file in files):
        merged |= read_words(file)
    return MappingProxyType(merged)


def values_of(text: str) -> frozenset[str]:
    """Return the names between braces in a text; raise ValueError where braces do not match."""
    names = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    wrong = [name for name in names if not name.isidentifier()]
    if wrong:
        raise ValueError(f"{{{wrong[0]}}} is not a name")
    return frozenset(names)


def _values_are_named(document: Document) -> Iterator[Fault]:
    for place, text in document.find("*"):
        yield from _braces(document, place, text)


def _braces(document: Document, place: tuple[str | int, ...], text: Any) -> Iterator[Fault]:
    try:
        values_of(text if isinstance(text, str) else "")
    except ValueError as error:
        what = f"the braces of {place[-1]!r} do not hold a name ({error})"
        yield document.fault(place, what, "write {name}, or {{ for a brace itself")
