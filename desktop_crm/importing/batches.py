"""What came in together and stands, so that it can be seen and taken back later; several.py brings it in."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_crm.records.imports import ImportBatch
from desktop_crm.shop import Shop
from desktop_crm.store import import_batches as store


@dataclass(frozen=True)
class Brought:
    """What came in together and stands: its sheets, the newest batch first."""

    sheets: tuple[ImportBatch, ...]

    @property
    def id(self) -> int:
        """For tables: what tells it apart."""
        return self.sheets[0].id

    @property
    def changes(self) -> list[int]:
        """The changes that wrote them."""
        return [sheet.change_id for sheet in self.sheets if sheet.change_id is not None]

    @property
    def files(self) -> list[str]:
        """Their files, each once."""
        return list(dict.fromkeys(sheet.file_name for sheet in self.sheets))

    def total(self, count: str) -> int:
        """The sum of one of the counts of `ImportBatch`."""
        return sum(getattr(sheet, count) for sheet in self.sheets)


def latest(shop: Shop, limit: int = 20) -> list[Brought]:
    """The newest batches first; a sheet that came alone is a batch of one."""
    groups: dict[int, list[ImportBatch]] = {}
    for sheet in store.latest(shop.db, limit):
        groups.setdefault(sheet.batch_id or -sheet.id, []).append(sheet)
    return [Brought(tuple(reversed(sheets))) for sheets in groups.values()]
