"""Taking a change back: what it made goes, what it removed returns, what it changed becomes what it was, column by column.

Nothing that was built upon since is touched: a column that a later standing step changed, a row that others refer to by
now, a place that is taken. Such rows are left and told of (`LeftAlone`). No column that the change itself left as it
was is ever written. Works on whole sets, so that an import of 100,000 rows is taken back in seconds; only rows with
later entries in the journal are looked at one by one. Columns that the person who takes it back may not see stay too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from desktop_crm.records.history import PROGRAM
from desktop_crm.store import import_openings
from desktop_crm.store.journal import TABLES
from desktop_crm.store.restoring import (
    Image,
    Impossible,
    LeftAlone,
    Reference,
    Why,
    columns,
    delete_made,
    mend_references,
    restore,
)
from desktop_crm.store.rows import Database

_CHUNK = 500


def revert(db: Database, change_id: int) -> list[LeftAlone]:
    """Take a change back as part of the change that is open now.

    Returns:
        what was left alone, empty when all came back.

    Raises:
        Impossible: the rows that could come back contradict each other.
    """
    db.execute("PRAGMA defer_foreign_keys = ON")
    references = _references(db)
    _make_plan(db, change_id)
    left = _settle_built_upon(db, change_id)
    for each in left:
        if each.column == "merged_into":  # its card went on into another, with all that came from this one
            raise Impossible(each.change_id)
    left += _keep_hidden(db)
    left += _keep_needed(db, references)
    _keep_whole(db, change_id)
    delete_made(db)
    left += restore(db)
    left += mend_references(db, references)
    _renumber_phones(db)
    import_openings.take_back_uncovered(db)
    for table in ("undo_made", "undo_rows", "undo_kept"):
        db.execute(f"DROP TABLE temp.{table}")
    return sorted(left, key=lambda each: each.table == "customer_tiers")  # a tier only follows from the rest


def _renumber_phones(db: Database) -> None:
    """Each card whose numbers were written has one main number again, where it has any."""
    db.execute(
        "WITH entry AS MATERIALIZED (SELECT row_id, before FROM journal WHERE table_name = 'phones' "
        "AND change_id = (SELECT change_id FROM journal_state)), "
        "touched AS (SELECT json_extract(before, '$.customer_id') AS customer_id FROM entry UNION "
        "SELECT p.customer_id FROM entry e CROSS JOIN phones p ON p.id = e.row_id), "
        "wrong AS (SELECT customer_id FROM phones WHERE customer_id IN (SELECT customer_id FROM touched) "
        "GROUP BY customer_id HAVING total(position = 0) <> 1), "
        "placed AS (SELECT id, row_number() OVER (PARTITION BY customer_id ORDER BY position, id) - 1 AS place "
        "FROM phones WHERE customer_id IN (SELECT customer_id FROM wrong)) "
        "UPDATE phones AS t SET position = placed.place FROM placed WHERE placed.id = t.id "
        "AND t.position <> placed.place"
    )


def family(db: Database, change_id: int) -> list[int]:
    """The change, its undoing, the undoing of that, and so on."""
    return [
        found
        for (found,) in db.rows(
            "WITH RECURSIVE family (id) AS (SELECT ?1 UNION SELECT c.id FROM changes c "
            "JOIN family f ON c.undo_of = f.id) SELECT id FROM family",
            (change_id,),
        )
    ]


def _references(db: Database) -> list[Reference]:
    """All foreign keys; and who made a step stays, though history names them without one."""
    found = db.rows(
        'SELECT t.value, f."from", f."table" FROM json_each(?) t, pragma_foreign_key_list(t.value) f',
        (json.dumps(TABLES),),
    )
    return [Reference(*row) for row in found] + [Reference("changes", "staff_id", "staff")]


def _make_plan(db: Database, change_id: int) -> None:
    """undo_made: runs of ids that the change made. undo_rows: rows it changed, or removed (`gone`), and the image of
    what of them is to come back; where that is NULL it is the journal's entry `first_id`. undo_kept: made rows that stay.
    """
    db.execute(
        "CREATE TEMP TABLE undo_made (table_name TEXT, low INTEGER, high INTEGER, PRIMARY KEY (table_name, low)) "
        "WITHOUT ROWID"
    )
    db.execute(
        "CREATE TEMP TABLE undo_rows (table_name TEXT, row_id INTEGER, first_id INTEGER, gone INTEGER, image TEXT, "
        "PRIMARY KEY (table_name, row_id)) WITHOUT ROWID"
    )
    db.execute(
        "CREATE TEMP TABLE undo_kept (table_name TEXT, row_id INTEGER, PRIMARY KEY (table_name, row_id)) WITHOUT ROWID"
    )
    db.execute(
        "INSERT INTO temp.undo_made SELECT table_name, row_id, CAST(before AS INTEGER) FROM journal "
        "WHERE change_id = ?1 AND operation = 'R' UNION ALL "
        "SELECT table_name, min(row_id), max(row_id) FROM (SELECT j.table_name, j.row_id, j.row_id - row_number() "
        "OVER (PARTITION BY j.table_name ORDER BY j.row_id) AS island FROM journal j WHERE j.change_id = ?1 "
        "AND j.operation = 'I' AND NOT EXISTS (SELECT 1 FROM journal e WHERE e.table_name = j.table_name "
        "AND e.row_id = j.row_id AND e.change_id = ?1 AND e.id < j.id)) GROUP BY table_name, island",
        (change_id,),
    )
    db.execute(
        "INSERT INTO temp.undo_rows SELECT g.table_name, g.row_id, g.first_id, l.operation = 'D', NULL FROM ("
        "SELECT table_name, row_id, min(id) AS first_id, max(id) AS last_id FROM journal WHERE change_id = ?1 "
        "AND operation <> 'R' GROUP BY 1, 2) g JOIN journal l ON l.id = g.last_id "
        f"WHERE NOT {_is_made('g.table_name', 'g.row_id')}",
        (change_id,),
    )


def _is_made(table: str, row_id: str) -> str:
    """SQL: the change made this row."""
    return (
        f"coalesce((SELECT m.high FROM temp.undo_made m WHERE m.table_name = {table} AND m.low <= {row_id} "
        f"ORDER BY m.low DESC LIMIT 1) >= {row_id}, 0)"
    )


# ---------------------------------------------------------------- what was built upon since


def _settle_built_upon(db: Database, change_id: int) -> list[LeftAlone]:
    own = json.dumps(family(db, change_id))
    left: list[LeftAlone] = []
    for table in TABLES:
        left += _keep_built_upon(db, table, change_id, own)
        rows = db.rows(
            "SELECT r.row_id FROM temp.undo_rows r WHERE r.table_name = ?1 AND EXISTS (SELECT 1 FROM journal k "
            "WHERE k.table_name = ?1 AND k.row_id = r.row_id AND k.change_id > ?2 "
            "AND k.change_id NOT IN (SELECT value FROM json_each(?3)))",
            (table, change_id, own),
        )
        for start in range(0, len(rows), _CHUNK):
            chunk = [row_id for (row_id,) in rows[start : start + _CHUNK]]
            left += _settle(db, table, chunk, change_id, own)
    return left


def _keep_built_upon(db: Database, table: str, change_id: int, own: str) -> Iterator[LeftAlone]:
    """Rows that the change made and a person changed since stay; what the program noted on them does not count."""
    found = db.rows(
        "SELECT k.row_id, max(k.change_id) FROM temp.undo_made m CROSS JOIN journal k "
        "ON k.table_name = ?1 AND k.row_id BETWEEN m.low AND m.high AND k.change_id > ?2 "
        f"JOIN changes c ON c.id = k.change_id JOIN main.{table} t ON t.id = k.row_id WHERE m.table_name = ?1 "
        f"AND {_STANDS} AND c.staff_id IS NOT ?4 GROUP BY 1",
        (table, change_id, own, PROGRAM),
    )
    db.executemany("INSERT INTO temp.undo_kept VALUES (?, ?)", [(table, row_id) for row_id, _change in found])
    return (LeftAlone(table, row_id, "changed", change_id=later) for row_id, later in found)


_STANDS = (
    "c.undone_by IS NULL AND coalesce(c.undo_of, 0) <= ?2 AND c.id NOT IN (SELECT value FROM json_each(?3))"
)
"""SQL: a later change `c` that still has its effect; one that takes back another later one has none of its own."""


def _settle(db: Database, table: str, row_ids: list[int], change_id: int, own: str) -> list[LeftAlone]:
    """Decide column by column for rows with later entries; what can come back goes into the plan as its image."""
    chunk = json.dumps(row_ids)
    entries = db.rows(
        f"SELECT k.row_id, k.change_id, k.before, {_STANDS} FROM journal k JOIN changes c ON c.id = k.change_id "
        "WHERE k.table_name = ?1 AND k.row_id IN (SELECT value FROM json_each(?4)) AND k.change_id >= ?2 "
        "AND k.operation <> 'R' ORDER BY k.row_id, k.id",
        (table, change_id, own, chunk),
    )
    present = images(db, table, row_ids)
    histories: dict[int, list[tuple[int, Image | None, bool]]] = {}
    for row_id, later, before, stands in entries:
        histories.setdefault(row_id, []).append((later, json.loads(before) if before else None, bool(stands)))
    left, kept_images = [], []
    for row_id, history in histories.items():
        image, blamed = _what_returns(history, present.get(row_id), change_id)
        left += [LeftAlone(table, row_id, why, column, later) for why, column, later in blamed]
        kept_images.append((None if image is None else json.dumps(image), table, row_id))
    db.executemany(
        "UPDATE temp.undo_rows SET image = coalesce(?, 'null') WHERE table_name = ? AND row_id = ?",
        kept_images,
    )
    db.execute("DELETE FROM temp.undo_rows WHERE image = 'null'")
    return left


def _what_returns(
    history: list[tuple[int, Image | None, bool]], present: Image | None, change_id: int
) -> tuple[Image | None, list[tuple[Why, str, int | None]]]:
    """Of one row: the columns to write back, and (why, column, later change) of those that stay.

    Args:
        history: (change, the row before it, whether that change stands), from the change itself on, in order.
        present: the row now, None where it is not there.
    """
    own = sum(1 for later, _before, _stands in history if later == change_id)
    states = [before for _later, before, _stands in history] + [present]
    before, after = states[0], states[own]
    assert before is not None
    if after is None:  # the change removed the row
        return (before, []) if present is None else (None, [])
    if present is None:
        return None, [("deleted", "", history[-1][0])]
    wanted: Image = {}
    blamed: list[tuple[Why, str, int | None]] = []
    for column, value in before.items():
        if after[column] == value or present[column] == value:
            continue
        since = [
            later
            for place, (later, was, stands) in enumerate(history)
            if place >= own and stands and _differ(was, states[place + 1], column)
        ]
        if since or present[column] != after[column]:
            blamed.append(("changed", column, since[-1] if since else None))
        else:
            wanted[column] = value
    return wanted or None, blamed


def _keep_hidden(db: Database) -> list[LeftAlone]:
    """Columns that are hidden from whoever takes it back stay in rows that stay; rows that return are whole."""
    left: list[LeftAlone] = []
    for table in TABLES if db.hidden else ():
        for column in sorted(db.hidden.intersection(columns(db, table))):
            image = "coalesce(r.image, (SELECT before FROM journal WHERE id = r.first_id))"
            left += [
                LeftAlone(table, row_id, "hidden", column)
                for (row_id,) in db.rows(
                    f"SELECT t.id FROM temp.undo_rows r JOIN main.{table} t ON t.id = r.row_id WHERE r.table_name = ?1 "
                    f"AND NOT r.gone AND json_type({image}, ?2) IS NOT NULL "
                    f"AND json_extract({image}, ?2) IS NOT t.{column} ORDER BY t.id",
                    (table, f"$.{column}"),
                )
            ]
            db.execute(
                f"UPDATE temp.undo_rows AS r SET image = json_remove({image}, ?2) WHERE table_name = ?1 AND NOT gone",
                (table, f"$.{column}"),
            )
    return left


def _differ(one: Image | None, other: Image | None, column: str) -> bool:
    return (one or {}).get(column) != (other or {}).get(column)


def images(db: Database, table: str, row_ids: Iterable[int]) -> dict[int, Image]:
    """The present rows with these ids, as the journal writes them."""
    names = columns(db, table)
    pairs = ", ".join(f"'{name}', {name}" for name in names)
    return {
        row_id: json.loads(image)
        for row_id, image in db.rows(
            f"SELECT id, json_object({pairs}) FROM {table} WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(row_ids)),),
        )
    }


# ---------------------------------------------------------------- what others need


def _keep_needed(db: Database, references: list[Reference]) -> list[LeftAlone]:
    """Made rows that a row which stays refers to stay as well, and so do their parts; until nothing more is found."""
    left: list[LeftAlone] = []
    made = {table for (table,) in db.rows("SELECT DISTINCT table_name FROM temp.undo_made")}
    while True:
        _keep_parts(db)
        found = [each for reference in references if reference.parent in made
                 for each in _needed(db, reference)]  # fmt: skip
        db.executemany(
            "INSERT OR IGNORE INTO temp.undo_kept VALUES (?, ?)",
            [(each.table, each.row_id) for each in found],
        )
        left += {(each.table, each.row_id): each for each in reversed(found)}.values()
        if not found:
            return left


_PARTS = (
    ("customers", "phones", "x.customer_id = k.row_id"),
    ("customers", "customer_tags", "x.customer_id = k.row_id"),
    ("customers", "custom_values", "x.customer_id = k.row_id"),
    ("customers", "customer_tiers", "x.id = k.row_id"),
    ("customers", "tier_history", "x.customer_id = k.row_id"),
    ("customers", "consents", "x.customer_id = k.row_id"),
    ("customers", "notes", "x.customer_id = k.row_id"),
    ("customers", "opening_summaries", "x.customer_id = k.row_id"),
    ("customers", "point_entries", "x.customer_id = k.row_id"),
    ("customers", "balance_entries", "x.customer_id = k.row_id AND x.purchase_id IS NULL"),
    ("purchases", "purchase_lines", "x.purchase_id = k.row_id"),
    ("purchases", "payments", "x.purchase_id = k.row_id"),
    ("purchases", "balance_entries", "x.purchase_id = k.row_id"),
    ("purchases", "customer_tiers", "x.id = (SELECT customer_id FROM purchases WHERE id = k.row_id)"),
    ("purchase_lines", "devices", "x.purchase_line_id = k.row_id"),
    ("complaints", "complaint_steps", "x.complaint_id = k.row_id"),
)
"""Parent, child, how they belong together: rows without which the parent is not what it was; parents first."""
_WHOLE = ("purchases", "complaints")
"""What is a step of its own with all that it set off (tiers, follow-ups, devices traded in): it stays whole."""


def _keep_parts(db: Database) -> None:
    for parent, child, belongs in _PARTS:
        db.execute(
            f"INSERT OR IGNORE INTO temp.undo_kept SELECT ?2, x.id FROM temp.undo_kept k CROSS JOIN main.{child} x "
            f"ON {belongs} WHERE k.table_name = ?1 AND {_is_made('?2', 'x.id')}",
            (parent, child),
        )
        db.execute(  # what became part of it without being made for it, as a phone that was known before its sale
            "DELETE FROM temp.undo_rows WHERE table_name = ?2 AND row_id IN (SELECT x.id FROM temp.undo_kept k "
            f"CROSS JOIN main.{child} x ON {belongs} WHERE k.table_name = ?1)",
            (parent, child),
        )


def _keep_whole(db: Database, change_id: int) -> None:
    """Where the sale or the case stays that was the step, all of the step stays; an import has many of them."""
    is_large = db.value("SELECT 1 FROM journal WHERE change_id = ? AND operation = 'R' LIMIT 1", (change_id,))
    stays = db.value(
        "SELECT 1 FROM temp.undo_kept WHERE table_name IN (SELECT value FROM json_each(?)) LIMIT 1",
        (json.dumps(_WHOLE),),
    )
    if stays and not is_large:
        db.execute("DELETE FROM temp.undo_made")
        db.execute("DELETE FROM temp.undo_rows")


def _needed(db: Database, reference: Reference) -> Iterator[LeftAlone]:
    table, column, parent = reference.table, reference.column, reference.parent
    image = "coalesce(r.image, (SELECT before FROM journal WHERE id = r.first_id))"
    rows = db.rows(
        f"SELECT x.{column}, min(x.id) FROM temp.undo_made p CROSS JOIN main.{table} x "
        f"ON x.{column} BETWEEN p.low AND p.high WHERE p.table_name = ?1 "
        f"AND (NOT {_is_made('?2', 'x.id')} OR EXISTS "
        "(SELECT 1 FROM temp.undo_kept k WHERE k.table_name = ?2 AND k.row_id = x.id)) "
        f"AND NOT EXISTS (SELECT 1 FROM temp.undo_rows r WHERE r.table_name = ?2 AND r.row_id = x.id "
        f"AND json_type({image}, ?3) IS NOT NULL AND json_extract({image}, ?3) IS NOT x.{column}) "
        f"AND NOT EXISTS (SELECT 1 FROM temp.undo_kept k WHERE k.table_name = ?1 AND k.row_id = x.{column}) "
        "GROUP BY 1",
        (parent, table, f"$.{column}"),
    )
    return (LeftAlone(parent, row_id, "needed", needed_by=(table, by)) for row_id, by in rows)
