"""Reading tables of any kind: rows as they stand in the file, parsed in a child process with limits.

Values are kept as they are; what they mean is importing/'s business. What a file is, is sniff.py's.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from desktop_crm.base.i18n import current_language
from desktop_crm.files.child import Child, Failure
from desktop_crm.files.locked import EVERYBODYS
from desktop_crm.files.prescan import Findings, Limits, TakesTooLong, check_size, prescan, too_large
from desktop_crm.files.refusals import (
    NoSuchSheet,
    QuotesNotClosed,
    ReaderDied,
    ReaderTooSlow,
    TooUnhandy,
    refusal,
)
from desktop_crm.files.sniff import Source, check_regular, sniff, stamp_of
from desktop_crm.files.wire import Cell, Error, Message, unpack

__all__ = [
    "Book",
    "Cell",
    "Error",
    "Limits",
    "NoSuchSheet",
    "QuotesNotClosed",
    "ReaderDied",
    "ReaderTooSlow",
    "Row",
    "Sheet",
    "SheetName",
    "Source",
    "TooUnhandy",
    "flow",
    "look",
    "read",
    "start",
    "stream",
]

_ENGINES = {
    "xlsx": ("calamine", "openpyxl"),
    "xls": ("xlrd", "calamine"),
    "ods": ("calamine",),
    "text": ("text",),
    "html": ("html",),
    "vcf": ("vcard",),
}
_ANOTHER_MAY = ("died", "damaged", "memory")
"""Failures of one engine that another one may not have."""

_MEMORY_PER_BYTE = 2.5
"""A million rows of twelve cells unpack to 700 MB and need 1.3 GB of addresses in calamine: beyond its limit, a file of
honest size gets this much (so at most 2 GB, with `Limits.unpacked`)."""

_SECOND_TRY = 10.0
"""What another engine gets at least, however long the first one took."""

_BYTES_PER_SECOND = 20 << 20
"""How fast the slowest shop PC is taken to parse: large files get that much more time."""


class Row(NamedTuple):
    """One row that is not empty.

    Attributes:
        number: the row number that the spreadsheet program shows.
        cells: from column A on; trailing empty cells are cut, so rows differ in length.
    """

    number: int
    cells: list[Cell]


@dataclass(frozen=True)
class SheetName:
    """A sheet's name ("" for a text file) and whether the workbook hides it."""

    name: str
    hidden: bool


@dataclass(frozen=True)
class Sheet:
    """A whole sheet.

    Attributes:
        name: as the workbook says; "" for a text file.
        hidden: whether the workbook hides it.
        rows: those that are not empty, in the file's order.
        hidden_rows: numbers of the rows that the workbook hides (filtered or by hand); known for xlsx.
    """

    name: str
    hidden: bool
    rows: list[Row]
    hidden_rows: Set[int] = frozenset()

    @property
    def first_row(self) -> int:
        """The number of the first row that is not empty; 0 where there is none."""
        return self.rows[0].number if self.rows else 0


@dataclass(frozen=True)
class Book:
    """A file and its sheets with their first rows.

    Attributes:
        source: format, encoding and separator as they were found.
        sheets: in the workbook's order.
        date1904: days are counted from 1904 (already applied to dates; plain serial numbers are not dates yet).
    """

    source: Source
    sheets: list[Sheet]
    date1904: bool


def read(
    path: Path,
    *,
    encoding: str | None = None,
    separator: str | None = None,
    password: str = "",
    limits: Limits | None = None,
) -> list[Sheet]:
    """All sheets of a file with all their rows. For large files `look` and `stream` need less memory.

    Raises:
        CrmError: one small class per cause, with a sentence; NeedsEncoding where the person must choose, NeedsPassword
            where a workbook wants its password (WrongPassword where it is another one).
    """
    return look(
        path, encoding=encoding, separator=separator, password=password, limits=limits, rows=None
    ).sheets


def look(
    path: Path,
    *,
    encoding: str | None = None,
    separator: str | None = None,
    password: str = "",
    limits: Limits | None = None,
    rows: int | None = 100,
) -> Book:
    """The sheets of a file with their first `rows` rows (None: all).

    Raises:
        CrmError: as `read`.
    """
    source = _looked_at(path, encoding, separator, password, limits)
    return _Reading(source, limits or Limits()).book(rows)


def stream(
    path: Path,
    sheet: str | int = 0,
    *,
    encoding: str | None = None,
    separator: str | None = None,
    password: str = "",
    limits: Limits | None = None,
) -> Iterator[list[Row]]:
    """The rows of one sheet in chunks of about a thousand; closing the iterator ends the child process.

    Args:
        path: the file.
        sheet: its name, or its place among the worksheets (0 is the first).
        encoding: of a text, where the person chose one.
        separator: of a text, where the person chose one.
        password: of a workbook, where the person said one.
        limits: what the file may cost.

    Raises:
        CrmError: as `read`, before the first chunk; ReaderDied also later.
    """
    source = _looked_at(path, encoding, separator, password, limits)
    yield from _Reading(source, limits or Limits()).rows(sheet)


def flow(
    path: Path,
    sheet: str | int | None = None,
    *,
    encoding: str | None = None,
    separator: str | None = None,
    password: str = "",
    limits: Limits | None = None,
) -> Iterator[tuple[Book, int, list[Row]]]:
    """As `stream`, for all sheets one after another (or the one named), parsing the file only once.

    Yields:
        The file with its sheets (without their rows), the place of a sheet, and a chunk of its rows; a sheet without
        rows comes once with none.

    Raises:
        CrmError: as `stream`.
    """
    source = _looked_at(path, encoding, separator, password, limits)
    yield from _Reading(source, limits or Limits()).flow(sheet)


def start(source: Source, task: str, **job: Any) -> Child:
    """Start the child for another task than reading (see reader_child.py), with the limits that reading would have."""
    return _Reading(source, Limits()).start(task=task, locked=source.locked, **job)


def _looked_at(
    path: Path, encoding: str | None, separator: str | None, password: str, limits: Limits | None
) -> Source:
    """What a file is; one that is larger than anything honest is not even looked at."""
    check_regular(path)
    if stamp_of(path)[0] > (limits or Limits()).file:
        raise too_large(path)
    return replace(sniff(path, encoding=encoding, separator=separator), password=password)


class _Reading:
    """One reading of one file: tries the format's engines in turn."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self.source = source
        self.limits = limits
        size = stamp_of(source.path)[0]
        if source.format in ("xlsx", "ods") and not source.locked:
            size = check_size(source.path, limits)
        self.seconds = min(limits.all_seconds, limits.seconds + size / _BYTES_PER_SECOND)
        self.since = time.monotonic()
        self.memory = max(limits.memory, int(_MEMORY_PER_BYTE * size))
        self.findings = None if source.format == "xlsx" and not source.locked else Findings()

    def book(self, rows: int | None) -> Book:
        """All sheets, `rows` rows of each."""
        engine: str | None = _ENGINES[self.source.format][0]
        while engine:
            child = self._child(engine, None, rows)
            try:
                return self._whole_book(child, engine)
            except Failure as error:
                failure = error
            finally:
                child.close()
            engine = self._next(engine, failure)
        raise refusal(self.source, failure.kind, failure.detail) from failure

    def _whole_book(self, child: Child, engine: str) -> Book:
        book = self._book(*self._begin(child, engine))
        current: list[Row] = []
        for message in child.messages():
            if message[0] == "sheet":
                current = book.sheets[message[1]].rows
            else:
                current.extend(_rows(message))
        return book

    def _book(self, head: Message, found: Findings) -> Book:
        """The file with its sheets, which have no rows yet."""
        sheets = [
            Sheet(name, hidden, [], found.hidden_rows.get(name) or set(head[3].get(name, ())))
            for name, hidden in head[1]
        ]
        return Book(self.source, sheets, head[2] or found.date1904)

    def rows(self, sheet: str | int) -> Iterator[list[Row]]:
        """The chunks of one sheet."""
        for _book, _place, rows in self.flow(sheet):
            yield rows

    def flow(self, sheet: str | int | None) -> Iterator[tuple[Book, int, list[Row]]]:
        """The chunks of the sheets. Another engine takes over only before the first chunk."""
        engine: str | None = _ENGINES[self.source.format][0]
        while engine:
            child = self._child(engine, sheet, None)
            started = False
            try:
                book = self._book(*self._begin(child, engine))
                place = 0
                for message in child.messages():
                    if message[0] == "sheet":
                        place = message[1]
                    else:
                        started = True
                        yield book, place, _rows(message)
                return
            except Failure as error:
                failure = error
            finally:
                child.close()
            engine = None if started else self._next(engine, failure)
        raise refusal(self.source, failure.kind, failure.detail) from failure

    def _next(self, engine: str, failure: Failure) -> str | None:
        """What to try after a failure: an .xls that turns out to be locked once more, or another engine."""
        engines = _ENGINES[self.source.format]
        if failure.kind == "password" and not self.source.locked:
            self.source = replace(self.source, locked=True)
            return engines[0]
        if failure.kind not in _ANOTHER_MAY:
            return None
        return next(iter(engines[engines.index(engine) + 1 :]), None)

    def start(self, **job: Any) -> Child:
        """A child that works on the file; it gets the password through the pipe, because everybody sees its command."""
        source = self.source
        path = str(source.path.resolve())
        seconds = self.seconds
        if seconds > _SECOND_TRY:  # all engines together have that long, and the last one this much
            seconds = max(_SECOND_TRY, seconds - (time.monotonic() - self.since))
        child = Child({"path": path, "format": source.format, "memory": self.memory, **job}, seconds)
        if job["locked"]:
            child.tell(("password", source.password or EVERYBODYS))
        return child

    def _child(self, engine: str, sheet: str | int | None, rows: int | None) -> Child:
        source = self.source
        return self.start(
            engine=engine,
            encoding=source.encoding,
            separator=source.separator,
            sheet=sheet,
            rows=rows,
            language=current_language(),
            locked=source.locked,
        )

    def _begin(self, child: Child, engine: str) -> tuple[Message, Findings]:
        """Look into the zip while the child already opens the file; a refusal here ends the child."""
        since = time.monotonic()
        if self.findings is None:
            try:
                self.findings = prescan(self.source.path, self.limits)
            except TakesTooLong as error:
                raise Failure("slow") from error
        if self.findings.vast and engine == "calamine":
            raise Failure("died")  # it would: it allocates the whole span
        lost = {name: cells.packed() for name, cells in self.findings.errors.items() if cells}
        return child.begin(lost, time.monotonic() - since), self.findings


def _rows(message: Message) -> list[Row]:
    numbers, cells, patches = message[1:]
    unpack(cells, patches)
    return list(map(Row, numbers, cells))
