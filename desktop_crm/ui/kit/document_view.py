"""A document's blocks as widgets on the screen. The numbers are the document's own; nothing is computed here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from desktop_crm.base import document as doc
from desktop_crm.base.values import show
from desktop_crm.ui.kit.charts import chart_of
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import STRETCH, clear, hbox, vbox
from desktop_crm.ui.kit.panels import FigureTile, Panel
from desktop_crm.ui.kit.table import Column, RecordTable
from desktop_crm.ui.kit.theme import S8, S12, S16

Cells = tuple[doc.Cell, ...]
_TILES_IN_ROW = 6
_CHART_HEIGHT = 260


class BlocksView(QWidget):
    """Blocks below each other.

    Signals:
        tile_chosen(key): a tile was pressed.
    """

    tile_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = vbox(spacing=S16, on=self)

    def show_document(self, document: doc.Document) -> None:
        """Show title, subtitle and all blocks."""
        self._start()
        self._column.addLayout(
            hbox(Label(document.title, "title"), Label(document.subtitle, "quiet"), STRETCH, spacing=S12)
        )
        self._add(document.blocks)

    def show_blocks(self, blocks: Sequence[doc.Block]) -> None:
        """Show these blocks."""
        self._start()
        self._add(blocks)

    def _start(self) -> None:
        clear(self._column)

    def _add(self, blocks: Sequence[doc.Block]) -> None:
        for block in blocks:
            made = self._widget(block)
            if made is not None:
                self._column.addWidget(made)
        self._column.addStretch(1)

    def _widget(self, block: doc.Block) -> QWidget | None:
        if isinstance(block, doc.Heading):
            return _heading(block)
        if isinstance(block, doc.Paragraph):
            return paragraph(block)
        if isinstance(block, doc.Tiles):
            return self._tiles(block)
        if isinstance(block, doc.Table):
            return table_panel(block)
        if isinstance(block, doc.PageBreak | doc.QrCode):
            return None
        panel = Panel(block.title, note=block.note)
        chart = panel.add(chart_of(block), 1)
        if not isinstance(block, doc.ShareBar):
            chart.setMinimumHeight(_CHART_HEIGHT)
        return panel

    def _tiles(self, block: doc.Tiles) -> QWidget:
        held = QWidget()
        grid = QGridLayout(held)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(S12)
        for place, tile in enumerate(block.tiles):
            column = place % _TILES_IN_ROW
            grid.setColumnStretch(column, 1)
            chosen = partial(self.tile_chosen.emit, tile.key)
            grid.addWidget(tile_widget(tile, chosen), place // _TILES_IN_ROW, column)
        return held


def tile_widget(tile: doc.Tile, on_click: partial[None] | None = None) -> FigureTile:
    """A tile of a document."""
    change = tile.change
    return FigureTile(
        tile.label,
        show(tile.value),
        tone=tile.value.tone,
        change=show(change) if change is not None else "",
        change_tone=change.tone if change is not None else "plain",
        note=" ".join(part for part in (tile.change_note, tile.value.note) if part),
        on_click=on_click,
    )


def paragraph(block: doc.Paragraph) -> QLabel:
    """A paragraph with its bold lead; the only place that makes HTML, from escaped text."""
    label = Label(wrap=True, selectable=True, tone=None if block.tone == "plain" else block.tone)
    label.setTextFormat(Qt.TextFormat.RichText)
    lead = f"<b>{escape(block.lead)}</b> " if block.lead else ""
    label.setText(lead + escape(block.text).replace("\n", "<br>"))
    return label


def table_panel(block: doc.Table) -> Panel:
    """A table in a panel, as high as its rows."""
    panel = Panel(block.title, note=block.note, spacing=S8)
    if block.rows or not block.empty:
        table = document_table(block)
        table.fit_rows()
        panel.add(table)
    else:
        panel.add(Label(block.empty, "quiet", wrap=True))
    return panel


def document_table(block: doc.Table) -> RecordTable[Cells]:
    """A table of a document; the total is its last row."""
    whole = sum(column.width for column in block.columns) or 1
    columns = [_column(block, place, whole) for place in range(len(block.columns))]
    table = RecordTable(columns, dense=True, identity=id)
    table.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    table.set_records([*block.rows, block.total] if block.total is not None else block.rows)
    return table


def _column(block: doc.Table, place: int, whole: float) -> Column[Cells]:
    column = block.columns[place]

    def text(row: Cells) -> str:
        cell = row[place]
        if isinstance(cell, doc.Value):
            return f"{show(cell)} {cell.note}".strip()
        return show(cell, column.unit)

    def tone(row: Cells) -> str:
        cell = row[place]
        return cell.tone if isinstance(cell, doc.Value) else "plain"

    def bold(row: Cells) -> bool:
        cell = row[place]
        return row is block.total or (isinstance(cell, doc.Value) and cell.bold)

    def sort(row: Cells) -> doc.Scalar:
        cell = row[place]
        return cell.value if isinstance(cell, doc.Value) else cell

    return Column(
        str(place),
        column.title,
        text,
        tone=tone,
        bold=bold,
        align=column.align,
        stretch=max(1, round(100 * column.width / whole)),
        sort=sort,
        sortable=block.total is None,
    )


def _heading(block: doc.Heading) -> QWidget:
    held = QWidget()
    role = "title" if block.level == 1 else "section"
    hbox(
        Label(block.text, "title" if role == "title" else "section"),
        Label(block.note, "faint"),
        STRETCH,
        on=held,
    )
    return held
