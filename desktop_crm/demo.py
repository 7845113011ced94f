"""A seeded, believable phone shop: three years of people, sales, contacts and complaints up to a given day.

The same arguments make the same content. One generator serves 2,000 customers in seconds and a million for the
benchmarks: lives are made up and stored in batches. They are nobody's steps, so they are not journalled and not to be
undone. What a life is, is in demo_life.py.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from desktop_crm import (
    business_time,
    custom_fields,
    demo_calendar,
    demo_cases,
    demo_details,
    demo_goods,
    demo_life,
    demo_people,
    demo_sales,
    followups,
    products,
)
from desktop_crm.base.clock import FixedClock, SystemClock
from desktop_crm.base.dates import add_months, from_instant, local_day
from desktop_crm.base.i18n import _, current_language, using
from desktop_crm.demo_stage import Life, Stage
from desktop_crm.records.balance import BalanceEntry
from desktop_crm.records.complaints import Complaint, ComplaintStep
from desktop_crm.records.custom_fields import CustomValue
from desktop_crm.records.customers import ChannelConsent, Customer, CustomerTag, Phone, Tag
from desktop_crm.records.devices import Device
from desktop_crm.records.followups import Followup
from desktop_crm.records.history import PROGRAM
from desktop_crm.records.interactions import Interaction
from desktop_crm.records.notes import Note
from desktop_crm.records.openings import OpeningSummary
from desktop_crm.records.points import PointEntry
from desktop_crm.records.products import Product, Tac
from desktop_crm.records.purchases import Payment, Purchase, PurchaseLine, Refund
from desktop_crm.records.relations import Relation
from desktop_crm.records.staff import Role, StaffMember
from desktop_crm.records.surveys import SurveyAnswer
from desktop_crm.records.tiers import CustomerTier, TierStep
from desktop_crm.settings import CLOSED_DAYS, IS_DEMO, REVISITS_PER_DAY, SHOP_ADDRESS, SHOP_PHONE
from desktop_crm.shop import Shop
from desktop_crm.store import backups as store_backups
from desktop_crm.store import bulk

SHOP = "星河手机店"
YEARS = 3
LANGUAGE = "zh_CN"
"""The shop is a Chinese one: what its people and rules wrote is in their language, whoever looks at it."""
_SHANGHAI = ZoneInfo("Asia/Shanghai")
BATCH = 5_000
"""Customers per transaction: bounds memory and the write-ahead log."""
STAFF: tuple[tuple[str, Role], ...] = (
    ("陈星河", "owner"),
    ("李娜", "manager"),
    ("张强", "clerk"),
    ("王磊", "clerk"),
    ("刘敏", "clerk"),
)
ORDER: tuple[type, ...] = (
    Customer, Phone, CustomerTag, CustomValue, ChannelConsent, Relation, Note, Purchase, PurchaseLine, Payment, Refund,
    BalanceEntry, OpeningSummary, PointEntry, Device, Followup, Complaint, ComplaintStep, Interaction, SurveyAnswer,
    CustomerTier, TierStep,
)  # fmt: skip
"""What is stored first: rows never refer to later ones."""


@dataclass(frozen=True)
class DemoResult:
    """The shop's folder and how many of what it holds ("customers", "purchases", …)."""

    folder: Path
    counts: dict[str, int]


def make(
    folder: Path,
    *,
    customers: int = 2000,
    seed: int = 1,
    until: date | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> DemoResult:
    """Make the demo shop in a new folder.

    Args:
        folder: must hold no shop.
        customers: how many cards.
        seed: another one makes other people.
        until: the last day of the shop's past, which ends at ten in the morning; today if None.
        progress: told (customers made, customers in all); may raise Cancelled, which leaves a part of the shop.

    Raises:
        ShopExists, ShopReadOnly: nothing was made.
    """
    last = until or local_day(SystemClock().now(), _SHANGHAI)
    language = current_language()
    with using(LANGUAGE):
        shop = Shop.create(
            folder, SHOP, FixedClock(from_instant(demo_calendar.stamp(last, demo_calendar.NOW)))
        )
        try:
            for made in _fill(shop, last, customers, seed):
                if progress is not None:
                    with using(language):
                        progress(made, customers)
            counts = store_backups.row_counts(shop.db)
        finally:
            shop.close()
    return DemoResult(folder, counts)


def _fill(shop: Shop, last: date, customers: int, seed: int) -> Iterator[int]:
    """Fill the empty shop, telling after each batch how many customers are made."""
    stage = _open_shop(shop, last)
    joining = _joining_days(stage, random.Random(f"{seed}"), customers)
    with _fewer_indexes(shop, many=customers > BATCH):
        yield from _live(shop, stage, joining, seed)
    followups.run_rules(shop)


@contextmanager
def _fewer_indexes(shop: Shop, *, many: bool) -> Iterator[None]:
    """Many rows go in without most indexes, or each batch would write all over the file; made again in any case."""
    dropped: list[str] = []
    if many:
        with shop.upkeep():
            dropped = bulk.drop_indexes(shop.db)
    try:
        yield
    finally:
        with shop.upkeep():
            bulk.make_again(shop.db, dropped)


def _live(shop: Shop, stage: Stage, joining: list[date], seed: int) -> Iterator[int]:
    """Make up and store the lives batch by batch, with the walk-ins of the same days."""
    used: dict[str, int] = {}
    walking = random.Random(f"{seed}-walk-ins")
    day = stage.first
    for begin in range(0, len(joining), BATCH):
        batch = joining[begin : begin + BATCH]
        made = begin + len(batch)
        for number, joined in enumerate(batch, begin):
            demo_life.live(stage, random.Random(f"{seed}-{number}"), joined)
        end = stage.until if made == len(joining) else batch[-1]
        while day <= end:
            _walk_ins(stage, walking, day, len(joining))
            day += timedelta(days=1)
        if made == len(joining):
            _open_cases(stage, random.Random(f"{seed}-cases"))
        _store(shop, stage, used)
        yield made


def _open_shop(shop: Shop, last: date) -> Stage:
    """Staff, tags, products and the shop's own card; what the lives share."""
    first = add_months(last, -12 * YEARS)
    closed = demo_calendar.closed_days(first, add_months(last, 12))
    own = shop.at_counter(PROGRAM)
    with own.change(
        _("Make the demo shop"), {"staff", "products", "settings", "tags", "fields"}, action="demo.make"
    ):
        own.put(IS_DEMO, True)
        own.put(SHOP_ADDRESS, "杭州市西湖区文三路 388 号")
        own.put(SHOP_PHONE, "0571 8888 6666")
        own.put(REVISITS_PER_DAY, 3)
        own.put(CLOSED_DAYS, tuple(day.isoformat() for day in closed))
        clerks = [own.db.insert(StaffMember(0, name, own.stamp(), role)) for name, role in STAFF]
        tags = {name: own.db.insert(Tag(0, name, group)) for name, group in _tags()}
        known = dict(_products(own, last))
        fields = {
            name: custom_fields.add_within(own, name, kind, choices)
            for name, kind, choices in demo_details.FIELDS
        }
    return Stage(first, last, business_time.of(shop), tuple(clerks[1:]), tags, known, fields)


def _tags() -> Iterator[tuple[str, str]]:
    for name in demo_people.TAGS:
        yield name, demo_people.TAG_GROUPS.get(name, "兴趣")


def _products(shop: Shop, last: date) -> Iterator[tuple[str, int]]:
    for model in demo_goods.MODELS:
        for storage, yuan in model.storages:
            name = f"{model.name} {storage}"
            price = demo_goods.price_fen(model, yuan, max(last, model.out))
            cost = demo_goods.cost_fen(price, demo_goods.PHONE_MARGIN)
            offered = 0 <= (last - model.out).days <= demo_goods.OFFERED_DAYS
            product = Product(0, name, shop.stamp(), "phone", model.brand, price, cost, active=offered)
            product_id = shop.db.insert(product)
            shop.db.insert(Tac(0, demo_goods.tac(model, storage), product_id))
            yield name, product_id
    for number, good in enumerate(demo_goods.GOODS):
        fen = good.yuan * 100
        cost = demo_goods.cost_fen(fen, good.margin)
        code = demo_goods.barcode(number) if good.category == "accessory" else ""
        brand = products.brand_of(good.name)
        made = Product(0, good.name, shop.stamp(), good.category, brand, fen, cost, code)
        yield good.name, shop.db.insert(made)


def _joining_days(stage: Stage, rng: random.Random, customers: int) -> list[date]:
    """The first day of each customer, in order; the shop grows by a third a year."""
    days = [stage.first + timedelta(days=ahead) for ahead in range((stage.until - stage.first).days + 1)]
    weights = [demo_calendar.busyness(day) * 1.33 ** ((day - stage.first).days / 365) for day in days]
    return sorted(rng.choices(days, weights, k=customers))


def _store(shop: Shop, stage: Stage, used: dict[str, int]) -> None:
    """Store what was made, and forget it."""
    stage.rows[Purchase] = list(demo_sales.numbered(stage.rows.get(Purchase, []), used))
    with shop.upkeep(), bulk.unjournalled(shop.db):
        for kind in ORDER:
            shop.db.insert_many(kind, stage.rows.pop(kind, []))


def _walk_ins(stage: Stage, rng: random.Random, day: date, customers: int) -> None:
    """People who leave no name: a few a day, the more the larger the shop."""
    for _number in range(int(customers / 1300 * demo_calendar.busyness(day) + rng.random())):
        if demo_calendar.busyness(day):
            demo_sales.walk_in(stage, rng, day)


def _open_cases(stage: Stage, rng: random.Random) -> None:
    """What is on the counter's mind today: a few open cases, two of them late, and one that was told twice."""
    chosen = rng.sample(stage.recent, min(len(stage.recent), len(demo_cases.OPEN_CASES)))
    first: Complaint | None = None
    for place, ((customer, purchase, device_id), case) in enumerate(
        zip(chosen, demo_cases.OPEN_CASES, strict=False)
    ):
        life = Life(stage, rng, customer)
        life.clerk = stage.clerks[place % len(stage.clerks)]
        made = demo_cases.open_case(life, purchase, device_id, case, first)
        first = first or made
