"""Places of cells whose value is lost, eight bytes each: a sheet may have millions of them (a lookup that fails)."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator

_MOST = 8_000_000
_CODES = 200
_LONGEST = 40
_OTHER = "#VALUE!"
_CODE_BITS, _COLUMN_BITS = 8, 15
_ROW_SHIFT = _CODE_BITS + _COLUMN_BITS
_LAST_ROW = 1 << 24

Packed = tuple[bytes, list[str]]


class TooMany(Exception):
    """More than anybody's list has."""


class Lost:
    """The lost cells of one sheet; rows from 1, columns from 0.

    Args:
        packed: as another process packed them.
    """

    def __init__(self, packed: Packed = (b"", [])) -> None:
        self._places = array("Q", packed[0])
        self._codes = list(packed[1])
        self._numbers = {code: number for number, code in enumerate(self._codes)}
        self._sorted = True

    def __bool__(self) -> bool:
        return bool(self._places)

    def add(self, row: int, column: int, code: str) -> None:
        """Note one cell; an error that no spreadsheet program knows becomes a plain one.

        Raises:
            TooMany: see there.
        """
        if len(self._places) >= _MOST:
            raise TooMany
        if row >= _LAST_ROW or column >= 1 << _COLUMN_BITS:
            return
        if code not in self._numbers and (len(code) > _LONGEST or len(self._codes) >= _CODES):
            code = _OTHER
        if code not in self._numbers:
            self._numbers[code] = len(self._codes)
            self._codes.append(code)
        self._places.append(row << _ROW_SHIFT | column << _CODE_BITS | self._numbers[code])
        self._sorted = False

    def packed(self) -> Packed:
        """For the way to another process."""
        self._sort()
        return self._places.tobytes(), self._codes

    def at(self, row: int) -> list[tuple[int, str]]:
        """(column, code) of a row's lost cells."""
        self._sort()
        found = []
        place = bisect_left(self._places, row << _ROW_SHIFT)
        while place < len(self._places) and self._places[place] >> _ROW_SHIFT == row:
            packed = self._places[place]
            found.append(
                (
                    packed >> _CODE_BITS & (1 << _COLUMN_BITS) - 1,
                    self._codes[packed & (1 << _CODE_BITS) - 1],
                )
            )
            place += 1
        return found

    def rows(self) -> Iterator[int]:
        """The numbers of rows with lost cells, in order."""
        self._sort()
        last = -1
        for packed in self._places:
            row = packed >> _ROW_SHIFT
            if row != last:
                yield row
                last = row

    def _sort(self) -> None:
        if not self._sorted:
            self._places = array("Q", sorted(self._places))
            self._sorted = True
