"""What each condition means, once more and in plain Python: the tests hold the SQL of store/who.py to it.

Small random shops come from `fill`; `holds` looks at one customer's rows and says yes or no.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from desktop_crm import birthdays
from desktop_crm.base.dates import add_months
from desktop_crm.base.values import normal_imei
from desktop_crm.records.after_sales import AfterSalesTerm
from desktop_crm.records.balance import BalanceEntry
from desktop_crm.records.complaints import Complaint, ComplaintState
from desktop_crm.records.custom_fields import CustomField, CustomValue
from desktop_crm.records.customers import ChannelConsent, Customer, CustomerTag, Phone, Tag
from desktop_crm.records.devices import Device
from desktop_crm.records.followups import Followup
from desktop_crm.records.interactions import Interaction, Starter
from desktop_crm.records.notes import Note
from desktop_crm.records.openings import OpeningSummary
from desktop_crm.records.points import PointEntry
from desktop_crm.records.products import Product
from desktop_crm.records.purchases import Purchase, PurchaseLine, Refund
from desktop_crm.records.relations import Relation, RelationKind
from desktop_crm.records.staff import StaffMember
from desktop_crm.records.surveys import SurveyAnswer
from desktop_crm.records.tiers import CustomerTier, Tier
from desktop_crm.records.who import Condition, Filter
from desktop_crm.store.rows import Database

R = TypeVar("R")
WORDS = ("", "Apple", "a_b", "50%", "华为 Mate", "iphone 15", "back\\slash")
_KINDS: tuple[RelationKind, ...] = ("spouse", "parent", "colleague")
_STARTERS: tuple[Starter, ...] = ("customer", "shop")
_STATES: tuple[ComplaintState, ...] = ("received", "answered", "closed", "withdrawn", "duplicate")
TIERS: tuple[Tier, ...] = ("high_value", "potential", "regular", "lost", "prospect")


SPANS = ("1d", "30d", "2w", "6m", "12m", "2y")
"""The spans that tests ask for."""


def edges(today: date) -> list[date]:
    """The days at which a condition with one of these spans begins or ends, and the days beside them."""
    ends = [date.fromisoformat(_off(today, span, sign)) for span in SPANS for sign in (1, -1)]
    return [end + timedelta(days=beside) for end in (today, *ends) for beside in (-1, 0, 1)]


def fill(db: Database, rng: random.Random, today: date, size: int) -> None:
    """A few customers with a life at random, inside an open change."""

    def day(back: int = 800, ahead: int = 0) -> str:
        low, high = today - timedelta(days=back), today + timedelta(days=ahead)
        near = [each for each in edges(today) if low <= each <= high]
        free = today - timedelta(days=rng.randint(-ahead, back))
        return (rng.choice(near) if near and rng.random() < 0.6 else free).isoformat()

    def maybe(made: Callable[[], R], share: float = 0.5) -> R | None:
        return made() if rng.random() < share else None

    at = "2026-01-01T00:00:00Z"
    clerks = [db.insert(StaffMember(0, f"clerk {n}", at)) for n in range(2)]
    tags = [db.insert(Tag(0, f"tag {n}", "group" if n else "")) for n in range(3)]
    product = db.insert(Product(0, "phone x", at, brand="Apple"))
    fields = [
        db.insert(CustomField(0, f"field {kind}", kind, at, '["a", "b"]' if kind == "choice" else "[]"))
        for kind in ("text", "number", "date", "choice", "yes_no")
    ]
    ids: list[int] = []
    for place in range(size):
        birthday = rng.choice(("", _birthday(rng), _birthday(rng), _birthday(rng)[4:]))
        birthday = f"-{birthday}" if birthday.startswith("-") else birthday
        lunar = bool(birthday) and not birthday.endswith("-31") and rng.random() < 0.5
        card = Customer(
            0, rng.choice(WORDS) or "x", at, rng.choice(("", f"C{place}")), rng.choice(WORDS),
            rng.choice(("person", "company", "agent", "channel")), rng.choice(WORDS), rng.choice(WORDS),
            rng.choice(("", "female", "male")), birthday, lunar,
            rng.choice(WORDS), rng.choice(WORDS), rng.choice(WORDS), rng.choice(WORDS),
            rng.choice([None, *ids]), rng.choice([None, *clerks]), rng.choice(("", "granted", "refused")), None,
            rng.random() < 0.2, rng.choice(("", "zh_CN", "en")), rng.choice(WORDS), maybe(day), maybe(day),
            "2026-01-01T00:00:00Z" if rng.random() < 0.1 else None,
            preferences=rng.choice(WORDS), birthday_leap=lunar and rng.random() < 0.2,
            note_pinned=rng.random() < 0.4,
        )  # fmt: skip
        number = db.insert(card)
        ids.append(number)
        _life(db, rng, number, day, maybe, at, product)
        for tag in tags:
            if rng.random() < 0.3:
                db.insert(CustomerTag(0, number, tag))
        for field, values in zip(
            fields, (WORDS[1:], ("1", "2.5", "-3", "10"), (), ("a", "b"), ("1", "0")), strict=True
        ):
            if rng.random() < 0.5:
                db.insert(CustomValue(0, number, field, rng.choice(values or (day(100, 100),))))
        if len(ids) > 1 and rng.random() < 0.4:
            kind: RelationKind = rng.choice(_KINDS)
            db.insert(Relation(0, number, rng.choice(ids[:-1]), kind, at))


def _birthday(rng: random.Random) -> str:
    day = date(1940, 1, 1) + timedelta(days=rng.randint(0, 31_000))
    return day.isoformat()


def _life(
    db: Database, rng: random.Random, number: int, day: Callable[..., str], maybe: Callable[..., Any], at: str, product: int
) -> None:  # fmt: skip
    for position in range(rng.randint(0, 2)):
        db.insert(
            Phone(
                0, number, rng.choice(("13805718866", "057188866688", "13100001111")), "mobile", "", position
            )
        )
    for _n in range(rng.randint(0, 3)):
        sold = day()
        total = rng.choice((0, 9_900, 300_000, 900_000))
        sale = db.insert(
            Purchase(0, at, sold, total, number, void_day=sold if rng.random() < 0.2 else None, created_at=at)
        )
        db.insert(
            PurchaseLine(
                0, sale, rng.choice(WORDS[1:]), 1, total, 0, total, None, rng.choice(("phone", "service"))
            )
        )
        if rng.random() < 0.2:
            db.insert(Refund(0, sale, at, sold, total // 2 or 100, "", None, "cash"))
    for _n in range(rng.randint(0, 2)):
        reached, by = rng.random() < 0.7, rng.choice(_STARTERS)
        db.insert(Interaction(0, number, at, day(), "call", by, "", reached))
    if rng.random() < 0.8:
        db.insert(CustomerTier(
            number, rng.choice(TIERS), "regular", rng.choice(("high", "mid", "low")), "active",
            rng.randint(0, 4), rng.choice((0, 500_000)), day()))  # fmt: skip
    for _n in range(rng.randint(0, 2)):
        db.insert(Device(
            0, number, rng.choice(WORDS[1:]), at, product_id=maybe(lambda: product), bought_here=rng.random() < 0.6,
            acquired_day=maybe(day), warranty_end_day=maybe(lambda: day(100, 400)), plan_end_day=maybe(lambda: day(100, 400)),
            status=rng.choice(("in_use", "in_use", "traded_in")), color=rng.choice(WORDS), storage=rng.choice(WORDS),
            imei=rng.choice(("", "352041571380008")), serial=rng.choice(("", "IPHONE15", "A_138"))))  # fmt: skip
    for _n in range(rng.randint(0, 1)):
        due = day(60, 60)
        db.insert(
            Followup(0, number, "manual", "x", due, due, at, state=rng.choice(("open", "done", "cancelled")))
        )
    for _n in range(rng.randint(0, 1)):
        state = rng.choice(_STATES)
        db.insert(Complaint(0, "x", at, day(), at, customer_id=number, state=state, created_at=at))
    for _n in range(rng.randint(0, 2)):
        db.insert(BalanceEntry(0, number, at, day(), rng.choice((-100, 100, 5_000)), "correction"))
        db.insert(
            SurveyAnswer(
                0, number, at, day(), maybe(lambda: rng.randint(1, 5)), maybe(lambda: rng.randint(0, 10))
            )
        )
    for channel in ("call", "sms", "wechat", "email"):
        if rng.random() < 0.2:
            db.insert(ChannelConsent(0, number, channel, rng.choice(("granted", "refused")), day()))
    for _n in range(rng.choice((0, 0, 1, 2))):
        db.insert(PointEntry(0, number, at, day(), rng.choice((-5, 5, 100)), "correction", None, ""))
        db.insert(
            OpeningSummary(0, number, day(), rng.choice((None, 300_000)), rng.randint(1, 3), maybe(day), at)
        )
    if rng.random() < 0.3:
        db.insert(Note(0, number, rng.choice(WORDS[1:]), at, day(), rng.random() < 0.5))


@dataclass(frozen=True)
class Rows:
    """Everything in the shop, read once."""

    tables: dict[type[Any], list[Any]]

    @classmethod
    def read(cls, db: Database) -> Rows:
        """All rows of the kinds that conditions look at."""
        kinds = (Customer, Phone, CustomerTag, Purchase, PurchaseLine, Refund, Interaction, CustomerTier, Device, Product,
                 Followup, Complaint, BalanceEntry, SurveyAnswer, ChannelConsent, Note, CustomField, CustomValue, Relation,
                 AfterSalesTerm, PointEntry, OpeningSummary)  # fmt: skip
        return cls({kind: db.records(kind, f"SELECT * FROM {kind.TABLE} ORDER BY id") for kind in kinds})

    def of(self, kind: type[R], customer_id: int) -> list[R]:
        """One customer's rows of a kind."""
        return [row for row in self.tables[kind] if row.customer_id == customer_id]

    def live(self) -> list[Customer]:
        """The cards in use."""
        return [c for c in self.tables[Customer] if c.deleted_at is None and c.merged_into is None]


def named(rows: Rows, wanted: Filter, today: date) -> list[int]:
    """The ids that a filter names, ascending."""
    join = all if wanted.all_of else any
    return [
        card.id
        for card in rows.live()
        if not wanted.conditions
        or join(holds(rows, card, each, today) is not each.negated for each in wanted.conditions)
    ]


def holds(rows: Rows, card: Customer, condition: Condition, today: date) -> bool:
    """Whether a condition holds for a customer, negation aside."""
    key, operator, value = condition.field, condition.operator, condition.value
    if key == "birthday":
        return _birthday_holds(card, operator, value, today)
    if key == "age":
        return _number(operator, value, [] if (age := _age(card, today)) is None else [age])
    if key == "gap":
        assert isinstance(value, tuple)
        return any(_missing(rows, card, str(gap)) for gap in value)
    if key == "at_risk":
        return _activity(rows, card, today) == "dormant" and _tier(rows, card, "value", "") == "high"
    return _compare(key, operator, value, _values(rows, card, key, today), today)


def _compare(key: str, operator: str, value: Any, values: Sequence[Any], today: date) -> bool:
    """One operator over the values that a customer has for a field; unknown ones are left out before."""
    if operator == "empty":
        return not values
    if key == "imei":
        value = normal_imei(value)
    if operator == "yes":
        return bool(values)
    if operator in ("is", "any"):
        return bool(
            {str(v) for v in (value if isinstance(value, tuple) else (value,))}
            & {str(v) for v in values or [""]}
        )
    if operator == "all":
        return set(value) <= {str(v) for v in values}
    if operator in ("contains", "starts"):
        small = [_lower(v) for v in values]
        wanted = _lower(str(value))
        return any(v.startswith(wanted) if operator == "starts" else wanted in v for v in small)
    if operator in ("at_least", "at_most") or (operator == "between" and not isinstance(value[0], str)):
        return _number(operator, value, [float(v) for v in values])
    return _day(operator, value, [str(v) for v in values], today)


def _lower(text: str) -> str:
    return "".join(c.lower() if c.isascii() else c for c in text)


def _number(operator: str, value: Any, values: Sequence[float]) -> bool:
    if operator == "empty":
        return not values
    if operator == "between":
        return any(value[0] <= v <= value[1] for v in values)
    return any(v >= value if operator == "at_least" else v <= value for v in values)


def _day(operator: str, value: Any, values: Sequence[str], today: date) -> bool:
    now = today.isoformat()
    if operator == "not_for":
        return not any(v > _off(today, value, -1) for v in values)
    if operator == "within":
        return any(_off(today, value, -1) <= v <= now for v in values)
    if operator == "ago":
        return any(v <= _off(today, value, -1) for v in values)
    if operator == "next":
        return any(now <= v <= _off(today, value, 1) for v in values)
    if operator == "between":
        return any(value[0] <= v <= value[1] for v in values)
    return any(v >= value if operator == "from" else v <= value for v in values)


def _off(today: date, span: str, sign: int) -> str:
    count = sign * int(span[:-1])
    if span[-1] in "my":
        return add_months(today, count * (12 if span[-1] == "y" else 1)).isoformat()
    return (today + timedelta(days=count * (7 if span[-1] == "w" else 1))).isoformat()


def _birthday_holds(card: Customer, operator: str, value: Any, today: date) -> bool:
    if operator == "empty" or not card.birthday:
        return operator == "empty" and not card.birthday
    if operator == "next":
        found = birthdays.next_day(card, today)
        return found is not None and found.isoformat() <= _off(today, value, 1)
    for month in value:
        number = {"this": today.month, "next": today.month % 12 + 1}.get(month) or int(month)
        first = today.replace(day=1)
        while first.month != number:
            first = add_months(first, 1)
        found = birthdays.next_day(card, first)
        if found is not None and (found.year, found.month) == (first.year, first.month):
            return True
    return False


def _age(card: Customer, today: date) -> int | None:
    from lunardate import LunarDate

    if len(card.birthday) != 10:
        return None
    year, month, day = map(int, card.birthday.split("-"))
    now = (today.year, today.month, today.day)
    if card.birthday_lunar:
        lunar = LunarDate.from_solar_date(*now)
        now = (lunar.year, lunar.month, lunar.day)
    return now[0] - year - ((month, day) > now[1:])


def _tier(rows: Rows, card: Customer, name: str, default: Any) -> Any:
    return next((getattr(t, name) for t in rows.tables[CustomerTier] if t.id == card.id), default)


def _sales(rows: Rows, card: Customer) -> list[Purchase]:
    return [p for p in rows.of(Purchase, card.id) if p.void_day is None]


def _visits(rows: Rows, card: Customer) -> list[str]:
    began = [i.day for i in rows.of(Interaction, card.id) if i.began_by == "customer"]
    return [*(p.day for p in _sales(rows, card)), *began, *_bought_before(rows, card)]


def _bought_before(rows: Rows, card: Customer) -> list[str]:
    return [o.last_day for o in rows.of(OpeningSummary, card.id) if o.last_day]


def _activity(rows: Rows, card: Customer, today: date) -> str:
    brought = [o.last_day or o.day for o in rows.of(OpeningSummary, card.id)]
    if not _sales(rows, card) and not brought:
        return "prospect"
    days = (today - date.fromisoformat(max([*_visits(rows, card), *brought]))).days
    return "active" if days <= 180 else "dormant" if days <= 720 else "lost"


def _devices(rows: Rows, card: Customer) -> list[Device]:
    return [d for d in rows.of(Device, card.id) if d.status == "in_use"]


def _missing(rows: Rows, card: Customer, gap: str) -> bool:
    if gap == "device":
        return bool(_sales(rows, card)) and not _devices(rows, card)
    return not [v for v in _values(rows, card, gap, date(2026, 1, 1)) if str(v) not in ("", "0")]


def _latest(values: list[str]) -> list[str]:
    return [max(values)] if values else []


def _values(rows: Rows, card: Customer, key: str, today: date) -> list[Any]:
    """What a customer has for a field, unknown values left out."""
    if key.startswith("own:"):
        return [v.value for v in rows.of(CustomValue, card.id) if f"own:{v.field_id}" == key]
    if key.startswith("consent_"):
        channel = key.removeprefix("consent_")
        given = [a.answer for a in rows.of(ChannelConsent, card.id) if a.channel == channel]
        return given or [card.consent]
    if key in _LOOK:
        found = _LOOK[key](rows, card, today)
    else:
        found = [
            getattr(card, {"owner": "owner_staff_id", "import": "import_id"}.get(key, key))
            or _ZERO.get(key, "")
        ]
    return [v for v in found if v != "" and v is not None and v is not False]


_ZERO: dict[str, Any] = {"owner": "0", "import": "0", "referred_by": "", "do_not_contact": ""}


def _net(rows: Rows, card: Customer) -> int:
    sold = {p.id: p.total_fen for p in _sales(rows, card)}
    back: int = sum(r.amount_fen for r in rows.tables[Refund] if r.purchase_id in sold)
    return sum(sold.values()) - back


def _answers(rows: Rows, card: Customer, name: str) -> list[int]:
    given = [a for a in rows.of(SurveyAnswer, card.id) if getattr(a, name) is not None]
    return [getattr(max(given, key=lambda a: (a.day, a.id)), name)] if given else []


def _lines(rows: Rows, card: Customer) -> list[PurchaseLine]:
    sold = {p.id for p in _sales(rows, card)}
    return [line for line in rows.tables[PurchaseLine] if line.purchase_id in sold]


def _term_ends(rows: Rows, card: Customer) -> list[str]:
    ends = []
    for device in _devices(rows, card):
        if device.bought_here and device.acquired_day:
            sold = date.fromisoformat(device.acquired_day)
            ends += [
                (add_months(sold, t.months or 0) + timedelta(days=t.days or 0)).isoformat()
                for t in rows.tables[AfterSalesTerm]
                if t.active and t.part == "main unit" and not t.condition
            ]
    return ends


def _reached(rows: Rows, card: Customer) -> list[str]:
    talks = [i.day for i in rows.of(Interaction, card.id) if i.reached]
    return [*(p.day for p in _sales(rows, card)), *talks, *_bought_before(rows, card)]


_LOOK: dict[str, Callable[[Rows, Customer, date], list[Any]]] = {
    "phone": lambda r, c, _t: [p.number for p in r.of(Phone, c.id)],
    "tier": lambda r, c, _t: [_tier(r, c, "tier", "")],
    "value": lambda r, c, _t: [_tier(r, c, "value", "")],
    "activity": lambda r, c, t: [_activity(r, c, t)],
    "spent": lambda r, c, _t: [_net(r, c)],
    "occasions": lambda r, c, _t: [len({p.day for p in _sales(r, c)})],
    "window_spent": lambda r, c, _t: [_tier(r, c, "net_fen", 0)],
    "window_occasions": lambda r, c, _t: [_tier(r, c, "occasions", 0)],
    "balance": lambda r, c, _t: [sum(b.amount_fen for b in r.of(BalanceEntry, c.id))],
    "points": lambda r, c, _t: [sum(e.points for e in r.of(PointEntry, c.id))],
    "brought": lambda r, c, _t: [sum(o.total_fen or 0 for o in r.of(OpeningSummary, c.id))],
    "brought_purchases": lambda r, c, _t: [sum(o.purchases or 0 for o in r.of(OpeningSummary, c.id))],
    "brought_last": lambda r, c, _t: _latest(_bought_before(r, c)),
    "satisfaction": lambda r, c, _t: list(_answers(r, c, "satisfaction")),
    "recommendation": lambda r, c, _t: list(_answers(r, c, "recommendation")),
    "last_contact": lambda r, c, _t: _latest(_reached(r, c)),
    "last_visit": lambda r, c, _t: _latest(_visits(r, c)),
    "last_purchase": lambda r, c, _t: _latest([p.day for p in _sales(r, c)]),
    "purchase_day": lambda r, c, _t: [p.day for p in _sales(r, c)],
    "open_followup": lambda r, c, _t: [True for w in r.of(Followup, c.id) if w.state == "open"],
    "followup_due": lambda r, c, _t: [w.due_day for w in r.of(Followup, c.id) if w.state == "open"],
    "open_complaint": lambda r, c, _t: [
        True for k in r.of(Complaint, c.id) if k.state in ("received", "investigating", "resolved", "answered")],
    "relation": lambda r, c, _t: [x.kind for x in r.tables[Relation] if c.id in (x.customer_id, x.other_id)],
    "note": lambda r, c, _t: [c.note, c.preferences, *(n.text for n in r.of(Note, c.id))],
    "pinned_note": lambda r, c, _t: [
        *([c.note] if c.note_pinned else []), *(n.text for n in r.of(Note, c.id) if n.pinned)],
    "color": lambda r, c, _t: [d.color for d in _devices(r, c)],
    "storage": lambda r, c, _t: [d.storage for d in _devices(r, c)],
    "imei": lambda r, c, _t: [number for d in _devices(r, c) for number in (d.imei, d.serial)],
    "model": lambda r, c, _t: [d.model for d in _devices(r, c)],
    "brand": lambda r, c, _t: [
        p.brand for d in _devices(r, c) for p in r.tables[Product] if p.id == d.product_id],
    "warranty": lambda r, c, _t: [d.warranty_end_day for d in _devices(r, c)],
    "plan_end": lambda r, c, _t: [d.plan_end_day for d in _devices(r, c)],
    "after_sales": lambda r, c, _t: list(_term_ends(r, c)),
    "category": lambda r, c, _t: [line.category for line in _lines(r, c)],
    "product": lambda r, c, _t: [line.description for line in _lines(r, c)],
    "tag": lambda r, c, _t: [t.tag_id for t in r.of(CustomerTag, c.id)],
    "since": lambda _r, c, _t: [c.since_day],
    "verified": lambda _r, c, _t: [c.verified_day],
}  # fmt: skip
