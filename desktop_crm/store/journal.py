"""The journal: triggers that keep before-images while a change is open, and taking a change back.

A journalled table refuses any write while no change is open (journal.change_id would be NULL), so nothing can
slip past history. Who may undo what, and the words about it, are in history.py.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from desktop_crm.records.history import StoredChange
from desktop_crm.store.rows import Database

TABLES = (
    "settings", "staff", "imports", "column_memories", "products", "tacs", "customers", "phones", "tags",
    "customer_tags", "customer_tiers", "tier_history", "devices", "purchases", "purchase_lines", "payments",
    "refunds", "interactions", "followups", "complaints", "complaint_steps", "consents", "relations", "notes",
    "custom_fields", "custom_values", "after_sales_terms", "views", "merges", "distinct_pairs", "mend_skips",
    "balance_entries",
    "survey_answers",
)  # fmt: skip
"""Every table that a person's step can change, parents before children."""


@dataclass(frozen=True)
class LeftAlone:
    """A row that an undo did not touch, because it was built upon since.

    Attributes:
        table / row_id: which row.
        why: "changed" (edited by a later step), "needed" (others refer to it) or "clash" (its place is taken).
    """

    table: str
    row_id: int
    why: str


def trigger_sql(table: str, columns: list[str]) -> list[str]:
    """The three triggers of a journalled table with these columns."""
    image = ", ".join(f"'{name}', OLD.{name}" for name in columns)
    differs = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in columns)
    head = (
        "INSERT INTO journal (change_id, table_name, row_id, operation, before) "
        "VALUES ((SELECT change_id FROM journal_state), "
    )
    return [
        f"CREATE TRIGGER journal_{table}_insert AFTER INSERT ON {table} BEGIN {head} '{table}', NEW.id, 'I', NULL); END",
        f"CREATE TRIGGER journal_{table}_update AFTER UPDATE ON {table} WHEN {differs} BEGIN "
        f"{head} '{table}', OLD.id, 'U', json_object({image})); END",
        f"CREATE TRIGGER journal_{table}_delete AFTER DELETE ON {table} BEGIN "
        f"{head} '{table}', OLD.id, 'D', json_object({image})); END",
    ]


def begin(
    db: Database, label: str, kinds: str, at: str, day: str, staff_id: int | None, undo_of: int | None
) -> int:
    """Open a change inside the running transaction and return its id."""
    cursor = db.execute(
        "INSERT INTO changes (label, kinds, at, day, staff_id, undo_of, version) "
        "VALUES (?, ?, ?, ?, ?, ?, (SELECT max(id) FROM _sqlite_migrations))",
        (label, kinds, at, day, staff_id, undo_of),
    )
    change_id = cursor.lastrowid
    assert change_id is not None
    db.execute("UPDATE journal_state SET change_id = ?", (change_id,))
    return change_id


def end(db: Database) -> None:
    """Close the open change; further writes are refused until the next."""
    db.execute("UPDATE journal_state SET change_id = NULL")


def wrote_anything(db: Database, change_id: int) -> bool:
    """Whether the change has journalled any row."""
    return db.value("SELECT 1 FROM journal WHERE change_id = ? LIMIT 1", (change_id,)) is not None


_CHANGES = """
SELECT id, label, kinds, at, day, staff_id, undo_of, undone_by,
       (version = (SELECT max(id) FROM _sqlite_migrations) AND NOT trimmed) AS undoable
FROM changes
"""


def changes(db: Database, limit: int, before_id: int | None = None) -> list[StoredChange]:
    """The newest changes first, older than `before_id` if given."""
    return db.records(
        StoredChange, _CHANGES + "WHERE id < ? ORDER BY id DESC LIMIT ?", (before_id or 2**62, limit)
    )


def change(db: Database, change_id: int) -> StoredChange | None:
    """One change, or None."""
    return db.record(StoredChange, _CHANGES + "WHERE id = ?", (change_id,))


def latest_undoable(db: Database, staff_id: int | None, day: str) -> StoredChange | None:
    """The latest step of this person on this day that stands and is no undo itself (a redone one counts again)."""
    return db.record(
        StoredChange,
        _CHANGES + "WHERE staff_id IS ? AND day = ? AND undone_by IS NULL AND undo_of IS NULL "
        "AND version = (SELECT max(id) FROM _sqlite_migrations) AND NOT trimmed ORDER BY id DESC LIMIT 1",
        (staff_id, day),
    )


def latest_redoable(db: Database, staff_id: int | None, day: str) -> StoredChange | None:
    """The latest undo of this person on this day after which nothing new was done; redoing takes it back."""
    return db.record(
        StoredChange,
        _CHANGES
        + "WHERE staff_id IS ?1 AND day = ?2 AND undo_of IS NOT NULL AND undone_by IS NULL AND NOT trimmed "
        "AND (SELECT u.undo_of FROM changes u WHERE u.id = changes.undo_of) IS NULL "
        "AND id > coalesce((SELECT max(d.id) FROM changes d WHERE d.staff_id IS ?1 AND d.undo_of IS NULL), 0) "
        "ORDER BY id DESC LIMIT 1",
        (staff_id, day),
    )


def revert(db: Database, change_id: int) -> list[LeftAlone]:
    """Write the before-images of a change back, newest first, as part of the change that is open now.

    Rows that a later standing step has changed, that others now refer to, or whose place is taken are left alone.

    Returns:
        the rows left alone, empty when all came back.
    """
    entries = db.rows(
        "SELECT table_name, row_id, operation, before FROM journal WHERE change_id = ? ORDER BY id DESC",
        (change_id,),
    )
    edited = _edited_since(db, change_id)
    left: dict[tuple[str, int], str] = {}
    for table, row_id, operation, before in entries:
        place = (table, row_id)
        if place in edited:
            left[place] = "changed"
        elif place not in left:
            why = _put_back(db, table, row_id, operation, before)
            if why:
                left[place] = why
    return [LeftAlone(table, row_id, why) for (table, row_id), why in left.items()]


def mark_undone(db: Database, change_id: int, by: int) -> None:
    """Note that `by` took `change_id` back; where that was itself an undo, the first change stands again."""
    db.execute("UPDATE changes SET undone_by = ? WHERE id = ?", (by, change_id))
    db.execute(
        "UPDATE changes SET undone_by = NULL WHERE id = (SELECT undo_of FROM changes WHERE id = ?)",
        (change_id,),
    )


def row_history(db: Database, table: str, row_id: int, limit: int = 100) -> list[tuple[Any, ...]]:
    """What happened to one row, newest first: (change_id, label, at, staff_id, operation, before JSON or None)."""
    return db.rows(
        "SELECT c.id, c.label, c.at, c.staff_id, j.operation, j.before FROM journal j "
        "JOIN changes c ON c.id = j.change_id WHERE j.table_name = ? AND j.row_id = ? ORDER BY j.id DESC LIMIT ?",
        (table, row_id, limit),
    )


def touched(db: Database, change_id: int) -> list[tuple[str, int]]:
    """(table, number of rows) that a change wrote."""
    return [
        (table, count)
        for table, count in db.rows(
            "SELECT table_name, count(DISTINCT row_id) FROM journal WHERE change_id = ? GROUP BY 1 ORDER BY 2 DESC",
            (change_id,),
        )
    ]


def trim(db: Database, before_day: str, keep_rows: int) -> int:
    """Forget before-images of changes before `before_day`, and the oldest beyond `keep_rows`; return how many changes.

    The changes themselves stay as history; they are only no longer undoable.
    """
    edge = db.value("SELECT id FROM journal ORDER BY id DESC LIMIT 1 OFFSET ?", (keep_rows,))
    cursor = db.execute(
        "UPDATE changes SET trimmed = 1 WHERE NOT trimmed AND (day < ? OR id <= coalesce("
        "(SELECT change_id FROM journal WHERE id = ?), 0))",
        (before_day, edge),
    )
    db.execute("DELETE FROM journal WHERE change_id IN (SELECT id FROM changes WHERE trimmed)")
    return cursor.rowcount


def last_id(db: Database) -> int:
    """The id of the newest change, 0 if none."""
    return int(db.value("SELECT coalesce(max(id), 0) FROM changes"))


def newest_day(db: Database) -> str | None:
    """The shop day of the newest change, or None."""
    found: str | None = db.value("SELECT day FROM changes ORDER BY id DESC LIMIT 1")
    return found


def newest_at(db: Database) -> str | None:
    """The latest instant at which a change was made, or None."""
    found: str | None = db.value("SELECT max(at) FROM changes")
    return found


def _edited_since(db: Database, change_id: int) -> set[tuple[str, int]]:
    return {
        (table, row_id)
        for table, row_id in db.rows(
            "SELECT j.table_name, j.row_id FROM journal j WHERE j.change_id = ?1 AND EXISTS ("
            "SELECT 1 FROM journal k JOIN changes c ON c.id = k.change_id WHERE k.table_name = j.table_name "
            "AND k.row_id = j.row_id AND k.change_id > ?1 AND c.undone_by IS NULL AND c.undo_of IS NOT ?1 "
            "AND NOT EXISTS (SELECT 1 FROM changes u WHERE u.id = c.undo_of AND u.id > ?1))",
            (change_id,),
        )
    }


def _put_back(db: Database, table: str, row_id: int, operation: str, before: str | None) -> str:
    """Take one entry back; answer why not, or ''."""
    import sqlcipher3.dbapi2 as driver  # for its exception only

    try:
        if operation == "I":
            db.execute(f"DELETE FROM {table} WHERE id = ?", (row_id,))
            return ""
        image: dict[str, Any] = json.loads(before or "{}")  # a row's columns have several types
        names = list(image)
        if operation == "U":
            sets = ", ".join(f"{name} = ?" for name in names)
            db.execute(f"UPDATE {table} SET {sets} WHERE id = ?", [*image.values(), row_id])
        else:
            marks = ", ".join("?" for _name in names)
            db.execute(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", list(image.values()))
    except driver.IntegrityError:
        return "needed" if operation == "I" else "clash"
    return ""
