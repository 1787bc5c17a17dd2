"""Keep what is not taken, byte for byte, with the reason beside it in two sentences.

For the intake. A folder's name is the hash of what is in it, so that the same thing is kept once. Nothing is
opened or unpacked, and no name of a learner's becomes a path here. Refuses to delete.
"""

import json
import os
import re
import shutil
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from autograders.intake.pieces import Piece
from autograders.intake.refusals import Refused
from autograders.submission import shown_name

MOST_BYTES = 100 * 1024 * 1024
"""What is kept of one hand-in; a larger one stays where it lies, and the reason names the file."""
MOST_FILES = 200
PLAIN = re.compile(r"[A-Za-z0-9_][\w .,()@+=-]{0,99}", re.ASCII)

WHY = """Not taken: {assignment}

What arrived:  {envelope}
From:          {learner}

For the instructor
{instructor}

For the learner
{told}

The files lie in files/, as they came. why.json names each with its hash{lost}.
"""


def quarantine(
    folder: Path, assignment: str, name: str, learner: str | None, pieces: Sequence[Piece], why: Refused
) -> Path:
    """Keep the pieces of a refused hand-in and return where; the same ones again change nothing.

    `name`: what arrived, `learner`: the id, None where nobody knows.
    """
    found, listed = _read(pieces)
    whole = json.dumps([name, listed], sort_keys=True).encode("ascii")
    place = folder / "quarantine" / assignment / sha256(whole).hexdigest()[:16]
    if place.is_dir():
        return place
    staged = place.with_name(f".{place.name}.new")
    shutil.rmtree(staged, ignore_errors=True)
    (staged / "files").mkdir(parents=True)
    for each, data in zip(listed, found, strict=True):
        if data is not None:
            (staged / "files" / each["kept_as"]).write_bytes(data)
    told, instructor = why.for_the_learner(shown_name(name)), why.for_the_instructor(shown_name(name))
    text = WHY.format(
        assignment=assignment,
        envelope=shown_name(name),
        learner=learner or "nobody knows yet",
        instructor=instructor,
        told=told,
        lost="" if all(data is not None for data in found) else "; what is not there lies where it came from",
    )
    reason = {
        "assignment": assignment,
        "envelope": name,
        "learner": learner,
        "kind": why.kind,
        "for_the_instructor": instructor,
        "for_the_learner": told,
        "files": listed,
    }
    (staged / "why.txt").write_bytes(text.encode("utf-8", "backslashreplace"))
    (staged / "why.json").write_bytes(json.dumps(reason, indent=1, sort_keys=True).encode("ascii") + b"\n")
    os.rename(staged, place)
    return place


def _read(pieces: Sequence[Piece]) -> tuple[list[bytes | None], list[dict[str, Any]]]:
    """Return each piece's bytes, None where they are not kept, and what is told of each."""
    found: list[bytes | None] = []
    listed: list[dict[str, Any]] = []
    left = MOST_BYTES
    for number, piece in enumerate(pieces[:MOST_FILES], start=1):
        data = _bytes(piece, left)
        left -= len(data or b"")
        own = piece.parts[-1]
        kept_as = f"{number:03}-{own}" if PLAIN.fullmatch(own) else f"{number:03}-file"
        found.append(data)
        told: dict[str, Any] = {"name": "/".join(piece.parts), "bytes": piece.size, "kept_as": kept_as}
        if data is None:
            told |= {"kept_as": None, "not_kept": piece.fault or "large"}
        else:
            told |= {"bytes": len(data), "sha256": sha256(data).hexdigest()}
        listed.append(told)
    return found, listed


def _bytes(piece: Piece, limit: int) -> bytes | None:
    try:
        return piece.read(limit) if not piece.fault else None
    except Refused:
        return None


def waiting(folder: Path, assignment: str) -> dict[str, list[Path]]:
    """Return what is in quarantine and not settled, by the name of what arrived."""
    found: dict[str, list[Path]] = {}
    for why in sorted((folder / "quarantine" / assignment).glob("[!.]*/why.json")):
        if not (why.parent / "settled.txt").exists():
            try:
                name = json.loads(why.read_bytes())["envelope"]
            except (ValueError, KeyError, TypeError):
                continue
            found.setdefault(name, []).append(why.parent)
    return found


def settle(places: Sequence[Path], learner: str) -> None:
    """Write beside what was in quarantine that it was taken after all."""
    for place in places:
        text = f"Taken after all, as a hand-in of {learner}. What lies here may be deleted.\n"
        (place / "settled.txt").write_bytes(text.encode())
