"""Every word on the screen is used, and every word that is asked for exists."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograders.keys_reading import COMPONENTS
from course.engine.content import LABELS
from course.engine.moves import rules
from course.engine.places import PACKAGE
from course.engine.words import all_words, read_words

KINDS = (".py", ".js", ".html", ".j2")
HOLE = "*"

# "label.hear", f"label.{name}.meaning", `label.${name}`, "component." ~ name ~ ".meaning", "move." + name
WHOLE = re.compile(r"""(["'`])([a-z]+\.[^"'`\n]*?)\1""")
FILLED = re.compile(r"\$?\{[^{}]*\}")
JOINED = re.compile(r"""["']([a-z]+(?:\.[a-z-]+)*\.)["'] [+~] [\w.]+(?: [+~] ["'](\.[a-z.-]+)["'])?""")

FAMILIES = {
    "component.*": COMPONENTS,
    "component.*.meaning": COMPONENTS,
    "label.*": LABELS,
    "label.*.meaning": LABELS,
    "move.*": tuple(rules().moves),
    "meant.*": tuple(rules().moves),
    "level.*": ("0", "1", "2"),
    "level.*.meaning": ("0", "1", "2"),
    "state.anger.*": ("low", "middle", "high", "top"),
    "state.*": ("rose", "fell", "same"),
    "sorter.*": ("right", "near", "wrong"),
    "feedback.*": ("right", "near", "wrong"),
    "call.part.*": ("outcome", "moves", "order"),
    "call.own.*": ("helped", "little", "harmed"),
    "call.note.*": ("too_early", "again", "no_trust", "came_back", "taken_back"),
    "player.note.*": ("too_early", "again", "no_trust", "came_back", "taken_back"),
}
"""Ids that are built when they are needed, and all that can stand in their gap."""


@pytest.fixture(scope="module")
def words(root: Path) -> frozenset[str]:
    return frozenset(read_words(root / "course/words/en.yaml"))


@pytest.fixture(scope="module")
def asked(root: Path, words: frozenset[str]) -> frozenset[str]:
    """Everything in our code that can be an id, with `*` for what is filled in."""
    sections = {word.split(".")[0] for word in words}
    files = [file for folder in ("course", "autograders") for file in (root / folder).rglob("*")]
    texts = [file.read_text(encoding="utf-8") for file in files if file.suffix in KINDS]
    return frozenset(id_ for text in texts for id_ in ids_in(text) if id_.split(".")[0] in sections)


def ids_in(text: str) -> Iterator[str]:
    for _, literal in WHOLE.findall(text):
        id_ = FILLED.sub(HOLE, literal)
        if re.fullmatch(r"[a-z0-9_*-]+(\.[a-z0-9_*-]+)+", id_):
            yield id_
    for before, after in JOINED.findall(text):
        yield f"{before}{HOLE}{after}"


def is_asked(word: str, asked: frozenset[str]) -> bool:
    """Say whether a word is named in full, is one of a family, or fits where an id is built of anything."""
    built = {id_ for id_ in asked if HOLE in id_}
    families = {id_.replace(HOLE, one) for id_ in built & FAMILIES.keys() for one in FAMILIES[id_]}
    open_ends = (re.escape(id_).replace(re.escape(HOLE), "[a-z0-9_-]+") for id_ in built - FAMILIES.keys())
    return word in asked | families or any(re.fullmatch(pattern, word) for pattern in open_ends)


def test_every_word_is_used(words: frozenset[str], asked: frozenset[str]) -> None:
    assert sorted(word for word in words if not is_asked(word, asked)) == []


def test_every_word_that_is_asked_for_exists(root: Path, words: frozenset[str]) -> None:
    call = re.compile(r"""\b(?:word|say|tell)\(\s*["']([a-z]+(?:\.[a-z0-9_-]+)+)["']""")
    files = [file for folder in ("course", "autograders") for file in (root / folder).rglob("*")]
    texts = [file.read_text(encoding="utf-8") for file in files if file.suffix in KINDS]
    called = {id_ for text in texts for id_ in call.findall(text)}
    assert len(called) > 100
    assert sorted(called - words) == []


@pytest.mark.parametrize(("family", "members"), FAMILIES.items())
def test_every_word_of_a_family_exists(
    words: frozenset[str], asked: frozenset[str], family: str, members: tuple[str, ...]
) -> None:
    assert family in asked
    assert [member for member in members if family.replace(HOLE, member) not in words] == []


def test_the_shipped_words_are_the_same_read_quickly_and_strictly(tmp_path: Path) -> None:
    assert all_words(start=tmp_path) == read_words(PACKAGE / "words" / "en.yaml")
