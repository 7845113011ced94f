"""What lists sort and filter by, kept per live customer: derived from the other tables, never typed, never journalled.

Triggers note in figures_dirty whose figures changed; `refresh` makes those anew at the end of each change.
"""

from __future__ import annotations

from desktop_crm.store.rows import Database

_ANEW = """
INSERT INTO customer_figures (id, name_key, tier_rank, since_day, last_visit_day, last_purchase_day, last_contact_day,
  occasions, net_fen)
SELECT c.id, c.name,
  CASE t.tier WHEN 'high_value' THEN 5 WHEN 'potential' THEN 4 WHEN 'regular' THEN 3 WHEN 'lost' THEN 2
    WHEN 'prospect' THEN 1 ELSE 0 END,
  coalesce(c.since_day, ''), max(coalesce(p.latest, ''), coalesce(i.began, '')), coalesce(p.latest, ''),
  max(coalesce(p.latest, ''), coalesce(i.latest, '')), coalesce(p.occasions, 0),
  coalesce(p.fen, 0) - coalesce(r.fen, 0)
FROM figures_dirty d CROSS JOIN customers c ON c.id = d.customer_id AND c.deleted_at IS NULL AND c.merged_into IS NULL
LEFT JOIN customer_tiers t ON t.id = c.id
LEFT JOIN (SELECT customer_id, max(day) AS latest, count(DISTINCT day) AS occasions, sum(total_fen) AS fen
  FROM purchases WHERE void_day IS NULL AND customer_id IN (SELECT customer_id FROM figures_dirty) GROUP BY 1) p
  ON p.customer_id = c.id
LEFT JOIN (SELECT u.customer_id, sum(f.amount_fen) AS fen FROM refunds f JOIN purchases u ON u.id = f.purchase_id
  WHERE u.void_day IS NULL AND u.customer_id IN (SELECT customer_id FROM figures_dirty) GROUP BY 1) r
  ON r.customer_id = c.id
LEFT JOIN (SELECT customer_id, max(CASE WHEN reached THEN day END) AS latest,
  max(CASE WHEN began_by = 'customer' THEN day END) AS began
  FROM interactions WHERE customer_id IN (SELECT customer_id FROM figures_dirty) GROUP BY 1) i ON i.customer_id = c.id
"""


def refresh(db: Database) -> None:
    """Make the figures of all marked customers anew, and take the marks away; deleted and merged cards have none."""
    if db.value("SELECT 1 FROM figures_dirty LIMIT 1") is None:
        return
    db.execute("DELETE FROM customer_figures WHERE id IN (SELECT customer_id FROM figures_dirty)")
    db.execute(_ANEW)
    db.execute("DELETE FROM figures_dirty")


def mark_all(db: Database) -> None:
    """Have everybody's figures made anew by the next `refresh`."""
    db.execute("INSERT OR IGNORE INTO figures_dirty (customer_id) SELECT id FROM customers")
    db.execute("INSERT OR IGNORE INTO figures_dirty (customer_id) SELECT id FROM customer_figures")
