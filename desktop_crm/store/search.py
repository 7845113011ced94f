"""The search index of the shop file: which tokens a customer is found by, keeping them fresh, and asking.

One contentless FTS5 table whose documents are the tokens of one customer: every suffix of the name, of each number,
IMEI, WeChat id and card number, and the pinyin and initials from every syllable on. A part of anything is thus the
beginning of a token, and the end of anything is a whole token. What a query means and how its hits are ranked is
in search.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from desktop_crm.base.pinyin import has_han, readings, squash
from desktop_crm.store.customers import LAST_VISIT
from desktop_crm.store.rows import Database

TAIL = "¤"
"""Stands before the last four digits of a phone number, so that these are found before any other tail."""

BACKWARDS = "¥"
"""Stands before an IMEI written backwards: its tails of any length are then beginnings, for one token instead of 15."""

_LONGEST = 32
"""Tokens are cut there, and so are the words of a query."""

_CHUNK = 2000


WHOLE = "§"
"""Stands before a whole name, a surname, their pinyin, and initials: these are found before mere parts."""


@dataclass(frozen=True)
class Found:
    """What is shown and explained of one customer that matched.

    Attributes:
        numbers / imeis: joined by spaces, primary and newest first, '' if none.
        tier: '' if none yet. last_visit_day: None if never here.
    """

    id: int
    name: str
    wechat: str
    card_no: str
    numbers: str
    imeis: str
    tier: str
    last_visit_day: str | None


def tokens(name: str, others: Iterable[str], numbers: Iterable[str], imeis: Iterable[str]) -> str:
    """Everything a customer is found by, as one document of the index.

    Args:
        others: WeChat id and card number, numbers: phone numbers, imeis: IMEIs; all as stored.
    """
    found: dict[str, None] = {}
    for other in others:
        found.update(dict.fromkeys(_suffixes(squash(other))))
    for imei in imeis:
        serial = squash(imei)
        found[serial] = None
        found[BACKWARDS + serial[::-1]] = None
    for number in numbers:
        digits = number.lstrip("+")
        found.update(dict.fromkeys(_suffixes(digits)))
        found[TAIL + digits[-4:]] = None
    return " ".join((_name_tokens(name), *found))


def refresh(db: Database) -> int:
    """Bring the index up to date with the customers marked dirty, inside the change that marked them.

    Returns:
        how many were marked.
    """
    marked = [row[0] for row in db.rows("SELECT customer_id FROM search_dirty")]
    if not marked:
        return 0
    newest = db.value("SELECT max(rowid) FROM search_index") or 0
    for start in range(0, len(marked), _CHUNK):
        chunk = marked[start : start + _CHUNK]
        # Deleting what was never there costs as much as deleting: new cards are most of a bulk.
        known = [(each,) for each in chunk if each <= newest]
        if known:
            db.executemany("DELETE FROM search_index WHERE rowid = ?", known)
        db.executemany("INSERT INTO search_index (rowid, tokens) VALUES (?, ?)", _documents(db, chunk))
    db.execute("DELETE FROM search_dirty")
    return len(marked)


def mark_all(db: Database) -> None:
    """Mark every card, and every entry whose card is gone, to be indexed anew by the next `refresh`."""
    db.execute("INSERT OR IGNORE INTO search_dirty (customer_id) SELECT id FROM customers")
    db.execute("INSERT OR IGNORE INTO search_dirty (customer_id) SELECT rowid FROM search_index")


def newest_matches(db: Database, query: str, limit: int) -> list[int]:
    """Ids of the newest cards that match an FTS5 query."""
    return [
        row[0]
        for row in db.rows(
            "SELECT rowid FROM search_index WHERE search_index MATCH ? ORDER BY rowid DESC LIMIT ?",
            (query, limit),
        )
    ]


def last_visits(db: Database, customer_ids: Sequence[int]) -> dict[int, str]:
    """The latest day each live customer bought or came, '' if never."""
    return dict(
        db.rows(
            f"SELECT c.id, {LAST_VISIT} FROM customers c WHERE c.id IN (SELECT value FROM json_each(?)) "
            "AND c.deleted_at IS NULL AND c.merged_into IS NULL",
            (json.dumps(customer_ids),),
        )
    )


def names(db: Database, customer_ids: Sequence[int]) -> dict[int, str]:
    """The names of these customers."""
    return dict(
        db.rows(
            "SELECT id, name FROM customers WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(customer_ids),),
        )
    )


def found(db: Database, customer_ids: Sequence[int]) -> list[Found]:
    """What is shown of these customers, in no order."""
    return db.records(
        Found,
        f"""SELECT c.id, c.name, c.wechat, c.card_no, coalesce((SELECT group_concat(number, ' ') FROM
               (SELECT number FROM phones WHERE customer_id = c.id ORDER BY position)), '') AS numbers,
             coalesce((SELECT group_concat(imei, ' ') FROM
               (SELECT imei FROM devices WHERE customer_id = c.id ORDER BY id DESC)), '') AS imeis,
             coalesce((SELECT tier FROM customer_tiers t WHERE t.id = c.id), '') AS tier,
             nullif({LAST_VISIT}, '') AS last_visit_day
           FROM customers c WHERE c.id IN (SELECT value FROM json_each(?))""",
        (json.dumps(customer_ids),),
    )


def part(word: str) -> str:
    """The FTS5 query for anything of which `word` is a part; an IMEI, only its beginning or end."""
    return f'("{word}"* OR "{BACKWARDS}{word[::-1]}"*)' if _may_be_tail(word) else f'"{word}"*'


def whole(word: str) -> str:
    """The FTS5 query for a whole name, surname, pinyin, initials or card number, or the end of a number."""
    if _may_be_tail(word):
        return f'("{word}" OR "{BACKWARDS}{word[::-1]}"*)'
    return f'"{word}"*' if word.isdigit() else f'"{WHOLE}{word}"'


def tail(word: str) -> str:
    """The FTS5 query for phone numbers that end with `word`, four digits or more."""
    end = f'"{TAIL}{word[-4:]}"'
    return end if len(word) == 4 else f'({end} AND "{word}")'


def words(text: str) -> list[str]:
    """The words of a query in the form of the index; those without letter or digit are left out."""
    return [word[:_LONGEST] for word in map(squash, text.split()) if word]


def _may_be_tail(word: str) -> bool:
    return len(word) >= 4 and word.isascii() and any(c.isdigit() for c in word)


@lru_cache(maxsize=20_000)
def _name_tokens(name: str) -> str:
    """Kept, because in a large shop most names occur many times."""
    plain = squash(name)
    found = dict.fromkeys(_suffixes(plain))
    found[WHOLE + plain[:_LONGEST]] = None
    if has_han(plain):
        found[WHOLE + plain[0]] = None
        for reading in readings(plain[:_LONGEST]):
            _add_reading(found, reading)
    else:
        _add_latin(found, name)
    return " ".join(found)


def _add_reading(found: dict[str, None], reading: tuple[str, ...]) -> None:
    initials = "".join(syllable[0] for syllable in reading)
    for start in range(len(reading)):
        found["".join(reading[start:])[:_LONGEST]] = None
        found[initials[start:]] = None
    found[WHOLE + reading[0]] = None
    found[WHOLE + initials] = None
    found[WHOLE + "".join(reading)[:_LONGEST]] = None


def _add_latin(found: dict[str, None], name: str) -> None:
    parts = words(name)
    if len(parts) > 1:
        initials = "".join(each[0] for each in parts)
        found[initials] = None
        found.update(dict.fromkeys(WHOLE + each for each in (*parts, initials)))


def _suffixes(text: str) -> list[str]:
    return [text[start : start + _LONGEST] for start in range(min(len(text), 2 * _LONGEST))]


def _documents(db: Database, customer_ids: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Id and tokens of those that are live."""
    wanted = (json.dumps(customer_ids),)
    numbers = _gathered(db, "SELECT customer_id, number FROM phones", wanted)
    imeis = _gathered(db, "SELECT customer_id, imei FROM devices", wanted)
    for row_id, name, wechat, card_no in db.rows(
        "SELECT id, name, wechat, card_no FROM customers WHERE id IN (SELECT value FROM json_each(?)) "
        "AND deleted_at IS NULL AND merged_into IS NULL ORDER BY id",
        wanted,
    ):
        yield row_id, tokens(name, (wechat, card_no), numbers.get(row_id, ()), imeis.get(row_id, ()))


def _gathered(db: Database, select: str, wanted: tuple[str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for customer_id, text in db.rows(
        f"{select} WHERE customer_id IN (SELECT value FROM json_each(?))", wanted
    ):
        if text:
            found.setdefault(customer_id, []).append(text)
    return found
