"""See that no line of a log was taken away: the audit log knows the heads that each log once had.

A chain of hashes shows an edit in the middle of a log; only a head that somebody noted shows that its end is
gone or was written anew. For marking, regrading and verifying. Refuses to know what a log says.
"""

from collections.abc import Callable
from pathlib import Path

from autograders.audit import AuditFault, read_audit
from autograders.chained import START
from autograders.results import LogFault

PEOPLE = ".people"
"""What the name of a log of people's decisions ends with."""


def heads_noted(folder: Path) -> dict[str, list[str]]:
    """Return the heads that the audit log knows, by log, since somebody set that log back last.

    Logs are named as their files are, without the ending. Nothing where the audit log itself was edited,
    which `verify` tells.
    """
    heads: dict[str, list[str]] = {}
    try:
        entries = read_audit(folder)
    except AuditFault:
        return {}
    for entry in entries:
        for log, head in entry.heads.items():
            heads[log] = [*([] if entry.what in ("restore", "accept") else heads.get(log, [])), head]
    return heads


def heads_gone(folder: Path, log: str, was_at: Callable[[str], bool]) -> list[str]:
    """Return the noted heads that a log does not have, the newest last."""
    return [head for head in heads_noted(folder).get(log, []) if head != START and not was_at(head)]


def see_that_none_is_gone(folder: Path, assignment: str, was_at: Callable[[str], bool]) -> None:
    """Raise LogFault where the results log lacks a head: what would be shown is not what was decided."""
    if heads_gone(folder, assignment, was_at):
        raise LogFault(
            f"results/{assignment}.jsonl: lines of it were taken away or written anew since the last run, so "
            f"nothing was marked; to see what to do: heatproof verify {assignment}"
        )


def assignments_noted(folder: Path) -> set[str]:
    """Return the assignments of which the audit log knows a result, be its log there or not."""
    return {
        log for log, heads in heads_noted(folder).items() if not log.endswith(PEOPLE) and {*heads} != {START}
    }
