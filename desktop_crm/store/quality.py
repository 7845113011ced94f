"""Queries on what cards lack: the state of some cards at a time. What is worth mending is decided in quality.py."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from desktop_crm.records.quality import MendSkip
from desktop_crm.store.rows import Database


@dataclass(frozen=True)
class CardState:
    """What one live card has and lacks.

    Attributes:
        numbers / imeis: joined by spaces, primary and newest first, '' if none.
        owner: somebody looks after them. device: they have one. buys: they bought something.
        net_fen: life-time net sales. due_day: the next open follow-up, or None.
    """

    id: int
    name: str
    numbers: str
    imeis: str
    source: str
    consent: str
    owner: bool
    birthday: str
    since_day: str | None
    verified_day: str | None
    created_at: str
    device: bool
    buys: bool
    tier_rank: int
    net_fen: int
    due_day: str | None


def most_valuable(db: Database, offset: int, limit: int) -> list[int]:
    """Ids of live customers by life-time net sales, the highest first."""
    return [
        row[0]
        for row in db.rows(
            "SELECT id FROM customer_figures ORDER BY net_fen DESC, id DESC LIMIT ? OFFSET ?", (limit, offset)
        )
    ]


def soon_in_touch(db: Database, until_day: str, limit: int) -> list[int]:
    """Ids of live customers with an open follow-up due by that day, the earliest first."""
    return [
        row[0]
        for row in db.rows(
            "SELECT DISTINCT f.customer_id FROM followups f JOIN customer_figures c ON c.id = f.customer_id "
            "WHERE f.state = 'open' AND f.due_day <= ? ORDER BY f.due_day, f.id LIMIT ?",
            (until_day, limit),
        )
    ]


def states(db: Database, customer_ids: Sequence[int], today: str) -> list[CardState]:
    """The state of these live cards, in no order; those put off beyond today are left out."""
    return db.records(
        CardState,
        """SELECT c.id, c.name, coalesce((SELECT group_concat(number, ' ') FROM
               (SELECT number FROM phones WHERE customer_id = c.id ORDER BY position)), '') AS numbers,
             coalesce((SELECT group_concat(imei, ' ') FROM (SELECT imei FROM devices
               WHERE customer_id = c.id AND status = 'in_use' AND imei <> '' ORDER BY id DESC)), '') AS imeis,
             c.source, c.consent, c.owner_staff_id IS NOT NULL AS owner, c.birthday, c.since_day, c.verified_day, c.created_at,
             EXISTS (SELECT 1 FROM devices d WHERE d.customer_id = c.id) AS device,
             f.occasions > 0 AS buys, f.tier_rank, f.net_fen,
             (SELECT min(u.due_day) FROM followups u WHERE u.customer_id = c.id AND u.state = 'open') AS due_day
           FROM customers c JOIN customer_figures f ON f.id = c.id
           WHERE c.id IN (SELECT value FROM json_each(?))
             AND NOT EXISTS (SELECT 1 FROM mend_skips s WHERE s.customer_id = c.id AND s.until_day > ?)""",
        (json.dumps(list(customer_ids)), today),
    )


def skip(db: Database, customer_id: int) -> MendSkip | None:
    """How long a card is put off, or None."""
    return db.record(MendSkip, "SELECT * FROM mend_skips WHERE customer_id = ?", (customer_id,))
