"""Choose what is taken of a hand-in's .zip: its notebook, its answers file and the learner's receipt.

For opening a parcel. Names are compared, never used as paths. Refuses to choose between two notebooks.
"""

from collections.abc import Collection, Mapping
from pathlib import PurePosixPath

from autograders.intake.archives import is_packed
from autograders.intake.names import ANSWERS, base_of, is_junk, stem_of
from autograders.intake.refusals import Refused
from autograders.submission import MAX_ANSWERS, MAX_NOTEBOOK, shown_name

MAX_RECEIPT = 64 * 1024


def checked(name: str, notebook: bytes) -> bytes:
    """Return a notebook's bytes, unless it is empty or an archive by another name."""
    if not notebook.strip():
        raise Refused("empty", shown_name(name))
    if is_packed(name, notebook):
        raise Refused("mislabelled", shown_name(name))
    return notebook


def from_archive(
    archive: str, inside: Mapping[str, bytes], assignment: str, others: Collection[str]
) -> tuple[dict[str, bytes], list[str]]:
    """Return what is taken of a .zip, under the names that marking looks for, and the names of the rest."""
    own = {path: PurePosixPath(path).name for path in inside if not is_junk(PurePosixPath(path).parts)}
    books = [path for path, name in own.items() if name.lower().endswith(".ipynb")]
    fitting = [path for path in books if base_of(own[path], assignment)[0] == assignment]
    book = _one(archive, fitting or books)
    if book and base_of(own[book], assignment)[0] in others:
        raise Refused("other", shown_name(own[book]))
    kept = [path for path, name in own.items() if ANSWERS.fullmatch(name)]
    if book and len(kept) > 1:
        kept = [path for path in kept if stem_of(own[path]) == stem_of(own[book])]
    answers = _one(archive, kept)
    if not book and not answers:
        raise Refused("nothing", ", ".join(map(shown_name, list(own.values())[:5])) or "its files")
    found: dict[str, str] = {}
    if book:
        found[f"{assignment}.ipynb"] = book
    if answers:
        found[f"{assignment}.answers.json"] = answers
    receipts = [path for path, name in own.items() if name == "receipt.json"]
    if len(receipts) == 1 and len(inside[receipts[0]]) <= MAX_RECEIPT:
        found["receipt.json"] = receipts[0]
    files = {name: inside[path] for name, path in found.items()}
    _within(files, assignment)
    return files, [f"{archive}/{path}" for path in own if path not in found.values()]


def _one(archive: str, paths: list[str]) -> str | None:
    if len(paths) > 1:
        raise Refused("several", f"{shown_name(archive)}: {', '.join(map(shown_name, paths[:5]))}")
    return paths[0] if paths else None


def _within(files: Mapping[str, bytes], assignment: str) -> None:
    limits = {f"{assignment}.ipynb": MAX_NOTEBOOK, f"{assignment}.answers.json": MAX_ANSWERS}
    for name, limit in limits.items():
        if len(files.get(name, b"")) > limit:
            raise Refused("large", name)
        if name.endswith(".ipynb") and name in files:
            checked(name, files[name])
