"""Follow-ups in words: why this person, what became of it, and what one may say to them. Pure."""

from __future__ import annotations

import re
from datetime import date

from desktop_crm import birthdays, tier_rules
from desktop_crm.base import i18n
from desktop_crm.base.i18n import N_, _, ngettext
from desktop_crm.records.customers import Customer
from desktop_crm.records.followups import Followup, Outcome
from desktop_crm.store.followups import Planned

OUTCOMES: tuple[Outcome, ...] = (
    "reached",
    "no_answer",
    "later",
    "not_interested",
    "bought",
    "do_not_contact",
)
"""In the order of their keys 1–6."""

_OUTCOMES: dict[str, str] = {
    "reached": N_("Reached"),
    "no_answer": N_("No answer"),
    "later": N_("Contact again later"),
    "not_interested": N_("Not interested"),
    "bought": N_("Bought"),
    "do_not_contact": N_("Do not contact again"),
}
_RULES: dict[str, str] = {
    "manual": N_("Planned contact"),
    "after_sale_care": N_("Care call after the sale"),
    "after_sale_check": N_("Check after the sale"),
    "birthday": N_("Birthday"),
    "complaint_closed": N_("Satisfaction after a complaint"),
    "tier_interval": N_("Regular revisit"),
    "imported": N_("Planned contact"),
}
_SAYINGS: dict[str, str] = {
    "after_sale_care": N_(
        "{hello} This is {clerk} from {shop}. You have had your {device} for some days now: does everything work as you "
        "wish? If anything is unclear, just answer here or drop in."
    ),
    "after_sale_check": N_(
        "{hello} This is {clerk} from {shop}. How do you get on with your {device}? We gladly look over settings, film "
        "and battery for you at no charge; you are welcome at any time."
    ),
    "birthday": N_(
        "{hello} This is {clerk} from {shop}. All the best for your birthday! Drop in when you pass by: a small gift is "
        "waiting for you."
    ),
    "complaint_closed": N_(
        "{hello} This is {clerk} from {shop}. We finished your case “{case}” a few days ago. Is everything all right "
        "now? If not, tell me, and I will see to it myself."
    ),
    "tier_interval": N_(
        "{hello} This is {clerk} from {shop}. I wanted to ask how your {device} is doing. New models are here, and we "
        "take your old one in part payment. Would you like to have a look when you pass by?"
    ),
}
_SAYING_OF_ONE_S_OWN = N_("{hello} This is {clerk} from {shop}. Do you have a moment? {reason}")
_COMPOUND_SURNAME = re.compile(
    "欧阳|太史|端木|上官|司马|东方|独孤|南宫|万俟|闻人|夏侯|诸葛|尉迟|公羊|赫连|澹台|皇甫|宗政|濮阳|公冶|太叔|申屠|公孙|慕容|"
    "仲孙|钟离|长孙|宇文|司徒|鲜于|司空|闾丘|子车|亓官|司寇|令狐"
)


def outcome_label(outcome: str) -> str:
    """What became of a contact, '' for none yet."""
    return _(_OUTCOMES[outcome]) if outcome else ""


def rule_label(rule: str) -> str:
    """Which rule made it, in words."""
    return _(_RULES[rule])


def reason_text(followup: Followup) -> str:
    """Why this person, as far as the follow-up alone knows it."""
    if followup.rule in ("manual", "imported"):
        return followup.reason or rule_label(followup.rule)
    return rule_label(followup.rule)


def why(planned: Planned, today: date) -> str:
    """Why this person today, in words, with the days that matter; of an ended one as on the day it ended."""
    followup = planned.followup
    if followup.done_day is not None:
        today = date.fromisoformat(followup.done_day)
    if followup.rule == "birthday":
        return _birthday(planned, today)
    if followup.rule == "tier_interval":
        return _quiet(planned, today)
    if planned.source_day is None or followup.rule in ("manual", "imported"):
        return reason_text(followup)
    days = max((date.fromisoformat(followup.first_due_day) - date.fromisoformat(planned.source_day)).days, 0)
    if followup.rule == "after_sale_care":
        text = ngettext("Care call {days} day after the sale", "Care call {days} days after the sale", days)
    elif followup.rule == "after_sale_check":
        text = ngettext("Check {days} day after the sale", "Check {days} days after the sale", days)
    else:
        text = ngettext(
            "Content {days} day after the complaint?",
            "Content {days} days after the complaint?",
            days,
        )
    return text.format(days=days)


def detail(planned: Planned) -> str:
    """The quiet line under the reason: the complaint, or the phone and since when."""
    if planned.source_text:
        return planned.source_text
    if planned.device and planned.device_day:
        return f"{planned.device} · {planned.device_day[:7]}"
    return planned.device


def what_to_say(planned: Planned, shop_name: str, clerk: str) -> str:
    """A text to say or send, in the customer's language; nothing in it that the shop does not know."""
    language = planned.language or i18n.current_language()
    with i18n.using(language):
        saying = _SAYINGS.get(planned.followup.rule, _SAYING_OF_ONE_S_OWN)
        return _(saying).format(
            hello=_hello(planned),
            clerk=clerk or _("the team"),
            shop=shop_name,
            device=planned.device or _("phone"),
            case=planned.source_text,
            reason=planned.followup.reason,
        )


def surname(name: str) -> str:
    """The family name: one or two characters of a Chinese name, the last word of another."""
    plain = name.strip()
    if plain and "\u4e00" <= plain[0] <= "\u9fff":
        return plain[:2] if len(plain) > 2 and _COMPOUND_SURNAME.match(plain) else plain[:1]
    return plain.split()[-1] if plain else ""


def _hello(planned: Planned) -> str:
    if planned.gender == "male":
        return _("Hello Mr {surname}!").format(surname=surname(planned.customer_name))
    if planned.gender == "female":
        return _("Hello Ms {surname}!").format(surname=surname(planned.customer_name))
    return _("Hello {name}!").format(name=planned.customer_name)


def _birthday(planned: Planned, today: date) -> str:
    first = date.fromisoformat(planned.followup.first_due_day)
    card = Customer(
        0,
        planned.customer_name,
        "",
        birthday=planned.birthday,
        birthday_lunar=planned.birthday_lunar,
        birthday_leap=planned.birthday_leap,
    )
    day = birthdays.next_day(card, date.fromordinal(first.toordinal() - 8))
    if day is None:
        return rule_label("birthday")
    days = (day - today).days
    if days > 0:
        text = ngettext("Birthday in {days} day", "Birthday in {days} days", days).format(days=days)
    elif days == 0:
        text = _("Birthday today")
    else:
        text = ngettext("Birthday was {days} day ago", "Birthday was {days} days ago", -days).format(
            days=-days
        )
    if planned.birthday_lunar:
        month, number = int(planned.birthday[-5:-3]), int(planned.birthday[-2:])
        return _("{text} (lunar {month}-{day})").format(text=text, month=month, day=number)
    return text


def _quiet(planned: Planned, today: date) -> str:
    tier = tier_rules.label(planned.tier)
    if planned.last_contact_day is None:
        return _("Regular revisit ({tier})").format(tier=tier)
    days = (today - date.fromisoformat(planned.last_contact_day)).days
    if days < 60:
        return _("Regular revisit ({tier})").format(tier=tier)
    months = round(days / 30.4375)
    return _("No contact for {months} months ({tier})").format(months=months, tier=tier)
