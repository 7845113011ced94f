"""Writing staged sales, refunds and contacts into the shop in bulk; customers and batches are imports.py's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from desktop_crm.store.ids import last_id
from desktop_crm.store.rows import Database
from desktop_crm.store.staging import Rows
from desktop_crm.store.verdicts import CONTACT_KNOWN, PLAN_KNOWN


def moments(db: Database, days: str = "day") -> list[tuple[str, str]]:
    """The different (day, time of day) of rows to be written."""
    return db.rows(f"SELECT DISTINCT {days}, clock FROM stage WHERE verdict = 'new' AND {days} <> ''")


def set_moments(db: Database, rows: Iterable[tuple[str, str, str]]) -> None:
    """Make the table (day, clock, at) that staged rows are joined with."""
    db.execute("DROP TABLE IF EXISTS st.moments")
    db.execute(
        "CREATE TABLE st.moments (day TEXT, clock TEXT, at TEXT, PRIMARY KEY (day, clock)) WITHOUT ROWID"
    )
    db.executemany("INSERT INTO st.moments VALUES (?, ?, ?)", rows)


def items(db: Database) -> Rows:
    """(item, category, price, cost per piece, a phone's IMEI) of the different items sold, as of their newest sale."""
    return db.rows(
        "SELECT item, max(category), price, cost / max(quantity, 1), max(imei), max(day) FROM stage "
        "WHERE verdict = 'new' AND refund = 0 GROUP BY item ORDER BY item"
    )


def sale_imeis(db: Database) -> list[tuple[str, str]]:
    """(item, IMEI) for each different first eight digits, the newest sale last."""
    return db.rows(
        "SELECT item, imei FROM stage WHERE verdict = 'new' AND refund = 0 AND imei <> '' "
        "GROUP BY item, substr(imei, 1, 8) ORDER BY max(day)"
    )


def set_products(db: Database, rows: Iterable[tuple[str, int, str]]) -> None:
    """Make the table (item, product id, category) that staged rows are joined with."""
    db.execute("DROP TABLE IF EXISTS st.goods")
    db.execute("CREATE TABLE st.goods (item TEXT PRIMARY KEY, id INTEGER, category TEXT) WITHOUT ROWID")
    db.executemany("INSERT INTO st.goods VALUES (?, ?, ?)", rows)


def number_sales(db: Database) -> None:
    """Give ids to sales and lines: rows with one receipt number, day and customer are lines of one sale."""
    sale, line = last_id(db, "purchases"), last_id(db, "purchase_lines")
    db.execute("DROP TABLE IF EXISTS st.sales")
    db.execute("DROP TABLE IF EXISTS st.sale_lines")
    db.execute(
        "CREATE TABLE st.sales AS SELECT min(n) AS n, CASE WHEN number = '' THEN '#' || n ELSE number END AS receipt, day, "
        "coalesce(customer_id, 0) AS customer, sum(amount) AS total, group_concat(nullif(note, ''), char(10)) AS note "
        "FROM stage WHERE verdict = 'new' AND refund = 0 GROUP BY 2, 3, 4 ORDER BY 1"
    )
    db.execute("CREATE UNIQUE INDEX st.sales_key ON sales (receipt, day, customer)")
    db.execute(
        "CREATE TABLE st.sale_lines AS SELECT s.n, ?1 + t.rowid AS sale_id, ?2 + row_number() OVER (ORDER BY s.n) AS line_id, "
        "t.n = s.n AS is_first FROM stage s JOIN sales t "
        "ON t.receipt = CASE WHEN s.number = '' THEN '#' || s.n ELSE s.number END AND t.day = s.day "
        "AND t.customer = coalesce(s.customer_id, 0) WHERE s.verdict = 'new' AND s.refund = 0 ORDER BY s.n",
        (sale, line),
    )
    db.execute("CREATE INDEX st.sale_lines_n ON sale_lines (n)")


_METHOD = (
    "CASE WHEN s.pay = '' OR s.pay LIKE 'account %' OR (s.pay = 'account' AND s.customer_id IS NULL) THEN 'other' "
    "ELSE s.pay END"
)
"""How a row was paid; of one that is owed in part this is the rest."""


def add_sales(db: Database, import_id: int, at: str) -> None:
    """Write sales, their lines and payments; only somebody who is known can have bought on account."""
    db.execute(
        "INSERT INTO purchases (id, at, day, total_fen, customer_id, staff_id, number, note, void_reason, created_at, import_id) "
        "SELECT l.sale_id, m.at, s.day, t.total, s.customer_id, w.id, s.number, coalesce(t.note, ''), '', ?1, ?2 "
        "FROM sale_lines l JOIN stage s ON s.n = l.n JOIN sales t ON t.n = l.n JOIN moments m ON m.day = s.day "
        "AND m.clock = s.clock LEFT JOIN staff_ids w ON w.word = s.clerk WHERE l.is_first ORDER BY l.n",
        (at, import_id),
    )
    db.execute(
        "INSERT INTO purchase_lines (id, purchase_id, description, quantity, unit_price_fen, discount_fen, amount_fen, "
        "product_id, category, cost_fen, imei) SELECT l.line_id, l.sale_id, s.item, s.quantity, s.price, s.discount, "
        "s.amount, g.id, g.category, s.cost, s.imei FROM sale_lines l JOIN stage s ON s.n = l.n "
        "JOIN goods g ON g.item = s.item ORDER BY l.n"
    )
    paid = f"SELECT l.sale_id, {_METHOD} AS method, s.amount FROM sale_lines l JOIN stage s ON s.n = l.n"
    having = ""
    if db.value("SELECT 1 FROM stage WHERE pay LIKE 'account %'"):
        db.execute("DROP TABLE IF EXISTS st.owed")
        db.execute(  # what each line of a receipt says again is owed once
            "CREATE TABLE st.owed AS SELECT l.sale_id, min(sum(DISTINCT substr(s.pay, 9) + 0), sum(s.amount)) AS part "
            "FROM sale_lines l JOIN stage s ON s.n = l.n WHERE s.pay LIKE 'account %' AND s.customer_id IS NOT NULL GROUP BY 1"
        )
        paid += " UNION ALL SELECT sale_id, 'other', -part FROM owed UNION ALL SELECT sale_id, 'account', part FROM owed"
        having = "HAVING sum(amount) <> 0 OR sale_id NOT IN (SELECT sale_id FROM owed)"
    db.execute(
        "INSERT INTO payments (purchase_id, method, amount_fen, note) "
        f"SELECT sale_id, method, sum(amount), '' FROM ({paid}) GROUP BY 1, 2 {having} ORDER BY 1"
    )


def sold_devices(db: Database) -> Rows:
    """(customer_id, model, product_id, imei, line_id, day, the card's own device of that IMEI) of phones in new lines."""
    return db.rows(
        "SELECT s.customer_id, s.item, g.id, s.imei, l.line_id, s.day, (SELECT max(d.id) FROM devices d "
        "WHERE d.customer_id = s.customer_id AND d.imei = s.imei AND s.imei <> '' AND d.purchase_line_id IS NULL) "
        "FROM sale_lines l JOIN stage s ON s.n = l.n JOIN goods g ON g.item = s.item "
        "WHERE s.customer_id IS NOT NULL AND g.category = 'phone' ORDER BY l.n"
    )


def adopt_devices(db: Database, rows: Iterable[tuple[Any, ...]]) -> None:
    """Devices that cards had already are those of new lines: (product_id, line_id, day, warranty_end_day, device_id)."""
    db.executemany(
        "UPDATE devices SET product_id = ?, bought_here = 1, purchase_line_id = ?, acquired_day = ?, warranty_end_day = ? "
        "WHERE id = ?",
        rows,
    )


def add_refunds(db: Database, import_id: int, reason: str) -> list[int]:
    """Write the refunds, each on the line it belongs to; return the lines that are now given back in full."""
    rows = db.rows(
        "SELECT coalesce(l.line_id, s.origin), m.at, s.day, s.amount, CASE WHEN s.note = '' THEN ?1 ELSE s.note END, "
        f"{_METHOD}, w.id, ?2 "
        "FROM stage s LEFT JOIN sale_lines l ON l.n = -s.origin "
        "JOIN moments m ON m.day = s.day AND m.clock = s.clock LEFT JOIN staff_ids w ON w.word = s.clerk "
        "WHERE s.verdict = 'new' AND s.refund = 1 ORDER BY s.n",
        (reason, import_id),
    )
    db.executemany(
        "INSERT INTO refunds (purchase_id, line_id, at, day, amount_fen, reason, method, staff_id, import_id) "
        "SELECT purchase_id, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 FROM purchase_lines WHERE id = ?1",
        rows,
    )
    return [row[0] for row in rows]


def return_devices(db: Database, line_ids: Iterable[int]) -> None:
    """Devices of lines that were refunded in full are given back."""
    db.executemany(
        "UPDATE devices SET status = 'returned', gone_day = (SELECT max(day) FROM refunds WHERE line_id = ?1) "
        "WHERE purchase_line_id = ?1 AND (SELECT l.amount_fen <= "
        "(SELECT sum(r.amount_fen) FROM refunds r WHERE r.line_id = l.id) FROM purchase_lines l WHERE l.id = ?1)",
        ((line_id,) for line_id in line_ids),
    )


def add_followups(db: Database, import_id: int, at: str, reason: str) -> None:
    """Write planned contacts, open or ended."""
    rows = db.rows(
        "SELECT s.customer_id, 'imported', CASE WHEN s.reason = '' THEN ?1 ELSE s.reason END, s.first_due_day, s.due_day, ?2, "
        "s.state, '', w.id, CASE WHEN s.state = 'done' AND s.outcome = '' THEN 'reached' ELSE s.outcome END, s.content, "
        "CASE WHEN s.state = 'done' THEN m.at END, CASE WHEN s.state = 'done' THEN s.done_day END, "
        "CASE WHEN s.state = 'done' THEN w.id END, CASE WHEN s.state = 'cancelled' THEN ?1 ELSE '' END, ?3 "
        "FROM stage s LEFT JOIN staff_ids w ON w.word = s.clerk LEFT JOIN moments m ON m.day = s.done_day AND m.clock = '' "
        f"WHERE s.verdict = 'new' AND s.due_day <> '' AND coalesce(s.origin, 0) <> {PLAN_KNOWN} ORDER BY s.n",
        (reason, at, import_id),
    )
    _insert_followups(db, rows)


def plan_contacts(db: Database, rows: Iterable[tuple[Any, ...]]) -> None:
    """Write open contacts: (customer_id, reason, day, created_at, import_id)."""
    _insert_followups(
        db,
        (
            (
                customer_id,
                "imported",
                reason,
                day,
                day,
                at,
                "open",
                "",
                None,
                "",
                "",
                None,
                None,
                None,
                "",
                import_id,
            )
            for customer_id, reason, day, at, import_id in rows
        ),
    )


def _insert_followups(db: Database, rows: Iterable[tuple[Any, ...]]) -> None:
    db.executemany(
        "INSERT INTO followups (customer_id, rule, reason, first_due_day, due_day, created_at, state, source_kind, staff_id, "
        "outcome, outcome_note, done_at, done_day, done_by, cancel_reason, import_id) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def add_interactions(db: Database, import_id: int) -> None:
    """Write records of contacts that were made."""
    rows = db.rows(
        "SELECT s.customer_id, m.at, s.contact_day, CASE WHEN s.channel = '' THEN 'call' ELSE s.channel END, 'shop', s.content, "
        "s.outcome <> 'no_answer', w.id, ? FROM stage s JOIN moments m ON m.day = s.contact_day AND m.clock = s.clock "
        "LEFT JOIN staff_ids w ON w.word = s.clerk WHERE s.verdict = 'new' AND s.contact_day <> '' "
        f"AND coalesce(s.origin, 0) <> {CONTACT_KNOWN} ORDER BY s.n",
        (import_id,),
    )
    db.executemany(
        "INSERT INTO interactions (customer_id, at, day, channel, began_by, summary, reached, staff_id, import_id) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def complaints(db: Database) -> Rows:
    """(customer_id, day, clock, summary, category, priority, channel, state, answer, closed_day, staff id) to be written."""
    return db.rows(
        "SELECT s.customer_id, s.day, s.clock, s.summary, s.category, s.priority, s.channel, s.state, s.answer, s.closed_day, "
        "w.id FROM stage s LEFT JOIN staff_ids w ON w.word = s.clerk WHERE s.verdict = 'new' ORDER BY s.n"
    )
