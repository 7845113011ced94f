"""Rows for exports, streamed in an order that stays: what a person may carry out of the shop; labels are exporting.py's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from desktop_crm.store.rows import Database
from desktop_crm.store.who import Clause

Rows = Iterator[tuple[Any, ...]]  # whatever the columns hold

_LIVE = "c.deleted_at IS NULL AND c.merged_into IS NULL"
_PHONE = (
    "coalesce((SELECT number FROM phones p WHERE p.customer_id = c.id ORDER BY position, p.id LIMIT 1), '')"
)


_EVERYBODY = Clause()


def _only(meant: Clause) -> str:
    """What narrows rows that name a customer c to those meant; their own names c and f are inside."""
    if not meant.sql:
        return "1"
    return (
        f"c.id IN (SELECT c.id FROM customers c JOIN customer_figures f ON f.id = c.id WHERE {meant.where})"
    )


def customers(db: Database, own: Sequence[int] = (), meant: Clause = _EVERYBODY) -> Rows:
    """(name, numbers with "x" before an extension, card_no, external_id, kind, wechat, email, gender, birthday, is lunar,
    region, address, occupation, source, referrer, owner, tags by line break, since_day, do_not_contact, consent,
    consent_day, model, imei, language, note, tier, values of the own fields with these ids or None)."""
    values = "".join(
        f", (SELECT value FROM custom_values v WHERE v.customer_id = c.id AND v.field_id = {int(field_id)})"
        for field_id in own
    )
    yield from db.execute(
        "SELECT c.name, (SELECT group_concat(number || CASE WHEN label GLOB '转[0-9]*' THEN replace(label, '转', 'x') "
        "ELSE '' END, ' ') FROM (SELECT number, label FROM phones p WHERE p.customer_id = c.id ORDER BY position, p.id)), "
        "c.card_no, c.external_id, c.kind, c.wechat, c.email, c.gender, c.birthday, c.birthday_lunar, c.region, c.address, "
        "c.occupation, c.source, coalesce((SELECT coalesce((SELECT number FROM phones p WHERE p.customer_id = r.id "
        "ORDER BY position LIMIT 1), r.name) FROM customers r WHERE r.id = c.referred_by), ''), "
        "coalesce((SELECT name FROM staff s WHERE s.id = c.owner_staff_id), ''), "
        "(SELECT group_concat(name, char(10)) FROM (SELECT t.name FROM customer_tags k JOIN tags t ON t.id = k.tag_id "
        "WHERE k.customer_id = c.id ORDER BY t.name)), c.since_day, c.do_not_contact, c.consent, c.consent_day, "
        "coalesce(d.model, ''), coalesce(d.imei, ''), c.language, c.note, "
        f"coalesce(t.tier, ''){values} FROM customers c "
        "LEFT JOIN customer_tiers t ON t.id = c.id LEFT JOIN devices d ON d.id = (SELECT max(id) FROM devices "
        f"WHERE customer_id = c.id AND status = 'in_use') WHERE {_LIVE} AND {_only(meant)} ORDER BY c.id",
        meant.params,
    )


def purchases(db: Database, meant: Clause = _EVERYBODY) -> Rows:
    """One row per line and per refund: (name, phone, card_no, number, at, item, category, quantity, price, discount, amount,
    cost, imei, payment, clerk, is refund, note); voided sales are left out."""
    yield from db.execute(
        f"SELECT c.name, {_PHONE}, c.card_no, x.number, x.at, x.item, x.category, x.quantity, x.price, x.discount, x.amount, "
        "x.cost, x.imei, x.pay, coalesce((SELECT name FROM staff s WHERE s.id = x.staff_id), ''), x.refund, x.note FROM ("
        "SELECT p.customer_id, p.number, p.at, l.description AS item, l.category, l.quantity, l.unit_price_fen AS price, "
        "l.discount_fen AS discount, l.amount_fen AS amount, l.cost_fen AS cost, l.imei, (SELECT method FROM payments y "
        "WHERE y.purchase_id = p.id ORDER BY amount_fen DESC, y.id LIMIT 1) AS pay, p.staff_id, 0 AS refund, p.note, l.id "
        "FROM purchases p JOIN purchase_lines l ON l.purchase_id = p.id WHERE p.void_day IS NULL UNION ALL "
        "SELECT p.customer_id, p.number, r.at, l.description, l.category, 1, r.amount_fen, 0, r.amount_fen, NULL, "
        "CASE WHEN r.line_id IS NULL THEN '' ELSE l.imei END, r.method, r.staff_id, 1, r.reason, r.id FROM refunds r "
        "JOIN purchases p ON p.id = r.purchase_id JOIN purchase_lines l ON l.id = coalesce(r.line_id, (SELECT min(id) "
        "FROM purchase_lines WHERE purchase_id = p.id)) WHERE p.void_day IS NULL) x "
        f"LEFT JOIN customers c ON c.id = x.customer_id WHERE {_only(meant)} ORDER BY x.at, x.refund, x.id",
        meant.params,
    )


def followups(db: Database, meant: Clause = _EVERYBODY) -> Rows:
    """(name, phone, card_no, due_day, first_due_day, rule, reason, state, outcome, note, done_day, clerk)."""
    yield from db.execute(
        f"SELECT c.name, {_PHONE}, c.card_no, f.due_day, f.first_due_day, f.rule, f.reason, f.state, f.outcome, f.outcome_note, "
        "f.done_day, coalesce((SELECT name FROM staff s WHERE s.id = f.staff_id), '') FROM followups f "
        f"JOIN customers c ON c.id = f.customer_id WHERE {_LIVE} AND {_only(meant)} "
        "ORDER BY f.first_due_day, f.id",
        meant.params,
    )


def complaints(db: Database, meant: Clause = _EVERYBODY) -> Rows:
    """(name, phone, card_no, received_at, summary, category, priority, channel, state, answer, closed_day, clerk)."""
    yield from db.execute(
        f"SELECT coalesce(c.name, ''), {_PHONE}, coalesce(c.card_no, ''), k.received_at, k.summary, k.category, k.priority, "
        "k.channel, k.state, coalesce((SELECT group_concat(note, char(10)) FROM (SELECT note FROM complaint_steps s "
        "WHERE s.complaint_id = k.id AND s.note <> '' ORDER BY at, s.id)), ''), (SELECT max(day) FROM complaint_steps s "
        "WHERE s.complaint_id = k.id AND s.kind = k.state AND k.state <> 'received'), "
        "coalesce((SELECT name FROM staff s WHERE s.id = k.owner_staff_id), '') FROM complaints k "
        f"LEFT JOIN customers c ON c.id = k.customer_id WHERE {_only(meant)} ORDER BY k.received_at, k.id",
        meant.params,
    )
