"""Charts as inline SVG, as wide as the page lets them; text keeps its size.

Places across are in percent, places down in pixels.  Colours are the style sheet's, by class.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from pipelines.inspect.markup import join, tag

_HEIGHT, _LABELS = 190, 24  # of the plot, and of the line of labels below it
_GAP = 0.16  # between columns, of their width
_STEPS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25)
_LINES = 4
_CURVE_POINTS = 60


def column_chart(shares: Sequence[float], ticks: Sequence[tuple[float, str]], label: str) -> Markup:
    """One column for each share, left to right.

    Args:
        shares: from 0 to 1.
        ticks: (place from 0 to 1, text).
        label: all of it in words.
    """
    most = max(max(shares), _STEPS[0])
    step = next((step for step in _STEPS if most <= _LINES * step), _STEPS[-1])
    top = step * max(1, -(-most // step))
    width = 100 / len(shares)
    columns = []
    for i, share in enumerate(shares):
        height = _HEIGHT * share / top
        columns.append(
            tag(
                "rect",
                x=_percent(width * (i + _GAP / 2)),
                y=_pixels(_HEIGHT - height),
                width=_percent(width * (1 - _GAP)),
                height=_pixels(height),
            )
        )
    levels = [round(step * i, 4) for i in range(1, round(top / step) + 1)]
    lines = [_level_line(_HEIGHT - _HEIGHT * level / top, f"{100 * level:g}%") for level in levels]
    return _chart(label, *lines, tag("g", *columns, class_="columns"), *_axis(ticks))


def share_bar(share: float, *levels: float) -> Markup:
    """A bar as long as a share of the whole, with marks at the levels aimed at.

    The numbers stand beside it, so that it is left out for those who do not see it.
    """
    places = [_percent(100 * level) for level in levels]
    marks = [tag("line", x1=x, x2=x, y1="0", y2="14", class_="aim") for x in places]
    return tag(
        "svg",
        tag("rect", x="0", y="3", width="100%", height="8", class_="track"),
        tag("rect", x="0", y="3", width=_percent(100 * min(share, 1)), height="8", class_="bar"),
        *marks,
        class_="share",
        width="100%",
        height="14",
        aria_hidden="true",
    )


def split_bar(parts: Sequence[tuple[str, float]], label: str) -> Markup:
    """The whole as stretches one after the other: (class, share); each class has its pattern."""
    start, stretches = 0.0, []
    for name, share in parts:
        place = {"x": _percent(100 * start), "width": _percent(100 * share)}
        stretches.append(tag("rect", height="28", fill=f"url(#{name})", **place))
        start += share
    patterns = tag("defs", *(_pattern(name) for name, _ in parts))
    return tag(
        "svg",
        patterns,
        *stretches,
        class_="split",
        width="100%",
        height="28",
        role="img",
        aria_label=label,
    )


def swatch(name: str) -> Markup:
    """A bit of a stretch of ``split_bar``, for its key."""
    bit = tag("rect", width="14", height="14", fill=f"url(#{name})")
    return tag("svg", bit, width="14", height="14", class_="swatch", aria_hidden="true")


def _pattern(name: str) -> Markup:
    """Told apart without colours too: masked is plain, random hatched, others dotted."""
    ground = tag("rect", width="6", height="6", class_=f"{name} ground")
    drawn = {
        "masked": "",
        "random": tag("path", d="M0 6 6 0M-1 1 1-1M5 7 7 5", class_=f"{name} drawn"),
    }.get(name, tag("path", d="M2 3H4", class_=f"{name} drawn"))
    size = {"width": "6", "height": "6", "patternUnits": "userSpaceOnUse"}
    return tag("pattern", ground, drawn, id=name, **size)


def rank_chart(counts: NDArray[np.int64], label: str) -> Markup:
    """Counts by rank, the highest first, both axes logarithmic; and Zipf's law, for comparison.

    Args:
        counts: int64[n], in any order.
        label: all of it in words.
    """
    ordered = np.sort(counts[counts > 0])[::-1]
    # Points for both ends of the curve: the few most frequent, and where it drops at last.
    spaced = np.geomspace(1, len(ordered), _CURVE_POINTS).round().astype(np.int64)
    ranks = np.unique(np.concatenate((spaced, len(ordered) + 1 - spaced)))
    right = max(1.0, np.log10(len(ordered)))
    top = max(1.0, float(np.ceil(np.log10(ordered[0]))))
    x = np.log10(ranks) / right
    y = np.log10(ordered[ranks - 1]) / top
    # A line that falls by one power of ten in each, through the curve's point in the middle.
    middle = int(np.searchsorted(ranks, np.sqrt(len(ordered)), side="right")) - 1
    law = y[middle] + (x[middle] - np.array([0.0, 1.0])) * right / top
    plot = tag(
        "svg",
        _line(np.array([0.0, 1.0]), law, "law"),
        _line(x, y, "curve"),
        width="100%",
        height=_HEIGHT,
        viewBox="0 0 100 100",
        preserveAspectRatio="none",
        class_="plot",
    )
    powers = range(1, int(top) + 1)
    # At the right the curve is below all of them, but where it ends.
    lines = [_level_line(_HEIGHT * (1 - p / top), f"{10**p:,}", at_right=True) for p in powers]
    ticks = [(power / right, f"{10**power:,}") for power in range(int(right) + 1)]
    return _chart(label, *lines, plot, *_axis(ticks))


def _line(x: NDArray[np.float64], y: NDArray[np.float64], name: str) -> Markup:
    points = " ".join(f"{100 * px:.2f},{100 * (1 - py):.2f}" for px, py in zip(x, y, strict=True))
    return tag("polyline", points=points, class_=name)


def _chart(label: str, *children: object) -> Markup:
    height = _HEIGHT + _LABELS
    return tag(
        "svg", *children, class_="chart", width="100%", height=height, role="img", aria_label=label
    )


def _level_line(y: float, text: str, at_right: bool = False) -> Markup:
    """A line across, with its text below it at the left, or on it at the right."""
    place = _pixels(y)
    x, anchor, baseline = ("100%", "end", y - 4) if at_right else ("0", "start", y + 13)
    return join(
        tag("line", x1="0", x2="100%", y1=place, y2=place, class_="level"),
        tag("text", text, x=x, y=_pixels(baseline), text_anchor=anchor),
    )


def _axis(ticks: Sequence[tuple[float, str]]) -> Iterator[Markup]:
    yield tag("line", x1="0", x2="100%", y1=_HEIGHT, y2=_HEIGHT, class_="base")
    for place, text in ticks:
        anchor = "start" if place <= 0 else "end" if place > 0.96 else "middle"
        yield tag("text", text, x=_percent(100 * place), y=_HEIGHT + 17, text_anchor=anchor)


def _percent(value: float) -> str:
    return f"{value:.2f}%"


def _pixels(value: float) -> str:
    return f"{value:.1f}"
