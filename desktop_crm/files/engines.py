"""The parsers behind reading.py, one per library; they run in the child process only.

Every engine opens its file at once and then gives the rows of a sheet as (number, cells): the row number that the
spreadsheet program shows, and the cells from column `offset` on.
"""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import os
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime, time
from html.parser import HTMLParser
from typing import Any, BinaryIO, NamedTuple, Protocol

from desktop_crm.files.merged import filled, shared
from desktop_crm.files.vcard_book import VCardBook
from desktop_crm.files.wire import Error, Refused, SheetName

Rows = Iterator[tuple[int, list[Any]]]  # cells are whatever the library gives; wire.pack_row settles them


def _refusal(error: Exception) -> Refused:
    """What any failure of a library means to the person."""
    kind = (
        "memory" if isinstance(error, MemoryError) else "password" if "encrypted" in str(error) else "damaged"
    )
    return Refused(kind, repr(error))


def opened(job: dict[str, Any]) -> BinaryIO:
    """The job's file, or its plain content where it has a password."""
    file: BinaryIO = job["file"] if "file" in job else open(job["path"], "rb")  # noqa: SIM115
    return file


class Book(Protocol):
    """An open file."""

    sheets: list[SheetName]
    date1904: bool
    offset: int

    def rows(self, index: int) -> Rows:
        """The rows of one sheet; `offset` is valid afterwards."""


class CalamineBook:
    """xlsx and ods through calamine: the fast one. Errors come as '' (prescan.py finds them)."""

    def __init__(self, job: dict[str, Any]) -> None:
        import python_calamine as calamine  # slow to import, and only the child needs it

        self.offset = 0
        self.date1904 = False  # calamine does not say; prescan.py does
        self._refusals = (calamine.CalamineError, zipfile.BadZipFile)
        try:
            with opened(job) as file:  # a path would be judged by its name
                self._book = calamine.CalamineWorkbook.from_filelike(file)
        except self._refusals as error:
            raise Refused("damaged", str(error)) from error
        worksheet = calamine.SheetTypeEnum.WorkSheet
        found = [sheet for sheet in self._book.sheets_metadata if sheet.typ == worksheet]
        visible = calamine.SheetVisibleEnum.Visible
        self.sheets = [SheetName(sheet.name, sheet.visible != visible) for sheet in found]

    def rows(self, index: int) -> Rows:
        """The rows; the whole sheet is parsed before the first one."""
        try:
            sheet = self._book.get_sheet_by_name(self.sheets[index].name)
        except self._refusals as error:
            raise Refused("damaged", str(error)) from error
        self.offset = sheet.start[1] if sheet.start else 0
        rows = enumerate(sheet.iter_rows(), 1)
        return filled(rows, sheet.merged_cell_ranges, self.offset) if sheet.merged_cell_ranges else rows


class OpenpyxlBook:
    """xlsx through openpyxl's parser, sparsely: far corners cost nothing. Eight times slower than calamine."""

    def __init__(self, job: dict[str, Any]) -> None:
        import openpyxl  # slow to import, and only the child needs it

        self.offset = 0
        try:
            self._book = openpyxl.load_workbook(opened(job), read_only=True, data_only=True, keep_links=False)
            self._sheets = self._book.worksheets
            self.date1904 = self._book.epoch.year == 1904
        except Exception as error:  # a broken file makes openpyxl raise anything
            raise _refusal(error) from error
        self.sheets = [SheetName(sheet.title, sheet.sheet_state != "visible") for sheet in self._sheets]

    def rows(self, index: int) -> Rows:
        """The rows in the file's order, empty ones left out."""
        from openpyxl.worksheet._reader import WorkSheetParser  # slow to import, and only the child needs it

        sheet = self._sheets[index]
        try:
            with sheet._get_source() as source:
                parser = WorkSheetParser(
                    source,
                    sheet._shared_strings,
                    data_only=True,
                    epoch=self._book.epoch,
                    date_formats=self._book._date_formats,
                    timedelta_formats=self._book._timedelta_formats,
                )
                for number, cells in parser.parse():
                    yield number, _dense(cells)
        except Exception as error:  # as above
            raise _refusal(error) from error


def _dense(cells: list[dict[str, Any]]) -> list[Any]:
    row: list[Any] = []
    for cell in cells:
        column, value = cell["column"], cell["value"]
        if value is None:
            continue
        row.extend([None] * (column - len(row)))
        if cell["data_type"] == "e":
            value = Error(value)
        row[column - 1] = _whole_day(value)
    return row


def _whole_day(value: Any) -> Any:
    """A date where the time of day is midnight, as calamine gives it."""
    if isinstance(value, datetime) and value.time() == time():
        return value.date()
    return value


_LOOKS_COST = 8 << 20
"""Bytes from which on an xls is read without its looks."""


class XlrdBook:
    """xls (BIFF) through xlrd, which knows error cells; calamine gives '' for them."""

    def __init__(self, job: dict[str, Any]) -> None:
        import xlrd  # slow to import, and only the child needs it

        self._xlrd = xlrd
        self.offset = 0
        try:
            self._book = self._opened(job)
        except Exception as error:  # a broken file makes xlrd raise anything, down to IndexError
            raise _refusal(error) from error
        self.date1904 = self._book.datemode == 1
        self.sheets = [SheetName(sheet.name, sheet.visibility != 0) for sheet in self._book.sheets()]

    def _opened(self, job: dict[str, Any]) -> Any:
        """The workbook, with its merged cells where that does not cost too much and its looks are whole."""
        content = job["file"].read() if "file" in job else None
        how = {"logfile": io.StringIO(), "ragged_rows": True, "file_contents": content}
        if os.path.getsize(job["path"]) < _LOOKS_COST:
            with contextlib.suppress(Exception):  # anything, as above; without its looks it may be whole
                return self._xlrd.open_workbook(job["path"], formatting_info=True, **how)
        return self._xlrd.open_workbook(job["path"], **how)

    def rows(self, index: int) -> Rows:
        """The rows, empty ones included."""
        sheet = self._book.sheet_by_index(index)
        ranges = [((top, left), (end - 1, right - 1)) for top, end, left, right in sheet.merged_cells]
        yield from filled(self._plain_rows(sheet), ranges, 0)

    def _plain_rows(self, sheet: Any) -> Rows:
        for place in range(sheet.nrows):
            types, values = sheet.row_types(place), sheet.row_values(place)
            yield place + 1, [self._cell(kind, value) for kind, value in zip(types, values, strict=True)]

    def _cell(self, kind: int, value: Any) -> Any:
        if kind == 3 and value >= 0:
            try:
                if value < 1:
                    return self._xlrd.xldate_as_datetime(value, self._book.datemode).time()
                return _whole_day(self._xlrd.xldate_as_datetime(value, self._book.datemode))
            except (ValueError, OverflowError):
                return value
        if kind == 4:
            return bool(value)
        if kind == 5:
            return Error(self._xlrd.error_text_from_code.get(value, "#VALUE!"))
        return value


class TextBook:
    """csv and other separated text through the csv module, strictly; every cell stays text."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.offset = 0
        self.date1904 = False
        self.sheets = [SheetName("", False)]
        self._job = job
        csv.field_size_limit(64 << 20)

    def rows(self, index: int) -> Rows:
        """The records; a number counts records, as a spreadsheet program's rows do, not lines."""
        with open(self._job["path"], encoding=self._job["encoding"], newline="") as file:
            first = file.readline()
            lines: Iterator[str] = file
            if not (first.lower().startswith("sep=") and len(first.strip("\r\n")) == 5):
                lines = itertools.chain([first], file)
            reader = csv.reader(lines, delimiter=self._job["separator"], strict=True)
            try:
                yield from enumerate(reader, 1)
            except csv.Error as error:
                raise Refused("quotes", str(reader.line_num)) from error


class HtmlBook:
    """The tables of a web page, as systems save them under the name .xls; a sheet per table."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.offset = 0
        self.date1904 = False
        parser = _Tables()
        with open(job["path"], encoding=job["encoding"], errors="strict") as file:
            while piece := file.read(1 << 16):
                parser.feed(piece)
        parser.close()
        self._tables = [table for table in parser.tables if any(cell.text for row in table for cell in row)]
        if not self._tables:
            raise Refused("damaged", "no table")
        self.sheets = [SheetName(str(number), False) for number in range(1, len(self._tables) + 1)]

    def rows(self, index: int) -> Rows:
        """The rows of one table, joined cells standing at their first place."""
        return enumerate(_laid_out(self._tables[index]), 1)


class _WebCell(NamedTuple):
    """A cell of a web page and over how many columns and rows it goes."""

    text: str
    wide: int
    tall: int


def _laid_out(table: list[list[_WebCell]]) -> Iterator[list[Any]]:
    """The rows of a table as a spreadsheet would show them; see merged.py for cells that go over several rows."""
    going: dict[int, tuple[int, Any]] = {}
    for cells in table:
        row: list[Any] = []
        begun: dict[int, tuple[int, Any]] = {}
        for cell in [*cells, None]:
            while len(row) in going:
                row.append(going[len(row)][1])
            if cell is not None:
                held = [shared(cell.text) if cell.tall > 1 else cell.text, *[""] * (cell.wide - 1)]
                if cell.tall > 1:
                    begun |= {len(row) + place: (cell.tall, value) for place, value in enumerate(held)}
                row += held
        going = {place: (left - 1, value) for place, (left, value) in (going | begun).items() if left > 1}
        yield row if any(cell.text for cell in cells) else []


class _Tables(HTMLParser):
    """Collects the text of all cells; a table inside a cell becomes a table of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[_WebCell]]] = []
        self._open: list[list[list[_WebCell]]] = []
        self._text: list[str] | None = None
        self._silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A new table, row or cell; html may leave the end of the one before unsaid."""
        if tag == "table":
            self._end_cell()
            self._open.append([])
            self.tables.append(self._open[-1])
        elif tag == "tr" and self._open:
            self._end_cell()
            self._open[-1].append([])
        elif tag in ("td", "th") and self._open:
            self._end_cell()
            if not self._open[-1]:
                self._open[-1].append([])
            self._text = []
            self._span = (_span(attrs, "colspan", 1000), _span(attrs, "rowspan", 65_534))
        elif tag == "br" and self._text is not None:
            self._text.append("\n")
        elif tag in ("style", "script"):
            self._silent = True

    def handle_endtag(self, tag: str) -> None:
        """The end of a table, row or cell."""
        if tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "table" and self._open:
            self._end_cell()
            self._open.pop()
        elif tag in ("style", "script"):
            self._silent = False

    def handle_data(self, data: str) -> None:
        """Text of a cell; line breaks of the source are only space."""
        if self._text is not None and not self._silent:
            self._text.append(" ".join(data.split("\n")) if data.strip() else " " if self._text else "")

    def _end_cell(self) -> None:
        if self._text is not None:
            self._open[-1][-1].append(_WebCell("".join(self._text).strip(" \r\t"), *self._span))
            self._text = None


def _span(attrs: list[tuple[str, str | None]], name: str, most: int) -> int:
    """Over how many columns or rows a cell goes; the limits are those of the HTML standard."""
    said = dict(attrs).get(name) or "1"
    return max(1, min(int(said), most)) if said.isascii() and said.isdigit() else 1


_ENGINES: dict[str, Callable[[dict[str, Any]], Book]] = {
    "calamine": CalamineBook,
    "openpyxl": OpenpyxlBook,
    "xlrd": XlrdBook,
    "text": TextBook,
    "html": HtmlBook,
    "vcard": VCardBook,
}


def engine(name: str) -> Callable[[dict[str, Any]], Book]:
    """The engine of a name."""
    return _ENGINES[name]
