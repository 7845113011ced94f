"""Whether the details of a card are still right: since when nobody has confirmed them, and confirming them."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from desktop_crm import customers
from desktop_crm.base.dates import add_months, from_instant, local_day
from desktop_crm.base.i18n import _
from desktop_crm.records.customers import Customer
from desktop_crm.settings import VERIFY_MONTHS
from desktop_crm.shop import Shop


class Details(Protocol):
    """What of a card says since when it is known to be right."""

    @property
    def verified_day(self) -> str | None:
        """The day of the last confirmation."""

    @property
    def since_day(self) -> str | None:
        """Customer since."""

    @property
    def created_at(self) -> str:
        """When the card was made."""


def known_since(shop: Shop, details: Details) -> date:
    """The last day on which the details were known to be right: confirmed, else the beginning of the card."""
    day = details.verified_day or details.since_day
    return date.fromisoformat(day) if day else local_day(from_instant(details.created_at), shop.zone)


def is_overdue(shop: Shop, details: Details, months: int) -> bool:
    """Whether nobody has confirmed the details for so many months; never for 0."""
    return months > 0 and known_since(shop, details) <= add_months(shop.today(), -months)


def is_due(shop: Shop, customer: Customer) -> bool:
    """Whether somebody should ask "is this still right?": a card in use, unconfirmed for the months of the setting."""
    if customer.deleted_at is not None or customer.merged_into is not None:
        return False
    return is_overdue(shop, customer, shop.get(VERIFY_MONTHS))


def confirm(shop: Shop, customer_id: int) -> None:
    """Note that the details are right as of today.

    Raises:
        CustomerMissing
    """
    name = customers.live(shop, customer_id).name
    with shop.change(
        _("Confirm the details of {name}").format(name=name), {"customers"}, action="verification.confirm"
    ):
        customers.edit_within(shop, customer_id, verified_day=shop.today().isoformat())
