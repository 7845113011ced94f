"""What is in a shop that a backup of it lacks, asked with one query each; the words are in restore.py."""

from __future__ import annotations

from desktop_crm.store.backup_files import About
from desktop_crm.store.rows import Database


def newer(db: Database, table: str, about: About) -> int:
    """How many rows came after a backup; ids are never used twice. One that says no ids is compared by its count."""
    if table in about.last_ids or about.last_ids:
        return int(db.value(f"SELECT count(*) FROM {table} WHERE id > ?", (about.last_ids.get(table, 0),)))
    return max(0, int(db.value(f"SELECT count(*) FROM {table}")) - about.rows.get(table, 0))


def steps_since(db: Database, change_id: int) -> tuple[int, str]:
    """How many steps came after one, and the instant of the latest, "" for none."""
    found = db.row("SELECT count(*), coalesce(max(at), '') FROM changes WHERE id > ?", (change_id,))
    assert found is not None
    return int(found[0]), str(found[1])
