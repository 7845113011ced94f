"""Writing what staged rows bring along in bulk: opening summaries, points, balances, and sales that were left unpaid.

Runs inside the change of an import, with the staged tables attached; what is written when is importing/brought.py's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desktop_crm.store.rows import Database


@dataclass(frozen=True)
class Moment:
    """Under which import, when and by whom entries are made."""

    import_id: int
    at: str
    day: str
    staff_id: int | None


def add_openings(db: Database, moment: Moment) -> None:
    """Write the summaries of the new cards; totals and counts of nothing are none."""
    db.execute(
        "INSERT INTO opening_summaries (customer_id, day, total_fen, purchases, last_day, created_at, import_id) "
        "SELECT q.id, ?1, nullif(s.opening_total, 0), nullif(s.opening_count, 0), nullif(s.opening_last, ''), ?2, ?3 "
        "FROM people q CROSS JOIN stage s ON s.n = q.n "
        "WHERE coalesce(nullif(s.opening_total, 0), nullif(s.opening_count, 0), nullif(s.opening_last, '')) IS NOT NULL "
        "ORDER BY q.rowid",
        (moment.day, moment.at, moment.import_id),
    )


def add_points(db: Database, moment: Moment) -> None:
    """Write the points of the new cards."""
    db.execute(
        "INSERT INTO point_entries (customer_id, at, day, points, kind, note, staff_id, import_id) "
        "SELECT q.id, ?1, ?2, s.points, 'opening', '', ?3, ?4 FROM people q CROSS JOIN stage s ON s.n = q.n "
        "WHERE s.points <> 0 ORDER BY q.rowid",
        (moment.at, moment.day, moment.staff_id, moment.import_id),
    )


def add_balances(db: Database, moment: Moment) -> None:
    """Write what the new cards owe, or have paid in advance."""
    db.execute(
        "INSERT INTO balance_entries (customer_id, at, day, amount_fen, kind, method, note, staff_id, import_id) "
        "SELECT q.id, ?1, ?2, s.due, 'opening', '', '', ?3, ?4 FROM people q CROSS JOIN stage s ON s.n = q.n "
        "WHERE s.due <> 0 ORDER BY q.rowid",
        (moment.at, moment.day, moment.staff_id, moment.import_id),
    )


def correct_points(db: Database, moment: Moment, wanted: Iterable[tuple[int, int]]) -> None:
    """Book what is missing up to so many points: (customer_id, points)."""
    db.executemany(
        "INSERT INTO point_entries (customer_id, at, day, points, kind, note, staff_id, import_id) "
        "SELECT ?1, ?3, ?4, ?2 - coalesce(sum(points), 0), iif(count(*) = 0, 'opening', 'correction'), '', ?5, ?6 "
        "FROM point_entries WHERE customer_id = ?1 HAVING ?2 <> coalesce(sum(points), 0)",
        ((*each, moment.at, moment.day, moment.staff_id, moment.import_id) for each in wanted),
    )


def correct_balances(db: Database, moment: Moment, wanted: Iterable[tuple[int, int]]) -> None:
    """Book what is missing up to a balance: (customer_id, fen that they owe)."""
    db.executemany(
        "INSERT INTO balance_entries (customer_id, at, day, amount_fen, kind, method, note, staff_id, import_id) "
        "SELECT ?1, ?3, ?4, ?2 - coalesce(sum(amount_fen), 0), iif(count(*) = 0, 'opening', 'correction'), '', '', ?5, ?6 "
        "FROM balance_entries WHERE customer_id = ?1 HAVING ?2 <> coalesce(sum(amount_fen), 0)",
        ((*each, moment.at, moment.day, moment.staff_id, moment.import_id) for each in wanted),
    )


_COVERED = (
    "EXISTS (SELECT 1 FROM balance_entries o WHERE o.customer_id = b.customer_id AND o.day >= b.day "
    "AND ((o.kind = 'opening' AND o.import_id IS NULL) "
    "OR (o.kind IN ('opening', 'correction') AND o.import_id IS NOT NULL AND o.note = '')))"
)
"""Whether a balance that was brought along holds the entry b already."""


def owe_sales(db: Database, import_id: int) -> None:
    """Write into the ledger what sales of this import left on account."""
    db.execute(
        "INSERT INTO balance_entries (customer_id, at, day, amount_fen, kind, purchase_id, method, note, staff_id, import_id) "
        "SELECT p.customer_id, p.at, p.day, y.amount_fen, 'sale', p.id, '', '', p.staff_id, p.import_id FROM payments y "
        "JOIN purchases p ON p.id = y.purchase_id WHERE y.method = 'account' AND p.import_id = ? AND y.amount_fen <> 0 "
        "ORDER BY p.id",
        (import_id,),
    )


def strike_refunds(db: Database, import_id: int) -> None:
    """Strike off what was owed of sales that this import refunds on account; beyond that the money was given back."""
    rows = db.rows(
        "SELECT r.id, r.purchase_id, p.customer_id, r.at, r.day, r.amount_fen, r.staff_id FROM refunds r "
        "JOIN purchases p ON p.id = r.purchase_id WHERE r.import_id = ? AND r.method = 'account' ORDER BY r.id",
        (import_id,),
    )
    for refund_id, purchase_id, customer_id, at, day, fen, staff_id in rows:
        owed = db.value(
            "SELECT coalesce(sum(amount_fen), 0) FROM balance_entries WHERE purchase_id = ?", (purchase_id,)
        )
        if owed < fen:
            db.execute("UPDATE refunds SET method = 'other' WHERE id = ?", (refund_id,))
            continue
        db.execute(
            "INSERT INTO balance_entries (customer_id, at, day, amount_fen, kind, purchase_id, method, note, staff_id, "
            "import_id) VALUES (?, ?, ?, ?, 'refund', ?, '', '', ?, ?)",
            (customer_id, at, day, -fen, purchase_id, staff_id, import_id),
        )


def leave_out_covered(db: Database, moment: Moment, note: str) -> None:
    """Take out of balances that were brought along what now stands there as sales, so that nothing is owed twice.

    The note, which no other imported entry has, tells these entries from balances.
    """
    db.execute(
        "INSERT INTO balance_entries (customer_id, at, day, amount_fen, kind, method, note, staff_id, import_id) "
        "SELECT b.customer_id, ?1, b.day, -sum(b.amount_fen), 'opening', '', ?2, ?3, ?4 FROM balance_entries b "
        f"WHERE b.import_id = ?4 AND b.kind IN ('sale', 'refund') AND {_COVERED} GROUP BY b.customer_id, b.day "
        "HAVING sum(b.amount_fen) <> 0 ORDER BY min(b.id)",
        (moment.at, note, moment.staff_id, moment.import_id),
    )


def take_back_uncovered(db: Database) -> None:
    """Where the open change took balances away that had been brought along, what sales took out of them goes as well."""
    db.execute(
        "DELETE FROM balance_entries WHERE id IN (SELECT b.id FROM (SELECT DISTINCT json_extract(before, '$.customer_id') AS id "
        "FROM journal WHERE change_id = (SELECT change_id FROM journal_state) AND table_name = 'balance_entries' "
        "AND operation = 'D' AND json_extract(before, '$.kind') IN ('opening', 'correction')) c "
        "CROSS JOIN balance_entries b ON b.customer_id = c.id "
        f"WHERE b.kind = 'opening' AND b.import_id IS NOT NULL AND b.note <> '' AND NOT {_COVERED})"
    )
