"""Complaints: lists with what a row shows, their steps, counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from desktop_crm.records.complaints import ComplaintState, ComplaintStep
from desktop_crm.store.rows import Database

Show = Literal["open", "overdue", "ended", "all"] | ComplaintState
"""Which cases a list shows: open, open past their due time, ended, all, or those of one state."""


@dataclass(frozen=True)
class CaseRow:
    """One case as a list shows it.

    Attributes:
        customer_name: '' for an anonymous one. tier: 'prospect' where never judged.
        phone: the primary number, '' none. owner_name: '' nobody. device: the model it is about, '' none.
        responded_at: first word of the staff to the customer, None not yet.
        ended_at: when it was closed, withdrawn or marked as a duplicate, None while open.
        latest_note: the words of the latest step that has any.
    """

    id: int
    customer_id: int | None
    summary: str
    category: str
    priority: str
    state: ComplaintState
    received_at: str
    received_day: str
    due_at: str
    import_id: int | None
    customer_name: str
    tier: str
    phone: str
    owner_name: str
    device: str
    responded_at: str | None
    ended_at: str | None
    latest_note: str


@dataclass(frozen=True)
class Counts:
    """Open cases; of them those past their due time; and those due within a stretch that are not late."""

    open: int
    overdue: int
    due_today: int


_OPEN = "k.state NOT IN ('closed', 'withdrawn', 'duplicate')"
_LIVING = "(c.id IS NULL OR (c.deleted_at IS NULL AND c.merged_into IS NULL))"
_ROW = """
SELECT k.id, k.customer_id, k.summary, k.category, k.priority, k.state, k.received_at, k.received_day, k.due_at, k.import_id,
  coalesce(c.name, '') AS customer_name, coalesce(t.tier, 'prospect') AS tier,
  coalesce((SELECT number FROM phones p WHERE p.customer_id = c.id ORDER BY p.position, p.id LIMIT 1), '') AS phone,
  coalesce(s.name, '') AS owner_name, coalesce(d.model, '') AS device,
  (SELECT min(at) FROM complaint_steps x WHERE x.complaint_id = k.id AND x.kind = 'responded') AS responded_at,
  CASE WHEN k.state IN ('closed', 'withdrawn', 'duplicate')
    THEN (SELECT max(at) FROM complaint_steps x WHERE x.complaint_id = k.id AND x.kind = k.state) END AS ended_at,
  coalesce((SELECT note FROM complaint_steps x WHERE x.complaint_id = k.id AND x.note <> '' ORDER BY x.at DESC, x.id DESC
    LIMIT 1), '') AS latest_note
FROM complaints k
LEFT JOIN customers c ON c.id = k.customer_id
LEFT JOIN customer_tiers t ON t.id = k.customer_id
LEFT JOIN staff s ON s.id = k.owner_staff_id
LEFT JOIN devices d ON d.id = k.device_id
"""
_SHOWN = {
    "open": (_OPEN, "k.due_at, k.id"),
    "overdue": (f"{_OPEN} AND k.due_at < :now", "k.due_at, k.id"),
    "ended": (f"NOT ({_OPEN})", "k.received_at DESC, k.id DESC"),
    "all": ("1", "k.received_at DESC, k.id DESC"),
}


def _shown(show: Show) -> tuple[str, str]:
    return _SHOWN.get(show, ("k.state = :show", "k.due_at, k.id"))


def listing(db: Database, show: Show, now: str, limit: int, offset: int = 0) -> list[CaseRow]:
    """The cases of a list: open ones by due time, ended ones the latest first."""
    where, order = _shown(show)
    sql = f"{_ROW} WHERE {where} AND {_LIVING} ORDER BY {order} LIMIT {int(limit)} OFFSET {int(offset)}"
    return db.records(CaseRow, sql, {"now": now, "show": show})


def count(db: Database, show: Show, now: str) -> int:
    """How many cases a list has."""
    where, _order = _shown(show)
    sql = f"SELECT count(*) FROM complaints k LEFT JOIN customers c ON c.id = k.customer_id WHERE {where} AND {_LIVING}"
    found: int = db.value(sql, {"now": now, "show": show})
    return found


def place(db: Database, show: Show, now: str, complaint_id: int) -> int | None:
    """Where in a list a case stands, from 0; None when it is not in it."""
    where, order = _shown(show)
    sql = f"""SELECT place - 1 FROM (
  SELECT k.id, row_number() OVER (ORDER BY {order}) AS place
  FROM complaints k LEFT JOIN customers c ON c.id = k.customer_id WHERE {where} AND {_LIVING}) WHERE id = :id"""
    found = db.rows(sql, {"now": now, "show": show, "id": complaint_id})
    return next((index for (index,) in found), None)


def row(db: Database, complaint_id: int) -> CaseRow | None:
    """One case as a list shows it."""
    return db.record(CaseRow, f"{_ROW} WHERE k.id = ?", (complaint_id,))


def of_customer(db: Database, customer_id: int, limit: int) -> list[CaseRow]:
    """One customer's cases, open ones first."""
    return db.records(
        CaseRow,
        f"{_ROW} WHERE k.customer_id = ? ORDER BY {_OPEN} DESC, k.received_at DESC LIMIT ?",
        (customer_id, limit),
    )


def count_by_state(db: Database) -> list[tuple[str, int]]:
    """(state, cases) of living customers and anonymous ones."""
    sql = f"SELECT k.state, count(*) FROM complaints k LEFT JOIN customers c ON c.id = k.customer_id WHERE {_LIVING} GROUP BY 1"
    return [(state, count) for state, count in db.rows(sql)]


def counts(db: Database, now: str, day_end: str) -> Counts:
    """Open cases at an instant; due today means from then until `day_end`, exclusive."""
    found = db.row(
        "SELECT count(*), coalesce(sum(k.due_at < :now), 0), coalesce(sum(k.due_at >= :now AND k.due_at < :day_end), 0)"
        f" FROM complaints k LEFT JOIN customers c ON c.id = k.customer_id WHERE {_OPEN} AND {_LIVING}",
        {"now": now, "day_end": day_end},
    )
    assert found is not None
    return Counts(*found)


def steps(db: Database, complaint_id: int) -> list[ComplaintStep]:
    """The steps of a case in order."""
    return db.records(
        ComplaintStep, "SELECT * FROM complaint_steps WHERE complaint_id = ? ORDER BY at, id", (complaint_id,)
    )


def step_lines(db: Database, complaint_id: int) -> list[tuple[ComplaintStep, str]]:
    """The steps of a case in order, each with the name of who made it ('' nobody)."""
    names = dict(db.rows("SELECT id, name FROM staff"))
    return [(step, names.get(step.staff_id, "")) for step in steps(db, complaint_id)]


def categories(db: Database) -> list[str]:
    """The categories in use, the most frequent first."""
    sql = (
        "SELECT category FROM complaints WHERE category <> '' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 100"
    )
    return [category for (category,) in db.rows(sql)]
