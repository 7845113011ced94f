"""What the demo shop's people buy: phones by habit, small things in between, how they pay and what they own.

Who they are and how they are kept in touch with is in demo_life.py.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate

from desktop_crm import demo_answers, demo_cases, demo_goods
from desktop_crm.base.dates import add_months
from desktop_crm.demo_calendar import busyness, open_day, stamp
from desktop_crm.demo_stage import Life, Stage
from desktop_crm.records.devices import Device
from desktop_crm.records.products import Category
from desktop_crm.records.purchases import Payment, PayMethod, Purchase, PurchaseLine, Refund

VISITS = (
    "看 {model}，比较颜色",
    "问 {model} 有没有现货",
    "咨询以旧换新",
    "来问套餐",
    "贴膜，顺便看新机",
    "问电池还能用多久",
    "手机有点慢，帮忙清理",
)
_WAYS: tuple[PayMethod, ...] = ("wechat", "alipay", "cash", "card", "instalment")
_WAY_WEIGHTS = tuple(accumulate((45, 30, 10, 8, 7)))
_SMALL: tuple[Category, ...] = ("accessory", "service", "plan")


@dataclass(frozen=True)
class _Item:
    name: str
    category: Category
    price_fen: int
    cost_fen: int
    quantity: int = 1
    discount_fen: int = 0
    imei: str = ""
    colour: str = ""
    storage: str = ""
    brand: str = ""

    @property
    def amount_fen(self) -> int:
        return self.price_fen * self.quantity - self.discount_fen


def walk_in(stage: Stage, rng: random.Random, day: date) -> None:
    """A small sale to somebody who leaves no name."""
    _sell(Life(stage, rng), day, _goods(rng))


def buy_later_or_never(life: Life, joined: date) -> None:
    """A prospect: looked, was called, and bought some weeks later or never."""
    model = demo_goods.model_on(life.rng, joined).name
    life.contact(joined, "visit", "customer", life.rng.choice(VISITS).format(model=model))
    life.plan("manual", joined + timedelta(days=life.rng.randrange(2, 8)), joined, reason=f"{model} 到货通知")
    later = open_day(joined + timedelta(days=2 + life.rng.randrange(30)))
    if life.rng.random() < 0.45 and later <= life.stage.until:
        buy_over_time(life, later, is_loyal=life.rng.random() < 0.2, is_devoted=False)


def buy_over_time(life: Life, first: date, *, is_loyal: bool, is_devoted: bool) -> None:
    """A first sale and those that follow by habit: a new phone after 20 to 30 months, small things in between."""
    rng, until = life.rng, life.stage.until
    wants_phone = rng.random() < 0.6
    if not wants_phone and rng.random() < 0.4:
        _had_before(life, first)
    buy(life, first, wants_phone=wants_phone)
    gap = max(200.0, rng.gauss(580 if is_devoted else 770, 110))
    phone_days, day = [], first
    while is_loyal or is_devoted:
        day = open_day(day + timedelta(days=int(gap * rng.uniform(0.85, 1.15))))
        if day > until:
            break
        phone_days.append(day)
    small_days, day = [], first
    if wants_phone and rng.random() < 0.28:
        small_days.append(first + timedelta(days=rng.randrange(1, 25)))
    rate = 2.0 if is_devoted else 1.0 if is_loyal else 0.14
    while (day := day + timedelta(days=1 + int(rng.expovariate(rate / 365)))) <= until:
        small_days.append(day)
    for day in sorted({*phone_days, *small_days}):
        if day in phone_days:
            buy(life, day, wants_phone=True)
        elif day <= until and rng.random() < busyness(day) / 1.8:
            buy(life, day, wants_phone=False)


def buy(life: Life, day: date, *, wants_phone: bool) -> None:
    """One sale on a day, with what it leads to."""
    rng, customer = life.rng, life.customer
    assert customer is not None
    items = _phone(rng, day, life.brand) if wants_phone else _goods(rng)
    before = day - timedelta(days=1 + rng.randrange(12))
    if wants_phone and rng.random() < 0.3 and before.isoformat() >= (customer.since_day or ""):
        life.contact(open_day(before), "visit", "customer", f"看 {items[0].name}，比较颜色")
    if not wants_phone and rng.random() < 0.005:
        wrong, _lines = _sell(life, day, items)
        life.stage.change_last(
            wrong, voided_at=wrong.at, void_day=wrong.day, void_reason="金额输错，重新开单"
        )
    purchase, lines = _sell(life, day, items)
    life.sales.append((day, purchase.total_fen))
    life.active.append(day)
    is_returned = _refund_maybe(life, purchase, lines, day)
    device = _own(life, items[0], lines[0], day, is_returned) if wants_phone else None
    kind = items[0].category
    if kind in ("phone", "service") and not is_returned:
        life.plan("after_sale_care", day + timedelta(days=3), day, ("purchase", purchase.id))
        life.plan("after_sale_check", day + timedelta(days=30), day, ("purchase", purchase.id))
        demo_answers.answer_maybe(life, purchase, day)
        if rng.random() < 0.18:
            after = day + timedelta(days=1 + rng.randrange(60))
            demo_cases.complain(life, after, purchase, kind, device.id if device is not None else None)
    if device is not None and not is_returned and (life.stage.until - day).days in range(7, 45):
        life.stage.recent.append((customer, purchase, device.id))


def _goods(rng: random.Random, *categories: Category) -> list[_Item]:
    """One or two small things; without a word about their kind, mostly accessories."""
    chosen = demo_goods.good(rng, *(categories or _SMALL))
    items = [_small(chosen, 2 if chosen.category == "accessory" and rng.random() < 0.06 else 1)]
    if not categories and rng.random() < 0.15:
        more = demo_goods.good(rng, "accessory")
        items += [_small(more, 1)] if more is not chosen else []
    return items


def _small(good: demo_goods.Good, quantity: int) -> _Item:
    fen = good.yuan * 100
    return _Item(good.name, good.category, fen, demo_goods.cost_fen(fen, good.margin) * quantity, quantity)


def _phone(rng: random.Random, day: date, brand: str) -> list[_Item]:
    """A phone, often with a film or a case, sometimes with both."""
    model = demo_goods.model_on(rng, day, brand)
    storage, yuan = rng.choice(model.storages)
    price = demo_goods.price_fen(model, yuan, day)
    items = [
        _Item(
            f"{model.name} {storage}",
            "phone",
            price,
            demo_goods.cost_fen(price, demo_goods.PHONE_MARGIN),
            1,
            rng.choice((0, 0, 0, 1, 2, 4)) * (5000 if price >= 300_000 else 2000),
            demo_goods.imei(rng, model, storage),
            rng.choice(model.colours),
            storage,
            model.brand,
        )
    ]
    chance = rng.random()
    if chance < 0.5:
        items.append(_small(demo_goods.film(rng), 1))
    if chance < 0.25:
        items.append(_small(demo_goods.case(rng), 1))
    return items


def _sell(life: Life, day: date, items: list[_Item]) -> tuple[Purchase, list[PurchaseLine]]:
    """The rows of a sale; its receipt number is given when it is stored."""
    rng, stage = life.rng, life.stage
    total = sum(item.amount_fen for item in items)
    at = stamp(day, life.minute(day))
    customer_id = life.customer.id if life.customer is not None else None
    seller = life.clerk if rng.random() < 0.7 else rng.choice(stage.clerks)
    purchase: Purchase = stage.add(Purchase, at, day.isoformat(), total, customer_id, seller, created_at=at)
    lines: list[PurchaseLine] = [
        stage.add(
            PurchaseLine,
            purchase.id,
            item.name,
            item.quantity,
            item.price_fen,
            item.discount_fen,
            item.amount_fen,
            stage.products[item.name],
            item.category,
            item.cost_fen,
            item.imei,
        )
        for item in items
    ]
    _pay(life, purchase, day, items[0].category == "phone")
    return purchase, lines


def _pay(life: Life, purchase: Purchase, day: date, is_phone: bool) -> None:
    """How it was paid; an old phone may be taken in part payment."""
    rng, old, total = life.rng, life.phone, purchase.total_fen
    if is_phone and old is not None and rng.random() < 0.55:
        since = date.fromisoformat(old.acquired_day) if old.acquired_day else day - timedelta(days=900)
        value = min(total // 2, demo_goods.old_phone_fen(total, (day - since).days // 30))
        life.stage.add(Payment, purchase.id, "trade_in", value, f"{old.model} {old.imei}".strip())
        life.stage.change_last(old, status="traded_in", gone_day=day.isoformat())
        life.phone = None
        total -= value
    way = rng.choices(_WAYS, cum_weights=_WAY_WEIGHTS)[0]
    paid = life.stage.add(Payment, purchase.id, way, total)
    if is_phone:
        demo_answers.owe_maybe(life, purchase, paid, day)


def _refund_maybe(life: Life, purchase: Purchase, lines: list[PurchaseLine], day: date) -> bool:
    """Now and then money goes back; True where it was the whole sale."""
    rng, back = life.rng, open_day(day + timedelta(days=1 + life.rng.randrange(7)))
    chance = rng.random()
    if chance >= 0.022 or back > life.stage.until:
        return False
    is_whole = chance < 0.011
    line = None if is_whole else rng.choice(lines)
    amount = purchase.total_fen if line is None else max(100, line.amount_fen // 2000 * 100)
    life.stage.add(
        Refund,
        purchase.id,
        stamp(back, life.minute(back)),
        back.isoformat(),
        amount,
        "七天内退货" if is_whole else "有小瑕疵，退部分货款",
        line.id if line is not None else None,
        "wechat",
        life.clerk,
    )
    life.refunds.append((back, amount))
    return is_whole


# ------------------------------------------------------------ owning


def _own(life: Life, item: _Item, line: PurchaseLine, day: date, is_returned: bool) -> Device:
    """The device a sale gave; the one before is given away or stays as a second phone."""
    rng, stage, customer = life.rng, life.stage, life.customer
    assert customer is not None
    if life.phone is not None and not is_returned and rng.random() < 0.6:
        stage.change_last(life.phone, status="gone", gone_day=day.isoformat())
    has_plan = rng.random() < 0.25
    device: Device = stage.add(
        Device,
        customer.id,
        item.name,
        stamp(day, life.minute(day)),
        product_id=stage.products[item.name],
        color=item.colour,
        storage=item.storage,
        imei=item.imei,
        bought_here=True,
        purchase_line_id=line.id,
        acquired_day=day.isoformat(),
        warranty_end_day=add_months(day, 12).isoformat(),
        plan_name="移动 128 元套餐" if has_plan else "",
        plan_end_day=add_months(day, 24).isoformat() if has_plan else None,
        status="returned" if is_returned else "in_use",
        gone_day=life.refunds[-1][0].isoformat() if is_returned else None,
    )
    if not is_returned:
        life.phone, life.brand = device, item.brand
    return device


def _had_before(life: Life, joined: date) -> None:
    """The phone somebody brings along, bought elsewhere."""
    rng, customer = life.rng, life.customer
    assert customer is not None
    since = joined - timedelta(days=rng.randrange(60, 500))
    model = demo_goods.model_on(rng, since)
    storage, _yuan = rng.choice(model.storages)
    name = f"{model.name} {storage}"
    life.brand = model.brand
    life.phone = life.stage.add(
        Device,
        customer.id,
        name,
        stamp(joined, life.minute(joined)),
        product_id=life.stage.products[name],
        color=rng.choice(model.colours),
        storage=storage,
        imei=demo_goods.imei(rng, model, storage) if rng.random() < 0.5 else "",
        acquired_day=since.isoformat() if rng.random() < 0.6 else None,
    )


def numbered(purchases: list[Purchase], used: dict[str, int]) -> Iterator[Purchase]:
    """Sales in the order made, each with the next receipt number of its day; `used` counts them per day."""
    for purchase in sorted(purchases, key=lambda each: (each.at, each.id)):
        used[purchase.day] = used.get(purchase.day, 0) + 1
        yield replace(purchase, number=f"{purchase.day.replace('-', '')}-{used[purchase.day]:03d}")
