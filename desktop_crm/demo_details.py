"""What the demo shop knows of its people besides what they buy: own fields, families, consents, notes, preferences.

It comes last in a life, so that it changes nothing of what happened before. Who they are is in demo_people.py.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, NamedTuple

from desktop_crm.demo_calendar import stamp
from desktop_crm.demo_stage import Life
from desktop_crm.records.custom_fields import CustomValue, FieldKind
from desktop_crm.records.customers import ChannelConsent, ConsentChannel, Customer, Phone
from desktop_crm.records.notes import Note
from desktop_crm.records.relations import Relation, RelationKind

BROADBAND: Final = "宽带到期"
PLAN: Final = "手机套餐"
MESSAGES: Final = "会员日短信"
PLANS: Final = ("59元畅享", "99元5G", "129元家庭", "199元全家福")
FIELDS: Final[tuple[tuple[str, FieldKind, tuple[str, ...]], ...]] = (
    (BROADBAND, "date", ()),
    (PLAN, "choice", PLANS),
    (MESSAGES, "yes_no", ()),
)
"""The shop's own fields: name, kind, choices."""
_WORDING: Final = "新品和会员日活动可以发给您吗？"
_CHANNELS: Final[tuple[ConsentChannel, ...]] = ("sms", "wechat", "email")
_PREFERENCES: Final = (
    "喜欢大屏，字要大",
    "只要华为，不看别的",
    "喜欢小屏，手小",
    "常问以旧换新",
    "配件只要原装的",
    "不喜欢被推销，自己看",
    "愿意等新款首发",
    "付款喜欢分期",
)
_DATED: Final = (
    "问了新机价格，说等活动。",
    "帮忙导了通讯录，说下次带家人来。",
    "要发票，抬头已记。",
    "问以旧换新，估价 800 元，没换。",
    "换了微信头像，加回来了。",
    "下雨天来躲雨，聊了手机拍照。",
    "宽带想换套餐，等合约到期。",
)
_PINNED: Final = (
    "答应下次送一张膜。",
    "上次等了很久，先招呼。",
    "听力不好，说话大声点。",
    "欠一个手机壳，到货送。",
)
_BROUGHT: Final = 400
"""So many of the customers before are somebody's family."""


class Person(NamedTuple):
    """What later people need to know of one to be their family."""

    id: int
    name: str
    number: str
    gender: str
    born: int


def know(life: Life, number: str) -> None:
    """What is written down of a customer whose life was made up; `number` is the primary one."""
    customer = life.customer
    assert customer is not None
    if customer.kind == "person":
        _belong(life, customer, number)
    _own_fields(life, customer)
    _consent(life, customer)
    _write(life, customer)


def _belong(life: Life, customer: Customer, number: str) -> None:
    """One in sixteen is the family of somebody who came before; half of these are reached by that one's number.

    A few families are not linked yet, and one in 250 has a card already: what the page "Tidy up" finds.
    """
    rng, people = life.rng, life.stage.people
    born = int(customer.birthday[:4]) if customer.birthday[:1].isdigit() else 0
    luck = rng.random()
    if people and luck < 0.06:
        other: Person = people[rng.randrange(len(people))]
        if luck < 0.004:
            life.stage.add(Phone, customer.id, other.number, "mobile", "", 1)
            life.customer = life.stage.change_last(customer, name=other.name)
            return
        shares = rng.random() < 0.5
        if shares:
            life.stage.add(Phone, customer.id, other.number, "mobile", "家人", 1)
        if not shares or rng.random() < 0.75:
            kind, first, second = _kinship(Person(customer.id, "", number, customer.gender, born), other)
            at = stamp(date.fromisoformat(customer.since_day or ""), life.minute(life.stage.first))
            life.stage.add(Relation, first, second, kind, at)
    people.append(Person(customer.id, customer.name, number, customer.gender, born))
    del people[:-_BROUGHT]


def _kinship(one: Person, other: Person) -> tuple[RelationKind, int, int]:
    """(kind, who is that, of whom) of two people, as their years let guess."""
    if one.born and other.born and abs(one.born - other.born) >= 18:
        elder, younger = (one, other) if one.born < other.born else (other, one)
        return "parent", elder.id, younger.id
    kind: RelationKind = "sibling" if one.gender == other.gender else "spouse"
    return kind, one.id, other.id


def _own_fields(life: Life, customer: Customer) -> None:
    rng, stage = life.rng, life.stage
    if rng.random() < 0.22:
        ends = stage.until + timedelta(days=rng.randrange(-60, 720))
        _put(life, customer, BROADBAND, ends.isoformat())
        _put(life, customer, PLAN, PLANS[2 + int(rng.random() * 2)])
    elif rng.random() < 0.3:
        _put(life, customer, PLAN, PLANS[int(rng.random() ** 1.5 * len(PLANS))])
    if rng.random() < 0.4:
        _put(life, customer, MESSAGES, "0" if customer.consent == "refused" or rng.random() < 0.2 else "1")


def _put(life: Life, customer: Customer, field: str, value: str) -> None:
    life.stage.add(CustomValue, customer.id, life.stage.fields[field], value)


def _consent(life: Life, customer: Customer) -> None:
    """Some answer for single channels, most of them with no to short messages and yes to WeChat."""
    rng = life.rng
    if not customer.consent or not customer.consent_day or rng.random() > 0.2:
        return
    for channel in rng.sample(_CHANNELS, rng.choice((1, 1, 2))):
        granted = customer.consent == "granted" and rng.random() < (0.8 if channel == "wechat" else 0.35)
        answer = "granted" if granted else "refused"
        life.stage.add(
            ChannelConsent, customer.id, channel, answer, customer.consent_day, _WORDING, life.clerk
        )


def _write(life: Life, customer: Customer) -> None:
    """Dated notes on days on which they were there, now and then a pinned one; what they like."""
    rng, stage = life.rng, life.stage
    if rng.random() < 0.15:
        _note(life, customer, rng.choice(_DATED), pinned=False)
    if rng.random() < 0.03:
        _note(life, customer, rng.choice(_PINNED), pinned=True)
    if rng.random() < 0.15:
        life.customer = stage.change_last(customer, preferences=rng.choice(_PREFERENCES))


def _note(life: Life, customer: Customer, text: str, *, pinned: bool) -> None:
    first = date.fromisoformat(customer.since_day or "")
    day = life.active[int(life.rng.random() * len(life.active))] if life.active else first
    at = stamp(day, life.minute(day))
    life.stage.add(Note, customer.id, text, at, day.isoformat(), pinned, life.clerk)
