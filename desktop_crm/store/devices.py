"""Device rows."""

from __future__ import annotations

from desktop_crm.records.devices import Device
from desktop_crm.store.rows import Database


def of_customer(db: Database, customer_id: int) -> list[Device]:
    """A customer's devices: those in use first, the newest first."""
    return db.records(
        Device,
        "SELECT * FROM devices WHERE customer_id = ? ORDER BY status <> 'in_use', acquired_day DESC, id DESC",
        (customer_id,),
    )


def by_imei(db: Database, imei: str) -> list[Device]:
    """Every device row with this IMEI, the latest owner first."""
    return db.records(
        Device,
        "SELECT * FROM devices WHERE imei = ? AND imei <> '' ORDER BY acquired_day DESC, id DESC",
        (imei,),
    )


def of_lines(db: Database, line_ids: list[int]) -> list[Device]:
    """The devices that these sale lines gave."""
    marks = ", ".join("?" for _line in line_ids)
    return db.records(
        Device, f"SELECT * FROM devices WHERE purchase_line_id IN ({marks}) ORDER BY id", line_ids
    )
