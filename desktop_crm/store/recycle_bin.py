"""Queries on deleted cards and what hangs on them."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_crm.store.rows import Database

_DELETED = "c.deleted_at IS NOT NULL AND c.merged_into IS NULL"
_MATCHES = """(?1 = '' OR instr(lower(c.name), lower(?1))
  OR EXISTS (SELECT 1 FROM phones h WHERE h.customer_id = c.id AND instr(h.number, ?1)))"""


@dataclass(frozen=True)
class DeletedCard:
    """One card in the bin and what would come back with it.

    Attributes:
        phone: the primary number, '' if none. deleted_at: instant.
        deleted_by: name of who deleted it, '' where that is no longer known.
        purchases / net_fen: sales that stand, and their sum before refunds. devices / followups / complaints: how many;
            followups only open ones.
    """

    id: int
    name: str
    phone: str
    card_no: str
    deleted_at: str
    deleted_by: str
    purchases: int
    net_fen: int
    devices: int
    followups: int
    complaints: int


def count(db: Database, text: str) -> int:
    """How many deleted cards have `text` in their name or number ('' all)."""
    return int(db.value(f"SELECT count(*) FROM customers c WHERE {_DELETED} AND {_MATCHES}", (text,)))


def listing(db: Database, text: str, offset: int, limit: int) -> list[DeletedCard]:
    """Deleted cards that have `text` in their name or number, latest deleted first."""
    return db.records(
        DeletedCard,
        f"""SELECT c.id, c.name, c.card_no, c.deleted_at,
             coalesce((SELECT number FROM phones WHERE customer_id = c.id ORDER BY position LIMIT 1), '') AS phone,
             coalesce((SELECT s.name FROM journal j JOIN changes g ON g.id = j.change_id JOIN staff s ON s.id = g.staff_id
               WHERE j.table_name = 'customers' AND j.row_id = c.id AND j.operation = 'U'
               ORDER BY j.id DESC LIMIT 1), '') AS deleted_by,
             (SELECT count(*) FROM purchases p WHERE p.customer_id = c.id AND p.void_day IS NULL) AS purchases,
             coalesce((SELECT sum(p.total_fen) FROM purchases p WHERE p.customer_id = c.id AND p.void_day IS NULL), 0)
               AS net_fen,
             (SELECT count(*) FROM devices d WHERE d.customer_id = c.id) AS devices,
             (SELECT count(*) FROM followups f WHERE f.customer_id = c.id AND f.state = 'open') AS followups,
             (SELECT count(*) FROM complaints k WHERE k.customer_id = c.id) AS complaints
           FROM customers c WHERE {_DELETED} AND {_MATCHES} ORDER BY c.deleted_at DESC, c.id DESC LIMIT ?2 OFFSET ?3""",
        (text, limit, offset),
    )
