"""Draw anger, trust and patience over the turns of a talk, as a picture with words for whoever cannot see it.

For the player. Knows series of numbers; refuses to know what was said. The same series give the same bytes.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from course.engine.words import word

INKS = {
    "light": {
        "ink": "#1d2b2a", "soft": "#51615f", "grid": "#d5dedc", "before": "#2f6fa8",
        "anger": "#b4470b", "trust": "#0b6157", "patience": "#6a4c93",
    },
    "dark": {
        "ink": "#e7efed", "soft": "#a9bab7", "grid": "#35433f", "before": "#7db7e8",
        "anger": "#f08a4b", "trust": "#74d0c1", "patience": "#c3a6ec",
    },
}  # fmt: skip
"""Told apart by everybody, and by their line, their mark and their name as well."""

MARKS = {"trust": "s-", "patience": "^:"}
Curves = Mapping[str, Sequence[int]]
"""What is drawn: "anger", "trust" and "patience", each at the start and after every turn."""


def talk_plot(now: Curves, earlier: Curves) -> dict[str, str]:
    """Return {"light", "dark", "alt"}: two pictures as data addresses, and the words that say the same.

    `earlier`: the talk before the learner went back, if there was one: its anger is drawn beside this one's.
    """
    return {"alt": alt_text(now, earlier)} | {theme: _picture(now, earlier, theme) for theme in INKS}


def alt_text(now: Curves, earlier: Curves) -> str:
    """Return what the picture shows, in words."""
    anger = now["anger"]
    told = [word("player.plot.alt", turns=len(anger) - 1, first=anger[0], last=anger[-1])]
    told += [word("player.plot.alt.series", series=_series(anger))]
    if earlier:
        told += [word("player.plot.alt.earlier", series=_series(earlier["anger"]))]
    told += [word(f"player.plot.alt.{name}", series=_series(now[name])) for name in MARKS]
    return " ".join(told)


def _series(values: Sequence[int]) -> str:
    return ", ".join(map(str, values))


def _picture(now: Curves, earlier: Curves, theme: str) -> str:
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    inks = INKS[theme]
    turns = range(max(len(now["anger"]), len(earlier.get("anger", ()))))
    with rc_context({"svg.hashsalt": "heatproof", "svg.fonttype": "path", "font.size": 11}):
        figure = Figure(figsize=(6.4, 4.6), layout="constrained")
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
        _draw_anger(above, now["anger"], earlier.get("anger", ()), inks)
        for name, mark in MARKS.items():
            below.plot(now[name], mark, color=inks[name], lw=2, ms=6, label=word(f"state.{name}"))
        for axes in (above, below):
            axes.set(ylim=(-0.4, 10.6), yticks=(0, 5, 10), xticks=turns)
            axes.tick_params(colors=inks["soft"], length=0)
            axes.grid(axis="y", color=inks["grid"], lw=1)
            axes.spines[:].set_visible(False)
            axes.patch.set_alpha(0)
        above.set_ylabel(word("player.plot.anger"), color=inks["soft"])
        below.set_ylabel(word("player.plot.others"), color=inks["soft"])
        below.set_xlabel(word("player.plot.turns"), color=inks["soft"])
        for axes in (above, below) if earlier else (below,):
            axes.legend(
                frameon=False, labelcolor=inks["ink"], ncols=2, loc="lower left", bbox_to_anchor=(0, 0.99),
                borderaxespad=0,
            )  # fmt: skip
        drawn = BytesIO()
        figure.savefig(drawn, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return "data:image/svg+xml;base64," + b64encode(drawn.getvalue()).decode("ascii")


def _draw_anger(axes: Any, anger: Sequence[int], earlier: Sequence[int], inks: Mapping[str, str]) -> None:
    if earlier:
        label = word("player.plot.earlier-walk")
        axes.plot(earlier, "s--", color=inks["before"], lw=2, ms=6, label=label)
    axes.plot(anger, "o-", color=inks["anger"], lw=3, ms=8, label=word("player.plot.this-walk"))
    for turn in {0, len(anger) - 1}:
        place = (0, 9 if anger[turn] < 9 else -19)
        axes.annotate(str(anger[turn]), (turn, anger[turn]), place, textcoords="offset points", ha="center",
                      color=inks["ink"], weight="bold")  # fmt: skip
