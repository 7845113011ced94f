"""Rows for the phone book that leaves the shop; what becomes of them is exporting/phone_book.py's."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from desktop_crm.store.rows import Database
from desktop_crm.store.who import Clause


def contacts(db: Database, meant: Clause, ids: Sequence[int] | None = None) -> Iterator[tuple[Any, ...]]:
    """(id, name, kind, [[number, label], …] as JSON, wechat, email, gender, birthday, is lunar, in a leap month, region,
    address, occupation, tier, do_not_contact, tags by line break, card_no, external_id, note) of live customers.

    Args:
        meant: only these. ids: only these too, in this order; None orders by the cards' age.
    """
    whose, order = "customer_figures f NOT INDEXED CROSS JOIN customers c ON c.id = f.id", "f.id"
    params = meant.params
    if ids is not None:
        whose = f"json_each(?) j CROSS JOIN {whose.replace('ON c.id', 'ON f.id = j.value AND c.id')}"
        order, params = "j.key", (json.dumps(list(ids)), *params)
    yield from db.execute(
        "SELECT c.id, c.name, c.kind, coalesce((SELECT json_group_array(json_array(number, label)) FROM (SELECT number, label "
        "FROM phones p WHERE p.customer_id = c.id ORDER BY position, p.id)), '[]'), c.wechat, c.email, c.gender, c.birthday, "
        "c.birthday_lunar, c.birthday_leap, c.region, c.address, c.occupation, coalesce(t.tier, ''), c.do_not_contact, "
        "coalesce((SELECT group_concat(name, char(10)) FROM (SELECT g.name FROM customer_tags k JOIN tags g ON g.id = k.tag_id "
        "WHERE k.customer_id = c.id ORDER BY g.name)), ''), c.card_no, c.external_id, c.note "
        f"FROM {whose} LEFT JOIN customer_tiers t ON t.id = c.id WHERE {meant.where} ORDER BY {order}",
        params,
    )
