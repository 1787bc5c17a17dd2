"""Archives: slips, bombs, nested, mislabelled, two learners in one. None is ever unpacked here."""

import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Mapping

from tests.promises.files import named
from tests.promises.handing_in import NOTEBOOK, PLAIN, TASK, Hostile, beside, only


def zipped(files: Mapping[str, bytes], *, password: bool = False, comment: bytes = b"") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
        archive.comment = comment
    data = made.getvalue()
    return (
        data.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
        if password
        else data
    )


def zipped_link(target: str) -> bytes:
    """Return a zip whose notebook is a link."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        link = zipfile.ZipInfo(NOTEBOOK)
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, target)
    return made.getvalue()


def tarred(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return made.getvalue()


def nested(times: int) -> bytes:
    data = PLAIN
    for number in range(times):
        data = zipped({f"{number}.zip" if number else NOTEBOOK: data})
    return data


SLIP = zipped({f"../../perfect/{TASK}/{NOTEBOOK}": b"{}", "../../../PWNED": b"x", "/tmp/PWNED": b"x"})
BOMB = zipped({NOTEBOOK: bytes(5_000_000)})
TWO = zipped({f"ann/{NOTEBOOK}": PLAIN, f"bob/{NOTEBOOK}": PLAIN})

NO_NOTEBOOK = (f"there is no {NOTEBOOK}", "hand in again")
NOT_UTF_8 = (NOTEBOOK, "UTF-8")


def mislabelled(tries: str, data: bytes, *says: str) -> Hostile:
    """An archive that is called a notebook."""
    return Hostile(tries, only(notebook=data), "refused", (NOTEBOOK, *says))


def alone(tries: str, name: str, data: bytes) -> Hostile:
    """An archive and no notebook."""

    def make(course: object, learner: str) -> None:
        beside(**{name: data})(course, learner)  # type: ignore[arg-type]
        (course / "submitted" / learner / TASK / NOTEBOOK).unlink()  # type: ignore[operator]

    return Hostile(tries, make, "refused", NO_NOTEBOOK)


def along(tries: str, name: str, data: bytes) -> Hostile:
    """An archive beside an ordinary notebook: it is left alone."""
    return Hostile(tries, beside(**{name: data}), "marked", like="plain")


FAMILY = (
    mislabelled("a zip called a notebook", zipped({NOTEBOOK: PLAIN})),
    mislabelled("a gzip called a notebook", gzip.compress(PLAIN, mtime=0)),
    mislabelled("an xz called a notebook", lzma.compress(PLAIN)),
    mislabelled("a tar called a notebook", tarred({NOTEBOOK: PLAIN})),
    mislabelled("a bomb called a notebook", BOMB),
    mislabelled("a slip called a notebook", SLIP),
    mislabelled("a 7z called a notebook", b"7z\xbc\xaf\x27\x1c" + bytes(64)),
    mislabelled("a notebook with a zip behind it", PLAIN + zipped({NOTEBOOK: PLAIN})),
    mislabelled("a zip with a notebook for a comment", zipped({"a": b""}, comment=PLAIN[:60_000])),
    alone("a zip with the notebook in it", f"{TASK}.zip", zipped({NOTEBOOK: PLAIN})),
    alone("a notebook called a zip", f"{TASK}.zip", PLAIN),
    alone("a zip with two learners in it", f"{TASK}.zip", TWO),
    alone("a zip in a zip in a zip", f"{TASK}.zip", nested(9)),
    alone("a zip with a link in it", f"{TASK}.zip", zipped_link("/etc/passwd")),
    alone("a zip with a password", f"{TASK}.zip", zipped({NOTEBOOK: PLAIN}, password=True)),
    alone("half a zip", f"{TASK}.zip", zipped({NOTEBOOK: PLAIN})[:200]),
    along("a slip beside the notebook", "more.zip", SLIP),
    along("a bomb beside the notebook", "more.zip", BOMB),
    along("a tar that climbs beside the notebook", "more.tar", tarred({"../../../PWNED": b"x"})),
    along("ten thousand names in a zip", "more.zip", zipped(dict.fromkeys(map(str, range(10_000)), b""))),
    along("somebody's notebook in a folder", f"perfect/{TASK}/{NOTEBOOK}", b"{}"),
    Hostile("a notebook called a tar", named(f"{TASK}.tar.gz"), "refused", NO_NOTEBOOK),
)
