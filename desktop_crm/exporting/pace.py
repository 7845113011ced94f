"""How far the writing of a file is, told now and then. What is done with it is the window's and the command line's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

R = TypeVar("R")

Tell = Callable[[int, int], None]
"""Told (rows done, about how many in all or 0) now and then; what it raises stops the work, and nothing is written."""

_EVERY = 500


class Pace:
    """Counts the rows of one file, whichever of its lists they are in."""

    def __init__(self, tell: Tell | None, total: int) -> None:
        self.done = 0
        self._tell, self._total = tell, total

    def stay(self, _done: int, _total: int) -> None:
        """Tell the same again, for a part of the file whose rows are not counted: it can be stopped there, too."""
        if self._tell is not None:
            self._tell(self.done, max(self._total, self.done) if self._total else 0)

    def each(self, rows: Iterable[R]) -> Iterator[R]:
        """The rows themselves."""
        if self._tell is None:
            yield from rows
            return
        for row in rows:
            if self.done % _EVERY == 0:
                self.stay(0, 0)
            self.done += 1
            yield row
