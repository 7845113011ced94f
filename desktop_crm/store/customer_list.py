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

_POINTS = "SELECT sum(points) FROM point_entries e WHERE e.customer_id = f.id"
_BROUGHT = "SELECT sum(total_fen) FROM opening_summaries o WHERE o.customer_id = f.id"

_BIRTHDAY = "iif(c.birthday = '', '', substr(c.birthday, -5) || iif(c.birthday_lunar, 'L', '') || iif(c.birthday_leap, 'L', ''))"


@dataclass(frozen=True)
class Order:
    """What every row must be looked at for.

    Attributes:
        value: what is compared of one customer, as SQL; NULL and '' come last.
        words: where its values stand not for themselves but for a place among all of them: a query for all of them.
    """

    value: str
    words: str = ""


WORKED_OUT: Final[dict[str, Order]] = {
    "purchases": Order("f.occasions"),
    "phone": Order(f"({_PHONE})"),
    "device": Order(f"({_DEVICE})", "SELECT DISTINCT model FROM devices"),
    "owner": Order(f"({_OWNER})", "SELECT DISTINCT name FROM staff"),
    "region": Order("c.region", "SELECT DISTINCT region FROM customers"),
    "source": Order("c.source", "SELECT DISTINCT source FROM customers"),
    "birthday": Order(_BIRTHDAY, f"SELECT DISTINCT {_BIRTHDAY} FROM customers c"),
    "card_no": Order("c.card_no"),
    "points": Order(f"({_POINTS})"),
    "brought": Order(f"({_BROUGHT})"),
    "tags": Order(f"({_TAGS})", f"SELECT DISTINCT ({_TAGS}) FROM customers c"),
}
"""Orders that no index answers."""

_OWN_FIELD = "(SELECT {value} FROM custom_values v WHERE v.customer_id = c.id AND v.field_id = {number})"
_MOST_WORDS = 20_000
"""More different values than that (car plates) are compared as they are."""

_BY_ID = "customer_figures f NOT INDEXED"
"""Walked by id, as the cards lie: in the order of any index, a million cards took 12 times as long."""

_SAMPLE = 2_000
_LOOK_EVERY = 500_000
_PIECE = 100_000
"""Characters of a list of ids that are read at once; the window waits for no more than that."""


@dataclass(frozen=True)
class CustomerLine:
    """What a list shows of one customer.

    Attributes:
        phone: the primary number, '' if none. tags: their names, joined by ' · '.
        tier: '' where none was derived yet.
        last_visit_day: the latest purchase or contact the customer began; last_contact_day: the latest purchase or
            conversation, whoever began it; '' if never. The last purchase brought along counts with both.
        occasions / spent_fen: days with a purchase, and net sales, of all time.
        device: the latest device in use, in words, '' if none. owner: the clerk's name, ''.
        points: None where there was never an entry. brought_fen: spent before by another program, None where unknown.
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
    points: int | None = None
    brought_fen: int | None = None


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
             (SELECT json_group_object(field_id, value) FROM custom_values WHERE customer_id = c.id) AS own,
             ({_POINTS}) AS points, ({_BROUGHT}) AS brought_fen
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
    place: Callable[[str], str],
    tell: Callable[[int, int], None] | None,
) -> tuple[array[int], array[int]]:
    """Ids of the customers under a condition, ascending: those with something to compare, those with nothing.

    All of it is one step of SQLite: rows taken one by one would wait for the window's thread a million times.

    Args:
        order: one of INDEXED and WORKED_OUT, "field:N" for a shop's own field of texts and days, "number:N" of numbers.
        place: word -> what it is compared by; a birthday is "MM-DD", L behind it for a lunar, LL for a leap month.
        tell: told (steps done, steps in all) now and then; what it raises stops the work.
    """
    asked = _order(order)
    places = _places(db, asked, place)
    value, ranked, params = asked.value, "", list(clause.params)
    source = (
        f"{_BY_ID} JOIN customers c ON c.id = f.id" if clause.needs_customers or "c." in value else _BY_ID
    )
    if places is not None:
        ranked = "WITH places(word, place) AS MATERIALIZED (SELECT key, value FROM json_each(?)) "
        source += f" LEFT JOIN places ON word = {value}"
        value, params = "place", [json.dumps(places), *params]
    select = f"SELECT f.id AS id, nullif({value}, '') AS compared FROM {source} WHERE {clause.where}"
    whole = f"{ranked}SELECT compared IS NULL, json_group_array(id ORDER BY compared, id) FROM ({{select}}) GROUP BY 1"
    with db.watched(_steps(db, whole, select, params, tell), _LOOK_EVERY):
        found = dict(db.rows(whole.format(select=select), params))
    return _ids(found.get(0, "[]")), _ids(found.get(1, "[]"))


def _order(name: str) -> Order:
    kind, _colon, number = name.partition(":")
    if not number:
        return WORKED_OUT.get(name) or Order(f"f.{INDEXED[name]}")
    if kind == "number":
        return Order(_OWN_FIELD.format(value="CAST(v.value AS REAL)", number=int(number)))
    return Order(
        _OWN_FIELD.format(value="v.value", number=int(number)),
        f"SELECT DISTINCT value FROM custom_values WHERE field_id = {int(number)}",
    )


def _places(db: Database, order: Order, place: Callable[[str], str]) -> dict[str, int] | None:
    """The place of each word among all, the same for words that compare alike; None where values are compared."""
    if not order.words:
        return None
    words = [word for (word,) in db.rows(f"{order.words} LIMIT {_MOST_WORDS + 1}") if word]
    if len(words) > _MOST_WORDS:
        return None
    keys = {word: place(word) for word in words}
    rank = {key: number for number, key in enumerate(sorted(set(keys.values())))}
    return {word: rank[key] for word, key in keys.items()}


def _ids(listed: str) -> array[int]:
    """The numbers of a JSON list."""
    found, start, end = array("q"), 1, len(listed) - 1
    while start < end:
        cut = listed.find(",", start + _PIECE)
        cut = end if cut < 0 else cut
        found.extend(map(int, listed[start:cut].split(",")))
        start = cut + 1
    return found


def _steps(
    db: Database,
    whole: str,
    select: str,
    params: Sequence[Any],
    tell: Callable[[int, int], None] | None,
) -> Callable[[int], None]:
    """What to call with SQLite's steps so far; how many they will be in all is judged by the oldest cards."""
    if tell is None:
        return lambda _steps: None
    told, newest = tell, int(db.value("SELECT max(id) FROM customer_figures") or 0)
    taken = [1]
    with db.watched(lambda steps: taken.append(steps), 100):
        db.rows(whole.format(select=f"{select} AND f.id <= {_SAMPLE}"), params)
    total = max(taken[-1] * newest // min(_SAMPLE, max(newest, 1)), 1)
    return lambda steps: told(min(steps, total), total)


def _from(clause: Clause) -> str:
    return f"{_BY_ID} JOIN customers c ON c.id = f.id" if clause.needs_customers else "customer_figures f"
