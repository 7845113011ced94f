"""Settings rows: key and JSON value."""

from __future__ import annotations

from desktop_crm.store.rows import Database


def read(db: Database, key: str) -> str | None:
    """The stored JSON of a setting, or None where the default holds."""
    found: str | None = db.value("SELECT value FROM settings WHERE key = ?", (key,))
    return found


def write(db: Database, key: str, value: str) -> None:
    """Store a setting's JSON."""
    db.execute(
        "INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value),
    )
