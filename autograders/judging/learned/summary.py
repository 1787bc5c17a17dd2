"""Sum up the sentences of a plan: from what each sentence shows to the numbers that its levels depend on.

For `training` and `model`. Refuses to know words.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from autograders.judging.bind import About, Case, Tables, about_case, runs
from autograders.judging.learned.labels import LABELS
from autograders.judging.learned.marks import names_in
from autograders.judging.stems import stems
from autograders.judging.text import Text

Floats = NDArray[np.float32]
AT = {label: index for index, label in enumerate(LABELS)}
HEARING = [AT[name] for name in ("lets_finish", "takes_notes", "restates", "asks", "attention")]


def summary(shown: Floats, simple: bool, size: Sequence[float]) -> Floats:
    """Return the numbers of a plan: shown is (sentences, labels), size is what `measured` gives."""
    best = shown.max(axis=0)
    ever = 1 - np.prod(1 - np.clip(shown, 0, 0.999), axis=0)
    heard = np.sort(best[HEARING])[::-1]
    at_best: list[float] = best.tolist()

    def most(*names: str) -> float:
        return max(at_best[AT[name]] for name in names)

    felt = np.maximum(shown[:, AT["names_feeling"]], shown[:, AT["takes_perspective"]])
    sorry, specific, ours = most("apology_explicit"), most("apology_specific"), most("ownership")
    remedy = most("remedy", "interim_help", "choice")
    if not simple:
        remedy = max(remedy, most("named_owner"))
    committed = most("time_remedy") if simple else most("news", "news_time")
    made = (
        heard[0], heard[1], heard[0] * heard[1], heard.sum() / 2,
        felt.max(), (felt * shown[:, AT["ties_to_case"]]).max(), felt.max() * most("ties_to_case"),
        sorry * ours, sorry * specific, sorry * specific * ours,
        remedy, committed, remedy * committed, 0.0 if simple else most("overpromises"),
        float(simple), np.log(len(shown)) / 3, *size,
    )  # fmt: skip
    return np.asarray(np.concatenate([best, ever, np.log(best + 0.01) / 2.3 + 1, made]), dtype=np.float32)


def measured(text: Text, case: Case, known: Tables) -> tuple[float, ...]:
    """Return how long a plan is, how much is copied from the complaint, how much speaks of the case, and how
    its words lie to it."""
    words = text.plain
    found = (i for i, run in enumerate(runs(words)) if run in case.runs)
    copied = {at for i in found for at in (i, i + 1, i + 2)}
    names = names_in(text)
    number = max(1, len(words) - len(names))
    about = about_case(text.bases - stems(names), case, known)
    ties = len(text.bases & case.special)
    return (
        float(np.log(number + 1) / 5),
        len(copied) / number,
        min(ties, 10) / 10,
        min(1.0, 5 * ties / number),
        *_aboutness(about),
    )


def _aboutness(about: About) -> tuple[float, ...]:
    own, ties, strange, kin = map(len, (about.own, about.ties, about.strange, about.kin))
    telling = len(about.telling)
    shares = (number / (telling + 3) for number in (own, ties, strange, kin))
    few = (float(few) for few in (own == 0, own <= 1, ties <= 1))
    return (float(np.log(telling + 1) / 3), min(own, 8) / 4, *shares, strange**0.5 / 2, kin**0.5, *few)


def whole(summed: Floats, ruled: Floats) -> Floats:
    """Return all that is known of a plan: its sentences' summary and the rules' findings."""
    return np.concatenate([summed, ruled])
