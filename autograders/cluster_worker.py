"""Judge one submission on a worker of a cluster, in the same bounded child process as at home.

For `cluster`. A worker gets a kit and the bytes of two files, and gives JSON; it knows no learner's name and
writes nothing but the kit, into a folder of its own that goes when nobody asks any more. Refuses to know the
log, the gradebook, and what an answer is.
"""

import json
import shutil
import socket
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograders.children import Child, ChildFault, ChildGone, ChildNotStarted
from autograders.kit import Kit, unpack
from autograders.results import CannotMark
from autograders.submission import Submission

IDLE = 600.0
"""Seconds after which a kit that nobody asked for is deleted, and its children end."""

_lock = threading.Lock()
_rooms: dict[str, "Room"] = {}


@dataclass
class Room:
    """One kit laid out on this worker, with the children that judge by it. `refused`: why none may."""

    assignment: str
    place: Path
    refused: str = ""
    free: list[Child] = field(default_factory=list)
    busy: int = 0
    used: float = field(default_factory=time.monotonic)

    def take(self, seconds: float) -> Child:
        """Return a child that nobody else asks now."""
        return self.free.pop() if self.free else Child(self.place, self.assignment, seconds=seconds)

    def clear(self) -> None:
        """End the children and delete the kit."""
        for child in self.free:
            child.stop()
        shutil.rmtree(self.place.parent, ignore_errors=True)


def judge_here(
    name: str,
    kit: dict[str, Any],
    notebook: bytes | None,
    answers: bytes | None,
    *,
    seconds: float,
    scratch: str | None = None,
) -> str:
    """Return JSON: {"answer"}, {"fault"} as a child would tell it, {"again"} where this worker could not
    judge, {"refused"} where it must not.

    `name`, `kit`: the hash of a `Kit`, and its parts. `seconds`: what one submission may take. `scratch`:
    where the kit may lie.
    """
    try:
        room = _enter(name, kit, scratch)
    except OSError as fault:
        return json.dumps({"again": f"{socket.gethostname()}: {fault.strerror}"})
    try:
        if room.refused:
            return json.dumps({"refused": room.refused})
        with _lock:
            child = room.take(seconds)
        try:
            return json.dumps({"answer": child.judge(Submission("", notebook, answers))}, allow_nan=False)
        except (ChildGone, ChildNotStarted, OSError) as fault:
            return json.dumps({"again": f"{socket.gethostname()}: {fault}"})
        except ChildFault as fault:
            return json.dumps({"fault": str(fault)})
        finally:
            with _lock:
                room.free.append(child)
    finally:
        _leave(room)


def _enter(name: str, parts: dict[str, Any], scratch: str | None) -> Room:
    """Return the room of a kit, laid out once for all threads of this worker; OSError where it cannot be."""
    with _lock:
        room = _rooms.get(name)
        if room is None:
            kit = Kit(**parts)
            place = Path(tempfile.mkdtemp(prefix="heatproof-", dir=scratch)) / "course"
            room = Room(kit.assignment, place)
            try:
                unpack(kit, place)
            except CannotMark as fault:
                room.refused = str(fault)
            except OSError:
                room.clear()
                raise
            _rooms[name] = room
            _look_later(name)
        room.busy += 1
        return room


def _leave(room: Room) -> None:
    with _lock:
        room.busy -= 1
        room.used = time.monotonic()


def _look_later(name: str) -> None:
    timer = threading.Timer(IDLE, _look, [name])
    timer.daemon = True
    timer.start()


def _look(name: str) -> None:
    """Forget a kit that nobody asked for in a while."""
    room = _rooms.get(name)
    if room is None:
        return
    if time.monotonic() - room.used >= IDLE:
        close(name)
    _look_later(name)


def close(name: str) -> None:
    """Forget a kit, unless somebody is being judged by it."""
    with _lock:
        room = _rooms.get(name)
        if room is not None and not room.busy:
            del _rooms[name]
            room.clear()
