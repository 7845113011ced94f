"""The writing half of reverting.py: delete, insert and update what its plan says, and see that every reference holds.

The plan is in temporary tables that reverting.py makes and drops: undo_made, undo_rows, undo_kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from desktop_crm.base.i18n import _
from desktop_crm.records.customers import Customer
from desktop_crm.store.journal import TABLES
from desktop_crm.store.rows import Database

Why = Literal["changed", "deleted", "needed", "clash", "gone", "noted", "hidden"]
Image = dict[str, Any]  # a row's columns have several types


@dataclass(frozen=True)
class LeftAlone:
    """A row, or one column of it, that was not taken back.

    Attributes:
        table / row_id: which row.
        why: "changed" or "deleted" by a later step, "needed" by another row, "clash": its place is taken,
            "gone": what it refers to is no longer there, "noted": its place is taken, so the value stands in the note,
            "hidden": whoever takes it back may not see the column.
        column: which column, '' for the whole row.
        change_id: the later step, or None.
        needed_by: (table, row id) of the other row that needs it, or has its card number; or None.
    """

    table: str
    row_id: int
    why: Why
    column: str = ""
    change_id: int | None = None
    needed_by: tuple[str, int] | None = None


class Impossible(Exception):
    """The shop would contradict itself; nothing was written.

    Attributes:
        later: the merge that has to be taken back first, or None.
    """

    def __init__(self, later: int | None = None) -> None:
        super().__init__()
        self.later = later


@dataclass(frozen=True)
class Reference:
    """A foreign key: `table.column` holds an id of `parent`."""

    table: str
    column: str
    parent: str


def delete_made(db: Database) -> None:
    """What the change made and nobody built upon goes."""
    made = {table for (table,) in db.rows("SELECT DISTINCT table_name FROM temp.undo_made")}
    for table in reversed(TABLES):
        if table in made:
            db.execute(
                f"DELETE FROM main.{table} WHERE id IN (SELECT x.id FROM temp.undo_made m CROSS JOIN main.{table} x "
                "ON x.id BETWEEN m.low AND m.high WHERE m.table_name = ?1 AND NOT EXISTS "
                "(SELECT 1 FROM temp.undo_kept k WHERE k.table_name = ?1 AND k.row_id = x.id))",
                (table,),
            )


def restore(db: Database) -> list[LeftAlone]:
    """Rows that were removed return, columns that were changed become what they were, as far as there is place."""
    planned = {
        (table, bool(gone)) for table, gone in db.rows("SELECT DISTINCT table_name, gone FROM temp.undo_rows")
    }
    for table in TABLES:
        if (table, True) in planned:
            _insert_gone(db, table)
    left = [each for table in TABLES if (table, False) in planned for each in _update_changed(db, table)]
    for table in TABLES:
        if (table, True) in planned:
            _insert_gone(db, table)  # once more: an update may have made place
            left += [
                LeftAlone(table, row_id, "clash")
                for (row_id,) in db.rows(
                    "SELECT row_id FROM temp.undo_rows WHERE table_name = ?1 AND gone "
                    f"AND row_id NOT IN (SELECT id FROM main.{table})",
                    (table,),
                )
            ]
    return left


_SOURCE = (
    "(SELECT r.row_id, coalesce(r.image, j.before) AS image FROM temp.undo_rows r JOIN journal j ON j.id = r.first_id "
    "WHERE r.table_name = ?1 AND r.gone = {gone}) s"
)


def _insert_gone(db: Database, table: str) -> None:
    names = columns(db, table)
    values = ", ".join(f"json_extract(s.image, '$.{name}')" for name in names)
    db.execute(
        f"INSERT OR IGNORE INTO main.{table} ({', '.join(names)}) SELECT {values} FROM {_SOURCE.format(gone=1)} "
        f"WHERE s.row_id NOT IN (SELECT id FROM main.{table}) ORDER BY s.row_id",
        (table,),
    )


def _update_changed(db: Database, table: str) -> list[LeftAlone]:
    source = _SOURCE.format(gone=0)
    names = [name for name in columns(db, table) if name != "id"]
    differs = {
        name: f"(json_type(s.image, '$.{name}') IS NOT NULL AND t.{name} IS NOT json_extract(s.image, '$.{name}'))"
        for name in names
    }
    counted = db.row(
        f"SELECT {', '.join(f'total({differs[name]})' for name in names)} "
        f"FROM {source} JOIN main.{table} t ON t.id = s.row_id",
        (table,),
    )
    assert counted is not None
    changed = [name for name, count in zip(names, counted, strict=True) if count]
    if not changed:
        return []
    any_differs = " OR ".join(differs[name] for name in changed)
    sets = ", ".join(
        f"{name} = CASE WHEN json_type(s.image, '$.{name}') IS NULL THEN {name} "
        f"ELSE json_extract(s.image, '$.{name}') END"
        for name in changed
    )
    still = f"SELECT t.id FROM {source} JOIN main.{table} t ON t.id = s.row_id WHERE {any_differs}"
    waiting = db.value(f"SELECT count(*) FROM ({still})", (table,))
    while waiting:  # a place may be taken by a row that gives it up only later in the same pass
        done = db.execute(
            f"UPDATE OR IGNORE main.{table} AS t SET {sets} FROM {source} WHERE t.id = s.row_id AND ({any_differs})",
            (table,),
        ).rowcount
        waiting -= done
        if not done:
            break
    if not waiting:
        return []
    return [
        each for (row_id,) in db.rows(still, (table,)) for each in _column_wise(db, table, row_id, changed)
    ]


def _column_wise(db: Database, table: str, row_id: int, changed: list[str]) -> Iterator[LeftAlone]:
    """The columns of one row that have a place, where the whole has none."""
    image = json.loads(
        db.value(
            "SELECT coalesce(r.image, j.before) FROM temp.undo_rows r JOIN journal j ON j.id = r.first_id "
            "WHERE r.table_name = ? AND r.row_id = ?",
            (table, row_id),
        )
    )
    for column in (name for name in changed if name in image):
        if _wrote(db, table, row_id, column, image[column]):
            continue
        if column in _MAKE_LIVE:  # a card comes back before its number does: nobody may be lost
            yield _note_card_no(db, row_id)
            _wrote(db, table, row_id, column, image[column])
        else:
            yield LeftAlone(table, row_id, "clash", column)


def _wrote(db: Database, table: str, row_id: int, column: str, value: object) -> bool:
    db.execute(f"UPDATE OR IGNORE {table} SET {column} = ? WHERE id = ?", (value, row_id))
    return bool(db.value(f"SELECT {column} IS ? FROM {table} WHERE id = ?", (value, row_id)))


_MAKE_LIVE = ("deleted_at", "merged_into")
"""Columns of a card that can clash only because a card's number is its own while it is live."""


def _note_card_no(db: Database, customer_id: int) -> LeftAlone:
    """Move the number of a card, which another live one has by now, into its note."""
    card = db.get(Customer, customer_id)
    assert card is not None
    holder: int = db.value(
        "SELECT id FROM customers WHERE card_no = ? AND deleted_at IS NULL AND merged_into IS NULL",
        (card.card_no,),
    )
    line = _("Card no. before: {number}").format(number=card.card_no)
    db.update(replace(card, card_no="", note=f"{card.note}\n{line}".strip()))
    return LeftAlone("customers", customer_id, "noted", "card_no", needed_by=("customers", holder))


def mend_references(db: Database, references: list[Reference]) -> list[LeftAlone]:
    """What came back and refers to a row that is not there goes again; until every reference holds."""
    left: list[LeftAlone] = []
    planned = {table for (table,) in db.rows("SELECT DISTINCT table_name FROM temp.undo_rows")}
    wanted = [reference for reference in references if reference.table in planned]
    while True:
        loose = [(each, row_id, gone) for each in wanted for row_id, gone in _loose(db, each)]
        if not loose:
            return left
        for reference, row_id, gone in loose:
            table, column = reference.table, reference.column
            told = LeftAlone(table, row_id, "gone", "" if gone else column)
            if gone:
                db.execute(f"DELETE FROM {table} WHERE id = ?", (row_id,))
            elif told in left:
                raise Impossible
            else:
                was = db.value(
                    "SELECT json_extract(before, ?) FROM journal WHERE table_name = ? AND row_id = ? AND operation = 'U' "
                    "ORDER BY change_id DESC, id DESC LIMIT 1",
                    (f"$.{column}", table, row_id),
                )
                db.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (was, row_id))
            left.append(told)


def _loose(db: Database, reference: Reference) -> list[tuple[int, int]]:
    """(row id, gone) of planned rows whose reference leads nowhere."""
    return db.rows(
        f"SELECT x.id, r.gone FROM temp.undo_rows r JOIN main.{reference.table} x ON x.id = r.row_id "
        f"WHERE r.table_name = ? AND x.{reference.column} IS NOT NULL "
        f"AND x.{reference.column} NOT IN (SELECT id FROM main.{reference.parent})",
        (reference.table,),
    )


def columns(db: Database, table: str) -> list[str]:
    """The names of a table's columns."""
    return [name for (name,) in db.rows("SELECT name FROM pragma_table_info(?)", (table,))]
