"""Open follow-ups and birthdays as dates for the calendar of a phone; how they are written is files/ics.py's business.

Customers who do not want to be contacted have no entries. Entries keep their names for ever: a file taken in a second
time replaces what was there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import BinaryIO

from desktop_crm import birthdays, followup_words, masks
from desktop_crm.base.i18n import _
from desktop_crm.exporting.pace import Pace, Tell
from desktop_crm.files.ics import Entry, fill_ics
from desktop_crm.records.customers import Customer
from desktop_crm.settings import SHOP_NAME
from desktop_crm.shop import Shop
from desktop_crm.store import exports as store
from desktop_crm.who import Clause

LISTS: Mapping[str, Sequence[str]] = {
    "customers": ("birthdays",),
    "followups": ("open_followups",),
    "all": ("open_followups", "birthdays"),
}
"""What is written for each kind of list, by the names of store/exports.py."""

YEARS = 5
"""So many coming birthdays of a calendar that phones do not know are written one by one."""


def fill(shop: Shop, kind: str, meant: Clause, file: BinaryIO, tell: Tell | None = None) -> int:
    """Write the entries into an open file.

    Returns:
        How many there are.
    """
    pace = Pace(tell, 0)
    seen = (masks.veil(shop, entry) for entry in entries(shop, kind, meant))
    return fill_ics(file, shop.get(SHOP_NAME), shop.now(), pace.each(seen))


def entries(shop: Shop, kind: str, meant: Clause) -> Iterator[Entry]:
    """The entries of a kind of list, follow-ups first."""
    if "open_followups" in LISTS[kind]:
        yield from _followups(shop, meant)
    if "birthdays" in LISTS[kind]:
        yield from _birthdays(shop, meant)


def _followups(shop: Shop, meant: Clause) -> Iterator[Entry]:
    for number, name, phone, due_day, due_time, rule, reason, device, clerk in store.open_followups(
        shop.db, meant
    ):
        why = reason if rule in ("manual", "imported") and reason else followup_words.rule_label(rule)
        facts = (
            (_("Phone"), masks.shown(shop, phone or "")),
            (_("Device"), device),
            (_("Clerk"), clerk),
        )
        yield Entry(
            f"followup-{number}@{shop.keys.shop_id}",
            _("{name}: {why}").format(name=name, why=why),
            _when(shop, due_day, due_time),
            _lines(facts),
            category=_("Follow-ups"),
        )


def _when(shop: Shop, day: str, hour: str | None) -> date | datetime:
    found = date.fromisoformat(day)
    if hour is None:
        return found
    return datetime.combine(found, time.fromisoformat(hour), shop.zone).astimezone(shop.now().tzinfo)


def _birthdays(shop: Shop, meant: Clause) -> Iterator[Entry]:
    today = shop.today()
    for number, name, phone, born, is_lunar, is_leap in store.birthdays(shop.db, meant):
        card = Customer(
            number, name, "", birthday=born, birthday_lunar=bool(is_lunar), birthday_leap=bool(is_leap)
        )
        facts = (
            (_("Birthday"), birthdays.words(birthdays.of(card))),
            (_("Phone"), masks.shown(shop, phone or "")),
        )
        title = _("Birthday of {name}").format(name=name)
        uid = f"birthday-{number}@{shop.keys.shop_id}"
        yearly = not is_lunar and born[-5:] != "02-29"
        day = birthdays.next_day(card, today)
        for place in range(1 if yearly else YEARS):
            assert day is not None, "it has a birthday"
            yield Entry(
                uid if yearly else f"birthday-{number}-{day.year}-{place}@{shop.keys.shop_id}",
                title,
                day,
                _lines(facts),
                yearly,
                _("Birthdays"),
            )
            day = birthdays.next_day(card, day + timedelta(days=1))


def _lines(facts: Sequence[tuple[str, str]]) -> str:
    return "\n".join(_("{label}: {text}").format(label=label, text=text) for label, text in facts if text)
