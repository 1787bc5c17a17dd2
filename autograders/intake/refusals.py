"""Why a hand-in was not taken: for each kind one sentence for the learner and one for the instructor.

For all of the intake. The learner's sentence says what to do next and names nobody; the instructor's says
where, what, cure. Refuses to decide when a refusal is due.
"""

from typing import Final

ONLY = "a notebook (.ipynb) or the .zip that the hand-in button made"
AGAIN = "ask the learner to hand in again."

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "unknown": (
        "We could not tell whose hand-in “{file}” is; please tell your instructor that it is yours.",
        "{where}: nobody on the roster fits {what}; name them in a file for --people, then collect again.",
    ),
    "ambiguous": (
        "We could not tell whose hand-in “{file}” is; please tell your instructor that it is yours.",
        "{where}: this may be from {what}; name the right one in a file for --people, then collect again.",
    ),
    "contradiction": (
        "We could not tell whose hand-in “{file}” is; please tell your instructor that it is yours.",
        "{where}: {what}; look who it is, mend the file for --people, then collect again.",
    ),
    "owner": (
        "A hand-in arrived under your name from somebody else's account; please hand in from your own.",
        "{where}: the folder belongs to the account {what}; ask both, and set "
        "c.ExchangeCollect.check_owner = False if one account hands in for all.",
    ),
    "link": (
        f"Your hand-in holds a link instead of a file; please hand in {ONLY}.",
        "{where}: {what} is a link, and links are never followed; " + AGAIN,
    ),
    "odd": (
        f"Your hand-in holds something that is no file; please hand in {ONLY}.",
        "{where}: {what} is neither a file nor a folder; " + AGAIN,
    ),
    "unreadable": (
        "Your hand-in could not be read here; please hand in again.",
        "{where}: {what} cannot be read; give yourself the right to read it, then collect again.",
    ),
    "many": (
        f"Your hand-in holds more than 50 files; please hand in only {ONLY}.",
        "{where}: more than 50 files in {what}; " + AGAIN,
    ),
    "large": (
        f"Your hand-in is too large; clear the notebook's outputs, and hand in only {ONLY}.",
        "{where}: {what} is too large (a notebook 2 MiB, answers 256 KiB, all together 10 MiB); " + AGAIN,
    ),
    "nothing": (
        f"Your hand-in holds no notebook; please hand in {ONLY}.",
        "{where}: there is no notebook among {what}; " + AGAIN,
    ),
    "several": (
        "Your hand-in holds several notebooks, and we cannot tell which one counts; please hand in one.",
        "{where}: several notebooks, {what}; keep the one that counts, or " + AGAIN,
    ),
    "other": (
        "You handed in the notebook of another assignment; please hand in the one that was asked for.",
        "{where}: {what} is another assignment of this course; collect it under that name, or " + AGAIN,
    ),
    "empty": (
        "The file that arrived is empty; please save your notebook and hand it in again.",
        "{where}: {what} is empty; " + AGAIN,
    ),
    "mislabelled": (
        f"Your file is not what its name says; please hand in {ONLY}, without renaming it.",
        "{where}: {what} is not what its name says; " + AGAIN,
    ),
    "broken": (
        "Your .zip cannot be opened; please make it again with the hand-in button.",
        "{where}: {what} is no .zip that can be opened; " + AGAIN,
    ),
    "locked": (
        "Your .zip has a password; please hand in the one that the hand-in button made.",
        "{where}: {what} has a password; " + AGAIN,
    ),
    "packing": (
        f"Your hand-in is packed in a way that we do not open; please hand in {ONLY}.",
        "{where}: {what} is packed in a way that is not opened (only .zip is); " + AGAIN,
    ),
    "nested": (
        "Your .zip holds another archive; please hand in the .zip that the hand-in button made.",
        "{where}: {what} is an archive inside an archive; " + AGAIN,
    ),
    "slip": (
        "Your .zip names places outside itself; please hand in the one that the hand-in button made.",
        "{where}: {what} points outside the archive; nothing was unpacked; " + AGAIN,
    ),
    "bomb": (
        "Your .zip grows too much when it is opened; please hand in the one that the hand-in button made.",
        "{where}: {what} grows more than a hundredfold or past 10 MiB; nothing was kept unpacked; " + AGAIN,
    ),
    "twice": (
        "Your hand-in holds two files of one name; please hand in one notebook.",
        "{where}: {what} is there twice, and none can be told to count; " + AGAIN,
    ),
    "place": (
        "Your hand-in arrived but could not be put in its place yet; your instructor will see to it.",
        "{where}: {what} is no folder of ours and is in the way; move it away, then collect again.",
    ),
    "time": (
        "We could not tell when your hand-in arrived; please tell your instructor.",
        "{where}: no time can be read in {what}; give --received, then collect again.",
    ),
}

WAITS: Final = frozenset(("unknown", "ambiguous", "contradiction", "owner", "unreadable", "place", "time"))
"""Kinds that the instructor mends alone; with all others the learner must hand in again."""


class Refused(Exception):
    """A hand-in, or a part of it, that is not taken. `kind` is one of SENTENCES, `what` its subject."""

    def __init__(self, kind: str, what: str = "") -> None:
        self.kind, self.what = kind, what
        super().__init__(f"{kind}: {what}" if what else kind)

    @property
    def waits(self) -> bool:
        """True when it waits for the instructor, not for the learner."""
        return self.kind in WAITS

    def for_the_learner(self, file: str) -> str:
        """Return the learner's sentence; `file` is the name of what arrived."""
        return SENTENCES[self.kind][0].format(file=file)

    def for_the_instructor(self, where: str) -> str:
        """Return the instructor's sentence; `where` is the name of what arrived."""
        return SENTENCES[self.kind][1].format(where=where, what=self.what or "it")
