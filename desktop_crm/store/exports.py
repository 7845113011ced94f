"""Rows for exports, streamed in an order that stays: what a person may carry out of the shop; labels are exporting.py's."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any

from desktop_crm.records.exports import ExportRecord
from desktop_crm.store.rows import Database
from desktop_crm.store.who import Clause

Rows = Iterator[tuple[Any, ...]]  # whatever the columns hold

_PHONE = (
    "coalesce((SELECT number FROM phones p WHERE p.customer_id = c.id ORDER BY position, p.id LIMIT 1), '')"
)
_EVERYBODY = Clause()


def _whose(meant: Clause, *, walk_in: str = "") -> str:
    """The condition on c and f (both may be missing) that keeps the rows of live customers who are meant.

    `walk_in` is the column that names the customer, where rows of nobody count among those of everybody.
    """
    if meant.sql:
        return f"f.id IS NOT NULL AND {meant.where}"
    return f"({walk_in} IS NULL OR f.id IS NOT NULL)" if walk_in else "f.id IS NOT NULL"


def _theirs(column: str) -> str:
    return f"LEFT JOIN customers c ON c.id = {column} LEFT JOIN customer_figures f ON f.id = {column}"


_ANSWER = (
    "(SELECT answer || ' ' || day FROM consents k WHERE k.customer_id = c.id AND k.channel = '{channel}')"
)
_BESIDES = {
    "serial": ("SELECT 1 FROM devices WHERE serial <> ''", "d.serial"),
    **{
        f"consent_{channel}": (
            f"SELECT 1 FROM consents WHERE channel = '{channel}'",
            _ANSWER.format(channel=channel),
        )
        for channel in ("call", "sms", "wechat", "email")
    },
    "preferences": ("SELECT 1 FROM customers WHERE preferences <> ''", "c.preferences"),
    "dated_notes": (
        "SELECT 1 FROM notes",
        "(SELECT group_concat(day || char(31) || at || char(31) || author || char(31) || pinned || char(31) || text, char(30)) "
        "FROM (SELECT n.day, n.at, coalesce(s.name, '') AS author, n.pinned, n.text FROM notes n "
        "LEFT JOIN staff s ON s.id = n.staff_id WHERE n.customer_id = c.id ORDER BY n.at, n.id))",
    ),
}
"""Columns that only few shops have anything in: whether there is something, and what it is of one customer."""


def besides(db: Database) -> list[str]:
    """Those of these columns in which somebody has something."""
    return [name for name, (there, _what) in _BESIDES.items() if db.value(f"{there} LIMIT 1") is not None]


def customers(
    db: Database, own: Sequence[int] = (), meant: Clause = _EVERYBODY, beside: Sequence[str] = ()
) -> Rows:
    """(name, numbers by line break, each with a tab and its label where it has one, card_no, external_id, kind, wechat,
    email, gender, birthday, is lunar, is in a leap month, region, address, occupation, source, referrer, owner, tags by
    line break, since_day, do_not_contact, consent, consent_day, model, imei, language, what was brought along: total, how
    often, last day; points and balance due, None where there are no entries; note, tier, then of columns named in `beside`
    answers as "granted 2026-03-01", notes by char(30) of (day, at, author, is pinned, text) by char(31); values of the own
    fields with these ids or None)."""
    values = "".join(
        f", (SELECT value FROM custom_values v WHERE v.customer_id = c.id AND v.field_id = {int(field_id)})"
        for field_id in own
    )
    more = "".join(f", {_BESIDES[name][1]}" for name in beside)
    yield from db.execute(
        "SELECT c.name, (SELECT group_concat(number || iif(label = '', '', char(9) || label), char(10)) FROM "
        "(SELECT number, label FROM phones p WHERE p.customer_id = c.id ORDER BY position, p.id)), "
        "c.card_no, c.external_id, c.kind, c.wechat, c.email, c.gender, c.birthday, c.birthday_lunar, c.birthday_leap, "
        "c.region, c.address, "
        "c.occupation, c.source, coalesce((SELECT coalesce((SELECT number FROM phones p WHERE p.customer_id = r.id "
        "ORDER BY position LIMIT 1), r.name) FROM customers r WHERE r.id = c.referred_by AND r.deleted_at IS NULL), ''), "
        "coalesce((SELECT name FROM staff s WHERE s.id = c.owner_staff_id), ''), "
        "(SELECT group_concat(name, char(10)) FROM (SELECT t.name FROM customer_tags k JOIN tags t ON t.id = k.tag_id "
        "WHERE k.customer_id = c.id ORDER BY t.name)), c.since_day, c.do_not_contact, c.consent, c.consent_day, "
        "coalesce(d.model, ''), coalesce(d.imei, ''), c.language, "
        "(SELECT sum(total_fen) FROM opening_summaries o WHERE o.customer_id = c.id), "
        "(SELECT sum(purchases) FROM opening_summaries o WHERE o.customer_id = c.id), "
        "(SELECT max(last_day) FROM opening_summaries o WHERE o.customer_id = c.id), "
        "(SELECT sum(points) FROM point_entries e WHERE e.customer_id = c.id), "
        "(SELECT sum(amount_fen) FROM balance_entries b WHERE b.customer_id = c.id), c.note, "
        f"coalesce(t.tier, ''){more}{values} FROM customer_figures f NOT INDEXED CROSS JOIN customers c ON c.id = f.id "
        "LEFT JOIN customer_tiers t ON t.id = c.id LEFT JOIN devices d ON d.id = (SELECT max(id) FROM devices "
        f"WHERE customer_id = c.id AND status = 'in_use') WHERE {meant.where} ORDER BY f.id",
        meant.params,
    )


def purchases(db: Database, meant: Clause = _EVERYBODY) -> Rows:
    """One row per line and per refund: (name, phone, card_no, number, at, item, category, quantity, price, discount, amount,
    cost, imei, payment, clerk, is refund, note); voided sales and those of deleted cards are left out, and no cost is told
    to somebody who may not see it."""
    for row in heapq.merge(_sold(db, meant), _refunded(db, meant), key=itemgetter(0, 1, 2, 3)):
        yield row[4:]


_PERSON = f"coalesce(c.name, ''), {_PHONE}, coalesce(c.card_no, '')"
_DEVICE = (
    "(SELECT model FROM devices d WHERE d.customer_id = c.id AND d.status = 'in_use' "
    "ORDER BY d.acquired_day DESC, d.id DESC LIMIT 1)"
)
_CLERK = "coalesce((SELECT name FROM staff s WHERE s.id = {column}), '')"


def _sold(db: Database, meant: Clause) -> Rows:
    """Lines after (day, at, 0, id), by which they are sorted; by the index of days, so that nothing is gathered first."""
    cost = "NULL" if "cost_fen" in db.hidden else "l.cost_fen"
    yield from db.execute(
        f"SELECT p.day, p.at, 0, l.id, {_PERSON}, p.number, p.at, l.description, l.category, l.quantity, l.unit_price_fen, "
        f"l.discount_fen, l.amount_fen, {cost}, l.imei, (SELECT method FROM payments y WHERE y.purchase_id = p.id "
        f"ORDER BY amount_fen DESC, y.id LIMIT 1), {_CLERK.format(column='p.staff_id')}, 0, p.note "
        "FROM purchases p INDEXED BY purchases_day CROSS JOIN purchase_lines l ON l.purchase_id = p.id "
        f"{_theirs('p.customer_id')} WHERE p.void_day IS NULL AND {_whose(meant, walk_in='p.customer_id')} "
        "ORDER BY p.day, p.at, l.id",
        meant.params,
    )


def _refunded(db: Database, meant: Clause) -> Rows:
    """Refunds after (day, at, 1, id), by which they are sorted, as rows of what was given back."""
    yield from db.execute(
        f"SELECT r.day, r.at, 1, r.id, {_PERSON}, p.number, r.at, l.description, l.category, 1, r.amount_fen, 0, "
        "r.amount_fen, NULL, iif(r.line_id IS NULL, '', l.imei), r.method, "
        f"{_CLERK.format(column='r.staff_id')}, 1, r.reason FROM refunds r INDEXED BY refunds_day "
        "CROSS JOIN purchases p ON p.id = r.purchase_id CROSS JOIN purchase_lines l ON l.id = coalesce(r.line_id, "
        "(SELECT min(id) FROM purchase_lines WHERE purchase_id = p.id)) "
        f"{_theirs('p.customer_id')} WHERE p.void_day IS NULL AND {_whose(meant, walk_in='p.customer_id')} "
        "ORDER BY r.day, r.at, r.id",
        meant.params,
    )


def followups(db: Database, meant: Clause = _EVERYBODY) -> Rows:
    """(name, phone, card_no, due_day, first_due_day, rule, reason, state, outcome, note, done_day, clerk)."""
    yield from db.execute(
        f"SELECT {_PERSON}, u.due_day, u.first_due_day, u.rule, u.reason, u.state, u.outcome, u.outcome_note, "
        f"u.done_day, {_CLERK.format(column='u.staff_id')} FROM followups u INDEXED BY followups_first_due "
        f"{_theirs('u.customer_id')} WHERE {_whose(meant)} ORDER BY u.first_due_day, u.id",
        meant.params,
    )


_ALONE = "i.followup_id IS NULL AND i.complaint_id IS NULL"
"""Contacts that no follow-up and no complaint tells of; those stand in the rows of what they belong to."""


def contacts(db: Database, meant: Clause = _EVERYBODY) -> Rows:
    """(name, phone, card_no, at, channel, summary, was reached, clerk) of contacts that stand for themselves."""
    yield from db.execute(
        f"SELECT {_PERSON}, i.at, i.channel, i.summary, i.reached, {_CLERK.format(column='i.staff_id')} "
        f"FROM interactions i NOT INDEXED {_theirs('i.customer_id')} WHERE {_ALONE} AND {_whose(meant)} ORDER BY i.id",
        meant.params,
    )


def complaints(db: Database, meant: Clause = _EVERYBODY) -> Rows:
    """(name, phone, card_no, received_at, summary, category, priority, channel, state, answer, closed_day, clerk)."""
    yield from db.execute(
        f"SELECT {_PERSON}, k.received_at, k.summary, k.category, k.priority, "
        "k.channel, k.state, coalesce((SELECT group_concat(note, char(10)) FROM (SELECT note FROM complaint_steps s "
        "WHERE s.complaint_id = k.id AND s.note <> '' ORDER BY at, s.id)), ''), (SELECT max(day) FROM complaint_steps s "
        "WHERE s.complaint_id = k.id AND s.kind = k.state AND k.state <> 'received'), "
        f"{_CLERK.format(column='k.owner_staff_id')} FROM complaints k INDEXED BY complaints_received "
        f"{_theirs('k.customer_id')} WHERE {_whose(meant, walk_in='k.customer_id')} "
        "ORDER BY k.received_day, k.received_at, k.id",
        meant.params,
    )


# ---------------------------------------------------------------- dates


def open_followups(db: Database, meant: Clause = _EVERYBODY) -> Rows:
    """(id, name, phone, due_day, due_time, rule, reason, device, clerk), those that are due first first."""
    yield from db.execute(
        f"SELECT u.id, c.name, {_PHONE}, u.due_day, u.due_time, u.rule, u.reason, coalesce({_DEVICE}, ''), "
        f"{_CLERK.format(column='u.staff_id')} FROM followups u INDEXED BY followups_due "
        f"{_theirs('u.customer_id')} WHERE u.state = 'open' AND {_whose(meant)} ORDER BY u.due_day, u.id",
        meant.params,
    )


def birthdays(db: Database, meant: Clause = _EVERYBODY) -> Rows:
    """(customer, name, phone, birthday, is lunar, is in a leap month) of those who may be contacted."""
    yield from db.execute(
        f"SELECT c.id, c.name, {_PHONE}, c.birthday, c.birthday_lunar, c.birthday_leap "
        "FROM customer_figures f NOT INDEXED CROSS JOIN customers c ON c.id = f.id "
        f"WHERE c.birthday <> '' AND NOT c.do_not_contact AND {meant.where} ORDER BY f.id",
        meant.params,
    )


# ---------------------------------------------------------------- how many

_OF_SOMEBODY = {
    "customers": "SELECT f.id",
    "purchases": "SELECT p.customer_id FROM purchases p WHERE p.void_day IS NULL AND p.customer_id = f.id",
    "followups": "SELECT u.customer_id FROM followups u WHERE u.customer_id = f.id UNION ALL "
    f"SELECT i.customer_id FROM interactions i WHERE i.customer_id = f.id AND {_ALONE}",
    "complaints": "SELECT k.customer_id FROM complaints k WHERE k.customer_id = f.id",
    "open_followups": "SELECT u.customer_id FROM followups u WHERE u.customer_id = f.id AND u.state = 'open'",
    "birthdays": "SELECT f.id FROM customers b WHERE b.id = f.id AND b.birthday <> '' AND NOT b.do_not_contact",
}
"""Whose customer f.id is in a list, by what the list holds."""

_COUNTED = {
    "customers": "SELECT count(*) FROM customer_figures",
    "purchases": "SELECT (SELECT count(*) FROM purchase_lines) + (SELECT count(*) FROM refunds)",
    "followups": f"SELECT (SELECT count(*) FROM followups) + (SELECT count(*) FROM interactions i WHERE {_ALONE})",
    "complaints": "SELECT count(*) FROM complaints",
}


def people(db: Database, lists: Sequence[str], meant: Clause = _EVERYBODY) -> int:
    """How many different live customers stand in one of these lists at least."""
    there = (
        " OR ".join(f"EXISTS ({_OF_SOMEBODY[each]})" for each in lists) if "customers" not in lists else "1"
    )
    found: int = db.value(
        "SELECT count(*) FROM customer_figures f NOT INDEXED JOIN customers c ON c.id = f.id "
        f"WHERE ({there}) AND {meant.where}",
        meant.params,
    )
    return found


def about(db: Database, kind: str) -> int:
    """About how many rows a whole list has, for telling how far it is."""
    found: int = db.value(_COUNTED[kind])
    return found


# ---------------------------------------------------------------- the history of what left


def of_change(db: Database, change_id: int) -> ExportRecord | None:
    """The export that is this step, or None."""
    return db.record(ExportRecord, "SELECT * FROM exports WHERE change_id = ?", (change_id,))
