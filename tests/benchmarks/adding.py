"""Adding one customer: checked, journalled, with its first tier, searchable and in the lists, against the bare rows.

Bare are the same rows of customers, phones, customer_tiers and tier_history, inserted one statement after the other
into the same encrypted tables with the same indexes and foreign keys, without triggers, index of words and figures.
Both sides add COUNT cards inside one open transaction, the subject doing for each card all that a change does at its
end; neither waits for the disk. What is compared is the mean per card.
"""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop_crm import customers, demo_people
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.shop import Shop
from desktop_crm.store import customer_figures, search
from desktop_crm.store.rows import Database
from tests.benchmarks.runner import Case, Measured, Shops, Side

COUNT = 1000
MOST = 6.0
_TABLES = ("customers", "phones", "customer_tiers", "tier_history")


def cases(shops: Shops, customers_: int) -> list[Case]:
    """One card into a shop of the asked size."""
    large = str(shops.large(customers_))
    return [
        Case(
            "adding one customer",
            Side("with journal, index, figures and tier", ("adding.add", large)),
            Side("bare insert of the same rows", ("adding.bare", large)),
            MOST,
        )
    ]


def add(folder: str) -> Measured:
    """Through customers.add_within, and what `Shop.change` does at its end."""
    with _copy(folder) as shop, shop.change("add", {"customers"}):
        drafts = _drafts()
        index = figures = 0.0
        _finish(shop.db)
        begin = time.perf_counter()
        for draft in drafts:
            customers.add_within(shop, draft)
            before = time.perf_counter()
            search.refresh(shop.db)
            middle = time.perf_counter()
            customer_figures.refresh(shop.db)
            index, figures = index + middle - before, figures + time.perf_counter() - middle
        seconds = time.perf_counter() - begin
        added = shop.db.value(
            "SELECT count(*) FROM journal WHERE change_id = (SELECT change_id FROM journal_state)"
        )
        if added < COUNT:
            raise RuntimeError("nothing was journalled")
    card = seconds / COUNT
    parts = {"search index": index / COUNT, "figures": figures / COUNT}
    return Measured(card, parts | {"rows, journal, tier": card - sum(parts.values())})


def bare(folder: str) -> Measured:
    """The same rows as they were stored, without triggers."""
    with _copy(folder) as shop:
        rows = _stored(shop)
        with shop.upkeep():
            db = shop.db
            for (name,) in db.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
                db.execute(f"DROP TRIGGER {name}")
            db.execute("DELETE FROM figures_dirty")
            statements = [
                (f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row) for table, row in rows
            ]
            begin = time.perf_counter()
            for sql, row in statements:
                db.execute(sql, row)
            seconds = time.perf_counter() - begin
    return Measured(seconds / COUNT)


def _stored(shop: Shop) -> list[tuple[str, tuple[object, ...]]]:
    """The rows that adding stores, in its order, taken from a change that is not kept."""
    rows: list[tuple[str, tuple[object, ...]]] = []
    newest = shop.db.value("SELECT max(id) FROM customers")

    class Enough(Exception):
        pass

    try:
        with shop.change("add", {"customers"}):
            added = [customers.add_within(shop, draft) for draft in _drafts()]
            for customer_id in added:
                for table in _TABLES:
                    key = "id" if table in ("customers", "customer_tiers") else "customer_id"
                    found = shop.db.rows(f"SELECT * FROM {table} WHERE {key} = ?", (customer_id,))
                    rows += [(table, row) for row in found]
            raise Enough
    except Enough:
        pass
    if shop.db.value("SELECT max(id) FROM customers") != newest or len(rows) < 4 * COUNT:
        raise RuntimeError("the rows were not made, or kept")
    return rows


def _finish(db: Database) -> None:
    """Bring up to date what was marked before, so that only new cards count."""
    search.refresh(db)
    customer_figures.refresh(db)


@contextmanager
def _copy(folder: str) -> Iterator[Shop]:
    with tempfile.TemporaryDirectory() as scratch:
        shop = Shop.open(Path(shutil.copytree(folder, Path(scratch) / "shop")))
        yield shop
        shop.close()


def _drafts() -> list[CustomerDraft]:
    rng = random.Random(5)
    made = []
    for number in range(COUNT):
        phone = demo_people.mobile(rng)
        name = demo_people.name(rng, rng.choice(("male", "female")))
        made.append(
            CustomerDraft(name, (PhoneDraft(phone),), wechat=f"wx{phone[-6:]}", card_no=f"N{number:06d}")
        )
    return made


SIDES = {"add": add, "bare": bare}
