"""Whom the owner should call in person: five customers, each with the reason, of several kinds rather than one.

Follow-ups of the clerks are in followups.py; this is the owner's own short list on the printed month.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from desktop_crm import birthdays, tiers
from desktop_crm.base.dates import add_months
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.masking import mask_phone
from desktop_crm.kpi_formulas import MONTH_DAYS
from desktop_crm.kpi_periods import Frames
from desktop_crm.records.customers import Customer
from desktop_crm.settings import REPLACEMENT_MONTHS
from desktop_crm.shop import Shop
from desktop_crm.store import figure_rows
from desktop_crm.store.figure_rows import CallCandidate
from desktop_crm.tier_rules import Cuts

BIRTHDAY_AHEAD = 30
COMPLAINT_BACK = 60
SOON_LOST = 90


@dataclass(frozen=True)
class Call:
    """One customer to call; `phone` is masked for paper, '' where none is known."""

    customer_id: int
    name: str
    phone: str
    reason: str


@dataclass(frozen=True)
class _Present:
    """What reasons are judged by: the last known day, the cut points, how long a phone is used."""

    day: date
    cuts: Cuts
    replacement_months: int


def five(shop: Shop, asked: Frames) -> tuple[Call, ...]:
    """Up to five customers: the best of each kind of reason in turn, nobody twice, nobody who wants no contact."""
    present = _Present(asked.as_of, tiers.cuts(shop), shop.get(REPLACEMENT_MONTHS))
    waiting = figure_rows.call_candidates(shop.db, asked.main)
    chosen: list[Call] = []
    taken: set[int] = set()
    for _round in range(5):
        for kind in _KINDS:
            found = next(
                (
                    (one, text)
                    for one in waiting
                    if one.id not in taken and (text := kind(one, present)) is not None
                ),
                None,
            )
            if found is not None and len(chosen) < 5:
                one, text = found
                taken.add(one.id)
                chosen.append(
                    Call(
                        one.id, one.name, mask_phone(one.phone) if one.phone else "", _with_friends(text, one)
                    )
                )
    return tuple(chosen)


def _with_friends(text: str, one: CallCandidate) -> str:
    if not one.referred_count:
        return text
    return ngettext(
        "{reason} · sent us {count} customer", "{reason} · sent us {count} customers", one.referred_count
    ).format(reason=text, count=one.referred_count)


def _complained(one: CallCandidate, present: _Present) -> str | None:
    """Complained lately and has not bought since."""
    since = (present.day - timedelta(days=COMPLAINT_BACK)).isoformat()
    if one.complaint_day < since or one.last_day > one.complaint_day:
        return None
    if not one.complaint_category:
        return _("complained on {day}, nothing bought since").format(day=one.complaint_day)
    return _("complained on {day} ({what}), nothing bought since").format(
        day=one.complaint_day, what=one.complaint_category
    )


def _gone_quiet(one: CallCandidate, present: _Present) -> str | None:
    """A good customer who was not seen for longer than active customers are."""
    days = _quiet_days(one, present)
    if one.occasions < present.cuts.high_occasions or not (
        present.cuts.active_days < days <= present.cuts.dormant_days - SOON_LOST
    ):
        return None
    return ngettext(
        "bought {count} time, not seen for {months} months",
        "bought {count} times, not seen for {months} months",
        one.occasions,
    ).format(count=one.occasions, months=round(days / MONTH_DAYS))


def _old_phone(one: CallCandidate, present: _Present) -> str | None:
    """Their phone is as old as phones are when people replace them."""
    if not one.device_day:
        return None
    since = date.fromisoformat(one.device_day)
    if add_months(since, present.replacement_months) > present.day:
        return None
    months = round((present.day - since).days / MONTH_DAYS)
    return _("has used the {device} for {months} months").format(device=one.device, months=months)


def _birthday(one: CallCandidate, present: _Present) -> str | None:
    """A birthday in the coming weeks."""
    card = Customer(one.id, one.name, "", birthday=one.birthday, birthday_lunar=one.birthday_lunar)
    day = birthdays.next_day(card, present.day + timedelta(days=1))
    if day is None or (day - present.day).days > BIRTHDAY_AHEAD:
        return None
    return _("birthday on {month}-{day}").format(month=f"{day.month:02d}", day=f"{day.day:02d}")


def _soon_lost(one: CallCandidate, present: _Present) -> str | None:
    """Counts as lost in a few weeks."""
    days = _quiet_days(one, present)
    if not present.cuts.dormant_days - SOON_LOST < days <= present.cuts.dormant_days:
        return None
    left = present.cuts.dormant_days - days
    return ngettext(
        "not seen for {months} months, counts as lost in {count} day",
        "not seen for {months} months, counts as lost in {count} days",
        left,
    ).format(months=round(days / MONTH_DAYS), count=left)


def _quiet_days(one: CallCandidate, present: _Present) -> int:
    return (present.day - date.fromisoformat(one.last_active_day)).days


_KINDS: tuple[Callable[[CallCandidate, _Present], str | None], ...] = (
    _complained,
    _gone_quiet,
    _old_phone,
    _birthday,
    _soon_lost,
)
