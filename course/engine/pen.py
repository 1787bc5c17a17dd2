"""Write a HEAT plan in one's own words, and see at once what a judge finds in it.

    write("write_1", "cold-soup", judge=judge)

For lessons and assignments. The judge is lent by whoever calls; without one the plan is only kept. Refuses
to know how a plan is judged.
"""

from collections.abc import Callable
from typing import Any, ClassVar

import traitlets

from course.engine.answering import Answering, script, style
from course.engine.content import Complaint, scenario
from course.engine.words import word

MAX_PLAN = 4_000
"""Characters: the strict reader takes no more."""

STEPS = ("hear", "empathise", "apologise", "act")
Judge = Callable[[str, Complaint], Any]


class Pen(Answering):
    """A complaint, what the agent can do, and a sheet to write on; the answer is the plan."""

    _esm = script("pen")
    _css = style("pen")
    sections: ClassVar[tuple[str, ...]] = (
        "pen", "sorter", "player", "component", "level", "label", "flag", "channel", "check",
    )  # fmt: skip

    verdict = traitlets.Dict().tag(sync=True)
    """What was found: `of` (the plan that was read), `note`, `components`, `flags`; empty before that."""

    def __init__(self, name: str, complaint: Complaint, *, judge: Judge | None, min_words: int) -> None:
        self._complaint, self._judge, self._least = complaint, judge, min_words
        told = {
            "complaint": complaint.text,
            "channel": complaint.channel,
            "facts": complaint.facts,
            "least": min_words,
            "most": MAX_PLAN,
            "live": judge is not None,
        }
        super().__init__(name, told=told)

    def accepts(self, value: Any) -> bool:
        """Say whether a value is a text that fits."""
        return isinstance(value, str) and len(value) <= MAX_PLAN

    def draw(self) -> None:
        """Have the plan read, once it is long enough to be one."""
        if self._judge is None:
            return
        plan = self.value or ""
        if len(plan.split()) < min(self._least, 5):
            self.verdict = {}
            return
        try:
            self.verdict = reading(self._judge(plan, self._complaint), plan)
        except Exception:  # whatever a judge does wrong, the plan stays and the learner goes on
            self.verdict = {"of": plan, "note": word("check.our-fault")}

    def as_text(self) -> str:
        """Return the complaint, the plan and what was found in it."""
        plan = self.value or word("feedback.not-answered")
        lines = [f"{word('sorter.customer')}: {self._complaint.text}", "", f"{word('pen.title')}: {plan}"]
        lines += [word("pen.words", count=len((self.value or "").split()))]
        for step in self.verdict.get("components", ()):
            lines += ["", f"{word('component.' + step['name'])}: {word('level.' + str(step['level']))}"]
            lines += [f"  “{quote}”" for quote in step["evidence"]]
            lines += [f"  {text}" for text in (step["because"], step["next_step"]) if text]
        for flag in self.verdict.get("flags", ()):
            lines += [
                "",
                f"{word('pen.flag')}: {flag_name(flag['name'])}",
                *(f"  “{q}”" for q in flag["evidence"]),
            ]
            lines += [f"  {flag['because']}", f"  {word('pen.better')} {flag['better']}"]
        return "\n".join(lines)


def reading(verdict: Any, plan: str) -> dict[str, Any]:
    """Return a verdict as plain data to draw: its spans become the learner's own words."""
    return {
        "of": plan,
        "components": [
            {
                "name": name,
                "level": found.level,
                "because": found.because,
                "next_step": found.next_step if found.level < 2 else "",
                "evidence": _quotes(found.evidence),
                "doubt": found.needs_person,
            }
            for name in STEPS
            for found in [verdict.components[name]]
        ],
        "flags": [
            {
                "name": flag.name,
                "because": flag.because,
                "better": flag.better,
                "evidence": _quotes(flag.evidence),
            }
            for flag in verdict.flags
        ],
    }


def _quotes(evidence: Any) -> list[str]:
    return list(dict.fromkeys(" ".join(one.text.split()) for one in evidence))


def flag_name(name: str) -> str:
    """Return the words for a flag: some are labels of replies, too."""
    section = "flag" if name in ("off_topic", "copied", "stuffed", "out_of_order") else "label"
    return word(f"{section}.{name}")


def write(
    name: str, scenario_: str | dict[str, Any], *, judge: Judge | None = None, min_words: int = 20
) -> Pen:
    """Return a pen for the question `name`: of a scenario, or of a complaint given as a dictionary."""
    if isinstance(scenario_, str):
        complaint = scenario(scenario_).as_complaint()
    else:
        told = {key: scenario_.get(key, "") for key in ("complexity", "channel", "facts")}
        complaint = Complaint(text=scenario_["complaint"], **told)
    return Pen(name, complaint, judge=judge, min_words=min_words)
