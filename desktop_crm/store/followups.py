"""Follow-ups: lists with what a row shows, counts, and the customers that a rule looks at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Literal

from desktop_crm.records.followups import Followup
from desktop_crm.store.rows import Database

Show = Literal["due", "overdue", "upcoming", "open", "done"]
"""Which follow-ups a list shows: open up to a day, before it, in the week after it, all open, or ended."""


@dataclass(frozen=True)
class Planned:
    """One follow-up with what is needed to say whom, why and what to say.

    Attributes:
        tier: 'prospect' where never judged. phone: the primary number, '' none.
        device / device_day: the newest device in use and since when.
        source_day: day of the sale or of the closing that caused it, None without one.
        source_text: the complaint's summary, '' without one.
        last_contact_day: last sale or contact that reached them, None if there was none.
    """

    followup: Followup
    customer_name: str
    gender: str
    language: str
    birthday: str
    birthday_lunar: bool
    birthday_leap: bool
    tier: str
    phone: str
    staff_name: str
    device: str
    device_day: str | None
    source_day: str | None
    source_text: str
    last_contact_day: str | None


@dataclass(frozen=True)
class Counts:
    """Open follow-ups before a day, on it, and in the seven days after it."""

    overdue: int
    today: int
    next_days: int


@dataclass(frozen=True)
class Candidate:
    """A customer whom a rule may contact; `staff_id` is the clerk who looks after them, if still there."""

    id: int
    name: str
    staff_id: int | None
    tier: str


_NAMES = tuple(field.name for field in fields(Followup))
_PLANNED = f"""
SELECT {", ".join("f." + name for name in _NAMES)},
  c.name, c.gender, c.language, c.birthday, c.birthday_lunar, c.birthday_leap, coalesce(t.tier, 'prospect'),
  coalesce((SELECT number FROM phones p WHERE p.customer_id = c.id ORDER BY p.position, p.id LIMIT 1), ''),
  coalesce((SELECT name FROM staff s WHERE s.id = f.staff_id), ''),
  coalesce(d.model, ''), d.acquired_day,
  CASE f.source_kind
    WHEN 'purchase' THEN (SELECT day FROM purchases p WHERE p.id = f.source_id)
    WHEN 'complaint' THEN
      (SELECT max(day) FROM complaint_steps s WHERE s.complaint_id = f.source_id AND s.kind = 'closed') END,
  CASE f.source_kind WHEN 'complaint'
    THEN coalesce((SELECT summary FROM complaints k WHERE k.id = f.source_id), '') ELSE '' END,
  nullif(max(coalesce((SELECT max(day) FROM purchases p WHERE p.customer_id = c.id), ''),
    coalesce((SELECT max(day) FROM interactions i WHERE i.customer_id = c.id AND i.reached), '')), '')
FROM followups f
JOIN customers c ON c.id = f.customer_id
LEFT JOIN customer_tiers t ON t.id = c.id
LEFT JOIN devices d ON d.id = (SELECT id FROM devices u WHERE u.customer_id = c.id AND u.status = 'in_use'
                               ORDER BY u.acquired_day DESC, u.id DESC LIMIT 1)
"""
_LIVING = "c.deleted_at IS NULL AND c.merged_into IS NULL"
_SHOWN: dict[str, tuple[str, str]] = {
    "due": ("f.state = 'open' AND f.due_day <= :day", "f.due_day, f.due_time IS NULL, f.due_time, f.id"),
    "overdue": ("f.state = 'open' AND f.due_day < :day", "f.due_day, f.due_time IS NULL, f.due_time, f.id"),
    "upcoming": (
        "f.state = 'open' AND f.due_day > :day AND f.due_day <= date(:day, '+7 days')",
        "f.due_day, f.due_time IS NULL, f.due_time, f.id",
    ),
    "open": ("f.state = 'open'", "f.due_day, f.due_time IS NULL, f.due_time, f.id"),
    "done": ("f.state <> 'open'", "coalesce(f.done_at, f.due_day) DESC, f.id DESC"),
}
_MINE = "(:staff_id IS NULL OR f.staff_id = :staff_id OR f.staff_id IS NULL)"


def listing(
    db: Database, show: Show, day: str, staff_id: int | None, limit: int, offset: int = 0
) -> list[Planned]:
    """The follow-ups of a list in its order; `staff_id` keeps that clerk's and nobody's own, None all."""
    where, order = _SHOWN[show]
    sql = f"{_PLANNED} WHERE {where} AND {_MINE} AND {_LIVING} ORDER BY {order} LIMIT {int(limit)} OFFSET {int(offset)}"
    return [_planned(row) for row in db.rows(sql, {"day": day, "staff_id": staff_id})]


def count(db: Database, show: Show, day: str, staff_id: int | None) -> int:
    """How many follow-ups a list has."""
    where, _order = _SHOWN[show]
    found: int = db.value(
        f"SELECT count(*) FROM followups f JOIN customers c ON c.id = f.customer_id WHERE {where} AND {_MINE} AND {_LIVING}",
        {"day": day, "staff_id": staff_id},
    )
    return found


def planned(db: Database, followup_id: int) -> Planned | None:
    """One follow-up with everything around it."""
    row = db.row(f"{_PLANNED} WHERE f.id = ?", (followup_id,))
    return None if row is None else _planned(row)


def of_customer(db: Database, customer_id: int) -> list[Planned]:
    """One customer's open follow-ups, the next first."""
    sql = f"{_PLANNED} WHERE f.customer_id = ? AND f.state = 'open' ORDER BY f.due_day, f.due_time, f.id"
    return [_planned(row) for row in db.rows(sql, (customer_id,))]


def counts(db: Database, day: str, staff_id: int | None) -> Counts:
    """Open follow-ups around a day."""
    row = db.row(
        "SELECT coalesce(sum(f.due_day < :day), 0), coalesce(sum(f.due_day = :day), 0), coalesce(sum(f.due_day > :day), 0)"
        " FROM followups f JOIN customers c ON c.id = f.customer_id"
        f" WHERE f.state = 'open' AND f.due_day <= date(:day, '+7 days') AND {_MINE} AND {_LIVING}",
        {"day": day, "staff_id": staff_id},
    )
    assert row is not None
    return Counts(*row)


def open_of(
    db: Database, customer_id: int, rule: str | None = None, source: tuple[str, int] | None = None
) -> list[Followup]:
    """A customer's open follow-ups, of one rule or one source if given."""
    kind, source_id = source or (None, None)
    return db.records(
        Followup,
        "SELECT * FROM followups WHERE customer_id = ? AND state = 'open' AND rule = coalesce(?, rule)"
        " AND (? IS NULL OR (source_kind = ? AND source_id = ?)) ORDER BY due_day, id",
        (customer_id, rule, kind, kind, source_id),
    )


def open_from(db: Database, source_kind: str, source_id: int) -> list[Followup]:
    """Open follow-ups that a purchase or complaint caused."""
    return db.records(
        Followup,
        "SELECT * FROM followups WHERE source_kind = ? AND source_id = ? AND state = 'open' ORDER BY due_day, id",
        (source_kind, source_id),
    )


def tries(db: Database, followup: Followup, since: str) -> int:
    """How often the same contact was tried in vain since a day."""
    found: int = db.value(
        "SELECT count(*) FROM followups WHERE customer_id = ? AND rule = ? AND reason = ? AND source_kind = ?"
        " AND source_id IS ? AND outcome = 'no_answer' AND done_day >= ?",
        (
            followup.customer_id,
            followup.rule,
            followup.reason,
            followup.source_kind,
            followup.source_id,
            since,
        ),
    )
    return found


def timed(db: Database, day: str, until: str) -> list[Planned]:
    """Open follow-ups of a day with a time up to `until` (HH:MM) that were not announced yet."""
    sql = (
        f"{_PLANNED} WHERE f.state = 'open' AND f.due_day = ? AND f.due_time <= ? AND f.reminded_at IS NULL AND {_LIVING}"
        " ORDER BY f.due_time, f.id"
    )
    return [_planned(row) for row in db.rows(sql, (day, until))]


_CONTACTABLE = f"{_LIVING} AND c.do_not_contact = 0 AND c.consent <> 'refused'"
_CANDIDATE = """
SELECT c.id, c.name, (SELECT s.id FROM staff s WHERE s.id = c.owner_staff_id AND s.active) AS staff_id,
       coalesce(t.tier, 'prospect') AS tier
FROM customers c LEFT JOIN customer_tiers t ON t.id = c.id
"""


def candidate(db: Database, customer_id: int) -> Candidate | None:
    """The customer, if a rule may contact them: living, consent not refused, contact not forbidden."""
    return db.record(Candidate, f"{_CANDIDATE} WHERE c.id = ? AND {_CONTACTABLE}", (customer_id,))


def sold_phone_or_service(db: Database, purchase_id: int) -> bool:
    """Whether a sale has a line of a phone or a service."""
    sql = "SELECT 1 FROM purchase_lines WHERE purchase_id = ? AND category IN ('phone', 'service') LIMIT 1"
    return db.value(sql, (purchase_id,)) is not None


_BORN = f"""
{_CANDIDATE}
WHERE c.birthday <> '' AND c.birthday_lunar = ?
  AND substr(c.birthday, -5) || iif(c.birthday_leap, 'L', '') IN ({{marks}}) AND {_CONTACTABLE}
  AND substr(c.created_at, 1, 10) <= ?
  AND NOT EXISTS (SELECT 1 FROM followups f WHERE f.customer_id = c.id AND f.rule = 'birthday' AND f.first_due_day >= ?)
ORDER BY c.id
"""


def born_on(
    db: Database, keys: Iterable[str], lunar: bool, birthday: str, fresh_since: str
) -> list[Candidate]:
    """Customers to greet for a day: born on one of `keys`, known by then, not greeted since `fresh_since`.

    Keys are MM-DD, with L behind for a lunar leap month.
    """
    wanted = list(keys)
    sql = _BORN.format(marks=", ".join("?" * len(wanted)))
    return db.records(Candidate, sql, (lunar, *wanted, birthday, fresh_since))


_QUIET = f"""
{_CANDIDATE}
WHERE t.tier = :tier AND {_CONTACTABLE}
  AND substr(c.created_at, 1, 10) <= :before
  AND coalesce((SELECT max(day) FROM purchases p WHERE p.customer_id = c.id), '') <= :before
  AND coalesce((SELECT max(day) FROM interactions i WHERE i.customer_id = c.id AND i.reached), '') <= :before
  AND coalesce((SELECT max(day) FROM interactions i WHERE i.customer_id = c.id), '') <= :hold
  AND NOT EXISTS (SELECT 1 FROM followups f WHERE f.customer_id = c.id AND f.state = 'open')
  AND coalesce((SELECT max(done_day) FROM followups f WHERE f.customer_id = c.id AND f.state = 'done'), '') <= :hold
ORDER BY coalesce(t.last_active_day, ''), c.id LIMIT :most
"""


def quiet_since(db: Database, tier: str, before: str, hold: str, most: int) -> list[Candidate]:
    """Customers of a tier without any sale or contact after `before`, no try after `hold`, nothing planned.

    A card counts as contact on the day it was recorded, so that imported history alone makes nobody due.
    """
    return db.records(Candidate, _QUIET, {"tier": tier, "before": before, "hold": hold, "most": most})


def open_revisits(db: Database, day: str) -> int:
    """Revisits that wait to be done on a day."""
    found: int = db.value(
        "SELECT count(*) FROM followups WHERE state = 'open' AND rule = 'tier_interval' AND due_day <= ?",
        (day,),
    )
    return found


def overtaken_revisits(db: Database, day: str, hold: str) -> list[Followup]:
    """Revisits due by `day` of customers whom a sale or contact reached after `hold` and after the revisit was planned."""
    return db.records(
        Followup,
        "SELECT f.* FROM followups f WHERE f.state = 'open' AND f.rule = 'tier_interval' AND f.due_day <= :day AND ("
        " EXISTS (SELECT 1 FROM interactions i WHERE i.customer_id = f.customer_id AND i.reached"
        "   AND i.day > :hold AND i.at > f.created_at)"
        " OR EXISTS (SELECT 1 FROM purchases p WHERE p.customer_id = f.customer_id"
        "   AND p.day > :hold AND p.at > f.created_at))",
        {"day": day, "hold": hold},
    )


def unwanted(db: Database) -> list[Followup]:
    """Open follow-ups of customers who may not be contacted: forbidden ones all, refused consent the rule-made."""
    return db.records(
        Followup,
        "SELECT f.* FROM followups f JOIN customers c ON c.id = f.customer_id WHERE f.state = 'open'"
        " AND (c.do_not_contact = 1 OR (c.consent = 'refused' AND f.rule NOT IN ('manual', 'imported')))",
    )


def _planned(row: tuple[object, ...]) -> Planned:
    split = len(_NAMES)
    values = list(row[split:])
    values[4], values[5] = bool(values[4]), bool(values[5])
    return Planned(Followup(*row[:split]), *values)  # type: ignore[arg-type]  # columns of the fields' own types
