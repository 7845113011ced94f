"""Whether the details of a card are still right: since when nobody has confirmed them, and confirming them."""

from __future__ import annotations

from datetime import date

from desktop_crm import customers
from desktop_crm.base.dates import add_months, from_instant, local_day
from desktop_crm.base.i18n import _
from desktop_crm.records.customers import Customer
from desktop_crm.settings import VERIFY_MONTHS
from desktop_crm.shop import Shop


def known_since(shop: Shop, customer: Customer) -> date:
    """The last day on which the details were known to be right: confirmed, else the beginning of the card."""
    day = customer.verified_day or customer.since_day
    return date.fromisoformat(day) if day else local_day(from_instant(customer.created_at), shop.zone)


def is_due(shop: Shop, customer: Customer) -> bool:
    """Whether somebody should ask "is this still right?": a card in use, unconfirmed for the months of the setting."""
    months = shop.get(VERIFY_MONTHS)
    if not months or customer.deleted_at is not None or customer.merged_into is not None:
        return False
    return known_since(shop, customer) <= add_months(shop.today(), -months)


def confirm(shop: Shop, customer_id: int) -> None:
    """Note that the details are right as of today.

    Raises:
        CustomerMissing
    """
    name = customers.live(shop, customer_id).name
    with shop.change(_("Confirm the details of {name}").format(name=name), {"customers"}):
        customers.edit_within(shop, customer_id, verified_day=shop.today().isoformat())
