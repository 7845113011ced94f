"""Contacts between a customer and the shop: log a visit, a call, a message.

Contacts that are part of something else (a follow-up's outcome, a step of a complaint) are logged there.
"""

from __future__ import annotations

from datetime import datetime

from desktop_crm import customers, tiers
from desktop_crm.base.dates import local_day, to_instant
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_, _
from desktop_crm.base.values import clean_note
from desktop_crm.followup_rules import cancel_revisits_within
from desktop_crm.records.interactions import Channel, Interaction, Starter
from desktop_crm.shop import Shop
from desktop_crm.store import interactions as store

CHANNELS: dict[str, str] = {
    "visit": N_("Visit"),
    "call": N_("Call"),
    "wechat": N_("WeChat"),
    "sms": N_("SMS"),
    "email": N_("E-mail"),
    "other": N_("Other contact"),
}
"""Every channel with its name, in the order of frequency."""


class ContactInFuture(CrmError):
    """A contact is said to have happened later than now."""


def channel_label(channel: str) -> str:
    """The name of a channel."""
    return _(CHANNELS[channel])


def log(
    shop: Shop,
    customer_id: int,
    channel: Channel,
    began_by: Starter,
    summary: str,
    reached: bool = True,
    at: datetime | None = None,
) -> int:
    """Note a contact and return its id; a revisit that was planned is off, and the tier is judged anew.

    Args:
        at: when it was; now if not given.

    Raises:
        CustomerMissing, ContactInFuture: nothing was noted.
    """
    name = customers.live(shop, customer_id).name
    label = _("Contact with {name}: {channel}").format(name=name, channel=channel_label(channel))
    with shop.change(label, {"interactions", "followups", "tiers"}, action="interactions.log"):
        made = log_within(shop, customer_id, channel, began_by, summary, reached, at)
        if reached:
            cancel_revisits_within(shop, customer_id)
        if began_by == "customer":
            tiers.refresh_within(shop, customer_id)
    return made


def log_within(
    shop: Shop,
    customer_id: int,
    channel: Channel,
    began_by: Starter,
    summary: str,
    reached: bool = True,
    at: datetime | None = None,
    *,
    import_id: int | None = None,
) -> int:
    """Note a contact inside an open change, without anything that follows from it; imports use it."""
    when = at or shop.now()
    if when > shop.now():
        raise ContactInFuture(_("A contact cannot be later than now. Nothing was noted; give another time."))
    return shop.db.insert(
        Interaction(
            0,
            customer_id,
            to_instant(when),
            local_day(when, shop.zone).isoformat(),
            channel,
            began_by,
            clean_note(summary),
            reached,
            staff_id=shop.staff_id,
            import_id=import_id,
        )
    )


def of_customer(shop: Shop, customer_id: int, limit: int = 500) -> list[Interaction]:
    """The customer's contacts, latest first."""
    return store.of_customer(shop.db, customer_id, limit)
