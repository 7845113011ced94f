"""What customers bring along from another program: how much and how often they bought, and when last, without the sales.

It counts for tier and activity (tiers.py) and is marked wherever it is shown; net sales and KPIs never see it. Points
and balances that came along are ledgers of their own: points.py, balance.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from desktop_crm import customers, tiers
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.values import show_money
from desktop_crm.records.openings import OpeningSummary
from desktop_crm.shop import Shop
from desktop_crm.store import openings as store

KINDS = frozenset({"openings", "customers", "tiers"})


class OpeningWrong(CrmError):
    """Sums or days that cannot be."""


@dataclass(frozen=True)
class Brought:
    """All that a customer brought along; of several summaries (cards that became one) the sum and the latest day.

    Attributes:
        total_fen: spent altogether, None where nobody said. purchases: how often, or None.
        last_day: of the last purchase, or None.
        day: the shop day up to and including which the sums count; None: today.
    """

    total_fen: int | None = None
    purchases: int | None = None
    last_day: str | None = None
    day: str | None = None

    @property
    def says_something(self) -> bool:
        """Whether anything is known."""
        return (self.total_fen, self.purchases, self.last_day) != (None, None, None)


def together(found: Sequence[OpeningSummary]) -> Brought | None:
    """Several summaries as one, None where there are none."""
    if not found:
        return None
    totals = [each.total_fen for each in found if each.total_fen is not None]
    counts = [each.purchases for each in found if each.purchases is not None]
    last = max((each.last_day for each in found if each.last_day), default=None)
    day = max(each.day for each in found)
    return Brought(sum(totals) if totals else None, sum(counts) if counts else None, last, day)


def of_customer(shop: Shop, customer_id: int) -> Brought | None:
    """What a customer brought along, None where nothing is known."""
    return together(store.of_customer(shop.db, customer_id))


def words(brought: Brought | None) -> str:
    """In words: "¥8,000 · 12 purchases · last 2026-03-02"; '' for nothing."""
    if brought is None:
        return ""
    parts = []
    if brought.total_fen is not None:
        parts.append(show_money(brought.total_fen, cents=False))
    if brought.purchases is not None:
        count = ngettext("{count} purchase", "{count} purchases", brought.purchases)
        parts.append(count.format(count=f"{brought.purchases:,}"))
    if brought.last_day is not None:
        parts.append(_("last {day}").format(day=brought.last_day))
    return " · ".join(parts)


def put(shop: Shop, customer_id: int, brought: Brought) -> None:
    """Set what a customer brought along, as one step; a better tier that follows applies at once.

    Raises:
        CustomerMissing
        OpeningWrong: a day to come, a sum or count below zero, or nothing at all; nothing was saved.
    """
    name = customers.live(shop, customer_id).name
    _check(shop, brought)
    with shop.change(_("What {name} brought along").format(name=name), KINDS, action="openings.put"):
        put_within(shop, customer_id, brought)
        tiers.refresh_within(shop, customer_id)


def remove(shop: Shop, customer_id: int) -> None:
    """Forget what a customer brought along, as one step; where nothing was, nothing happens.

    Raises:
        CustomerMissing
    """
    name = customers.live(shop, customer_id).name
    with shop.change(
        _("What {name} brought along is taken away").format(name=name), KINDS, action="openings.remove"
    ):
        put_within(shop, customer_id, Brought())
        tiers.refresh_within(shop, customer_id)


def put_within(shop: Shop, customer_id: int, brought: Brought, import_id: int | None = None) -> None:
    """As `put` or, where nothing is known any more, `remove`, inside a change; several summaries become one."""
    found = store.of_customer(shop.db, customer_id)
    for each in found[:-1] if brought.says_something else found:
        shop.db.delete(OpeningSummary, each.id)
    if not brought.says_something:
        return
    day = brought.day or shop.today().isoformat()
    known = found[-1] if found else OpeningSummary(0, customer_id, day, None, None, None, shop.stamp())
    after = replace(
        known,
        day=day,
        total_fen=brought.total_fen,
        purchases=brought.purchases,
        last_day=brought.last_day,
        import_id=import_id or known.import_id,
    )
    if known.id:
        shop.db.update(after)
    else:
        shop.db.insert(after)


def _check(shop: Shop, brought: Brought) -> None:
    if not brought.says_something:
        raise OpeningWrong(_("Say how much, how often or when last. Nothing was saved."))
    if (brought.total_fen or 0) < 0 or (brought.purchases or 0) < 0:
        raise OpeningWrong(_("What was brought along cannot be below zero. Nothing was saved."))
    for day in filter(None, (brought.last_day, brought.day)):
        if date.fromisoformat(day) > shop.today():
            raise OpeningWrong(
                _("{day} is still to come. Nothing was saved; correct the day.").format(day=day)
            )
    if brought.last_day and brought.day and brought.last_day > brought.day:
        raise OpeningWrong(
            _("The last purchase was after {day}, up to which the sums count. Nothing was saved.").format(
                day=brought.day
            )
        )
