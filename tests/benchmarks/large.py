"""A large encrypted shop of today's schema, made fast: `python -m tests.benchmarks.large FOLDER CUSTOMERS`.

Rows go in by table without journal, triggers or indexes; these, the search index and the figures are made at the end.
Names, numbers and words are as uneven as real ones, because a search is only as slow as its commonest word. Nobody's
life is told here (that is desktop_crm/demo.py): rows fit together, but figures mean nothing.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

from desktop_crm import demo_people
from desktop_crm.shop import Shop
from desktop_crm.store import customer_figures, keys, search
from desktop_crm.store import open as store_open
from desktop_crm.store.rows import Database

LAST_DAY = date(2026, 11, 20)
_DAYS = 1500
_BATCH = 20_000
_MODELS = (
    "iPhone 17",
    "iPhone 16 Pro",
    "Mate 70",
    "Pura 80",
    "小米 17",
    "vivo X300",
    "OPPO Find X9",
    "荣耀 Magic8",
)
_TACS = [f"{35_000_000 + 10_007 * number:08d}" for number in range(60)]
_TIERS = ("high_value", "potential", "regular", "lost", "prospect")
_TIER_WEIGHTS = tuple(accumulate((6, 14, 30, 25, 25)))
_LATIN_FIRST = (
    "David",
    "Anna",
    "Maria",
    "Wei",
    "Kim",
    "Ivan",
    "Eva",
    "Li",
    "John",
    "Olga",
    "Peter",
    "Fatima",
)
_LATIN_LAST = ("O'Neill", "Schmidt", "Kim", "Petrov", "Smith", "Nguyen", "Garcia", "Wang", "Okafor", "Rossi")
_REMARKS = (
    "约好下周来看新机",
    "电话里说屏幕有划痕",
    "给女儿买生日礼物",
    "要发票",
    "等降价通知",
    "换电池已报价",
    "充电口松动，建议送修",
)
_FIELDS = (("宝宝年龄", "number"), ("车牌", "text"))

Rows = dict[str, list[tuple[Any, ...]]]  # rows to store, by table; a row's columns have several types

COLUMNS = {
    "customers": "id, name, created_at, card_no, external_id, kind, wechat, email, gender, birthday, birthday_lunar, "
    "region, address, occupation, source, referred_by, owner_staff_id, consent, consent_day, do_not_contact, "
    "language, note, since_day, deleted_at, merged_into, preferences",
    "phones": "customer_id, number, kind, label, position",
    "customer_tags": "customer_id, tag_id",
    "customer_tiers": "id, tier, derived, value, activity, occasions, net_fen, since_day, last_active_day, overridden, "
    "override_reason",
    "purchases": "id, at, day, total_fen, customer_id, staff_id, number, note, void_reason, created_at",
    "purchase_lines": "id, purchase_id, description, quantity, unit_price_fen, discount_fen, amount_fen, category, imei",
    "devices": "customer_id, model, created_at, color, storage, imei, bought_here, purchase_line_id, acquired_day, "
    "warranty_end_day, plan_name, status, note, serial",
    "interactions": "customer_id, at, day, channel, began_by, summary, reached, staff_id",
    "notes": "customer_id, text, at, day, pinned",
    "custom_values": "customer_id, field_id, value",
}  # fmt: skip
"""What is stored per table, parents first."""


def make(folder: Path, customers: int, seed: int = 1) -> None:
    """Make a shop with so many cards in a new folder; the same arguments make the same rows."""
    Shop.create(folder, f"{customers:,}").close()
    with closing(_connect(folder)) as db, _bare(db):
        _begin(db)
        rng, store = random.Random(seed), _Numbers()
        for first in range(1, customers + 1, _BATCH):
            rows: Rows = {table: [] for table in COLUMNS}
            for customer_id in range(first, min(customers, first + _BATCH - 1) + 1):
                _card(rng, customer_id, rows, store)
            for table, columns in COLUMNS.items():
                marks = ", ".join("?" * (columns.count(",") + 1))
                db.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows[table])
    index(folder)


def index(folder: Path) -> None:
    """Make the search index and the figures of a shop anew."""
    with closing(_connect(folder)) as db, _transaction(db):
        search.mark_all(db)
        search.refresh(db)
    with closing(_connect(folder)) as db:
        with _transaction(db):
            customer_figures.mark_all(db)
            customer_figures.refresh(db)
        store_open.checkpoint(db)


def _connect(folder: Path) -> Database:
    """A writing connection that does not wait for the disk: a shop that is lost is made again."""
    db = store_open.connect(folder, keys.load(folder).database_key(), write=True)
    db.writable = True
    for pragma in ("synchronous = OFF", "foreign_keys = OFF", "secure_delete = OFF"):
        db.connection.execute(f"PRAGMA {pragma}")
    return db


@contextmanager
def _transaction(db: Database) -> Iterator[None]:
    db.connection.execute("BEGIN IMMEDIATE")
    yield
    db.connection.execute("COMMIT")


@contextmanager
def _bare(db: Database) -> Iterator[None]:
    """One transaction without triggers and indexes, which come back at its end."""
    with _transaction(db):
        parts = db.rows(
            "SELECT type, name, sql FROM sqlite_master WHERE type IN ('trigger', 'index') AND sql IS NOT NULL"
        )
        for kind, name, _sql in parts:
            db.execute(f"DROP {kind} {name}")
        yield
        for _kind, _name, sql in parts:
            db.execute(sql)


def _begin(db: Database) -> None:
    """The shop's people, tags and own fields."""
    at = f"{LAST_DAY}T02:00:00Z"
    db.executemany(
        "INSERT INTO staff (name, created_at, role, active) VALUES (?, ?, ?, 1)",
        [
            (name, at, "owner" if name == "陈星河" else "clerk")
            for name in ("陈星河", "李娜", "张强", "王磊", "刘敏")
        ],
    )
    db.executemany(
        "INSERT INTO tags (name, group_name) VALUES (?, '兴趣')", [(tag,) for tag in demo_people.TAGS]
    )
    db.executemany(
        "INSERT INTO custom_fields (name, kind, choices, position, active, created_at) VALUES (?, ?, '[]', ?, 1, ?)",
        [(name, kind, position, at) for position, (name, kind) in enumerate(_FIELDS)],
    )


class _Numbers:
    """The last keys that were given, and the household of the card before, whose number the next one may share."""

    def __init__(self) -> None:
        self.purchase = 0
        self.line = 0
        self.phone = ""
        self.name = "王伟"


def _card(rng: random.Random, customer_id: int, rows: Rows, store: _Numbers) -> None:
    """One customer with everything that hangs on the card."""
    chance = rng.random
    began = LAST_DAY - timedelta(days=int(_DAYS * chance() ** 1.3))
    name, phone = _who(rng, store)
    store.phone, store.name = phone, name
    at = f"{began}T0{customer_id % 9 + 1}:30:00Z"
    tier = rng.choices(_TIERS, cum_weights=_TIER_WEIGHTS)[0]
    rows["customers"].append(_customer(rng, customer_id, name, phone, began, at))
    rows["phones"].append((customer_id, phone, "mobile", "", 0))
    if chance() < 0.1:
        rows["phones"].append(
            (customer_id, f"0571{rng.randrange(80_000_000, 89_999_999)}", "landline", "单位", 1)
        )
    if chance() < 0.3:
        count = 1 if chance() < 0.8 else 2
        rows["customer_tags"] += [
            (customer_id, tag) for tag in rng.sample(range(1, len(demo_people.TAGS) + 1), count)
        ]
    if chance() < 0.05:
        rows["notes"].append((customer_id, rng.choice(_REMARKS), at, began.isoformat(), int(chance() < 0.1)))
    if chance() < 0.1:
        rows["custom_values"].append((customer_id, 1, str(rng.randrange(1, 12))))
    if chance() < 0.05:
        rows["custom_values"].append((customer_id, 2, f"浙A{rng.randrange(36**5):05X}"[:7]))
    bought, fen, last = _sales(rng, customer_id, tier, began, rows, store)
    if chance() < 0.7:
        _contacts(rng, customer_id, began, rows)
    rows["customer_tiers"].append(
        (customer_id, tier, tier, "none", "active", bought, fen, began.isoformat(), last, 0, "")
    )


def _who(rng: random.Random, store: _Numbers) -> tuple[str, str]:
    """Name and number; some share a household's number, a few were written down twice."""
    chance = rng.random()
    if chance < 0.005:
        return store.name, store.phone or demo_people.mobile(rng)
    gender = "male" if rng.random() < 0.5 else "female"
    if chance < 0.03 and store.phone:
        return store.name[0] + demo_people.name(rng, gender)[1:], store.phone
    if chance < 0.04:
        return demo_people.company(rng), demo_people.mobile(rng)
    if chance < 0.05:
        return f"{rng.choice(_LATIN_FIRST)} {rng.choice(_LATIN_LAST)}", demo_people.mobile(rng)
    return demo_people.name(rng, gender), demo_people.mobile(rng)


def _customer(
    rng: random.Random, customer_id: int, name: str, phone: str, began: date, at: str
) -> tuple[Any, ...]:
    chance, day = rng.random, began.isoformat()
    birthday, lunar = demo_people.birthday(rng, LAST_DAY)
    consent = "granted" if chance() < 0.7 else "refused" if chance() < 0.2 else ""
    gone = at if chance() < 0.005 else None
    merged = customer_id - 1 if gone is None and customer_id > 1 and chance() < 0.001 else None
    return (
        customer_id, name, at, f"XH{customer_id:07d}" if chance() < 0.5 else "", "", "person",
        demo_people.wechat(rng, phone), "", rng.choice(("", "female", "male")), birthday, int(lunar),
        rng.choice(demo_people.DISTRICTS) if chance() < 0.8 else "", demo_people.address(rng),
        rng.choice(demo_people.OCCUPATIONS), demo_people.source(rng),
        rng.randrange(1, customer_id) if customer_id > 1 and chance() < 0.05 else None,
        rng.randrange(1, 6) if chance() < 0.9 else None, consent, day if consent else None,
        int(chance() < 0.015), "", rng.choice(demo_people.NOTES) if chance() < 0.25 else "", day, gone, merged,
        "喜欢小屏" if chance() < 0.02 else "",
    )  # fmt: skip


def _sales(
    rng: random.Random, customer_id: int, tier: str, began: date, rows: Rows, store: _Numbers
) -> tuple[int, int, str | None]:
    """Sales with a line each, most with the phone that was bought; answers how many, for how much, and the last day."""
    chance, fen, last = rng.random, 0, None
    count = 0 if tier == "prospect" else 1 + int(2 * chance()) * int(1 + 2 * chance())
    for _number in range(count):
        store.purchase, store.line = store.purchase + 1, store.line + 1
        sold = (began + timedelta(days=int((LAST_DAY - began).days * chance()))).isoformat()
        last = max(last or sold, sold)
        at, price = f"{sold}T0{store.purchase % 9 + 1}:15:00Z", rng.randrange(59, 9999) * 100
        fen += price
        is_phone = chance() < 0.5
        imei = rng.choice(_TACS) + f"{rng.randrange(10**7):07d}" if is_phone else ""
        model = rng.choice(_MODELS) if is_phone else "钢化膜"
        rows["purchases"].append(
            (
                store.purchase,
                at,
                sold,
                price,
                customer_id,
                rng.randrange(2, 6),
                f"S{store.purchase:08d}",
                "",
                "",
                at,
            )
        )
        rows["purchase_lines"].append(
            (
                store.line,
                store.purchase,
                model,
                1,
                price,
                0,
                price,
                "phone" if is_phone else "accessory",
                imei,
            )
        )
        if is_phone:
            end = f"{int(sold[:4]) + 1}{sold[4:8]}28"
            serial = f"SN{rng.randrange(36**7):X}" if chance() < 0.05 else ""
            rows["devices"].append(
                (
                    customer_id,
                    model,
                    at,
                    "黑",
                    "256G",
                    imei,
                    1,
                    store.line,
                    sold,
                    end,
                    "",
                    "in_use",
                    "",
                    serial,
                )
            )
    return count, fen, last


def _contacts(rng: random.Random, customer_id: int, began: date, rows: Rows) -> None:
    for _number in range(1 + int(rng.random() * 1.8)):
        day = (began + timedelta(days=int((LAST_DAY - began).days * rng.random()))).isoformat()
        starter = "customer" if rng.random() < 0.5 else "shop"
        channel = rng.choice(("visit", "call", "wechat"))
        rows["interactions"].append(
            (customer_id, f"{day}T05:00:00Z", day, channel, starter, "", 1, rng.randrange(2, 6))
        )


if __name__ == "__main__":
    started = time.perf_counter()
    make(Path(sys.argv[1]), int(sys.argv[2]))
    print(f"{int(sys.argv[2]):,} customers in {time.perf_counter() - started:.1f} s")
