"""What each of the staff did in a period: sales, refunds of them, contacts; who may not see the others' sees the own."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_crm import roles
from desktop_crm.base.i18n import _
from desktop_crm.kpi_periods import Frames
from desktop_crm.shop import Shop
from desktop_crm.store import staff_figures as store
from desktop_crm.store.staff_figures import Work as Work


def of_period(shop: Shop, asked: Frames) -> Sequence[Work]:
    """Everybody's part of the period, those first who sold most, as far as the person at the counter may see it.

    With the right to see them all, the parts add up to the shop's net sales and promised contacts.
    """
    if not asked.begun:
        return ()
    return tuple(
        each for each in store.work(shop.db, asked.main) if roles.sees_figures_of(shop, each.staff_id)
    )


def name(work: Work) -> str:
    """Whose part it is, in words."""
    return work.name or _("Nobody in particular")


def on_time_rate(work: Work) -> float | None:
    """Contacts made on their day ÷ promised ones, None where none was promised; example: 3 ÷ 4 = 75.0 %."""
    return work.on_time / work.promised if work.promised else None
