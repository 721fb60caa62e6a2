"""Lines over two axes, as an SVG picture: how a figure grows.

svg(Chart("size", "Memory over rows", Axis("rows", "log"), Axis("MB"), (Line("econtador", ((1, 2), (10, 2))),)))
"""

import math
from collections.abc import Sequence
from html import escape
from typing import Literal

from attrs import frozen

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 76, 190, 48, 56
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#7f7f7f")
"""Okabe and Ito's, which people who do not see red or green tell apart."""


@frozen
class Axis:
    """What is counted, and whether each step adds or multiplies. A linear axis begins at zero."""

    label: str
    scale: Literal["linear", "log"] = "linear"


@frozen
class Line:
    name: str
    points: tuple[tuple[float, float], ...]


@frozen
class Chart:
    """*name* is that of the file, without its ending."""

    name: str
    title: str
    x: Axis
    y: Axis
    lines: tuple[Line, ...]


@frozen
class Scale:
    """From values to pixels. *low* and *high* are logarithms on a logarithmic axis."""

    kind: Literal["linear", "log"]
    low: float
    high: float
    start: float
    end: float
    ticks: tuple[float, ...]

    def __call__(self, value: float) -> float:
        at = math.log10(value) if self.kind == "log" else value
        return self.start + (at - self.low) / (self.high - self.low) * (self.end - self.start)


def scale(axis: Axis, values: Sequence[float], start: float, end: float) -> Scale:
    if axis.scale == "log":
        marks = measured(values)
        low, high = math.log10(marks[0]), math.log10(marks[-1])
        return Scale("log", low, high if high > low else low + 1, start, end, marks)
    step = round_step((max(values) or 1) / 5)
    steps = math.ceil(max(values) / step) or 1
    return Scale("linear", 0, step * steps, start, end, tuple(step * at for at in range(steps + 1)))


def measured(values: Sequence[float]) -> tuple[float, ...]:
    """Where a logarithmic axis is marked: at the values themselves, or where they are many, at the powers of ten."""
    marks = sorted(set(values))
    if len(marks) <= 8:
        return tuple(marks)
    low, high = math.floor(math.log10(marks[0])), math.ceil(math.log10(marks[-1]))
    return tuple(10.0**power for power in range(low, high + 1))


def round_step(least: float) -> float:
    """The first of 1, 2, 2.5, 5 or 10 times a power of ten that is not below *least*."""
    power: float = 10.0 ** math.floor(math.log10(least))
    return next(power * by for by in (1, 2, 2.5, 5, 10) if power * by >= least * 0.999)


def tick(value: float) -> str:
    for size, letter in ((1e6, "M"), (1e4, "k")):
        if value >= size:
            unit = size if letter == "M" else 1e3
            return f"{value / unit:g}{letter}"
    return f"{value:g}"


def text(x: float, y: float, words: str, style: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {style}>{escape(words)}</text>'


def grid(chart: Chart, x: Scale, y: Scale) -> list[str]:
    """The frame: title, labels, ticks and pale lines across."""
    middle, foot = (LEFT + WIDTH - RIGHT) / 2, HEIGHT - BOTTOM
    parts = [text(LEFT, 26, chart.title, 'font-size="15" font-weight="600"')]
    parts.append(text(middle, HEIGHT - 12, chart.x.label, 'text-anchor="middle"'))
    centre = (TOP + foot) / 2
    turned = f'text-anchor="middle" transform="rotate(-90 18 {centre:.1f})"'
    parts.append(text(18, centre, chart.y.label, turned))
    for value in y.ticks:
        at = y(value)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}" stroke="#e3e3e3"/>')
        parts.append(text(LEFT - 8, at + 4, tick(value), 'text-anchor="end"'))
    for value in x.ticks:
        at = x(value)
        parts.append(f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{foot}" y2="{foot + 5}" stroke="#555"/>')
        parts.append(text(at, foot + 20, tick(value), 'text-anchor="middle"'))
    parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{foot}" y2="{foot}" stroke="#555"/>')
    return parts


def apart(heights: Sequence[float], least: float) -> list[float]:
    """The heights, moved down where two labels would lie upon each other, and up again at the foot."""
    order = sorted(range(len(heights)), key=lambda at: heights[at])
    placed, above = list(heights), -math.inf
    for at in order:
        placed[at] = above = max(heights[at], above + least)
    below = HEIGHT - BOTTOM + least / 2
    for at in reversed(order):
        placed[at] = below = min(placed[at], below)
        below -= least
    return placed


def svg(chart: Chart) -> str:
    """The picture. Each line is named at its end, in its colour; a white ground makes it good on dark pages too."""
    x = scale(chart.x, [x for line in chart.lines for x, _ in line.points], LEFT, WIDTH - RIGHT)
    y = scale(chart.y, [y for line in chart.lines for _, y in line.points], HEIGHT - BOTTOM, TOP)
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    letters = 'font-family="system-ui, sans-serif" font-size="12" fill="#333"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {letters} role="img">',
        f"<title>{escape(chart.title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        *grid(chart, x, y),
    ]
    labels = apart([y(line.points[-1][1]) for line in chart.lines], 16)
    for number, (line, label) in enumerate(zip(chart.lines, labels, strict=True)):
        colour = COLOURS[number % len(COLOURS)]
        places = [(x(across), y(up)) for across, up in line.points]
        path = " ".join(f"{across:.1f},{up:.1f}" for across, up in places)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{across:.1f}" cy="{up:.1f}" r="3" fill="{colour}"/>' for across, up in places]
        parts.append(text(places[-1][0] + 10, label + 4, line.name, f'fill="{colour}"'))
    return "\n".join([*parts, "</svg>", ""])
