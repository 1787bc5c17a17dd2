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
from course.engine.words import all_words, word

MAX_PLAN = 4_000
"""Characters: the strict reader takes no more."""

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
            lines += ["", f"{step['title']}: {word('level.' + str(step['standing']))}"]
            lines += [f"  “{quote}”" for quote in step["evidence"]]
            lines += [f"  {text}" for text in (step["because"], step["next_step"]) if text]
        for flag in self.verdict.get("flags", ()):
            lines += [
                "",
                f"{word('pen.flag')}: {flag['title']}",
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
                "title": step_title(name, found.title),
                "level": found.level,
                "most": found.most,
                "standing": 2 if found.level >= found.most else min(1, found.level),
                "because": found.because,
                "next_step": found.next_step if found.level < found.most else "",
                "evidence": _quotes(found.evidence),
                "doubt": found.needs_person,
            }
            for name, found in verdict.components.items()
        ],
        "flags": [
            {
                "name": flag.name,
                "title": flag_name(flag.name, flag.title),
                "because": flag.because,
                "better": flag.better,
                "evidence": _quotes(flag.evidence),
            }
            for flag in verdict.flags
        ],
    }


def _quotes(evidence: Any) -> list[str]:
    """Return the learner's words, each once; words within longer ones are said by those."""
    said = dict.fromkeys(" ".join(one.text.split()) for one in evidence)
    return [text for text in said if not any(text in other and text != other for other in said)]


def step_title(name: str, own: str) -> str:
    """Return the words for a step of a plan; what the judge's rubric calls it where we have none."""
    return all_words().get(f"component.{name}") or own


def flag_name(name: str, own: str) -> str:
    """Return the words for a flag: some are labels of replies, too; a rubric may have flags of its own."""
    words = all_words()
    return words.get(f"label.{name}") or words.get(f"flag.{name}") or own or name.replace("_", " ")


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
