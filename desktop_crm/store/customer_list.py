"""Pages of the live customers in an order, and how many there are. What may be sorted by stands here, why not.

Orders over an index of customer_figures are walked from whatever known place is nearest, so that a page costs the
same at a million rows; all others, and those under a condition, are worked out once as ids. Nothing here is words.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from desktop_crm.store.rows import Database
from desktop_crm.store.who import Clause

INDEXED: Final[dict[str, str]] = {
    "last_visit": "last_visit_day",
    "contact": "last_contact_day",
    "name": "name_key",
    "since": "since_day",
    "spent": "net_fen",
    "tier": "tier_rank",
    "newest": "id",
}
"""Orders that an index answers: their column of customer_figures."""

WITH_BLANKS: Final = frozenset({"last_visit", "contact", "since"})
"""Indexed orders with '' for unknown, which comes last whatever the direction."""

_PHONE = "SELECT number FROM phones WHERE customer_id = c.id ORDER BY position, id LIMIT 1"
_DEVICE = (
    "SELECT model FROM devices d WHERE d.customer_id = c.id AND d.status = 'in_use' "
    "ORDER BY d.acquired_day DESC, d.id DESC LIMIT 1"
)
_OWNER = "SELECT name FROM staff s WHERE s.id = c.owner_staff_id"
_TAGS = (
    "SELECT group_concat(name, ' · ') FROM (SELECT name FROM tags WHERE id IN "
    "(SELECT tag_id FROM customer_tags WHERE customer_id = c.id) ORDER BY name)"
)

WORKED_OUT: Final[dict[str, str]] = {
    "purchases": "f.occasions",
    "phone": f"({_PHONE})",
    "device": f"name_key(coalesce(({_DEVICE}), ''))",
    "owner": f"name_key(coalesce(({_OWNER}), ''))",
    "region": "name_key(c.region)",
    "source": "name_key(c.source)",
    "birthday": "birthday_key(c.birthday, c.birthday_lunar, c.birthday_leap)",
    "card_no": "c.card_no",
    "tags": f"name_key(coalesce(({_TAGS}), ''))",
}
"""Orders that every row must be looked at for: what is compared; NULL and '' come last."""

_OWN_FIELD = "(SELECT {value} FROM custom_values v WHERE v.customer_id = c.id AND v.field_id = {number})"
_SAMPLE = 2_000
_LOOK_EVERY = 20_000
_CHUNK = 20_000


@dataclass(frozen=True)
class CustomerLine:
    """What a list shows of one customer.

    Attributes:
        phone: the primary number, '' if none. tags: their names, joined by ' · '.
        tier: '' where none was derived yet.
        last_visit_day: the latest purchase or contact the customer began; last_contact_day: the latest purchase or
            conversation, whoever began it; '' if never.
        occasions / spent_fen: days with a purchase, and net sales, of all time.
        device: the latest device in use, in words, '' if none. owner: the clerk's name, ''.
        since_day: '' where an import did not know it. own: stored values of the shop's own fields, JSON by field id.
    """

    id: int
    name: str
    phone: str
    tier: str
    last_visit_day: str
    last_contact_day: str
    occasions: int
    spent_fen: int
    device: str
    owner: str
    since_day: str
    do_not_contact: bool
    region: str
    source: str
    birthday: str
    birthday_lunar: bool
    birthday_leap: bool
    card_no: str
    tags: str
    own: str


@dataclass(frozen=True)
class Place:
    """Where a row stands in an order: its number from the top, what is compared, its id."""

    row: int
    key: Any  # a text or a number, as the column
    id: int


def lines(db: Database, customer_ids: Sequence[int]) -> list[CustomerLine]:
    """What a list shows of these customers, in no order; cards that are gone are left out."""
    return db.records(
        CustomerLine,
        f"""SELECT c.id, c.name, coalesce(({_PHONE}), '') AS phone, coalesce(t.tier, '') AS tier, f.last_visit_day,
             f.last_contact_day, f.occasions, f.net_fen AS spent_fen, coalesce(({_DEVICE}), '') AS device,
             coalesce(({_OWNER}), '') AS owner, f.since_day, c.do_not_contact, c.region, c.source, c.birthday,
             c.birthday_lunar, c.birthday_leap, c.card_no, coalesce(({_TAGS}), '') AS tags,
             (SELECT json_group_object(field_id, value) FROM custom_values WHERE customer_id = c.id) AS own
           FROM json_each(?) j CROSS JOIN customers c ON c.id = j.value JOIN customer_figures f ON f.id = c.id
           LEFT JOIN customer_tiers t ON t.id = c.id""",
        (json.dumps(list(customer_ids)),),
    )


def all_ids(db: Database, clause: Clause) -> array[int]:
    """The ids of all live customers the condition names, ascending."""
    cursor = db.execute(f"SELECT f.id FROM {_from(clause)} WHERE {clause.where} ORDER BY f.id", clause.params)
    return array("q", (row[0] for row in cursor))


def counts(db: Database) -> dict[int, int]:
    """Live customers by the rank of their tier, 0 without one; ranks that nobody has are left out."""
    return dict(db.rows("SELECT tier_rank, customers FROM customer_counts WHERE customers > 0"))


def count(db: Database, clause: Clause) -> int:
    """How many live customers the condition names."""
    if not clause.sql:
        return sum(counts(db).values())
    return int(db.value(f"SELECT count(*) FROM {_from(clause)} WHERE {clause.where}", clause.params))


def blanks(db: Database, order: str) -> int:
    """How many live customers have nothing to compare in an indexed order."""
    return int(db.value(f"SELECT count(*) FROM customer_figures WHERE {INDEXED[order]} = ''"))


def walk(
    db: Database, order: str, *, where: str, start: Place | None, skip: int, limit: int, descending: bool
) -> list[tuple[Any, int]]:
    """(compared, id) of the rows of an indexed order that follow a place, that row itself first.

    Args:
        where: a condition on the compared column, written with {key}; '1' for all rows.
        start: None for the beginning. skip: so many rows from there are passed over.
    """
    key, way = INDEXED[order], "DESC" if descending else "ASC"
    params: list[Any] = []
    condition = where.format(key=key)
    if start is not None:
        condition += f" AND ({key}, id) {'<=' if descending else '>='} (?, ?)"
        params += [start.key, start.id]
    return [
        (found[0], found[1])
        for found in db.rows(
            f"SELECT {key}, id FROM customer_figures WHERE {condition} ORDER BY {key} {way}, id {way} LIMIT ? OFFSET ?",
            [*params, limit, skip],
        )
    ]


def sequence(
    db: Database,
    order: str,
    clause: Clause,
    birthday_key: Callable[[str, int, int], str],
    tell: Callable[[int, int], None] | None,
) -> tuple[array[int], array[int]]:
    """Ids of the customers under a condition, ascending: those with something to compare, those with nothing.

    Args:
        order: one of INDEXED and WORKED_OUT, "field:N" for a shop's own field of texts and days, "number:N" of numbers.
        birthday_key: (birthday, lunar, leap) -> what is compared by "birthday".
        tell: told (steps done, steps in all) now and then; what it raises stops the work.
    """
    if order == "birthday":
        db.connection.create_function("birthday_key", 3, birthday_key)
    key = _compared(order)
    source = "customer_figures f JOIN customers c ON c.id = f.id" if "c." in key else _from(clause)
    select = f"SELECT f.id, {key} AS compared FROM {source} WHERE {clause.where}"
    known, bare = array("q"), array("q")
    with db.watched(_steps(db, select, clause, tell), _LOOK_EVERY):
        cursor = db.execute(f"{select} ORDER BY compared, f.id", clause.params)
        while rows := cursor.fetchmany(_CHUNK):
            for customer_id, compared in rows:
                (bare if compared is None or compared == "" else known).append(customer_id)
    return known, bare


def _steps(
    db: Database, select: str, clause: Clause, tell: Callable[[int, int], None] | None
) -> Callable[[int], None]:
    """What to call with SQLite's steps so far; how many they will be in all is judged by the oldest cards."""
    if tell is None:
        return lambda _steps: None
    told, newest = tell, int(db.value("SELECT max(id) FROM customer_figures") or 0)
    taken = [1]
    with db.watched(lambda steps: taken.append(steps), 100):
        db.rows(f"{select} AND f.id <= ?", [*clause.params, _SAMPLE])
    total = max(taken[-1] * newest // min(_SAMPLE, max(newest, 1)), 1)
    return lambda steps: told(min(steps, total), total)


def _compared(order: str) -> str:
    kind, _colon, number = order.partition(":")
    if number:
        value = "CAST(v.value AS REAL)" if kind == "number" else "name_key(v.value)"
        return _OWN_FIELD.format(value=value, number=int(number))
    return WORKED_OUT.get(order) or f"f.{INDEXED[order]}"


def _from(clause: Clause) -> str:
    return "customer_figures f" + (" JOIN customers c ON c.id = f.id" if clause.needs_customers else "")
