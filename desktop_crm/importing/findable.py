"""Making what an import wrote findable: figures and the search index, sooner than at the end of the change, and told of.

Thousands of new cards are indexed on the side while they are being written (store/index_beside.py); a few wait for the
end. What the cards are is applying.py's business.
"""

from __future__ import annotations

from desktop_crm.base.i18n import _
from desktop_crm.importing.rehearsal import Progress
from desktop_crm.shop import Shop
from desktop_crm.store import bulk_rows, customer_figures, search
from desktop_crm.store.index_beside import IndexBeside

_MANY = 2_000
"""So many new cards are indexed on the side."""

_PIECE = 1_000
"""Cards handed over at once: unpacking them holds up the window, for a few milliseconds."""


class Findable:
    """Figures and index of one import, inside its change; close it in any case."""

    def __init__(self, shop: Shop, progress: Progress | None) -> None:
        self._shop = shop
        self._progress = progress
        self._beside: IndexBeside | None = None

    def take(self, people: range) -> None:
        """Index new cards with all that hangs on them, if they are the first of many."""
        if self._beside is None and len(people) >= _MANY:
            self._beside = IndexBeside(self._shop.db)
        if self._beside is not None:
            for first in range(0, len(people), _PIECE):
                some = people[first : first + _PIECE]
                hanging, cards = search.gathered(self._shop.db, some[0], some[-1])
                self._beside.feed(hanging, cards, len(some), self._tell)

    def mark(self, people: range) -> None:
        """Have all new cards taken up by `finish`, as far as `take` has not."""
        tables = ["figures_dirty"] if self._beside is not None else ["figures_dirty", "search_dirty"]
        if people:
            bulk_rows.mark(self._shop.db, people[0], people[-1], tables)

    def finish(self) -> None:
        """Make the figures, and all of the index."""
        customer_figures.refresh(self._shop.db, self._tell_figures)
        if self._beside is not None:
            self._beside.finish(self._shop.db, self._tell)
        search.refresh(self._shop.db, self._tell)

    def close(self) -> None:
        """End what is still going on."""
        if self._beside is not None:
            self._beside.close()

    def _tell_figures(self, done: int, total: int) -> None:
        if self._progress is not None:
            self._progress.report(done, total, _("Adding up the figures of the customers…"))

    def _tell(self, done: int, total: int) -> None:
        if self._progress is not None:
            self._progress.report(done, total, _("Making everything searchable…"))
