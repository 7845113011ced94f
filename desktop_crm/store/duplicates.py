"""Queries that look for cards that may be one person; what a likeness means is decided in duplicate_rules.py."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, Literal

from desktop_crm.records.customers import CustomerKind, Gender
from desktop_crm.store.rows import Database

_LIVE = "c.deleted_at IS NULL AND c.merged_into IS NULL"

Key = Literal["phone", "wechat", "email", "card_no", "external_id", "imei", "serial"]
_CODE = "lower(replace({0}, ' ', ''))"
_BLOCKS: Final[dict[Key, str]] = {
    "phone": f"SELECT p.number, c.id FROM phones p JOIN customers c ON c.id = p.customer_id AND {_LIVE}",
    "imei": f"SELECT d.imei, c.id FROM devices d JOIN customers c ON c.id = d.customer_id AND {_LIVE} "
    "WHERE d.imei <> ''",
    "serial": f"SELECT d.serial, c.id FROM devices d JOIN customers c ON c.id = d.customer_id AND {_LIVE} "
    "WHERE d.serial <> ''",
    "wechat": f"SELECT {_CODE.format('c.wechat')}, c.id FROM customers c WHERE c.wechat <> '' AND {_LIVE}",
    "email": f"SELECT {_CODE.format('c.email')}, c.id FROM customers c WHERE c.email <> '' AND {_LIVE}",
    "card_no": f"SELECT {_CODE.format('c.card_no')}, c.id FROM customers c WHERE c.card_no <> '' AND {_LIVE}",
    "external_id": f"SELECT c.external_id, c.id FROM customers c WHERE c.external_id <> '' AND {_LIVE}",
}
KEYS: Final = tuple(_BLOCKS)
"""Signs that point to one person by themselves; each is one ordered pass."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What tells one person from another, on one card; the fields are those of `records.customers.Customer`.

    Attributes:
        id: 0 for a card that is only being typed.
        phones: numbers, primary first. imeis: IMEIs and serials of devices. models: devices in words.
    """

    id: int
    name: str
    kind: CustomerKind = "person"
    gender: Gender = ""
    birthday: str = ""
    birthday_lunar: bool | int = False
    region: str = ""
    address: str = ""
    wechat: str = ""
    email: str = ""
    card_no: str = ""
    external_id: str = ""
    phones: tuple[str, ...] = ()
    imeis: tuple[str, ...] = ()
    models: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outline:
    """What a list of duplicates shows of one card.

    Attributes:
        phones: joined by ' / '. last_day: the latest purchase or contact, ''.
        purchases: how many sales. filled: how many of the fields that describe a person are filled.
    """

    id: int
    name: str
    phones: str
    card_no: str
    wechat: str
    birthday: str
    region: str
    address: str
    device: str
    since_day: str
    verified_day: str
    last_day: str
    purchases: int
    filled: int


def blocks(db: Database, key: Key) -> Iterator[tuple[str, list[int]]]:
    """Values that several live cards have, with the ids of these cards, ascending."""
    cursor = db.execute(f"{_BLOCKS[key]} ORDER BY 1, 2")
    for value, rows in groupby(cursor, key=itemgetter(0)):
        ids = list(dict.fromkeys(row[1] for row in rows))
        if len(ids) > 1:
            yield value, ids


def people(db: Database) -> Iterator[tuple[int, str, str, str, str]]:
    """(id, name, birthday, region, address) of every live card, by id."""
    yield from db.execute(
        f"SELECT c.id, c.name, c.birthday, c.region, c.address FROM customers c WHERE {_LIVE} ORDER BY c.id"
    )


def mobiles(db: Database) -> Iterator[tuple[int, str]]:
    """(card, number) of every mobile number on a live card, by card."""
    yield from db.execute(
        f"SELECT c.id, p.number FROM customers c CROSS JOIN phones p ON p.customer_id = c.id AND p.kind = 'mobile' "
        f"WHERE {_LIVE} ORDER BY c.id"
    )


def settled(db: Database) -> Iterator[tuple[int, int]]:
    """Pairs of cards about which somebody decided: two people, or linked; the lower id first."""
    yield from db.execute(
        "SELECT first_id, second_id FROM distinct_pairs "
        "UNION SELECT min(customer_id, other_id), max(customer_id, other_id) FROM relations"
    )


def settled_with(db: Database, customer_id: int) -> set[int]:
    """Cards about which, together with this one, somebody decided."""
    rows = db.rows(
        "SELECT second_id FROM distinct_pairs WHERE first_id = ?1 UNION SELECT first_id FROM distinct_pairs "
        "WHERE second_id = ?1 UNION SELECT other_id FROM relations WHERE customer_id = ?1 "
        "UNION SELECT customer_id FROM relations WHERE other_id = ?1",
        (customer_id,),
    )
    return {row[0] for row in rows}


def traits(db: Database, customer_ids: Collection[int]) -> dict[int, Traits]:
    """The evidence on these cards; those that are not live are left out."""
    wanted = (json.dumps(sorted(customer_ids)),)
    numbers = _gathered(db, "SELECT customer_id, number FROM phones WHERE {} ORDER BY position, id", wanted)
    imeis = _gathered(db, "SELECT customer_id, imei FROM devices WHERE imei <> '' AND {} ORDER BY id", wanted)
    serials = _gathered(
        db, "SELECT customer_id, serial FROM devices WHERE serial <> '' AND {} ORDER BY id", wanted
    )
    models = _gathered(db, "SELECT customer_id, model FROM devices WHERE {} ORDER BY id", wanted)
    rows = db.rows(
        "SELECT c.id, c.name, c.kind, c.gender, c.birthday, c.birthday_lunar, c.region, c.address, c.wechat, c.email, "
        f"c.card_no, c.external_id FROM customers c WHERE c.id IN (SELECT value FROM json_each(?)) AND {_LIVE}",
        wanted,
    )
    found = {}
    for row in rows:
        own = row[0]
        devices = (*imeis.get(own, ()), *serials.get(own, ()))
        values: list[Any] = [
            *row,
            numbers.get(own, ()),
            devices,
            models.get(own, ()),
        ]  # of the fields' own types
        found[own] = Traits(*values)
    return found


def holders(db: Database, found: Traits, limit: int) -> list[int]:
    """Live cards with a number, IMEI, serial, WeChat id, e-mail, card number or the very name of a card being typed.

    At most `limit` for each sign, the newest first.
    """
    questions: list[tuple[str, Sequence[Any]]] = [  # texts
        ("SELECT customer_id FROM phones WHERE number IN ({})", found.phones),
        ("SELECT customer_id FROM devices WHERE imei IN ({})", found.imeis),
        ("SELECT customer_id FROM devices WHERE serial IN ({})", found.imeis),
        ("SELECT id FROM customers WHERE wechat IN ({}) AND wechat <> ''", _spellings(found.wechat)),
        ("SELECT id FROM customers WHERE card_no IN ({}) AND card_no <> ''", _spellings(found.card_no)),
        ("SELECT id FROM customers WHERE name IN ({})", (found.name,) if found.name else ()),
    ]
    ids: dict[int, None] = {}
    for sql, values in questions:
        if values:
            inner = sql.format(", ".join("?" for _value in values))
            rows = db.rows(
                f"SELECT c.id FROM customers c WHERE c.id IN ({inner}) AND {_LIVE} ORDER BY c.id DESC LIMIT {limit:d}",
                values,
            )
            ids.update(dict.fromkeys(row[0] for row in rows))
    return list(ids)


def outlines(db: Database, customer_ids: Collection[int]) -> dict[int, Outline]:
    """What a list shows of these live cards."""
    found = db.records(
        Outline,
        f"""SELECT c.id, c.name, c.card_no, c.wechat, c.birthday, c.region, c.address,
          coalesce((SELECT group_concat(number, ' / ') FROM (SELECT number FROM phones WHERE customer_id = c.id
            ORDER BY position, id)), '') AS phones,
          coalesce((SELECT model FROM devices d WHERE d.customer_id = c.id ORDER BY d.status = 'in_use' DESC, d.id DESC
            LIMIT 1), '') AS device,
          coalesce(c.since_day, '') AS since_day, coalesce(c.verified_day, '') AS verified_day,
          max(coalesce((SELECT max(day) FROM purchases WHERE customer_id = c.id AND void_day IS NULL), ''),
            coalesce((SELECT max(day) FROM interactions WHERE customer_id = c.id), '')) AS last_day,
          (SELECT count(*) FROM purchases WHERE customer_id = c.id) AS purchases,
          (c.wechat <> '') + (c.email <> '') + (c.birthday <> '') + (c.gender <> '') + (c.address <> '')
            + (c.region <> '') + (c.source <> '') + (c.note <> '') + (c.occupation <> '') + (c.card_no <> '')
            + (c.consent <> '') AS filled
        FROM customers c WHERE c.id IN (SELECT value FROM json_each(?)) AND {_LIVE}""",
        (json.dumps(sorted(customer_ids)),),
    )
    return {outline.id: outline for outline in found}


def _spellings(text: str) -> tuple[str, ...]:
    """The ways in which a code is likely written, so that an index finds it."""
    return tuple(dict.fromkeys((text, text.lower(), text.upper()))) if text else ()


def _gathered(db: Database, select: str, wanted: tuple[str]) -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = {}
    sql = select.format("customer_id IN (SELECT value FROM json_each(?))")
    for customer_id, text in db.execute(sql, wanted):
        found.setdefault(customer_id, []).append(text)
    return {customer_id: tuple(texts) for customer_id, texts in found.items()}
