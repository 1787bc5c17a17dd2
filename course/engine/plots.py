"""Draw anger over the turns of a talk, as a picture with words for whoever cannot see it.

For the player. Knows series of numbers; refuses to know what was said. The same series gives the same bytes.
"""

from base64 import b64encode
from collections.abc import Sequence
from io import BytesIO

from course.engine.words import word

INKS = {
    "light": {"ink": "#1d2b2a", "soft": "#51615f", "grid": "#d5dedc", "now": "#b4470b", "before": "#2f6fa8"},
    "dark": {"ink": "#e7efed", "soft": "#a9bab7", "grid": "#35433f", "now": "#f08a4b", "before": "#7db7e8"},
}
"""Orange and blue: told apart by everybody, and by their line and mark as well."""


def anger_plot(anger: Sequence[int], earlier: Sequence[int] = ()) -> dict[str, str]:
    """Return {"light", "dark", "alt"}: two pictures as data addresses, and the words that say the same."""
    return {"alt": alt_text(anger, earlier)} | {theme: _picture(anger, earlier, theme) for theme in INKS}


def alt_text(anger: Sequence[int], earlier: Sequence[int] = ()) -> str:
    """Return what the picture shows, in words."""
    told = [word("player.plot.alt", turns=len(anger) - 1, first=anger[0], last=anger[-1])]
    told += [word("player.plot.alt.series", series=", ".join(map(str, anger)))]
    if earlier:
        told += [word("player.plot.alt.earlier", series=", ".join(map(str, earlier)))]
    return " ".join(told)


def _picture(anger: Sequence[int], earlier: Sequence[int], theme: str) -> str:
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    inks = INKS[theme]
    with rc_context({"svg.hashsalt": "heatproof", "svg.fonttype": "path", "font.size": 11}):
        figure = Figure(figsize=(6.4, 2.7), layout="constrained")
        axes = figure.add_subplot()
        if earlier:
            axes.plot(
                earlier, "s--", color=inks["before"], lw=2, ms=6, label=word("player.plot.earlier-walk")
            )
        axes.plot(anger, "o-", color=inks["now"], lw=3, ms=8, label=word("player.plot.this-walk"))
        for turn in {0, len(anger) - 1}:
            above = (turn, anger[turn]), (0, 9 if anger[turn] < 9 else -19)
            axes.annotate(str(anger[turn]), above[0], above[1], textcoords="offset points", ha="center",
                          color=inks["ink"], weight="bold")  # fmt: skip
        axes.set(ylim=(-0.4, 10.6), yticks=(0, 5, 10), xticks=range(max(len(anger), len(earlier))))
        axes.set_xlabel(word("player.plot.turns"), color=inks["soft"])
        axes.set_ylabel(word("player.plot.anger"), color=inks["soft"])
        axes.tick_params(colors=inks["soft"], length=0)
        axes.grid(axis="y", color=inks["grid"], lw=1)
        axes.spines[:].set_visible(False)
        axes.patch.set_alpha(0)
        if earlier:
            axes.legend(frameon=False, labelcolor=inks["ink"], loc="best")
        drawn = BytesIO()
        figure.savefig(drawn, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return "data:image/svg+xml;base64," + b64encode(drawn.getvalue()).decode("ascii")
