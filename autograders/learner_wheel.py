"""Make the wheel that learners install: the course and the judge, without keys, masters or rated plans.

For `heatproof wheel DIR`. It repacks the wheel that is installed here, so that both are of one version. Knows
which files are private; refuses to know what they say.
"""

import base64
import csv
import hashlib
import io
import sysconfig
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path, PurePosixPath

PRIVATE = ("keys", "starter", "bank", "training", "unseen")
"""Folders under autograders/ that hold answers, or plans with their ratings."""
WHEN = (2026, 1, 1, 0, 0, 0)
"""The time that every file in the wheel carries, so that the same files make the same wheel."""


class NotPacked(Exception):
    """No wheel was made; the message is one sentence with the cure."""


def write_learner_wheel(into: Path) -> Path:
    """Write heatproof-<version>+learner-py3-none-any.whl into a folder and return its path.

    Raises NotPacked where heatproof is not installed from a wheel, or the folder can't be written.
    """
    try:
        installed = distribution("heatproof")
        files = dict(_public_files(installed))
    except (PackageNotFoundError, OSError) as fault:
        raise NotPacked(
            f"heatproof is not installed from its wheel here ({fault}); install it first"
        ) from fault
    version = f"{installed.version}+learner"
    into.mkdir(parents=True, exist_ok=True)
    wheel = into / f"heatproof-{version}-py3-none-any.whl"
    try:
        _pack(wheel, version, files)
    except OSError as fault:
        raise NotPacked(f"{wheel} cannot be written ({fault.strerror}); name another folder") from fault
    return wheel


def is_private(name: str) -> bool:
    """Say whether a file of the installed wheel must stay with the instructors."""
    parts = PurePosixPath(name).parts
    return len(parts) > 2 and parts[0] == "autograders" and parts[1] in PRIVATE


def _public_files(installed: Distribution) -> Iterator[tuple[str, bytes]]:
    """Yield the name in the wheel and the bytes of each file that a learner may have."""
    data = Path(sysconfig.get_path("data")).resolve()
    for file in installed.files or ():
        path = Path(str(installed.locate_file(file))).resolve()
        if "__pycache__" in file.parts or not path.is_file() or is_private(file.as_posix()):
            continue
        if file.parts[0] in ("course", "autograders"):
            yield file.as_posix(), path.read_bytes()
        elif file.name in ("METADATA", "WHEEL", "entry_points.txt") or "licenses" in file.parts:
            yield f"dist-info/{PurePosixPath(*file.parts[1:])}", path.read_bytes()
        elif path.is_relative_to(data) and file.parts[0] == ".." and path.parent.name != "bin":
            yield f"data/data/{path.relative_to(data).as_posix()}", path.read_bytes()


def _pack(wheel: Path, version: str, files: dict[str, bytes]) -> None:
    stem = f"heatproof-{version}"
    listed = io.StringIO()
    record = csv.writer(listed, lineterminator="\n")
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in sorted(files.items()):
            if name == "dist-info/METADATA":
                content = _renamed(content, version)
            place = f"{stem}.{name}" if name.startswith(("dist-info/", "data/")) else name
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            record.writerow((place, f"sha256={digest}", len(content)))
            packed.writestr(zipfile.ZipInfo(place, WHEN), content)
        place = f"{stem}.dist-info/RECORD"
        record.writerow((place, "", ""))
        packed.writestr(zipfile.ZipInfo(place, WHEN), listed.getvalue())


def _renamed(metadata: bytes, version: str) -> bytes:
    lines = metadata.split(b"\n")
    at = next(number for number, line in enumerate(lines) if line.startswith(b"Version: "))
    lines[at] = f"Version: {version}".encode()
    return b"\n".join(lines)
