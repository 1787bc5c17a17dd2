"""Write a file whole: whoever reads it, after a stop too, meets the old one or the new one, never a part.

For every file that is written anew; the logs, to which lines are added, are for `chained`. Refuses to know
what is in a file.
"""

import os
from pathlib import Path


def replace_file(path: Path, data: bytes, *, durable: bool = False) -> None:
    """Write a file in the place of another; `durable`: it is on the disk when this returns."""
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(data)
    if durable:
        to_disk(part)
    os.replace(part, path)
    if durable:
        to_disk(path.parent)


def to_disk(path: Path) -> None:
    """See that a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
