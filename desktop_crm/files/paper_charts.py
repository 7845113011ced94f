"""Charts on paper, drawn as vectors: bars with a line, lines, one bar of shares. Values are shown by base.values.show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from desktop_crm.base.document import BarChart, LineChart, Number, Series, ShareBar, Unit
from desktop_crm.base.values import MISSING, show
from desktop_crm.files.flow import Piece
from desktop_crm.files.typeset import (
    BAR,
    BAR_QUIET,
    BOLD,
    FAINT,
    HAIR,
    INK,
    LINE,
    QUIET,
    REGULAR,
    SHARES,
    Line,
    Run,
    Style,
    draw_line,
    draw_text,
    fit,
    width_of,
)

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_TITLE = Style(BOLD, 10.5, INK)
_NOTE = Style(REGULAR, 8.6, QUIET)
_AXIS = Style(REGULAR, 7.4, FAINT)
_LEGEND = Style(REGULAR, 8.2, QUIET)
_LINES = (SHARES["accent"], SHARES["gold"], SHARES["grey"], SHARES["green"], SHARES["red"])
_PLOT = 104.0
_TITLE_HEIGHT = 26.0
_LABELS = 13.0

Key = tuple[str, str, bool]
"""An entry of a legend: name, colour, and whether it is a line (else a square)."""


def bar_chart(chart: BarChart, x: float, width: float) -> Piece:
    """A bar chart with its optional grey line."""
    keys: list[Key] = [(chart.bars.name, BAR, False)]
    if chart.line is not None:
        keys.append((chart.line.name, FAINT, True))

    def draw(canvas: Canvas, top: float) -> None:
        series = [chart.bars, *([chart.line] if chart.line else [])]
        frame = _Frame(canvas, series, len(chart.labels), x, top - _TITLE_HEIGHT, width)
        _title(canvas, chart.title, chart.note, keys, x, top, width)
        frame.grid()
        frame.bars(chart.bars, chart.quiet)
        if chart.line:
            frame.line(chart.line, FAINT, 1.1)
        frame.labels(chart.labels)

    return Piece(_TITLE_HEIGHT + _PLOT + _LABELS, draw, before=16)


def line_chart(chart: LineChart, x: float, width: float) -> Piece:
    """One or more lines over places."""
    colours = [_LINES[place % len(_LINES)] for place in range(len(chart.lines))]
    keys: list[Key] = [(line.name, colour, True) for line, colour in zip(chart.lines, colours, strict=True)]

    def draw(canvas: Canvas, top: float) -> None:
        frame = _Frame(canvas, chart.lines, len(chart.labels), x, top - _TITLE_HEIGHT, width)
        _title(canvas, chart.title, chart.note, keys, x, top, width)
        frame.grid()
        for line, colour in zip(chart.lines, colours, strict=True):
            frame.line(line, colour, 1.6, dots=True)
        frame.labels(chart.labels)

    return Piece(_TITLE_HEIGHT + _PLOT + _LABELS, draw, before=16)


def share_bar(bar: ShareBar, x: float, width: float) -> Piece:
    """One bar of shares with its legend below."""
    total = sum(share.value for share in bar.shares)
    texts = [
        (share.label, show(share.value / total if total else None, "ratio"), SHARES[share.colour])
        for share in bar.shares
    ]
    rows = _legend_rows(texts, width)

    def draw(canvas: Canvas, top: float) -> None:
        _title(canvas, bar.title, bar.note, [], x, top, width)
        y = top - _TITLE_HEIGHT - 16
        parts = [
            (share.value / total * width, SHARES[share.colour]) for share in bar.shares if share.value > 0
        ]
        if not parts:
            parts = [(width, LINE)]
        left = x
        for place, (size, colour) in enumerate(parts, 1):
            canvas.setFillColor(colour)
            gap = 2 if place < len(parts) and size > 4 else 0
            canvas.roundRect(left, y, max(size - gap, 0.5), 16, min(3, size / 2), stroke=0, fill=1)
            left += size
        for number, row in enumerate(rows):
            middle = y - 12 - number * 14
            for indent, (label, percent, colour) in row:
                canvas.setFillColor(colour)
                canvas.roundRect(x + indent, middle - 3, 6, 6, 1.2, stroke=0, fill=1)
                text = fit([Run(f"{label} ", _LEGEND), Run(percent, Style(BOLD, 8.2, INK))], width - 12)
                draw_line(canvas, text, x + indent + 10, middle)

    return Piece(_TITLE_HEIGHT + 16 + 6 + 14 * len(rows), draw, before=16)


def _legend_rows(
    texts: Sequence[tuple[str, str, str]], width: float
) -> list[list[tuple[float, tuple[str, str, str]]]]:
    rows: list[list[tuple[float, tuple[str, str, str]]]] = [[]]
    used = 0.0
    for text in texts:
        size = min(width, width_of(f"{text[0]} {text[1]}", Style(BOLD, 8.2)) + 26)
        if rows[-1] and used + size > width:
            rows.append([])
            used = 0.0
        rows[-1].append((used, text))
        used += size
    return rows


def _title(
    canvas: Canvas, title: str, note: str, keys: Sequence[Key], x: float, top: float, width: float
) -> None:
    """Title and note at the left, legend at the right of one line."""
    middle = top - 8
    right = x + width
    for name, colour, is_line in reversed([key for key in keys if key[0]]):
        line: Line = fit([Run(name, _LEGEND)], width / 4)
        right -= line.width
        draw_line(canvas, line, right, middle)
        right -= 14
        canvas.setFillColor(colour)
        if is_line:
            canvas.rect(right, middle - 0.6, 10, 1.4, stroke=0, fill=1)
        else:
            canvas.roundRect(right + 3, middle - 3, 6, 6, 1.2, stroke=0, fill=1)
        right -= 10
    words = [Run(title, _TITLE), *([Run("   " + note, _NOTE)] if note else [])]
    draw_line(canvas, fit(words, right - x), x, middle)


def scale(values: Sequence[Number | None], unit: Unit) -> tuple[float, float, float]:
    """Least, most and step of an axis in round figures that hold all values and zero."""
    known = [float(value) for value in values if value is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    if high == low:
        high = low + {"ratio": 0.1, "points": 0.1, "fen": 10_000.0}.get(unit, 4.0)
    rough = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * 0.999)
    if unit in ("count", "days", "months") and step < 1:
        step = 1.0
    if step == 2.5 and unit in ("count", "days", "months"):
        step = 5.0
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step, step


class _Frame:
    """The plot: axis, places, and where a value stands."""

    def __init__(
        self, canvas: Canvas, series: Sequence[Series], places: int, x: float, top: float, width: float
    ) -> None:
        self.canvas = canvas
        self.unit: Unit = series[0].unit if series else "count"
        values = [value for one in series for value in one.values]
        self.empty = not any(value is not None for value in values)
        self.least, self.most, self.step = scale(values, self.unit)
        ticks = round((self.most - self.least) / self.step)
        self.ticks = [self.least + self.step * place for place in range(ticks + 1)]
        self.texts = [show(int(tick) if tick == int(tick) else tick, self.unit) for tick in self.ticks]
        gutter = max(width_of(text, _AXIS) for text in self.texts) + 8
        self.x, self.top, self.bottom = x, top, top - _PLOT
        self.left = x + gutter
        self.right = x + width
        self.slot = (self.right - self.left) / max(places, 1)

    def height(self, value: float) -> float:
        """Where a value stands."""
        return self.bottom + (value - self.least) / (self.most - self.least) * (self.top - self.bottom)

    def middle(self, place: int) -> float:
        """The middle of a place."""
        return self.left + self.slot * (place + 0.5)

    def grid(self) -> None:
        """Hairlines with their values, the one of zero a little stronger."""
        self.canvas.setLineWidth(0.6)
        if self.empty:
            self.canvas.setStrokeColor(LINE)
            self.canvas.line(self.left, self.bottom, self.right, self.bottom)
            middle = (self.left + self.right) / 2
            draw_text(self.canvas, MISSING, _NOTE, middle, self.bottom + 10, align=0.5)
            return
        for tick, text in zip(self.ticks, self.texts, strict=True):
            y = self.height(tick)
            self.canvas.setStrokeColor(LINE if tick == 0 else HAIR)
            self.canvas.line(self.left, y, self.right, y)
            draw_text(self.canvas, text, _AXIS, self.left - 6, y, align=1)

    def bars(self, series: Series, quiet: frozenset[int]) -> None:
        """A bar per place."""
        thick = min(self.slot * 0.66, 26)
        zero = self.height(0)
        for place, value in enumerate(series.values):
            if value is None or value == 0:
                continue
            y = self.height(value)
            low, high = min(y, zero), max(y, zero)
            self.canvas.setFillColor(BAR_QUIET if place in quiet else BAR)
            radius = min(1.6, thick / 2, (high - low) / 2)
            self.canvas.roundRect(
                self.middle(place) - thick / 2, low, thick, high - low, radius, stroke=0, fill=1
            )

    def line(self, series: Series, colour: str, thick: float, *, dots: bool = False) -> None:
        """A line over the places; a missing value is a gap."""
        self.canvas.setStrokeColor(colour)
        self.canvas.setFillColor(colour)
        self.canvas.setLineWidth(thick)
        self.canvas.setLineJoin(1)
        self.canvas.setLineCap(1)
        path = self.canvas.beginPath()
        before: float | None = None
        for place, value in enumerate(series.values):
            if value is not None:
                move = path.moveTo if before is None else path.lineTo
                move(self.middle(place), self.height(value))
                if dots:
                    self.canvas.circle(self.middle(place), self.height(value), 1.7, stroke=0, fill=1)
            before = value
        self.canvas.drawPath(path, stroke=1, fill=0)

    def labels(self, labels: Sequence[str]) -> None:
        """The names of the places; those that would touch the one before are left out."""
        free = self.left - 8
        for place, label in enumerate(labels):
            size = width_of(label, _AXIS)
            start = min(max(self.middle(place) - size / 2, self.left - 4), self.right - size)
            if label and start > free:
                draw_text(self.canvas, label, _AXIS, start, self.bottom - 8)
                free = start + size + 4
