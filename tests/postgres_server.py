"""A real PostgreSQL server of Debian's package, in a folder of its own, on a socket; or a clear skip."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PLACES = ("/usr/lib/postgresql/*/bin", "/usr/local/bin", "/opt/homebrew/opt/postgresql*/bin")
OWNERS = ("postgres", "nobody")
"""Whom the server runs as where these tests run as root: it refuses to be root itself."""
QUICK = "-c listen_addresses='' -c fsync=off -c full_page_writes=off -c autovacuum=off"


def programs() -> Path:
    """Return the folder of initdb and pg_ctl. Without them the test is skipped, and on CI it fails."""
    beside = shutil.which("pg_ctl")
    found = [Path(beside).parent] if beside else []
    for place in PLACES:
        found += sorted(Path("/").glob(place.lstrip("/")), reverse=True)
    for folder in found:
        if all((folder / name).is_file() for name in ("initdb", "pg_ctl", "postgres")):
            return folder
    reason = "no PostgreSQL: initdb and pg_ctl were not found (on Debian: apt-get install postgresql)"
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def _owner() -> str | None:
    if os.geteuid():
        return None
    known = {each.pw_name for each in pwd.getpwall()}
    return next(name for name in OWNERS if name in known)


@contextmanager
def server() -> Iterator[str]:
    """Start a server, and yield the folder of its socket, which is the host to connect to."""
    folder, owner = programs(), _owner()
    place = Path(tempfile.mkdtemp(prefix="heatproof-pg-", dir="/tmp"))  # a socket's path must be short
    if owner:
        shutil.chown(place, owner)
    data, options = place / "data", f"-k {place} {QUICK}"

    def run(*command: str) -> None:
        done = subprocess.run(
            [str(folder / command[0]), *command[1:]],
            cwd=place, user=owner, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr

    try:
        run("initdb", "-D", str(data), "-U", "heatproof", "--auth=trust", "--no-sync", "-E", "UTF8")
        run("pg_ctl", "-D", str(data), "-o", options, "-l", str(place / "log"), "-w", "start")
        try:
            yield str(place)
        finally:
            run("pg_ctl", "-D", str(data), "-m", "fast", "-w", "stop")
    finally:
        shutil.rmtree(place, ignore_errors=True)


def new_database(host: str, name: str, *, like: str = "template1") -> str:
    """Make a database on a server, a copy of another, and return its address as SQLAlchemy has it."""
    import psycopg

    with psycopg.connect(f"host={host} user=heatproof dbname=postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"'.encode())
    return f"postgresql+psycopg://heatproof@/{name}?host={host}"
