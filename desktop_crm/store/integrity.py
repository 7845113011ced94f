"""What can be wrong inside a shop file, asked with one query each; words and mends are in integrity.py."""

from __future__ import annotations

from desktop_crm.store import migrations
from desktop_crm.store.rows import Database


def bad_pages(db: Database) -> int:
    """Pages whose checksum is wrong (SQLCipher's own check)."""
    return len(db.rows("PRAGMA cipher_integrity_check"))


def broken_structure(db: Database) -> int:
    """Findings of SQLite's integrity check, 0 when all is well."""
    # SQLite 3.53.4: this check trusts what the connection last read of the search index, and takes what others have
    # merged since for damage. A question to the index makes it look again.
    db.rows("SELECT rowid FROM search_index LIMIT 1")
    found = [text for (text,) in db.rows("PRAGMA integrity_check")]
    return 0 if found == ["ok"] else len(found)


def dangling_references(db: Database) -> int:
    """Rows that refer to rows that are not there."""
    return len(db.rows("PRAGMA foreign_key_check"))


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


def wrong_totals(db: Database) -> int:
    """Sales whose total is not the sum of their lines."""
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
