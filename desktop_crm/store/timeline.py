"""What happened with one customer, as places in one order; a page of it at a time. Words: timeline.py."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, TypeVar

from desktop_crm.store.rows import Database, Record

T = TypeVar("T", bound=Record)


@dataclass(frozen=True)
class Place:
    """One thing that happened.

    Attributes:
        day: shop day. at: instant, '' for the beginning of the card.
        grp: the filter it belongs to. kind: what it is ("sale", "refund", "contact" …). id: key in its table.
    """

    day: str
    at: str
    grp: str
    kind: str
    id: int


_PARTS = {
    "purchases": (
        "SELECT day, at, 'purchases', 'sale', id FROM purchases WHERE customer_id = :who",
        "SELECT r.day, r.at, 'purchases', 'refund', r.id FROM refunds r JOIN purchases p ON p.id = r.purchase_id "
        "WHERE p.customer_id = :who",
        "SELECT day, at, 'purchases', 'account', id FROM balance_entries WHERE customer_id = :who "
        "AND kind IN ('payment', 'opening', 'correction')",
    ),
    "contacts": (
        "SELECT day, at, 'contacts', 'contact', id FROM interactions WHERE customer_id = :who "
        "AND complaint_id IS NULL AND followup_id IS NULL",
    ),
    "complaints": (
        "SELECT received_day, received_at, 'complaints', 'complaint', id FROM complaints WHERE customer_id = :who",
    ),
    "followups": (
        "SELECT day, at, 'followups', 'contact', id FROM interactions WHERE customer_id = :who "
        "AND complaint_id IS NULL AND followup_id IS NOT NULL",
        "SELECT done_day, done_at, 'followups', 'followup', id FROM followups f WHERE customer_id = :who "
        "AND state = 'done' AND NOT EXISTS (SELECT 1 FROM interactions i WHERE i.followup_id = f.id)",
    ),
    "surveys": ("SELECT day, at, 'surveys', 'survey', id FROM survey_answers WHERE customer_id = :who",),
    "notes": ("SELECT day, at, 'notes', 'note', id FROM notes WHERE customer_id = :who",),
    "tiers": (
        "SELECT day, at, 'tiers', 'tier', id FROM tier_history WHERE customer_id = :who "
        "AND (from_tier <> '' OR to_tier <> 'prospect')",
    ),
    "merges": (
        "SELECT day, at, 'merges', 'merge', id FROM merges WHERE customer_id = :who OR merged_id = :who",
    ),
    "card": (
        "SELECT since_day, '', 'card', 'card', id FROM customers WHERE id = :who AND since_day IS NOT NULL",
    ),
}
"""By group: queries of the same five columns."""

_NONE = "SELECT '' AS day, '' AS at, '' AS grp, '' AS kind, 0 AS id WHERE 0"
"""Names the columns."""


def counts(db: Database, customer_id: int) -> dict[str, int]:
    """How many things happened, by group; groups without any are left out."""
    every = " UNION ALL ".join(part for parts in _PARTS.values() for part in parts)
    return dict(
        db.rows(f"SELECT grp, count(*) FROM ({_NONE} UNION ALL {every}) GROUP BY grp", {"who": customer_id})
    )


def page(db: Database, customer_id: int, group: str, offset: int, limit: int) -> list[Place]:
    """Things that happened, latest first and the beginning of the card last; `group` "all" for everything."""
    parts = _PARTS[group] if group != "all" else [part for each in _PARTS.values() for part in each]
    # Each part gives no more than can be on the page, by its own index: a long past is not sorted as a whole.
    most = "ORDER BY 1 DESC, 2 DESC, 5 DESC LIMIT iif(:limit < 0, -1, :offset + :limit)"
    sql = " UNION ALL ".join([_NONE, *(f"SELECT * FROM ({part} {most})" for part in parts)])
    return db.records(
        Place,
        f"SELECT * FROM ({sql}) ORDER BY grp = 'card', day DESC, at DESC, grp = 'tiers', kind DESC, id DESC "
        "LIMIT :limit OFFSET :offset",
        {"who": customer_id, "limit": limit, "offset": offset},
    )


def some(db: Database, kind: type[T], ids: Collection[int]) -> dict[int, T]:
    """The records with these keys, by key."""
    sql = f"SELECT * FROM {kind.TABLE} WHERE id IN (SELECT value FROM json_each(?))"
    return {each.id: each for each in db.records(kind, sql, (json.dumps(sorted(ids)),))} if ids else {}


def case_notes(db: Database, complaint_ids: Collection[int]) -> dict[int, str]:
    """The latest words of each of these cases, by case."""
    found: list[tuple[Any, ...]] = db.rows(  # whatever SQLite gives: an id and a text
        "SELECT complaint_id, note FROM complaint_steps WHERE note <> '' "
        "AND complaint_id IN (SELECT value FROM json_each(?)) ORDER BY at, id",
        (json.dumps(sorted(complaint_ids)),),
    )
    return dict(found)


def names(db: Database, customer_ids: Collection[int]) -> dict[int, str]:
    """Names of cards, deleted ones too, by id."""
    return dict(
        db.rows(
            "SELECT id, name FROM customers WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(customer_ids)),),
        )
    )
