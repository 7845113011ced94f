"""Everything in the shop file that is about one person: finding it, and taking it away so that it cannot come back.

A person is a card with all cards that went into it. What they own is emptied or goes (person_columns.py says which),
what the journal remembers of it goes, and the steps that were only about them cannot be taken back any more. What
others wrote about them is person_words.py's business; who may, and what is said about it, is in desktop_crm/person.py.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from desktop_crm.records.customers import Customer
from desktop_crm.records.erasures import Erasure
from desktop_crm.store import search
from desktop_crm.store.journal import TABLES
from desktop_crm.store.open import FILE
from desktop_crm.store.person_columns import COLUMNS, GONE
from desktop_crm.store.restoring import Image
from desktop_crm.store.rows import Database

Places = dict[str, set[int]]
"""Table: ids of its rows."""

ERASED = 2
"""`changes.trimmed` of a step that was only about somebody who was erased: nothing of it can be taken back."""

_WITHIN = {
    "purchase_lines": ("purchase_id", "purchases"),
    "payments": ("purchase_id", "purchases"),
    "refunds": ("purchase_id", "purchases"),
    "complaint_steps": ("complaint_id", "complaints"),
}
"""Tables whose rows hang on a person by way of a sale or a case."""

_NEVER = "9999-12-31"
"""No mend is asked for on an empty card."""


def family(db: Database, customer_id: int) -> list[int]:
    """The card that a person has now, and before it every card that went into it; [] where there is none."""
    return [
        found
        for (found,) in db.rows(
            "WITH RECURSIVE up (id, steps) AS (SELECT id, 0 FROM customers WHERE id = ?1 UNION ALL "
            "SELECT c.merged_into, u.steps + 1 FROM up u JOIN customers c ON c.id = u.id "
            "WHERE c.merged_into IS NOT NULL AND u.steps < 100), "
            "one (id) AS (SELECT id FROM (SELECT id FROM up ORDER BY steps DESC LIMIT 1) UNION "
            "SELECT c.id FROM one o JOIN customers c ON c.merged_into = o.id) SELECT id FROM one",
            (customer_id,),
        )
    ]


def erased(db: Database) -> list[Erasure]:
    """Every card that was erased, the latest first."""
    return db.records(Erasure, "SELECT * FROM erasures ORDER BY id DESC")


def is_erased(db: Database, customer_id: int) -> bool:
    """Whether this card belonged to somebody who was erased."""
    return db.value("SELECT 1 FROM erasures WHERE customer_id = ?", (customer_id,)) is not None


def net_fen(db: Database, ids: Iterable[int]) -> int:
    """What these cards bought for, in all, without what was voided or given back."""
    return int(
        db.value(
            "SELECT coalesce(sum(total_fen - (SELECT coalesce(sum(amount_fen), 0) FROM refunds r "
            "WHERE r.purchase_id = p.id)), 0) FROM purchases p WHERE void_day IS NULL "
            "AND customer_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
    )


def open_cases(db: Database, ids: Iterable[int]) -> int:
    """How many complaints of these cards are not closed."""
    return int(
        db.value(
            "SELECT count(*) FROM complaints WHERE state NOT IN ('closed', 'withdrawn', 'duplicate') "
            "AND customer_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
    )


def log_is_empty(folder: Path) -> bool:
    """Whether nothing stands in the write-ahead log of the shop in this folder."""
    try:
        return os.stat(folder / f"{FILE}-wal").st_size == 0
    except OSError:
        return True


# ---------------------------------------------------------------- what is theirs


def own_rows(db: Database, ids: Iterable[int]) -> Places:
    """Every row that hangs on these cards now, and the tags that nobody else wears."""
    whose = json.dumps(list(ids))
    found: Places = {}
    for table, column in [("customers", "id"), ("customer_tiers", "id"), *_hanging(db)]:
        rows = db.rows(f"SELECT id FROM {table} WHERE {column} IN (SELECT value FROM json_each(?))", (whose,))
        found.setdefault(table, set()).update(row_id for (row_id,) in rows)
    for table, (column, parent) in _WITHIN.items():
        parents = json.dumps(sorted(found[parent]))
        rows = db.rows(
            f"SELECT id FROM {table} WHERE {column} IN (SELECT value FROM json_each(?))", (parents,)
        )
        found[table] = {row_id for (row_id,) in rows}
    found["tags"] = _lonely_tags(db, whose)
    return {table: rows for table, rows in found.items() if rows}


def _lonely_tags(db: Database, whose: str) -> set[int]:
    """Tags that they wear or wore, and nobody else does: they may say who somebody is."""
    rows = db.rows(
        "SELECT tag_id FROM (SELECT tag_id FROM customer_tags "
        "WHERE customer_id IN (SELECT value FROM json_each(?1)) UNION "
        "SELECT json_extract(before, '$.tag_id') FROM journal WHERE table_name = 'customer_tags' "
        "AND operation IN ('U', 'D') AND json_extract(before, '$.customer_id') IN (SELECT value FROM json_each(?1))) t "
        "WHERE NOT EXISTS (SELECT 1 FROM customer_tags o WHERE o.tag_id = t.tag_id "
        "AND o.customer_id NOT IN (SELECT value FROM json_each(?1)))",
        (whose,),
    )
    return {tag_id for (tag_id,) in rows}


def past_rows(db: Database, ids: Iterable[int], present: Places) -> Places:
    """`present`, and every row that hung on these cards at some time, as far as the journal remembers."""
    whose = json.dumps(list(ids))
    found: Places = {table: set(rows) for table, rows in present.items()}
    for table, column in _hanging(db):
        rows = db.rows(_REMEMBERED.format(column=column), (table, whose))
        found.setdefault(table, set()).update(row_id for (row_id,) in rows)
    for table, (column, parent) in _WITHIN.items():
        rows = db.rows(
            _REMEMBERED.format(column=column), (table, json.dumps(sorted(found.get(parent, set()))))
        )
        found.setdefault(table, set()).update(row_id for (row_id,) in rows)
    return {table: rows for table, rows in found.items() if rows}


_REMEMBERED = (
    "SELECT DISTINCT row_id FROM journal WHERE table_name = ? AND operation IN ('U', 'D') "
    "AND json_extract(before, '$.{column}') IN (SELECT value FROM json_each(?))"
)


def _hanging(db: Database) -> list[tuple[str, str]]:
    """(table, column) of everything that refers to a customer, except cards that refer to each other."""
    return db.rows(
        'SELECT t.value, f."from" FROM json_each(?) t, pragma_foreign_key_list(t.value) f '
        "WHERE f.\"table\" = 'customers' AND t.value NOT IN ('customers', 'customer_tiers')",
        (json.dumps(TABLES),),
    )


def values(db: Database, table: str, column: str, row_ids: Iterable[int]) -> set[str]:
    """What stands in a column of these rows, and what the journal remembers of it; without empty ones."""
    whose = json.dumps(sorted(row_ids))
    rows = db.rows(
        f"SELECT {column} FROM {table} WHERE id IN (SELECT value FROM json_each(?1)) UNION "
        f"SELECT json_extract(before, '$.{column}') FROM journal WHERE table_name = ?2 AND operation IN ('U', 'D') "
        "AND row_id IN (SELECT value FROM json_each(?1))",
        (whose, table),
    )
    return {str(value) for (value,) in rows if value}


# ---------------------------------------------------------------- taking it away


def wipe(db: Database, ids: list[int], own: Places, name: str, at: str, day: str) -> None:
    """Empty these cards and what stays of what hangs on them, and remove the rest; inside an open change.

    Args:
        ids: of one person. own: see `own_rows`. name: what an empty card is called.
    """
    db.execute(
        "UPDATE complaints SET device_id = NULL WHERE device_id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(own.get("devices", set()))),),
    )
    for table in reversed(TABLES):
        rows = json.dumps(sorted(own.get(table, set())))
        if table in GONE:
            db.execute(f"DELETE FROM {table} WHERE id IN (SELECT value FROM json_each(?))", (rows,))
        elif sets := _emptied(db, table):
            db.execute(f"UPDATE {table} SET {sets} WHERE id IN (SELECT value FROM json_each(?))", (rows,))
    for customer_id in ids:
        db.execute(
            "UPDATE customers SET name = ?, birthday_lunar = 0, birthday_leap = 0, do_not_contact = 1, note_pinned = 0 "
            "WHERE id = ?",
            (name, customer_id),
        )
        db.execute(
            "INSERT INTO mend_skips (customer_id, until_day, at) VALUES (?, ?, ?)", (customer_id, _NEVER, at)
        )
    db.execute(
        "UPDATE followups SET state = 'cancelled', done_at = ?, done_day = ? WHERE state = 'open' "
        "AND customer_id IN (SELECT value FROM json_each(?))",
        (at, day, json.dumps(ids)),
    )


def _emptied(db: Database, table: str) -> str:
    """SQL that empties what a row of a table says of its person."""
    columns = COLUMNS.get(table, {})
    sets = []
    for name, is_needed in db.rows('SELECT name, "notnull" FROM pragma_table_info(?)', (table,)):
        if columns.get(name) in ("own", "words") and (table, name) != ("customers", "name"):
            empty = _EMPTY.get((table, name), "''")
            sets.append(f"{name} = {empty if is_needed else 'NULL'}")
    return ", ".join(sets) if table in _OF_PEOPLE else ""


_EMPTY = {
    ("followups", "cancel_reason"): "iif(cancel_reason = '', '', '–')",  # that there was a reason counts
    ("complaints", "summary"): "'–'",
}
_OF_PEOPLE = frozenset(
    {
        "customers", "customer_tiers", "tier_history", "purchases", "purchase_lines", "payments", "refunds",
        "interactions", "followups", "complaints", "complaint_steps", "balance_entries", "survey_answers",
        "point_entries",
    }
)  # fmt: skip
"""Tables whose rows hang on somebody and stay."""


def forget_steps(db: Database, past: Places, label: str, own_change: int) -> tuple[list[int], list[int]]:
    """Take what the journal remembers of these rows away.

    Args:
        past: see `past_rows`. label: what a step is called that was only about them. own_change: the open change.

    Returns:
        steps that were only about them, and cannot be taken back any more; steps that were also about others.
    """
    touched: set[int] = set()
    for table, rows in past.items():
        touched |= _steps_of(db, table, rows)
        db.execute(
            "DELETE FROM journal WHERE table_name = ? AND operation <> 'R' "
            "AND row_id IN (SELECT value FROM json_each(?))",
            (table, json.dumps(sorted(rows))),
        )
    touched.discard(own_change)
    emptied = [
        change_id
        for (change_id,) in db.rows(
            "SELECT value FROM json_each(?) WHERE NOT EXISTS (SELECT 1 FROM journal WHERE change_id = value) ORDER BY 1",
            (json.dumps(sorted(touched)),),
        )
    ]
    db.execute(
        "UPDATE changes SET label = ?, trimmed = ? WHERE id IN (SELECT value FROM json_each(?))",
        (label, ERASED, json.dumps(emptied)),
    )
    return emptied, sorted(touched - set(emptied))


def forget_own_step(db: Database, change_id: int) -> None:
    """Take away what the journal noted of the open change, which can never be taken back."""
    db.execute("DELETE FROM journal WHERE change_id = ?", (change_id,))
    db.execute("UPDATE changes SET trimmed = ? WHERE id = ?", (ERASED, change_id))


def note(db: Database, ids: list[int], at: str, day: str, staff_id: int | None, change_id: int) -> None:
    """Remember that these cards were erased."""
    for customer_id in ids:
        card = db.get(Customer, customer_id)
        assert card is not None
        db.insert(Erasure(0, customer_id, card.created_at, at, day, staff_id, change_id))


def matching(db: Database, customer_id: int, card_made_at: str) -> bool:
    """Whether this file has that very card, and it is not erased here."""
    found = db.value("SELECT created_at FROM customers WHERE id = ?", (customer_id,))
    return found == card_made_at and not is_erased(db, customer_id)


def clear_index(db: Database) -> None:
    """Make the search index forget its deleted words: until it is merged into one piece they stand in it unseen."""
    search.refresh(db)
    db.execute("INSERT INTO search_index (search_index) VALUES ('optimize')")


def held(db: Database, own: Places) -> list[tuple[str, list[Image]]]:
    """(table, its rows by column) of everything that is about somebody, in the order of their ids."""
    found = []
    for table in TABLES:
        if table in own:
            cursor = db.execute(
                f"SELECT * FROM {table} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
                (json.dumps(sorted(own[table])),),
            )
            names = [column[0] for column in cursor.description]
            found.append((table, [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]))
    return found


def earlier(
    db: Database, past: Places
) -> list[tuple[str, str, Any, str]]:  # a column's value has its own type
    """(table, column, value, until which instant) of what the journal remembers of these rows beyond what stands there.

    Only columns that say something of somebody; the latest first.
    """
    found: dict[tuple[str, str, Any], str] = {}
    for table, rows in past.items():
        wanted = [
            name for name, meaning in COLUMNS.get(table, {}).items() if meaning in ("own", "words", "sold")
        ]
        present = {
            (name, value)
            for name in wanted
            for (value,) in db.rows(
                f"SELECT DISTINCT {name} FROM {table} WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(sorted(rows)),),
            )
        }
        for before, at in db.rows(
            "SELECT j.before, c.at FROM journal j JOIN changes c ON c.id = j.change_id WHERE j.table_name = ? "
            "AND j.operation IN ('U', 'D') AND j.row_id IN (SELECT value FROM json_each(?)) ORDER BY j.id",
            (table, json.dumps(sorted(rows))),
        ):
            image = json.loads(before)
            for name in wanted:
                if image.get(name) and (name, image[name]) not in present:
                    found[table, name, image[name]] = at
    return sorted(((*key, at) for key, at in found.items()), key=lambda each: each[3], reverse=True)


def steps_about(db: Database, past: Places) -> list[int]:
    """Every step that wrote one of these rows, as far as the journal remembers, the latest first."""
    found: set[int] = set()
    for table, rows in past.items():
        found |= _steps_of(db, table, rows)
    return sorted(found, reverse=True)


def _steps_of(db: Database, table: str, rows: Iterable[int]) -> set[int]:
    return {
        change_id
        for (change_id,) in db.rows(
            "SELECT DISTINCT change_id FROM journal WHERE table_name = ?1 AND operation <> 'R' "
            "AND row_id IN (SELECT value FROM json_each(?2)) UNION SELECT r.change_id FROM json_each(?2) p "
            "CROSS JOIN journal r ON r.table_name = ?1 AND r.operation = 'R' "
            "AND p.value BETWEEN r.row_id AND CAST(r.before AS INTEGER)",
            (table, json.dumps(sorted(rows))),
        )
    }
