"""Writing separated text that spreadsheet programs open rightly: UTF-8 with BOM unless another encoding is wished."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

from desktop_crm.base.document import Scalar
from desktop_crm.files import atomic
from desktop_crm.files.cells import ColumnSpec, storable, with_prefix


def write_csv(
    path: Path,
    columns: Sequence[ColumnSpec],
    rows: Iterable[Sequence[Scalar | datetime]],
    *,
    encoding: str = "utf-8-sig",
) -> int:
    """Write a table as CSV, atomically; see `fill_csv`.

    Returns:
        How many rows were written, without the header.
    """
    written = 0

    def fill(file: BinaryIO) -> None:
        nonlocal written
        written = fill_csv(file, columns, rows, encoding=encoding)

    atomic.write(path, fill)
    return written


def fill_csv(
    file: BinaryIO,
    columns: Sequence[ColumnSpec],
    rows: Iterable[Sequence[Scalar | datetime]],
    *,
    encoding: str = "utf-8-sig",
) -> int:
    """Write a table as CSV into an open file; memory does not grow with the rows.

    Characters that the encoding lacks become "?"; only GB18030 and UTF-8 lack none.

    Returns:
        How many rows were written, without the header.
    """
    written = 0
    text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
    writer = csv.writer(text)
    writer.writerow([with_prefix(storable(column.title)) for column in columns])
    for row in _texts(columns, rows):
        writer.writerow(row)
        written += 1
    text.detach()
    return written


def _texts(columns: Sequence[ColumnSpec], rows: Iterable[Sequence[Scalar | datetime]]) -> Iterator[list[str]]:
    for row in rows:
        yield [_text(column, value) for column, value in zip(columns, row, strict=True)]


def _text(column: ColumnSpec, value: Scalar | datetime) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return with_prefix(storable(value))
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if column.kind == "money":
        sign = "-" if value < 0 else ""
        yuan, fen = divmod(abs(round(value)), 100)
        return f"{sign}{yuan}.{fen:02d}"
    return str(value)
