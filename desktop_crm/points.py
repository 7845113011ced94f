"""Loyalty points: a ledger per customer, whose sum is what they have.

Points are brought along from another program or corrected by hand. Rules by which sales earn them are not here yet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from desktop_crm import customers
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_, _, ngettext
from desktop_crm.base.values import clean_text, half_width
from desktop_crm.records.points import PointEntry, PointKind
from desktop_crm.shop import Shop
from desktop_crm.store import points as store

KINDS = frozenset({"points", "customers"})
_MOST = 10**12

LABELS: Final[dict[PointKind, str]] = {
    "opening": N_("Brought along"),
    "earned": N_("Earned"),
    "spent": N_("Spent"),
    "expired": N_("Expired"),
    "correction": N_("Correction"),
}
"""What an entry is, in words."""


class PointsWrong(CrmError):
    """Points that cannot be booked."""


@dataclass(frozen=True)
class LedgerLine:
    """One entry and what the customer had after it."""

    entry: PointEntry
    after: int


def total(shop: Shop, customer_id: int) -> int | None:
    """What a customer has, None where there was never an entry."""
    return store.total(shop.db, customer_id)


def ledger(shop: Shop, customer_id: int) -> list[LedgerLine]:
    """A customer's entries with the sum after each, the latest first."""
    found = store.entries(shop.db, customer_id)
    sums = accumulate(entry.points for entry in found)
    return [LedgerLine(entry, after) for entry, after in zip(found, sums, strict=True)][::-1]


def label(entry: PointEntry) -> str:
    """What an entry is, in words."""
    return _(LABELS[entry.kind])


def wanted(text: str, now: int) -> int | None:
    """What somebody means who has `now` points: "1700" is all, "+50" and "-20" are more and less; None: no number.

    Example: wanted("+50", 100) is 150.
    """
    found = re.fullmatch(r"([+−-]?)\s*(\d{1,12})\s*(?:分|点|pts?|points?)?", _plain(text), re.I)
    if found is None:
        return None
    size = int(found[2])
    return now + size if found[1] == "+" else now - size if found[1] else size


def _plain(text: str) -> str:
    return re.sub(r"(?<=\d)[,，](?=\d{3})", "", half_width(text).strip())


def put(shop: Shop, customer_id: int, points: int, note: str = "", kind: PointKind = "correction") -> int:
    """Book what is missing up to so many points, as one step, and return what they have then.

    Raises:
        CustomerMissing
        PointsWrong: below zero, or too many; nothing was saved.
    """
    name = customers.live(shop, customer_id).name
    if not 0 <= points < _MOST:
        raise PointsWrong(
            _("Points cannot be below zero or that many. Nothing was saved; correct the number.")
        )
    with shop.change(_("Points of {name}").format(name=name), KINDS, action="points.put"):
        more = points - (store.total(shop.db, customer_id) or 0)
        if more:
            at, day = shop.stamp(), shop.today().isoformat()
            entry = PointEntry(0, customer_id, at, day, more, kind, None, clean_text(note), shop.staff_id)
            shop.db.insert(entry)
    return points


def put_typed(shop: Shop, customer_id: int, text: str, note: str = "") -> int:
    """As `put`, by what somebody types: "1700", "+50" or "-20".

    Raises:
        CustomerMissing
        PointsWrong: that is no number, or they would be below zero; nothing was saved.
    """
    points = wanted(text, total(shop, customer_id) or 0)
    if points is None:
        raise PointsWrong(_("Type how many points they have, or +50 or -20. Nothing was saved."))
    return put(shop, customer_id, points, note)


def words(points: int | None) -> str:
    """In words: "1,638 points"; '' where there was never an entry."""
    if points is None:
        return ""
    return ngettext("{count} point", "{count} points", points).format(count=f"{points:,}")
