"""PIN rows: their hashes and how often they were typed wrong. What a good PIN is and who may set one: pins.py.

argon2id (RFC 9106) at a small cost: a PIN of four digits is guessed in no time by whoever holds the open shop file, whatever
the cost; what guards it is the count of wrong ones. It keeps the PIN itself from being read.
"""

from __future__ import annotations

from dataclasses import replace

from desktop_crm.records.pins import Pin
from desktop_crm.store import seals
from desktop_crm.store.rows import Database


def put(db: Database, staff_id: int, digits: str, at: str) -> None:
    """Give somebody a PIN, or another one; wrong ones typed before are forgotten."""
    remove(db, staff_id)
    db.insert(Pin(staff_id, seals.hash_of(digits), at))


def remove(db: Database, staff_id: int) -> None:
    """Take somebody's PIN away."""
    db.delete(Pin, staff_id)


def of(db: Database, staff_id: int) -> Pin | None:
    """Somebody's PIN, or None."""
    return db.get(Pin, staff_id)


def listing(db: Database) -> list[Pin]:
    """Everybody's PIN."""
    return db.records(Pin, "SELECT * FROM pins ORDER BY id")


def replace_all(db: Database, wanted: list[Pin]) -> None:
    """Let these be all PINs, with the wrong ones that were typed."""
    for staff_id in owners(db):
        remove(db, staff_id)
    for pin in wanted:
        db.insert(pin)


def owners(db: Database) -> set[int]:
    """Who has a PIN."""
    return {row[0] for row in db.rows("SELECT id FROM pins")}


def count_wrong(db: Database, pin: Pin, at: str) -> None:
    """Count a wrong one."""
    db.update(replace(pin, failures=pin.failures + 1, failed_at=at))


def begin_wait_anew(db: Database, pin: Pin, at: str) -> Pin:
    """Let the last wrong one count as typed now."""
    later = replace(pin, failed_at=at)
    db.update(later)
    return later


def forget_wrong(db: Database, pin: Pin) -> None:
    """The right one was typed."""
    db.update(replace(pin, failures=0, failed_at=None))


def fits(pin: Pin, digits: str) -> bool:
    """Whether these are its digits."""
    return seals.is_of_hash(pin.hash, digits)
