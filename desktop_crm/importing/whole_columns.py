"""Reading the cells of a whole column at once: what comes again and again is read once.

How one cell is read is cleaning.py's and days.py's business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import compress, count, repeat
from operator import is_, ne
from typing import Any

from desktop_crm.files.reading import Cell

_REMEMBERED = 5_000
"""Different cells of a column that are remembered; one with many more is no list of words."""

_MISSING = object()
_KINDS = (str, date)
"""Cells that may be remembered: they equal no cell of another kind, as 1 equals True."""


class ColumnReader:
    """Reads the cells of one column.

    Args:
        read: reads one cell; must give the same for the same cell.
        repeats: cells are worth remembering; not where nearly each is another one, like telephone numbers.
    """

    def __init__(self, read: Callable[[Cell], Any], *, repeats: bool = True) -> None:
        self.one = read
        self._repeats = repeats
        self._known: dict[Cell, Any] = {None: read(None)}

    def all(self, cells: Sequence[Cell]) -> list[Any]:
        """What the cells say, in their order."""
        if not self._repeats:
            return list(map(self.one, cells))
        known, read = self._known, self.one
        values = list(map(known.get, cells, repeat(_MISSING)))
        for place in compress(count(), map(is_, values, repeat(_MISSING))):
            cell = cells[place]
            found = known.get(cell, _MISSING)
            if found is _MISSING:
                found = read(cell)
                if len(known) < _REMEMBERED and type(cell) in _KINDS:
                    known[cell] = found
            values[place] = found
        return values


def different(values: Sequence[Any], cells: Sequence[Cell]) -> Iterable[int]:
    """The places where what was read is not what stands there."""
    return compress(count(), map(ne, values, cells))
