"""The rows behind the figures: which customers, sales, refunds and cases a frame holds. Sums are in figures.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from desktop_crm.store.figures import (
    ALIVE,
    FOLLOWUP_ON_TIME,
    FOLLOWUPS_DUE,
    JUDGED,
    OCCASIONS,
    STANDS,
    Frame,
)
from desktop_crm.store.rows import Database
from desktop_crm.store.surveys import OCCASION


@dataclass(frozen=True)
class Buyer:
    """One customer with a purchase before the frame's end; days are `YYYY-MM-DD`.

    Attributes:
        first_day / last_day / last_before: first and last purchase; the last one before the frame, or None.
        occasions / window_occasions: ever, and in W.
        bought_in / bought_before: inside the frame, before it.
        referred: has a referrer.
        active_day / active_before: last purchase or contact they began, by the end; by the start (None: no buyer then).
    """

    id: int
    first_day: str
    last_day: str
    occasions: int
    window_occasions: int
    bought_in: bool
    bought_before: bool
    last_before: str | None
    name: str
    referred: bool
    active_day: str
    active_before: str | None


def buyers(db: Database, frame: Frame) -> list[Buyer]:
    """All buyers at the frame's end by id."""
    return db.records(Buyer, JUDGED + "SELECT * FROM judged ORDER BY id", asdict(frame))


@dataclass(frozen=True)
class MoneyRow:
    """A sale or refund inside a frame, or what an occasion or a customer came to; fen may be negative.

    Attributes:
        kind: "sale" or "refund"; "occasion" (one customer, one day) or "customer" (everything to date).
        id: of the purchase (of the refund's purchase); of the customer for the others.
        customer_id / name: None and '' for a walk-in.
    """

    kind: str
    id: int
    customer_id: int | None
    name: str
    day: str
    fen: int


def money(db: Database, frame: Frame) -> list[MoneyRow]:
    """Sales and refunds inside the frame, in the order of days."""
    return db.records(
        MoneyRow,
        f"""
SELECT 'sale' AS kind, p.id AS id, p.customer_id AS customer_id, coalesce(c.name, '') AS name, p.day AS day,
  p.total_fen AS fen
FROM purchases p LEFT JOIN customers c ON c.id = p.customer_id WHERE p.day >= :start AND p.day < :end AND {STANDS}
UNION ALL
SELECT 'refund', p.id, p.customer_id, coalesce(c.name, ''), r.day, -r.amount_fen
FROM refunds r JOIN purchases p ON p.id = r.purchase_id LEFT JOIN customers c ON c.id = p.customer_id
WHERE r.day >= :start AND r.day < :end AND {STANDS}
ORDER BY 5, 1 DESC, 2
""",
        asdict(frame),
    )


def occasions(db: Database, frame: Frame) -> list[tuple[MoneyRow, bool]]:
    """Occasions of identified customers inside the frame and whether they count (not fully refunded)."""
    rows = db.rows(
        OCCASIONS + "SELECT customer_id, name, day, net_fen, counts FROM occasion ORDER BY day, customer_id",
        asdict(frame),
    )
    return [
        (MoneyRow("occasion", customer, customer, name, day, fen), bool(counts))
        for customer, name, day, fen, counts in rows
    ]


_TO_DATE = f"""
SELECT 'customer' AS kind, c.id AS id, c.id AS customer_id, c.name AS name, max(p.day) AS day,
  sum(p.total_fen) - coalesce((SELECT sum(r.amount_fen) FROM refunds r JOIN purchases q ON q.id = r.purchase_id
    WHERE q.customer_id = c.id AND r.day < :end AND (q.void_day IS NULL OR q.void_day >= :known)), 0) AS fen
FROM purchases p JOIN customers c ON c.id = p.customer_id WHERE p.day < :end AND {STANDS} AND {ALIVE}
GROUP BY c.id
"""


def net_by_customer(db: Database, frame: Frame) -> list[MoneyRow]:
    """What each buyer brought by the frame's end, the most first; `day` is the last purchase."""
    return db.records(MoneyRow, _TO_DATE + "ORDER BY fen DESC, c.id", asdict(frame))


@dataclass(frozen=True)
class CaseRow:
    """A complaint as received; what became of it follows from its steps."""

    id: int
    customer_id: int | None
    name: str
    category: str
    summary: str
    priority: str
    received_at: str
    received_day: str
    due_at: str


@dataclass(frozen=True)
class CaseStep:
    """One known step of a complaint."""

    complaint_id: int
    kind: str
    at: str
    day: str
    interaction: bool


_CASE_IDS = """
SELECT id FROM complaints WHERE received_day >= :start AND received_day < :end
UNION SELECT complaint_id FROM complaint_steps WHERE kind IN ('resolved', 'answered', 'closed') AND day >= :start AND day < :end
"""


def cases(db: Database, frame: Frame) -> list[CaseRow]:
    """Complaints received inside the frame, and those of which a step of it resolved, answered or closed; oldest first."""
    return db.records(
        CaseRow,
        "SELECT k.id, k.customer_id, coalesce(c.name, '') AS name, k.category, k.summary, k.priority, k.received_at, "
        "k.received_day, k.due_at FROM complaints k LEFT JOIN customers c ON c.id = k.customer_id "
        f"WHERE k.id IN ({_CASE_IDS}) ORDER BY k.received_at, k.id",
        asdict(frame),
    )


def case_steps(db: Database, frame: Frame) -> list[CaseStep]:
    """The known steps of the frame's cases, by case, in the order they happened."""
    return db.records(
        CaseStep,
        "SELECT complaint_id, kind, at, day, interaction FROM complaint_steps "
        f"WHERE complaint_id IN ({_CASE_IDS}) AND day < :known ORDER BY complaint_id, at, id",
        asdict(frame),
    )


@dataclass(frozen=True)
class PromisedContact:
    """A follow-up whose first due day lies in the frame and that was not cancelled with a reason."""

    id: int
    customer_id: int
    name: str
    rule: str
    reason: str
    first_due_day: str
    done_day: str | None
    outcome: str
    staff: str
    on_time: bool
    staff_id: int | None = None


def promised(db: Database, frame: Frame) -> list[PromisedContact]:
    """The contacts promised for the frame, by day; done ones only as far as known."""
    return db.records(
        PromisedContact,
        "SELECT f.id, f.customer_id, c.name, f.rule, f.reason, f.first_due_day, "
        "CASE WHEN f.state = 'done' AND f.done_day < :known THEN f.done_day END AS done_day, "
        "CASE WHEN f.state = 'done' AND f.done_day < :known THEN f.outcome ELSE '' END AS outcome, "
        "coalesce((SELECT s.name FROM staff s WHERE s.id = coalesce(f.done_by, f.staff_id)), '') AS staff, "
        f"{FOLLOWUP_ON_TIME} AS on_time, coalesce(f.done_by, f.staff_id) AS staff_id {FOLLOWUPS_DUE} "
        "ORDER BY f.first_due_day, f.id",
        asdict(frame),
    )


@dataclass(frozen=True)
class CardFields:
    """Which of the fields a card has filled, as it is now; `device` matters for buyers only."""

    id: int
    name: str
    buys: bool
    has_name: bool
    phone: bool
    source: bool
    consent: bool
    owner: bool
    birthday: bool
    device: bool


def card_fields(db: Database, frame: Frame) -> list[CardFields]:
    """All cards by id with what is filled."""
    return db.records(
        CardFields,
        f"""
SELECT c.id, c.name, EXISTS (SELECT 1 FROM purchases p WHERE p.customer_id = c.id AND p.day < :end AND {STANDS}) AS buys,
  c.name GLOB '*[^0-9+ -]*' AS has_name, EXISTS (SELECT 1 FROM phones h WHERE h.customer_id = c.id) AS phone,
  c.source <> '' AS source, c.consent <> '' AS consent, c.owner_staff_id IS NOT NULL AS owner,
  c.birthday <> '' AS birthday, EXISTS (SELECT 1 FROM devices d WHERE d.customer_id = c.id) AS device
FROM customers c WHERE {ALIVE} ORDER BY c.id
""",
        asdict(frame),
    )


@dataclass(frozen=True)
class CallCandidate:
    """A customer whom the owner may want to call, with what speaks for it.

    Attributes:
        phone: the first number, '' none.
        net_fen / occasions / last_day: as of the frame's end; sales before refunds.
        last_active_day: last purchase or contact they began.
        referred_count: customers they sent.
        device / device_day: newest phone in use that was bought, and when, or ''.
        birthday: as stored. complaint_day / complaint_category: last complaint they made, or '' .
    """

    id: int
    name: str
    phone: str
    net_fen: int
    occasions: int
    last_day: str
    last_active_day: str
    referred_count: int
    device: str
    device_day: str
    birthday: str
    birthday_lunar: bool
    complaint_day: str
    complaint_category: str


_CANDIDATES = (
    JUDGED
    + f""", best AS (
  SELECT j.*, c.birthday, c.birthday_lunar,
    (SELECT sum(p.total_fen) FROM purchases p WHERE p.customer_id = j.id AND p.day < :end AND {STANDS}) AS net_fen
  FROM judged j JOIN customers c ON c.id = j.id
  WHERE NOT c.do_not_contact AND c.consent <> 'refused' AND (j.occasions >= 2 OR j.id IN (
    SELECT k.customer_id FROM complaints k WHERE k.received_day >= :start AND k.received_day < :end))
  ORDER BY net_fen DESC, j.id LIMIT 2000
)
SELECT b.id, b.name,
  coalesce((SELECT h.number FROM phones h WHERE h.customer_id = b.id ORDER BY h.position, h.id LIMIT 1), '') AS phone,
  b.net_fen, b.occasions, b.last_day, b.active_day AS last_active_day,
  (SELECT count(*) FROM customers c WHERE c.referred_by = b.id AND {ALIVE}) AS referred_count,
  coalesce((SELECT d.model FROM devices d WHERE d.customer_id = b.id AND d.status = 'in_use' AND d.acquired_day < :end
    ORDER BY d.acquired_day DESC, d.id DESC LIMIT 1), '') AS device,
  coalesce((SELECT max(d.acquired_day) FROM devices d WHERE d.customer_id = b.id AND d.status = 'in_use'
    AND d.acquired_day < :end), '') AS device_day,
  b.birthday, b.birthday_lunar,
  coalesce((SELECT max(k.received_day) FROM complaints k WHERE k.customer_id = b.id AND k.received_day < :end), '')
    AS complaint_day,
  coalesce((SELECT k.category FROM complaints k WHERE k.customer_id = b.id AND k.received_day < :end
    ORDER BY k.received_day DESC, k.id DESC LIMIT 1), '') AS complaint_category
FROM best b ORDER BY b.net_fen DESC, b.id
"""
)


def call_candidates(db: Database, frame: Frame) -> list[CallCandidate]:
    """Up to 2,000 buyers who may be contacted and bought repeatedly or complained inside the frame, best first."""
    return db.records(CallCandidate, _CANDIDATES, asdict(frame))


def bought_after(db: Database, frame: Frame, contacts: Sequence[tuple[int, str]]) -> int:
    """How many of these (customer id, day of the contact) bought on that day or later inside the frame."""
    found = 0
    for customer_id, day in contacts:
        found += db.value(
            "SELECT EXISTS (SELECT 1 FROM purchases p WHERE p.customer_id = :id AND p.day >= :day "
            f"AND p.day < :end AND {STANDS})",
            {**asdict(frame), "id": customer_id, "day": day},
        )
    return found


_CARRIED_OVER = """
SELECT k.id FROM complaints k WHERE k.received_day < :start AND NOT EXISTS (SELECT 1 FROM complaint_steps e
  WHERE e.complaint_id = k.id AND e.kind IN ('closed', 'withdrawn', 'duplicate') AND e.day < :start
    AND NOT EXISTS (SELECT 1 FROM complaint_steps r WHERE r.complaint_id = k.id AND r.kind = 'reopened'
      AND r.day < :start AND (r.at, r.id) > (e.at, e.id)))
"""


def carried_over(db: Database, frame: Frame) -> tuple[list[CaseRow], list[CaseStep]]:
    """Complaints from before the frame that were still open when it began, oldest first, with their known steps."""
    rows = db.records(
        CaseRow,
        "SELECT k.id, k.customer_id, coalesce(c.name, '') AS name, k.category, k.summary, k.priority, k.received_at, "
        "k.received_day, k.due_at FROM complaints k LEFT JOIN customers c ON c.id = k.customer_id "
        f"WHERE k.id IN ({_CARRIED_OVER}) ORDER BY k.received_at, k.id",
        asdict(frame),
    )
    steps = db.records(
        CaseStep,
        "SELECT complaint_id, kind, at, day, interaction FROM complaint_steps "
        f"WHERE complaint_id IN ({_CARRIED_OVER}) AND day < :known ORDER BY complaint_id, at, id",
        asdict(frame),
    )
    return rows, steps


@dataclass(frozen=True)
class BestCustomer:
    """One of the customers who brought most inside a frame; fen after refunds made inside it."""

    id: int
    name: str
    phone: str
    sales: int
    fen: int
    to_date_fen: int
    dearest: str


_BEST = f"""
WITH sold AS (
  SELECT customer_id AS id, sum(fen) AS fen, sum(sales) AS sales FROM (
    SELECT p.customer_id, p.total_fen AS fen, 1 AS sales FROM purchases p
    WHERE p.day >= :start AND p.day < :end AND {STANDS} AND p.customer_id IS NOT NULL
    UNION ALL SELECT p.customer_id, -r.amount_fen, 0 FROM refunds r JOIN purchases p ON p.id = r.purchase_id
    WHERE r.day >= :start AND r.day < :end AND {STANDS} AND p.customer_id IS NOT NULL)
  GROUP BY customer_id
), best AS (
  SELECT s.*, c.name FROM sold s JOIN customers c ON c.id = s.id
  WHERE {ALIVE} AND s.fen > 0 ORDER BY s.fen DESC, s.id LIMIT :most
)
SELECT b.id, b.name,
  coalesce((SELECT h.number FROM phones h WHERE h.customer_id = b.id ORDER BY h.position, h.id LIMIT 1), '') AS phone,
  b.sales, b.fen,
  (SELECT coalesce(sum(p.total_fen), 0) FROM purchases p WHERE p.customer_id = b.id AND p.day < :end AND {STANDS})
  - (SELECT coalesce(sum(r.amount_fen), 0) FROM refunds r JOIN purchases p ON p.id = r.purchase_id
     WHERE p.customer_id = b.id AND r.day < :end AND {STANDS}) AS to_date_fen,
  coalesce((SELECT l.description FROM purchase_lines l JOIN purchases p ON p.id = l.purchase_id
    WHERE p.customer_id = b.id AND p.day >= :start AND p.day < :end AND {STANDS}
    ORDER BY l.amount_fen DESC, l.id LIMIT 1), '') AS dearest
FROM best b ORDER BY b.fen DESC, b.id
"""


def best_customers(db: Database, frame: Frame, most: int) -> list[BestCustomer]:
    """The customers who brought most inside the frame; `dearest` is the dearest thing they bought in it."""
    return db.records(BestCustomer, _BEST, {**asdict(frame), "most": most})


def best_sellers(db: Database, frame: Frame, most: int) -> list[tuple[str, int, int]]:
    """(what, pieces, fen) of the lines sold inside the frame, the highest amounts first."""
    found: list[tuple[str, int, int]] = db.rows(
        "SELECT l.description, sum(l.quantity), sum(l.amount_fen) FROM purchase_lines l "
        f"JOIN purchases p ON p.id = l.purchase_id WHERE p.day >= :start AND p.day < :end AND {STANDS} "
        "GROUP BY l.description ORDER BY 3 DESC, 1 LIMIT :most",
        {**asdict(frame), "most": most},
    )
    return found


@dataclass(frozen=True)
class AnswerRow:
    """One survey answer of a frame.

    Attributes:
        id / customer_id / name / day: which answer, whose, of which day.
        occasion: what it is about: "c" and the complaint's id, or a day.
        satisfaction / recommendation: 1–5 and 0–10, None where not asked.
    """

    id: int
    customer_id: int
    name: str
    day: str
    occasion: str
    satisfaction: int | None
    recommendation: int | None


def answers(db: Database, frame: Frame) -> list[AnswerRow]:
    """The answers given in a frame by living cards, in the order they were given."""
    return db.records(
        AnswerRow,
        f"SELECT a.id, a.customer_id, c.name, a.day, {OCCASION} AS occasion, a.satisfaction, a.recommendation "
        "FROM survey_answers a JOIN customers c ON c.id = a.customer_id LEFT JOIN purchases p ON p.id = a.purchase_id "
        f"WHERE a.day >= :start AND a.day < :end AND {ALIVE} ORDER BY a.at, a.id",
        asdict(frame),
    )
