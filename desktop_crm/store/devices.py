"""Device rows."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_crm.records.devices import Device
from desktop_crm.store.rows import Database


@dataclass(frozen=True)
class OwnerRow:
    """A device with its owner's name; `price_fen` is what it was sold for here, None where it was not.

    `is_live`: the owner's card was neither deleted nor merged away.
    """

    device: Device
    name: str
    is_live: bool
    price_fen: int | None


def of_customer(db: Database, customer_id: int) -> list[Device]:
    """A customer's devices: those in use first, the newest first."""
    return db.records(
        Device,
        "SELECT * FROM devices WHERE customer_id = ? ORDER BY status <> 'in_use', acquired_day DESC, id DESC",
        (customer_id,),
    )


def by_number(db: Database, number: str) -> list[Device]:
    """Every device row with this IMEI or serial number, the latest owner first."""
    return db.records(
        Device,
        "SELECT * FROM devices WHERE id IN (SELECT id FROM devices WHERE imei = ?1 AND imei <> '' "
        "UNION SELECT id FROM devices WHERE serial = ?1 AND serial <> '') ORDER BY acquired_day DESC, id DESC",
        (number,),
    )


def of_lines(db: Database, line_ids: list[int]) -> list[Device]:
    """The devices that these sale lines gave."""
    marks = ", ".join("?" for _line in line_ids)
    return db.records(
        Device, f"SELECT * FROM devices WHERE purchase_line_id IN ({marks}) ORDER BY id", line_ids
    )


def owners(db: Database, number: str) -> list[OwnerRow]:
    """As `by_number`, with each owner's name and the price of the sale."""
    found = by_number(db, number)
    people = {
        row[0]: row[1:]
        for row in db.rows(
            "SELECT d.id, c.name, c.deleted_at IS NULL AND c.merged_into IS NULL, l.amount_fen FROM devices d "
            "JOIN customers c ON c.id = d.customer_id LEFT JOIN purchase_lines l ON l.id = d.purchase_line_id "
            "WHERE d.id IN (SELECT id FROM devices WHERE imei = ?1 AND imei <> '' "
            "UNION SELECT id FROM devices WHERE serial = ?1 AND serial <> '')",
            (number,),
        )
    }
    return [
        OwnerRow(device, name, bool(is_live), price)
        for device in found
        for name, is_live, price in (people[device.id],)
    ]


def walk_in_sales(db: Database, number: str) -> list[tuple[str, int]]:
    """(day, fen) of each standing sale of this IMEI to nobody known."""
    return [
        (day, fen)
        for day, fen in db.rows(
            "SELECT p.day, l.amount_fen FROM purchase_lines l JOIN purchases p ON p.id = l.purchase_id "
            "WHERE l.imei = ? AND l.imei <> '' AND p.customer_id IS NULL AND p.void_day IS NULL ORDER BY p.day",
            (number,),
        )
    ]


def is_complained_about(db: Database, device_id: int) -> bool:
    """Whether a complaint names this device."""
    return db.value("SELECT 1 FROM complaints WHERE device_id = ? LIMIT 1", (device_id,)) is not None
