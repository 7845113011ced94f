"""What changes wrote: which rows, what each was before and after, and everything that ever happened to one card.

Read only; in words it is in history_words.py. How entries come about is in journal.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from desktop_crm.store.journal import TABLES
from desktop_crm.store.restoring import columns
from desktop_crm.store.rows import Database

Image = dict[str, Any]  # a row's columns have several types
Place = tuple[str, int]
"""A table and the id of one of its rows."""


@dataclass(frozen=True)
class RowPast:
    """What one change did to one row.

    Attributes:
        before / after / now: the row's columns, None where it was not there.
    """

    change_id: int
    table: str
    row_id: int
    before: Image | None
    after: Image | None
    now: Image | None


def touched(db: Database, change_id: int) -> list[tuple[str, int]]:
    """(table, number of rows) that a change wrote, the most first."""
    return [
        (table, count)
        for table, count in db.rows(
            "SELECT table_name, sum(rows) AS rows FROM (SELECT table_name, CAST(before AS INTEGER) - row_id + 1 AS rows "
            "FROM journal WHERE change_id = ?1 AND operation = 'R' UNION ALL "
            "SELECT j.table_name, count(DISTINCT j.row_id) FROM journal j WHERE j.change_id = ?1 AND j.operation <> 'R' "
            "AND NOT EXISTS (SELECT 1 FROM journal r WHERE r.change_id = ?1 AND r.operation = 'R' "
            "AND r.table_name = j.table_name AND j.row_id BETWEEN r.row_id AND CAST(r.before AS INTEGER)) "
            "GROUP BY 1) GROUP BY 1 ORDER BY rows DESC, 1",
            (change_id,),
        )
    ]


def of_change(db: Database, change_id: int, tables: Sequence[str], limit: int) -> list[RowPast]:
    """What a change did to the rows of these tables, table by table, at most `limit` rows."""
    found: list[RowPast] = []
    for table in tables:
        if len(found) >= limit:
            break
        rows = db.rows(
            "SELECT DISTINCT row_id FROM journal WHERE change_id = ? AND table_name = ? AND operation <> 'R' "
            "ORDER BY row_id LIMIT ?",
            (change_id, table, limit - len(found)),
        )
        ids = {row_id for (row_id,) in rows}
        for low, high in db.rows(
            "SELECT row_id, CAST(before AS INTEGER) FROM journal WHERE change_id = ? AND table_name = ? "
            "AND operation = 'R'",
            (change_id, table),
        ):
            ids |= set(range(low, min(high, low + limit - len(found)) + 1))
        for row_id in sorted(ids)[: limit - len(found)]:
            past = of_row(db, change_id, table, row_id)
            if past.before is not None or past.after is not None:
                found.append(past)
    return found


def of_row(db: Database, change_id: int, table: str, row_id: int) -> RowPast:
    """What a change did to one row that it wrote."""
    entries = db.rows(
        "SELECT change_id, before FROM journal WHERE table_name = ? AND row_id = ? AND change_id >= ? "
        "AND operation <> 'R' ORDER BY id",
        (table, row_id, change_id),
    )
    own = [before for change, before in entries if change == change_id]
    later = [before for change, before in entries if change != change_id]
    made = not own or _is_in_run(db, change_id, table, row_id)
    before = None if made else _image(db, own[0])
    present = now(db, table, row_id)
    return RowPast(change_id, table, row_id, before, _image(db, later[0]) if later else present, present)


def _is_in_run(db: Database, change_id: int, table: str, row_id: int) -> bool:
    return bool(
        db.value(
            "SELECT 1 FROM journal WHERE change_id = ?1 AND operation = 'R' AND table_name = ?2 "
            "AND ?3 BETWEEN row_id AND CAST(before AS INTEGER)",
            (change_id, table, row_id),
        )
    )


def now(db: Database, table: str, row_id: int) -> Image | None:
    """The row as it is, None where it is not there."""
    names = [name for name in columns(db, table) if name not in db.hidden]
    found = db.row(f"SELECT {', '.join(names)} FROM {table} WHERE id = ?", (row_id,))
    return None if found is None else dict(zip(names, found, strict=True))


def latest(db: Database, table: str, row_id: int) -> Image | None:
    """The row as it is, or as it was last; None where nobody knows."""
    found = now(db, table, row_id)
    if found is not None:
        return found
    return _image(
        db,
        db.value(
            "SELECT before FROM journal WHERE table_name = ? AND row_id = ? AND operation = 'D' ORDER BY id DESC LIMIT 1",
            (table, row_id),
        ),
    )


def of_card(
    db: Database, customer_id: int, limit: int, before_id: int | None = None
) -> list[tuple[int, list[Place]]]:
    """(change, the rows of this card that it wrote), the newest `limit` changes older than `before_id` if given."""
    rows = db.rows(
        f"{_WROTE} SELECT change_id, name, row_id FROM wrote WHERE change_id IN (SELECT DISTINCT change_id FROM wrote "
        "WHERE change_id < ?2 ORDER BY change_id DESC LIMIT ?3) ORDER BY change_id DESC, row_id",
        (_places_text(db, customer_id), before_id or 2**62, limit),
    )
    found: dict[int, list[Place]] = {}
    for change_id, table, row_id in rows:
        found.setdefault(change_id, []).append((table, row_id))
    return list(found.items())


def changes_of_card(db: Database, customer_id: int) -> list[int]:
    """Every change that wrote a card or what hangs on it."""
    rows = db.rows(f"{_WROTE} SELECT DISTINCT change_id FROM wrote", (_places_text(db, customer_id),))
    return [change_id for (change_id,) in rows]


_WROTE = (
    "WITH place AS (SELECT json_extract(value, '$[0]') AS name, json_extract(value, '$[1]') AS row_id "
    "FROM json_each(?1)), wrote AS ("
    "SELECT j.change_id, p.name, p.row_id FROM place p CROSS JOIN journal j ON j.table_name = p.name "
    "AND j.row_id = p.row_id AND j.operation <> 'R' UNION "
    "SELECT r.change_id, p.name, p.row_id FROM place p CROSS JOIN journal r ON r.id = (SELECT id FROM journal "
    "WHERE operation = 'R' AND table_name = p.name AND row_id <= p.row_id ORDER BY row_id DESC LIMIT 1) "
    "AND CAST(r.before AS INTEGER) >= p.row_id)"
)


def _places_text(db: Database, customer_id: int) -> str:
    return json.dumps(sorted(_places(db, customer_id)))


_WITHIN = dict.fromkeys(("purchase_lines", "payments", "refunds"), "purchase_id") | {
    "complaint_steps": "complaint_id"
}
"""Tables whose rows hang on a card by way of a sale or a case."""


def _places(db: Database, customer_id: int) -> set[Place]:
    """All rows that hang on a card, or did so at some time."""
    found: set[Place] = {("customers", customer_id), ("customer_tiers", customer_id)}
    hanging = db.rows(
        'SELECT t.value, f."from" FROM json_each(?) t, pragma_foreign_key_list(t.value) f '
        "WHERE f.\"table\" = 'customers' AND t.value NOT IN ('customers', 'customer_tiers')",
        (json.dumps(TABLES),),
    )
    for table, column in hanging:
        found |= _ids(table, db.rows(f"SELECT id FROM {table} WHERE {column} = ?", (customer_id,)))
    found |= {
        (table, row_id)
        for table, row_id in db.rows(
            "SELECT DISTINCT table_name, row_id FROM journal WHERE json_extract(before, '$.customer_id') = ? "
            "AND operation IN ('U', 'D') AND json_extract(before, '$.customer_id') IS NOT NULL",
            (customer_id,),
        )
    }
    found |= _ids(
        "relations",
        db.rows(
            "SELECT row_id FROM journal WHERE table_name = 'relations' AND operation IN ('U', 'D') "
            "AND json_extract(before, '$.other_id') = ?",
            (customer_id,),
        ),
    )
    for table, column in _WITHIN.items():
        parent = "complaints" if column == "complaint_id" else "purchases"
        parents = json.dumps([row_id for name, row_id in found if name == parent])
        found |= _ids(
            table,
            db.rows(f"SELECT id FROM {table} WHERE {column} IN (SELECT value FROM json_each(?))", (parents,)),
        )
    return found


def _ids(table: str, rows: Iterable[tuple[int]]) -> set[Place]:
    return {(table, row_id) for (row_id,) in rows}


def customer_of(db: Database, table: str, image: Image) -> int | None:
    """On whose card a row hangs, None where on nobody's."""
    if table in ("customers", "customer_tiers"):
        own: int = image["id"]
        return own
    if table in _WITHIN:
        column = _WITHIN[table]
        parent = latest(db, "complaints" if column == "complaint_id" else "purchases", image[column])
        image = parent or {}
    found: int | None = image.get("customer_id")
    return found


def _image(db: Database, text: str | None) -> Image | None:
    """A before-image, without what whoever reads may not see."""
    return (
        None
        if text is None
        else {name: value for name, value in json.loads(text).items() if name not in db.hidden}
    )
