"""The judge as a stream of JSON lines: good lines, every kind of bad line, order, flushing, and memory."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from autograders import judge
from autograders.judge_stream import LINE, judge_stream, lines_of
from autograders.keys_reading import COMPONENTS

SCENARIO = {
    "complaint": "The piano you delivered has a cracked lid, and your driver shrugged and drove off.",
    "complexity": "complex",
    "channel": "email",
    "facts": "A restorer must look at it first. The agent can book the restorer and lend an instrument.",
}
PLAN = (
    "I would let her finish and take notes of what happened to the lid. I'd be furious too if my piano came "
    "cracked and the driver shrugged. We delivered it broken and I am sorry, that is our fault. I book the "
    "restorer, lend an instrument, and I will ring every Friday with news, even if there is none."
)


def line(**changes: object) -> bytes:
    record = {"id": "p1", "plan": PLAN, "scenario": SCENARIO} | changes
    return json.dumps({name: value for name, value in record.items() if value is not ...}).encode()


def scenario(**changes: object) -> dict[str, object]:
    return {name: value for name, value in (SCENARIO | changes).items() if value is not ...}


def answers(*lines: bytes, explain: bool = False) -> list[dict[str, object]]:
    out = io.BytesIO()
    judge_stream(io.BytesIO(b"\n".join(lines) + b"\n"), out, judge=judge, explain=explain)
    return [json.loads(text) for text in out.getvalue().splitlines()]


BAD = [
    (b"{", None, "not JSON"),
    (b'{"id": "p1", "plan": "\xff"}', None, "not UTF-8 at byte 22"),
    (b"[1]", None, "a list, not an object"),
    (b'{"id": NaN}', None, "NaN is no JSON number"),
    (b"[" * 100_000, None, "nested too deep"),
    (b'{"id": ' + b"9" * 5000 + b"}", None, "not JSON"),
    (b'"' + b"a" * LINE + b'"', None, "longer than 256 KiB"),
    (b'{"id": "a", "id": "b"}', None, "'id' is there twice"),
    (line()[:-1] + b', "plan": "x"}', "p1", "'plan' is there twice; keep one"),
    (line(id=...), None, "no 'id'"),
    (line(id=True), None, "'id' must be"),
    (line(id="x" * 201), None, "'id' must be"),
    (line(id="\ud800"), None, "'id' must be"),
    (line(plan=...), "p1", "no 'plan'; add it"),
    (line(plan=None), "p1", "'plan' is null; give a text"),
    (line(plan=["x"]), "p1", "'plan' is a list"),
    (line(plan="x" * 4001), "p1", "4001 characters; give at most 4000"),
    (line(plan="a\udfff"), "p1", "half a character"),
    (line(scenario=...), "p1", "'scenario' is missing"),
    (line(scenario="cold-soup"), "p1", "'scenario' is a text"),
    (line(scenario=scenario(facts=...)), "p1", "no 'scenario.facts'"),
    (line(scenario=scenario(channel=3)), "p1", "'scenario.channel' is a number"),
    (line(scenario=scenario(complexity="hard")), "p1", "'hard'; say simple or complex"),
    (line(scenario=scenario(complaint="  ")), "p1", "'scenario.complaint' is empty"),
]


@pytest.mark.parametrize(("bad", "id", "reason"), BAD, ids=[reason for *_, reason in BAD])
def test_a_bad_line_gets_its_reason_and_the_next_is_judged(bad, id, reason):
    first, second = answers(bad, line(id=7))
    assert set(first) == {"id", "error"}
    assert first["id"] == id
    assert reason in first["error"]
    assert first["error"].startswith("line 1: ")
    assert second["id"] == 7
    assert set(COMPONENTS) < set(second)


def test_all_that_is_wrong_with_a_line_is_told_at_once():
    (told,) = answers(line(plan=3, scenario=scenario(facts=..., complexity="hard")))
    for part in ("'plan' is a number", "no 'scenario.facts'", "say simple or complex"):
        assert part in told["error"]


def test_a_plan_for_a_complaint_never_seen_is_judged_with_evidence_from_the_plan():
    (verdict,) = answers(line())
    assert list(verdict) == ["id", *COMPONENTS, "flags", "confidence", "needs_person", "evidence"]
    assert all(verdict[name] in (0, 1, 2) for name in COMPONENTS)
    assert sum(verdict[name] for name in COMPONENTS) >= 6, "this plan does all four steps"
    assert set(verdict["confidence"]) == set(COMPONENTS)
    assert all(0 <= confidence <= 1 for confidence in verdict["confidence"].values())
    assert verdict["evidence"]
    for piece in verdict["evidence"]:
        assert PLAN[piece["start"] : piece["end"]] == piece["text"]
        assert piece["text"]


@pytest.mark.parametrize("plan", ["", " ", "\u2028\x85", "ok", "😀" * 200, "\0", "a" * 4000])
def test_any_text_of_fair_length_is_a_plan(plan):
    (verdict,) = answers(line(plan=plan))
    assert "error" not in verdict
    assert [verdict[name] for name in COMPONENTS] == [0, 0, 0, 0]


def test_order_is_kept_and_blank_lines_are_passed_over():
    lines = [line(id=n) if n % 2 else b"?" for n in range(9)]
    told = answers(*lines[:4], b"", b"  ", *lines[4:])
    assert [one["id"] for one in told] == [n if n % 2 else None for n in range(9)]
    assert told[4]["error"].startswith("line 7: "), "the number is that of the line in the input"


def test_explain_says_why_and_what_would_earn_more():
    (verdict,) = answers(line(plan="Calm down, it is only a lid."), explain=True)
    assert set(COMPONENTS) | set(verdict["flags"]) == set(verdict["explain"])
    assert "minimises" in verdict["flags"]
    assert all(verdict["explain"][name]["because"] for name in COMPONENTS)
    assert all(verdict["explain"][name]["next_step"] for name in COMPONENTS)


def test_a_crash_of_the_judge_is_told_as_our_fault_and_is_no_zero():
    def broken(plan: str, complaint: object) -> None:
        raise KeyError("oh")

    out = io.BytesIO()
    assert judge_stream(io.BytesIO(line()), out, judge=broken) == 1
    told = json.loads(out.getvalue())
    assert told["error"] == "line 1: our fault (KeyError): a person should read this plan"


def test_a_line_without_end_is_never_held_whole():
    class Endless(io.RawIOBase):
        given = longest = 0

        def readline(self, size: int = -1) -> bytes:
            self.longest = max(self.longest, size)
            self.given += 1
            return b"x" * size if self.given < 50 else b"\n"

    source = Endless()
    lines = lines_of(source, limit=1000)
    assert next(lines) is None
    assert source.longest <= 1001


def test_each_verdict_comes_before_the_next_line_is_given(root: Path):
    command = [sys.executable, "-m", "autograders.cli", "judge"]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdin
        assert running.stdout
        for n in range(3):
            running.stdin.write(line(id=n) + b"\n")
            running.stdin.flush()
            assert json.loads(running.stdout.readline())["id"] == n
        running.stdin.close()
        assert running.wait() == 0


def test_a_bad_line_shows_in_the_exit_status(root: Path):
    command = [sys.executable, "-m", "autograders.cli", "judge"]
    done = subprocess.run(command, cwd=root, input=b"?\n" + line(), capture_output=True, check=False)
    assert done.returncode == 1
    assert [json.loads(text)["id"] for text in done.stdout.splitlines()] == [None, "p1"]
    assert not done.stderr
