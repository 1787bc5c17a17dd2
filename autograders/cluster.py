"""Have submissions judged by a cluster: a Dask scheduler and its workers, wherever they are.

For `heatproof autograde --cluster`. Only judging goes there: a kit, and the bytes of two files without a
name; what comes back is JSON. This machine reads the submissions, keeps the log and writes the gradebook. A
worker that dies and a scheduler that starts anew cost time and nothing else. Interface: distributed 2025.1
and newer, `Client`. Refuses to know what an answer is.
"""

import json
import logging
import threading
import time
from asyncio import CancelledError
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from autograders.children import SECONDS, Child, ChildFault
from autograders.kit import pack
from autograders.results import CannotMark
from autograders.submission import Submission

CONNECT = 5.0
"""Seconds in which a scheduler must answer."""
START = 60.0
"""Seconds in which the first worker must come."""
PATIENCE = 600.0
"""Seconds without one answer after which a run ends; what is marked is kept."""
WAIT = 1.0
"""Seconds between two looks at whether all is well."""
BUNDLE = 8
"""Submissions that travel together at most: a task costs a scheduler about half of what a judgement costs."""
AHEAD = 2
"""Bundles that are on their way for each thread of a worker."""
FAREWELL = 15.0
"""Seconds for the workers to hear that the run is over."""
MOST = 128
"""Bundles that are on their way at most: each submission is in memory here, and has a thread."""


Asked = SimpleQueue[tuple[Submission, Future[dict[str, Any]]] | None]
"""What waits to be judged, each with its answer to come; None ends one who carries it."""


class ClusterFault(CannotMark):
    """The cluster cannot be used, or no longer. The text is one sentence: where, what, cure."""


class Seat(Child):
    """One place at a cluster: asks it, and judges at home only what no worker could judge."""

    def __init__(self, cluster: "Cluster", folder: Path, assignment: str, *, seconds: float) -> None:
        super().__init__(folder, assignment, seconds=seconds)
        self._cluster = cluster

    def begin(self, *twins: Child) -> None:
        """Start nothing: the cluster's own children judge."""

    def judge(self, submission: Submission) -> dict[str, Any]:
        """Return what a worker's child makes of a submission; ChildFault as at home, ClusterFault."""
        answer = self._cluster.ask(submission)
        if answer is not None:
            return answer
        with self._cluster.one_at_home:
            try:
                return super().judge(submission)
            finally:
                super().stop()

    def stop(self) -> None:
        """Leave the cluster."""
        super().stop()
        self._cluster.leave()


def seats(
    folder: Path,
    assignment: str,
    *,
    address: str,
    seconds: float = SECONDS,
    start: float = START,
    patience: float = PATIENCE,
    tell: Callable[[str], None] = lambda sentence: None,
    workers: int | None = None,
) -> list[Child]:
    """Return the seats of a run at the cluster of this address. ClusterFault when it does not answer.

    `tell` gets a sentence when the run waits for the cluster, and one for what was judged at home.
    `workers`: how many seats; as many as keep the cluster's threads busy, if not given.
    """
    cluster = Cluster(address, asdict(kit := pack(folder, assignment)), kit.name, seconds, patience, tell)
    bundles = min(AHEAD * max(cluster.enter(start), 1), MOST)
    cluster.begin(bundles)
    number = workers or bundles * BUNDLE
    return [Seat(cluster, folder, assignment, seconds=seconds) for _ in range(number)]


class Cluster:
    """The connection of one run, shared by its seats; made anew when it is lost."""

    def __init__(
        self,
        address: str,
        kit: dict[str, Any],
        name: str,
        seconds: float,
        patience: float,
        tell: Callable[[str], None],
    ) -> None:
        self._address = address
        self._kit = kit
        self._name = name
        self._seconds = seconds
        self._patience = patience
        self._tell = tell
        self._lock = threading.Lock()
        self._client: Any = None
        self._there: Any = None
        self._news = time.monotonic()
        self._asked: Asked = SimpleQueue()
        self._bearers = 0
        self._at_home = 0
        self._why = ""
        self._left = False
        self.one_at_home = threading.Lock()

    def enter(self, start: float) -> int:
        """Connect, wait for the first worker, and return how many threads its workers have."""
        try:
            import distributed
        except ImportError as fault:
            raise ClusterFault(
                f"--cluster {self._address}: Dask is not installed here; "
                "run: pip install 'heatproof[cluster]'"
            ) from fault
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # we tell it in our own words
        logging.getLogger("tornado").setLevel(logging.CRITICAL)
        try:
            client = self._connect(CONNECT)
        except (OSError, ValueError, ImportError) as fault:
            raise ClusterFault(
                f"--cluster {self._address}: no scheduler answers there ({_first_line(fault)}); see that "
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
        self._there = self._client.submit(lambda kit: kit, self._kit, pure=False)
        return self._client

    def begin(self, bundles: int) -> None:
        """Let so many threads carry questions to the cluster, what waits together in one bundle."""
        self._bearers = bundles
        for _ in range(bundles):
            threading.Thread(target=self._bear, daemon=True).start()

    def ask(self, submission: Submission) -> dict[str, Any] | None:
        """Return a worker's answer, None where no worker could judge. ChildFault as at home; ClusterFault."""
        said: Future[dict[str, Any]] = Future()
        self._asked.put((submission, said))
        return self._read(said.result())

    def _bear(self) -> None:
        while (first := self._asked.get()) is not None:
            bundle = [first]
            with suppress(Empty):
                while len(bundle) < BUNDLE:
                    if (more := self._asked.get_nowait()) is None:
                        self._asked.put(None)  # it is another's
                        break
                    bundle.append(more)
            try:
                found = self.judged([submission for submission, _ in bundle])
            except BaseException as fault:  # whoever waits for an answer must hear of it
                for _, said in bundle:
                    said.set_exception(fault)
            else:
                for (_, said), answer in zip(bundle, found, strict=True):
                    said.set_result(answer)

    def judged(self, bundle: list[Submission]) -> list[dict[str, Any]]:
        """Return what a worker says of each submission of a bundle, in their order. ClusterFault.

        What was under way when the scheduler went is asked again: an answer that nobody got decided nothing.
        What went wrong on a worker once is asked once more.
        """
        from distributed import KilledWorker

        stumbled = False
        began, handed_in = time.monotonic(), [(each.notebook, each.answers) for each in bundle]
        while True:
            client, kit = self._at_work(began)
            asked = (self._name, kit, handed_in, self._seconds)
            try:
                said = self._wait(client.submit(_judge_there(), *asked, pure=False), client, began)
                found: list[dict[str, Any]] = json.loads(said)
                return found
            except CannotMark:
                raise
            except _lost():
                self._renew(client, began)
            except KilledWorker:
                return [{"again": "several workers ended while they judged it"}] * len(bundle)
            except ImportError as fault:
                raise ClusterFault(
                    f"--cluster {self._address}: a worker lacks {fault.name}; install the same heatproof "
                    "there as here, then run this again: what is marked is kept."
                ) from fault
            except Exception as fault:  # a worker of another making: anything may go wrong there
                if not stumbled:
                    stumbled = True
                    continue
                return [{"again": f"{type(fault).__name__}: {_first_line(fault)}"}] * len(bundle)

    def _wait(self, task: Any, client: Any, began: float) -> str:
        while True:
            try:
                said: str = task.result(timeout=WAIT)
            except TimeoutError:
                self._check(began)
                if client is not self._client:
                    raise ConnectionError("another thread found the scheduler gone") from None
            else:
                self._news = time.monotonic()
                return said

    def _read(self, said: dict[str, Any]) -> dict[str, Any] | None:
        """Return the answer that a worker's words hold, None where it could not judge."""
        if "refused" in said:
            raise ClusterFault(
                f"--cluster {self._address}: a worker would judge otherwise than this machine "
                f"({said['refused']}), then run this again: what is marked is kept."
            )
        if "again" in said:
            with self._lock:
                self._at_home += 1
                self._why = said["again"]
            return None
        if "fault" in said:
            raise ChildFault(said["fault"])
        answer: dict[str, Any] = said["answer"]
        return answer

    def _at_work(self, began: float) -> tuple[Any, Any]:
        with self._lock:
            if self._client is None:
                self._reconnect(began)
            return self._client, self._there

    def _renew(self, lost: Any, began: float) -> None:
        """Put away a connection that was lost, once for all threads that had it."""
        with self._lock:
            self._check(began)
            if lost is self._client:
                self._client = None
                _put_away(lost)

    def _reconnect(self, began: float) -> None:
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

    def _check(self, began: float) -> None:
        if time.monotonic() - max(began, self._news) > self._patience:
            raise ClusterFault(
                f"--cluster {self._address}: no worker answered for {self._patience:.0f} s; see that "
                "scheduler and workers run, then run this again: what is marked is kept, and the rest is "
                "marked then."
            )

    def leave(self) -> None:
        """Tell the workers that the run is over, and close the connection."""
        with self._lock:
            client, self._client, left, self._left = self._client, None, self._left, True
            for _ in range(0 if left else self._bearers):
                self._asked.put(None)
        if self._at_home and not left:
            self._tell(
                f"--cluster {self._address}: judged on this machine, because no worker could: "
                f"{self._at_home} (the last: {self._why})."
            )
        if client is not None:
            _say_farewell(client, self._name)
            _put_away(client)


def _say_farewell(client: Any, name: str) -> None:
    """Let the workers end their children and delete the kit; whoever does not hear does it later."""

    def close() -> None:
        from autograders.cluster_worker import close

        close(name)

    def tell() -> None:
        with suppress(Exception):
            client.run(close, on_error="ignore")

    if client.status == "running":
        teller = threading.Thread(target=tell, daemon=True)
        teller.start()
        teller.join(FAREWELL)


def _judge_there() -> Callable[..., str]:
    """Return the task as a function of its own, which travels as it is: the scheduler need not know us."""

    def judge_there(
        name: str, kit: dict[str, Any], handed_in: list[tuple[bytes | None, bytes | None]], seconds: float
    ) -> str:
        from distributed import get_worker

        from autograders.cluster_worker import judge_here

        scratch = get_worker().local_directory
        said = (judge_here(name, kit, *each, seconds=seconds, scratch=scratch) for each in handed_in)
        return f"[{','.join(said)}]"

    return judge_there


def _lost() -> tuple[type[BaseException], ...]:
    """Return what is raised where the connection to the scheduler was lost."""
    import asyncio
    import concurrent.futures

    from distributed.client import ClosedClientError

    return asyncio.CancelledError, concurrent.futures.CancelledError, ClosedClientError, OSError


def _put_away(client: Any) -> None:
    with suppress(OSError, RuntimeError):  # it was gone already
        client.close(timeout=FAREWELL)


def _first_line(fault: Exception) -> str:
    return str(fault).splitlines()[0][:200] if str(fault) else type(fault).__name__
