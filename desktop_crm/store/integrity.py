"""What can be wrong inside a shop file, asked with one query each; words and mends are in integrity.py."""

from __future__ import annotations

from desktop_crm.store import migrations
from desktop_crm.store.rows import Database

LARGE_PAGES = 65_536
"""A file of more pages (256 MB) takes minutes to be looked through row by row and index by index."""


def is_large(db: Database) -> bool:
    """Whether looking at everything would take minutes."""
    return int(db.value("PRAGMA page_count")) > LARGE_PAGES


def bad_pages(db: Database) -> int:
    """Pages whose checksum is wrong (SQLCipher's own check).

    It reads the file itself, not the write-ahead log: what a checkpoint is writing at this moment seems to be damaged.
    """
    return len(db.rows("PRAGMA cipher_integrity_check"))


def trouble(db: Database) -> list[str]:
    """Everything that SQLite finds wrong with the file, in its own words."""
    _look_at_search(db)
    return _words(db.rows("PRAGMA integrity_check"))


def trouble_of_tables(db: Database) -> list[str]:
    """As `trouble`, table by table and without comparing what indexes hold, which takes a third of the time."""
    _look_at_search(db)
    tables = db.rows(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'search_index_*' ORDER BY 1"
    )
    return [text for (table,) in tables for text in _words(db.rows(f"PRAGMA quick_check('{table}')"))]


def _look_at_search(db: Database) -> None:
    # SQLite 3.53.4: the check trusts what the connection last read of the search index, and takes what others have
    # merged since for damage. A question to the index makes it look again.
    db.rows("SELECT rowid FROM search_index LIMIT 1")


def _words(rows: list[tuple[str]]) -> list[str]:
    return [text for (text,) in rows if text != "ok"]


def is_about_index(text: str) -> bool:
    """Whether it is an index that differs from its table: making the index anew mends that."""
    return " index " in text and ("missing from" in text or "wrong #" in text)


def short_indexes(db: Database) -> int:
    """Indexes that hold more or fewer rows than their table; those of some rows only are left out."""
    found = db.rows(
        "SELECT t.name, i.name FROM sqlite_master t, pragma_index_list(t.name) i "
        "WHERE t.type = 'table' AND NOT i.partial AND t.name NOT GLOB 'search_index*' AND t.sql NOT GLOB '*WITHOUT ROWID*'"
    )
    return sum(
        db.value(
            f"SELECT (SELECT count(*) FROM {table} INDEXED BY {index}) <> (SELECT count(*) FROM {table} NOT INDEXED)"
        )
        for table, index in found
    )


def make_indexes_anew(db: Database) -> None:
    """Write all indexes anew from their tables."""
    db.execute("REINDEX")


def dangling_references(db: Database) -> int:
    """Rows that refer to rows that are not there.

    SQLite's own check reads every row; the column's index is enough, and takes a third of the time.
    """
    keys = db.rows(
        'SELECT t.name, f."from", f."table" FROM sqlite_master t, pragma_foreign_key_list(t.name) f WHERE t.type = \'table\''
    )
    return sum(
        db.value(
            f"SELECT count(*) FROM {table} WHERE {column} IS NOT NULL AND {column} NOT IN (SELECT id FROM {parent})"
        )
        for table, column, parent in keys
    )


def open_steps(db: Database) -> int:
    """Steps that were left open: the journal would take what is written next for a part of them."""
    return int(
        db.value(
            "SELECT (SELECT count(*) FROM journal_state WHERE change_id IS NOT NULL) + (SELECT count(*) FROM journal_runs)"
        )
    )


def end_open_steps(db: Database) -> None:
    """End what was left open."""
    db.execute("UPDATE journal_state SET change_id = NULL")
    db.execute("DELETE FROM journal_runs")


def missing_parts(db: Database) -> int:
    """Triggers and indexes that this version expects and the file lacks."""
    return len(migrations.expected_parts() - migrations.present_parts(db))


def unindexed_customers(db: Database) -> int:
    """Living customers that the search index lacks, dead ones that it still holds, and those waiting for it."""
    return int(
        db.value(
            "SELECT (SELECT count(*) FROM customers c WHERE c.deleted_at IS NULL AND c.merged_into IS NULL "
            "AND NOT EXISTS (SELECT 1 FROM search_index_docsize d WHERE d.id = c.id)) "
            "+ (SELECT count(*) FROM search_index_docsize d LEFT JOIN customers c ON c.id = d.id "
            "WHERE c.id IS NULL OR c.deleted_at IS NOT NULL OR c.merged_into IS NOT NULL) "
            "+ (SELECT count(*) FROM search_dirty)"
        )
    )


def on_merged_cards(db: Database) -> int:
    """Numbers, sales and entries of accounts of a card that went into another, where nobody sees them."""
    tables = ("phones", "purchases", "balance_entries", "point_entries", "opening_summaries")
    counts = (
        f"(SELECT count(*) FROM {table} WHERE customer_id IN "
        "(SELECT id FROM customers WHERE merged_into IS NOT NULL))"
        for table in tables
    )
    return int(db.value(f"SELECT {' + '.join(counts)}"))


_PRIME = 1_000_000_007
_MARKED = f"(({{amount}} * ({{sale}} * 48271 % 65521)) % {_PRIME})"


def wrong_totals(db: Database) -> int:
    """Sales whose total is not the sum of their lines.

    First both sides are summed up, each amount times a number of its sale's own: equal sums in a prime field mean, but for
    one in a thousand million, that every sale is right. That takes a tenth of the time of looking at each.
    """
    totals = _MARKED.format(amount="total_fen", sale="id")
    lines = _MARKED.format(amount="amount_fen", sale="purchase_id")
    differ = db.value(
        f"SELECT (coalesce((SELECT sum({totals}) FROM purchases), 0) "
        f"- coalesce((SELECT sum({lines}) FROM purchase_lines), 0)) % {_PRIME}"
    )
    return _wrong_totals(db) if differ else 0


def _wrong_totals(db: Database) -> int:
    return int(
        db.value(
            "SELECT count(*) FROM purchases p WHERE p.total_fen <> "
            "(SELECT coalesce(sum(amount_fen), 0) FROM purchase_lines l WHERE l.purchase_id = p.id)"
        )
    )


def overpaid_refunds(db: Database) -> int:
    """Sales of which more was refunded than was paid."""
    return int(
        db.value(
            "SELECT count(*) FROM (SELECT purchase_id, sum(amount_fen) AS given FROM refunds GROUP BY purchase_id) r "
            "JOIN purchases p ON p.id = r.purchase_id WHERE r.given > p.total_fen"
        )
    )


def wrong_accounts(db: Database) -> int:
    """Sales whose part on account is not what the ledger has, or whose entries are in somebody else's account."""
    return int(
        db.value(
            "SELECT count(*) FROM purchases p WHERE p.id IN (SELECT purchase_id FROM payments WHERE method = 'account' "
            "UNION SELECT purchase_id FROM balance_entries) AND ("
            "(SELECT coalesce(sum(amount_fen), 0) FROM payments WHERE purchase_id = p.id AND method = 'account') <> "
            "(SELECT coalesce(sum(amount_fen), 0) FROM balance_entries WHERE purchase_id = p.id AND kind = 'sale') "
            "OR EXISTS (SELECT 1 FROM balance_entries b WHERE b.purchase_id = p.id "
            "AND b.customer_id IS NOT p.customer_id))"
        )
    )


def wrong_points(db: Database) -> int:
    """Entries of points about a sale of somebody else. What a customer has is nowhere kept but in their entries."""
    return int(
        db.value(
            "SELECT count(*) FROM point_entries e JOIN purchases p ON p.id = e.purchase_id "
            "WHERE p.customer_id IS NOT e.customer_id"
        )
    )


def untiered_customers(db: Database) -> int:
    """Living customers who bought and have no tier; a card without sales waits for the next run."""
    return int(
        db.value(
            "SELECT count(*) FROM customers c WHERE c.deleted_at IS NULL AND c.merged_into IS NULL "
            "AND NOT EXISTS (SELECT 1 FROM customer_tiers t WHERE t.id = c.id) "
            "AND EXISTS (SELECT 1 FROM purchases p WHERE p.customer_id = c.id AND p.void_day IS NULL)"
        )
    )


def stale_case_states(db: Database) -> int:
    """Cases whose kept state is not that of their latest step."""
    return int(
        db.value(
            "SELECT count(*) FROM complaints c WHERE c.state <> coalesce((SELECT CASE s.kind "
            "WHEN 'reopened' THEN 'investigating' WHEN 'responded' THEN 'received' ELSE s.kind END "
            "FROM complaint_steps s WHERE s.complaint_id = c.id AND s.kind NOT IN ('note', 'responded') "
            "ORDER BY s.at DESC, s.id DESC LIMIT 1), c.state)"
        )
    )
