"""Judge plans that come as JSON lines, one verdict a line, for `heatproof judge`.

For other programs. A line that cannot be judged gets its reason and the rest goes on; order is kept, each
answer is flushed, and memory does not grow with the input. Refuses to know how a plan is judged.
"""

import json
import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from autograders.rated import complaint_of
from course.engine.content import Complaint

if TYPE_CHECKING:
    from autograders.judging.verdict import Verdict

LINE = 256 * 1024
"""Bytes a line may have."""
TEXT = 4000
"""Characters a plan, a complaint or the facts may have."""
COMPLEXITIES = ("simple", "complex")
FIELDS = {"complaint": TEXT, "complexity": TEXT, "channel": 100, "facts": TEXT}

Judge = Callable[[str, Complaint], "Verdict"]


class Unjudgeable(ValueError):
    """A line that cannot be judged: a sentence with what is wrong and how to mend it."""

    def __init__(self, what: str, id: str | int | None = None) -> None:
        super().__init__(what)
        self.id = id


def judge_stream(source: BinaryIO, out: BinaryIO, *, judge: Judge, explain: bool = False) -> int:
    """Answer every line of `source` with one line on `out`; return how many could not be judged.

    Blank lines are passed over. `explain` adds, for each component and flag, why and what would earn more.
    """
    refused = 0
    for number, line in enumerate(lines_of(source), 1):
        if line is not None and not line.strip():
            continue
        try:
            id, plan, complaint = read_line(line)
            answer = verdict_line(id, _judged(id, judge, plan, complaint), explain=explain)
        except Unjudgeable as fault:
            answer = {"id": fault.id, "error": f"line {number}: {fault}"}
        refused += "error" in answer
        out.write(_one_line(answer))
        out.flush()
    return refused


def lines_of(source: BinaryIO, *, limit: int = LINE) -> Iterator[bytes | None]:
    """Yield each line; None for one of more than `limit` bytes, which is never held in memory whole."""
    while chunk := source.readline(limit + 1):
        if len(chunk) <= limit or chunk.endswith(b"\n"):
            yield chunk
            continue
        while chunk and not chunk.endswith(b"\n"):
            chunk = source.readline(limit)
        yield None


def read_line(line: bytes | None) -> tuple[str | int, str, Complaint]:
    """Return the id, the plan and the complaint of one line, or raise Unjudgeable with all that is wrong."""
    if line is None:
        raise Unjudgeable(f"longer than {LINE // 1024} KiB; shorten it")
    doubled: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        doubled.extend(name for name in dict.fromkeys(names) if names.count(name) > 1)
        return dict(pairs)

    try:
        record = json.loads(line.decode("utf-8-sig"), object_pairs_hook=once, parse_constant=_no_constant)
    except UnicodeDecodeError as fault:
        raise Unjudgeable(f"not UTF-8 at byte {fault.start}; save the file as UTF-8") from None
    except RecursionError:
        raise Unjudgeable("nested too deep; write one flat object with one 'scenario' in it") from None
    except ValueError as fault:
        raise Unjudgeable(f"not JSON ({fault}); write one JSON object a line") from None
    if not isinstance(record, dict):
        raise Unjudgeable(f'{_kind(record)}, not an object; write {{"id": …, "plan": …, "scenario": {{…}}}}')
    id = _id(record) if "id" not in doubled else None
    faults = [f"{name!r} is there twice; keep one" for name in doubled] + _faults(record)
    if faults or id is None:
        raise Unjudgeable("; ".join(faults), id)
    return id, record["plan"], complaint_of(record["scenario"])


def _faults(record: dict[str, Any]) -> list[str]:
    faults = []
    if "id" not in record:
        faults.append("no 'id'; add one, a text or a whole number")
    elif _id(record) is None:
        faults.append("'id' must be a text of at most 200 characters or a whole number")
    faults += _text_faults(record, "plan", TEXT)
    scenario = record.get("scenario")
    if not isinstance(scenario, dict):
        was = f"is {_kind(scenario)}" if "scenario" in record else "is missing"
        return [*faults, f"'scenario' {was}; give an object with {', '.join(FIELDS)}"]
    for name, most in FIELDS.items():
        faults += _text_faults(scenario, name, most, of="scenario.")
    complexity = scenario.get("complexity")
    if isinstance(complexity, str) and complexity not in COMPLEXITIES:
        faults.append(f"'scenario.complexity' is {complexity[:40]!r}; say simple or complex")
    if isinstance(scenario.get("complaint"), str) and not scenario["complaint"].strip():
        faults.append("'scenario.complaint' is empty; a plan can only be judged against a complaint")
    return faults


def _text_faults(record: dict[str, Any], name: str, most: int, *, of: str = "") -> list[str]:
    where = repr(of + name)
    if name not in record:
        return [f"no {where}; add it, a text"]
    value = record[name]
    if not isinstance(value, str):
        return [f"{where} is {_kind(value)}; give a text"]
    if len(value) > most:
        return [f"{where} has {len(value)} characters; give at most {most}"]
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        return [f"{where} holds half a character (a lone surrogate); take it out"]
    return []


def _id(record: dict[str, Any]) -> str | int | None:
    id = record.get("id")
    if isinstance(id, str):
        whole = len(id) <= 200 and not any("\ud800" <= letter <= "\udfff" for letter in id)
        return id if whole else None
    return id if isinstance(id, int) and not isinstance(id, bool) and abs(id) < 2**63 else None


def _kind(value: object) -> str:
    kinds = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _judged(id: str | int, judge: Judge, plan: str, complaint: Complaint) -> "Verdict":
    try:
        return judge(plan, complaint)
    except Exception as fault:  # the judge's own crash is never a learner's zero
        raise Unjudgeable(
            f"our fault ({type(fault).__name__}): a person should read this plan", id
        ) from fault


def verdict_line(id: str | int, verdict: "Verdict", *, explain: bool = False) -> dict[str, Any]:
    """Return what one line of output says of a verdict."""
    parts = verdict.components
    spans = [e for part in parts.values() for e in part.evidence]
    spans += [e for flag in verdict.flags for e in flag.evidence]
    line: dict[str, Any] = {"id": id}
    line |= {name: part.level for name, part in parts.items()}
    line |= {
        "flags": [flag.name for flag in verdict.flags],
        "confidence": {name: _rounded(part.confidence) for name, part in parts.items()},
        "needs_person": list(verdict.needs_person),
        "evidence": [
            {"behaviour": e.behaviour, "start": e.start, "end": e.end, "text": e.text}
            for e in sorted(dict.fromkeys(spans), key=lambda e: (e.start, e.end, e.behaviour))
        ],
    }
    if explain:
        line["explain"] = {
            name: {"because": part.because, "next_step": part.next_step} for name, part in parts.items()
        } | {flag.name: {"because": flag.because, "better": flag.better} for flag in verdict.flags}
    return line


def _rounded(confidence: float) -> float:
    return round(confidence, 3) if math.isfinite(confidence) else 0.0


def _one_line(answer: dict[str, Any]) -> bytes:
    """Return the answer as UTF-8 JSON; what some readers take for the end of a line is escaped."""
    text = json.dumps(answer, ensure_ascii=False, allow_nan=False)
    for mark in "\x85\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return text.encode() + b"\n"
