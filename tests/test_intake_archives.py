"""Archives from anywhere: the hand-in button's own .zip is opened, whatever is unsound is refused."""

import io
import stat
import struct
import warnings
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograders.intake.archives import entry_name, unpacked
from autograders.intake.choosing import from_archive
from autograders.intake.refusals import Refused
from course.engine.packing import packed

TASK = "heat-plan-a"
OTHERS = ("reading-replies",)
BOOK = b'{"cells": []}'


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a .zip of files, a name as often as it is given."""
    whole = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(whole, "w", method) as archive:
        warnings.simplefilter("ignore", UserWarning)  # of a name that is there twice: here that is meant
        for name, data in files:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = method
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, data)
    return whole.getvalue()


def of_kind(kind: int) -> bytes:
    """Return a .zip with a notebook that claims to be of another kind of file."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        entry = zipfile.ZipInfo(f"{TASK}.ipynb")
        entry.create_system = 3
        entry.external_attr = (kind | 0o644) << 16
        archive.writestr(entry, b"/etc/passwd")
    return whole.getvalue()


def with_flag(flag: int) -> bytes:
    """Return a .zip whose only entry has a flag set, in both places where it is told."""
    data = bytearray(zipped((f"{TASK}.ipynb", BOOK)))
    for start, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.index(start) + at
        struct.pack_into("<H", data, place, struct.unpack_from("<H", data, place)[0] | flag)
    return bytes(data)


def said_smaller() -> bytes:
    """Return a .zip whose entry says that it is smaller than it is."""
    data = bytearray(zipped((f"{TASK}.ipynb", BOOK * 50)))
    for start, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.index(start) + at, 10)
    return bytes(data)


def changed() -> bytes:
    """Return a .zip of which one byte was changed on the way."""
    data = bytearray(zipped((f"{TASK}.ipynb", BOOK), method=zipfile.ZIP_STORED))
    data[data.index(BOOK)] ^= 1
    return bytes(data)


GOOD = {
    "the button's": packed({f"{TASK}.ipynb": BOOK, f"{TASK}.answers.json": b"{}", "receipt.json": b"{}"}),
    "in a folder": zipped((f"{TASK}/", b""), (f"{TASK}/{TASK}.ipynb", BOOK)),
    "by a Mac": zipped((f"{TASK}.ipynb", BOOK), (f"__MACOSX/._{TASK}.ipynb", b"\0"), (".DS_Store", b"x")),
    "by Windows": zipped((f"{TASK}\\{TASK}.ipynb", BOOK)),
    "another name": zipped(("Homework (1).ipynb", BOOK)),
    "with drafts": zipped((f"{TASK}.ipynb", BOOK), ("draft.ipynb", b"no"), ("notes.txt", b"hm")),
    "with copies": zipped((f"{TASK}.ipynb", BOOK), (f"{TASK}/.ipynb_checkpoints/{TASK}.ipynb", b"old")),
}
BAD = {
    "no archive": (b"here is my homework", "broken"),
    "half an archive": (GOOD["the button's"][:80], "broken"),
    "an empty archive": (zipped(), "nothing"),
    "a changed byte": (changed(), "broken"),
    "a size that lies": (said_smaller(), "broken"),
    "no notebook": (zipped(("essay.pdf", b"%PDF")), "nothing"),
    "up and out": (zipped((f"../{TASK}.ipynb", BOOK)), "slip"),
    "up and out, by Windows": (zipped((f"a\\..\\..\\{TASK}.ipynb", BOOK)), "slip"),
    "from the root": (zipped((f"/etc/{TASK}.ipynb", BOOK)), "slip"),
    "from a drive": (zipped((f"C:{TASK}.ipynb", BOOK)), "slip"),
    "a link": (of_kind(stat.S_IFLNK), "link"),
    "a pipe": (of_kind(stat.S_IFIFO), "odd"),
    "a device": (of_kind(stat.S_IFCHR), "odd"),
    "a password": (with_flag(1), "locked"),
    "a slow packing": (zipped((f"{TASK}.ipynb", BOOK * 9), method=zipfile.ZIP_LZMA), "packing"),
    "a bomb": (zipped((f"{TASK}.ipynb", b" " * (1 << 20))), "bomb"),
    "many that are large": (
        zipped(*((f"{n}.txt", bytes(1 << 20)) for n in range(11)), method=zipfile.ZIP_STORED),
        "bomb",
    ),
    "51 files": (zipped(*((f"{n}.txt", b"") for n in range(51))), "many"),
    "an archive in it": (zipped((f"{TASK}.ipynb", BOOK), ("more.zip", b"x")), "nested"),
    "an archive under another name": (zipped((f"{TASK}.ipynb", zipped(("a", b"b")))), "nested"),
    "a tar in it": (zipped((f"{TASK}.ipynb", BOOK), ("x", b"a" + bytes(256) + b"ustar")), "nested"),
    "two of one name": (zipped((f"{TASK}.ipynb", BOOK), (f"{TASK}.ipynb", b"{}")), "twice"),
    "two that differ in case": (zipped((f"{TASK}.ipynb", BOOK), (f"{TASK.upper()}.ipynb", b"{}")), "twice"),
    "two learners": (zipped((f"ann/{TASK}.ipynb", BOOK), (f"bob/{TASK}.ipynb", b"{}")), "several"),
    "two drafts": (zipped(("a.ipynb", BOOK), ("b.ipynb", BOOK)), "several"),
    "another assignment": (zipped(("reading-replies.ipynb", BOOK)), "other"),
    "an empty notebook": (zipped((f"{TASK}.ipynb", b" \n")), "empty"),
    "a large notebook": (
        zipped((f"{TASK}.ipynb", bytes(range(256)) * (1 << 13) + b"."), method=zipfile.ZIP_STORED),
        "large",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_what_the_button_and_honest_computers_make_is_taken(name: str) -> None:
    files, left = from_archive("a.zip", unpacked("a.zip", GOOD[name]), TASK, OTHERS)
    assert files[f"{TASK}.ipynb"] == BOOK
    assert set(files) <= {f"{TASK}.ipynb", f"{TASK}.answers.json", "receipt.json"}
    assert left == (["a.zip/draft.ipynb", "a.zip/notes.txt"] if name == "with drafts" else [])


def test_answers_alone_are_taken() -> None:
    files, _ = from_archive("a.zip", {f"{TASK}.answers.json": b"{}"}, TASK, OTHERS)
    assert files == {f"{TASK}.answers.json": b"{}"}


@pytest.mark.parametrize("name", BAD)
def test_every_other_archive_is_refused_for_its_own_reason(name: str) -> None:
    data, kind = BAD[name]
    with pytest.raises(Refused) as refused:
        from_archive("a.zip", unpacked("a.zip", data), TASK, OTHERS)
    assert refused.value.kind == kind


def test_opening_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for data, _ in BAD.values():
        with pytest.raises(Refused):
            from_archive("a.zip", unpacked("a.zip", data), TASK, OTHERS)
    assert list(tmp_path.iterdir()) == []


def test_a_name_in_utf_8_without_the_flag_is_read_so() -> None:
    data = zipped(("Jorgen.ipynb", BOOK)).replace(b"Jorgen", "Jørge".encode())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert [entry_name(entry) for entry in archive.infolist()] == ["Jørge.ipynb"]


@settings(max_examples=150)
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=6))
def test_a_damaged_archive_is_refused_or_says_what_it_said(at: int, by: bytes) -> None:
    whole = GOOD["the button's"]
    at %= len(whole)
    damaged = whole[:at] + by + whole[at + len(by) :]
    try:
        files = unpacked("a.zip", damaged)
    except Refused:
        return
    assert set(files.values()) <= {BOOK, b"{}", b""}
