"""One invented customer's whole life with the shop, as records ready to be stored.

Everything follows from the random source it is given, so that the same seed makes the same people. Days are business
days of the shop; nothing here knows the present beyond `Stage.until`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from desktop_crm import business_time, demo_goods, demo_people, tier_rules
from desktop_crm.base.dates import add_months, from_instant, to_instant
from desktop_crm.business_time import Hours
from desktop_crm.records.complaints import Complaint, ComplaintState, ComplaintStep, Priority, StepKind
from desktop_crm.records.customers import Customer, CustomerTag, Phone
from desktop_crm.records.devices import Device
from desktop_crm.records.followups import Followup, Outcome, Rule
from desktop_crm.records.interactions import Channel, Interaction, Starter
from desktop_crm.records.products import Category
from desktop_crm.records.purchases import Payment, PayMethod, Purchase, PurchaseLine, Refund
from desktop_crm.records.tiers import CustomerTier, TierStep
from desktop_crm.store.tiers import Standing
from desktop_crm.tier_rules import Cuts

SHOP_HOURS_AHEAD = 8
"""Shanghai has no clock changes: its time is UTC + 8 hours."""

_CASES = (
    ("屏幕", "屏幕偏黄,和样机不一样"),
    ("屏幕", "屏幕有一条亮线"),
    ("电池", "电池一天要充两次"),
    ("电池", "充电时发烫"),
    ("信号", "地铁里经常没有信号"),
    ("配件", "充电器用了一周就坏了"),
    ("配件", "贴膜有气泡,边上翘起"),
    ("服务", "等了半个小时没人接待"),
    ("服务", "说好送的手机壳没有给"),
    ("维修", "换屏以后触摸不灵"),
    ("系统", "升级以后很卡"),
    ("价格", "买了三天就降价了"),
)
_ANSWERS = (
    "检测后换新屏",
    "更换电池,已测试",
    "重新贴膜并道歉",
    "补送手机壳",
    "退差价 100 元",
    "寄厂家检测后换机",
    "刷机后正常,教了设置",
)
_VISITS = ("看新机,比较颜色", "咨询以旧换新", "来问套餐", "贴膜,顺便看新机", "问电池还能用多久")
_METHODS: tuple[tuple[PayMethod, int], ...] = (
    ("wechat", 45), ("alipay", 30), ("cash", 10), ("card", 8), ("instalment", 7),
)  # fmt: skip
_PRIORITIES: tuple[Priority, ...] = ("high", "normal", "normal", "normal", "low")
_REASONS: dict[str, str] = {
    "after_sale_care": "购机后关怀",
    "after_sale_check": "购机后回访",
    "birthday": "生日祝福",
    "complaint_closed": "投诉解决后回访",
    "tier_interval": "定期回访",
    "manual": "说好再联系",
}


@dataclass(frozen=True)
class OpenCase:
    """A case that is open today: days since it came in, priority, share of its steps taken; a copy of the first one."""

    days: int
    priority: Priority
    taken: float
    is_copy: bool = False


OPEN_CASES = (
    OpenCase(5, "normal", 0.5),
    OpenCase(2, "high", 0.2),
    OpenCase(3, "low", 0.6),
    OpenCase(1, "normal", 0.08),
    OpenCase(2, "normal", 0.9),
    OpenCase(6, "low", 0.7),
    OpenCase(4, "normal", 0.0, is_copy=True),
)


@dataclass
class Stage:
    """What all lives share.

    Attributes:
        first / until: first and last day (inclusive) of the shop's past.
        hours: opening hours. clerks: staff ids. tags: tag ids.
        products: product id by name. cuts: the tiers' cut points.
        next_id: the next key per table; the lives draw from it.
        rows: what was made and not stored yet, per record class.
    """

    first: date
    until: date
    hours: Hours
    clerks: tuple[int, ...]
    tags: tuple[int, ...]
    products: dict[str, int]
    cuts: Cuts = field(default_factory=Cuts)
    next_id: dict[type, int] = field(default_factory=dict)
    rows: dict[type, list[Any]] = field(default_factory=dict)  # records of the class that is the key

    def add(self, kind: type, /, *values: object, **named: object) -> Any:
        """Make a record with the next key and keep it for storing."""
        key = self.next_id.get(kind, 1)
        self.next_id[kind] = key + 1
        record = kind(key, *values, **named)
        self.rows.setdefault(kind, []).append(record)
        return record

    def change_last(self, record: Any, **named: object) -> None:
        """Replace a record of this batch, found from its end."""
        rows = self.rows[type(record)]
        place = next(i for i in range(len(rows) - 1, -1, -1) if rows[i].id == record.id)
        rows[place] = replace(rows[place], **named)


def instant(day: date, minute: int) -> datetime:
    """The instant of a minute of a shop day."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=SHOP_HOURS_AHEAD)
    return start + timedelta(minutes=minute)


def shop_day(moment: datetime) -> date:
    """The shop day of an instant."""
    return (moment + timedelta(hours=SHOP_HOURS_AHEAD)).date()


def busyness(day: date) -> float:
    """How much is sold on a day, 1 on an ordinary one: weekends, festivals, new phones."""
    factor = (0.9, 0.85, 0.85, 0.9, 1.1, 1.6, 1.45)[day.weekday()]
    if (day.month == 1 and day.day >= 15) or (day.month == 2 and day.day <= 8):
        factor *= 1.5
    if (day.month == 6 and 10 <= day.day <= 18) or (day.month == 11 and 1 <= day.day <= 11):
        factor *= 1.35
    if (day.month == 9 and day.day >= 20) or (day.month == 10 and day.day <= 7):
        factor *= 1.3
    return factor * (0.6 if day.month in (3, 4) else 1.0)


def walk_in(stage: Stage, rng: random.Random, day: date) -> None:
    """A small sale to somebody who leaves no name."""
    _Life(stage, rng).sell(day, _goods(rng, day), None)


def live(stage: Stage, rng: random.Random, joined: date) -> None:
    """One customer from the first day to `stage.until`."""
    life = _Life(stage, rng)
    customer = life.come(joined)
    kind = rng.random()
    if kind < 0.12:
        life.maybe_buy_later(joined)
    else:
        life.buy_over_time(joined, loyal=kind > 0.68, devoted=kind > 0.90)
    life.visit_and_write(joined)
    life.greet_on_birthdays(joined)
    life.win_back()
    life.judge(joined)
    stage.change_last(
        customer, verified_day=max(life.active).isoformat() if life.active and rng.random() < 0.4 else None
    )


def open_case(
    stage: Stage,
    rng: random.Random,
    customer: Customer,
    purchase: Purchase,
    case: OpenCase,
    first: Complaint | None,
) -> Complaint:
    """One of the cases that are open today, about a recent purchase."""
    life = _Life(stage, rng)
    life.customer = customer
    received = instant(stage.until - timedelta(days=case.days), 10 * 60 + rng.randrange(500))
    if case.is_copy and first is not None:
        return life.copy_of(first, received)
    passed = business_time.minutes_between(received, instant(stage.until, 10 * 60), stage.hours)
    return life.case(received, purchase, case.priority, passed / max(case.taken, 0.03))


@dataclass(frozen=True)
class _Item:
    name: str
    category: Category
    price_fen: int
    cost_fen: int
    discount_fen: int = 0
    imei: str = ""
    colour: str = ""
    storage: str = ""
    brand: str = ""


def _goods(rng: random.Random, day: date, *categories: str) -> list[_Item]:
    chosen = demo_goods.good(rng, *(categories or ("accessory", "accessory", "service", "plan")))
    fen = chosen.yuan * 100
    return [_Item(chosen.name, chosen.category, fen, round(fen * (1 - chosen.margin)))]


def _phone(rng: random.Random, day: date, brand: str) -> list[_Item]:
    model = demo_goods.model_on(rng, day, brand)
    storage, yuan = rng.choice(model.storages)
    price = demo_goods.price_fen(model, yuan, day)
    items = [
        _Item(
            f"{model.name} {storage}",
            "phone",
            price,
            round(yuan * 100 * (1 - demo_goods.PHONE_MARGIN) * price / (yuan * 100)),
            rng.choice((0, 0, 0, 5000, 10000, 20000)),
            demo_goods.imei(rng, model, storage),
            rng.choice(model.colours),
            storage,
            model.brand,
        )
    ]
    if rng.random() < 0.45:
        items += _goods(rng, day, "accessory")
    return items


class _Life:
    """The state of one life while it is made up."""

    def __init__(self, stage: Stage, rng: random.Random) -> None:
        self.stage, self.rng = stage, rng
        self.customer: Customer | None = None
        self.clerk = rng.choice(stage.clerks)
        self.brand = ""
        self.sales: list[tuple[date, int]] = []
        self.refunds: list[tuple[date, int]] = []
        self.active: list[date] = []
        self.phone: Device | None = None

    # ------------------------------------------------------------ who

    def come(self, joined: date) -> Customer:
        """The card on the first day."""
        rng, stage = self.rng, self.stage
        gender = rng.choice(("male", "female"))
        is_company = rng.random() < 0.012
        name = demo_people.company(rng) if is_company else demo_people.name(rng, gender)
        birthday, lunar = ("", False) if is_company else demo_people.birthday(rng, stage.until)
        number = demo_people.mobile(rng)
        consent = rng.choices(("granted", "", "refused"), (70, 23, 7))[0]
        source = demo_people.source(rng) if rng.random() < 0.92 else ""
        earlier = stage.next_id.get(Customer, 1) - 1
        referrer = 1 + int(earlier * rng.random()) if source == "老客户介绍" and earlier else None
        customer: Customer = stage.add(
            Customer,
            name,
            to_instant(instant(joined, 9 * 60 + rng.randrange(600))),
            card_no=f"XH{stage.next_id.get(Customer, 1):06d}" if rng.random() < 0.5 else "",
            kind="company" if is_company else "person",
            wechat=f"wx{number[-6:]}" if rng.random() < 0.6 else "",
            gender="" if is_company else gender,
            birthday=birthday,
            birthday_lunar=lunar,
            region=rng.choice(demo_people.DISTRICTS) if rng.random() < 0.8 else "",
            address=f"{rng.choice(demo_people.STREETS)}{rng.randrange(1, 800)}号"
            if rng.random() < 0.5
            else "",
            occupation=rng.choice(demo_people.OCCUPATIONS),
            source=source,
            referred_by=referrer,
            owner_staff_id=self.clerk if rng.random() < 0.9 else None,
            consent=consent,
            consent_day=joined.isoformat() if consent else None,
            do_not_contact=rng.random() < 0.015,
            note=rng.choice(demo_people.NOTES) if rng.random() < 0.25 else "",
            since_day=joined.isoformat(),
        )
        self.customer = customer
        stage.add(Phone, customer.id, number)
        if rng.random() < 0.06:
            stage.add(
                Phone, customer.id, f"0571{rng.randrange(80_000_000, 89_999_999)}", "landline", "单位", 1
            )
        for tag in rng.sample(stage.tags, rng.choice((0, 0, 0, 1, 1, 2))):
            stage.add(CustomerTag, customer.id, tag)
        return customer

    @property
    def wanted(self) -> bool:
        """Whether the customer may be contacted."""
        assert self.customer is not None
        return self.customer.consent != "refused" and not self.customer.do_not_contact

    # ------------------------------------------------------------ buying

    def maybe_buy_later(self, joined: date) -> None:
        """A prospect: looked, and bought some weeks later or never."""
        self.contact(joined, "visit", "customer", self.rng.choice(_VISITS))
        later = joined + timedelta(days=2 + self.rng.randrange(40))
        if self.rng.random() < 0.35 and later <= self.stage.until:
            self.buy_over_time(later, loyal=False, devoted=False)

    def buy_over_time(self, first: date, *, loyal: bool, devoted: bool) -> None:
        """A first sale and those that follow by habit."""
        rng, until = self.rng, self.stage.until
        self.buy(first, phone=rng.random() < 0.62)
        gap = max(200, rng.gauss(560 if devoted else 760, 110))
        phone_day = first + timedelta(days=int(gap))
        while (loyal or devoted) and phone_day <= until:
            self.buy(phone_day, phone=True)
            phone_day += timedelta(days=int(gap * rng.uniform(0.85, 1.15)))
        rate = 2.0 if devoted else 0.9 if loyal else 0.12
        day = first
        while True:
            day += timedelta(days=1 + int(rng.expovariate(rate / 365)))
            if day > until:
                break
            if rng.random() < busyness(day) / 2.5:
                self.buy(day, phone=False)

    def buy(self, day: date, *, phone: bool) -> None:
        """One sale on a day, with what it leads to."""
        rng = self.rng
        assert self.customer is not None
        items = _phone(rng, day, self.brand) if phone else _goods(rng, day)
        if phone and rng.random() < 0.3:
            before = day - timedelta(days=1 + rng.randrange(12))
            if before.isoformat() >= (self.customer.since_day or ""):
                self.contact(before, "visit", "customer", f"看 {items[0].name},比较颜色")
        purchase, lines = self.sell(day, items, self.customer.id)
        if rng.random() < 0.004 and not phone:
            self.stage.change_last(
                purchase, voided_at=purchase.at, void_day=purchase.day, void_reason="金额输错,重新开单"
            )
            return
        self.sales.append((day, purchase.total_fen))
        self.active.append(day)
        returned = self.refund_maybe(purchase, lines, day)
        if phone:
            self.own(items[0], lines[0], day, returned)
            if not returned:
                self.plan("after_sale_care", day + timedelta(days=3), "purchase", purchase.id, day)
                self.plan("after_sale_check", day + timedelta(days=30), "purchase", purchase.id, day)
        if items[0].category in ("phone", "service") and rng.random() < 0.07:
            self.complain(day + timedelta(days=1 + rng.randrange(60)), purchase)

    def sell(
        self, day: date, items: list[_Item], customer_id: int | None
    ) -> tuple[Purchase, list[PurchaseLine]]:
        """The rows of a sale."""
        rng, stage = self.rng, self.stage
        total = sum(item.price_fen - item.discount_fen for item in items)
        latest = 30 if day == stage.until else 690
        at = to_instant(instant(day, 9 * 60 + 5 + rng.randrange(latest)))
        seller = self.clerk if rng.random() < 0.7 else rng.choice(stage.clerks)
        purchase: Purchase = stage.add(
            Purchase,
            at,
            day.isoformat(),
            total,
            customer_id,
            seller,
            f"XS{stage.next_id.get(Purchase, 1):07d}",
            created_at=at,
        )
        lines = [
            stage.add(
                PurchaseLine,
                purchase.id,
                item.name,
                1,
                item.price_fen,
                item.discount_fen,
                item.price_fen - item.discount_fen,
                stage.products[item.name],
                item.category,
                item.cost_fen,
                item.imei,
            )
            for item in items
        ]
        self.pay(purchase, total, items[0].category == "phone")
        return purchase, lines

    def pay(self, purchase: Purchase, total: int, is_phone: bool) -> None:
        """How it was paid; an old phone may be taken in part payment."""
        rng, old = self.rng, self.phone
        if is_phone and old is not None and rng.random() < 0.5:
            value = min(total // 2, rng.randrange(3, 22) * 10_000)
            self.stage.add(Payment, purchase.id, "trade_in", value, f"{old.model} {old.imei}")
            self.change_device(old, status="traded_in")
            total -= value
        method = rng.choices([name for name, _w in _METHODS], [weight for _n, weight in _METHODS])[0]
        if total:
            self.stage.add(Payment, purchase.id, method, total)

    def own(self, item: _Item, line: PurchaseLine, day: date, returned: bool) -> None:
        """The device a sale gave."""
        assert self.customer is not None
        if self.phone is not None and self.phone.status == "in_use" and self.rng.random() < 0.5:
            self.change_device(self.phone, status="gone")
        plan_end = add_months(day, 24).isoformat() if self.rng.random() < 0.25 else None
        self.phone = self.stage.add(
            Device,
            self.customer.id,
            item.name,
            to_instant(instant(day, 600)),
            product_id=self.stage.products[item.name],
            color=item.colour,
            storage=item.storage,
            imei=item.imei,
            bought_here=True,
            purchase_line_id=line.id,
            acquired_day=day.isoformat(),
            warranty_end_day=add_months(day, 12).isoformat(),
            plan_name="移动 128 元套餐" if plan_end else "",
            plan_end_day=plan_end,
            status="returned" if returned else "in_use",
        )
        self.brand = item.brand

    def change_device(self, device: Device, **named: object) -> None:
        """Change a device of this life."""
        self.stage.change_last(device, **named)
        if self.phone is not None and self.phone.id == device.id:
            self.phone = replace(self.phone, **named)  # type: ignore[arg-type]

    def refund_maybe(self, purchase: Purchase, lines: list[PurchaseLine], day: date) -> bool:
        """Now and then money goes back; True where it was the whole sale."""
        rng = self.rng
        back = day + timedelta(days=1 + rng.randrange(7))
        if rng.random() >= 0.02 or back > self.stage.until:
            return False
        whole = rng.random() < 0.5
        line = None if whole else rng.choice(lines)
        amount = purchase.total_fen if whole else max(1, line.amount_fen // 2 if line else 0)
        at = to_instant(instant(back, 600 + rng.randrange(20)))
        reason = "七天内退货" if whole else "有小瑕疵,退部分货款"
        self.stage.add(
            Refund,
            purchase.id,
            at,
            back.isoformat(),
            amount,
            reason,
            line.id if line else None,
            "wechat",
            self.clerk,
        )
        self.refunds.append((back, amount))
        return whole

    # ------------------------------------------------------------ contacts

    def contact(
        self,
        day: date,
        channel: Channel,
        began_by: Starter,
        summary: str,
        *,
        reached: bool = True,
        **links: int,
    ) -> None:
        """One contact on a day that has come."""
        assert self.customer is not None
        if day > self.stage.until:
            return
        latest = 25 if day == self.stage.until else 650
        at = to_instant(instant(day, 9 * 60 + 10 + self.rng.randrange(latest)))
        self.stage.add(
            Interaction,
            self.customer.id,
            at,
            day.isoformat(),
            channel,
            began_by,
            summary,
            reached,
            self.clerk,
            **links,
        )
        if began_by == "customer":
            self.active.append(day)

    def visit_and_write(self, joined: date) -> None:
        """Questions in between, on the customer's own account."""
        rng = self.rng
        end = (max(self.active) if self.active else joined) + timedelta(days=rng.randrange(200))
        day = joined
        while True:
            day += timedelta(days=20 + int(rng.expovariate(0.9 / 365)))
            if day > min(end, self.stage.until):
                break
            text = rng.choice(_VISITS)
            self.contact(day, rng.choice(("visit", "wechat", "call")), "customer", text)

    def greet_on_birthdays(self, joined: date) -> None:
        """Greetings three days before each solar birthday since the first day."""
        assert self.customer is not None
        if not self.customer.birthday or self.customer.birthday_lunar:
            return
        month, day = int(self.customer.birthday[-5:-3]), min(28, int(self.customer.birthday[-2:]))
        for year in range(joined.year, self.stage.until.year + 1):
            due = date(year, month, day) - timedelta(days=3)
            if joined < due <= self.stage.until:
                self.plan("birthday", due, "customer", self.customer.id, due - timedelta(days=4))

    def win_back(self) -> None:
        """Somebody silent for two years is called; a few come back."""
        rng = self.rng
        if not self.sales or not self.wanted:
            return
        day = max(self.active) + timedelta(days=721 + rng.randrange(60))
        if day > self.stage.until or rng.random() < 0.6:
            return
        self.contact(day, "call", "shop", "挽回:很久没来,介绍换新补贴", reached=rng.random() < 0.7)
        back = day + timedelta(days=2 + rng.randrange(80))
        if rng.random() < 0.25 and back <= self.stage.until:
            self.buy(back, phone=True)

    def plan(self, rule: Rule, due: date, kind: str, source_id: int, made: date) -> None:
        """A planned contact and, where its day has come, how it ended."""
        rng, until = self.rng, self.stage.until
        assert self.customer is not None
        if not self.wanted or due > until + timedelta(days=31):
            return
        chance = rng.random()
        is_open = due >= until or (due >= until - timedelta(days=2) and chance < 0.18)
        done = due + timedelta(days=rng.randrange(1, 6)) if chance > 0.91 else due
        cancelled = not is_open and chance < 0.05
        followup: Followup = self.stage.add(
            Followup,
            self.customer.id,
            rule,
            _REASONS[rule],
            due.isoformat(),
            due.isoformat(),
            to_instant(instant(made, 700)),
            source_kind=kind,
            source_id=source_id,
            staff_id=self.clerk,
        )
        if cancelled:
            self.stage.change_last(followup, state="cancelled", cancel_reason="客户刚到过店")
        elif not is_open:
            self.finish(followup, min(done, until))

    def finish(self, followup: Followup, day: date) -> None:
        """A planned contact that was made on a day."""
        rng = self.rng
        outcomes: tuple[Outcome, ...] = ("reached", "no_answer", "not_interested", "bought")
        outcome = rng.choices(outcomes, (74, 16, 6, 4))[0]
        minute = 570 if day == self.stage.until else 600 + rng.randrange(500)
        self.stage.change_last(
            followup,
            state="done",
            outcome=outcome,
            done_at=to_instant(instant(day, minute)),
            done_day=day.isoformat(),
            done_by=self.clerk,
        )
        self.contact(
            day,
            rng.choice(("call", "call", "wechat")),
            "shop",
            followup.reason,
            reached=outcome != "no_answer",
            followup_id=followup.id,
        )

    # ------------------------------------------------------------ complaints

    def complain(self, day: date, purchase: Purchase) -> None:
        """A case that came in on a day, with the steps that were taken by now."""
        if day <= self.stage.until:
            latest = 25 if day == self.stage.until else 640
            self.case(instant(day, 9 * 60 + 10 + self.rng.randrange(latest)), purchase)

    def case(
        self,
        received: datetime,
        purchase: Purchase,
        priority: Priority | None = None,
        minutes: float | None = None,
    ) -> Complaint:
        """A case and its steps, which take so many business minutes in all (otherwise mostly within the due time)."""
        rng, stage = self.rng, self.stage
        assert self.customer is not None
        urgency = rng.choice(_PRIORITIES) if priority is None else priority
        allowed = {"high": 240, "normal": 1440, "low": 4320}[urgency]
        if minutes is None:
            minutes = allowed * (rng.uniform(1.2, 2.5) if rng.random() < 0.16 else rng.uniform(0.3, 0.9))
        category, summary = rng.choice(_CASES)
        complaint: Complaint = stage.add(
            Complaint,
            summary,
            to_instant(received),
            shop_day(received).isoformat(),
            to_instant(business_time.add_minutes(received, allowed, stage.hours)),
            customer_id=self.customer.id,
            purchase_id=purchase.id,
            category=category,
            priority=urgency,
            channel=rng.choice(("visit", "wechat", "call")),
            owner_staff_id=self.clerk,
            created_at=to_instant(received),
        )
        self.active.append(shop_day(received))
        self.contact_of_case(complaint)
        self.take_steps(complaint, minutes)
        return complaint

    def copy_of(self, first: Complaint, received: datetime) -> Complaint:
        """The same case told a second time, and recognised."""
        copy: Complaint = self.stage.add(
            Complaint,
            first.summary,
            to_instant(received),
            shop_day(received).isoformat(),
            to_instant(business_time.add_minutes(received, 1440, self.stage.hours)),
            customer_id=first.customer_id,
            purchase_id=first.purchase_id,
            category=first.category,
            channel="wechat",
            state="duplicate",
            owner_staff_id=self.clerk,
            duplicate_of=first.id,
            created_at=to_instant(received),
        )
        self.step(copy, "received", received, first.summary, interaction=True)
        self.step(copy, "duplicate", received + timedelta(minutes=20), "同一件事,已在处理", interaction=False)
        return copy

    def contact_of_case(self, complaint: Complaint) -> None:
        """The visit or message a case came in by."""
        self.stage.add(
            Interaction,
            complaint.customer_id,
            complaint.received_at,
            complaint.received_day,
            complaint.channel,
            "customer",
            complaint.summary,
            staff_id=self.clerk,
            complaint_id=complaint.id,
        )

    def take_steps(self, complaint: Complaint, minutes: float) -> None:
        """The steps of a case that took so many business minutes in all, as far as they lie in the past."""
        now = instant(self.stage.until, 10 * 60)
        received = from_instant(complaint.received_at)
        self.step(complaint, "received", received, complaint.summary, interaction=True)
        state: ComplaintState = "received"
        for kind, share, note in self.script():
            at = business_time.add_minutes(received, max(1.0, minutes * share), self.stage.hours)
            if kind == "responded":
                at = business_time.add_minutes(
                    received, self.rng.choice((0, 0, 3, 6, 12, 25, 90)), self.stage.hours
                )
            if at > now:
                break
            self.step(complaint, kind, at, note, interaction=kind in ("responded", "answered"))
            if kind == "reopened":
                state = "investigating"
            elif kind in ("investigating", "resolved", "answered", "closed", "withdrawn", "duplicate"):
                state = kind
        self.stage.change_last(complaint, state=state)
        if state == "closed":
            due = shop_day(at) + timedelta(days=7)
            self.plan("complaint_closed", due, "complaint", complaint.id, shop_day(at))

    def script(self) -> Iterator[tuple[StepKind, float, str]]:
        """The steps of a case with the share of its time at which each is taken."""
        rng = self.rng
        chance = rng.random()
        yield "responded", 0.02, "已联系客户,约时间看机"
        if chance < 0.05:
            yield "withdrawn", 0.3, "客户说自己弄好了"
            return
        yield "investigating", 0.10, "到店检测"
        yield "resolved", 0.55, rng.choice(_ANSWERS)
        if chance > 0.93:
            yield "reopened", 0.65, "客户说问题又出现"
            yield "resolved", 0.80, rng.choice(_ANSWERS)
        yield "answered", 0.88, "已告知客户结果"
        yield "closed", 1.0, "客户满意"

    def step(
        self, complaint: Complaint, kind: StepKind, at: datetime, note: str, *, interaction: bool
    ) -> None:
        """One step of a case."""
        self.stage.add(
            ComplaintStep,
            complaint.id,
            kind,
            to_instant(at),
            shop_day(at).isoformat(),
            self.clerk,
            note,
            interaction,
        )

    # ------------------------------------------------------------ tiers

    def judge(self, joined: date) -> None:
        """The tier at each quarter's first day since the card was made, better ones at once, as tiers.py does."""
        assert self.customer is not None
        days = sorted({joined, *(day for day, _fen in self.sales), *self.quarters(joined)})
        tier: CustomerTier | None = None
        for day in days:
            standing = self.standing(day)
            found = tier_rules.judge(standing, day, self.stage.cuts)
            falls = tier is not None and tier_rules.RANK[found.tier] < tier_rules.RANK[tier.tier]
            kept = (
                tier.tier if tier is not None and falls and day not in self.quarters(joined) else found.tier
            )
            changed = tier is None or tier.tier != kept
            if changed:
                why = tier_rules.words(
                    standing.occasions, standing.net_fen, standing.last_active_day, day, self.stage.cuts
                )
                at = to_instant(instant(day, 21 * 60 if day < self.stage.until else 595))
                before, origin = (tier.tier, "retier") if tier else ("", "first")
                self.stage.add(TierStep, self.customer.id, before, kept, at, day.isoformat(), origin, why)
            since = day.isoformat() if tier is None or changed else tier.since_day
            tier = CustomerTier(
                self.customer.id,
                kept,
                found.tier,
                found.value,
                found.activity,
                standing.occasions,
                standing.net_fen,
                since,
                standing.last_active_day,
            )
        self.stage.rows.setdefault(CustomerTier, []).append(tier)

    def quarters(self, joined: date) -> list[date]:
        """The first days of the quarters in which the customer was there."""
        found, day = [], date(joined.year, (joined.month - 1) // 3 * 3 + 1, 1)
        while (day := add_months(day, 3)) <= self.stage.until:
            found.append(day)
        return found

    def standing(self, day: date) -> Standing:
        """What the tier is judged by at the end of a day."""
        assert self.customer is not None
        start = tier_rules.window_start(day, self.stage.cuts.window_months)
        recent = [(when, fen) for when, fen in self.sales if start <= when <= day]
        given = sum(fen for when, fen in self.refunds if start <= when <= day)
        past = [when for when in self.active if when <= day]
        return Standing(
            self.customer.id,
            self.customer.name,
            sum(when <= day for when, _fen in self.sales),
            len({when for when, _fen in recent}),
            sum(fen for _when, fen in recent) - given,
            max(past).isoformat() if past else None,
        )
