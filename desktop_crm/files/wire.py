"""What travels between the program and the child process that parses files: framed marshal, never pickle.

marshal knows no dates, so they travel beside the rows as patches (row, column, kind, text); text, numbers, booleans
and None travel as they are. A hostile file that takes over the child can send wrong values, but no code.
"""

from __future__ import annotations

import marshal
import struct
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO


@dataclass(frozen=True, slots=True)
class Error:
    """A cell whose value is lost: an error of the spreadsheet program, or a formula without a stored value ("=?").

    Attributes:
        code: "#REF!", "#N/A", … as the spreadsheet program shows it.
    """

    code: str


@dataclass(frozen=True)
class SheetName:
    """A sheet's name and whether the workbook hides it."""

    name: str
    hidden: bool


class Refused(Exception):
    """The child cannot do what it is to do; it travels as the message ("fail", kind, detail).

    Attributes:
        kind: "damaged", "password", "cipher", "memory", "sheet", "quotes", "encoding", "table", "wide" or "long".
    """

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(kind)
        self.kind = kind
        self.detail = detail


Cell = str | int | float | bool | date | datetime | time | timedelta | Error | None
Patch = tuple[int, int, str, Any]  # the payload is a plain value whose type the kind decides
Message = tuple[Any, ...]  # marshal gives back whatever was sent; the first item says what it is

_LENGTH = struct.Struct("<I")
_WHOLE = 1e18


def send(stream: BinaryIO, message: Message) -> None:
    """Write one message."""
    put(stream, marshal.dumps(message))


def put(stream: BinaryIO, body: bytes) -> None:
    """Write a message that is marshalled already."""
    stream.write(_LENGTH.pack(len(body)) + body)
    stream.flush()


class TooLong(Exception):
    """A message that is longer than this side has room for."""


def receive(stream: BinaryIO, most: int = 1 << 32) -> Message | None:
    """Read one message; None where the other side is gone.

    Raises:
        TooLong: it has more than `most` bytes.
    """
    size = stream.read(_LENGTH.size)
    if len(size) < _LENGTH.size:
        return None
    length = _LENGTH.unpack(size)[0]
    if length > most:
        raise TooLong
    body = stream.read(length)
    if len(body) < length:
        return None
    message: Message = marshal.loads(body)  # our own child wrote it; it runs nothing  # nosec B302
    return message


def pack_row(row: list[Any], place: int, offset: int, patches: list[Patch]) -> list[Any]:
    """One row as marshal can carry it: '' is None, whole floats are ints, trailing empty cells are cut.

    Args:
        row: cells as a reader gave them; reused, not copied.
        place: index of the row in its chunk, for the patches.
        offset: number of columns missing at the left.
        patches: grows by the cells that marshal cannot carry.
    """
    for column, cell in enumerate(row):
        kind = type(cell)
        if kind is str:
            if not cell:
                row[column] = None
        elif kind is float:
            if cell.is_integer() and -_WHOLE < cell < _WHOLE:
                row[column] = int(cell)
        elif cell is not None and kind is not int and kind is not bool:
            patches.append((place, column + offset, *_pack_cell(cell)))
            row[column] = False  # holds the place, so that trimming does not cut it
    while row and row[-1] is None:
        row.pop()
    if offset and row:
        return [None] * offset + row
    return row


def _pack_cell(cell: date | time | timedelta | Error) -> tuple[str, Any]:
    if isinstance(cell, datetime):
        return "m", cell.replace(tzinfo=None).isoformat()
    if isinstance(cell, date):
        return "d", cell.toordinal()
    if isinstance(cell, time):
        return "t", cell.replace(tzinfo=None).isoformat()
    if isinstance(cell, timedelta):
        return "s", cell.total_seconds()
    return "e", cell.code


def unpack(rows: list[list[Cell]], patches: list[Patch]) -> None:
    """Put the patched cells back into their rows."""
    for place, column, kind, payload in patches:
        cell: Cell
        if kind == "d":
            cell = date.fromordinal(payload)
        elif kind == "m":
            cell = datetime.fromisoformat(payload)
        elif kind == "t":
            cell = time.fromisoformat(payload)
        elif kind == "s":
            cell = timedelta(seconds=payload)
        else:
            cell = Error(payload)
        rows[place][column] = cell
