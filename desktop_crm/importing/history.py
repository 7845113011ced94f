"""Writing sales, contacts and complaints of the past that a plan holds, inside the change of the import.

They start nothing: no follow-up rules, no re-tiering. Customers and the order of steps are applying.py's business, the
SQL is in store/import_sales.py.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from desktop_crm import complaints, products
from desktop_crm.base.dates import add_months, to_instant
from desktop_crm.base.i18n import _
from desktop_crm.importing import brought
from desktop_crm.records.complaints import ComplaintState, Priority
from desktop_crm.records.interactions import Channel
from desktop_crm.records.products import Category
from desktop_crm.settings import PHONE_WARRANTY_MONTHS
from desktop_crm.shop import Shop
from desktop_crm.store import import_sales as sales
from desktop_crm.store import imports as store

_NOON = "12:00"
"""Where a sheet tells only the day, the instant is the middle of it."""


def _instant(zone: ZoneInfo, day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock or _NOON}").replace(tzinfo=zone)


def _set_moments(shop: Shop, *columns: str) -> None:
    pairs = {pair for column in columns for pair in sales.moments(shop.db, column)}
    pairs |= {(day, "") for day, _clock in pairs}
    zone = shop.zone
    sales.set_moments(shop.db, [(day, clock, to_instant(_instant(zone, day, clock))) for day, clock in pairs])


def write_sales(shop: Shop, import_id: int) -> None:
    """Sales with lines, payments and devices; the products they teach; refunds; what is still owed of them."""
    db = shop.db
    _set_moments(shop, "day")
    goods: list[tuple[str, int, str]] = []
    months: dict[int, int | None] = {}
    for item, category, price, cost, imei, _day in sales.items(db):
        found = cast(Category, category or products.category_of(item, imei))
        product = products.learn_within(shop, item, category=found, price_fen=price, cost_fen=cost)
        goods.append((item, product, found))
        known = products.get(shop, product)
        months[product] = known.warranty_months if known else None
    sales.set_products(db, goods)
    for item, imei in sales.sale_imeis(db):
        products.learn_within(shop, item, imei=imei)
    sales.number_sales(db)
    sales.add_sales(db, import_id, shop.stamp())
    default, at = shop.get(PHONE_WARRANTY_MONTHS), shop.stamp()
    added, adopted = [], []
    for person, model, product_id, imei, line, day, device in sales.sold_devices(db):
        end = _warranty_end(day, months[product_id], default)
        if device is None:
            added.append((person, model, at, product_id, imei, 1, line, day, end, import_id))
        else:
            adopted.append((product_id, line, day, end, device))
    store.add_devices(db, added)
    sales.adopt_devices(db, adopted)
    sales.return_devices(db, sales.add_refunds(db, import_id, _("Imported refund")))
    brought.write_unpaid(shop, import_id)


def _warranty_end(day: str, months: int | None, default: int) -> str | None:
    length = default if months is None else months
    return add_months(date.fromisoformat(day), length).isoformat() if length else None


def write_complaints(shop: Shop, import_id: int) -> None:
    """Complaints with the steps that the sheet tells of."""
    zone = shop.zone
    for (
        person,
        day,
        clock,
        summary,
        category,
        priority,
        channel,
        state,
        answer,
        closed_day,
        clerk,
    ) in sales.complaints(shop.db):
        draft = complaints.ComplaintDraft(
            summary,
            person,
            cast(Priority, priority or "normal"),
            category,
            cast(Channel, channel or "visit"),
            owner_staff_id=clerk,
            received_at=_instant(zone, day, clock),
        )
        complaints.receive_history_within(
            shop,
            draft,
            import_id,
            state=cast(ComplaintState, state or ("closed" if closed_day else "received")),
            ended_at=_instant(zone, closed_day, "") if closed_day else None,
            note=answer,
        )


def write_contacts(shop: Shop, import_id: int) -> None:
    """Planned contacts, open or ended, and records of contacts that were made."""
    _set_moments(shop, "contact_day", "done_day")
    sales.add_followups(shop.db, import_id, shop.stamp(), _("Imported contact"))
    sales.add_interactions(shop.db, import_id)
