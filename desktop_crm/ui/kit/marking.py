"""Which rows of a `RecordTable` are marked for doing something to many at once: by identity, so that it outlives
sorting, paging and reloading. No painting, no customer.

Space marks a row and goes on, Shift with arrows, Page, Home and End marks all between, Ctrl+A everything; the plain
arrows keep what is marked. Rows of a long list that are not here yet are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

Span = tuple[int, int]
"""(first row, how many)."""

NOBODY: Final[frozenset[Hashable]] = frozenset()


class Marking(QObject):
    """The marked rows.

    Args:
        record_at: the record of a row, None where it is not here.
        identity: what makes a record the same one.
        count: how many rows there are.
        ask: fetches the identities of rows that are not here, and calls back with them.

    Signals:
        changed(): other rows are marked.
    """

    changed = Signal()

    def __init__(
        self,
        record_at: Callable[[int], Any],  # records of whatever type the table is of
        identity: Callable[[Any], Hashable],
        count: Callable[[], int],
        ask: Callable[[Sequence[Span], Callable[[Sequence[Hashable]], None]], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._record_at, self._identity, self._count, self._ask = record_at, identity, count, ask
        self.ids: frozenset[Hashable] = NOBODY
        self.all_but: frozenset[Hashable] | None = None
        self._before = NOBODY
        self._anchor: int | None = None
        self._turn = 0
        self.are_others_coming: Callable[[], bool] = lambda: False
        """Whether other rows are on their way: to mark everything then means those."""
        self._wants_all = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is marked."""
        return not self.ids and self.all_but is None

    @property
    def size(self) -> int:
        """How many rows are marked."""
        return len(self.ids) if self.all_but is None else self._count() - len(self.all_but)

    def has(self, record: Any) -> bool:  # a record of whatever type the table is of
        """Whether a record is marked."""
        found = self._identity(record)
        return found in self.ids if self.all_but is None else found not in self.all_but

    def toggle(self, row: int) -> None:
        """Mark a row, or take its mark away."""
        record = self._record_at(row)
        if record is None:
            return
        self._anchor = None
        one = {self._identity(record)}
        if self.all_but is None:
            self._set(self.ids ^ one)
        else:
            self._set(NOBODY, self.all_but ^ one)

    def everything(self) -> None:
        """Mark all rows; where all are marked already, none. While other rows are on their way, those (`arrive`)."""
        if self.are_others_coming():
            self._wants_all = not self._wants_all
            return
        self._anchor = None
        if self.all_but == NOBODY:
            self._set()
        elif self._count():
            self._set(NOBODY, NOBODY)

    def arrive(self) -> None:
        """The rows that were on their way are here."""
        if self._wants_all:
            self._wants_all = False
            self.everything()

    def clear(self) -> None:
        """Take all marks away."""
        self._wants_all = False
        self.start_over()

    def start_over(self) -> None:
        """Other rows come without any mark; to mark everything was said of them."""
        self._anchor = None
        self._set()

    def extend(self, start: int, end: int) -> None:
        """Mark all rows from where extending began to `end`, besides what was marked before that.

        Args:
            start: the row of the cursor before the key; where extending begins with it.
        """
        if self.all_but is not None:
            return
        if self._anchor is None:
            self._anchor, self._before = start, self.ids
        first, last = sorted((self._anchor, end))
        size = last - first + 1
        if not self._before and size == self._count():
            self._set(NOBODY, NOBODY)
            return
        if not self._before and size > 10_000 and 2 * size > self._count():
            rest = [(0, first), (last + 1, self._count() - last - 1)]
            self._later([span for span in rest if span[1]], lambda others: self._set(NOBODY, others))
            return
        records = [self._record_at(row) for row in range(first, last + 1)] if size <= 10_000 else [None]
        if None in records:
            before = self._before
            self._later([(first, size)], lambda found: self._set(before | found))
        else:
            self._set(self._before | {self._identity(each) for each in records})

    def _later(self, spans: Sequence[Span], take: Callable[[frozenset[Hashable]], None]) -> None:
        """Mark rows that must be asked for, unless other marks are made meanwhile."""
        turn = self._turn = self._turn + 1
        self._ask(spans, lambda found: take(frozenset(found)) if turn == self._turn else None)

    def stop_extending(self) -> None:
        """The next extension begins anew."""
        self._anchor = None

    def _set(self, ids: frozenset[Hashable] = NOBODY, all_but: frozenset[Hashable] | None = None) -> None:
        self._turn += 1
        if (ids, all_but) != (self.ids, self.all_but):
            self.ids, self.all_but = ids, all_but
            self.changed.emit()
