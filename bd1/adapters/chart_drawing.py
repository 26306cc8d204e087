"""How the picture of an incident looks. The only importer of matplotlib; it runs in a process of its own.

Sizes are for a phone, which shows the picture at a third of its width.
"""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter

_WIDTH, _PLOT_HEIGHT, _ROW = 1000, 500, 37
_DPI = 100
_GROUND, _PANEL, _GRID, _TEXT, _SOFT = "#313338", "#2b2d31", "#3f4147", "#f2f3f5", "#b5bac1"
_LINE = "#5b9dff"
_TIERS = {"warn": "#f0b232", "alert": "#f57c31", "protect": "#f23f43"}
_SEVERITIES = ("#3ba55d", "#f0b232", "#f57c31", "#f23f43")
_BANDS = ("#4752c4", "#2d7d46", "#8a4fb5", "#9a6b1f", "#1f7f8a")
_GIB = 1024.0
_STEPS_S = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
_MOST_TICKS = 6
_LARGE_LETTERS, _SMALL_LETTERS = 66, 88
"""How many of them fit into the band of the modes."""

mpl.rcParams.update({
    "font.size": 16,
    "text.color": _TEXT,
    "text.parse_math": False,  # a "$" in a text is a dollar
    "axes.edgecolor": _GRID,
    "hatch.color": "#80848e",
    "hatch.linewidth": 1.2,
})  # fmt: skip

_Json = dict[str, Any]


def drawing(scene: _Json) -> bytes:
    """The scene as a PNG. Raises what a scene of another shape leads to."""
    rows = (len(scene["events"]) + 1) // 2
    height = _PLOT_HEIGHT + rows * _ROW + (10 if rows else 0)
    figure = Figure((_WIDTH / _DPI, height / _DPI), dpi=_DPI, facecolor=_GROUND)
    FigureCanvasAgg(figure)
    below = height - _PLOT_HEIGHT
    axes = figure.add_axes((0.075, (below + 88) / height, 0.905, (_PLOT_HEIGHT - 144) / height))
    _title(figure, scene, height)
    _frame(axes, scene)
    _levels(axes, scene)
    _gaps(axes, scene)
    _tiers(axes, scene)
    _events(axes, scene)
    _bands(figure, scene, (below + 6) / height, 32 / height)
    _legend(figure, scene, height)
    made = io.BytesIO()
    figure.savefig(made, format="png")
    return made.getvalue()


def _title(figure: Figure, scene: _Json, height: int) -> None:
    y = 1 - 27 / height
    note = _fitting(scene["note"], 16)
    figure.text(0.015, y, _fitting(scene["title"], 38 - len(note)), size=20, weight="bold", va="center")
    figure.text(0.98, y, "VRAM in GiB", size=17, color=_SOFT, va="center", ha="right")
    if note:
        figure.text(0.815, y, note, size=17, color=_TIERS["warn"], va="center", ha="right")


def _frame(axes: Axes, scene: _Json) -> None:
    axes.set_facecolor(_PANEL)
    axes.set_xlim(scene["from_s"], scene["to_s"])
    axes.set_ylim(0, scene["total_mib"] / _GIB)
    axes.set_axisbelow(True)
    axes.grid(color=_GRID, linewidth=1)
    axes.tick_params(colors=_SOFT, labelsize=17, length=0, pad=6)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.xaxis.set_major_locator(FixedLocator(list(_ticks(scene))))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda at_s, _: _clock(scene, at_s)))
    step = max(1, round(scene["total_mib"] / _GIB / 4))
    axes.yaxis.set_major_locator(FixedLocator(list(range(0, int(scene["total_mib"] / _GIB) + 1, step))))
    axes.annotate(
        _fitting(scene["zone"], 6),
        (1, 0),
        (0, -8),
        xycoords="axes fraction",
        textcoords="offset points",
        color=_SOFT,
        size=15,
        va="top",
        ha="right",
    )


def _ticks(scene: _Json) -> Iterator[float]:
    length_s = scene["to_s"] - scene["from_s"]
    step_s = next((step for step in _STEPS_S if length_s / step <= _MOST_TICKS), _STEPS_S[-1])
    zone_s = scene["zone_s"]
    at_s = ((scene["from_s"] + zone_s) // step_s + 1) * step_s - zone_s
    while at_s < scene["to_s"] - 0.1 * length_s:
        if at_s > scene["from_s"] + 0.04 * length_s:
            yield at_s
        at_s += step_s


def _clock(scene: _Json, at_s: float) -> str:
    shown = datetime.fromtimestamp(at_s + scene["zone_s"], UTC)
    return f"{shown:%H:%M:%S}" if scene["to_s"] - scene["from_s"] < 240 else f"{shown:%H:%M}"


def _levels(axes: Axes, scene: _Json) -> None:
    """What was used, with the lowest and highest level of each moment around it: a peak of one look stays visible."""
    for run in scene["runs"]:
        times = [at_s for span in run for at_s in (span["from_s"], span["to_s"])]
        lows = [span["low_mib"] / _GIB for span in run for _ in range(2)]
        highs = [span["high_mib"] / _GIB for span in run for _ in range(2)]
        line = [point for span in run for point in _course(span)]
        axes.fill_between(times, 0, highs, color=_LINE, alpha=0.16, linewidth=0)
        axes.fill_between(times, lows, highs, color=_LINE, alpha=0.3, linewidth=0)
        marker = "o" if len(set(times)) == 1 else ""
        axes.plot(*zip(*line, strict=True), color=_LINE, linewidth=2.6, solid_joinstyle="round", marker=marker)


def _course(span: _Json) -> Iterator[tuple[float, float]]:
    """The way through a span: from its first level to its last, over its peak where that is higher than both."""
    yield span["from_s"], span["first_mib"] / _GIB
    if span["high_mib"] > max(span["first_mib"], span["last_mib"]):
        yield (span["from_s"] + span["to_s"]) / 2, span["high_mib"] / _GIB
    yield span["to_s"], span["last_mib"] / _GIB


def _gaps(axes: Axes, scene: _Json) -> None:
    length_s = scene["to_s"] - scene["from_s"]
    for gap in scene["gaps"]:
        from_s, to_s = max(gap["from_s"], scene["from_s"]), min(gap["to_s"], scene["to_s"])
        to_s = max(to_s, from_s + 0.004 * length_s)
        axes.axvspan(from_s, to_s, facecolor=_GROUND, edgecolor="#80848e", hatch="//", linewidth=0, zorder=1.5)
        if to_s - from_s > 0.14 * length_s:
            box = {"facecolor": _GROUND, "edgecolor": "none", "pad": 4, "alpha": 0.9}
            axes.text(
                (from_s + to_s) / 2, axes.get_ylim()[1] * 0.36, "not seen", size=17, color=_SOFT, ha="center", bbox=box
            )


def _tiers(axes: Axes, scene: _Json) -> None:
    for mark in scene["marks"]:
        colour, level = _TIERS.get(mark["word"], _SOFT), mark["mib"] / _GIB
        axes.axhline(level, color=colour, linewidth=1.6, linestyle=(0, (6, 4)), zorder=2.5)
        axes.annotate(
            mark["word"],
            (0, level),  # at the left: what an incident is about happens at the right
            (6 if mark["word"] != "alert" else 84, 0),  # the two upper ones lie close to each other
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            color=colour,
            size=16,
            ha="left",
            va="center",
            bbox={"facecolor": _PANEL, "edgecolor": "none", "pad": 1},
            zorder=3.5,
        )


def _events(axes: Axes, scene: _Json) -> None:
    for number, (event, row) in enumerate(zip(scene["events"], _rows(scene), strict=True), start=1):
        colour = _SEVERITIES[event["severity"]]
        axes.axvline(event["at_s"], color=colour, linewidth=1.6, alpha=0.8, zorder=2.7)
        axes.annotate(
            str(number),
            (event["at_s"], 0),
            (0, 18 + 30 * row),
            xycoords=("data", "axes fraction"),
            textcoords="offset pixels",
            size=15,
            weight="bold",
            color=_GROUND,
            ha="center",
            va="center",
            bbox={"boxstyle": "circle,pad=0.25", "facecolor": colour, "edgecolor": _GROUND},
            zorder=4,
        )


def _rows(scene: _Json) -> Iterator[int]:
    """How high each mark stands: above those it would hide."""
    near_s = 0.034 * (scene["to_s"] - scene["from_s"])
    last_s, row = float("-inf"), 0
    for event in scene["events"]:
        row = row + 1 if event["at_s"] - last_s < near_s else 0
        last_s = event["at_s"]
        yield row


def _bands(figure: Figure, scene: _Json, y: float, height: float) -> None:
    """The modes, each in a colour of its own, under the time they were on."""
    axes = figure.add_axes((0.075, y, 0.905, height))
    axes.set_xlim(scene["from_s"], scene["to_s"])
    axes.set_ylim(0, 1)
    axes.axis("off")
    axes.axhspan(0, 1, facecolor=_PANEL)
    figure.text(0.065, y + height / 2, "mode", size=16, color=_SOFT, ha="right", va="center")
    length_s = scene["to_s"] - scene["from_s"]
    names = list(dict.fromkeys(band["name"] for band in scene["bands"] if band["name"]))
    for band in scene["bands"]:
        colour = _BANDS[names.index(band["name"]) % len(_BANDS)] if band["name"] else _GRID
        axes.axvspan(band["from_s"], band["to_s"], facecolor=colour, edgecolor=_GROUND, linewidth=2)
        _name_band(axes, band, (band["to_s"] - band["from_s"]) / length_s)


def _name_band(axes: Axes, band: _Json, share: float) -> None:
    """Its name in the middle, smaller where there is little room, and none where there is too little."""
    name = band["name"] or "?"
    is_narrow = share * _LARGE_LETTERS < len(name)
    size, room = (13, int(share * _SMALL_LETTERS)) if is_narrow else (17, int(share * _LARGE_LETTERS))
    if room >= min(len(name), 4):
        middle = (band["from_s"] + band["to_s"]) / 2
        axes.text(middle, 0.48, _fitting(name, room), size=size, ha="center", va="center")


def _legend(figure: Figure, scene: _Json, height: int) -> None:
    """What the numbers stand for, in two columns."""
    events = scene["events"]
    rows = (len(events) + 1) // 2
    for index, event in enumerate(events):
        x = 0.03 + 0.49 * (index // rows)
        y = (8 + _ROW * (rows - 0.5 - index % rows)) / height
        colour = _SEVERITIES[event["severity"]]
        box = {"boxstyle": "circle,pad=0.2", "facecolor": colour, "edgecolor": "none"}
        figure.text(x, y, str(index + 1), size=15, weight="bold", color=_GROUND, ha="center", va="center", bbox=box)
        figure.text(x + 0.025, y, _fitting(event["text"], 33), size=17, va="center")


def _fitting(text: str, longest: int) -> str:
    """The text in the letters the font has, and no longer than there is room for."""
    known = "".join(letter for letter in text if letter.isprintable() and ord(letter) < 0x2E80)
    return known if len(known) <= longest else f"{known[: max(longest - 1, 0)].rstrip()}…"
