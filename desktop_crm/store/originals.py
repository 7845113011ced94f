"""The SQL behind what stood in imported cells; which cells have an original is importing/originals.py's."""

from __future__ import annotations

from desktop_crm.store.rows import Database
from desktop_crm.store.staging import Rows

_FOUND = (
    "SELECT o.import_id, o.row, o.customer_id, coalesce(c.name, ''), o.cells, i.file_name, i.sheet, i.at, "
    "i.cost_titles "
    "FROM import_originals o JOIN imports i ON i.id = o.import_id LEFT JOIN customers c ON c.id = o.customer_id "
)


def of_import(db: Database, import_id: int, limit: int, offset: int) -> Rows:
    """(import_id, row, customer_id, name, cells as JSON, file, sheet, at, cost titles as JSON) in the order of the sheet."""
    return db.rows(
        f"{_FOUND} WHERE o.import_id = ? ORDER BY o.row, o.id LIMIT ? OFFSET ?", (import_id, limit, offset)
    )


def count(db: Database, import_id: int) -> int:
    """How many rows of an import have originals."""
    found: int = db.value("SELECT count(*) FROM import_originals WHERE import_id = ?", (import_id,))
    return found


def of_customer(db: Database, customer_id: int) -> Rows:
    """The same of one customer, the newest import first."""
    return db.rows(f"{_FOUND} WHERE o.customer_id = ? ORDER BY o.import_id DESC, o.row, o.id", (customer_id,))


def add(db: Database, import_id: int) -> None:
    """Keep what stood in the cells of the rows that are written."""
    db.execute(
        "INSERT INTO import_originals (import_id, row, customer_id, cells) SELECT ?, s.row, "
        "coalesce(s.customer_id, (SELECT q.id FROM people q WHERE q.who = coalesce(s.leader, s.n))), s.originals FROM stage s "
        "WHERE s.originals <> '' AND s.verdict IN ('new', 'update') ORDER BY s.n",
        (import_id,),
    )
