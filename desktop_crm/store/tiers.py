"""Tier rows and the sums they are judged by; what the sums mean for a tier is decided in tiers.py.

Everything is seen as of the end of a shop day, by business dates: a sale voided later still counts on that day,
a refund counts from its own day, a card begun later is not there yet.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter

from desktop_crm.records.tiers import CustomerTier, TierStep
from desktop_crm.store.rows import Database

CHUNK = 5_000
"""Customer ids judged by one query: no slower than more at once, and the window waits for no more than that many records."""


@dataclass(frozen=True)
class Standing:
    """What one customer's tier is judged by, as of a day.

    Attributes:
        id / name: the customer.
        purchases: sales ever, not voided, and those brought along.
        occasions: days with a sale within the window. net_fen: sales less refunds, both dated in the window.
        last_active_day: last sale or last contact the customer began, None if there was none; of a summary brought along
            without the day of its last purchase, the day up to which it counts.
        brought_occasions / brought_fen: what an opening summary adds to the two: what it knows beyond the shop's own up
            to its day, so that nothing counts twice; 0 where its last purchase lies before the window.
    """

    id: int
    name: str
    purchases: int
    occasions: int
    net_fen: int
    last_active_day: str | None
    brought_occasions: int = 0
    brought_fen: int = 0


_STANDINGS = """
WITH bought AS (
  SELECT customer_id AS id, count(*) AS purchases, max(day) AS last_day,
         count(DISTINCT CASE WHEN day >= :since THEN day END) AS occasions,
         sum(CASE WHEN day >= :since THEN total_fen ELSE 0 END) AS sales_fen
  FROM purchases
  WHERE customer_id BETWEEN :low AND :high AND day <= :as_of AND (void_day IS NULL OR void_day > :as_of)
  GROUP BY customer_id),
returned AS (
  SELECT p.customer_id AS id, sum(r.amount_fen) AS refunds_fen
  FROM refunds r JOIN purchases p ON p.id = r.purchase_id
  WHERE p.customer_id BETWEEN :low AND :high AND r.day BETWEEN :since AND :as_of
    AND (p.void_day IS NULL OR p.void_day > :as_of)
  GROUP BY p.customer_id),
began AS (
  SELECT customer_id AS id, max(day) AS last_day FROM interactions
  WHERE customer_id BETWEEN :low AND :high AND began_by = 'customer' AND day <= :as_of
  GROUP BY customer_id),
known AS (
  SELECT customer_id AS id, min(max(day), :as_of) AS until, max(coalesce(last_day, day)) AS last_day, sum(bought) AS purchases,
         sum(CASE WHEN coalesce(last_day, day) >= :since THEN bought ELSE 0 END) AS occasions,
         sum(CASE WHEN coalesce(last_day, day) >= :since THEN total_fen END) AS total_fen
  FROM (SELECT *, max(coalesce(purchases, 0), coalesce(total_fen, 0) <> 0 OR last_day IS NOT NULL) AS bought
        FROM opening_summaries WHERE customer_id BETWEEN :low AND :high)
  WHERE bought > 0 AND coalesce(last_day, day) <= :as_of
  GROUP BY customer_id),
brought AS (
  SELECT k.id, k.purchases, k.last_day, max(k.occasions - (
      SELECT count(DISTINCT p.day) FROM purchases p WHERE p.customer_id = k.id AND p.day BETWEEN :since AND k.until
      AND (p.void_day IS NULL OR p.void_day > :as_of)), 0) AS occasions,
    max(k.total_fen - coalesce((
      SELECT sum(p.total_fen) FROM purchases p WHERE p.customer_id = k.id AND p.day BETWEEN :since AND k.until
      AND (p.void_day IS NULL OR p.void_day > :as_of)), 0) + coalesce((
      SELECT sum(r.amount_fen) FROM purchases p CROSS JOIN refunds r ON r.purchase_id = p.id
      WHERE p.customer_id = k.id AND r.day BETWEEN :since AND k.until
      AND (p.void_day IS NULL OR p.void_day > :as_of)), 0), 0) AS fen
  FROM known k)
SELECT c.id, c.name, coalesce(b.purchases, 0) + coalesce(o.purchases, 0) AS purchases,
       coalesce(b.occasions, 0) AS occasions, coalesce(b.sales_fen, 0) - coalesce(r.refunds_fen, 0) AS net_fen,
       nullif(max(coalesce(b.last_day, ''), coalesce(g.last_day, ''), coalesce(o.last_day, '')), '') AS last_active_day,
       coalesce(o.occasions, 0) AS brought_occasions, coalesce(o.fen, 0) AS brought_fen
FROM customers c
LEFT JOIN bought b ON b.id = c.id LEFT JOIN returned r ON r.id = c.id LEFT JOIN began g ON g.id = c.id
LEFT JOIN brought o ON o.id = c.id
WHERE c.id BETWEEN :low AND :high AND c.deleted_at IS NULL AND c.merged_into IS NULL
  AND (c.since_day IS NULL OR c.since_day <= :as_of OR b.id IS NOT NULL OR o.id IS NOT NULL)
ORDER BY c.id
"""


def standings(db: Database, low: int, high: int, since: str, as_of: str) -> list[Standing]:
    """What the customers with ids `low`…`high` (inclusive) are judged by; `since` is the window's first day."""
    return db.records(Standing, _STANDINGS, {"low": low, "high": high, "since": since, "as_of": as_of})


def ranges(db: Database) -> Iterator[tuple[int, int]]:
    """Inclusive ranges of ids that together hold every customer."""
    last = db.value("SELECT max(id) FROM customers") or 0
    for low in range(1, last + 1, CHUNK):
        yield low, low + CHUNK - 1


def present(db: Database, low: int, high: int) -> dict[int, CustomerTier]:
    """The stored tiers of the customers with ids `low`…`high` (inclusive)."""
    found = db.records(CustomerTier, "SELECT * FROM customer_tiers WHERE id BETWEEN ? AND ?", (low, high))
    return {tier.id: tier for tier in found}


_VALUES = attrgetter(*(field.name for field in dataclasses.fields(CustomerTier)))


def save(db: Database, tiers: Iterable[CustomerTier]) -> None:
    """Store tiers, new or known."""
    db.executemany(
        "INSERT INTO customer_tiers (id, tier, derived, value, activity, occasions, net_fen, since_day,"
        " last_active_day, overridden, override_reason, brought_occasions, brought_fen)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET tier = excluded.tier, derived = excluded.derived, value = excluded.value,"
        " activity = excluded.activity, occasions = excluded.occasions, net_fen = excluded.net_fen,"
        " since_day = excluded.since_day, last_active_day = excluded.last_active_day,"
        " overridden = excluded.overridden, override_reason = excluded.override_reason,"
        " brought_occasions = excluded.brought_occasions, brought_fen = excluded.brought_fen",
        map(_VALUES, tiers),
    )


_IDLE = (
    "FROM customers c WHERE c.id BETWEEN :low AND :high AND c.deleted_at IS NULL AND c.merged_into IS NULL "
    "AND (c.since_day IS NULL OR c.since_day <= :day) AND NOT EXISTS (SELECT 1 FROM customer_tiers t WHERE t.id = c.id) "
    "AND NOT EXISTS (SELECT 1 FROM purchases p WHERE p.customer_id = c.id) "
    "AND NOT EXISTS (SELECT 1 FROM interactions i WHERE i.customer_id = c.id) "
    "AND NOT EXISTS (SELECT 1 FROM opening_summaries o WHERE o.customer_id = c.id)"
)


def add_idle(db: Database, low: int, high: int, tier: CustomerTier, step: TierStep) -> int:
    """Store the same first tier and step for all customers with ids `low`…`high` of whom nothing is known; how many."""
    values = {"low": low, "high": high, **dataclasses.asdict(tier), **dataclasses.asdict(step)}
    db.execute(
        "INSERT INTO tier_history (customer_id, from_tier, to_tier, at, day, origin, reason, staff_id) "
        f"SELECT c.id, :from_tier, :to_tier, :at, :day, :origin, :reason, :staff_id {_IDLE} ORDER BY c.id",
        values,
    )
    return db.execute(
        "INSERT INTO customer_tiers (id, tier, derived, value, activity, occasions, net_fen, since_day, last_active_day, "
        "overridden, override_reason) SELECT c.id, :tier, :derived, :value, :activity, :occasions, :net_fen, :since_day, "
        f":last_active_day, :overridden, :override_reason {_IDLE} ORDER BY c.id",
        values,
    ).rowcount


def untiered(db: Database, low: int, high: int) -> list[int]:
    """The live customers with ids `low`…`high` who have no tier."""
    return [
        customer_id
        for (customer_id,) in db.rows(
            "SELECT c.id FROM customers c WHERE c.id BETWEEN ? AND ? AND c.deleted_at IS NULL AND c.merged_into IS NULL "
            "AND NOT EXISTS (SELECT 1 FROM customer_tiers t WHERE t.id = c.id) ORDER BY c.id",
            (low, high),
        )
    ]


def add_steps(db: Database, steps: Iterable[TierStep]) -> None:
    """Store steps of history."""
    db.insert_many(TierStep, steps)


def steps(db: Database, customer_id: int) -> list[TierStep]:
    """One customer's steps, the latest first."""
    return db.records(
        TierStep,
        "SELECT * FROM tier_history WHERE customer_id = ? ORDER BY day DESC, id DESC",
        (customer_id,),
    )


def counts(db: Database) -> list[tuple[str, int]]:
    """(tier, customers) now; a customer who was never judged is a prospect."""
    return [
        (tier, count)
        for tier, count in db.rows(
            "SELECT coalesce(t.tier, 'prospect'), count(*) FROM customers c LEFT JOIN customer_tiers t ON t.id = c.id"
            " WHERE c.deleted_at IS NULL AND c.merged_into IS NULL GROUP BY 1"
        )
    ]
