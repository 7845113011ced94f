"""The search index of the shop file: keeping it fresh, asking it, and reading the cards it answers with.

One contentless FTS5 table whose documents are the tokens of one customer. Which tokens these are is in
search_tokens.py; what a query means and how its hits are ranked is in desktop_crm/search.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from desktop_crm.store import search_tokens as tokens
from desktop_crm.store.rows import Database

_CHUNK = 2_000
"""So many cards are read at once while the index is made; more would hold up the window."""

_BULK = 2_000
"""From so many cards on, when they are a good part of all, the index is made one piece at once."""

_HASH, _LARGE_HASH = 1 << 20, 16 << 20
"""Bytes; the first is SQLite's own (https://www.sqlite.org/fts5.html#the_hashsize_configuration_option)."""

_PIECES = 6
"""More pieces than this are merged when nothing is going on; each is looked into for every word."""

_MERGED_PAGES = 1_000
"""Pages of 4 KB that are merged at a time: a tenth of a second."""

Tell = Callable[[int, int], None]
"""Told how many are done, and of how many."""

_TIERS = ("", "prospect", "lost", "regular", "potential", "high_value")
"""By customer_figures.tier_rank."""

_HANGING = """
SELECT d.customer_id AS id, 'phone' AS kind, p.number AS text FROM {whose} d
CROSS JOIN phones p ON p.customer_id = d.customer_id WHERE d.customer_id BETWEEN ?1 AND ?2
UNION ALL SELECT d.customer_id, 'serial', v.imei || ' ' || v.serial FROM {whose} d
CROSS JOIN devices v ON v.customer_id = d.customer_id WHERE d.customer_id BETWEEN ?1 AND ?2
UNION ALL SELECT d.customer_id, '¶', n.text FROM {whose} d CROSS JOIN notes n ON n.customer_id = d.customer_id
WHERE d.customer_id BETWEEN ?1 AND ?2
UNION ALL SELECT d.customer_id, '†', t.name FROM {whose} d
CROSS JOIN customer_tags g ON g.customer_id = d.customer_id CROSS JOIN tags t ON t.id = g.tag_id
WHERE d.customer_id BETWEEN ?1 AND ?2
UNION ALL SELECT d.customer_id, '‡' || v.field_id || '‡', v.value FROM {whose} d
CROSS JOIN custom_values v ON v.customer_id = d.customer_id WHERE d.customer_id BETWEEN ?1 AND ?2
UNION ALL SELECT d.customer_id, 'code', m.wechat || ' ' || m.card_no FROM {whose} d
CROSS JOIN customers m ON m.merged_into = d.customer_id WHERE d.customer_id BETWEEN ?1 AND ?2
"""
"""What hangs on cards, and the codes of cards that went into them; the signs are those of search_tokens."""

_CARDS = """
SELECT c.id, c.name, c.wechat, c.card_no, c.note, c.preferences FROM {whose} d
CROSS JOIN customers c ON c.id = d.customer_id
WHERE d.customer_id BETWEEN ?1 AND ?2 AND c.deleted_at IS NULL AND c.merged_into IS NULL ORDER BY d.customer_id
"""
_NEXT_MARKED = (
    "SELECT d.customer_id, EXISTS (SELECT 1 FROM search_index_docsize z WHERE z.id = d.customer_id) "
    "FROM search_dirty d WHERE d.customer_id > ? ORDER BY d.customer_id LIMIT ?"
)
_ALL = "(SELECT id AS customer_id FROM customers)"
_ALL_HANGING = f"SELECT json_group_array(json_array(id, kind, text)) FROM ({_HANGING.format(whose=_ALL)})"
_ALL_CARDS = (
    "SELECT json_group_array(json_array(id, name, wechat, card_no, note, preferences)) "
    f"FROM ({_CARDS.format(whose=_ALL)})"
)
_MARKED_HANGING, _MARKED_CARDS = _HANGING.format(whose="search_dirty"), _CARDS.format(whose="search_dirty")


class Found(NamedTuple):
    """What is shown and explained of one customer that matched.

    Attributes:
        numbers: joined by spaces, primary first, '' if none.
        tier: '' if none yet. last_visit_day: '' if never here.
    """

    id: int
    name: str
    wechat: str
    card_no: str
    numbers: str
    tier: str
    last_visit_day: str


@dataclass(frozen=True)
class Held:
    """One IMEI or serial number that a customer has or had; in_use: the device is still theirs."""

    customer_id: int
    serial: str
    in_use: bool


def refresh(db: Database, tell: Tell | None = None) -> int:
    """Bring the index up to date with the customers marked dirty, inside the change that marked them.

    Args:
        tell: is told how many of how many are done, now and then; what it raises ends the change.

    Returns:
        how many were marked.
    """
    marked: int = db.value("SELECT count(*) FROM search_dirty")
    is_bulk = db.spent and marked >= _BULK
    if is_bulk:
        _set_hash(db, _LARGE_HASH)
    done, last = 0, -1
    while chunk := db.rows(_NEXT_MARKED, (last, _CHUNK)):
        if tell is not None:
            tell(done, marked)
        # Deleting what was never there costs as much as deleting: new cards are most of a bulk.
        known = [(each,) for each, is_known in chunk if is_known]
        if known:
            db.executemany("DELETE FROM search_index WHERE rowid = ?", known)
        db.executemany(
            "INSERT INTO search_index (rowid, tokens) VALUES (?, ?)",
            _documents(db, chunk[0][0], chunk[-1][0]),
        )
        done, last = done + len(chunk), chunk[-1][0]
    if marked:
        db.execute("DELETE FROM search_dirty")
        if is_bulk:
            _set_hash(db, _HASH)
    few = is_bulk and _pieces(db) < _PIECES  # the larger hash has made only some
    if marked >= _BULK and not few and _is_good_part(db, marked):
        db.execute("INSERT INTO search_index (search_index) VALUES ('optimize')")
    return marked


def _set_hash(db: Database, size: int) -> None:
    """How much is gathered in memory before it becomes a piece of the index.

    What has once grown makes each later small change slower by milliseconds, so a larger one is only for connections
    that are closed at the end of their change (SQLite empties every slot of the hash at each commit).
    """
    db.execute("INSERT INTO search_index (search_index, rank) VALUES ('hashsize', ?)", (size,))


def _is_good_part(db: Database, marked: int) -> bool:
    cards: int = db.value("SELECT count(*) FROM search_index_docsize")
    return marked * 4 >= cards


def _pieces(db: Database) -> int:
    found: int = db.value("SELECT count(DISTINCT segid) FROM search_index_idx")
    return found


def mark_all(db: Database) -> None:
    """Empty the index and mark every card to be indexed anew by the next `refresh`."""
    db.execute("INSERT INTO search_index (search_index) VALUES ('delete-all')")
    db.execute("INSERT OR IGNORE INTO search_dirty (customer_id) SELECT id FROM customers")


def tidy(db: Database) -> None:
    """Merge a little of what many small changes have left in pieces; inside a transaction, when nothing is going on."""
    if _pieces(db) > _PIECES:
        db.execute("INSERT INTO search_index (search_index, rank) VALUES ('merge', ?)", (-_MERGED_PAGES,))


def newest_matches(db: Database, query: str, digits: Sequence[str], limit: int) -> list[int]:
    """Ids of the newest cards that match an FTS5 query and have numbers with these digits.

    Args:
        query: '' for digits alone. digits: one or two each, which nearly everybody has and no token tells.
    """
    if query:
        also = "".join(
            " AND EXISTS (SELECT 1 FROM phones p WHERE p.customer_id = search_index.rowid AND instr(p.number, ?))"
            for _each in digits
        )
        sql = f"SELECT rowid FROM search_index WHERE search_index MATCH ?{also} ORDER BY rowid DESC LIMIT ?"
        return [row[0] for row in db.rows(sql, (query, *digits, limit))]
    also = " AND ".join("instr(p.number, ?)" for _each in digits)
    sql = (
        f"SELECT DISTINCT p.customer_id FROM phones p WHERE {also} "
        "AND EXISTS (SELECT 1 FROM customer_figures f WHERE f.id = p.customer_id) ORDER BY p.customer_id DESC LIMIT ?"
    )
    return [row[0] for row in db.rows(sql, (*digits, limit))]


def last_visits(db: Database, customer_ids: Sequence[int]) -> dict[int, str]:
    """The latest day each live customer bought or came, '' if never."""
    return dict(
        db.rows(
            "SELECT f.id, f.last_visit_day FROM json_each(?) j CROSS JOIN customer_figures f ON f.id = j.value",
            (json.dumps(customer_ids),),
        )
    )


def found(db: Database, customer_ids: Sequence[int]) -> list[Found]:
    """What is shown of these customers, in their order; cards that are gone are left out."""
    rows = db.rows(
        """SELECT c.id, c.name, c.wechat, c.card_no, coalesce((SELECT group_concat(number, ' ') FROM
               (SELECT number FROM phones WHERE customer_id = c.id ORDER BY position)), ''),
             coalesce(f.tier_rank, 0), coalesce(f.last_visit_day, '')
           FROM json_each(?) j CROSS JOIN customers c ON c.id = j.value LEFT JOIN customer_figures f ON f.id = c.id""",
        (json.dumps(customer_ids),),
    )
    return [
        Found(card, name, wechat, card_no, numbers, _TIERS[rank], day)
        for card, name, wechat, card_no, numbers, rank, day in rows
    ]


def serials(db: Database, customer_ids: Sequence[int]) -> list[Held]:
    """Every IMEI and serial number of these customers, the newest device first."""
    return [
        Held(customer_id, serial, bool(in_use))
        for customer_id, imei, number, in_use in db.rows(
            "SELECT v.customer_id, v.imei, v.serial, v.status = 'in_use' FROM json_each(?) j "
            "CROSS JOIN devices v ON v.customer_id = j.value ORDER BY v.id DESC",
            (json.dumps(customer_ids),),
        )
        for serial in (imei, number)
        if serial
    ]


def merged_codes(db: Database, customer_ids: Sequence[int]) -> list[tuple[int, str]]:
    """(customer_id, WeChat id or card number) of the cards that went into those of these customers."""
    return [
        (customer_id, code)
        for customer_id, *codes in db.rows(
            "SELECT m.merged_into, m.wechat, m.card_no FROM json_each(?) j CROSS JOIN customers m ON m.merged_into = j.value",
            (json.dumps(customer_ids),),
        )
        for code in codes
        if code
    ]


def texts(db: Database, mark: str, customer_ids: Sequence[int]) -> list[tuple[int, str]]:
    """(customer_id, text) of the notes, tags or values of an own field of these customers; `mark`: of which."""
    if mark == tokens.NOTE:
        select = (
            "SELECT c.id, c.note FROM json_each(?1) j CROSS JOIN customers c ON c.id = j.value UNION ALL "
            "SELECT c.id, c.preferences FROM json_each(?1) j CROSS JOIN customers c ON c.id = j.value UNION ALL "
            "SELECT n.customer_id, n.text FROM json_each(?1) j CROSS JOIN notes n ON n.customer_id = j.value"
        )
    elif mark == tokens.TAG:
        select = (
            "SELECT g.customer_id, t.name FROM json_each(?1) j CROSS JOIN customer_tags g ON g.customer_id = j.value "
            "CROSS JOIN tags t ON t.id = g.tag_id"
        )
    else:
        select = (
            "SELECT v.customer_id, v.value FROM json_each(?1) j CROSS JOIN custom_values v ON v.customer_id = j.value "
            "WHERE '‡' || v.field_id || '‡' = ?2"
        )
    return db.rows(select, (json.dumps(customer_ids), mark)[: 2 if "?2" in select else 1])


def holders(db: Database, code: str) -> list[Held]:
    """Live customers with exactly this IMEI, serial number or card number, the newest device first."""
    return [
        Held(customer_id, serial, bool(in_use))
        for customer_id, serial, in_use in db.rows(
            "SELECT v.customer_id, ?1, v.status = 'in_use' FROM (SELECT * FROM devices WHERE imei = ?1 AND imei <> '' "
            "UNION SELECT * FROM devices WHERE serial = ?1 AND serial <> '' ORDER BY id DESC) v "
            "WHERE EXISTS (SELECT 1 FROM customers c WHERE c.id = v.customer_id AND c.deleted_at IS NULL "
            "AND c.merged_into IS NULL) UNION ALL SELECT c.id, ?1, 1 FROM customers c WHERE c.card_no = ?1 "
            "AND c.card_no <> '' AND c.deleted_at IS NULL AND c.merged_into IS NULL",
            (code,),
        )
    ]


def gathered(db: Database, low: int, high: int) -> tuple[str, str]:
    """What all cards with these ids (inclusive) are found by: the two arguments of `search_tokens.documents`, as JSON.

    As two values instead of rows, so that no other thread of Python is waited for at each row.
    """
    hanging: str = db.value(_ALL_HANGING, (low, high))
    cards: str = db.value(_ALL_CARDS, (low, high))
    return hanging, cards


def _documents(db: Database, low: int, high: int) -> Iterator[tuple[int, str]]:
    """Id and tokens of those of the marked cards with these ids (inclusive) that are live."""
    return tokens.documents(db.rows(_MARKED_HANGING, (low, high)), db.rows(_MARKED_CARDS, (low, high)))
