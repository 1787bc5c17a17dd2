"""P10: no network: a run connects to nothing and asks for no address, and the child may not even try."""

import re
from pathlib import Path
from typing import Any

import pytest

from autograders.child import _forbid
from tests.promises.handing_in import TASK
from tests.promises.the_class import class_of
from tests.promises.watched import Seen, watched

REACHES_OUT = (
    "socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname",
    "socket.gethostbyaddr", "socket.getnameinfo", "urllib.Request", "http.client.connect", "ftplib.connect",
    "smtplib.connect", "webbrowser.open",
)  # fmt: skip
LOADED = re.compile(
    r"""(?:src|href|data|action)\s*=\s*["']?(?!\#|data:)[^"'\s>]+|url\((?!["']?data:)|@import""", re.I
)
"""What makes a browser fetch something."""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> tuple[Seen, Path]:
    """What a whole evening of marking did: marks, feedback, export and report."""
    course = class_of(tmp_path_factory.mktemp("evening") / "course")
    return watched("evening", course, TASK)[0], course


@pytest.mark.parametrize("event", REACHES_OUT)
def test_a_run_reaches_out_to_nothing(seen: tuple[Seen, Path], event: str) -> None:
    assert event not in seen[0]


def test_a_run_starts_no_program_but_the_judge(seen: tuple[Seen, Path]) -> None:
    assert not seen[0].keys() & {"os.system", "os.exec", "os.posix_spawn", "os.fork"}
    assert {Path(program).name.startswith("python") for program in seen[0]["subprocess.Popen"]} == {True}


@pytest.mark.parametrize("made", ["feedback/perfect/heat-plan-a/heat-plan-a.html", "report.html"])
def test_a_page_fetches_nothing(seen: tuple[Seen, Path], made: str) -> None:
    page = (seen[1] / made).read_text(encoding="utf-8")
    assert len(page) > 5_000
    assert LOADED.findall(page) == []


def test_the_search_finds_what_a_page_fetches() -> None:
    for fetches in (
        '<img src="https://x">',
        "<a href=//x>",
        "url(https://x)",
        "@import 'x'",
        "<form action=x>",
    ):
        assert LOADED.search(fetches), fetches
    assert not LOADED.search('<a href="#part"><img src="data:image/png;base64,AA">')


@pytest.mark.parametrize(
    ("event", "arguments"),
    [("socket.connect", ()), ("socket.__new__", ()), ("socket.getaddrinfo", ("x",)), ("socket.bind", ())],
)
def test_the_child_may_open_no_socket(event: str, arguments: tuple[Any, ...]) -> None:
    with pytest.raises(PermissionError, match="judging does not need"):
        _forbid(event, arguments)
