"""Lint the teaching of a scenario: can it be learned from, or only guessed, got lost in, misread?

For `heatproof check`. Knows what SEEDS asks of a talk; refuses to know files and formats. Each rule says
which point it holds, where there is one.
"""

from collections.abc import Iterator
from itertools import pairwise

from autograders.choices import choices_teach
from autograders.portraits import portrait_holds
from autograders.proving import Explored, explore, played
from autograders.reading_level import lix, words_of
from course.engine.content import Option, Scenario
from course.engine.dialogue import Dialogue
from course.engine.faults import Fault
from course.engine.moves import rules
from course.engine.yaml_reading import Document, Steps

FEWEST_TURNS, FEWEST_ENDINGS = 4, 3
HARDEST_LIX, LONGEST_WORDS = 40, 60
"""The hardest a learner's text may be (a plain story) and the most words that one line may have."""

_REMEDIES = ("act", "act_choice")
_GOOD = ("settled", "promised")
_SOLVED = {"fixed", "repaired", "restored", "recovered", "resolved", "solved", "reinstated", "sorted"}
_DAYS = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
_TIMES = {"today", "tonight", "tomorrow", "minutes", "hours", "noon"} | _DAYS
_TO_COME = {"will", "well", "ill", "itll", "theyll", "be", "have"}
_DOUBT = {
    "not",
    "isnt",
    "arent",
    "wont",
    "cant",
    "cannot",
    "never",
    "nobody",
    "whether",
    "if",
    "until",
    "when",
}


def lint(scenario: Scenario, document: Document) -> Iterator[Fault]:
    """Yield what keeps a sound scenario from teaching well."""
    explored = explore(scenario)
    yield from _everything_can_be_met(scenario, explored, document)
    yield from _it_is_long_enough(explored, document)
    yield from _a_remedy_fits(scenario, explored, document)
    yield from _the_best_walk_shows_the_way(scenario, document)
    yield from _the_best_cannot_be_guessed(scenario, document)
    yield from choices_teach(scenario, document)
    yield from portrait_holds(scenario, explored, document)
    yield from reads_easily(document, _TEXTS)


def _everything_can_be_met(scenario: Scenario, explored: Explored, document: Document) -> Iterator[Fault]:
    for name, scene in scenario.scenes.items():
        if name not in explored.scenes:
            yield document.fault(
                ("scenes", name), f"no talk leads to the scene {name!r}", "lead there, or delete it"
            )
            continue
        for number, option in enumerate(scene.options):
            if (name, option.id) not in explored.options:
                what = f"no state can reach the option {option.id!r} in {name!r}"
                yield document.fault(
                    (*_option(name, number), "when"), what, "loosen its 'when', or delete it"
                )
    for name in sorted({dialogue.at for dialogue in explored.stuck}):
        path = next(dialogue.path for dialogue in explored.stuck if dialogue.at == name)
        what = f"the talk stands still in {name!r} after {', '.join(map(str, path))}: every 'when' is shut"
        yield document.fault(("scenes", name), what, "leave one option without 'when'")
    if explored.endless:
        what = f"the talk can go round in circles by {explored.endless.at!r}"
        yield document.fault(
            ("scenes", explored.endless.at), what, "let the customer walk out: 'walks_out: …'"
        )


def _it_is_long_enough(explored: Explored, document: Document) -> Iterator[Fault]:
    endings = {dialogue.at for dialogue in explored.ended}
    if len(endings) < FEWEST_ENDINGS:
        what = f"only {len(endings)} of its endings can be reached"
        yield document.fault(("scenes",), what, f"write at least {FEWEST_ENDINGS}")
    longest = max((len(dialogue.path) for dialogue in explored.ended), default=0)
    if longest < FEWEST_TURNS:
        what = f"the longest talk has {longest} turns"
        yield document.fault(("scenes",), what, f"write at least {FEWEST_TURNS}")


def _a_remedy_fits(scenario: Scenario, explored: Explored, document: Document) -> Iterator[Fault]:
    """SEEDS A10, A11, B7, B8: a remedy on some path; for a complex complaint, news and no promised time."""
    good = [dialogue for dialogue in explored.ended if dialogue.ending in _GOOD]
    if not any(_fits(dialogue) for dialogue in good):
        wanted = "a remedy" if scenario.complexity == "simple" else "a promise of news"
        what = f"no talk that ends well holds {wanted}, which a {scenario.complexity} complaint needs"
        cure = (
            "write an option with the move act"
            if scenario.complexity == "simple"
            else "write one with the move news"
        )
        yield document.fault(("complexity",), what, cure)
    if scenario.complexity == "complex":
        for place, option in _options(scenario):
            if option.move in (*_REMEDIES, "news") and promises_a_time(option.say):
                what = f"{option.id!r} promises a time for the solution of a complex complaint"
                yield document.fault(
                    (*place, "say"), what, "promise news instead, or give it the move overpromise"
                )


def _the_best_walk_shows_the_way(scenario: Scenario, document: Document) -> Iterator[Fault]:
    """SEEDS A13: the best walk does no harm, ends well, and calmer than the others."""
    best, usual, worst = (played(scenario, name) for name in ("best", "usual", "worst"))
    if not (best and usual and worst):
        return
    for step, turn in enumerate(turn for turn in best.turns if turn.move):
        if turn.move and rules().moves[turn.move].side == "harms":
            what = f"the best walk takes {best.path[step]!r}, whose move {turn.move!r} does harm"
            yield document.fault(("walks", "best", "path", step), what, "walk better, or correct the move")
    if best.ending not in (*_GOOD, *(("protected",) if scenario.abuse else ())):
        what = f"the best walk ends {best.ending!r}"
        yield document.fault(("walks", "best"), what, "let it end settled or promised")
    if worst.ending in _GOOD:
        yield document.fault(
            ("walks", "worst"), f"the worst walk ends {worst.ending!r}", "show what goes wrong"
        )
    for (one, calmer), (other, angrier) in pairwise((("best", best), ("usual", usual), ("worst", worst))):
        if _heat(calmer) > _heat(angrier):
            what = f"the {one} walk ends worse ({_state(calmer)}) than the {other} one ({_state(angrier)})"
            yield document.fault(("walks", one), what, "exchange them, or correct the moves")
    if len(best.path) < FEWEST_TURNS:
        what = f"the best walk has {len(best.path)} turns"
        yield document.fault(("walks", "best"), what, f"give it at least {FEWEST_TURNS}")


def _the_best_cannot_be_guessed(scenario: Scenario, document: Document) -> Iterator[Fault]:
    """Whoever always takes the first option, or the longest, must not get through by that alone."""
    here, first, last, longest = scenario.start, [], [], []
    for option_id in scenario.walks.best.path:
        options = scenario.scenes[here].options
        taken = next((option for option in options if option.id == option_id), None)
        if taken is None or len(options) < 2:
            return
        first.append(taken is options[0])
        last.append(taken is options[-1])
        longest.append(len(taken.say) == max(len(option.say) for option in options))
        here = taken.to
    for always, place in ((first, "the first"), (last, "the last"), (longest, "the longest")):
        if always and all(always):
            what = f"the best option is always {place} of its scene"
            yield document.fault(
                ("walks", "best"), what, "change the order" if always is not longest else "cut it"
            )


_TEXTS = (
    "scenes.*.says",
    "scenes.*.after",
    "scenes.*.options.*.say",
    "scenes.*.options.*.because",
    "reactions.*",
    "tells.*.shows",
)


def reads_easily(document: Document, patterns: tuple[str, ...]) -> Iterator[Fault]:
    """Yield a fault for each kind of text that is too hard as a whole, and each text that is too long."""
    for pattern in patterns:
        texts = [(place, text) for place, text in document.find(pattern) if isinstance(text, str)]
        level = lix(" ".join(f"{text}." for _, text in texts))
        if level > HARDEST_LIX:
            what = f"the texts of {pattern!r} are hard to read (LIX {level:.0f})"
            cure = f"use shorter words and sentences, up to LIX {HARDEST_LIX}"
            yield document.fault(texts[0][0], what, cure)
        for place, text in texts:
            if len(words_of(text)) > LONGEST_WORDS:
                what = f"{len(words_of(text))} words in one text"
                yield document.fault(place, what, f"say it in {LONGEST_WORDS}")


def _fits(dialogue: Dialogue) -> bool:
    done = dialogue.state.done
    return "news" in done if dialogue.scenario.complexity == "complex" else any(m in done for m in _REMEDIES)


def promises_a_time(text: str) -> bool:
    """Return whether a sentence says outright that something will be solved, and when."""
    for sentence in text.replace("!", ".").replace("?", ".").split("."):
        words = {word.lower() for word in words_of(sentence)}
        if words & _SOLVED and words & _TIMES and words & _TO_COME and not words & _DOUBT:
            return True
    return False


def _heat(dialogue: Dialogue) -> tuple[int, int]:
    return dialogue.state.raw_anger, -dialogue.state.raw_trust


def _state(dialogue: Dialogue) -> str:
    return f"anger {dialogue.state.anger}, trust {dialogue.state.trust}"


def _options(scenario: Scenario) -> Iterator[tuple[Steps, Option]]:
    for name, scene in scenario.scenes.items():
        for number, option in enumerate(scene.options):
            yield _option(name, number), option


def _option(scene: str, number: int) -> Steps:
    return ("scenes", scene, "options", number)
