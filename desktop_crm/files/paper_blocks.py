"""The blocks of a document as pieces of paper: headings, paragraphs, tiles, tables. Charts are paper_charts.py's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from desktop_crm.base.document import Cell, Column, Heading, Paragraph, Table, Tile, Tiles, Value
from desktop_crm.base.values import show
from desktop_crm.files.flow import Draw, Piece
from desktop_crm.files.typeset import (
    BODY,
    BOLD,
    FAINT,
    HAIR,
    INK,
    LINE,
    QUIET,
    REGULAR,
    TONES,
    Line,
    Run,
    Style,
    draw_line,
    fit,
    width_of,
    wrap,
)

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_HEADINGS = {
    1: (Style(BOLD, 14.5, INK), 26.0, 26.0),
    2: (Style(BOLD, 10.5, INK), 15.0, 20.0),
    3: (Style(BOLD, 9.4, QUIET), 10.0, 18.0),
}
"""Level: style, space before, height of a line."""

_TEXT = Style(REGULAR, 10.8, INK)
_TEXT_LINE = 19.0
_TILE_GAP = 8.0
_TILE_PAD = 8.5
_CELL = 9.2
_CELL_LINE = 13.2
_CELL_PAD = 6.0
_MOST_LINES = 40
"""Longer cells end with …: a row is never cut, so it must fit on a page."""

_ROOMY_ROWS = 14
_MEASURED_ROWS = 400


def heading(block: Heading, x: float, width: float) -> Piece:
    """A heading, held together with what follows it."""
    style, before, height = _HEADINGS[min(max(block.level, 1), 3)]
    note = [Run("   " + block.note, Style(REGULAR, 8.6, QUIET))] if block.note else []
    lines = wrap([Run(block.text, style), *note], width, 3)

    def draw(canvas: Canvas, top: float) -> None:
        if block.level == 1:
            name = f"h{canvas.getPageNumber()}-{top:.0f}"
            canvas.bookmarkHorizontalAbsolute(name, top)
            canvas.addOutlineEntry(block.text, name, 0)
        for number, line in enumerate(lines):
            draw_line(canvas, line, x, top - height * number - height / 2 + 2)

    return Piece(height * len(lines), draw, before=before, glued=True)


def paragraph(block: Paragraph, x: float, width: float) -> Iterator[Piece]:
    """The lines of a paragraph; neither its first nor its last line stands alone on a page."""
    quiet = block.tone == "quiet"
    style = Style(REGULAR, 8.8, QUIET) if quiet else _TEXT._replace(colour=TONES[block.tone])
    lead = block.lead + " " if block.lead and block.lead[-1].isascii() else block.lead
    runs = [Run(lead, style._replace(font=BOLD))] if lead else []
    lines = wrap([*runs, Run(block.text, style)], width)
    height = 15.0 if quiet else _TEXT_LINE
    for number, line in enumerate(lines):
        last = number == len(lines) - 1
        glued = not last and (number == 0 or number == len(lines) - 2)
        yield Piece(height, _line_at(line, x, height), before=2.0 if number == 0 else 0.0, glued=glued)


def _line_at(line: Line, x: float, height: float) -> Draw:
    def draw(canvas: Canvas, top: float) -> None:
        draw_line(canvas, line, x, top - height / 2)

    return draw


def tiles(block: Tiles, x: float, width: float) -> Piece:
    """A row of tiles of equal width."""
    size = (width - _TILE_GAP * (max(len(block.tiles), 3) - 1)) / max(len(block.tiles), 3)
    inner = size - 2 * _TILE_PAD
    changes = [_change_lines(tile, inner) for tile in block.tiles]
    labels = [wrap([Run(tile.label, Style(REGULAR, 8.8, QUIET))], inner, 2) for tile in block.tiles]
    below = 11.5 * max([1, *(len(lines) for lines in changes)])
    label_height = 12.0 * max([1, *(len(lines) for lines in labels)])
    height = 40.0 + label_height + below

    def draw(canvas: Canvas, top: float) -> None:
        for place, tile in enumerate(block.tiles):
            left = x + place * (size + _TILE_GAP)
            canvas.setStrokeColor(LINE)
            canvas.setLineWidth(0.75)
            canvas.roundRect(left, top - height, size, height, 6, stroke=1, fill=0)
            left += _TILE_PAD
            for number, line in enumerate(labels[place]):
                draw_line(canvas, line, left, top - 14.5 - 12.0 * number)
            draw_line(canvas, _figure(tile.value, inner), left, top - label_height - 20.5)
            for number, line in enumerate(changes[place]):
                draw_line(canvas, line, left, top - label_height - 38.5 - 11.5 * number)

    return Piece(height, draw, before=12)


def _figure(value: Value, width: float) -> Line:
    """The big figure, smaller where it would not fit; its note behind it where there is room."""
    text = show(value)
    size = 15.5
    while size > 4 and width_of(text, Style(BOLD, size)) > width:
        size -= 0.5
    figure = Run(text, Style(BOLD, size, TONES[value.tone]))
    note = Run(" " + value.note, Style(REGULAR, 7.6, FAINT))
    with_note = width_of(figure.text, figure.style) + width_of(note.text, note.style) <= width
    return fit([figure, note] if value.note and with_note else [figure], width)


def _change_lines(tile: Tile, width: float) -> list[Line]:
    runs: list[Run] = []
    if tile.change is not None:
        tone = "quiet" if tile.change.tone == "plain" else tile.change.tone
        runs.append(Run(show(tile.change), Style(REGULAR, 8.2, TONES[tone])))
    if tile.change_note:
        runs.append(Run((" " if runs else "") + tile.change_note, Style(REGULAR, 8.2, FAINT)))
    return wrap(runs, width, 3) if runs else []


def table(block: Table, x: float, width: float) -> Iterator[Piece]:
    """Title, header, rows and total; the header comes again on each page, a row is never cut."""
    if block.title:
        yield heading(Heading(block.title, 2, block.note), x, width)
    elif block.note:
        yield from (_glued(piece) for piece in paragraph(Paragraph(block.note, tone="quiet"), x, width))
    sizes = column_widths(block, width)
    pad = 3.4 if block.dense else 6.2 if len(block.rows) <= _ROOMY_ROWS else 4.0
    layout = _Layout(x, sizes, block.columns, pad)
    header = layout.header() if any(column.title for column in block.columns) else None
    if header is not None:
        yield header
    if not block.rows:
        yield layout.empty(block.empty or "–", width)
        return
    rows: list[tuple[Sequence[Cell], bool]] = [(row, False) for row in block.rows]
    if block.total is not None:
        rows.append((block.total, True))
    for number, (row, total) in enumerate(rows):
        yield layout.row(row, header, total=total, glued=len(rows) > 2 and number in (0, len(rows) - 2))


def _glued(piece: Piece) -> Piece:
    return Piece(piece.height, piece.draw, piece.before, glued=True)


def column_widths(block: Table, width: float) -> list[float]:
    """The columns' widths: by their shares, but numbers and headers get what they need while texts can give."""
    shares = sum(column.width for column in block.columns) or 1.0
    sizes = [width * column.width / shares for column in block.columns]
    sample = [*block.rows[:_MEASURED_ROWS], *([block.total] if block.total else [])]
    needs = [_need(column, [row[place] for row in sample]) for place, column in enumerate(block.columns)]
    for _round in range(3):
        missing = sum(max(need - size, 0.0) for need, size in zip(needs, sizes, strict=True))
        spare = sum(max(size - need, 0.0) for need, size in zip(needs, sizes, strict=True))
        if missing <= 0.01:
            break
        if spare <= 0:
            return [width * need / sum(needs) for need in needs]
        take = min(1.0, missing / spare)
        give = min(1.0, spare / missing)
        sizes = [
            size + (need - size) * (give if need > size else take)
            for need, size in zip(needs, sizes, strict=True)
        ]
    return sizes


def _need(column: Column, cells: Sequence[Cell]) -> float:
    """What a column must have: whole numbers, days and short words on one line; texts may wrap."""
    bold = Style(BOLD, _CELL)
    least = max((width_of(word, Style(REGULAR, _CELL)) for word in column.title.split()), default=0.0)
    least = min(least, 90.0)
    for cell in cells:
        text = _shown(cell, column)
        wide = width_of(text, bold)
        if isinstance(cell, Value) and cell.note:
            wide += width_of(" " + cell.note, Style(REGULAR, _CELL - 1.2))
        if (
            column.align == "right"
            or column.unit != "text"
            or (isinstance(cell, Value) and cell.unit != "text")
        ):
            wide = min(wide, 130.0)
        else:
            wide = min(wide, 48.0)
        least = max(least, wide)
    return least + 2 * _CELL_PAD + 0.5


def _shown(cell: Cell, column: Column) -> str:
    return show(cell) if isinstance(cell, Value) else show(cell, column.unit)


class _Layout:
    """The columns of one table, and pieces made from its rows."""

    def __init__(self, x: float, sizes: Sequence[float], columns: Sequence[Column], pad: float) -> None:
        self.x = x
        self.sizes = sizes
        self.columns = columns
        self.pad = pad

    def header(self) -> Piece:
        """The names of the columns."""
        style = Style(REGULAR, _CELL - 0.4, QUIET)
        cells = [
            wrap([Run(column.title, style)], size - 2 * _CELL_PAD, 4)
            for column, size in zip(self.columns, self.sizes, strict=True)
        ]
        return self._piece(cells, LINE, 0.9, glued=True, before=1.0)

    def row(self, row: Sequence[Cell], header: Piece | None, *, total: bool, glued: bool) -> Piece:
        """A row of values."""
        cells = [
            wrap(self._runs(cell, column, place == 0, total), size - 2 * _CELL_PAD, _MOST_LINES)
            for place, (cell, column, size) in enumerate(zip(row, self.columns, self.sizes, strict=True))
        ]
        return self._piece(cells, FAINT if total else HAIR, 0.75, glued=glued, repeat=header, above=total)

    def empty(self, text: str, width: float) -> Piece:
        """What is said where there are no rows."""
        lines = wrap([Run(text, Style(REGULAR, _CELL, FAINT))], width - 2 * _CELL_PAD)
        return self._piece([lines], HAIR, 0.75)

    def _runs(self, cell: Cell, column: Column, first: bool, total: bool) -> list[Run]:
        value = cell if isinstance(cell, Value) else Value(cell, column.unit)
        bold = BOLD if value.bold or total else REGULAR
        plain = INK if first or value.bold or total else BODY if column.align == "left" else QUIET
        colour = plain if value.tone == "plain" else TONES[value.tone]
        runs = [Run(_shown(cell, column), Style(bold, _CELL, colour))]
        if value.note:
            runs.append(Run(" " + value.note, Style(REGULAR, _CELL - 1.2, FAINT)))
        return runs

    def _piece(
        self,
        cells: Sequence[Sequence[Line]],
        colour: str,
        thick: float,
        *,
        glued: bool = False,
        before: float = 0.0,
        repeat: Piece | None = None,
        above: bool = False,
    ) -> Piece:
        height = max((len(lines) for lines in cells), default=1) * _CELL_LINE + 2 * self.pad

        def draw(canvas: Canvas, top: float) -> None:
            canvas.setStrokeColor(colour)
            canvas.setLineWidth(thick)
            edge = top if above else top - height
            canvas.line(self.x, edge, self.x + sum(self.sizes), edge)
            left = self.x
            for lines, column, size in zip(cells, self.columns, self.sizes, strict=False):
                for number, line in enumerate(lines):
                    gap = size - 2 * _CELL_PAD - line.width if column.align == "right" else 0.0
                    middle = top - self.pad - _CELL_LINE * (number + 0.5)
                    draw_line(canvas, line, left + _CELL_PAD + gap, middle)
                left += size

        return Piece(height, draw, before=before, glued=glued, repeat=repeat)
