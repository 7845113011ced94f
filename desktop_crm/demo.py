"""A seeded, believable phone shop: three years of people, sales, contacts and complaints up to a given day.

The same arguments make the same content. One generator serves 2,000 customers in seconds and a million for the
benchmarks: lives are made up and stored in batches, each one step of the journal. What a life is, is in demo_life.py.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from desktop_crm import business_time, demo_goods, demo_life, demo_people, products
from desktop_crm.base.clock import FixedClock, SystemClock
from desktop_crm.base.dates import add_months, local_day
from desktop_crm.base.i18n import _
from desktop_crm.demo_life import Stage, instant
from desktop_crm.records.complaints import Complaint, ComplaintStep
from desktop_crm.records.customers import Customer, CustomerTag, Phone, Tag
from desktop_crm.records.devices import Device
from desktop_crm.records.followups import Followup
from desktop_crm.records.interactions import Interaction
from desktop_crm.records.products import Product, Tac
from desktop_crm.records.purchases import Payment, Purchase, PurchaseLine, Refund
from desktop_crm.records.staff import Role, StaffMember
from desktop_crm.records.tiers import CustomerTier, TierStep
from desktop_crm.settings import IS_DEMO, LAST_RULES_DAY, SHOP_ADDRESS, SHOP_PHONE
from desktop_crm.shop import Shop
from desktop_crm.store import backups as store_backups
from desktop_crm.store import purchases as store_purchases

SHOP = "星河手机店"
YEARS = 3
_SHANGHAI = ZoneInfo("Asia/Shanghai")
BATCH = 5_000
"""Customers per step: bounds memory and the write-ahead log."""
STAFF: tuple[tuple[str, Role], ...] = (
    ("陈星河", "owner"),
    ("李娜", "manager"),
    ("张强", "clerk"),
    ("王磊", "clerk"),
    ("刘敏", "clerk"),
)
ORDER: tuple[type, ...] = (
    Customer, Phone, CustomerTag, Purchase, PurchaseLine, Payment, Refund, Device, Followup, Complaint, ComplaintStep,
    Interaction, CustomerTier, TierStep,
)  # fmt: skip
"""What is stored first: rows never refer to later ones."""
KINDS = frozenset(
    {"customers", "purchases", "followups", "complaints", "tiers", "products", "devices", "interactions"}
)


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
        until: the last day of the shop's past, today if None.
        progress: told (customers made, customers in all); may raise Cancelled, which leaves a part of the shop.

    Raises:
        ShopExists, ShopReadOnly: nothing was made.
    """
    last = until or local_day(SystemClock().now(), _SHANGHAI)
    shop = Shop.create(folder, SHOP, FixedClock(instant(last, 10 * 60)))
    try:
        stage = _open_shop(shop, last)
        rng = random.Random(f"{seed}")
        joining = _joining_days(stage, rng, customers)
        for begin in range(0, customers, BATCH):
            for number, joined in enumerate(joining[begin : begin + BATCH], begin):
                demo_life.live(stage, random.Random(f"{seed}-{number}"), joined)
            _store(shop, stage, _("Demo: {count} customers").format(count=min(customers, begin + BATCH)))
            if progress is not None:
                progress(min(customers, begin + BATCH), customers)
        _walk_ins(shop, stage, random.Random(f"{seed}-walk-ins"), customers)
        _open_cases(shop, stage, random.Random(f"{seed}-cases"))
        counts = store_backups.row_counts(shop.db)
    finally:
        shop.close()
    return DemoResult(folder, counts)


def _open_shop(shop: Shop, last: date) -> Stage:
    """Staff, tags, products and the shop's own card; what the lives share."""
    with shop.change(_("Demo: staff and products"), {"staff", "products", "settings", "tags"}):
        shop.put(IS_DEMO, True)
        shop.put(LAST_RULES_DAY, last.isoformat())
        shop.put(SHOP_ADDRESS, "杭州市西湖区文三路 388 号")
        shop.put(SHOP_PHONE, "0571 8888 6666")
        clerks = [shop.db.insert(StaffMember(0, name, shop.stamp(), role)) for name, role in STAFF]
        tags = tuple(shop.db.insert(Tag(0, name, "兴趣")) for name in demo_people.TAGS)
        known = dict(_products(shop, last))
    first = add_months(last, -12 * YEARS)
    return Stage(first, last, business_time.of(shop), tuple(clerks[1:]), tags, known)


def _products(shop: Shop, last: date) -> Iterator[tuple[str, int]]:
    for model in demo_goods.MODELS:
        for storage, yuan in model.storages:
            name = f"{model.name} {storage}"
            price = demo_goods.price_fen(model, yuan, max(last, model.out))
            cost = round(price * (1 - demo_goods.PHONE_MARGIN))
            offered = (last - model.out).days <= 540
            product = Product(0, name, shop.stamp(), "phone", model.brand, price, cost, active=offered)
            product_id = shop.db.insert(product)
            shop.db.insert(Tac(0, demo_goods.tac(model, storage), product_id))
            yield name, product_id
    for number, good in enumerate(demo_goods.GOODS):
        cost = round(good.yuan * 100 * (1 - good.margin))
        barcode = f"69{7_210_000_000 + number:010d}"
        brand = products.brand_of(good.name)
        yield (
            good.name,
            shop.db.insert(
                Product(0, good.name, shop.stamp(), good.category, brand, good.yuan * 100, cost, barcode)
            ),
        )


def _joining_days(stage: Stage, rng: random.Random, customers: int) -> list[date]:
    """The first day of each customer, in order; the shop grows by a third a year."""
    days = [stage.first + timedelta(days=ahead) for ahead in range((stage.until - stage.first).days + 1)]
    weights = [demo_life.busyness(day) * 1.33 ** ((day - stage.first).days / 365) for day in days]
    return sorted(rng.choices(days, weights, k=customers))


def _store(shop: Shop, stage: Stage, label: str) -> None:
    """Store what was made as one step, and forget it."""
    with shop.change(label, KINDS):
        for kind in ORDER:
            shop.db.insert_many(kind, stage.rows.pop(kind, []))


def _walk_ins(shop: Shop, stage: Stage, rng: random.Random, customers: int) -> None:
    """People who leave no name: a few a day, the more the larger the shop."""
    day = stage.first
    while day <= stage.until:
        for _number in range(int(customers / 2000 * demo_life.busyness(day) + rng.random())):
            demo_life.walk_in(stage, rng, day)
        day += timedelta(days=1)
        if len(stage.rows.get(Purchase, ())) >= BATCH or day > stage.until:
            _store(shop, stage, _("Demo: walk-in sales"))


def _open_cases(shop: Shop, stage: Stage, rng: random.Random) -> None:
    """What is on the counter's mind today: a few open cases, two of them late, and one that was told twice."""
    since = (stage.until - timedelta(days=45)).isoformat()
    recent = store_purchases.phones_sold(shop.db, since, (stage.until - timedelta(days=7)).isoformat())
    chosen = rng.sample(recent, min(len(recent), len(demo_life.OPEN_CASES)))
    first: Complaint | None = None
    for purchase, case in zip(chosen, demo_life.OPEN_CASES, strict=False):
        customer = shop.db.get(Customer, purchase.customer_id or 0)
        if customer is not None:
            made = demo_life.open_case(stage, rng, customer, purchase, case, first)
            first = first or made
    _store(shop, stage, _("Demo: open complaints"))
