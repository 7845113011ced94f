"""Writing what few sheets say of customers: likes, leap months, answers per channel, serial numbers of their phones.

Runs inside the change of an import, with the staged tables attached; what is written when is importing/besides.py's.
"""

from __future__ import annotations

from collections.abc import Iterable

from desktop_crm.store.rows import Database


def new_values(db: Database, column: str) -> list[tuple[int, str]]:
    """(customer_id, value) of the new cards whose rows say something in a staged column."""
    return db.rows(
        f"SELECT q.id, s.{column} FROM people q JOIN stage s ON s.n = q.n WHERE s.{column} <> '' ORDER BY s.n"
    )


def set_leaps(db: Database) -> None:
    """Note which new cards have their birthday in a leap month."""
    db.execute(
        "UPDATE customers SET birthday_leap = 1 WHERE id IN "
        "(SELECT q.id FROM people q JOIN stage s ON s.n = q.n WHERE s.birthday_leap)"
    )


def set_preferences(db: Database, pairs: Iterable[tuple[str, int]]) -> None:
    """Set the likes and dislikes of cards: (text, customer_id)."""
    db.executemany("UPDATE customers SET preferences = ? WHERE id = ?", pairs)


def set_consents(db: Database, rows: Iterable[tuple[int, str, str, str]]) -> None:
    """Set answers: (customer_id, channel, granted or refused, day)."""
    db.executemany(
        "INSERT INTO consents (customer_id, channel, answer, day, wording) VALUES (?, ?, ?, ?, '') "
        "ON CONFLICT (customer_id, channel) DO UPDATE SET answer = excluded.answer, day = excluded.day, wording = '', "
        "staff_id = NULL",
        rows,
    )


def set_serials(db: Database, rows: Iterable[tuple[str, int, str]]) -> None:
    """Give known phones the serial number that they lack: (serial, customer_id, IMEI)."""
    db.executemany("UPDATE devices SET serial = ? WHERE customer_id = ? AND imei = ? AND serial = ''", rows)
