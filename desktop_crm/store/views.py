"""Queries on named views. What a filter means is in store/who.py."""

from __future__ import annotations

from desktop_crm.records.views import View
from desktop_crm.store.rows import Database


def listing(db: Database) -> list[View]:
    """Every view in its order."""
    return db.records(View, "SELECT * FROM views ORDER BY position, id")


def by_name(db: Database, name: str) -> View | None:
    """The view of this name, however its Latin letters are written, or None."""
    return db.record(View, "SELECT * FROM views WHERE lower(name) = lower(?)", (name,))


def asking_for(db: Database, field: str) -> list[str]:
    """The names of the views that compare a field with something; to ask whether it is known at all does not count."""
    return [
        name
        for (name,) in db.rows(
            """SELECT DISTINCT v.name FROM views v,
                 json_each(CASE WHEN json_valid(v.filter) THEN v.filter ELSE '{}' END, '$.conditions') c
               WHERE json_extract(v.filter, c.fullkey || '.field') = ?
                 AND json_extract(v.filter, c.fullkey || '.operator') <> 'empty'
               ORDER BY v.position, v.id""",
            (field,),
        )
    ]


def last_position(db: Database) -> int:
    """The highest position of any view, 0 if there is none."""
    return int(db.value("SELECT coalesce(max(position), 0) FROM views"))


def place(db: Database, view_id: int, position: int) -> None:
    """Put a view at a position."""
    db.execute("UPDATE views SET position = ? WHERE id = ?", (position, view_id))
