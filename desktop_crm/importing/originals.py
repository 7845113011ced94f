"""What stood in the cells that cleaning changed: found while a sheet is read, kept with the import, looked at later.

Only cells whose stored text differs from what stood there have one; a date cell that is stored as its day, a number as
its digits and 男 as male do not. How cells are read is cleaning.py's and days.py's business.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from desktop_crm.shop import Shop
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
    return [_original(found) for found in store.of_import(shop.db, import_id, limit, offset)]


def count(shop: Shop, import_id: int) -> int:
    """How many rows of an import have cells that were changed."""
    return store.count(shop.db, import_id)


def of_customer(shop: Shop, customer_id: int) -> list[Original]:
    """What stood in the files for somebody, the newest import first."""
    return [_original(found) for found in store.of_customer(shop.db, customer_id)]


def _original(found: tuple[Any, ...]) -> Original:
    import_id, row, customer_id, name, cells, file_name, sheet, at = found
    return Original(import_id, row, customer_id, name, cells_of(cells), file_name, sheet, at)
