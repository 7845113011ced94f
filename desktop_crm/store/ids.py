"""Keys of rows: none is ever used twice, not even one whose row was undone, because history names rows by them."""

from __future__ import annotations

from desktop_crm.store.rows import Database


def last_id(db: Database, table: str) -> int:
    """The highest key the table ever had, 0 if none (https://www.sqlite.org/autoinc.html)."""
    found: int = db.value(
        f"SELECT max(coalesce((SELECT max(id) FROM main.{table}), 0), "
        "coalesce((SELECT seq FROM main.sqlite_sequence WHERE name = ?), 0))",
        (table,),
    )
    return found
