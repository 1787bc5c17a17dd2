"""Both ways to read YAML see the same: libyaml's, which is quick, and PyYAML's own, which knows our words."""

from pathlib import Path

import pytest

from course.engine import yaml_reading
from course.engine.faults import Faults
from tests.conftest import ROOT

FILES = [
    path
    for folder in ("course", "autograders", "tests/bad", "tests/good")
    for path in sorted((ROOT / folder).rglob("*.yaml"))
]
TEXTS = {
    "plain and quoted": "a: 7\nb: '7'\nc: \"no\"\nd: |\n  7\ne: -1.50\nf: ~\ng:\nh: 12:30\n",
    "traps": "yes: no\non: off\n",
    "twice": "a: 1\na: 2\n",
    "a tab": "a:\n\t- b\n",
    "an anchor": "a: &b 1\nc: *b\n",
    "a tag": "a: !!python/name:os.system\n",
    "deep": "a: " + "[" * 40 + "]" * 40,
    "two documents": "a: 1\n---\nb: 2\n",
    "not closed": "a: 'b\n",
    "a bell": "a: \x07\n",
    "line ends": "a: 1\r\nb: 2\rc: 3\u2028d: 4\n",
    "a colon": "a: b: c\n",
    "nothing": "\n# only a comment\n",
    "empty": "",
}


def seen(text: str) -> object:
    try:
        found = yaml_reading.document_of(text, "file.yaml")
    except Faults as faults:
        return str(faults)
    return found.data, found.lines, found.faults


def both(text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[object, object]:
    quick = seen(text)
    monkeypatch.setattr(yaml_reading, "_Quick", None)
    return quick, seen(text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_our_files_read_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quick, own = both(path.read_bytes().decode("utf-8-sig", "replace"), monkeypatch)
    assert quick == own


@pytest.mark.parametrize("name", TEXTS)
def test_odd_texts_read_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quick, own = both(TEXTS[name], monkeypatch)
    assert quick == own


def test_the_quick_way_is_there() -> None:
    assert yaml_reading._Quick is not None
