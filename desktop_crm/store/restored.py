"""What is in a shop that a backup of it lacks, asked with one query each; the words are in restore.py."""

from __future__ import annotations

from desktop_crm.store.backup_files import About
from desktop_crm.store.rows import Database


def newer(db: Database, table: str, about: About) -> int:
    """How many rows came after a backup; ids are never used twice. One that says no ids is compared by its count."""
    if table in about.last_ids or about.last_ids:
        return int(db.value(f"SELECT count(*) FROM {table} WHERE id > ?", (about.last_ids.get(table, 0),)))
    return max(0, int(db.value(f"SELECT count(*) FROM {table}")) - about.rows.get(table, 0))


def deleted(db: Database, about: About) -> int:
    """How many cards of a backup went into the recycle bin after it."""
    since = db.value("SELECT min(at) FROM changes WHERE id > ?", (about.rows.get("last_change", 0),))
    known = about.last_ids.get("customers", 0) if about.last_ids else about.rows.get("customers", 0)
    return int(
        db.value(
            "SELECT count(*) FROM customers WHERE deleted_at >= ? AND merged_into IS NULL AND id <= ?",
            (since, known),
        )
    )


def steps_since(db: Database, change_id: int) -> tuple[int, str]:
    """How many steps came after one, and the instant of the latest, "" for none."""
    found = db.row("SELECT count(*), coalesce(max(at), '') FROM changes WHERE id > ?", (change_id,))
    assert found is not None
    return int(found[0]), str(found[1])


def spread(db: Database, count: int) -> list[int]:
    """The ids of some living cards, from the first to the last, evenly spread; fewer where there are fewer."""
    first, last = db.row("SELECT coalesce(min(id), 1), coalesce(max(id), 0) FROM customers") or (1, 0)
    step = max(1, -(-(last + 1 - first) // count))
    found = [
        db.value(
            "SELECT min(id) FROM customers WHERE id >= ? AND deleted_at IS NULL AND merged_into IS NULL",
            (edge,),
        )
        for edge in range(first, last + 1, step)
    ]
    return sorted({each for each in found if each is not None})
