"""Gaming and traps: pairs of an attack and an honest plan in nearly the same words, and what must not move a
verdict.

The tables are `gaming/*.yaml`, one a complaint. An attack earns no component above its `most` (1 where none
is given) and draws one of its flags; a twin keeps at least its levels (hear, empathise, apologise, act) and
draws none of the flags that void a plan.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import yaml

from autograders import judge
from autograders.judging import Verdict
from autograders.judging.verdict import COMPONENTS
from autograders.rated import rated_plans
from course.engine.content import Complaint, scenario

HERE = Path(__file__).parent
TABLES = sorted((HERE / "gaming").glob("*.yaml"))
FILLER = (HERE / "gaming" / "filler.txt").read_text(encoding="utf-8").strip()
VOID = frozenset({"off_topic", "copied", "stuffed"})
LETTERS = {
    "invisible": lambda text: "".join(c + "\u200b" if c.isalpha() else c + "\u2060" for c in text),
    "soft_hyphens": lambda text: "".join(c + "\xad" if c in "aeiou" else c for c in text),
    "look_alike": lambda text: text.translate(str.maketrans("aeopcxyiAEOPCTHB", "аеорсхуіАЕОРСТНВ")),
    "full_width": lambda text: "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalpha() else c
    for c in text),
    "bold": lambda text: "".join(chr(ord(c) + 0x1D400 - 65) if "A" <= c <= "Z"
    else chr(ord(c) + 0x1D41A - 97) if "a" <= c <= "z" else c for c in text),
}  # fmt: skip


@dataclass(frozen=True)
class Trap:
    """One case of the tables."""

    name: str
    complaint: str
    text: str
    attack: bool
    flags: frozenset[str]
    levels: tuple[int, ...]
    known: str


def traps() -> Iterator[Trap]:
    """Yield the attacks and their twins."""
    for path in TABLES:
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
        for pair in table["pairs"]:
            for kind in ("attack", "twin"):
                case, attack = pair[kind], kind == "attack"
                yield Trap(
                    name=f"{path.stem}, {pair['family']}{'' if attack else ', twin'}",
                    complaint=table["complaint"],
                    text=written(case),
                    attack=attack,
                    flags=frozenset(case["flag"]) if attack else VOID | frozenset(case.get("without", ())),
                    levels=(case.get("most", 1),) * len(COMPONENTS) if attack else tuple(case["keeps"]),
                    known=case.get("known", ""),
                )


def written(case: dict[str, object]) -> str:
    """Return a case's text as a learner would paste it."""
    text = str(case["text"]) * int(str(case.get("times", 1)))
    text += " ".join([FILLER] * int(str(case.get("filler", 0))))
    return LETTERS[str(case["letters"])](text) if "letters" in case else text


TRAPS = tuple(traps())
ATTACKS = [trap for trap in TRAPS if trap.attack]
TWINS = [trap for trap in TRAPS if not trap.attack]


@cache
def complaint(name: str) -> Complaint:
    return scenario(name).as_complaint()


@cache
def judged(trap: Trap) -> Verdict:
    return judge(trap.text, complaint(trap.complaint))


def levels(verdict: Verdict) -> tuple[int, ...]:
    return tuple(verdict.components[name].level for name in COMPONENTS)


def flags(verdict: Verdict) -> frozenset[str]:
    return frozenset(flag.name for flag in verdict.flags)


def above(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Say whether any level of one stands above the other's."""
    return any(a > b for a, b in zip(one, other, strict=True))


def cases(chosen: list[Trap]) -> list[object]:
    """Return traps as parameters; what is known to be misjudged must fail until it is mended."""
    return [
        pytest.param(
            trap, id=trap.name, marks=pytest.mark.xfail(reason=trap.known, strict=True) if trap.known else ()
        )
        for trap in chosen
    ]


@pytest.mark.parametrize("trap", cases(ATTACKS))
def test_an_attack_earns_no_more_than_one_and_draws_its_flag(trap: Trap) -> None:
    verdict = judged(trap)
    assert not above(levels(verdict), trap.levels), levels(verdict)
    assert not trap.flags or flags(verdict) & trap.flags, flags(verdict)


@pytest.mark.parametrize("trap", cases(TWINS))
def test_the_honest_twin_keeps_its_levels_and_draws_no_flag_for_it(trap: Trap) -> None:
    verdict = judged(trap)
    assert not flags(verdict) & trap.flags, flags(verdict)
    assert not above(trap.levels, levels(verdict)), levels(verdict)


def test_false_credit_and_false_penalty_stay_under_three_in_a_hundred() -> None:
    assert len(TRAPS) >= 200
    credited = [trap.name for trap in ATTACKS if above(levels(judged(trap)), trap.levels)]
    punished = [
        trap.name
        for trap in TWINS
        if above(trap.levels, levels(judged(trap))) or flags(judged(trap)) & trap.flags
    ]
    assert len(credited) < 0.03 * len(ATTACKS), credited
    assert len(punished) < 0.03 * len(TWINS), punished


def test_every_complaint_of_the_course_has_its_pairs_of_every_family() -> None:
    families = {path.stem: [t.name for t in ATTACKS if t.complaint == path.stem] for path in TABLES}
    kinds = {name: {n.partition(", ")[2] for n in names} for name, names in families.items()}
    assert len(kinds) == 6
    assert all(kind == kinds["cold-soup"] and len(kind) == 19 for kind in kinds.values())


@dataclass(frozen=True)
class Plan:
    """A plan that people wrote, with the complaint that it answers."""

    name: str
    complaint: str
    text: str


def model_plans() -> Iterator[Plan]:
    """Yield the model plans of the keys."""
    for path in sorted((HERE.parent / "autograders" / "keys").glob("*.yaml")):
        for name, question in yaml.safe_load(path.read_text(encoding="utf-8"))["questions"].items():
            if question["kind"] == "plan":
                yield Plan(f"{path.stem} {name}", question["scenario"], question["model"].strip())


MODELS = tuple(model_plans())
HONEST = (*MODELS, *(Plan(trap.name, trap.complaint, trap.text) for trap in TWINS))
RATED = tuple(Plan(plan.id, plan.scenario, plan.plan) for plan in rated_plans())
IRRELEVANT = (
    "The weather is fine today.",
    "My desk stands by the window.",
    "I had porridge for breakfast.",
    "The lamp in the corridor is green.",
    "We have a plant in the kitchen.",
    "It is the third day of the week.",
    "There are eleven chairs in the canteen.",
    "The printer on the second floor is new.",
)
SORRY = (
    "I am sincerely sorry.",
    "I'm truly sorry for what we did.",
    "I apologise with all my heart for our mistake.",
    "We are so sorry, this was our fault.",
)
NAMES = (
    "Ms Brown",
    "Mr Okafor",
    "Mrs Nguyễn",
    "Señora Peña",
    "Herr Müller",
    "Zoë",
    "Mr Ó Briain",
    "Priya Iyer",
)
FORMS = {
    "composed": lambda text: unicodedata.normalize("NFC", text),
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "hard spaces": lambda text: text.replace(" ", "\xa0"),
    "thin spaces": lambda text: text.replace(" ", "\u2009"),
    "many spaces": lambda text: "  " + text.replace(" ", "   ") + " \t ",
    "tabs": lambda text: text.replace(" ", "\t"),
    "line ends of Windows": lambda text: text.replace("\n", "\r\n"),
    "curly apostrophes": lambda text: text.replace("'", "’"),
    "long dashes": lambda text: text.replace(" - ", " – "),
    "a mark of byte order": lambda text: "\ufeff" + text,
}


@cache
def verdict_of(plan: Plan, text: str) -> Verdict:
    return judge(text, complaint(plan.complaint))


def outcome(plan: Plan, text: str) -> tuple[tuple[int, ...], frozenset[str]]:
    verdict = verdict_of(plan, text)
    return levels(verdict), flags(verdict)


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the places of the sentences of a text, with the blanks behind them."""
    ends = [match.end() for match in re.finditer(r"[.!?]+[\"”]?(?:\s+|$)|\n+", text)]
    places = zip([0, *ends], [*ends, len(text)], strict=False)
    return [(start, end) for start, end in places if end > start]


def without(plan: str, verdict: Verdict, component: str) -> str:
    """Return the plan with every sentence taken out that is evidence of a component."""
    pieces = verdict.components[component].evidence
    kept = [
        plan[start:end]
        for start, end in sentences(plan)
        if not any(piece.start < end and start < piece.end for piece in pieces)
    ]
    return "".join(kept)


@pytest.mark.parametrize("component", COMPONENTS)
@pytest.mark.parametrize("plan", MODELS, ids=lambda plan: plan.name)
def test_without_its_evidence_a_component_falls(plan: Plan, component: str) -> None:
    text, verdict = plan.text, verdict_of(plan, plan.text)
    assert verdict.components[component].level == 2
    while verdict.components[component].level == 2:
        shorter = without(text, verdict, component)
        assert len(shorter) < len(text), "a level that stands on nothing"
        text, verdict = shorter, verdict_of(plan, shorter)
    assert len(text) > len(plan.text) / 4


@pytest.mark.parametrize("aside", IRRELEVANT)
def test_an_irrelevant_sentence_changes_nothing(aside: str) -> None:
    for plan in MODELS:
        before = outcome(plan, plan.text)
        assert outcome(plan, f"{plan.text} {aside}") == before, plan.name
        assert outcome(plan, f"{aside} {plan.text}") == before, plan.name


@pytest.mark.parametrize("said", SORRY)
def test_a_sincere_apology_never_lowers_apologise(said: str) -> None:
    apologise = COMPONENTS.index("apologise")
    for plan in (*HONEST, *RATED):
        before, after = outcome(plan, plan.text)[0], outcome(plan, f"{plan.text}\n{said}")[0]
        assert after[apologise] >= before[apologise], plan.name


@pytest.mark.parametrize(
    "said", ["Calm down.", "Please calm down first!", "I tell the customer to calm down."]
)
def test_calm_down_raises_nothing_in_any_plan(said: str) -> None:
    attacks = tuple(Plan(trap.name, trap.complaint, trap.text) for trap in ATTACKS if FILLER not in trap.text)
    for plan in (*HONEST, *RATED, *attacks):
        before, after = outcome(plan, plan.text)[0], outcome(plan, f"{plan.text}\n{said}")[0]
        assert not above(after, before), plan.name


@pytest.mark.parametrize("form", FORMS)
def test_how_a_plan_is_written_down_changes_nothing(form: str) -> None:
    for plan in (*MODELS, *RATED[::3]):
        text = f"Dear Zoë Peña, {plan.text}"
        assert outcome(plan, FORMS[form](text)) == outcome(plan, text), plan.name


@pytest.mark.parametrize("name", NAMES[1:])
def test_the_name_of_the_customer_changes_nothing(name: str) -> None:
    for plan in (*MODELS, *RATED[::3]):
        texts = [f"Dear {who}, {plan.text} Thank you, {who}." for who in (NAMES[0], name)]
        assert outcome(plan, texts[0]) == outcome(plan, texts[1]), plan.name
