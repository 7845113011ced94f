"""One invented customer's whole life with the shop, as records ready to be stored: who they are and what they buy.

Everything follows from the random source it is given, so that the same seed makes the same people. Nothing here knows
the present beyond `Stage.until`.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

from desktop_crm import birthdays, demo_details, demo_goods, demo_people, demo_points, demo_sales, demo_tiers
from desktop_crm.demo_calendar import open_day, stamp
from desktop_crm.demo_stage import Life, Stage
from desktop_crm.records.customers import Customer, CustomerTag, Phone
from desktop_crm.records.interactions import Channel

_CHANNELS: tuple[Channel, ...] = ("visit", "visit", "wechat", "wechat", "call")
_PROMISES = ("想要的颜色到货", "约好来看新机", "套餐到期前提醒", "换屏配件到货", "问好以旧换新价格")


def live(stage: Stage, rng: random.Random, joined: date) -> None:
    """One customer from the first day to `stage.until`."""
    life = Life(stage, rng)
    life.customer, number = _come(life, joined)
    kind = rng.random()
    if kind < 0.15:
        demo_sales.buy_later_or_never(life, joined)
    else:
        demo_sales.buy_over_time(life, joined, is_loyal=kind > 0.62, is_devoted=kind > 0.87)
    _come_and_write(life, joined)
    _be_greeted(life, joined)
    _be_revisited(life)
    _be_won_back(life)
    _wear_tags(life)
    demo_tiers.judge(life, joined)
    demo_details.know(life, number)
    demo_points.collect(life)


# ------------------------------------------------------------ who


def _come(life: Life, joined: date) -> tuple[Customer, str]:
    """The card on the first day, and its primary number."""
    rng, stage = life.rng, life.stage
    is_company = rng.random() < 0.012
    gender = "" if is_company else rng.choice(("male", "female"))
    name = demo_people.company(rng) if is_company else demo_people.name(rng, gender)
    birthday, lunar = ("", False) if is_company else demo_people.birthday(rng, stage.until)
    number = demo_people.mobile(rng)
    consent = rng.choices(("granted", "", "refused"), cum_weights=(74, 94, 100))[0]
    source = demo_people.source(rng) if rng.random() < 0.93 else ""
    customer_id = stage.new_id(Customer)
    referrer = (
        1 + int((customer_id - 1) * rng.random()) if source == "老客户介绍" and customer_id > 1 else None
    )
    verified = joined + timedelta(days=rng.randrange(1, 700))
    made: Customer = stage.keep(
        Customer(
            customer_id,
            name,
            stamp(joined, life.minute(joined)),
            card_no=f"XH{customer_id:06d}" if rng.random() < 0.5 else "",
            kind="company" if is_company else "person",
            wechat=demo_people.wechat(rng, number),
            gender=gender,  # type: ignore[arg-type]
            birthday=birthday,
            birthday_lunar=lunar,
            region=rng.choice(demo_people.DISTRICTS) if rng.random() < 0.8 else "",
            address=demo_people.address(rng),
            occupation=rng.choice(demo_people.OCCUPATIONS),
            source=source,
            referred_by=referrer,
            owner_staff_id=life.clerk if rng.random() < 0.93 else None,
            consent=consent,  # type: ignore[arg-type]
            consent_day=joined.isoformat() if consent else None,
            do_not_contact=rng.random() < 0.015,
            note=rng.choice(demo_people.NOTES) if rng.random() < 0.25 else "",
            since_day=joined.isoformat(),
            verified_day=verified.isoformat() if verified <= stage.until and rng.random() < 0.5 else None,
        )
    )
    stage.add(Phone, customer_id, number)
    if is_company or rng.random() < 0.05:
        landline = f"0571{rng.randrange(80_000_000, 89_999_999)}"
        stage.add(Phone, customer_id, landline, "landline", "单位", 1)
    return made, number


def _wear_tags(life: Life) -> None:
    """Interests by chance, the brand by the phone in use."""
    assert life.customer is not None
    rng = life.rng
    worn = set(rng.sample(demo_people.INTERESTS, rng.choice((0, 0, 0, 1, 1, 2))))
    if life.brand in demo_people.BRAND_TAGS and rng.random() < 0.4:
        worn.add(demo_people.BRAND_TAGS[life.brand])
    if life.customer.kind == "company":
        worn.add(demo_people.COMPANY_TAG)
    for name in sorted(worn):
        life.stage.add(CustomerTag, life.customer.id, life.stage.tags[name])


# ------------------------------------------------------------ contacts


def _come_and_write(life: Life, joined: date) -> None:
    """Questions in between, on the customer's own account; some end with a promise to come back to it."""
    rng = life.rng
    end = (max(life.active) if life.active else joined) + timedelta(days=rng.randrange(200))
    day = joined
    last = min(end, life.stage.until)
    while (day := open_day(day + timedelta(days=20 + int(rng.expovariate(1.1 / 365))))) <= last:
        text = rng.choice(demo_sales.VISITS).format(model=demo_goods.model_on(rng, day, life.brand).name)
        life.contact(day, rng.choice(_CHANNELS), "customer", text)
        if rng.random() < 0.2:
            time = f"{rng.randrange(10, 20)}:{rng.choice(('00', '30'))}" if rng.random() < 0.5 else None
            due = day + timedelta(days=rng.randrange(2, 12))
            life.plan("manual", due, day, reason=rng.choice(_PROMISES), time=time)


def _be_greeted(life: Life, joined: date) -> None:
    """Greetings three days before each birthday since the first day, or on it; those to come the shop's rule makes."""
    assert life.customer is not None
    day = joined
    while (next_one := birthdays.next_day(life.customer, day)) is not None:
        due = max(next_one - timedelta(days=3), joined)
        if due > life.stage.until:
            break
        life.plan("birthday", due, max(joined, due - timedelta(days=7)), ("customer", life.customer.id))
        day = next_one + timedelta(days=30)


def _be_revisited(life: Life) -> None:
    """Good customers are called after a quiet while; the latest ones are for the shop's rule."""
    if len(life.sales) < 2 or not life.wanted:
        return
    days = sorted(life.active)
    for day, following in zip(days, [*days[1:], life.stage.until], strict=True):
        due = day + timedelta(days=95 + life.rng.randrange(80))
        if due < min(following, life.stage.until - timedelta(days=4)) and life.rng.random() < 0.7:
            life.plan("tier_interval", due, due)


def _be_won_back(life: Life) -> None:
    """Somebody silent for two years is called; a few come back."""
    rng = life.rng
    if not life.sales or not life.wanted or rng.random() < 0.5:
        return
    day = open_day(max(life.active) + timedelta(days=721 + rng.randrange(60)))
    if day > life.stage.until:
        return
    life.contact(day, "call", "shop", "挽回：很久没来，介绍换新补贴", reached=rng.random() < 0.7)
    back = open_day(day + timedelta(days=2 + rng.randrange(55)))
    if rng.random() < 0.3 and back <= life.stage.until:
        demo_sales.buy(life, back, wants_phone=True)
