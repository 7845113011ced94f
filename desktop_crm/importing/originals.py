"""What stood in the cells that cleaning changed: found while a sheet is read, kept with the import, looked at later.

Only cells that say something else than what is stored have one: a date cell that is stored as its day, 2026/3/1 as
2026-03-01, a number as its digits and 男 as what is shown as 男 do not. How cells are read is cleaning.py's and days.py's
business.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from desktop_crm.base.values import clean_note
from desktop_crm.files.reading import Cell
from desktop_crm.importing.cleaning import shown_words
from desktop_crm.importing.fields import KINDS, Reader
from desktop_crm.importing.headings import known
from desktop_crm.importing.plain import NOTHING, text_of
from desktop_crm.importing.trouble import Trouble
from desktop_crm.importing.whole_columns import different
from desktop_crm.importing.words import LABELS
from desktop_crm.shop import Shop
from desktop_crm.store import imports as store_imports
from desktop_crm.store import originals as store


class Cleaned(NamedTuple):
    """One cell: its column's heading, and what stood there."""

    title: str
    stood: str


@dataclass(frozen=True)
class Original:
    """The cells of one imported row whose stored text differs from what stood there.

    Attributes:
        import_id / file_name / sheet / at: the import. row: as the spreadsheet program shows it.
        customer_id / name: the customer the row became or belongs to; None and "" where it is nobody's.
        cells: in the order of the columns.
    """

    import_id: int
    row: int
    customer_id: int | None
    name: str
    cells: tuple[Cleaned, ...]
    file_name: str
    sheet: str
    at: str


_REMEMBERED = 5_000
"""Different texts of a column of which it is remembered whether they are kept."""

_DAYS = ("day", "birthday", "instant")
_PLAIN_AMOUNT = re.compile(r"-?\d+(?:\.\d+)?")
_PLAIN_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]+0?0:00(?::00)?)?")


class Keeper:
    """Finds the cells of one column whose stored text differs from what stands there.

    Args:
        reader: how the column's cells are read.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._looked_at = {str, int, float, datetime} if reader in _DAYS else {str}
        self._known: dict[str, bool] = {}

    def changed(self, values: Sequence[Any], cells: Sequence[Cell]) -> Iterator[tuple[int, str]]:
        """(place, what stood there) of such cells; `values` are as the reader gave them."""
        if not self._looked_at & set(map(type, cells)) and Trouble not in set(map(type, values)):
            return
        for place in different(values, cells):
            value, cell = values[place], cells[place]
            if cell is None:
                continue
            differs = self._known.get(cell) if type(cell) is str else None
            if differs is None:
                differs = self._differs(value, cell)
                if type(cell) is str and len(self._known) < _REMEMBERED:
                    self._known[cell] = differs
            if differs:
                yield place, cell if isinstance(cell, str) and cell.isprintable() else _storable(cell)

    def _differs(self, value: Any, cell: Cell) -> bool:
        if type(value) is Trouble:
            return value.level != "hint" or value.keep or str(value.value) != text_of(cell)
        if type(cell) not in self._looked_at:
            return False
        if isinstance(cell, str):
            return value != cell and self._says_more(value, cell.strip())
        if isinstance(cell, datetime):
            return self._reader != "instant" and (cell.hour, cell.minute) != (0, 0)
        return str(value).replace("-", "") != text_of(cell)

    def _says_more(self, value: Any, cell: str) -> bool:
        """Whether a text says something else than the value that was made of it."""
        if value in (cell, "", None):
            return value != cell and cell.lower() not in NOTHING
        if self._reader in ("money", "count"):
            return not _PLAIN_AMOUNT.fullmatch(cell)
        if self._reader in LABELS:
            word = cell.lower()
            shown = {text.lower() for text in shown_words(self._reader, value)}
            return not any(word in text or text in word for text in shown)
        day = _PLAIN_DAY.fullmatch(cell) if self._reader in _DAYS else None
        return day is None or f"{day[1]}-{int(day[2]):02d}-{int(day[3]):02d}" != value


def _storable(cell: Cell) -> str:
    return clean_note(cell) if isinstance(cell, str) else text_of(cell)


def as_column(found: Mapping[int, Mapping[str, str]], size: int) -> list[Any]:
    """The staged column of some rows: place → {title: what stood there} as texts."""
    column = [""] * size
    for place, cells in found.items():
        column[place] = json.dumps(cells, ensure_ascii=False)
    return column


def cells_of(stored: str) -> tuple[Cleaned, ...]:
    """The cells of a stored or staged text."""
    return tuple(Cleaned(title, stood) for title, stood in json.loads(stored or "{}").items())


def of_import(shop: Shop, import_id: int, limit: int = 200, offset: int = 0) -> list[Original]:
    """Some rows of an import in the order of its sheet."""
    unseen = _unseen(shop)
    return [_original(found, unseen) for found in store.of_import(shop.db, import_id, limit, offset)]


def count(shop: Shop, import_id: int) -> int:
    """How many rows of an import have cells that were changed."""
    return store.count(shop.db, import_id)


def of_customer(shop: Shop, customer_id: int) -> list[Original]:
    """What stood in the files for somebody, the newest import first."""
    unseen = _unseen(shop)
    return [_original(found, unseen) for found in store.of_customer(shop.db, customer_id)]


def _unseen(shop: Shop) -> Callable[[str, str | None], bool]:
    """Which headings (of an import with these cost titles) stand over what the person at the counter may not see."""
    if shop.may("cost"):
        return lambda _title, _costs: False
    told = {
        title
        for memory in store_imports.memories(shop.db)
        for title, field in json.loads(memory.mapping).items()
        if field == "cost"
    }

    def unseen(title: str, costs: str | None) -> bool:
        meanings = {known(kind, title) for kind in KINDS}
        if title in told or "cost" in meanings:
            return True
        if costs is None:  # nobody noted what it meant, and what a person said of it may be forgotten
            return not any(meanings)
        return title in json.loads(costs)

    return unseen


def _original(found: tuple[Any, ...], unseen: Callable[[str, str | None], bool]) -> Original:
    import_id, row, customer_id, name, stored, file_name, sheet, at, costs = found
    cells = tuple(cell for cell in cells_of(stored) if not unseen(cell.title, costs))
    return Original(import_id, row, customer_id, name, cells, file_name, sheet, at)
