"""What lists sort and filter by, kept per live customer: derived from the other tables, never typed, never journalled.

Triggers note in figures_dirty whose figures changed; `refresh` makes those anew at the end of each change, and with
them customer_counts: how many live customers each tier has, so that no list need count. `name_key`, as SQL, is
base/pinyin.sort_key. What was brought along is in none of the sums; its last purchase is a visit and a contact as any
other, and `brought_day`, which stands in for it where that day is not known, is there for activity.
"""

from __future__ import annotations

from collections.abc import Callable

from desktop_crm.store.rows import Database

Tell = Callable[[int, int], None]
"""Told how many are done, and of how many."""

_CHUNK = 20_000
"""So many are made anew by one statement: SQLite holds them all in memory meanwhile."""

_BROUGHT = """coalesce((SELECT max(coalesce(o.last_day, o.day)) FROM opening_summaries o WHERE o.customer_id = c.id
    AND (o.total_fen <> 0 OR o.purchases > 0 OR o.last_day IS NOT NULL)), '')"""

_BEFORE = "coalesce((SELECT max(o.last_day) FROM opening_summaries o WHERE o.customer_id = c.id), '')"

# A search per customer and figure, on purpose: for one sale it takes half of what joined sums take, for 20,000 as much.
_RECKON = """
SELECT id, name_key, tier_rank, since_day, max(bought, came, before) AS last_visit_day, bought AS last_purchase_day,
  max(bought, spoke, before) AS last_contact_day, occasions, net_fen, brought_day
FROM (SELECT c.id, name_key(c.name, (SELECT o.name_key FROM customer_figures o WHERE o.id = c.id)) AS name_key,
  coalesce((SELECT CASE t.tier WHEN 'high_value' THEN 5 WHEN 'potential' THEN 4 WHEN 'regular' THEN 3
    WHEN 'lost' THEN 2 ELSE 1 END FROM customer_tiers t WHERE t.id = c.id), 0) AS tier_rank,
  coalesce(c.since_day, '') AS since_day,
  coalesce((SELECT max(p.day) FROM purchases p WHERE p.customer_id = c.id AND p.void_day IS NULL), '') AS bought,
  coalesce((SELECT max(i.day) FROM interactions i WHERE i.customer_id = c.id AND i.began_by = 'customer'), '') AS came,
  coalesce((SELECT max(i.day) FROM interactions i WHERE i.customer_id = c.id AND i.reached), '') AS spoke,
  {brought} AS brought_day, {before} AS before,
  (SELECT count(DISTINCT p.day) FROM purchases p WHERE p.customer_id = c.id AND p.void_day IS NULL) AS occasions,
  coalesce((SELECT sum(p.total_fen) FROM purchases p WHERE p.customer_id = c.id AND p.void_day IS NULL), 0)
  - coalesce((SELECT sum(r.amount_fen) FROM purchases p CROSS JOIN refunds r ON r.purchase_id = p.id
    WHERE p.customer_id = c.id AND p.void_day IS NULL), 0) AS net_fen
FROM {whose} WHERE {which} AND c.deleted_at IS NULL AND c.merged_into IS NULL)
"""

_RENEW = (
    "INSERT INTO customer_figures (id, name_key, tier_rank, since_day, last_visit_day, last_purchase_day, "
    "last_contact_day, occasions, net_fen, brought_day)"
    + _RECKON.format(
        whose="figures_dirty d CROSS JOIN customers c ON c.id = d.customer_id",
        which="d.customer_id BETWEEN ?1 AND ?2",
        brought=_BROUGHT,
        before=_BEFORE,
    )
    + """WHERE 1 ON CONFLICT (id) DO UPDATE SET name_key = excluded.name_key, tier_rank = excluded.tier_rank,
  since_day = excluded.since_day, last_visit_day = excluded.last_visit_day,
  last_purchase_day = excluded.last_purchase_day, last_contact_day = excluded.last_contact_day,
  occasions = excluded.occasions, net_fen = excluded.net_fen, brought_day = excluded.brought_day"""
)

_IDLE = """
SELECT NOT EXISTS (SELECT 1 FROM customer_figures WHERE id BETWEEN ?1 AND ?2)
  AND NOT EXISTS (SELECT 1 FROM purchases WHERE customer_id BETWEEN ?1 AND ?2)
  AND NOT EXISTS (SELECT 1 FROM interactions WHERE customer_id BETWEEN ?1 AND ?2)
"""
_BEGIN = f"""
INSERT INTO customer_figures (id, name_key, tier_rank, since_day, last_visit_day, last_purchase_day, last_contact_day,
  occasions, net_fen, brought_day)
SELECT c.id, name_key(c.name), CASE t.tier WHEN 'high_value' THEN 5 WHEN 'potential' THEN 4 WHEN 'regular' THEN 3
  WHEN 'lost' THEN 2 WHEN 'prospect' THEN 1 ELSE 0 END, coalesce(c.since_day, ''), {_BEFORE}, '', {_BEFORE}, 0, 0,
  {_BROUGHT}
FROM figures_dirty d CROSS JOIN customers c ON c.id = d.customer_id LEFT JOIN customer_tiers t ON t.id = c.id
WHERE d.customer_id BETWEEN ?1 AND ?2 AND c.deleted_at IS NULL AND c.merged_into IS NULL
"""
"""What `_RENEW` would find for new cards without a sale and without a contact, which may have brought something along."""

_DROP = """
DELETE FROM customer_figures WHERE id IN (SELECT d.customer_id FROM figures_dirty d
  LEFT JOIN customers c ON c.id = d.customer_id AND c.deleted_at IS NULL AND c.merged_into IS NULL
  WHERE d.customer_id BETWEEN ?1 AND ?2 AND c.id IS NULL)
"""

_COUNT = """
SELECT tier_rank, count(*) FROM customer_figures
WHERE id IN (SELECT customer_id FROM figures_dirty WHERE customer_id BETWEEN ?1 AND ?2) GROUP BY 1
"""
_COUNTED = """
INSERT INTO customer_counts (tier_rank, customers) VALUES (?, ?)
ON CONFLICT (tier_rank) DO UPDATE SET customers = customers + excluded.customers
"""

_MARKED = "SELECT min(customer_id), max(customer_id), count(*) FROM figures_dirty"
_SHOULD = _RECKON.format(
    whose="customers c", which="c.id BETWEEN ?1 AND ?2", brought=_BROUGHT, before=_BEFORE
)
_WRONG = f"""
SELECT (SELECT count(*) FROM (SELECT * FROM ({_SHOULD}) EXCEPT
     SELECT * FROM customer_figures WHERE id BETWEEN ?1 AND ?2))
  + (SELECT count(*) FROM customer_figures f LEFT JOIN customers c ON c.id = f.id AND c.deleted_at IS NULL
     AND c.merged_into IS NULL WHERE c.id IS NULL)
  + (SELECT count(*) FROM (SELECT tier_rank, count(*) FROM customer_figures GROUP BY 1 EXCEPT
     SELECT tier_rank, customers FROM customer_counts))
  + (SELECT count(*) FROM customer_counts n WHERE n.customers <> 0
     AND NOT EXISTS (SELECT 1 FROM customer_figures f WHERE f.tier_rank = n.tier_rank))
  + (SELECT count(*) FROM figures_dirty)
"""

_WRONG_SALES = """
SELECT (SELECT count(*) FROM (SELECT customer_id, max(day) AS bought, count(DISTINCT day) AS occasions,
      sum(total_fen) AS sold_fen FROM purchases WHERE void_day IS NULL AND customer_id IS NOT NULL GROUP BY customer_id) s
    LEFT JOIN (SELECT p.customer_id, sum(r.amount_fen) AS given_fen FROM refunds r JOIN purchases p ON p.id = r.purchase_id
      WHERE p.void_day IS NULL GROUP BY 1) g ON g.customer_id = s.customer_id
    JOIN customer_figures f ON f.id = s.customer_id
    WHERE f.last_purchase_day <> s.bought OR f.occasions <> s.occasions
      OR f.net_fen <> s.sold_fen - coalesce(g.given_fen, 0))
  + (SELECT count(*) FROM customer_figures f WHERE (f.occasions <> 0 OR f.net_fen <> 0 OR f.last_purchase_day <> '')
    AND NOT EXISTS (SELECT 1 FROM purchases p WHERE p.customer_id = f.id AND p.void_day IS NULL))
  + (SELECT abs((SELECT count(*) FROM customers WHERE deleted_at IS NULL AND merged_into IS NULL)
    - (SELECT count(*) FROM customer_figures)))
"""
"""What sales say, of everybody; in the order of an index, so that it takes seconds."""

_SHARE = 20_000


def refresh(db: Database, tell: Tell | None = None) -> None:
    """Make the figures of all marked customers anew, and take the marks away; deleted and merged cards have none.

    Args:
        tell: is told how many of how many are done, now and then; what it raises ends the change.
    """
    first, last, marked = db.row(_MARKED) or (0, 0, 0)
    total = marked
    while marked > 0:
        if tell is not None:
            tell(total - marked, total)
        if marked > _CHUNK:
            last = db.value(
                "SELECT customer_id FROM figures_dirty ORDER BY 1 LIMIT 1 OFFSET ?", (_CHUNK - 1,)
            )
        before = dict(db.rows(_COUNT, (first, last)))
        if db.value(_IDLE, (first, last)):
            db.execute(_BEGIN, (first, last))
        else:
            db.execute(_DROP, (first, last))
            db.execute(_RENEW, (first, last))
        after = dict(db.rows(_COUNT, (first, last)))
        moved = {rank: after.get(rank, 0) - before.get(rank, 0) for rank in {**before, **after}}
        db.executemany(_COUNTED, [(rank, more) for rank, more in moved.items() if more])
        db.execute("DELETE FROM figures_dirty WHERE customer_id <= ?", (last,))
        first, last, marked = db.row(_MARKED) or (0, 0, 0)


def mark_all(db: Database) -> None:
    """Have everybody's figures made anew by the next `refresh`, whatever stands there now."""
    db.execute("DELETE FROM customer_figures")
    db.execute("DELETE FROM customer_counts")
    db.execute("INSERT OR IGNORE INTO figures_dirty (customer_id) SELECT id FROM customers")


def wrong(db: Database) -> int:
    """How many customers' figures, and counts of a tier, are not what the other tables say."""
    return int(db.value(_WRONG, (0, 2**62)))


def wrong_in_short(db: Database, turn: int) -> int:
    """As `wrong`, in seconds for a million: what sales say of everybody, and all figures of 20,000 customers.

    Args:
        turn: rises by one each time; each time others of them are looked at, in the end all.
    """
    last = int(db.value("SELECT coalesce(max(id), 0) FROM customers"))
    low = turn % (last // _SHARE + 1) * _SHARE
    return int(db.value(_WRONG_SALES)) + int(db.value(_WRONG, (low, low + _SHARE - 1)))
