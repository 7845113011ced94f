"""Named views: a filter of customers with a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class View:
    """One named filter of customers.

    Attributes:
        id: key. name: unique. filter: as `who.Filter.to_text` writes it (JSON).
        position: ascending in lists. in_rail: shown in the rail with its count.
        created_at: instant of recording. staff_id: who made it, or None.
    """

    TABLE: ClassVar[str] = "views"

    id: int
    name: str
    filter: str
    created_at: str
    position: int = 0
    in_rail: bool = True
    staff_id: int | None = None
