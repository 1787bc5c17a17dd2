"""Hold the connection to a Dask scheduler through its death: made anew for as long as there is patience.

For the cluster. All threads of a run share one connection, and whoever finds it lost puts it away for all.
Interface: distributed 2025.1 and newer, `Client`. Refuses to know what is asked over it.
"""

import logging
import threading
import time
from asyncio import CancelledError
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from autograders.results import CannotMark

CONNECT = 5.0
"""Seconds in which a scheduler must answer."""
WAIT = 1.0
"""Seconds between two looks at whether all is well."""
FAREWELL = 15.0
"""Seconds for the workers to hear that the run is over."""
TALKERS = "distributed", "distributed.client", "distributed.gc", "tornado", "tornado.application"
"""The logs to which Dask gives a level each, and which it writes to the terminal."""


class ClusterFault(CannotMark):
    """The cluster cannot be used, or no longer. The text is one sentence: where, what, cure."""


class Connection:
    """One connection at a time, and what every task of the run needs, which lies ready at the scheduler.

    `patience`: the seconds without one answer after which the run ends. `tell` gets a sentence when the
    run waits for the scheduler.
    """

    def __init__(self, address: str, needed: Any, patience: float, tell: Callable[[str], None]) -> None:
        self._address = address
        self._needed = needed
        self._patience = patience
        self._tell = tell
        self._lock = threading.Lock()
        self._client: Any = None
        self._there: Any = None
        self._news = time.monotonic()

    def enter(self, start: float) -> int:
        """Connect, wait for the first worker, and return how many threads its workers have. ClusterFault."""
        try:
            import distributed
        except ImportError as fault:
            raise ClusterFault(
                f"--cluster {self._address}: Dask is not installed here; "
                "run: pip install 'heatproof[cluster]'"
            ) from fault
        for talker in TALKERS:
            logging.getLogger(talker).setLevel(logging.CRITICAL)  # we tell it in our own words
        try:
            client = self._connect(CONNECT)
        except (OSError, ValueError, ImportError) as fault:
            raise ClusterFault(
                f"--cluster {self._address}: no scheduler answers there ({first_line(fault)}); see that "
                "`dask scheduler` runs and that the address is the one it prints, then run this again: "
                "nothing was marked."
            ) from fault
        try:
            client.wait_for_workers(1, timeout=start)
        except distributed.TimeoutError as fault:
            self.leave()
            raise ClusterFault(
                f"--cluster {self._address}: the scheduler has no workers; start some on each machine "
                f"(dask worker {self._address} --nworkers CORES --nthreads 1), then run this again: "
                "nothing was marked."
            ) from fault
        return sum(client.nthreads().values())

    def _connect(self, timeout: float) -> Any:
        from distributed import Client

        make: Any = Client  # it has no types
        self._client = make(self._address, timeout=timeout, set_as_default=False, name="heatproof")
        self._there = self._client.submit(lambda needed: needed, self._needed, pure=False)
        return self._client

    def at_work(self, began: float) -> tuple[Any, Any]:
        """Return the client, and what lies ready for every task; made anew where it was lost. ClusterFault.

        `began`: when whoever asks began to, as `time.monotonic` has it.
        """
        with self._lock:
            told = False
            while self._client is None:
                self._check(began)
                try:
                    self._connect(min(CONNECT, self._patience))
                except (OSError, ValueError, CancelledError):
                    if not told:
                        self._tell(
                            f"--cluster {self._address}: the scheduler is gone; waiting up to "
                            f"{self._patience:.0f} s for it. What is marked is kept."
                        )
                    told = True
            return self._client, self._there

    def result(self, task: Any, client: Any, began: float) -> Any:
        """Return what a task of a client returns. ConnectionError where the client was lost; ClusterFault."""
        while True:
            try:
                said = task.result(timeout=WAIT)
            except TimeoutError:
                self._check(began)
                if client is not self._client:
                    raise ConnectionError("another thread found the scheduler gone") from None
            else:
                self._news = time.monotonic()
                return said

    def renew(self, lost: Any, began: float) -> None:
        """Put away a client that was lost, once for all threads that had it. ClusterFault."""
        with self._lock:
            self._check(began)
            if lost is self._client:
                self._client = None
                _put_away(lost)

    def _check(self, began: float) -> None:
        if time.monotonic() - max(began, self._news) > self._patience:
            raise ClusterFault(
                f"--cluster {self._address}: no worker answered for {self._patience:.0f} s; see that "
                "scheduler and workers run, then run this again: what is marked is kept, and the rest is "
                "marked then."
            )

    def leave(self, farewell: Callable[[], None] | None = None) -> None:
        """Close the connection, once each worker that hears it has done what is to be done at the end."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            if farewell is not None:
                _say(client, farewell)
            _put_away(client)


def lost() -> tuple[type[BaseException], ...]:
    """Return what is raised where the connection to the scheduler was lost."""
    import asyncio
    import concurrent.futures

    from distributed.client import ClosedClientError

    return asyncio.CancelledError, concurrent.futures.CancelledError, ClosedClientError, OSError


def first_line(fault: Exception) -> str:
    """Return what a fault says, short enough for a sentence."""
    return str(fault).splitlines()[0][:200] if str(fault) else type(fault).__name__


def _say(client: Any, farewell: Callable[[], None]) -> None:
    """Have every worker do it; whoever does not hear goes without."""

    def tell() -> None:
        with suppress(Exception):
            client.run(farewell, on_error="ignore")

    if client.status == "running":
        teller = threading.Thread(target=tell, daemon=True)
        teller.start()
        teller.join(FAREWELL)


def _put_away(client: Any) -> None:
    with suppress(OSError, RuntimeError):  # it was gone already
        client.close(timeout=FAREWELL)
