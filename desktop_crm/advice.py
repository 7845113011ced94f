"""What the card suggests to do or say now, each with its reason; nothing that the shop does not know.

Pure; the facts are gathered in card.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from desktop_crm import birthdays, consents
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.values import show_money
from desktop_crm.followups import DueFollowup
from desktop_crm.records.customers import ChannelConsent, Customer
from desktop_crm.records.devices import Device
from desktop_crm.relations import FAMILY, Related
from desktop_crm.store.complaints import CaseRow

Action = Literal["", "followup", "complaint", "plan", "consent"]

SOON_DAYS = 30
"""A warranty or plan that ends within so many days is worth a word."""

BIRTHDAY_DAYS = 7
MOST = 3
"""So many suggestions stand on a card; more would be none."""

_MONTH_DAYS = 30.4375


@dataclass(frozen=True)
class Advice:
    """One suggestion.

    Attributes:
        head: what, in a few words. text: why or how.
        action / ref: what a button would do: finish a follow-up, open a complaint (ref is its id), plan a contact,
            note the consent; '' nothing.
        hint: how the customer does not want to be contacted, ''.
    """

    head: str
    text: str
    action: Action = ""
    ref: int = 0
    hint: str = ""


@dataclass(frozen=True)
class Facts:
    """What advice is given upon.

    Attributes:
        saying: what one may say for the first due follow-up, ''.
        at_risk: of high value and quiet.
        family_devices: the devices of those of `related` who are family.
        pinned: notes to be said when the card opens. due_fen: what they owe; below 0 the shop owes them.
        old_after_months: how long a phone is used, where the customer has no habit yet.
    """

    customer: Customer
    devices: Sequence[Device]
    followups: Sequence[DueFollowup]
    complaints: Sequence[CaseRow]
    saying: str
    why: str
    at_risk: bool
    old_after_months: int
    now: str
    today: date
    consents: Sequence[ChannelConsent] = ()
    related: Sequence[Related] = ()
    family_devices: Sequence[tuple[Related, Sequence[Device]]] = ()
    pinned: Sequence[str] = ()
    due_fen: int = 0


def of(facts: Facts) -> tuple[Advice, ...]:
    """The most important suggestions, the most pressing first; empty where nothing is worth a word."""
    found, known = _complaints(facts), _balance(facts) + _pinned(facts)
    if facts.customer.do_not_contact or facts.customer.consent == "refused":
        refused = Advice(_("Do not contact"), _("The customer asked not to be called or written to."))
        return (refused, *found, *known)[:MOST]
    found += _due(facts) + known + _endings(facts) + _birthday(facts) + _family(facts) + _old_phone(facts)
    if facts.at_risk:
        found.append(Advice(_("At risk of leaving"), facts.why, "plan"))
    if facts.customer.consent == "" and not facts.consents:
        found.append(
            Advice(
                _("Ask for consent"), _("Nobody has asked yet whether the shop may contact them."), "consent"
            )
        )
    hint = _hint(facts)
    return tuple(
        replace(each, hint=hint) if each.action in ("followup", "plan") else each for each in found[:MOST]
    )


def habit_months(devices: Sequence[Device]) -> int | None:
    """After how many months the customer usually changes phones: the mean of the gaps; None for fewer than two phones.

    Example: phones of 2022-09-10, 2024-09-12 and 2026-10-30 give 25 (24.1 and 25.6 months).
    """
    days = sorted({device.acquired_day for device in devices if device.acquired_day})
    if len(days) < 2:
        return None
    whole = date.fromisoformat(days[-1]) - date.fromisoformat(days[0])
    months = round(whole.days / _MONTH_DAYS / (len(days) - 1))
    return months if months >= 3 else None


def used_months(device: Device, today: date) -> int | None:
    """How many whole months a device has been theirs."""
    if device.acquired_day is None:
        return None
    return int((today - date.fromisoformat(device.acquired_day)).days / _MONTH_DAYS)


def _complaints(facts: Facts) -> list[Advice]:
    if not facts.complaints:
        return []
    case = facts.complaints[0]
    head = _("Complaint overdue") if case.due_at < facts.now else _("Complaint open")
    return [Advice(head, case.summary, "complaint", case.id)]


def _balance(facts: Facts) -> list[Advice]:
    if facts.due_fen == 0:
        return []
    if facts.due_fen < 0:
        text = _("Set it off against the next sale, or give it back.")
        return [Advice(_("We owe them {money}").format(money=show_money(-facts.due_fen)), text)]
    return [Advice(_("Owes {money}").format(money=show_money(facts.due_fen)), _("Ask for it kindly."))]


def _pinned(facts: Facts) -> list[Advice]:
    return [Advice(_("Remember"), " ".join(facts.pinned[0].split()))] if facts.pinned else []


def _hint(facts: Facts) -> str:
    """How not to contact somebody who may be contacted otherwise, ''."""
    refused = [
        channel
        for channel in consents.CHANNELS
        if consents.allowed(facts.customer, facts.consents, channel) is False
    ]
    if len(refused) == len(consents.CHANNELS):
        return _("They want no calls and no messages: say it when they are here.")
    return _(", ").join(consents.words(channel, "refused") for channel in refused)


def _family(facts: Facts) -> list[Advice]:
    """Birthdays and warranties of those who belong to them: what one asks about at the counter."""
    found = []
    for each in facts.related:
        day = birthdays.next_day(each.other, facts.today)
        if each.side in FAMILY and day is not None and (day - facts.today).days <= BIRTHDAY_DAYS:
            days = (day - facts.today).days
            head = ngettext(
                "{words} {name}: birthday in {days} day", "{words} {name}: birthday in {days} days", days
            )
            if days == 0:
                head = _("{words} {name}: birthday today")
            head = head.format(words=each.words, name=each.other.name, days=days)
            found.append(Advice(head, _("Perhaps a present is looked for.")))
    for each, owned in facts.family_devices:
        for ending in _endings(replace(facts, devices=owned)):
            head = _("{words} {name}: {what}").format(
                words=each.words, name=each.other.name, what=ending.head
            )
            found.append(Advice(head, ending.text))
    return found


def _due(facts: Facts) -> list[Advice]:
    return [
        Advice(due.why, facts.saying or due.detail, "followup", due.followup.id)
        for due in facts.followups[:1]
        if due.overdue_days >= 0
    ]


def _endings(facts: Facts) -> list[Advice]:
    found = []
    for device in facts.devices:
        if device.status != "in_use":
            continue
        left = days_left(device.warranty_end_day, facts.today)
        if left is not None and 0 <= left <= SOON_DAYS:
            head = ngettext("Warranty ends in {days} day", "Warranty ends in {days} days", left)
            text = _("Offer to check the {device} before it does.").format(device=device.model)
            found.append(Advice(head.format(days=left), text, "plan"))
        left = days_left(device.plan_end_day, facts.today)
        if left is not None and 0 <= left <= SOON_DAYS:
            head = ngettext("Carrier plan ends in {days} day", "Carrier plan ends in {days} days", left)
            found.append(Advice(head.format(days=left), device.plan_name or device.model, "plan"))
    return found


def _birthday(facts: Facts) -> list[Advice]:
    day = birthdays.next_day(facts.customer, facts.today)
    if any(due.followup.rule == "birthday" and due.overdue_days >= 0 for due in facts.followups[:1]):
        return []  # said already, with what to say
    if day is None or (day - facts.today).days > BIRTHDAY_DAYS:
        return []
    days = (day - facts.today).days
    if days == 0:
        return [Advice(_("Birthday today"), _("A word of congratulation costs nothing."))]
    head = ngettext("Birthday in {days} day", "Birthday in {days} days", days).format(days=days)
    return [Advice(head, _("On {day}.").format(day=day.isoformat()))]


def _old_phone(facts: Facts) -> list[Advice]:
    used = [
        (months, device)
        for device in facts.devices
        if device.status == "in_use" and (months := used_months(device, facts.today)) is not None
    ]
    if not used:
        return []
    months, newest = min(used, key=lambda pair: pair[0])
    habit = habit_months(facts.devices)
    if months < (habit or facts.old_after_months):
        return []
    head = _("Phone in use for {months} months").format(months=months)
    if habit is None:
        return [Advice(head, _("{device}: show what is new.").format(device=newest.model), "plan")]
    text = _("{device}; this customer changes about every {months} months.")
    return [Advice(head, text.format(device=newest.model, months=habit), "plan")]


def days_left(day: str | None, today: date) -> int | None:
    """Days until a day, negative when it has passed; None where it is not known."""
    return None if day is None else (date.fromisoformat(day) - today).days
