"""Counts and sums behind the figures: one query each, as of a business day; nothing is divided here.

All look at one `Frame`. A sale counts until the day it was voided; cards that were deleted or merged away never
count as customers. The rows behind a figure are in figure_rows.py, the formulas in kpi_formulas.py.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from desktop_crm.store.rows import Database


@dataclass(frozen=True)
class Frame:
    """A stretch of shop days as it was known at a day; all are `YYYY-MM-DD` in shop time.

    Attributes:
        start / end: first day, and the day after the last; for a running period the day after as-of.
        known: the day after as-of: what happened from then on is not known.
        window: first day of the window W that ends at `end`.
        active_from: whoever was last active from this day on is active at the end.
        kept_from: whoever was last active from this day on is not lost at the end.
        kept_from_start: the same at the start.
        lost_days: more days than these without activity means lost.
    """

    start: str
    end: str
    known: str
    window: str
    active_from: str
    kept_from: str
    kept_from_start: str
    lost_days: int


@dataclass(frozen=True)
class BuyerTotals:
    """How many buyers there are at the frame's end, and how many of them …

    Attributes:
        buyers: customers with a purchase before the end.
        new / new_referred: first purchase inside the frame; and with a referrer.
        window_buyers / window_repeaters / window_occasions: with ≥ 1, with ≥ 2 occasions in W; the occasions.
        before / came_back: bought before the start; and inside the frame as well.
        active: last active on or after `active_from`.
        kept_before / kept: not lost at the start; and still not at the end.
        won_back: lost at the start, not lost at the end.
        one_time: with a single occasion ever.
    """

    buyers: int
    new: int
    new_referred: int
    window_buyers: int
    window_repeaters: int
    window_occasions: int
    before: int
    came_back: int
    active: int
    kept_before: int
    kept: int
    won_back: int
    one_time: int


STANDS = "(p.void_day IS NULL OR p.void_day >= :known)"
"""A sale `p` that was not voided as far as the frame knows."""

ALIVE = "c.deleted_at IS NULL AND c.merged_into IS NULL"
"""A card `c` that counts as a customer."""

JUDGED = f"""
WITH summed AS MATERIALIZED (
  SELECT p.customer_id AS id, min(p.day) AS first_day, max(p.day) AS last_day, count(DISTINCT p.day) AS occasions,
    count(DISTINCT CASE WHEN p.day >= :window THEN p.day END) AS window_occasions,
    max(p.day >= :start) AS bought_in, min(p.day) < :start AS bought_before,
    max(CASE WHEN p.day < :start THEN p.day END) AS last_before
  FROM purchases p INDEXED BY purchases_customer
  WHERE p.customer_id IS NOT NULL AND p.day < :end AND {STANDS} GROUP BY p.customer_id
), began AS MATERIALIZED (
  SELECT i.customer_id AS id, max(i.day) AS last_day, max(CASE WHEN i.day < :start THEN i.day END) AS last_before
  FROM interactions i INDEXED BY interactions_customer
  WHERE i.began_by = 'customer' AND i.day < :end GROUP BY i.customer_id
), judged AS MATERIALIZED (
  SELECT b.*, c.name AS name, c.referred_by IS NOT NULL AS referred,
    max(b.last_day, coalesce(g.last_day, '')) AS active_day,
    CASE WHEN b.bought_before THEN max(b.last_before, coalesce(g.last_before, '')) END AS active_before
  FROM summed b CROSS JOIN customers c ON c.id = b.id LEFT JOIN began g ON g.id = b.id WHERE {ALIVE}
)
"""
"""One row per buyer at the end of the frame, with what each figure asks about them.

The indexes are named because the planner would take the one by day and sort; measured a third of the time.
"""

_TOTALS = (
    JUDGED
    + """
SELECT count(*) AS buyers,
  coalesce(sum(first_day >= :start), 0) AS new,
  coalesce(sum(first_day >= :start AND referred), 0) AS new_referred,
  coalesce(sum(window_occasions >= 1), 0) AS window_buyers,
  coalesce(sum(window_occasions >= 2), 0) AS window_repeaters,
  coalesce(sum(window_occasions), 0) AS window_occasions,
  coalesce(sum(bought_before), 0) AS before,
  coalesce(sum(bought_before AND bought_in), 0) AS came_back,
  coalesce(sum(active_day >= :active_from), 0) AS active,
  coalesce(sum(bought_before AND active_before >= :kept_from_start), 0) AS kept_before,
  coalesce(sum(bought_before AND active_before >= :kept_from_start AND active_day >= :kept_from), 0) AS kept,
  coalesce(sum(bought_before AND active_before < :kept_from_start AND active_day >= :kept_from), 0) AS won_back,
  coalesce(sum(occasions = 1), 0) AS one_time
FROM judged
"""
)


def buyer_totals(db: Database, frame: Frame) -> BuyerTotals:
    """Everything that is counted in buyers."""
    found = db.record(BuyerTotals, _TOTALS, asdict(frame))
    assert found is not None  # an aggregate always has its row
    return found


def new_customers(db: Database, frame: Frame) -> int:
    """Customers whose first purchase falls in the frame: `BuyerTotals.new` where nothing else is asked."""
    found: int = db.value(
        "SELECT count(*) FROM (SELECT min(p.day) AS first_day FROM purchases p INDEXED BY purchases_customer "
        f"JOIN customers c ON c.id = p.customer_id WHERE p.customer_id IS NOT NULL AND p.day < :end AND {STANDS} "
        f"AND {ALIVE} GROUP BY p.customer_id) WHERE first_day >= :start",
        asdict(frame),
    )
    return found


def relationship_days(db: Database, frame: Frame) -> list[tuple[int, int]]:
    """(days from the first to the last occasion, number of customers), ascending; customers with ≥ 2 occasions."""
    found: list[tuple[int, int]] = db.rows(
        "SELECT CAST(julianday(last_day) - julianday(first_day) AS INTEGER), count(*) FROM ("
        "SELECT min(p.day) AS first_day, max(p.day) AS last_day FROM purchases p JOIN customers c "
        f"ON c.id = p.customer_id AND {ALIVE} WHERE p.day < :end AND {STANDS} GROUP BY p.customer_id) "
        "WHERE last_day > first_day GROUP BY 1 ORDER BY 1",
        asdict(frame),
    )
    return found


@dataclass(frozen=True)
class SalesTotals:
    """Sales inside the frame, walk-ins too: how many, their amounts, and the refunds dated inside it."""

    sales: int
    gross_fen: int
    refunds_fen: int


def sales_totals(db: Database, frame: Frame) -> SalesTotals:
    """Sales and refunds of the frame; refunds of a voided sale went with it."""
    sales, gross = db.rows(
        f"SELECT count(*), coalesce(sum(p.total_fen), 0) FROM purchases p WHERE p.day >= :start AND p.day < :end AND {STANDS}",
        asdict(frame),
    )[0]
    refunds = db.value(
        "SELECT coalesce(sum(r.amount_fen), 0) FROM refunds r JOIN purchases p ON p.id = r.purchase_id "
        f"WHERE r.day >= :start AND r.day < :end AND {STANDS}",
        asdict(frame),
    )
    return SalesTotals(sales, gross, refunds)


def first_sale_day(db: Database) -> str | None:
    """The day of the first sale ever, None before it."""
    found: str | None = db.value("SELECT min(day) FROM purchases")
    return found


def daily_net(db: Database, frame: Frame) -> dict[str, int]:
    """Net sales by day in fen: sales of the day less the refunds of the day; days without either are missing."""
    return dict(
        db.rows(
            "SELECT day, sum(fen) FROM ("
            f"SELECT p.day AS day, p.total_fen AS fen FROM purchases p WHERE p.day >= :start AND p.day < :end AND {STANDS} "
            "UNION ALL SELECT r.day, -r.amount_fen FROM refunds r JOIN purchases p ON p.id = r.purchase_id "
            f"WHERE r.day >= :start AND r.day < :end AND {STANDS}) GROUP BY day ORDER BY day",
            asdict(frame),
        )
    )


OCCASIONS = f"""
WITH sale AS (
  SELECT p.id AS id, p.customer_id AS customer_id, c.name AS name, p.day AS day, p.total_fen AS total_fen,
    coalesce((SELECT sum(r.amount_fen) FROM refunds r WHERE r.purchase_id = p.id AND r.day < :known), 0) AS refunded
  FROM purchases p JOIN customers c ON c.id = p.customer_id
  WHERE p.day >= :start AND p.day < :end AND {STANDS} AND {ALIVE}
), occasion AS (
  SELECT customer_id, name, day, sum(total_fen - refunded) AS net_fen,
    max(refunded = 0 OR refunded < total_fen) AS counts
  FROM sale GROUP BY customer_id, day
)
"""
"""One row per customer and day with their sales less all refunds of those sales; `counts` 0: all refunded."""


def order_totals(db: Database, frame: Frame) -> tuple[int, int]:
    """(sales to identified customers less refunds of those same sales in fen, their occasions)."""
    net, occasions = db.rows(
        OCCASIONS + "SELECT coalesce(sum(net_fen), 0), coalesce(sum(counts), 0) FROM occasion", asdict(frame)
    )[0]
    return net, occasions


_LINES = f"""
SELECT coalesce(sum(amount) FILTER (WHERE cost IS NOT NULL), 0), coalesce(sum(amount), 0),
  coalesce(sum(amount - cost) FILTER (WHERE cost IS NOT NULL), 0)
FROM (
  SELECT l.amount_fen - coalesce(back.fen, 0) AS amount, l.cost_fen AS cost,
    l.amount_fen AS full, coalesce(back.fen, 0) AS refunded, coalesce(whole.fen, 0) AS sale_refunded, p.total_fen AS total
  FROM purchase_lines l JOIN purchases p ON p.id = l.purchase_id JOIN customers c ON c.id = p.customer_id
  LEFT JOIN (SELECT line_id, sum(amount_fen) AS fen FROM refunds WHERE day < :end AND line_id IS NOT NULL GROUP BY line_id) back
    ON back.line_id = l.id
  LEFT JOIN (SELECT purchase_id, sum(amount_fen) AS fen FROM refunds WHERE day < :end GROUP BY purchase_id) whole
    ON whole.purchase_id = l.purchase_id
  WHERE p.day < :end AND {STANDS} AND {ALIVE}
) WHERE (refunded = 0 OR refunded < full) AND (sale_refunded = 0 OR sale_refunded < total)
"""


def answered_occasions(db: Database, frame: Frame) -> tuple[int, int]:
    """(purchase days of the frame that an answer is about as far as known, purchase days)."""
    answered, asked = db.rows(
        OCCASIONS
        + "SELECT coalesce(sum(EXISTS (SELECT 1 FROM survey_answers a JOIN purchases p ON p.id = a.purchase_id "
        "WHERE a.customer_id = o.customer_id AND p.day = o.day AND a.complaint_id IS NULL AND a.day < :known)), 0), "
        "count(*) FROM occasion o WHERE counts",
        asdict(frame),
    )[0]
    return answered, asked


def net_to_date(db: Database, frame: Frame) -> int:
    """Sales to customers before the end, less refunds before the end, in fen."""
    sold = db.value(
        "SELECT coalesce(sum(p.total_fen), 0) FROM purchases p JOIN customers c ON c.id = p.customer_id "
        f"WHERE p.day < :end AND {STANDS} AND {ALIVE}",
        asdict(frame),
    )
    back = db.value(
        "SELECT coalesce(sum(r.amount_fen), 0) FROM refunds r JOIN purchases p ON p.id = r.purchase_id "
        f"JOIN customers c ON c.id = p.customer_id WHERE r.day < :end AND {STANDS} AND {ALIVE}",
        asdict(frame),
    )
    net: int = sold - back
    return net


def profit_to_date(db: Database, frame: Frame) -> tuple[int, int, int] | None:
    """(amount where the cost is known, amount of all, profit) in fen of customers' lines before the end.

    None where whoever reads may not see costs. Fully refunded lines and sales are left out; refunds of a line lower its amount.
    """
    if "cost_fen" in db.hidden:
        return None
    known, everything, profit = db.rows(_LINES, asdict(frame))[0]
    return known, everything, profit


@dataclass(frozen=True)
class Card:
    """A card that was made inside the frame, and its customer's first purchase.

    Attributes:
        since_day: business day the card began, None where only `created_at` is known.
        first_sale_day: first purchase as far as the frame knows, or None.
    """

    customer_id: int
    name: str
    since_day: str | None
    created_at: str
    first_sale_day: str | None


def cards(db: Database, frame: Frame, start_at: str, end_at: str) -> list[Card]:
    """Cards that began inside the frame; without a day of their own by the instant they were made, imported ones not."""
    return db.records(
        Card,
        "SELECT c.id AS customer_id, c.name, c.since_day, c.created_at, "
        f"(SELECT min(p.day) FROM purchases p WHERE p.customer_id = c.id AND p.day < :known AND {STANDS}) AS first_sale_day "
        f"FROM customers c WHERE {ALIVE} AND ((c.since_day >= :start AND c.since_day < :end) OR (c.since_day IS NULL "
        "AND c.import_id IS NULL AND c.created_at >= :start_at AND c.created_at < :end_at)) ORDER BY c.id",
        {**asdict(frame), "start_at": start_at, "end_at": end_at},
    )


@dataclass(frozen=True)
class FollowupTotals:
    """Follow-ups whose first due day lies in the frame, without those cancelled with a reason; done by that day."""

    due: int
    on_time: int


FOLLOWUPS_DUE = f"""
FROM followups f JOIN customers c ON c.id = f.customer_id
WHERE {ALIVE} AND f.first_due_day >= :start AND f.first_due_day < :end
  AND NOT (f.state = 'cancelled' AND f.cancel_reason <> '' AND coalesce(f.done_day, '') < :known)
"""
FOLLOWUP_ON_TIME = "(f.state = 'done' AND f.done_day <= f.first_due_day)"


def followup_totals(db: Database, frame: Frame) -> FollowupTotals:
    """How many contacts were promised and how many of them were kept."""
    due, on_time = db.rows(
        f"SELECT count(*), coalesce(sum({FOLLOWUP_ON_TIME}), 0) {FOLLOWUPS_DUE}", asdict(frame)
    )[0]
    return FollowupTotals(due, on_time)


@dataclass(frozen=True)
class LostContact:
    """A customer who was lost when first contacted inside the frame.

    Attributes:
        contact_day: day of that contact. last_active_day: before it.
        bought_day: the first purchase from then on within 90 days, as far as known, or None.
    """

    customer_id: int
    name: str
    contact_day: str
    last_active_day: str
    bought_day: str | None


_LOST_CONTACTS = f"""
WITH contacted AS (
  SELECT i.customer_id AS id, min(i.day) AS contact_day FROM interactions i
  WHERE i.day >= :start AND i.day < :end AND i.reached = 1 GROUP BY i.customer_id
), last_sale AS (
  SELECT k.id, k.contact_day, c.name,
    (SELECT max(p.day) FROM purchases p WHERE p.customer_id = k.id AND p.day < k.contact_day AND {STANDS}) AS sale_day
  FROM contacted k JOIN customers c ON c.id = k.id WHERE {ALIVE}
), last_seen AS (
  SELECT b.id, b.name, b.contact_day,
    max(b.sale_day, coalesce((SELECT i.day FROM interactions i WHERE i.customer_id = b.id AND i.began_by = 'customer'
      AND i.day < b.contact_day ORDER BY i.day DESC LIMIT 1), '')) AS last_active_day
  FROM last_sale b WHERE b.sale_day IS NOT NULL
)
SELECT s.id AS customer_id, s.name, s.contact_day, s.last_active_day,
  (SELECT min(p.day) FROM purchases p WHERE p.customer_id = s.id AND p.day >= s.contact_day
     AND p.day <= date(s.contact_day, '+90 days') AND p.day < :known AND {STANDS}) AS bought_day
FROM last_seen s WHERE s.last_active_day < date(s.contact_day, '-' || :lost_days || ' days') ORDER BY s.id
"""


def lost_contacts(db: Database, frame: Frame) -> list[LostContact]:
    """Customers who were lost just before their first contact of the frame."""
    return db.records(LostContact, _LOST_CONTACTS, asdict(frame))


@dataclass(frozen=True)
class FilledFields:
    """How many cards there are, how many belong to buyers, and how many have each field filled."""

    customers: int
    buyers: int
    name: int
    phone: int
    source: int
    consent: int
    owner: int
    birthday: int
    device: int


def filled_fields(db: Database, frame: Frame) -> FilledFields:
    """Filled fields of all cards as they are now; `device` counts buyers with a device, `name` more than a number."""
    found = db.record(
        FilledFields,
        f"""
WITH card AS (
  SELECT c.*, EXISTS (SELECT 1 FROM purchases p WHERE p.customer_id = c.id AND p.day < :end AND {STANDS}) AS buys
  FROM customers c WHERE {ALIVE}
)
SELECT count(*) AS customers, coalesce(sum(buys), 0) AS buyers,
  coalesce(sum(name GLOB '*[^0-9+ -]*'), 0) AS name,
  coalesce(sum(EXISTS (SELECT 1 FROM phones h WHERE h.customer_id = card.id)), 0) AS phone,
  coalesce(sum(source <> ''), 0) AS source, coalesce(sum(consent <> ''), 0) AS consent,
  coalesce(sum(owner_staff_id IS NOT NULL), 0) AS owner, coalesce(sum(birthday <> ''), 0) AS birthday,
  coalesce(sum(buys AND EXISTS (SELECT 1 FROM devices d WHERE d.customer_id = card.id)), 0) AS device
FROM card
""",
        asdict(frame),
    )
    assert found is not None  # an aggregate always has its row
    return found


def checkable_values(db: Database) -> list[tuple[str, str, int, str]]:
    """(kind, value, customer id, name) of each filled phone, IMEI and date of the cards; kind is phone, imei or date."""
    found: list[tuple[str, str, int, str]] = db.rows(
        f"""
SELECT 'phone', h.number, c.id, c.name FROM phones h JOIN customers c ON c.id = h.customer_id WHERE {ALIVE}
UNION ALL SELECT 'imei', d.imei, c.id, c.name FROM devices d JOIN customers c ON c.id = d.customer_id
  WHERE {ALIVE} AND d.imei <> ''
UNION ALL SELECT 'date', c.birthday, c.id, c.name FROM customers c WHERE {ALIVE} AND c.birthday <> ''
UNION ALL SELECT 'date', c.since_day, c.id, c.name FROM customers c WHERE {ALIVE} AND c.since_day IS NOT NULL
UNION ALL SELECT 'date', d.acquired_day, c.id, c.name FROM devices d JOIN customers c ON c.id = d.customer_id
  WHERE {ALIVE} AND d.acquired_day IS NOT NULL
"""
    )
    return found
