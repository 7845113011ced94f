"""Cells that are merged over several rows: what stands in the first of them holds for all, as a person reads it.

Files keep the value in the first cell only. A text or a day is repeated; a number is not, because it may be a sum over
the rows: it becomes a marked `Error`, and who reads the column decides (importing/rows.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from desktop_crm.files.wire import Error

Range = tuple[tuple[int, int], tuple[int, int]]
"""First and last (row, column), from 0."""

_MARK = "merged:"
_MOST = 200_000
"""More merged ranges than any person makes are left alone."""
_NUMBER = re.compile(r"[¥￥$]?\s*-?[\d,]+(?:\.\d+)?\s*(?:元|万|台|件|个)?")


def shared(value: Any) -> Any:  # any cell in, a cell out
    """What the cells of a merged range hold."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return value
    text = value if isinstance(value, str) else f"{value:.15g}"
    return Error(_MARK + text) if _NUMBER.fullmatch(text.strip()) else value


def text_within(error: Error) -> str:
    """The number that stands in a cell merged over several rows; "" for any other error."""
    return error.code.removeprefix(_MARK) if error.code.startswith(_MARK) else ""


def filled(
    rows: Iterable[tuple[int, list[Any]]], ranges: Iterable[Range], offset: int
) -> Iterator[tuple[int, list[Any]]]:
    """The rows with the cells of tall merged ranges filled; rows that hold nothing else stay empty.

    Args:
        rows: (row number from 1, cells from column `offset` on).
    """
    begins: dict[int, list[tuple[int, int]]] = {}
    for number, ((top, left), (bottom, _right)) in enumerate(ranges):
        if bottom > top and left >= offset and number < _MOST:
            begins.setdefault(top + 1, []).append((bottom + 1, left - offset))
    going: dict[int, tuple[int, Any]] = {}
    for number, row in rows:
        if going and any(cell not in ("", None) for cell in row):
            for column, (_last, value) in going.items():
                row.extend([None] * (column + 1 - len(row)))
                row[column] = value
        for last, column in begins.get(number, ()):
            if column < len(row) and row[column] not in ("", None):
                row[column] = shared(row[column])
                going[column] = (last, row[column])
        if going:
            going = {column: held for column, held in going.items() if held[0] > number}
        yield number, row
