"""Reading the audit trail: which entries are wanted, each in words; noting and verifying are in audit.py."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from desktop_crm.audit import ACTIONS
from desktop_crm.base.dates import from_instant
from desktop_crm.base.i18n import _
from desktop_crm.base.values import MISSING
from desktop_crm.history_fields import THINGS
from desktop_crm.records.audit import AuditEntry
from desktop_crm.records.audit import AuditWanted as AuditWanted
from desktop_crm.records.customers import Customer
from desktop_crm.records.history import PROGRAM
from desktop_crm.shop import Shop
from desktop_crm.staff import name_of
from desktop_crm.store import audit as store
from desktop_crm.store import past

EVERYTHING = AuditWanted()


@dataclass(frozen=True)
class Line:
    """One entry in words.

    Attributes:
        when: in shop time, '2026-11-21 10:20'. who: by name, '' where nobody was chosen. what: the action in words.
        words: the sentence. counts: (kind of thing, how many) that a step wrote, the most first.
        people: (customer, name) whom it is about, of those whose card is still there.
        is_blank: what it said was taken away when a person was erased.
    """

    entry: AuditEntry
    when: str
    who: str
    what: str
    words: str
    counts: tuple[tuple[str, int], ...]
    people: tuple[tuple[int, str], ...]
    is_blank: bool

    @property
    def id(self) -> int:
        """The entry's number."""
        return self.entry.id


def lines(shop: Shop, which: AuditWanted = EVERYTHING, limit: int = 100, offset: int = 0) -> list[Line]:
    """The entries that are wanted, the newest first.

    Raises:
        NotAllowed: the trail is for those who may change the settings.
    """
    shop.require("settings")
    return _lines(shop, which, limit, offset)


def about(shop: Shop, customer_id: int) -> list[Line]:
    """Everything that the trail says of a customer, the newest first; for the paper that tells a person about them."""
    return _lines(shop, AuditWanted(customer_id=customer_id), 2**31, 0)


def count(shop: Shop, which: AuditWanted = EVERYTHING) -> int:
    """How many entries are wanted.

    Raises:
        NotAllowed: as `lines`.
    """
    shop.require("settings")
    with shop.reading() as db:
        return store.count(db, which, _steps(shop, which))


def people(shop: Shop) -> list[tuple[int | None, str]]:
    """Everybody who stands in the trail, by name; None is nobody chosen, with the name ''."""
    return [(staff_id, _person(shop, staff_id)) for staff_id in store.people(shop.db)]


def _lines(shop: Shop, which: AuditWanted, limit: int, offset: int) -> list[Line]:
    with shop.reading() as db:
        found = store.entries(db, which, _steps(shop, which), limit, offset)
        said = [_said(entry) for entry in found]
        names = {staff_id: _person(shop, staff_id) for staff_id in {entry.staff_id for entry in found}}
        cards = _names(
            shop, {each for entry, details in zip(found, said, strict=True) for each in _ids(entry, details)}
        )
        zone = shop.zone
        return [
            Line(
                entry,
                f"{from_instant(entry.at).astimezone(zone):%Y-%m-%d %H:%M}",
                names[entry.staff_id],
                _(ACTIONS.get(entry.action, entry.action)),
                _words(entry, details),
                _counts(details),
                tuple((each, cards[each]) for each in _ids(entry, details) if each in cards),
                entry.details is None,
            )
            for entry, details in zip(found, said, strict=True)
        ]


def _steps(shop: Shop, which: AuditWanted) -> list[int]:
    return [] if which.customer_id is None else past.changes_of_card(shop.db, which.customer_id)


def _person(shop: Shop, staff_id: int | None) -> str:
    if staff_id == PROGRAM:
        return _("The program")
    return "" if staff_id is None else name_of(shop, staff_id)


def _said(entry: AuditEntry) -> dict[str, Any]:  # JSON values of several types
    return json.loads(entry.details) if entry.details else {}


def _words(entry: AuditEntry, details: dict[str, Any]) -> str:
    if entry.details is None:
        return _("Erased, because it was about a person who was erased")
    return str(details.get("label") or _(ACTIONS.get(entry.action, entry.action)))


def _counts(details: dict[str, Any]) -> tuple[tuple[str, int], ...]:
    counted: dict[str, int] = details.get("counts", {})
    found = [(_(words), counted[table]) for table, (_one, words) in THINGS.items() if table in counted]
    return tuple(sorted(found, key=lambda thing: -thing[1]))


def _ids(entry: AuditEntry, details: dict[str, Any]) -> list[int]:
    return [entry.customer_id] if entry.customer_id is not None else details.get("customers", [])


def _names(shop: Shop, customer_ids: Iterable[int]) -> dict[int, str]:
    cards = ((each, shop.db.get(Customer, each)) for each in customer_ids)
    return {each: card.name or MISSING for each, card in cards if card is not None}
