"""Every word that a widget shows, by its id: `word("player.back-to", turn=2)`.

For the widgets. Knows the files `words/<language>.yaml`; refuses to know where a word is shown. A course
folder's own file comes before the shipped one, word by word: whoever rewords three buttons writes three
lines, and a word that a later release adds is still found.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType

import yaml

from course.engine.faults import Fault, Faults, did_you_mean
from course.engine.places import PACKAGE, own_file_name


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
    return _of(language, own_file_name("words", language, start))


def read_words(path: Path) -> Mapping[str, str]:
    """Read one words file; raise `Faults` with all that is wrong in it."""
    from course.engine.words_form import read  # slow to load, and needed for a course folder's own words only

    return read(path)


@cache
def _of(language: str, own: str) -> Mapping[str, str]:
    """Return the shipped words with those of a course folder's own file, if it has one, over them."""
    shipped = PACKAGE / "words" / f"{language}.yaml"
    if not (own or shipped.is_file()):
        raise Faults(
            [Fault(f"words/{language}.yaml", 0, "no such language", "copy words/en.yaml and translate it")]
        )
    merged = dict(_shipped(shipped)) if shipped.is_file() else {}
    if own and Path(own).resolve() != shipped:
        merged |= read_words(Path(own))
    return MappingProxyType(merged)


def _shipped(path: Path) -> Mapping[str, str]:
    """Read a file of the package, which tests hold against its form; strictly where it looks wrong."""
    try:
        found = yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError:
        return read_words(path)
    good = isinstance(found, dict) and all(isinstance(said, str) and said for said in found.values())
    return found if good else read_words(path)


def values_of(text: str) -> frozenset[str]:
    """Return the names between braces in a text; raise ValueError where braces do not match."""
    names = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    wrong = [name for name in names if not name.isidentifier()]
    if wrong:
        raise ValueError(f"{{{wrong[0]}}} is not a name")
    return frozenset(names)
