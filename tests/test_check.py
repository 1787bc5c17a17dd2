"""Each file in tests/bad draws the complaints that stand at its top and no others; a shipped one, none."""

from pathlib import Path

import pytest

from autograders.checking import check, check_file, written_files

HERE = Path(__file__).parent
ROOT = HERE.parent
BAD = sorted((HERE / "bad").glob("*.yaml"))
SHIPPED = list(written_files(ROOT))


def _head(path: Path) -> tuple[str, list[str]]:
    """Return the kind that a bad file names in its first line, and the complaints that it promises."""
    lines = path.read_text(encoding="utf-8").splitlines()
    promised = [line.removeprefix("# complains: …") for line in lines if line.startswith("# complains: …")]
    return lines[0].removeprefix("# "), promised


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_file_draws_exactly_its_complaints(path):
    kind, promised = _head(path)
    assert promised, "a bad file says what it must draw"
    assert [str(fault).removeprefix(fault.file) for fault in check_file(path, kind)] == promised


@pytest.mark.parametrize(("path", "kind"), SHIPPED, ids=[path.stem for path, _ in SHIPPED])
def test_every_shipped_file_is_sound(path, kind):
    assert not [str(fault) for fault in check_file(path, kind)]


def test_the_sample_scenario_is_sound():
    assert not [str(fault) for fault in check_file(HERE / "good" / "the-late-parcel.yaml", "scenario")]


def test_a_fault_names_its_file_from_here(tmp_path, monkeypatch):
    folder = tmp_path / "course" / "words"
    folder.mkdir(parents=True)
    (folder / "en.yaml").write_text("play.next: {}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    told = [str(fault) for fault in check(tmp_path)]
    assert told == ["course/words/en.yaml:1: play.next must be text, not a map; write text"]


def test_an_empty_folder_is_told(tmp_path):
    assert "nothing to check" in str(*check(tmp_path))
