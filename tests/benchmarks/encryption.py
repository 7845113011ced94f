"""What encryption costs: the same program on the same rows, once with SQLCipher's pages and once with plain ones.

The plain side is this program without the one PRAGMA that sets the key; it is for comparison only. What
opening costs is in keys.py.
"""

from __future__ import annotations

import random
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop_crm import customers, demo_people
from desktop_crm import search as feature
from desktop_crm.customers import CustomerDraft
from desktop_crm.records.customers import Customer, Phone
from desktop_crm.records.notes import Note
from desktop_crm.shop import Shop
from desktop_crm.store import journal
from desktop_crm.store import open as store_open
from tests.benchmarks import large, search
from tests.benchmarks.runner import Case, Measured, Shops, Side, timed

BULK = 20_000
BARE = 200_000
BULK_MOST = 1.3
SEARCH_MOST = 1.2


def cases(shops: Shops, size: int) -> list[Case]:
    """Bulk insert and search."""
    locked = str(shops.large(size))
    plain = shops.folder / f"{size}-plain"
    if not plain.exists():
        with _plain():
            large.make(plain, size)
    for folder, is_plain in ((Path(locked), False), (plain, True)):
        with open(folder / store_open.FILE, "rb") as file:
            if (file.read(15) == b"SQLite format 3") != is_plain:
                raise RuntimeError(f"{folder} is not what it is to be compared as")
    return [
        Case(
            f"encryption on a bulk insert of {BULK:,} cards",
            Side("encrypted", ("encryption.insert",)),
            Side("plain", ("encryption.insert_plain",)),
            BULK_MOST,
        ),
        Case(
            f"encryption on {BARE:,} bare rows",
            Side("encrypted", ("encryption.bare",)),
            Side("plain", ("encryption.bare_plain",)),
            BULK_MOST,
        ),
        Case(
            "encryption on search",
            Side("encrypted", ("encryption.find", locked)),
            Side("plain", ("encryption.find_plain", str(plain))),
            SEARCH_MOST,
        ),
    ]


def insert() -> Measured:
    """Cards with a number each as one step: journal by runs, search index, figures, and what waits for the disk."""
    rng = random.Random(3)
    with tempfile.TemporaryDirectory() as place:
        shop = Shop.create(Path(place) / "shop", "insert")
        at = shop.stamp()
        cards = [Customer(number, demo_people.name(rng, "male"), at) for number in range(1, BULK + 1)]
        numbers = [Phone(0, card.id, demo_people.mobile(rng)) for card in cards]
        begin = time.perf_counter()
        with shop.change("insert", {"customers"}, bulk=True):
            with journal.by_runs(shop.db):
                shop.db.insert_many(Customer, cards)
                shop.db.insert_many(Phone, numbers)
            rows = time.perf_counter() - begin
        seconds = time.perf_counter() - begin
        if shop.db.value("SELECT count(*) FROM phones") != BULK:
            raise RuntimeError("the rows were not kept")
        shop.close()
    return Measured(seconds, {"rows": rows, "index, figures and commit": seconds - rows})


def insert_plain() -> Measured:
    """The same without a key."""
    with _plain():
        return insert()


def bare() -> Measured:
    """Rows of a table without triggers, in one transaction: nothing but pages, where encryption shows most."""
    rng = random.Random(4)
    with tempfile.TemporaryDirectory() as place:
        shop = Shop.create(Path(place) / "shop", "bare")
        with shop.upkeep():
            for (name,) in shop.db.rows(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'notes'"
            ):
                shop.db.execute(f"DROP TRIGGER {name}")
        customer_id = customers.add(shop, CustomerDraft("王建国"))
        at, day = shop.stamp(), shop.today().isoformat()
        notes = [Note(0, customer_id, rng.randbytes(40).hex(), at, day) for _number in range(BARE)]
        begin = time.perf_counter()
        with shop.upkeep():
            shop.db.insert_many(Note, notes)
        seconds = time.perf_counter() - begin
        if shop.db.value("SELECT count(*) FROM notes") != BARE:
            raise RuntimeError("the rows were not kept")
        shop.close()
    return Measured(seconds)


def bare_plain() -> Measured:
    """The same without a key."""
    with _plain():
        return bare()


def find(folder: str) -> Measured:
    """The mean of queries of every class that were asked before."""
    shop = Shop.open(Path(folder))
    mixed = [text for texts in search.queries(shop.db, search.PER_CLASS).values() for text in texts]
    first = sum(timed(feature.find, shop, text) for text in mixed)
    seconds = sum(timed(feature.find, shop, text) for text in mixed)
    shop.close()
    return Measured(seconds / len(mixed), {"asked for the first time": first / len(mixed)})


def find_plain(folder: str) -> Measured:
    """The same without a key."""
    with _plain():
        return find(folder)


@contextmanager
def _plain() -> Iterator[None]:
    """Connections made inside set no key, so that their files are plain SQLite."""
    locked = store_open._unlock

    def unlock(connection: sqlite3.Connection, key: str) -> None:
        connection.execute("PRAGMA busy_timeout = 5000")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()

    store_open._unlock = unlock
    try:
        yield
    finally:
        store_open._unlock = locked


SIDES = {
    "insert": insert,
    "insert_plain": insert_plain,
    "bare": bare,
    "bare_plain": bare_plain,
    "find": find,
    "find_plain": find_plain,
}
