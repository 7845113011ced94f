"""The day at a glance: whom to contact and why, what one knows of the person before calling, the month so far.

Reading only; the nouns' own modules do what is done here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop_crm import advice, card, complaints, followups, kpis, timeline
from desktop_crm.base.dates import month_of
from desktop_crm.base.i18n import _
from desktop_crm.base.values import show_money
from desktop_crm.card import Card
from desktop_crm.followups import DueFollowup, NextDays
from desktop_crm.kpis import Kpi
from desktop_crm.shop import Shop
from desktop_crm.store import today as store

SHOWN = 500
"""So many contacts are listed; the figures count all. Nobody does more in a day."""

LAST = 3
"""So many last contacts are shown before a call."""


@dataclass(frozen=True)
class Today:
    """What the day asks for.

    Attributes:
        lines: contacts due and overdue, the longest waiting first; `waiting` counts all of them.
        following: the next contact after today, None if none is planned.
        complaints: open, overdue and due today.
        has_customers: False in a shop that is still empty.
    """

    day: date
    lines: tuple[DueFollowup, ...]
    waiting: followups.Counts
    following: DueFollowup | None
    complaints: complaints.Counts
    has_customers: bool


@dataclass(frozen=True)
class Met:
    """One earlier contact: shop day, how ("Visit"), and what was said."""

    day: str
    how: str
    text: str


@dataclass(frozen=True)
class Contact:
    """What one knows before calling.

    Attributes:
        line: the follow-up. phones: the first is the primary one.
        activity: in words. at_risk: of high value, and quiet.
        facts: whole sentences beside the reason.
        met: the last contacts, the latest first.
        saying: what one may say.
        next_days: what finishing would plan.
    """

    line: DueFollowup
    phones: tuple[str, ...]
    wechat: str
    referred_count: int
    activity: str
    at_risk: bool
    facts: tuple[str, ...]
    met: tuple[Met, ...]
    saying: str
    next_days: NextDays


@dataclass(frozen=True)
class MonthSoFar:
    """Three figures of the month that runs; `new_customers_before` is the same stretch of the month before."""

    day: date
    net_sales: Kpi
    new_customers: float | None
    new_customers_before: float | None
    on_time: Kpi


def gather(shop: Shop, staff_id: int | None = None) -> Today:
    """The day, for a clerk (own contacts and nobody's) or for all."""
    with shop.reading() as db:
        coming = followups.listing(shop, "upcoming", staff_id=staff_id, limit=1)
        return Today(
            shop.today(),
            tuple(followups.due(shop, staff_id=staff_id, limit=SHOWN)),
            followups.counts(shop, staff_id),
            coming[0] if coming else None,
            complaints.counts(shop),
            store.any_customer(db),
        )


def contact(shop: Shop, followup_id: int) -> Contact:
    """What one knows of a follow-up's customer.

    Raises:
        FollowupMissing: it is not there any more.
    """
    with shop.reading():
        line = followups.line(shop, followup_id)
        found = card.gather(shop, line.followup.customer_id)
        return Contact(
            line,
            tuple(phone.number for phone in found.phones),
            found.customer.wechat,
            found.referred_count,
            found.activity_label,
            found.at_risk,
            _facts(found),
            tuple(_met(entry) for entry in found.timeline if entry.group == "contacts")[:LAST],
            followups.what_to_say(shop, followup_id),
            followups.next_days(shop, followup_id),
        )


def month_so_far(shop: Shop) -> MonthSoFar:
    """Sales, new customers and contacts on time of the month that runs."""
    found = kpis.all(shop, month_of(shop.today()))
    new = found["new_customer_growth"].parts
    return MonthSoFar(
        shop.today(),
        found["net_sales"],
        new.get("new_customers"),
        new.get("new_customers_before"),
        found["follow_up_on_time_rate"],
    )


def _facts(found: Card) -> tuple[str, ...]:
    """Why this tier, what was bought last, how often they change phones."""
    facts = []
    if found.tier is not None and found.tier.activity != "prospect":
        facts.append(_("{facts}.").format(facts=found.why))
    bought = next((sale for sale in found.purchases if sale.purchase.void_day is None), None)
    if bought is not None:
        facts.append(
            _("Last bought {what} for {money} on {day}.").format(
                what=timeline.sale_text(bought),
                money=show_money(bought.purchase.total_fen),
                day=bought.purchase.day,
            )
        )
    habit = advice.habit_months([owned.device for owned in found.devices])
    if habit is not None:
        facts.append(_("Changes phones about every {months} months.").format(months=habit))
    return tuple(facts)


def _met(entry: timeline.Entry) -> Met:
    return Met(entry.day, entry.label, entry.text)
