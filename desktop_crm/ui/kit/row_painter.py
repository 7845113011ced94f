"""Paints the rows of a `RecordTable`: two-line cells, pills, hair lines, what is selected. No data, no widget.

One call paints all visible rows: handing each cell to a delegate cost four times what the painting itself costs.
Text is painted by font and colour, so that the painter is set up a few times per paint and not per cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPixmap

from desktop_crm.ui.kit import theme
from desktop_crm.ui.kit.cells import Column, Mark
from desktop_crm.ui.kit.labels import CHIP_HEIGHT, chip_width, paint_chip
from desktop_crm.ui.kit.theme import S4, S8

_ELIDE: Final = Qt.TextElideMode.ElideRight
_LEFT: Final = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine
_RIGHT: Final = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight | Qt.TextFlag.TextSingleLine
_PLAIN, _BOLD, _SMALL = range(3)
_KEPT = 5_000
_BAR = 3


@dataclass(frozen=True)
class Row:
    """A row on the screen: its upper edge, its record (None while it is on its way), whether it is selected.

    Attributes:
        current: the row with the cursor in a table in which several may be selected.
    """

    y: int
    record: Any  # of whatever type the table is of
    selected: bool = False
    current: bool = False


@dataclass(frozen=True)
class Place:
    """A column on the screen."""

    column: int
    x: int
    width: int


class RowPainter:
    """Paints rows; made once per table, remembers widths of texts and the look of pills."""

    def __init__(self, columns: Sequence[Column[Any]], height: int) -> None:
        self._columns = columns
        self._height = height
        self._fonts = (theme.font(14), theme.font(14, bold=True), theme.font(12))
        self.metrics = tuple(QFontMetrics(each) for each in self._fonts)
        self._widest = tuple(max(each.maxWidth(), each.horizontalAdvance("国")) for each in self.metrics)
        self._shown: dict[tuple[str, int, int], tuple[str, int]] = {}
        self._chips: dict[tuple[str, str, bool], QPixmap] = {}
        self._chip_widths: dict[str, int] = {}
        self._theme: theme.Tokens | None = None
        self._colours: dict[str, QColor] = {}
        self._texts: dict[tuple[int, str], list[tuple[QRect, Any, str]]] = {}

    def paint(self, painter: QPainter, rows: Sequence[Row], places: Sequence[Place]) -> None:
        """Paint rows from column to column."""
        if not places:
            return
        self._follow_theme()
        left, right = places[0].x, places[-1].x + places[-1].width
        self._grounds(painter, rows, left, right - left)
        self._texts.clear()
        for row in rows:
            if row.record is None:
                rect = QRect(places[0].x + S8, row.y, places[0].width - 2 * S8, self._height - 1)
                self._texts.setdefault((_PLAIN, "faint"), []).append((rect, _LEFT, "…"))
                continue
            for place in places:
                self._cell(painter, row, place)
        for (font, tone), texts in self._texts.items():
            painter.setFont(self._fonts[font])
            painter.setPen(self._colour(tone))
            for rect, flags, text in texts:
                painter.drawText(rect, flags, text)

    def show_columns(self, columns: Sequence[Column[Any]]) -> None:
        """Paint other columns."""
        self._columns = columns

    def room_needed(self, column: Column[Any], record: Any) -> int:
        """How wide a cell would have to be to say everything."""
        said = column.text(record) if column.text is not None else ""
        marks = sum(chip_width(mark.text) + S4 for mark in column.marks(record)) if column.marks else 0
        below = column.second(record) if column.second is not None else ""
        return max(
            self.metrics[_BOLD].horizontalAdvance(said) + marks, self.metrics[_SMALL].horizontalAdvance(below)
        )

    def _follow_theme(self) -> None:
        named = theme.tokens()
        if named is not self._theme:
            self._theme = named
            self._colours.clear()
            self._chips.clear()

    def _colour(self, tone: str) -> QColor:
        found = self._colours.get(tone)
        if found is None:
            found = self._colours[tone] = theme.text_colour(tone)
        return found

    def _grounds(self, painter: QPainter, rows: Sequence[Row], left: int, width: int) -> None:
        hair = self._colour("hair")
        for row in rows:
            if row.selected:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self._colour("accent_soft"))
                painter.drawRoundedRect(QRectF(left, row.y, width, self._height - 1), 8, 8)
            else:
                painter.fillRect(left, row.y + self._height - 1, width, 1, hair)
            if row.current:
                painter.fillRect(left, row.y + 6, _BAR, self._height - 13, self._colour("accent"))

    def _cell(self, painter: QPainter, row: Row, place: Place) -> None:
        column, record = self._columns[place.column], row.record
        x, width, y, height = place.x + S8, place.width - 2 * S8, row.y, self._height - 1
        flags = _RIGHT if column.align == "right" else _LEFT
        if column.second is not None and (second := column.second(record)):
            middle = y + (height - 1) // 2
            shown, _wide = self._fitting(second, _SMALL, width)
            self._texts.setdefault((_SMALL, "faint"), []).append(
                (QRect(x, middle + 2, width, 17), flags, shown)
            )
            y, height = middle - 19, 21
        marks = column.marks(record) if column.marks is not None else ()
        used = 0
        if column.text is not None and (text := column.text(record)):
            bold = column.bold(record) if callable(column.bold) else column.bold
            tone = column.tone(record) if callable(column.tone) else column.tone
            font = _BOLD if bold else _PLAIN
            room = width
            if marks:
                wanted = sum(self._chip_width(mark.text) + S4 for mark in marks)
                room = max(width - wanted, width // 2)
            shown, used = self._fitting(text, font, room, measured=bool(marks))
            self._texts.setdefault((font, tone), []).append((QRect(x, y, width, height), flags, shown))
        if marks:
            self._marks(painter, marks, x, x + width, x + used + (S4 if used else 0), y + height // 2)

    def _marks(
        self, painter: QPainter, marks: Sequence[Mark], left: int, right: int, x: int, middle: int
    ) -> None:
        for mark in marks:
            if mark.text:
                chip, wide = self._chip(painter, mark)
                if x + wide <= right + S8 or x == left:
                    painter.drawPixmap(x, middle - CHIP_HEIGHT // 2, chip)
                    x += wide + S4

    def _fitting(self, text: str, font: int, room: int, *, measured: bool = False) -> tuple[str, int]:
        """What of a text fits, and how wide that is (0 where nobody asked and it fits anyway)."""
        if not measured and len(text) * self._widest[font] <= room:
            return text, 0
        key = (text, font, room)
        found = self._shown.get(key)
        if found is None:
            if len(self._shown) > _KEPT:
                self._shown.clear()
            metrics = self.metrics[font]
            shown = metrics.elidedText(text, _ELIDE, room)
            found = self._shown[key] = (shown, metrics.horizontalAdvance(shown))
        return found

    def _chip_width(self, text: str) -> int:
        found = self._chip_widths.get(text)
        if found is None:
            if len(self._chip_widths) > _KEPT:
                self._chip_widths.clear()
            found = self._chip_widths[text] = chip_width(text)
        return found

    def _chip(self, painter: QPainter, mark: Mark) -> tuple[QPixmap, int]:
        key = (mark.text, mark.tone, mark.bold)
        wide = self._chip_width(mark.text)
        found = self._chips.get(key)
        scale = painter.device().devicePixelRatio()
        if found is None or found.devicePixelRatio() != scale:
            if len(self._chips) > _KEPT:
                self._chips.clear()
            found = QPixmap(round((wide + 1) * scale), round(CHIP_HEIGHT * scale))
            found.setDevicePixelRatio(scale)
            found.fill(Qt.GlobalColor.transparent)
            inner = QPainter(found)
            paint_chip(inner, 0, 0, mark.text, mark.tone, bold=mark.bold)
            inner.end()
            self._chips[key] = found
        return found, wide
