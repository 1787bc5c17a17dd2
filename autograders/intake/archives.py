"""Open a .zip that somebody else made, within limits: nothing is unpacked to a disk, names are only read.

For the intake: `unpacked` for a learner's hand-in, `entry_fault` and `read_entry` for a platform's download.
Refuses links, passwords, places outside, other archives inside, and whatever grows too much.
"""

import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib

from autograders.intake.refusals import Refused
from autograders.submission import MAX_BYTES, MAX_FILES, shown_name

MAX_RATIO = 100
UTF8 = 0x800
"""The flag of an entry whose name is UTF-8."""
PACKED = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".jar", ".whl")
STARTS = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"PK\x07\x08",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
)
"""How archives begin, whatever they are called."""
FAULTS = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OverflowError, ValueError,
    OSError, IndexError, KeyError, struct.error,
)  # fmt: skip
"""What Python's reader raises where an archive is no sound one."""


def is_packed(name: str, data: bytes) -> bool:
    """Tell an archive by its name or by how it begins."""
    return name.lower().endswith(PACKED) or data.startswith(STARTS) or data[257:262] == b"ustar"


def unpacked(name: str, data: bytes) -> dict[str, bytes]:
    """Return the files of a hand-in's .zip by their path in it; raise Refused for all that is not sound."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _files(name, archive)
    except FAULTS as fault:
        raise Refused("broken", shown_name(name)) from fault


def _files(name: str, archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > MAX_FILES:
        raise Refused("many", shown_name(name))
    for entry in entries:
        if kind := entry_fault(entry):
            raise Refused(kind, shown_name(entry_name(entry)))
    if sum(entry.file_size for entry in entries) > MAX_BYTES:
        raise Refused("bomb", shown_name(name))
    found: dict[str, bytes] = {}
    seen: set[str] = set()
    for entry in entries:
        if entry.is_dir():
            continue
        inside = entry_name(entry)
        same = unicodedata.normalize("NFC", inside).casefold()
        if same in seen:
            raise Refused("twice", shown_name(inside))
        seen.add(same)
        found[inside] = read_entry(archive, entry, MAX_BYTES)
        if is_packed(inside, found[inside]):
            raise Refused("nested", shown_name(inside))
    return found


def entry_name(entry: zipfile.ZipInfo) -> str:
    """Return an entry's path, "/" between its parts; a name that is UTF-8 without saying so is read so."""
    name = entry.orig_filename
    if not entry.flag_bits & UTF8:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = entry.orig_filename
    return name.replace("\\", "/")


def entry_parts(entry: zipfile.ZipInfo) -> tuple[str, ...]:
    """Return the parts of an entry's path; at least one."""
    return tuple(part for part in entry_name(entry).split("/") if part) or ("?",)


def entry_fault(entry: zipfile.ZipInfo) -> str:
    """Return the kind of refusal that an entry deserves before it is read; empty where it may be read."""
    name = entry_name(entry)
    if name.startswith("/") or "\0" in name or ".." in name.split("/") or re.match(r"[A-Za-z]:", name):
        return "slip"
    mode = entry.external_attr >> 16
    kind = stat.S_IFMT(mode)
    if kind == stat.S_IFLNK:
        return "link"
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "odd"
    if entry.flag_bits & 0x1:
        return "locked"
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "packing"
    if entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
        return "bomb"
    return ""


def read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> bytes:
    """Return an entry's bytes, never more than `limit`; Refused where there are more or they are broken."""
    shown = shown_name(entry_name(entry))
    if entry.file_size > limit:
        raise Refused("large", shown)
    try:
        with archive.open(entry) as file:
            data = file.read(limit + 1)
    except FAULTS as fault:
        raise Refused("broken", shown) from fault
    if len(data) > limit:
        raise Refused("large", shown)
    return data
