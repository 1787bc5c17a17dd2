"""Draw the report's pictures with matplotlib: for light and for dark, with the words for who cannot see them.

For the report. Numbers in, SVG out, the same bytes each time. Refuses to know where the numbers come from.
State never speaks by colour alone: every bar and dot has its number or its name beside it.
"""

import io
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from autograders.agreement import Interval


@dataclass(frozen=True)
class Theme:
    """The colours of a picture: text, quiet text, lines, and three steps from none to full."""

    ink: str
    quiet: str
    line: str
    steps: tuple[str, str, str]
    on_steps: tuple[str, str, str]
    accent: str
    second: str


LIGHT = Theme(
    "#22262b", "#5d6670", "#d9dde1", ("#f0b8a2", "#f2dc9b", "#2f7f79"), ("#3a1d12", "#3a2f0c", "#ffffff"),
    "#2f7f79", "#c8553d",
)  # fmt: skip
DARK = Theme(
    "#e9edf0", "#a4aeb8", "#3b434c", ("#b65a42", "#c7a44a", "#5fb8b0"), ("#ffffff", "#1b1608", "#08201e"),
    "#5fb8b0", "#f08a6e",
)  # fmt: skip


@dataclass(frozen=True)
class Picture:
    """One picture: a data address for light, one for dark, its words, and its size in pixels."""

    light: str
    dark: str
    alt: str
    width: int
    height: int


Draw = Callable[[Axes, Theme], None]
SETTINGS: dict[str, object] = {
    "svg.fonttype": "path",
    "svg.hashsalt": "heatproof",
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def picture(draw: Draw, alt: str, *, width: float = 6.4, height: float = 3.4) -> Picture:
    """Draw for both themes; width and height in inches."""
    light, dark = (_address(draw, theme, width, height) for theme in (LIGHT, DARK))
    return Picture(light, dark, alt, round(width * 96), round(height * 96))


def _address(draw: Draw, theme: Theme, width: float, height: float) -> str:
    colours = dict.fromkeys(("xtick.color", "ytick.color", "axes.labelcolor"), theme.quiet)
    settings: Any = SETTINGS | colours | {"text.color": theme.ink, "axes.edgecolor": theme.line}
    with mpl.rc_context(settings):
        figure = Figure(figsize=(width, height), layout="constrained")
        axes = figure.add_subplot()
        axes.tick_params(length=0)
        axes.set_axisbelow(True)
        draw(axes, theme)
        file = io.BytesIO()
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return "data:image/svg+xml;base64," + b64encode(file.getvalue()).decode("ascii")


def score_distribution(shares: Sequence[float]) -> Picture:
    """Draw how many learners reached each tenth of the points; shares are 0-1."""
    counts, edges = np.histogram(np.asarray(shares) * 100, bins=np.arange(0, 101, 10))
    middle = float(np.median(shares)) * 100 if len(shares) else 0.0

    def draw(axes: Axes, theme: Theme) -> None:
        bars = axes.bar(edges[:-1] + 5, counts, width=8.8, color=theme.accent)
        axes.bar_label(bars, labels=[str(n) if n else "" for n in counts], padding=2, color=theme.ink)
        top = max(1, counts.max()) * 1.22
        axes.plot([middle, middle], [0, top * 0.92], color=theme.second, linewidth=1.6, linestyle=(0, (4, 2)))
        side = "right" if middle > 50 else "left"
        shift = -1.5 if middle > 50 else 1.5
        axes.text(middle + shift, top * 0.93, f"half the class: {middle:.0f} %", ha=side, color=theme.second)
        axes.set(xlim=(0, 100), ylim=(0, top), xticks=range(0, 101, 10), yticks=[])
        axes.set_xlabel("points, in % of what was marked")
        axes.spines["left"].set_visible(False)

    told = ", ".join(f"{lo:.0f}-{lo + 10:.0f} %: {n}" for lo, n in zip(edges, counts, strict=False) if n)
    alt = f"Bar chart of {len(shares)} learners by points reached. {told}. Median {middle:.0f} %."
    return picture(draw, alt)


def component_levels(levels: Mapping[str, tuple[int, int, int]], names: Mapping[str, str]) -> Picture:
    """Draw, for each component, the share of plans at level 0, 1 and 2."""

    def draw(axes: Axes, theme: Theme) -> None:
        for row, component in enumerate(levels):
            whole, left = max(1, sum(levels[component])), 0.0
            for level, count in enumerate(levels[component]):
                share = 100 * count / whole
                axes.barh(row, share, left=left, height=0.62, color=theme.steps[level])
                if share >= 7:
                    axes.text(
                        left + share / 2, row, f"{share:.0f} %", ha="center", va="center",
                        color=theme.on_steps[level],
                    )  # fmt: skip
                left += share
        for level, where in enumerate((2, 40, 72)):
            axes.text(where + 4, -0.86, f"level {level}", va="center", color=theme.quiet)
            axes.barh(-0.86, 3, left=where, height=0.22, color=theme.steps[level])
        axes.set(xlim=(0, 100), ylim=(len(levels) - 0.5, -1.2), xticks=[])
        axes.set_yticks(range(len(levels)), [names[c] for c in levels], color=theme.ink)
        for side in axes.spines.values():
            side.set_visible(False)

    told = "; ".join(
        f"{names[c]}: {n[0]} plans at level 0, {n[1]} at level 1, {n[2]} at level 2"
        for c, n in levels.items()
    )
    return picture(draw, f"Stacked bars of the steps of a plan. {told}.")


def commonest_flags(flags: Sequence[tuple[str, int]], names: Mapping[str, str]) -> Picture:
    """Draw how many plans commit each anti-pattern, most first."""

    def draw(axes: Axes, theme: Theme) -> None:
        bars = axes.barh(range(len(flags)), [n for _, n in flags], height=0.66, color=theme.second)
        axes.bar_label(bars, padding=4, color=theme.ink)
        axes.set_yticks(range(len(flags)), [names.get(name, name) for name, _ in flags], color=theme.ink)
        axes.set(ylim=(max(len(flags), 1) - 0.4, -0.6), xticks=[])
        for side in axes.spines.values():
            side.set_visible(False)

    told = ", ".join(f"{names.get(name, name)} {n}" for name, n in flags) or "none"
    alt = f"Bar chart of plans by the anti-pattern that they commit: {told}."
    return picture(draw, alt, height=max(1.6, 0.29 * len(flags) + 0.4))


def agreement_dots(
    judge: Mapping[str, Interval], raters: Mapping[str, Interval], names: Mapping[str, str]
) -> Picture:
    """Draw the judge's kappa with its interval for each component, and that of the raters with each other."""

    def draw(axes: Axes, theme: Theme) -> None:
        for row, component in enumerate(judge):
            one, two = judge[component], raters[component]
            axes.plot(
                [one.low, one.high], [row, row], color=theme.accent, linewidth=3, solid_capstyle="round"
            )
            axes.plot(one.value, row, "o", color=theme.accent, markersize=9)
            axes.plot(two.value, row, "D", markerfacecolor="none", markeredgecolor=theme.quiet, markersize=7)
            axes.text(one.value, row - 0.27, f"{one.value:.2f}", ha="center", color=theme.ink)
        lows = [one.low for one in judge.values() if not np.isnan(one.low)]
        axes.set_xlim(min([0.5, *(low - 0.05 for low in lows)]), 1.03)
        axes.set_ylim(len(judge) - 0.5, -0.75)
        axes.set_yticks(range(len(judge)), [names[c] for c in judge], color=theme.ink)
        axes.set_xlabel("kappa:   ● judge and raters, 95 % interval   ◇ rater and rater")
        axes.grid(axis="x", color=theme.line, linewidth=0.8)
        axes.spines["left"].set_visible(False)

    told = "; ".join(f"{names[c]} {judge[c]}, raters {raters[c].value:.2f}" for c in judge)
    return picture(draw, f"Agreement of the judge with two raters, as kappa and interval. {told}.")
