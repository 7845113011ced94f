"""How somebody arranged the columns of a table on this machine: which, in what order, how wide, sorted by what."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_crm.base.machine import Json
from desktop_crm.ui.kit.state import State


class Arrangement:
    """What is remembered of one table; without a name or a state nothing is.

    Attributes:
        widths: chosen by hand, by column key.
        order: keys of the columns from left to right, [] as they are declared.
        shown: keys of the columns shown, None as they are declared.
        sort: column key and descending, None where it was never chosen.
    """

    def __init__(self, name: str, state: State | None) -> None:
        self._key = f"columns.{name}"
        self._state = state if name else None
        self.widths: dict[str, int] = {}
        self.order: list[str] = []
        self.shown: list[str] | None = None
        self.sort: tuple[str, bool] | None = None
        if self._state is not None:
            self.widths = self._state.numbers(self._key)
            self.order = self._state.texts(f"{self._key}.order")
            self.shown = self._state.texts(f"{self._key}.shown") or None
            sort = self._state.text(f"{self._key}.sort")
            self.sort = (sort.removeprefix("-"), sort.startswith("-")) if sort else None

    def put_width(self, key: str, width: int) -> None:
        """Remember a width."""
        self.widths[key] = width
        self._put("", dict(self.widths))

    def put_order(self, keys: Sequence[str]) -> None:
        """Remember the order; columns that are not there now keep their place at the end."""
        self.order = [*keys, *(key for key in self.order if key not in keys)]
        self._put(".order", list(self.order))

    def put_shown(self, keys: Sequence[str]) -> None:
        """Remember which are shown."""
        self.shown = list(keys)
        self._put(".shown", list(keys))

    def put_sort(self, key: str, descending: bool) -> None:
        """Remember the order of the rows; "" forgets it."""
        self.sort = (key, descending) if key else None
        self._put(".sort", f"-{key}" if descending and key else key)

    def forget(self) -> None:
        """Show the columns as they are declared."""
        self.widths, self.order, self.shown = {}, [], None
        self._put("", {})
        self._put(".order", [])
        self._put(".shown", [])

    def _put(self, part: str, value: Json) -> None:
        if self._state is not None:
            self._state.put(f"{self._key}{part}", value)
