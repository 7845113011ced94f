"""Whether the shop may call or write to a customer: the answer in general and per channel, with day and wording.

The answer in general is a field of the card (`Customer.consent`), edited by customers.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Literal

from desktop_crm import customers
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_, _
from desktop_crm.base.values import clean_note
from desktop_crm.records.customers import ChannelConsent, ConsentChannel, Customer
from desktop_crm.settings import CONSENT_WORDING
from desktop_crm.shop import Shop
from desktop_crm.store import consents as store

CHANNELS: dict[ConsentChannel, str] = {
    "call": N_("Calls"),
    "sms": N_("SMS"),
    "wechat": N_("WeChat"),
    "email": N_("E-mail"),
}
"""Every channel that may be asked about, with its name."""

_MAY: dict[ConsentChannel, tuple[str, str]] = {
    "call": (N_("May be called"), N_("Do not call")),
    "sms": (N_("May get SMS"), N_("No SMS")),
    "wechat": (N_("May get WeChat messages"), N_("No WeChat messages")),
    "email": (N_("May get e-mails"), N_("No e-mails")),
}


class DayWrong(CrmError):
    """An answer cannot have been given on this day."""


def words(channel: ConsentChannel, answer: str) -> str:
    """An answer for a channel in words that cannot be misread; '' for none."""
    granted, refused = _MAY[channel]
    return _(granted) if answer == "granted" else _(refused) if answer == "refused" else ""


def of_customer(shop: Shop, customer_id: int) -> list[ChannelConsent]:
    """The customer's answers for single channels, in the order of CHANNELS."""
    order = list(CHANNELS)
    return sorted(store.of_customer(shop.db, customer_id), key=lambda each: order.index(each.channel))


def may(shop: Shop, customer: Customer, channel: ConsentChannel) -> bool | None:
    """Whether the customer may be contacted by a channel; None where nobody has asked."""
    return allowed(customer, of_customer(shop, customer.id), channel)


def allowed(customer: Customer, answers: Iterable[ChannelConsent], channel: ConsentChannel) -> bool | None:
    """As `may`, with the answers at hand: contact not wanted goes first, then the channel, then the answer in general."""
    if customer.do_not_contact:
        return False
    given = next((each.answer for each in answers if each.channel == channel), customer.consent)
    return {"granted": True, "refused": False}.get(given)


def set(
    shop: Shop,
    customer_id: int,
    channel: ConsentChannel,
    answer: str,
    day: str | None = None,
    wording: str | None = None,
) -> None:
    """Note the answer for one channel; "" takes it away, so that the answer in general holds.

    Args:
        day: of the answer, today if not given. wording: what was asked; the shop's own words if not given.

    Raises:
        CustomerMissing
    """
    before = customers.live(shop, customer_id)
    label = _("Note the consent of {name}: {answer}").format(
        name=before.name,
        answer=words(channel, answer) or _("{channel} as in general").format(channel=_(CHANNELS[channel])),
    )
    with shop.change(label, {"customers"}, action="consents.set"):
        set_within(shop, customer_id, channel, answer, day, wording)


def set_within(
    shop: Shop,
    customer_id: int,
    channel: ConsentChannel,
    answer: str,
    day: str | None = None,
    wording: str | None = None,
) -> None:
    """As `set`, inside an open change."""
    old = store.of_channel(shop.db, customer_id, channel)
    if answer not in ("granted", "refused"):
        if answer:
            raise ValueError(f"{answer!r} is no answer")
        if old is not None:
            shop.db.delete(ChannelConsent, old.id)
        return
    asked = shop.get(CONSENT_WORDING) if wording is None else clean_note(wording)
    given: Literal["granted", "refused"] = "granted" if answer == "granted" else "refused"
    today = shop.today().isoformat()
    new = ChannelConsent(0, customer_id, channel, given, day or today, asked, shop.staff_id)
    if old is None:
        shop.db.insert(new)
    else:
        shop.db.update(replace(new, id=old.id))


def redate(shop: Shop, customer_id: int, day: date | None) -> None:
    """Put the day of the answer in general right; None where nobody knows it.

    Raises:
        CustomerMissing, DayWrong: it lies after today.
    """
    if day is not None and day > shop.today():
        raise day_wrong(day.isoformat())
    customers.edit(shop, customer_id, consent_day=None if day is None else day.isoformat())


def day_wrong(text: str) -> DayWrong:
    """The sentence for a day on which nobody can have answered."""
    return DayWrong(
        _("“{text}” is no day up to today. Nothing was saved; write 2026-11-21 or 11-21.").format(text=text)
    )
