"""Files: links, pipes, folders in place of files, thousands of files, odd names and odd times."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

from tests.promises.handing_in import NOTEBOOK, PLAIN, TASK, Hostile, Make, beside, only
from tests.small_class import hand_in


def bare(course: Path, learner: str) -> Path:
    return hand_in(course, learner, TASK)


def full(course: Path, learner: str) -> Path:
    return hand_in(course, learner, TASK, notebook=PLAIN)


def in_folder(start: Callable[[Path, str], Path], act: Callable[[Path], object]) -> Make:
    return lambda course, learner: act(start(course, learner))


def linked_to(target: str, name: str = NOTEBOOK, start: Callable[[Path, str], Path] = bare) -> Make:
    """Put a link of this name there; the target counts from the folder of the submission."""
    return in_folder(start, lambda folder: (folder / name).symlink_to(target))


def learner_linked(course: Path, learner: str) -> None:
    (course / "submitted" / learner).symlink_to(course / "submitted" / "perfect")


def assignment_linked(course: Path, learner: str) -> None:
    (course / "submitted" / learner).mkdir()
    (course / "submitted" / learner / TASK).symlink_to(course / "submitted" / "perfect" / TASK)


def file_for_folder(course: Path, learner: str) -> None:
    (course / "submitted" / learner).mkdir()
    (course / "submitted" / learner / TASK).write_text("here is my homework")


def pipe_for_folder(course: Path, learner: str) -> None:
    (course / "submitted" / learner).mkdir()
    os.mkfifo(course / "submitted" / learner / TASK)


def a_socket(folder: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        here = os.open(folder, os.O_RDONLY)
        made.bind(f"/proc/self/fd/{here}/{NOTEBOOK}")  # the folder's own name may be too long for a socket
        os.close(here)


def many_files(folder: Path) -> None:
    for number in range(3_000):
        (folder / f"{number}.txt").touch()


def many_folders(folder: Path) -> None:
    for number in range(60):
        (folder / f"{number}").mkdir()


def deep_folders(folder: Path) -> None:
    (folder / "/".join("d" * 100)).mkdir(parents=True)


def sparse(name: str, size: int) -> Callable[[Path], object]:
    def act(folder: Path) -> None:
        with (folder / name).open("ab") as file:
            file.truncate(size)

    return act


def named(name: str | bytes) -> Make:
    """Hand in the notebook under another name."""
    return in_folder(
        full, lambda folder: os.rename(folder / NOTEBOOK, os.fsencode(folder) + b"/" + os.fsencode(name))
    )


def a_folder_for(name: str) -> Make:
    start = bare if name == NOTEBOOK else full

    def act(folder: Path) -> None:
        (folder / name).unlink(missing_ok=True)
        (folder / name).mkdir()

    return in_folder(start, act)


def pipe_for(name: str) -> Make:
    def act(folder: Path) -> None:
        (folder / name).unlink(missing_ok=True)
        os.mkfifo(folder / name)

    return in_folder(full, act)


def timestamp(text: bytes) -> Make:
    return in_folder(full, lambda folder: (folder / "timestamp.txt").write_bytes(text))


def without_timestamp(name: str) -> Make:
    """Put a link where the time of receipt should be."""

    def act(folder: Path) -> None:
        (folder / "timestamp.txt").unlink()
        (folder / "timestamp.txt").symlink_to(name)

    return in_folder(full, act)


LINK = ("is a link", "hand in again")
KINDS = (
    Hostile("a link to somebody's notebook", linked_to(f"../../perfect/{TASK}/{NOTEBOOK}"), "refused", LINK),
    Hostile("a link to a key", linked_to(f"../../../autograders/keys/{TASK}.yaml"), "refused", LINK),
    Hostile("a link to the passwords", linked_to("/etc/passwd"), "refused", LINK),
    Hostile("a link to nothing", linked_to("not-there"), "refused", LINK),
    Hostile("a link to itself", linked_to(NOTEBOOK), "refused", LINK),
    Hostile("a link to all zeroes", linked_to("/dev/zero"), "refused", LINK),
    Hostile("a link to the gradebook", linked_to("../../../gradebook.db", "mine.db", full), "refused", LINK),
    Hostile("a link to the folder above", linked_to("..", "up", full), "refused", LINK),
    Hostile("a link for the time", without_timestamp("../../../roster.csv"), "refused", LINK),
    Hostile("a link for a learner", learner_linked, "refused", ("not a folder",)),
    Hostile("a link for an assignment", assignment_linked, "refused", ("not a folder",)),
    Hostile("a file for an assignment", file_for_folder, "refused", ("not a folder", "hand in again")),
    Hostile("a pipe for an assignment", pipe_for_folder, "refused", ("not a folder", "hand in again")),
    Hostile("a pipe for a notebook", pipe_for(NOTEBOOK), "refused", ("neither a file nor a folder",)),
    Hostile("a pipe for the time", pipe_for("timestamp.txt"), "refused", ("neither a file nor a folder",)),
    Hostile("a pipe for the secret", pipe_for("submission_secret.txt"), "refused", ("neither a file",)),
    Hostile(
        "a socket for a notebook", in_folder(bare, a_socket), "refused", ("neither a file nor a folder",)
    ),
    Hostile("a folder for a notebook", a_folder_for(NOTEBOOK), "refused", ("not a file", "hand in again")),
    Hostile(
        "a folder for the time", a_folder_for("timestamp.txt"), "refused", ("timestamp.txt", "not a file")
    ),
    Hostile("a folder for the secret", a_folder_for("submission_secret.txt"), "marked", like="plain"),
)

NUMBERS = (
    Hostile("no file", only(), "refused", (f"there is no {NOTEBOOK}", "hand in again")),
    Hostile("three thousand files", in_folder(full, many_files), "refused", ("more than 50 files",)),
    Hostile("sixty folders", in_folder(full, many_folders), "refused", ("more than 50 folders",)),
    Hostile("a hundred folders deep", in_folder(full, deep_folders), "refused", ("more than 50 folders",)),
    Hostile("a film", in_folder(full, sparse("film.mp4", 11 << 20)), "refused", ("more than 10 MiB",)),
    Hostile("a notebook of a tebibyte", in_folder(full, sparse(NOTEBOOK, 1 << 40)), "refused", ("10 MiB",)),
    Hostile(
        "a notebook of three mebibytes", in_folder(full, sparse(NOTEBOOK, 3 << 20)), "refused", ("2 MiB",)
    ),
)

NAMES = {
    "another name": "Heat plan (1).ipynb",
    "capital letters": NOTEBOOK.upper().replace("IPYNB", "ipynb"),
    "a space behind": f"{TASK} .ipynb",
    "a name with a line break": f"{TASK}\n.ipynb",
    "a name for a shell": "$(touch PWNED).ipynb",
    "a name that is an option": "--force.ipynb",
    "a name that turns around": f"{TASK}\u202ebnypi.ipynb",
    "a very long name": "x" * 240 + ".ipynb",
    "a name of bytes": b"\xff\xfe.ipynb",
    "a name of markup": "<script>alert(1)<x>.ipynb",
}
NAMED = (
    *(
        Hostile(tries, named(name), "refused", ("the notebook is called", f"rename it to {NOTEBOOK}"))
        for tries, name in NAMES.items()
    ),
    Hostile("a notebook by another ending", named(f"{TASK}.IPYNB"), "refused", (f"there is no {NOTEBOOK}",)),
    Hostile("nothing but an ending", named(".ipynb"), "refused", (NOTEBOOK,)),
    Hostile(
        "names of all kinds beside it",
        beside(**{"a\nb": b"", "-rf": b"", "*": b"", "\\": b""}),
        "marked",
        like="plain",
    ),
    Hostile("another notebook beside it", beside(**{f"{TASK}-2.ipynb": b"{"}), "marked", like="plain"),
)

MODULES = (
    "course.py", "autograders.py", "json.py", "sitecustomize.py", "usercustomize.py", "conftest.py",
    "nbgrader_config.py", "jupyter_config.py", "__init__.py", "evil.pth",
)  # fmt: skip
POSING = (
    Hostile(
        "files that pose as modules",
        beside(**dict.fromkeys(MODULES, b"open('PWNED', 'w').close()")),
        "marked",
        like="plain",
    ),
    Hostile(
        "files that pose as the course's own",
        beside(
            **{
                f"autograders/keys/{TASK}.yaml": b"assignment: mine\n",
                "autograders/rubrics/heat-plan.yaml": b"mine: 1\n",
                "course/scenarios/paid-and-cut-off.yaml": b"mine: 1\n",
                "roster.csv": b"id\nme\n",
                "gradebook.db": b"mine",
                f"results/{TASK}.jsonl": b"{}\n",
                f"assignments/{TASK}/{NOTEBOOK}": b"{}",
            }
        ),
        "marked",
        like="plain",
    ),
    Hostile(
        "checkpoints",
        beside(**{f".ipynb_checkpoints/{TASK}-checkpoint.ipynb": PLAIN}),
        "marked",
        like="plain",
    ),
    Hostile(
        "a secret of a mebibyte",
        beside(**{"submission_secret.txt": b"s" * (1 << 20)}),
        "marked",
        like="plain",
    ),
)

NO_TIME = ("timestamp.txt: no time can be read",)
TIMES = (
    Hostile("a time that is none", timestamp(b"yesterday, I think"), "marked", NO_TIME, like="plain"),
    Hostile("a time of bytes", timestamp(b"\xff\xfe"), "marked", NO_TIME, like="plain"),
    Hostile(
        "a time before all times", timestamp(b"0001-01-01 00:00:00 +14:00"), "marked", NO_TIME, like="plain"
    ),
    Hostile(
        "a time after all times", timestamp(b"9999-12-31 23:59:59 -14:00"), "marked", NO_TIME, like="plain"
    ),
    Hostile("a time that needs today", timestamp(b"12:00"), "marked", NO_TIME, like="plain"),
    Hostile("a year", timestamp(b"2026"), "marked", NO_TIME, like="plain"),
    Hostile(
        "a zone that is a file",
        timestamp(b"2026-03-02 09:30 /etc/localtime"),
        "marked",
        NO_TIME,
        like="plain",
    ),
    Hostile("a zone above", timestamp(b"2026-03-02 09:30 ../../zone"), "marked", NO_TIME, like="plain"),
    Hostile("a zone of this machine", timestamp(b"2026-03-02 09:30 XYZ"), "marked", NO_TIME, like="plain"),
    Hostile("a time of many digits", timestamp(b"9" * 90), "marked", NO_TIME, like="plain"),
    Hostile("a time of a mebibyte", timestamp(b"2026" * (1 << 18)), "marked", NO_TIME, like="plain"),
    Hostile("a time in markup", timestamp(b"<script>alert(1)</script>"), "marked", NO_TIME, like="plain"),
)

FAMILY = (*KINDS, *NUMBERS, *NAMED, *POSING, *TIMES)
