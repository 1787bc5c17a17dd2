"""Have submissions judged by a cluster: a Dask scheduler and its workers, wherever they are.

For `heatproof autograde --cluster`. Only judging goes there: a kit, and the bytes of two files without a
name; what comes back is JSON. This machine reads the submissions, keeps the log and writes the gradebook. A
worker that dies and a scheduler that starts anew cost time and nothing else. Interface: distributed 2025.1
and newer, `Client`. Refuses to know what an answer is.
"""

import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from autograders.children import SECONDS, Child, ChildFault
from autograders.cluster_connection import ClusterFault, Connection, first_line, lost
from autograders.kit import pack
from autograders.results import CannotMark
from autograders.submission import Submission

START = 60.0
"""Seconds in which the first worker must come."""
PATIENCE = 600.0
"""Seconds without one answer after which a run ends; what is marked is kept."""
BUNDLE = 8
"""Submissions that travel together at most: a task costs a scheduler about half of what a judgement costs."""
AHEAD = 2
"""Bundles that are on their way for each thread of a worker."""
MOST = 128
"""Bundles that are on their way at most: each submission is in memory here, and has a thread."""


Asked = SimpleQueue[tuple[Submission, Future[dict[str, Any]]] | None]
"""What waits to be judged, each with its answer to come; None ends one who carries it."""


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
    """What the seats of one run share: the connection, and the threads that carry questions over it."""

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
        self._name = name
        self._seconds = seconds
        self._tell = tell
        self._connection = Connection(address, kit, patience, tell)
        self._lock = threading.Lock()
        self._asked: Asked = SimpleQueue()
        self._bearers = 0
        self._at_home = 0
        self._why = ""
        self._left = False
        self.one_at_home = threading.Lock()

    def enter(self, start: float) -> int:
        """Connect, and return how many threads the workers have. ClusterFault."""
        return self._connection.enter(start)

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
            client, kit = self._connection.at_work(began)
            asked = (self._name, kit, handed_in, self._seconds)
            try:
                task = client.submit(_judge_there(), *asked, pure=False)
                said = self._connection.result(task, client, began)
                found: list[dict[str, Any]] = json.loads(said)
                return found
            except CannotMark:
                raise
            except lost():
                self._connection.renew(client, began)
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
                return [{"again": f"{type(fault).__name__}: {first_line(fault)}"}] * len(bundle)

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

    def leave(self) -> None:
        """Tell the workers that the run is over, and close the connection."""
        with self._lock:
            left, self._left = self._left, True
        if not left:
            for _ in range(self._bearers):
                self._asked.put(None)
            if self._at_home:
                self._tell(
                    f"--cluster {self._address}: judged on this machine, because no worker could: "
                    f"{self._at_home} (the last: {self._why})."
                )
        self._connection.leave(_farewell(self._name))


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


def _farewell(name: str) -> Callable[[], None]:
    """Return what a worker does at the end of a run: it ends its children and deletes the kit."""

    def close() -> None:
        from autograders.cluster_worker import close

        close(name)

    return close
