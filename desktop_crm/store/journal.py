"""The journal: triggers that keep before-images while a change is open, and the list of changes.

A journalled table refuses any write while no change is open (journal.change_id would be NULL), so nothing can
slip past history. An entry is one row inserted (I), updated (U, with what it was) or deleted (D, with what it was),
or a run of new rows (R: every id from row_id to `before` was made by this change). Taking a change back is in
reverting.py, what it wrote in past.py; who may undo what, and the words about it, are in history.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from desktop_crm.records.history import EXPORTS, PROGRAM, StoredChange, Wanted
from desktop_crm.store import ids
from desktop_crm.store.rows import Database

TABLES = (
    "settings", "staff", "imports", "column_memories", "products", "tacs", "customers", "phones", "tags",
    "customer_tags", "customer_tiers", "tier_history", "devices", "purchases", "purchase_lines", "payments",
    "refunds", "interactions", "followups", "complaints", "complaint_steps", "consents", "relations", "notes",
    "custom_fields", "custom_values", "after_sales_terms", "views", "merges", "distinct_pairs", "mend_skips",
    "balance_entries", "survey_answers", "opening_summaries", "point_entries", "import_originals",
)  # fmt: skip
"""Every table that a person's step can change, parents before children."""


_BULK = 2_000
"""Rows of a change that is better taken back on a connection of its own."""


def trigger_sql(table: str, columns: list[str]) -> list[str]:
    """The three triggers of a journalled table with these columns."""
    image = ", ".join(f"'{name}', OLD.{name}" for name in columns)
    differs = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in columns)
    head = (
        "INSERT INTO journal (change_id, table_name, row_id, operation, before) "
        "VALUES ((SELECT change_id FROM journal_state), "
    )
    in_run = f"EXISTS (SELECT 1 FROM journal_runs WHERE table_name = '{table}' AND low <= NEW.id)"
    return [
        f"CREATE TRIGGER journal_{table}_insert AFTER INSERT ON {table} WHEN NOT {in_run} BEGIN "
        f"{head} '{table}', NEW.id, 'I', NULL); END",
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


@contextmanager
def by_runs(db: Database) -> Iterator[None]:
    """Inside the open change: new rows are noted as one run of ids per table instead of one by one.

    Quicker to write and to take back, where a step makes thousands of rows. It is safe because a table's ids are never
    used twice and only this change writes: everything above the last id was made by it.
    """
    for table in TABLES:
        low = ids.last_id(db, _numbered(table)) + 1
        db.execute(
            "INSERT INTO journal (change_id, table_name, row_id, operation) "
            "VALUES ((SELECT change_id FROM journal_state), ?, ?, 'R')",
            (table, low),
        )
        db.execute("INSERT INTO journal_runs (table_name, low) VALUES (?, ?)", (table, low))
    try:
        yield
    finally:
        for table, low in db.rows("SELECT table_name, low FROM journal_runs"):
            _end_run(db, table, low)
        db.execute("DELETE FROM journal_runs")


def _end_run(db: Database, table: str, low: int) -> None:
    high = ids.last_id(db, _numbered(table))
    entry = (
        "WHERE table_name = ?1 AND row_id = ?2 AND operation = 'R' "
        "AND change_id = (SELECT change_id FROM journal_state)"
    )
    is_used = db.value(
        f"SELECT EXISTS (SELECT 1 FROM {table} WHERE id BETWEEN ?2 AND ?3) OR EXISTS (SELECT 1 FROM journal "
        "WHERE table_name = ?1 AND row_id BETWEEN ?2 AND ?3 AND operation <> 'R')",
        (table, low, high),
    )
    if is_used:
        db.execute(f"UPDATE journal SET before = ?3 {entry}", (table, low, str(high)))
    else:
        db.execute(f"DELETE FROM journal {entry}", (table, low))


def _numbered(table: str) -> str:
    """The table whose counter gives a table its ids: a tier has the id of its customer."""
    return "customers" if table == "customer_tiers" else table


def wrote_anything(db: Database, change_id: int) -> bool:
    """Whether the change has journalled any row."""
    return db.value("SELECT 1 FROM journal WHERE change_id = ? LIMIT 1", (change_id,)) is not None


def is_bulk(db: Database, change_id: int) -> bool:
    """Whether the change wrote thousands of rows, in runs or one by one."""
    found: int = db.value(
        "SELECT EXISTS (SELECT 1 FROM journal WHERE change_id = ?1 AND operation = 'R' "
        "AND CAST(before AS INTEGER) - row_id >= ?2) "
        "OR EXISTS (SELECT 1 FROM journal WHERE change_id = ?1 LIMIT 1 OFFSET ?2)",
        (change_id, _BULK),
    )
    return bool(found)


def did_anything(db: Database, change_id: int) -> bool:
    """Whether the change is worth keeping: it wrote a row, took lists out of the shop, erased somebody for good, or
    took back a step of which nothing was left.
    """
    without_rows = db.value(
        "SELECT EXISTS (SELECT 1 FROM changes WHERE undone_by = ?1) OR EXISTS (SELECT 1 FROM exports WHERE change_id = ?1) "
        "OR EXISTS (SELECT 1 FROM erasures WHERE change_id = ?1)",
        (change_id,),
    )
    return bool(without_rows) or wrote_anything(db, change_id)


_CHANGES = f"""
SELECT id, label, kinds, at, day, staff_id, undo_of, undone_by,
       (version = (SELECT max(id) FROM _sqlite_migrations) AND NOT trimmed AND kinds <> '{EXPORTS}') AS undoable,
       (version < (SELECT max(id) FROM _sqlite_migrations) AND NOT trimmed AND kinds <> '{EXPORTS}') AS outdated,
       (trimmed = 2) AS erased
FROM changes
"""


def changes(db: Database, limit: int, before_id: int | None = None) -> list[StoredChange]:
    """The newest changes first, older than `before_id` if given."""
    return db.records(
        StoredChange, _CHANGES + "WHERE id < ? ORDER BY id DESC LIMIT ?", (before_id or 2**62, limit)
    )


def wanted(
    db: Database, which: Wanted, only: Sequence[int] | None, limit: int, offset: int
) -> list[StoredChange]:
    """The changes that are wanted, the newest first; `only` among these, where it is not None."""
    where, params = _where(which, only)
    return db.records(
        StoredChange, f"{_CHANGES} {where} ORDER BY id DESC LIMIT ? OFFSET ?", (*params, limit, offset)
    )


def count(db: Database, which: Wanted, only: Sequence[int] | None) -> int:
    """How many changes are wanted; `only` among these, where it is not None."""
    where, params = _where(which, only)
    found: int = db.value(f"SELECT count(*) FROM changes {where}", params)
    return found


def _where(which: Wanted, only: Sequence[int] | None) -> tuple[str, list[object]]:
    terms: dict[str, object] = {}
    if only is not None:
        terms["id IN (SELECT value FROM json_each(?))"] = json.dumps(only)
    if which.staff_id is not None:
        terms["staff_id = ?"] = which.staff_id
    if which.nobody:
        terms["staff_id IS ?"] = None
    if which.people:
        terms["staff_id IS NOT ?"] = PROGRAM
    if which.day:
        terms["day = ?"] = which.day
    if which.kind:
        terms["instr(',' || kinds || ',', ?)"] = f",{which.kind},"
    if which.text:
        terms["instr(lower(label), lower(?))"] = which.text
    return ("WHERE " + " AND ".join(terms)) if terms else "", list(terms.values())


def people(db: Database) -> list[int | None]:
    """Everybody who ever made a change, None where nobody was chosen."""
    return [staff_id for (staff_id,) in db.rows("SELECT DISTINCT staff_id FROM changes ORDER BY 1")]


def change(db: Database, change_id: int) -> StoredChange | None:
    """One change, or None."""
    return db.record(StoredChange, _CHANGES + "WHERE id = ?", (change_id,))


def some(db: Database, change_ids: Sequence[int]) -> list[StoredChange]:
    """These changes."""
    return db.records(
        StoredChange,
        _CHANGES + "WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(change_ids),),
    )


def latest_undoable(db: Database, staff_id: int | None, day: str) -> StoredChange | None:
    """The latest step of this person on this day that stands and is no undo itself (a redone one counts again);
    what took lists out is none of them.
    """
    return db.record(
        StoredChange,
        _CHANGES
        + f"WHERE staff_id IS ? AND day = ? AND undone_by IS NULL AND undo_of IS NULL AND kinds <> '{EXPORTS}' "
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
        "AND id > coalesce((SELECT max(d.id) FROM changes d WHERE d.staff_id IS ?1 AND d.undo_of IS NULL "
        f"AND d.kinds <> '{EXPORTS}'), 0) "
        "ORDER BY id DESC LIMIT 1",
        (staff_id, day),
    )


def mark_undone(db: Database, change_id: int, by: int) -> None:
    """Note that `by` took `change_id` back. Where that was itself an undo, the change it had taken back stands again,
    and where that was one too, what it had taken back is undone again, and so on.
    """
    below: int | None = by
    while change_id:
        db.execute("UPDATE changes SET undone_by = ? WHERE id = ?", (below, change_id))
        below = change_id if below is None else None
        change_id = db.value("SELECT undo_of FROM changes WHERE id = ?", (change_id,))


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
