"""The Pareto diagram as SVG, drawn by matplotlib: bars, the cumulative share as a line, text as text."""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from unicodedata import east_asian_width

MOST_BARS = 20
_LONGEST_LABEL = 34
_BAR, _LINE, _INK, _SOFT = "#7b9cc4", "#b5532a", "#22262b", "#6a727c"
_ONE_AT_A_TIME = threading.Lock()
"""Settings of matplotlib belong to the process."""
_SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "aftercare",
    "text.parse_math": False,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "xtick.color": _SOFT,
    "ytick.color": _INK,
    "font.size": 10.0,
}


@dataclass(frozen=True)
class Bar:
    """One row: its words, how many, and the share of this and all larger ones, 0 to 1."""

    title: str
    count: int
    cumulative: float


def pareto_svg(title: str, bars: Sequence[Bar], below: str) -> str:
    """Returns the diagram; of very many bars the first ones, and `below` says what else there is.

    The same rows give the same text. Without bars the picture says `below` alone.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    shown = bars[:MOST_BARS]
    with _ONE_AT_A_TIME, rc_context({**_SETTINGS, "font.family": _fonts()}), warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a sign that no font has is drawn by the reader's own
        figure = Figure(figsize=(8.4, 1.1 + 0.34 * max(len(shown), 1)), layout="constrained")
        axes = figure.add_subplot()
        axes.set_title(title, loc="left", fontsize=12)
        if shown:
            _draw(axes, shown)
        else:
            axes.set_axis_off()
        figure.supxlabel(below, fontsize=9, color=_SOFT)
        out = io.StringIO()
        # paper and cards have a ground of their own, so the picture has none
        about = {"Date": None, "Title": title, "Creator": "Aftercare"}
        figure.savefig(out, format="svg", metadata=about, transparent=True)
    return out.getvalue()


def _draw(axes: Any, bars: Sequence[Bar]) -> None:
    places = range(len(bars))
    drawn = axes.barh(places, [bar.count for bar in bars], color=_BAR, height=0.7)
    axes.bar_label(drawn, padding=3)
    axes.set_yticks(places, labels=[shortened(bar.title) for bar in bars])
    axes.invert_yaxis()
    axes.set_xlim(0, max(bar.count for bar in bars) * 1.12)
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.spines[["top", "right"]].set_visible(False)
    share = axes.twiny()
    share.set_xlim(0, 112)
    share.set_xticks([0, 20, 40, 60, 80, 100], labels=["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"])
    share.plot([100 * bar.cumulative for bar in bars], list(places), color=_LINE, marker="o", markersize=3.5)
    share.axvline(80, color=_LINE, linewidth=0.7, linestyle=":")
    share.spines[["right", "bottom"]].set_visible(False)
    share.tick_params(colors=_LINE)


def shortened(text: str) -> str:
    """Returns a label that fits its place: a Chinese sign takes that of two letters."""
    width = 0
    kept: list[str] = []
    for sign in " ".join(text.split()):
        width += 2 if east_asian_width(sign) in "WF" else 1
        if width > _LONGEST_LABEL:
            return f"{''.join(kept).rstrip()}…"
        kept.append(sign)
    return "".join(kept)


@cache
def _fonts() -> list[str]:
    """The fonts that labels are measured with: the packaged one for Chinese, and matplotlib's own."""
    import pylopdf_fonts_zh_cn
    from matplotlib import font_manager

    path = pylopdf_fonts_zh_cn.sans_path()
    font_manager.fontManager.addfont(path)
    return ["DejaVu Sans", font_manager.FontProperties(fname=path).get_name(), "sans-serif"]
