"""The after-sales terms a shop grants: a table the owner may edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class AfterSalesTerm:
    """One term: what the customer may ask for, until when.

    Attributes:
        id: key. key: which of the built-in terms, whose words are translated while unchanged; '' for one of the shop's own.
        part: main unit, battery, charger, headset, accessory, repair, or in the shop's words.
        remedy: what may be asked for, in words.
        days / months: how long after the sale, the last day counts (day 1 is the day after the sale); one of them.
        condition: what must have happened, '' for nothing.
        source: the rule it comes from. position: ascending. active: it counts.
    """

    TABLE: ClassVar[str] = "after_sales_terms"

    id: int
    key: str
    part: str
    remedy: str
    days: int | None = None
    months: int | None = None
    condition: str = ""
    source: str = ""
    position: int = 0
    active: bool = True
