"""Builders of customers, sales and contacts for the tests of follow-ups, complaints, tiers and reminders."""

from __future__ import annotations

from typing import Any

from desktop_crm.records.customers import Customer, Phone
from desktop_crm.records.devices import Device
from desktop_crm.records.imports import ImportBatch
from desktop_crm.records.interactions import Interaction
from desktop_crm.records.products import Category
from desktop_crm.records.purchases import Purchase, PurchaseLine, Refund
from desktop_crm.records.staff import StaffMember
from desktop_crm.shop import Shop


def add_customer(shop: Shop, name: str = "王建国", *, phone: str = "", **fields: Any) -> int:
    """A card; `fields` are those of the record."""
    with shop.change("customer", {"customers"}):
        made = shop.db.insert(Customer(0, name, fields.pop("created_at", shop.stamp()), **fields))
        if phone:
            shop.db.insert(Phone(0, made, phone))
    return made


def change_customer(shop: Shop, customer_id: int, **fields: Any) -> None:
    """Change fields of a card."""
    sets = ", ".join(f"{name} = ?" for name in fields)
    with shop.change("customer", {"customers"}):
        shop.db.execute(f"UPDATE customers SET {sets} WHERE id = ?", (*fields.values(), customer_id))


def add_staff(shop: Shop, name: str = "李娜", active: bool = True) -> int:
    """A clerk."""
    with shop.change("staff", {"staff"}):
        return shop.db.insert(StaffMember(0, name, shop.stamp(), active=active))


def add_import(shop: Shop) -> int:
    """An import batch."""
    with shop.change("import", {"imports"}):
        return shop.db.insert(ImportBatch(0, "a.xlsx", "", "purchases", shop.stamp(), 0, 0, 0, 0, 0, 0))


def add_sale(
    shop: Shop,
    customer_id: int | None,
    day: str = "2026-11-21",
    total_fen: int = 100_000,
    *,
    category: Category = "phone",
    **fields: Any,
) -> int:
    """A sale with one line and nothing that it triggers."""
    with shop.change("sale", {"purchases"}):
        sale = Purchase(0, f"{day}T02:00:00Z", day, total_fen, customer_id, **fields)
        made = shop.db.insert(sale)
        line = PurchaseLine(0, made, "iPhone 17", 1, total_fen, 0, total_fen, category=category)
        shop.db.insert(line)
    return made


def add_refund(shop: Shop, purchase_id: int, day: str, amount_fen: int) -> None:
    """A refund of part of a sale."""
    with shop.change("refund", {"purchases"}):
        shop.db.insert(Refund(0, purchase_id, f"{day}T02:00:00Z", day, amount_fen, "fault"))


def add_contact(shop: Shop, customer_id: int, day: str, began_by: str = "customer", **fields: Any) -> None:
    """A contact on a day."""
    with shop.change("contact", {"interactions"}):
        shop.db.execute(
            "INSERT INTO interactions (customer_id, at, day, channel, began_by, summary, reached) VALUES (?, ?, ?, ?, ?, '', ?)",
            (
                customer_id,
                f"{day}T02:00:00Z",
                day,
                fields.get("channel", "visit"),
                began_by,
                fields.get("reached", True),
            ),
        )


def add_device(
    shop: Shop, customer_id: int, model: str = "iPhone 15 256G", day: str | None = "2024-09-01"
) -> None:
    """A phone in use."""
    with shop.change("device", {"devices"}):
        shop.db.insert(Device(0, customer_id, model, shop.stamp(), acquired_day=day))


def contacts(shop: Shop, customer_id: int) -> list[Interaction]:
    """The logged contacts of a customer, the oldest first."""
    return shop.db.records(
        Interaction, "SELECT * FROM interactions WHERE customer_id = ? ORDER BY id", (customer_id,)
    )
