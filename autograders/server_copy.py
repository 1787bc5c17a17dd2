"""Copy a gradebook from its database server into a file, and back, so that a backup holds it too.

For backups and restoring. The file is an ordinary gradebook of nbgrader in SQLite: what can be done with one
can be done with the copy. Out of the server at one moment, into it in one transaction. A server that holds
other courses as well is not set back. Interface: the tables of nbgrader 0.9.6.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autograders.gradebook import course_directory
from autograders.gradebook_server import shown
from autograders.loading import load_nbgrader
from autograders.results import CannotMark

ROWS = 5_000
"""Rows that are read and written together."""
BY_HAND = """
    SELECT submitted_assignment.student_id, assignment.name, base_cell.name, grade.manual_score
    FROM grade
    JOIN base_cell ON base_cell.id = grade.cell_id
    JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
    JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
    JOIN assignment ON assignment.id = submitted_assignment.assignment_id
    WHERE grade.manual_score IS NOT NULL
"""
"""The marks that people gave, in the words of SQLite and of PostgreSQL."""
HANDED_IN = "SELECT DISTINCT name FROM assignment JOIN submitted_assignment ON assignment_id = assignment.id"
VERSION = "alembic_version"


class CopyFault(CannotMark):
    """A gradebook cannot be copied from its server, or into it. The text is one sentence."""


def copy_out(folder: Path, target: Path) -> bool:
    """Copy the course's gradebook from its server into a new file; False where there is none yet."""
    from sqlalchemy import text

    with _told("copied"), _engine(folder) as server, _file(target) as file:
        with server.connect().execution_options(
            isolation_level="REPEATABLE READ", stream_results=True
        ) as there:
            if not _is_gradebook(server):
                return False
            with file.begin() as here:
                here.execute(text("PRAGMA synchronous = OFF"))  # whoever makes the backup sees to the disk
                _tables().create_all(here)
                _copy_version(there, here)
                for table in _tables().sorted_tables:
                    _copy(table, there, here)
        return True


def copy_in(folder: Path, source: Path) -> None:
    """Put a copy in the place of the gradebook on the server, or into an empty database: all or nothing.

    CopyFault when it cannot be, or would delete what is not this course's.
    """
    with _told("brought back"), _engine(folder) as server, _file(source) as file:
        new = not _is_gradebook(server)
        _tables().create_all(server)
        with file.connect() as there, server.begin() as here:
            if new:
                _copy_version(there, here)
            if others := sorted(_handed_in(here) - _handed_in(there) - _own(folder)):
                raise CopyFault(
                    f"gradebook: its database also holds {', '.join(others)}, which this course folder does "
                    "not know, and to bring the copy back would delete that; use your server's own backup."
                )
            for table in reversed(_tables().sorted_tables):
                here.execute(table.delete())
            for table in _tables().sorted_tables:
                _copy(table, there, here)


def by_hand(folder: Path) -> dict[tuple[str, str, str], float]:
    """Return the marks that people gave, by learner, assignment and cell, from the server."""
    from sqlalchemy import text

    with _told("read"), _engine(folder) as server, server.connect() as there:
        if not _is_gradebook(server):
            return {}
        return {(who, task, cell): points for who, task, cell, points in there.execute(text(BY_HAND))}


def _own(folder: Path) -> set[str]:
    """Return the assignments that this course folder has marked or released."""
    logs = {path.stem for path in (folder / "results").glob("*.jsonl")}
    return logs | {path.name for path in (folder / "assignments").glob("*")}


def _handed_in(connection: Any) -> set[str]:
    from sqlalchemy import text

    return {name for (name,) in connection.execute(text(HANDED_IN))}


def _copy(table: Any, there: Any, here: Any) -> None:
    rows = there.execution_options(yield_per=ROWS).execute(table.select())
    for part in rows.mappings().partitions(ROWS):
        here.execute(table.insert(), [dict(row) for row in part])


def _copy_version(there: Any, here: Any) -> None:
    """Copy what nbgrader knows its tables' form by."""
    from sqlalchemy import text

    here.execute(text(f"CREATE TABLE {VERSION} (version_num VARCHAR(32) NOT NULL)"))
    for (version,) in there.execute(text(f"SELECT version_num FROM {VERSION}")):
        here.execute(text(f"INSERT INTO {VERSION} VALUES (:version)"), {"version": version})


def _tables() -> Any:
    load_nbgrader()
    from nbgrader.api import Base

    return Base.metadata


def _is_gradebook(server: Any) -> bool:
    from sqlalchemy import inspect

    return {"grade", VERSION} <= {*inspect(server).get_table_names()}


@contextmanager
def _engine(folder: Path) -> Iterator[Any]:
    from sqlalchemy import create_engine

    engine = create_engine(str(course_directory(folder).db_url))
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _file(path: Path) -> Iterator[Any]:
    from sqlalchemy import create_engine

    engine = create_engine(f"sqlite:///{path}")
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _told(what: str) -> Iterator[None]:
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except (SQLAlchemyError, ImportError) as fault:
        raise CopyFault(
            f"gradebook: it cannot be {what} ({shown(fault)}); see that its server runs, that it lets you in "
            "and that there is room, then run this again: nothing was changed."
        ) from fault
