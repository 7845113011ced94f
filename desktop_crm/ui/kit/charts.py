"""Painted charts for a document's blocks: bars with a line over them, lines, and a bar of shares.

They paint the plot only; title and note stand in the panel around them. Paper has its own drawing of the same
blocks in files/paper_charts.py.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_crm.base.document import BarChart, LineChart, Number, Series, Share, ShareBar, Unit
from desktop_crm.base.i18n import _
from desktop_crm.base.values import show
from desktop_crm.ui.kit import theme
from desktop_crm.ui.kit.theme import S4, S8, S12

Chart = BarChart | LineChart | ShareBar

_LINES: Final = ("accent", "share_gold", "share_green", "share_red", "faint")
_STEPS: Final = (1, 2, 2.5, 5, 10)
_BAR_HEIGHT: Final = 22
_CENTRE = Qt.AlignmentFlag.AlignCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def chart_of(block: Chart) -> PlotChart | ShareChart:
    """The widget that paints a block; `show_block` gives it another one of the same kind."""
    if isinstance(block, ShareBar):
        return ShareChart(block)
    return PlotChart(block)


def nice_scale(highest: float, unit: Unit = "count") -> tuple[float, int]:
    """(step, number of steps) of a scale from 0 that holds `highest` with about five round steps.

    Whole counts get whole steps; money counts in yuan, ratios in percent.
    """
    factor = 100 if unit == "fen" else 0.01 if unit in ("ratio", "points") else 1
    size = max(highest / factor, 0)
    if size <= 0:
        return factor, 4
    rough = size / 5
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(each * power for each in _STEPS if each * power >= rough * 0.999)
    if unit in ("count", "fen", "minutes", "days"):
        step = max(1.0, float(math.ceil(step)))
    return step * factor, max(1, math.ceil(size / step - 1e-9))


class PlotChart(QWidget):
    """Bars or lines over labelled places; pointing at a place says its values."""

    def __init__(self, block: BarChart | LineChart, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._block = block
        self._at: int | None = None
        self.setMouseTracking(True)
        self.setMinimumHeight(120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.show_block(block)

    def show_block(self, block: BarChart | LineChart) -> None:
        """Show another chart."""
        self._block, self._at = block, None
        self.setAccessibleName(block.title)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(480, 240)

    def hint_at(self, place: int) -> list[str]:
        """What pointing at a place says: its label, then each series with its value."""
        label = self._block.labels[place] or str(place + 1)
        return [
            label,
            *(f"{series.name}  {show(series.values[place], series.unit)}" for series in self._series),
        ]

    @property
    def _series(self) -> tuple[Series, ...]:
        block = self._block
        if isinstance(block, LineChart):
            return block.lines
        return (block.bars, block.line) if block.line is not None else (block.bars,)

    def _values(self) -> list[Number]:
        return [value for series in self._series for value in series.values if value is not None]

    def _frame(self) -> tuple[QRectF, float, int]:
        """The plot's rectangle, the step and the number of steps of its scale."""
        unit = self._series[0].unit if self._series else "count"
        step, steps = nice_scale(max(self._values(), default=0), unit)
        metrics = QFontMetrics(theme.font(12))
        gutter = (
            max(metrics.horizontalAdvance(show(_tidy(step * place), unit)) for place in range(steps + 1))
            + S12
        )
        top = S8 + (22 if isinstance(self._block, LineChart) and len(self._series) > 1 else 0)
        return QRectF(gutter, top, self.width() - gutter - 2, self.height() - top - 26), step, steps

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not any(self._values()):
            painter.setPen(theme.tokens().colour("faint"))
            painter.drawText(self.rect(), _CENTRE, _("Nothing to draw yet"))
            painter.end()
            return
        plot, step, steps = self._frame()
        self._paint_grid(painter, plot, step, steps)
        top = step * steps
        if isinstance(self._block, BarChart):
            self._paint_bars(painter, plot, top, self._block)
            if self._block.line is not None:
                self._paint_line(
                    painter, plot, top, self._block.line, theme.tokens().colour("faint"), dots=False
                )
        else:
            for series, colour in zip(self._block.lines, _colours(), strict=False):
                self._paint_line(painter, plot, top, series, colour, dots=True)
            self._paint_legend(painter, plot)
        self._paint_labels(painter, plot)
        if self._at is not None:
            self._paint_hint(painter, plot, self._at)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        plot, _step, _steps = self._frame()
        count = len(self._block.labels)
        place = int((event.position().x() - plot.left()) / plot.width() * count) if count else -1
        at = place if 0 <= place < count and plot.left() <= event.position().x() else None
        if at != self._at:
            self._at = at
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._at = None
        self.update()

    # ---------------------------------------------------------------- painting

    def _paint_grid(self, painter: QPainter, plot: QRectF, step: float, steps: int) -> None:
        named = theme.tokens()
        painter.setFont(theme.font(12))
        unit = self._series[0].unit
        for place in range(steps + 1):
            y = round(plot.bottom() - plot.height() * place / steps) + 0.5
            painter.setPen(QPen(named.colour("hair"), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(named.colour("faint"))
            box = QRectF(0, y - 9, plot.left() - S8, 18)
            painter.drawText(box, _RIGHT, show(_tidy(step * place), unit))

    def _paint_bars(self, painter: QPainter, plot: QRectF, top: float, block: BarChart) -> None:
        named = theme.tokens()
        slot = plot.width() / max(1, len(block.labels))
        wide = max(2.0, min(slot * 0.66, 44.0))
        painter.setPen(Qt.PenStyle.NoPen)
        for place, value in enumerate(block.bars.values):
            if not value or value < 0:
                continue
            high = plot.height() * value / top
            x = plot.left() + slot * place + (slot - wide) / 2
            bar = QRectF(x, plot.bottom() - high, wide, high)
            colour = named.colour("bar_quiet" if place in block.quiet else "bar")
            painter.setBrush(colour.lighter(112) if place == self._at else colour)
            painter.drawPath(_rounded_top(bar, min(3.0, wide / 3)))

    def _paint_line(
        self, painter: QPainter, plot: QRectF, top: float, series: Series, colour: QColor, *, dots: bool
    ) -> None:
        slot = plot.width() / max(1, len(series.values))
        points = [
            None
            if value is None
            else QPointF(plot.left() + slot * (place + 0.5), plot.bottom() - plot.height() * value / top)
            for place, value in enumerate(series.values)
        ]
        path = QPainterPath()
        pen_down = False
        for point in points:
            if point is None:
                pen_down = False
            elif pen_down:
                path.lineTo(point)
            else:
                path.moveTo(point)
                pen_down = True
        painter.setBrush(Qt.BrushStyle.NoBrush)
        pen = QPen(colour, 2)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawPath(path)
        last = max((place for place, point in enumerate(points) if point is not None), default=-1)
        for place, point in enumerate(points):
            alone = point is not None and all(
                points[near] is None for near in (place - 1, place + 1) if 0 <= near < len(points)
            )
            if point is not None and (place == self._at or (dots and (place == last or alone))):
                painter.setPen(QPen(theme.tokens().colour("panel"), 2))
                painter.setBrush(colour)
                painter.drawEllipse(point, 4.5, 4.5)

    def _paint_labels(self, painter: QPainter, plot: QRectF) -> None:
        """As many labels as fit; an empty one leaves its place unmarked."""
        painter.setFont(theme.font(12))
        painter.setPen(theme.tokens().colour("faint"))
        metrics = painter.fontMetrics()
        slot = plot.width() / max(1, len(self._block.labels))
        free_from = 0.0
        for place, label in enumerate(self._block.labels):
            wide = metrics.horizontalAdvance(label)
            middle = plot.left() + slot * (place + 0.5)
            x = min(max(middle - wide / 2, 0), self.width() - wide)
            if label and x >= free_from:
                painter.drawText(QRectF(x, plot.bottom() + S8, wide + 2, 18), _LEFT, label)
                free_from = x + wide + S8

    def _paint_legend(self, painter: QPainter, plot: QRectF) -> None:
        if len(self._series) < 2:
            return
        painter.setFont(theme.font(12))
        x = plot.left()
        for series, colour in zip(self._series, _colours(), strict=False):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(QPointF(x + 4, 9), 4, 4)
            painter.setPen(theme.tokens().colour("quiet"))
            wide = painter.fontMetrics().horizontalAdvance(series.name)
            painter.drawText(QRectF(x + S12, 0, wide + 2, 18), _LEFT, series.name)
            x += wide + S12 + S12 + S4

    def _paint_hint(self, painter: QPainter, plot: QRectF, place: int) -> None:
        named = theme.tokens()
        said = self.hint_at(place)
        painter.setFont(theme.font(12))
        metrics = painter.fontMetrics()
        wide = max(metrics.horizontalAdvance(line) for line in said) + 2 * S12
        high = 18 * len(said) + S12
        middle = plot.left() + plot.width() / len(self._block.labels) * (place + 0.5)
        painter.setPen(QPen(named.colour("line"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(middle, plot.top()), QPointF(middle, plot.bottom()))
        x = middle + S12 if middle + S12 + wide < self.width() else middle - S12 - wide
        box = QRectF(max(x, 0), plot.top(), wide, high)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(named.colour("toast"))
        painter.drawRoundedRect(box, 8, 8)
        painter.setPen(named.colour("on_toast"))
        for row, line in enumerate(said):
            painter.setFont(theme.font(12, bold=row == 1))
            painter.drawText(QRectF(box.left() + S12, box.top() + 6 + 18 * row, wide, 18), _LEFT, line)


class ShareChart(QWidget):
    """One bar split into shares; under each its name and percentage."""

    def __init__(self, block: ShareBar, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._block = block
        self.setMouseTracking(True)
        self.setFixedHeight(_BAR_HEIGHT + 24)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_block(block)

    def show_block(self, block: ShareBar) -> None:
        """Show other shares."""
        self._block = block
        self.setAccessibleName(", ".join(self.words(share) for share in block.shares))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(480, _BAR_HEIGHT + 24)

    def words(self, share: Share) -> str:
        """A share's name and percentage."""
        whole = sum(each.value for each in self._block.shares)
        return _("{label} {percent}").format(label=share.label, percent=_percent(share.value, whole))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        hit = next((share for share, left, wide in self._places() if left <= x <= left + wide), None)
        self.setToolTip("" if hit is None else f"{self.words(hit)} ・ {show(hit.value, 'count')}")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        places = self._places()
        if not places:
            painter.setPen(theme.tokens().colour("faint"))
            painter.drawText(self.rect(), _LEFT, _("Nothing to draw yet"))
        painter.setPen(Qt.PenStyle.NoPen)
        for share, left, wide in places:
            name = "share_" + share.colour
            painter.setBrush(theme.tokens().colour(name))
            painter.drawRoundedRect(QRectF(left, 0, wide, _BAR_HEIGHT), 4, 4)
        self._paint_words(painter, places)
        painter.end()

    def _places(self) -> list[tuple[Share, float, float]]:
        """Each share with its left edge and width; the smallest is still to be seen."""
        shares = [share for share in self._block.shares if share.value > 0]
        whole = sum(share.value for share in shares)
        room = self.width() - 3 * (len(shares) - 1) - 6 * len(shares)
        found, x = [], 0.0
        for share in shares:
            wide = 6 + room * share.value / whole
            found.append((share, x, wide))
            x += wide + 3
        return found

    def _paint_words(self, painter: QPainter, places: Sequence[tuple[Share, float, float]]) -> None:
        """Under the left edge of each share, pushed aside where the words of two would touch."""
        painter.setFont(theme.font(12))
        painter.setPen(theme.tokens().colour("quiet"))
        said = [self.words(share) for share, _left, _wide in places]
        widths = [painter.fontMetrics().horizontalAdvance(words) + S12 for words in said]
        starts: list[float] = []
        for (_share, left, _wide), width in zip(places, [0, *widths], strict=False):
            starts.append(max(left, starts[-1] + width if starts else 0))
        edge = float(self.width()) + S12
        for place in reversed(range(len(starts))):
            starts[place] = min(starts[place], edge - widths[place])
            edge = starts[place]
        for words, x, width in zip(said, starts, widths, strict=True):
            painter.drawText(QRectF(x, _BAR_HEIGHT + S4, width + 2, 18), _LEFT, words)


def _percent(value: Number, whole: Number) -> str:
    return f"{round(100 * value / whole)}%" if whole else show(None)


def _tidy(number: float) -> Number:
    """Without the noise of binary fractions; whole where it is whole."""
    tidy = round(number, 6)
    return int(tidy) if tidy == int(tidy) else tidy


def _colours() -> list[QColor]:
    return [theme.tokens().colour(name) for name in _LINES]


def _rounded_top(bar: QRectF, radius: float) -> QPainterPath:
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    path.addRoundedRect(bar, radius, radius)
    if bar.height() > radius:
        path.addRect(bar.adjusted(0, radius, 0, 0))
    return path
