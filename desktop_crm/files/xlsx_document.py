"""A Document as a workbook: numbers as numbers, a sheet per section, charts beside the figures they draw.

Large tables are xlsx.py's business. The same document gives the same bytes: the only day that a file knows is the
document's own.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from desktop_crm.base.document import (
    BarChart,
    Cell,
    Document,
    Heading,
    LineChart,
    Paragraph,
    Series,
    ShareBar,
    Table,
    Tiles,
    Unit,
    Value,
)
from desktop_crm.base.i18n import _, using
from desktop_crm.files.cells import cut, escaped, risky, sheet_title, storable, text_width
from desktop_crm.files.xlsx_charts import native_chart, share_chart

_WIDE = 8
"""Paragraphs run over so many columns."""

_INK, _QUIET, _FAINT = "FF1D2433", "FF667085", "FF98A2B3"
_TONES = {"plain": _INK, "good": "FF12805C", "look": "FFB54708", "bad": "FFC4320A", "quiet": _QUIET}
_CHART_ROWS = 16


def document_to_xlsx(document: Document) -> bytes:
    """The document as a workbook; what stands before the first level-1 heading is the first sheet."""
    import openpyxl  # slow to import, and only writing needs it

    with using(document.language):
        book = openpyxl.Workbook()
        book.remove(book.active)
        page = _Page(book, document.title)
        page.title(document)
        for block in document.blocks:
            if isinstance(block, Heading) and block.level == 1:
                page.finish()
                page = _Page(book, block.text)
                page.text(block.text, size=16, bold=True, note=block.note)
                page.row += 1
            else:
                page.add(block)
        page.finish()
        _describe(book, document)
        buffer = io.BytesIO()
        book.save(buffer)
    return _repeatable(buffer.getvalue(), document.day)


def number_format(unit: Unit, signed: bool) -> str:
    """Excel's number format of a unit, in the current language."""
    plus = "+" if signed else ""

    def around(sentence: str, digits: str) -> str:
        before, after = sentence.split("{number}")
        mask = (f'"{before}"' if before else "") + "{sign}" + digits + (f'"{after}"' if after else "")
        return ";".join(mask.replace("{sign}", sign) for sign in (plus, "-", ""))

    if unit == "fen":
        return f'{plus}"¥"#,##0.00;-"¥"#,##0.00;"¥"0.00'
    if unit == "points":
        return around(_("{number} pts"), "0.0")
    if unit == "minutes":
        return around(_("{number} min"), "0")
    if unit == "months":
        return around(_("{number} months"), "0.0")
    if unit == "days":
        return around(_("{number} days"), "#,##0")
    digits = {"ratio": "0.0%", "score": "0.0"}.get(unit, "#,##0")
    return f"{plus}{digits};-{digits};{digits}"


class _Page:
    """One sheet being filled from the top."""

    def __init__(self, book: Any, name: str) -> None:
        self.sheet = book.create_sheet(sheet_title(name, book.sheetnames))
        self.row = 1
        self.widths: dict[int, float] = {}
        self.tables: list[tuple[int, int, int]] = []  # header row, last row, columns
        self.sheet.sheet_view.showGridLines = False
        self.sheet.page_setup.paperSize = self.sheet.PAPERSIZE_A4
        self.sheet.page_setup.fitToHeight = 0
        self.sheet.sheet_properties.pageSetUpPr.fitToPage = True

    def title(self, document: Document) -> None:
        """The document's own title on the first sheet."""
        self.text(document.title, size=18, bold=True)
        self.text(document.subtitle, colour=_QUIET)
        self.text(" · ".join(document.stamp), colour=_QUIET)
        self.row += 1

    def add(self, block: Any) -> None:
        """Any block below what is there; a page break is nothing here."""
        if isinstance(block, Heading):
            self.row += 1
            self.text(block.text, size=12, bold=True, note=block.note)
        elif isinstance(block, Paragraph):
            self.paragraph(block)
        elif isinstance(block, Tiles):
            self.tiles(block)
        elif isinstance(block, BarChart):
            lines = [block.line] if block.line else []
            self.chart(block.title, block.note, block.labels, [block.bars], lines)
        elif isinstance(block, LineChart):
            self.chart(block.title, block.note, block.labels, [], block.lines)
        elif isinstance(block, ShareBar):
            self.shares(block)
        elif isinstance(block, Table):
            self.table(block)

    def text(
        self, text: str, *, size: int = 11, bold: bool = False, colour: str = _INK, note: str = ""
    ) -> None:
        """One line over the whole width."""
        from openpyxl.styles import Font  # slow to import, and only writing needs it

        if text:
            cell = self.put(self.row, 1, f"{text}   {note}" if note else text, measure=False)
            cell.font = Font(size=size, bold=bold, color=colour)
            self.row += 1

    def paragraph(self, block: Paragraph) -> None:
        """A wrapped text over several columns; its lead is bold."""
        from openpyxl.cell.rich_text import (  # slow to import, and only writing needs it
            CellRichText,
            TextBlock,
        )
        from openpyxl.cell.text import InlineFont
        from openpyxl.styles import Alignment, Font

        self.sheet.merge_cells(start_row=self.row, end_row=self.row, start_column=1, end_column=_WIDE)
        text = escaped(cut(storable(block.text)))
        cell = self.put(self.row, 1, block.text, measure=False)
        if block.lead:
            lead = escaped(storable(block.lead)) + (" " if block.lead[-1].isascii() else "")
            bold = InlineFont(b=True, sz=11, color=_INK)
            plain = InlineFont(sz=11, color=_TONES[block.tone])
            cell._value = CellRichText(TextBlock(bold, lead), TextBlock(plain, text or " "))
        cell.font = Font(size=11, color=_TONES[block.tone])
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        shown = block.lead + block.text
        lines = sum(1 + int(text_width(line) // 95) for line in shown.split("\n"))
        self.sheet.row_dimensions[self.row].height = 16.5 * min(lines, 24)
        self.row += 1

    def tiles(self, block: Tiles) -> None:
        """A small table: name, figure, change, against what."""
        from openpyxl.styles import Font  # slow to import, and only writing needs it

        self.row += 1
        for tile in block.tiles:
            self.put(self.row, 1, tile.label).font = Font(color=_QUIET)
            self.value(self.row, 2, tile.value).font = Font(bold=True, size=13, color=_TONES[tile.value.tone])
            if tile.change is not None:
                self.value(self.row, 3, tile.change)
            note = " ".join(part for part in (tile.change_note, tile.value.note) if part)
            self.put(self.row, 4, note).font = Font(color=_FAINT)
            self.row += 1
        self.row += 1

    def table(self, block: Table) -> None:
        """Header, rows and total; a column whose cells have notes gets a column for them."""
        from openpyxl.styles import Border, Font, Side  # slow to import, and only writing needs it

        if block.title:
            self.row += 1
            self.text(block.title, size=12, bold=True, note=block.note)
        elif block.note:
            self.text(block.note, colour=_QUIET)
        every = [*block.rows, *([block.total] if block.total is not None else [])]
        places: list[int] = []
        headers: list[tuple[str, bool]] = []
        for number, column in enumerate(block.columns):
            places.append(len(headers) + 1)
            headers.append((column.title, column.align == "right"))
            if any(_has_note(row[number]) for row in every):
                headers.append((_("Note"), False))
        self.header(headers)
        first = self.row - 1
        if not block.rows:
            self.text(block.empty or "–", colour=_FAINT)
        for row in every:
            total = row is block.total
            for place, column, cell in zip(places, block.columns, row, strict=True):
                typed = cell if isinstance(cell, Value) else Value(cell, column.unit)
                made = self.value(self.row, place, typed)
                if total:
                    made.font = Font(bold=True)
                    made.border = Border(top=Side(style="thin", color=_FAINT))
                if typed.note:
                    self.put(self.row, place + 1, typed.note).font = Font(color=_FAINT)
            self.row += 1
        if block.rows:
            self.tables.append((first, first + len(block.rows), len(headers)))
        self.row += 1

    def header(self, headers: Sequence[tuple[str, bool]]) -> None:
        """Names of columns."""
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side  # slow to import

        for place, (title, right) in enumerate(headers, 1):
            cell = self.put(self.row, place, title)
            cell.font = Font(bold=True, color=_QUIET)
            cell.fill = PatternFill("solid", fgColor="FFF2F4F7")
            cell.border = Border(bottom=Side(style="thin", color=_FAINT))
            cell.alignment = Alignment(
                horizontal="right" if right else "left", wrap_text=True, vertical="center"
            )
        self.row += 1

    def chart(
        self, title: str, note: str, labels: Sequence[str], bars: Sequence[Series], lines: Sequence[Series]
    ) -> None:
        """The figures as a table and a native chart beside it."""
        self.row += 1
        self.text(title, size=12, bold=True, note=note)
        top = self.row
        self.header([("", False), *((series.name, True) for series in (*bars, *lines))])
        for place, label in enumerate(labels):
            self.put(self.row, 1, label or str(place + 1))
            for column, series in enumerate((*bars, *lines), 2):
                self.value(self.row, column, Value(series.values[place], series.unit))
            self.row += 1
        if labels:
            columns = (range(2, 2 + len(bars)), range(2 + len(bars), 2 + len(bars) + len(lines)))
            drawn = native_chart(self.sheet, top, len(labels), columns)
            self.sheet.add_chart(drawn, self.sheet.cell(top, len(bars) + len(lines) + 3).coordinate)
            self.row = max(self.row, top + _CHART_ROWS)
        self.row += 1

    def shares(self, block: ShareBar) -> None:
        """Parts, their figures and percentages, and one stacked bar."""
        self.row += 1
        self.text(block.title, size=12, bold=True, note=block.note)
        top = self.row
        total = sum(share.value for share in block.shares)
        for share in block.shares:
            self.put(self.row, 1, share.label)
            self.value(self.row, 2, Value(share.value, "count"))
            self.value(self.row, 3, Value(share.value / total if total else None, "ratio"))
            self.row += 1
        if total:
            colours = [share.colour for share in block.shares]
            self.sheet.add_chart(share_chart(self.sheet, top, colours), self.sheet.cell(top, 5).coordinate)
            self.row = max(self.row, top + 9)
        self.row += 1

    def value(self, row: int, column: int, value: Value) -> Any:
        """A typed value: numbers as numbers with their format, missing as an empty cell."""
        from openpyxl.styles import Alignment, Font  # slow to import, and only writing needs it

        content = value.value
        if content is None or isinstance(content, str):
            cell = self.put(row, column, content or "")
            cell.alignment = Alignment(vertical="top", wrap_text=text_width(content or "") > 44)
        else:
            cell = self.sheet.cell(row, column)
            if isinstance(content, date):
                cell.value, cell.number_format = content, "yyyy-mm-dd"
            else:
                scale = {"fen": 0.01, "points": 100}.get(value.unit, 1)
                cell.value = content / 100 if value.unit == "fen" else content * scale
                whole = float(content).is_integer() or value.unit not in ("count", "text")
                cell.number_format = number_format(value.unit, value.signed) if whole else "#,##0.00"
            cell.alignment = Alignment(vertical="top")
            self._measure(column, 12)
        cell.font = Font(bold=value.bold, color=_TONES[value.tone])
        return cell

    def put(self, row: int, column: int, text: str, *, measure: bool = True) -> Any:
        """A text that stays text."""
        cell = self.sheet.cell(row, column)
        clean = cut(storable(text))
        if clean:
            cell._value = escaped(clean)
            cell.data_type = "s"
            cell.quotePrefix = risky(clean)
        if measure:
            self._measure(column, text_width(clean))
        return cell

    def _measure(self, column: int, width: float) -> None:
        self.widths[column] = min(max(self.widths.get(column, 9.0), width), 44.0)

    def finish(self) -> None:
        """Column widths; filter and frozen header where the sheet is one table."""
        from openpyxl.utils import get_column_letter  # slow to import, and only writing needs it

        for column, width in self.widths.items():
            self.sheet.column_dimensions[get_column_letter(column)].width = width + 2.5
        if len(self.tables) == 1:
            header, last, columns = self.tables[0]
            self.sheet.auto_filter.ref = f"A{header}:{get_column_letter(columns)}{last}"
            if header <= 6:
                self.sheet.freeze_panes = f"A{header + 1}"


def _has_note(cell: Cell) -> bool:
    return isinstance(cell, Value) and cell.note != ""


def _describe(book: Any, document: Document) -> None:
    book.properties.title = document.title
    book.properties.creator = document.author or document.subtitle or "Desktop CRM"
    book.properties.subject = document.subtitle
    book.properties.keywords = ", ".join(document.keywords)
    book.properties.created = datetime(document.day.year, document.day.month, document.day.day)


def _repeatable(content: bytes, day: date) -> bytes:
    """The same archive with the document's day wherever a time of saving stands."""
    stamp = (max(day.year, 1980), day.month, day.day, 0, 0, 0)
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            data = old.read(part)
            if part.filename == "docProps/core.xml":
                data = re.sub(
                    rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>%sT00:00:00Z" % day.isoformat().encode(), data
                )
            fresh = zipfile.ZipInfo(part.filename, stamp)
            fresh.compress_type = zipfile.ZIP_DEFLATED
            fresh.external_attr = 0o600 << 16
            new.writestr(fresh, data)
    return buffer.getvalue()
