"""Mark a graded call: how it ended, the share of moves that helped, and the order of the steps.

For the checks. The walk is taken again by `replaying`, so that what a notebook claims earns nothing; what the
customer did decides. Knows the key's table; refuses to know how a customer reacts.

    moves   sum over the turns (helped 1, did little 1/2, harmed 0) / turns, beside the same of the best walk;
            a call that has not ended has at least as many turns as the best walk
    order   the most steps of HEAT whose first turns came in their order, beside the best walk's
"""

from collections.abc import Iterator, Sequence

from autograders.call_keys import PARTS, CallQuestion, Outcome, Worth
from autograders.choices import STEPS
from autograders.replaying import ReadAgain, Replay, best_walk
from autograders.score import Reason, Score, Sign
from course.engine.content import MOVES, Scenario
from course.engine.debrief import Back, looking_back
from course.engine.dialogue import UNSURE, Dialogue
from course.engine.words import word

WORTH = {"helped": 1.0, "little": 0.5, "harmed": 0.0}
SIGNS: dict[str, Sign] = {"helped": "right", "little": "near", "harmed": "wrong"}


def mark_call(question: CallQuestion, scenario: Scenario, part: str, replayed: Replay) -> Score:
    """Return the score of one part of a call."""
    if part not in PARTS:
        raise ValueError(f"no part {part!r}; there are {', '.join(PARTS)}")
    talk, out_of = replayed.talk, question.parts[part]
    notes = tuple(_notes(replayed))
    asks_a_person = any(_is_for_a_person(one) for one in replayed.read_again)
    person = (Reason("person", word("feedback.person")),) if asks_a_person else ()
    title = word(f"call.part.{part}")
    if not talk.path:
        said = word("score.call.empty")
        return Score(0.0, out_of, title, said, notes, needs_person=asks_a_person)
    if part == "outcome":
        points, reasons = _outcome(question, talk)
    elif part == "moves":
        points, reasons = _moves(question, scenario, talk)
    else:
        points, reasons = _order(question, scenario, talk)
    summary = word("feedback.points", points=f"{points:g}", out_of=f"{out_of:g}")
    told = (*person, *notes, *reasons)
    return Score(points, out_of, title, summary, told, needs_person=asks_a_person)


def line_of(question: CallQuestion, talk: Dialogue) -> Outcome | None:
    """Return the line of the table in which a call stands; None where it has not ended or none fits."""
    state = talk.state
    if talk.ending is None:
        return None
    return next(
        (line for line in question.outcome if line.fits(str(talk.ending), state.anger, state.trust)), None
    )


def share_of_moves(scenario: Scenario, talk: Dialogue) -> float:
    """Return the share, 0 to 1, of moves that helped, seen beside the best walk."""
    best = best_walk(scenario)
    length = len(best.path) if best else 0
    turns = len(talk.path) if talk.ending else max(len(talk.path), length)
    most = _helped(best) / length if best else 1.0
    return min(1.0, _helped(talk) / turns / most) if turns and most else 0.0


def share_of_order(scenario: Scenario, talk: Dialogue) -> float:
    """Return how many steps of HEAT came in their order, 0 to 1, seen beside the best walk."""
    best = best_walk(scenario)
    most = _in_order(steps_taken(best)) if best else len(STEPS)
    return min(1.0, _in_order(steps_taken(talk)) / most) if most else 1.0


def steps_taken(talk: Dialogue) -> tuple[str, ...]:
    """Return the steps of HEAT in the order in which each was first taken."""
    step_of = {move: name for name, moves in STEPS for move in moves}
    taken = [step_of[turn.move] for turn in talk.turns if turn.move in step_of]
    return tuple(dict.fromkeys(taken))


def why(back: Back) -> str:
    """Return the reason of one turn: the author's, or for own words what the customer made of them."""
    said = back.why or word(f"call.own.{back.effect}")
    notes = (word(f"call.note.{note}") for note in back.notes)
    return " ".join((said, *notes))


def _helped(talk: Dialogue) -> float:
    return sum(WORTH[back.effect] for back in looking_back(talk))


def _in_order(steps: Sequence[str]) -> int:
    """Return the length of the longest run of steps that came in their order, with gaps allowed."""
    rank = [name for name, _ in STEPS]
    lengths: list[int] = []
    for at, step in enumerate(steps):
        before = [lengths[i] for i in range(at) if rank.index(steps[i]) < rank.index(step)]
        lengths.append(1 + max(before, default=0))
    return max(lengths, default=0)


def _outcome(question: CallQuestion, talk: Dialogue) -> tuple[float, tuple[Reason, ...]]:
    if talk.ending is None:
        return 0.0, (Reason("missing", word("score.call.not-ended")),)
    line, state = line_of(question, talk), talk.state
    how = word("score.call.ended", ending=word(f"ending.{talk.ending}"), anger=state.anger, trust=state.trust)
    points = line.points if line else 0.0
    sign: Sign = "right" if points >= question.parts["outcome"] else "near" if points else "wrong"
    said = line.because if line else word("score.call.no-line")
    return points, (Reason(sign, f"{how} {said}"),)


def _moves(question: CallQuestion, scenario: Scenario, talk: Dialogue) -> tuple[float, tuple[Reason, ...]]:
    points = _part_of(question.moves, share_of_moves(scenario, talk))
    return points, (Reason("plain", question.moves.because), *map(_turn, looking_back(talk)))


def _part_of(whole: Worth, share: float) -> float:
    """Return the points of a share, in hundredths, as people read them."""
    return whole.points if share == 1 else round(whole.points * share, 2)


def _turn(back: Back) -> Reason:
    move = word("player.asked-back") if back.move == UNSURE else word(f"move.{back.move}")
    return Reason(SIGNS[back.effect], f"{move}. {why(back)}", back.said)


def _order(question: CallQuestion, scenario: Scenario, talk: Dialogue) -> tuple[float, tuple[Reason, ...]]:
    share, taken = share_of_order(scenario, talk), steps_taken(talk)
    names = ", ".join(word(f"component.{step}") for step in taken)
    said = word("score.call.order", steps=names) if taken else word("score.call.no-steps")
    sign: Sign = "right" if share == 1 else "near" if share else "wrong"
    return _part_of(question.order, share), (Reason(sign, f"{said} {question.order.because}"),)


def _notes(replayed: Replay) -> Iterator[Reason]:
    if replayed.stopped:
        yield Reason("flag", replayed.stopped)
    for one in replayed.read_again:
        id_ = "score.call.contested" if one.contested else "score.call.read-again"
        said = word(id_, turn=one.turn, move=_name(one.move), stored=_name(one.stored))
        yield Reason("person", said, one.text)


def _name(move: str) -> str:
    if move == UNSURE:
        return word("player.asked-back")
    return word(f"move.{move}") if move in MOVES else move


def _is_for_a_person(one: ReadAgain) -> bool:
    """A reading that a learner contested, or that is another one now, may be the judge's mistake."""
    return one.contested or one.move != one.stored
