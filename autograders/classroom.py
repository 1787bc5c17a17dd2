"""A class of 60 invented learners for the demonstration, and what each of them answers.

Their plans are those of the rated bank; their labels are of mixed quality, drawn by a seed that is their own
id, so that a class is the same each time. Pure but for the two files it reads. Refuses to hand anything in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import as_file, files
from random import Random

from autograders.keys_reading import Key, KeyReply, LabelsQuestion
from autograders.rated import RatedPlan, rated_plans
from autograders.roster import Learner, read_roster
from course.engine.answers import Value

EVERYBODY = "reading-replies"
FORMS: Mapping[str, tuple[str, str]] = {
    "heat-plan-a": ("paid-and-cut-off", "eight-hundred-contacts"),
    "heat-plan-b": ("the-quiet-room", "the-brake-light"),
    "heat-plan-c": ("cold-soup", "the-lost-form"),
}
"""The parallel forms, each with the complaints whose plans of the bank are handed in."""

BEST = 8
TAKEN_FOR: Mapping[str, tuple[str, ...]] = {
    "hear": ("empathise", "act"),
    "empathise": ("hear", "apologise"),
    "apologise": ("empathise", "non_apology"),
    "act": ("overpromises", "apologise"),
    "interrupts": ("argues", "act"),
    "argues": ("policy_shield", "hear"),
    "minimises": ("empathise", "act"),
    "blames_customer": ("argues", "minimises"),
    "blames_others": ("apologise", "passes_the_buck"),
    "non_apology": ("apologise", "empathise"),
    "overpromises": ("act", "apologise"),
    "passes_the_buck": ("act", "blames_others"),
    "policy_shield": ("argues", "act"),
    "hostile": ("argues", "interrupts"),
}
"""What beginners take each label for."""


@dataclass(frozen=True)
class Pupil:
    """One learner of the class: the form they do, their two plans, and how sure they are of labels, 0-1."""

    learner: Learner
    form: str
    plans: tuple[RatedPlan, ...]
    skill: float

    @property
    def assignments(self) -> tuple[str, str]:
        """What this learner hands in."""
        return EVERYBODY, self.form

    def answers(self, key: Key) -> dict[str, Value | None]:
        """Return an answer to each question of an assignment; None where the question is left open."""
        plans = {plan.scenario: plan.plan for plan in self.plans}
        return {
            name: self.labels(name, question)
            if isinstance(question, LabelsQuestion)
            else plans[question.scenario]
            for name, question in key.questions.items()
        }

    def labels(self, question: str, asked: LabelsQuestion) -> Value | None:
        """Return the labels that this learner gives: the better the plans, the more are right."""
        chance = Random(f"{self.learner.id}/{asked.scenario}/{question}")
        if chance.random() < 0.03 * (1 - self.skill):
            return None
        chosen = {reply.id: self._label(reply, asked.labels, chance) for reply in asked.replies}
        return {reply: label for reply, label in chosen.items() if label is not None}

    def _label(self, reply: KeyReply, own: Iterable[str], chance: Random) -> str | None:
        luck = chance.random()
        if luck < 0.3 + 0.65 * self.skill:
            return reply.label
        if luck > 0.98:
            return None
        doubtful = [*reply.near, *reply.near, *reply.wrong, *(own or TAKEN_FOR[reply.label])]
        return chance.choice([label for label in doubtful if label != reply.label])


def classroom(size: int = 60) -> tuple[Pupil, ...]:
    """Return the class, sorted by name; a smaller one is spread evenly over the whole."""
    pupils = _everybody()
    places = {place * len(pupils) // size for place in range(size)}
    chosen = [pupil for place, pupil in enumerate(pupils) if place in places]
    return tuple(sorted(chosen, key=lambda p: (p.learner.last_name.casefold(), p.learner.first_name)))


def _everybody() -> list[Pupil]:
    with as_file(files("autograders") / "bank" / "class.csv") as path:
        learners = list(read_roster(path).values())
    Random("who sits where").shuffle(learners)
    ranked = {name: _ranked_plans(name) for both in FORMS.values() for name in both}
    forms = list(FORMS)
    return [_pupil(one, forms[n % len(forms)], n // len(forms), ranked) for n, one in enumerate(learners)]


def _ranked_plans(scenario: str) -> list[RatedPlan]:
    return sorted((p for p in rated_plans() if p.scenario == scenario), key=lambda p: (p.total, p.id))


def _pupil(learner: Learner, form: str, rank: int, ranked: Mapping[str, list[RatedPlan]]) -> Pupil:
    """Who writes one good plan writes another: both have the same rank among those of their complaint."""
    plans = tuple(ranked[name][rank] for name in FORMS[form])
    written = sum(plan.total for plan in plans) / (BEST * len(plans))
    return Pupil(learner, form, plans, 0.7 * written + 0.3 * Random(learner.id).random())
