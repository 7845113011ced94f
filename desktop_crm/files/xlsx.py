"""Writing workbooks that people like: large tables in constant memory, and documents (see xlsx_document.py).

Reading is reading.py's business.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

from desktop_crm.base.document import Scalar
from desktop_crm.files import atomic
from desktop_crm.files.cells import (
    ColumnSpec,
    cut,
    escaped,
    for_workbook,
    risky,
    sheet_title,
    storable,
    text_width,
)
from desktop_crm.files.csv_out import write_csv
from desktop_crm.files.xlsx_document import document_to_xlsx

__all__ = ["ColumnSpec", "SheetSpec", "document_to_xlsx", "sheet_title", "write_csv", "write_table"]

Row = Sequence[Scalar | datetime]

_MEASURED = 200
_WIDEST = 46.0
_FORMATS = {
    "text": "General",
    "digits": "@",
    "count": "#,##0",
    "number": "General",
    "money": '"¥"#,##0.00',
    "ratio": "0.0%",
    "day": "yyyy-mm-dd",
    "instant": "yyyy-mm-dd hh:mm",
}
_LAST_ROW = 1_048_576
_FIRST_DAY = date(1900, 3, 1)
"""Before it Excel's days are off by one (it believes in 29 February 1900): such days go out as text."""


@dataclass(frozen=True)
class SheetSpec:
    """One sheet of an exported workbook.

    Attributes:
        name: wished name; signs that Excel forbids are replaced.
        columns: from left to right.
        rows: any iterable; read once, while writing.
        facts: instead of a table: lines of label and value (what, when, by whom, which filter).
    """

    name: str
    columns: Sequence[ColumnSpec] = ()
    rows: Iterable[Row] = ()
    facts: Sequence[tuple[str, str]] = field(default=())


def write_table(path: Path, sheets: Sequence[SheetSpec]) -> int:
    """Write a workbook, atomically; see `fill_table`.

    Returns:
        How many rows were written, without headers and facts.
    """
    written = 0

    def fill(file: BinaryIO) -> None:
        nonlocal written
        written = fill_table(file, sheets)

    atomic.write(path, fill)
    return written


def fill_table(file: BinaryIO, sheets: Sequence[SheetSpec]) -> int:
    """Write a workbook into an open file: frozen header, filter, widths, real dates and numbers, no formulas.

    A sheet holds 1,048,575 rows; more go on in a sheet of their own. Memory does not grow with the rows.

    Returns:
        How many rows were written, without headers and facts.
    """
    import openpyxl  # slow to import, and only writing needs it

    book = openpyxl.Workbook(write_only=True)
    book.properties.creator = "Desktop CRM"
    written = 0
    for sheet in sheets:
        if sheet.facts:
            _write_facts(book, sheet)
        else:
            written += _write_rows(book, sheet)
    book.save(file)
    return written


def _write_facts(book: Any, sheet: SheetSpec) -> None:
    from openpyxl.cell import WriteOnlyCell  # slow to import, and only writing needs it
    from openpyxl.styles import Alignment, Font

    page = book.create_sheet(sheet_title(sheet.name, book.sheetnames))
    page.column_dimensions["A"].width = 22
    page.column_dimensions["B"].width = 80
    for label, text in sheet.facts:
        cells = [WriteOnlyCell(page), WriteOnlyCell(page)]
        for cell, content in zip(cells, (label, text), strict=True):
            _set_text(cell, content)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
        cells[0].font = Font(color="FF667085")
        page.append(cells)


def _write_rows(book: Any, sheet: SheetSpec) -> int:
    rows = iter(sheet.rows)
    written = 0
    while True:
        first = list(itertools.islice(rows, _MEASURED))
        if written and not first:
            return written
        page = book.create_sheet(sheet_title(sheet.name, book.sheetnames))
        page._values_to_row = _placed
        _prepare(page, sheet.columns, first)
        count = 0
        writers = [_Column(page, column) for column in sheet.columns]
        for row in itertools.chain(first, itertools.islice(rows, _LAST_ROW - 1 - len(first))):
            page.append([writer.cell(value) for writer, value in zip(writers, row, strict=True)])
            count += 1
        if sheet.columns:
            page.auto_filter.ref = f"A1:{_letters(len(sheet.columns))}{count + 1}"
        written += count
        if count < _LAST_ROW - 1:
            return written


def _placed(cells: Sequence[Any], row: int) -> Iterator[Any]:
    """The cells of a row, told where they stand.

    Takes the place of openpyxl's own, which first tries to write each cell as a value and fails: a quarter of its time.
    """
    for place, cell in enumerate(cells, 1):
        if cell is not None:
            cell.column, cell.row = place, row
            yield cell


def _letters(number: int) -> str:
    from openpyxl.utils import get_column_letter  # slow to import, and only writing needs it

    letters: str = get_column_letter(number)
    return letters


def _prepare(page: Any, columns: Sequence[ColumnSpec], first: Sequence[Row]) -> None:
    """Widths, frozen header and header row; all of it must come before the first row is written."""
    from openpyxl.cell import WriteOnlyCell  # slow to import, and only writing needs it
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    page.freeze_panes = "A2"
    header = []
    for place, column in enumerate(columns):
        width = column.width or _measured(column, [row[place] for row in first])
        dimension = page.column_dimensions[_letters(place + 1)]
        dimension.width = width
        dimension.number_format = _FORMATS[
            column.kind
        ]  # a number typed below the last row keeps all its digits
        cell = WriteOnlyCell(page)
        _set_text(cell, column.title)
        cell.font = Font(bold=True, color="FF1D2433")
        cell.fill = PatternFill("solid", fgColor="FFF2F4F7")
        cell.border = Border(bottom=Side(style="thin", color="FF98A2B3"))
        right = column.kind in ("count", "number", "money", "ratio")
        cell.alignment = Alignment(vertical="center", horizontal="right" if right else "left")
        header.append(cell)
    page.append(header)


def _measured(column: ColumnSpec, values: Sequence[Scalar | datetime]) -> float:
    longest = text_width(column.title) + 3  # the filter's arrow
    for value in values:
        if isinstance(value, str):
            longest = max(longest, text_width(value.split("\n", 1)[0]))
        elif value is not None:
            longest = max(longest, 16 if isinstance(value, datetime) else 10, len(str(value)) + 2)
    return min(longest + 2, _WIDEST)


def _set_text(cell: Any, text: str) -> None:
    """Put a text into a cell as text, whatever it looks like."""
    clean = cut(storable(text))
    cell._value = escaped(clean)
    cell.data_type = "s"
    if risky(clean):
        cell.quotePrefix = True


@functools.cache
def _fixed_cell() -> Any:
    """A cell whose style is looked up once instead of for each value: a third of openpyxl's writing time."""
    from openpyxl.cell import Cell  # slow to import, and only writing needs it

    class FixedCell(Cell):  # type: ignore[misc]  # openpyxl has no types
        __slots__ = ("fixed",)
        has_style = True

        @property
        def style_id(self) -> int:
            """The number of its style in the workbook."""
            number: int = self.fixed
            return number

    return FixedCell


class _Column:
    """Makes the cells of a column; the same cell objects again and again, which openpyxl's write-only mode allows."""

    def __init__(self, page: Any, column: ColumnSpec) -> None:
        self._money = column.kind == "money"
        text_format = "@" if column.kind == "digits" else "General"
        self._number = self._styled(page, _FORMATS[column.kind])
        self._text = self._styled(page, text_format)
        self._quoted = self._styled(page, text_format, quoted=True)

    @staticmethod
    def _styled(page: Any, number_format: str, *, quoted: bool = False) -> Any:
        from openpyxl.cell import Cell  # slow to import, and only writing needs it

        cell = _fixed_cell()(page, row=1, column=1)
        cell.number_format = number_format
        cell.quotePrefix = quoted
        cell.fixed = Cell.style_id.fget(cell)
        return cell

    def cell(self, value: Scalar | datetime) -> Any:
        """The cell of a value."""
        if value is None or value == "":
            return None
        if isinstance(value, str):
            return self._text_cell(value)
        if isinstance(value, date):
            day = value.date() if isinstance(value, datetime) else value
            if day < _FIRST_DAY:
                return self._text_cell(
                    value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
                )
            kind = "d"
        elif isinstance(value, bool):
            kind = "b"
        else:
            kind = "n"
            if abs(value) >= 10**15:  # a number would lose its last digits
                return self._text_cell(str(value))
            if self._money:
                value = value / 100
        self._number._value = value
        self._number.data_type = kind
        return self._number

    def _text_cell(self, text: str) -> Any:
        clean = for_workbook(text)
        cell = self._quoted if risky(clean) else self._text
        cell._value = escaped(clean)
        cell.data_type = "s"
        return cell
