"""What a gradebook on a database server needs and one in a file does not: a driver, a lock, a second try.

For the gradebook. Tested with PostgreSQL; any other server gets no lock of ours. Refuses to know what a
gradebook holds. Interface: SQLAlchemy 2, PostgreSQL's advisory locks and error codes.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from autograders.results import CannotMark
from autograders.settings import settings

TRIES = 5
CLASHES = ("40001", "40P01", "23505", "42P07", "42710")
"""PostgreSQL's codes for two transactions that cannot both be: serialization, deadlock; the same row, table
or type twice."""
EXTRAS = {"psycopg": "postgres", "psycopg2": "postgres"}

P = ParamSpec("P")
T = TypeVar("T")


class ServerFault(CannotMark):
    """The gradebook's server cannot be used so. The text is one sentence: where, what, cure."""


def opened(open_book: Callable[[], T], url: str) -> T:
    """Return the gradebook that a function opens, made by one run where two begin at once. ServerFault."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError

    where = "nbgrader_config.py, c.CourseDirectory.db_url"
    try:
        return tried_again(open_book)()
    except ModuleNotFoundError as fault:
        extra = EXTRAS.get(str(fault.name))
        cure = "run: pip install 'heatproof[postgres]'" if extra else f"install {fault.name}"
        if fault.name == "psycopg2":
            cure += ", and write postgresql+psycopg:// in its address"
        kind = make_url(url).get_backend_name()
        what = f"the driver for {kind}, {fault.name}, is not installed"
        raise ServerFault(f"{where}: {what}; {cure}") from fault
    except (ArgumentError, NoSuchModuleError) as fault:
        raise ServerFault(
            f"{where}: this is no database's address ({fault}); write it so: "
            "postgresql+psycopg://USER:PASSWORD@HOST/DATABASE"
        ) from fault


def tried_again(write: Callable[P, T]) -> Callable[P, T]:
    """Let a function that takes back what it wrote when it fails try again, where another run was in its way.

    Two runs may meet the same new learner, or wait for each other; one of them then has to begin again.
    """

    @wraps(write)
    def trying(*arguments: P.args, **options: P.kwargs) -> T:
        from nbgrader.api import InvalidEntry
        from sqlalchemy.exc import DBAPIError

        for left in reversed(range(TRIES)):
            try:
                return write(*arguments, **options)
            except (DBAPIError, InvalidEntry) as fault:
                if not left or not clashes(fault):
                    raise
        raise AssertionError("the last try returns or raises")

    return trying


def clashes(fault: BaseException | None) -> bool:
    """True when another transaction was in the way, so that the same may go well now."""
    while fault is not None:
        if getattr(getattr(fault, "orig", None), "sqlstate", None) in CLASHES:
            return True
        fault = fault.__cause__ or fault.__context__
    return False


@contextmanager
def alone_on_server(folder: Path, assignment: str) -> Iterator[None]:
    """Be the only run that writes an assignment into its gradebook's server, from whatever machine.

    ServerFault when another one does. On one machine the log's own lock says so earlier; a gradebook in a
    file has no other machine.
    """
    url = settings(folder).CourseDirectory.get("db_url")
    if not isinstance(url, str) or not url.startswith("postgresql"):
        yield
        return
    from sqlalchemy import create_engine, text

    named = hashlib.sha256(f"heatproof\0{assignment}".encode()).digest()
    number = {"key": int.from_bytes(named[:8], "big", signed=True)}
    engine = opened(lambda: create_engine(url, isolation_level="AUTOCOMMIT"), url)
    try:
        with _connected(engine, url) as connection:
            if not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), number).scalar():
                raise ServerFault(
                    f"{assignment}: another run, on another machine, is writing it into the gradebook on the "
                    "server; wait until that one has finished."
                )
            yield  # the lock ends with the connection, however the run ends
    finally:
        engine.dispose()


@contextmanager
def _connected(engine: Any, url: str) -> Iterator[Any]:
    from sqlalchemy.exc import DBAPIError

    try:
        connection = engine.connect()
    except DBAPIError as fault:
        raise ServerFault(
            f"nbgrader's gradebook cannot be used ({shown(fault)}); {cure(url)}, then run this again: "
            "no result is lost."
        ) from fault
    try:
        yield connection
    finally:
        connection.invalidate()
        connection.close()


def cure(url: str) -> str:
    """Return what to do about a gradebook that cannot be used, for a sentence."""
    if url.startswith("sqlite"):
        return (
            "see that no other program holds it and that there is room, "
            "or bring back a copy of it (heatproof restore)"
        )
    return "see that its server runs, that c.CourseDirectory.db_url lets you in and that there is room"


def shown(fault: Any) -> str:
    """Return a database's fault in one line."""
    said = str(getattr(fault, "orig", fault)).strip()
    return " ".join(said.split())
